"""Names: of sets, from what people call their folders, and of classes and pictures, from what they call their files."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path, PurePosixPath

from explorer.data.published import PUBLISHED
from explorer.data.stored import LONGEST_NAME

#: Taken before anybody came.
RESERVED = ("fashion", "emoji", "faces", *PUBLISHED)
#: What file managers leave behind; nobody means them.
LEFT_BEHIND = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})


def name_for(title: str) -> str:
    """The name of a set that a person calls `title`: small letters, digits and hyphens; "pictures" if none are left."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_NAME].strip("-") or "pictures"


def title_of(path: Path) -> str:
    """What a folder or a zip is called, without `.zip`."""
    path = path.absolute()
    return readable(path.stem if path.suffix.lower() == ".zip" else path.name)


def readable(text: str, limit: int = 60) -> str:
    """A name of unknown origin: composed, cut, without control characters and marks that turn the line around."""
    composed = unicodedata.normalize("NFC", text)
    plain = "".join(c for c in composed if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    return plain.strip() if len(plain) <= limit else plain[: limit - 1] + "…"


def is_hidden(path: str) -> bool:
    """Whether a file, or a folder above it, is hidden or left behind by a file manager."""
    return any(part in LEFT_BEHIND or (part.startswith(".") and part not in (".", "..")) for part in path.split("/"))


def classes_of(paths: list[str], title: str) -> list[str]:
    """The class of each file: the first folder in which the paths differ.

    Folders that all files share are passed over, so that it does not matter whether a folder or its contents were
    zipped. A file beside the sub-folders, or a folder without any, is called by the last folder passed over, else by
    `title`.
    """
    parts = [PurePosixPath(path).parts for path in paths]
    shared = 0
    while parts and all(len(part) > shared + 1 and part[shared] == parts[0][shared] for part in parts):
        shared += 1
    rest = readable(parts[0][shared - 1]) if shared else title
    return [(readable(part[shared]) if len(part) > shared + 1 else rest) or title for part in parts]
