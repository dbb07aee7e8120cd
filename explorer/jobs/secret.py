"""A secret of this server, and codes made with it that nobody else can make: HMAC-SHA-256 (RFC 2104)."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from functools import lru_cache

from explorer.errors import TrainingError
from explorer.jobs.home import home

#: A file of the home folder, so that codes are the same after a restart.
FILE = "secret"
#: What decides where that folder is. Looking for it takes the system ten calls, and a scene asks for twenty codes.
DECIDES = ("EXPLORER_HOME", "XDG_STATE_HOME", "HOME", "TMPDIR")
SECRET_BYTES = 32
#: In place of the file where none can be written.
_PASSING = secrets.token_bytes(SECRET_BYTES)


def code_of(*words: str) -> str:
    """32 hexadecimal digits for `words`; whoever knows some of them can work out no others."""
    message = b"".join(len(word.encode()).to_bytes(4, "big") + word.encode() for word in words)
    return hmac.new(_secret(), message, hashlib.sha256).hexdigest()[:32]


def same(given: str, right: str) -> bool:
    """Whether two codes are one; the time it takes tells nobody how much of it is right."""
    return hmac.compare_digest(given.encode(), right.encode())


def _secret() -> bytes:
    try:
        return _kept(*map(os.environ.get, DECIDES))
    except (OSError, TrainingError):
        return _PASSING


@lru_cache(maxsize=16)
def _kept(*decides: str | None) -> bytes:  # noqa: ARG001
    """The secret in a file, which is made if it is not there: whole, and by one process of several."""
    path = home() / FILE
    if not path.exists():
        fresh = path.with_name(f".{FILE}.{secrets.token_hex(8)}")
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(file, secrets.token_bytes(SECRET_BYTES))
            with suppress(FileExistsError):
                os.link(fresh, path)
        finally:
            os.close(file)
            fresh.unlink(missing_ok=True)
    found = path.read_bytes()
    return found if len(found) >= SECRET_BYTES else _PASSING
