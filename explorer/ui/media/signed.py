"""Keys that only this server makes: whoever shows one was given it here, and nobody can work one out.

A key is an HMAC (RFC 2104) with a secret of the server over what it opens. What everybody may see has a key for good,
so that a browser keeps it for ever. What belongs to one visitor has a key of the day, which opens it for one day more.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from explorer.errors import TrainingError
from explorer.jobs.home import OWN_NAME, home

#: A file of the home folder, so that addresses are the same after a restart.
FILE = "secret"
SECRET_BYTES = 32
DAY = 86_400.0
#: In place of the file where none can be written.
_PASSING = secrets.token_bytes(SECRET_BYTES)


def key(*words: str) -> str:
    """32 hexadecimal digits for `words`, for good."""
    return _mac(words)


def key_of_today(*words: str) -> str:
    """The same for today and tomorrow."""
    return _mac((*words, f"day {_today()}"))


def opens(given: str, *words: str) -> bool:
    """Whether `given` is a key of today or yesterday for `words`."""
    return any(_equal(given, _mac((*words, f"day {day}"))) for day in (_today(), _today() - 1))


def medium_key(name: str, *words: str) -> str:
    """The key in the address of a medium called `name`: for good, or of today if its name is one visitor's own."""
    return key_of_today(name, *words) if is_own(name) else key(name, *words)


def opens_medium(given: str, name: str, *words: str) -> bool:
    """Whether `given` is, or was yesterday, the key of `medium_key`."""
    return opens(given, name, *words) if is_own(name) else _equal(given, key(name, *words))


def is_own(name: str) -> bool:
    """Whether a name is that of one visitor's run or image set, which ends in digits that nobody guesses."""
    return OWN_NAME.search(name) is not None


def zip_address(run_id: str) -> str:
    """Where a visitor's own run is downloaded, relative to the page; it works today and tomorrow."""
    return f"{_zip_path(run_id)}?key={key_of_today(_zip_path(run_id))}"


def opens_zip(given: str, run_id: str) -> bool:
    """Whether `given` is the key in the address of a run's zip."""
    return opens(given, _zip_path(run_id))


def _zip_path(run_id: str) -> str:
    return f"explorer/kept/{run_id}.zip"


def _equal(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(), right.encode())  # no time tells how much of it is right


def _mac(words: tuple[str, ...]) -> str:
    message = b"".join(len(word.encode()).to_bytes(4, "big") + word.encode() for word in words)
    return hmac.new(_secret(), message, hashlib.sha256).hexdigest()[:32]


def _today() -> int:
    return int(time.time() // DAY)


def _secret() -> bytes:
    try:
        return _kept(home() / FILE)
    except (OSError, TrainingError):
        return _PASSING


@lru_cache(maxsize=16)
def _kept(path: Path) -> bytes:
    """The secret in a file, which is made if it is not there: whole, and by one process of several."""
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
