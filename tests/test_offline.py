"""What holds the tests and the app on this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.offline.sitecustomize import PARENT, REFUSED

FOLDER = Path(__file__).resolve().parent / "offline"


@pytest.mark.parametrize(
    "reach",
    [
        lambda: socket.create_connection(("192.0.2.1", 80), timeout=1),
        lambda: socket.getaddrinfo("host.invalid", 80),
        lambda: socket.getaddrinfo(b"host.invalid", 80),
        lambda: socket.gethostbyname("host.invalid"),
    ],
)
def test_this_process_reaches_no_other_machine(reach):
    with pytest.raises(OSError, match=REFUSED):
        reach()


def test_a_datagram_stays_here_too():
    with socket.socket(type=socket.SOCK_DGRAM) as sender, pytest.raises(OSError, match=REFUSED):
        sender.sendto(b"x", ("192.0.2.1", 9))


def test_this_machine_is_reached():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()
    assert socket.getaddrinfo("localhost", 80)


def run(source, **environment):
    """Runs Python as the app is run; its child in turn is a Python started with nothing but the environment."""
    variables = {**os.environ, "PYTHONPATH": str(FOLDER), **environment}
    return subprocess.run([sys.executable, "-c", source], env=variables, capture_output=True, text=True, check=False)


SWALLOWS = "import socket\ntry: socket.create_connection(('192.0.2.1', 80), 1)\nexcept OSError: pass"


@pytest.mark.parametrize(
    "source", [SWALLOWS, f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {SWALLOWS!r}])"]
)
def test_another_process_and_its_child_say_so_even_if_they_swallow_it(source):
    assert run(source).stderr == f"{REFUSED} 192.0.2.1\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has died")
def test_the_app_dies_with_the_tests_but_its_children_do_not():
    ask = "import ctypes\nx = ctypes.c_int()\nctypes.CDLL(None).prctl(2, ctypes.byref(x))\nprint(x.value)"
    child = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {ask!r}])"
    assert run(ask, **{PARENT: str(os.getpid())}).stdout == "15\n"
    assert run(child, **{PARENT: str(os.getpid())}).stdout == "0\n"
