"""What tells the server whose trainings to show: the token of their owner, or one that only lets look.

An owner's token is 128 random bits. A watcher's is made of it: the name of the owner's folder, which is a hash, and a
code of the server's for that name. Who has it works out neither the owner's token nor a watcher's of another.
"""

from __future__ import annotations

import re
import secrets

from explorer.jobs.home import FOLDER_DIGITS, visitor_folder
from explorer.jobs.secret import code_of, same

OWNER = re.compile(r"[0-9a-f]{32}")
WATCHER = re.compile(r"[0-9a-f]{64}")


def new_token() -> str:
    """What makes a visitor: 128 bits that nobody guesses."""
    return secrets.token_hex(16)


def is_token(text: str) -> bool:
    """Whether a text has the form of an owner's token."""
    return OWNER.fullmatch(text) is not None


def watch_token(token: str) -> str:
    """The token of those who may look at what the holder of `token` has; a watcher's own is the same for all."""
    if not is_token(token):
        return token
    folder = visitor_folder(token).name
    return folder + _code(folder)


def is_watch_token(text: str) -> bool:
    """Whether this server made a text for watchers."""
    if WATCHER.fullmatch(text) is None:
        return False
    return same(text[FOLDER_DIGITS:], _code(text[:FOLDER_DIGITS]))


def _code(folder: str) -> str:
    return code_of("watch", folder)
