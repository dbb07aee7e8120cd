"""Keeps a Python process on this machine, and one that a test started from outliving the tests.

Python imports a `sitecustomize` that it finds on PYTHONPATH by itself, so the app under test is held without knowing of
it, and so is every child that it starts. `tests/conftest.py` imports the same file for the tests' own process.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys

# A line with this in the app's log fails the test that was running, even where the caller swallowed the exception.
REFUSED = "refused a connection to another machine:"
PARENT = "EXPLORER_TEST_PARENT"


def refuse_other_machines(event: str, args: tuple[object, ...]) -> None:
    """An audit hook: raises for connections and name look-ups that would leave the machine."""
    if event in ("socket.connect", "socket.sendto"):
        address = args[1]
        # AF_UNIX addresses are a path, AF_NETLINK's begin with a number: both stay here.
        host = address[0] if isinstance(address, tuple) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = args[0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else host
    if isinstance(name, str) and not is_here(name):
        sys.stderr.write(f"{REFUSED} {name}\n")
        raise OSError(f"{REFUSED} {name}")


def is_here(host: str) -> bool:
    return host in ("", "localhost", "::1", "::", "0.0.0.0", socket.gethostname()) or host.startswith("127.")


def die_with_parent() -> None:
    """If the tests are killed rather than ended, the app they started goes too (Linux only)."""
    if sys.platform == "linux" and os.environ.get(PARENT) == str(os.getppid()):
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


sys.addaudithook(refuse_other_machines)
die_with_parent()
