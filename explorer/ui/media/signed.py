"""Keys that only this server makes: whoever shows one was given it here, and nobody can work one out.

A key is an HMAC (RFC 2104) with a secret of the server over what it opens. What everybody may see has a key for good,
so that a browser keeps it for ever. What belongs to one visitor has a key of the day, which opens it for one day more.
"""

from __future__ import annotations

import time

from explorer.jobs.home import OWN_NAME
from explorer.jobs.secret import code_of, same

DAY = 86_400.0


def key(*words: str) -> str:
    """32 hexadecimal digits for `words`, for good."""
    return code_of(*words)


def key_of_today(*words: str) -> str:
    """The same for today and tomorrow."""
    return code_of(*words, f"day {_today()}")


def opens(given: str, *words: str) -> bool:
    """Whether `given` is a key of today or yesterday for `words`."""
    return any(same(given, code_of(*words, f"day {day}")) for day in (_today(), _today() - 1))


def medium_key(name: str, *words: str) -> str:
    """The key in the address of a medium called `name`: for good, or of today if its name is one visitor's own."""
    return key_of_today(name, *words) if is_own(name) else key(name, *words)


def opens_medium(given: str, name: str, *words: str) -> bool:
    """Whether `given` is, or was yesterday, the key of `medium_key`."""
    return opens(given, name, *words) if is_own(name) else same(given, key(name, *words))


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


def _today() -> int:
    return int(time.time() // DAY)
