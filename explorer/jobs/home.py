"""Where trainings of the page live, and the names of who and what lives there that nobody guesses."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from explorer.errors import TrainingError

APP = "vae-vq-vae-explorer"
#: Ids of runs that were trained or brought here end in 48 bits that nobody guesses.
OWN_ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,70}-[0-9a-f]{12}")
#: Where a name has those bits, as an image set of a visitor's own has them too.
OWN_NAME = re.compile(r"-[0-9a-f]{12}(?![0-9a-f])")
#: The name of such a set at the beginning of a run's name.
OWN_SET = re.compile(r"[a-z0-9-]+?-[0-9a-f]{12}(?=-)")
#: Of a hash of the token, which names the folder.
FOLDER_DIGITS = 32
GREETED_EVERY = 60.0  # seconds


def home() -> Path:
    """`$EXPLORER_HOME`, else a folder of the user's state (XDG), else one of our own among the temporary ones.

    Raises:
        TrainingError: none of them can be written to.
    """
    for place in _homes():
        with suppress(OSError):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            if place.stat().st_uid == os.getuid() and os.access(place, os.W_OK | os.X_OK):
                return place
    raise TrainingError("train_home", path=next(iter(_homes())))


def _homes() -> list[Path]:
    if named := os.environ.get("EXPLORER_HOME"):
        return [Path(named).absolute()]
    state = os.environ.get("XDG_STATE_HOME")
    places = [Path(state) / APP] if state else []
    with suppress(RuntimeError):  # nobody's home
        places.append(Path.home() / ".local" / "state" / APP)
    return [*places, Path(tempfile.gettempdir()) / f"{APP}-{os.getuid()}"]


def visitor_folder(token: str) -> Path:
    """Of the visitor who holds a token, or lets its holder look: one that was checked (`explorer.jobs.tokens`)."""
    watched = len(token) == 2 * FOLDER_DIGITS
    name = token if watched else hashlib.sha256(token.encode()).hexdigest()
    return home() / "visitors" / name[:FOLDER_DIGITS]


def greet(token: str) -> None:
    """Note that a visitor is here, so that nothing of theirs expires. Cheap: their folder is touched once a minute."""
    with suppress(OSError, TrainingError):
        folder = visitor_folder(token)
        if time.time() - folder.stat().st_mtime > GREETED_EVERY:
            os.utime(folder)


def kept_run(run_id: str) -> Path | None:
    """The folder of a run that was trained or brought here; None if there is none of that id."""
    if not OWN_ID.fullmatch(run_id):
        return None
    with suppress(TrainingError):
        return next((path.parent for path in (home() / "visitors").glob(f"*/runs/{run_id}/run.json")), None)
    return None


def own_id(name: str, secret: str = "") -> str:
    """An id for a run called `name` that nobody guesses; with another `secret` it only shows how such an id looks.

    The name of a visitor's image set is no part of it: whoever is shown a run learns nothing of its pictures.
    """
    return f"{OWN_SET.sub('own', name, count=1)[:60]}-{secret or secrets.token_hex(6)}"
