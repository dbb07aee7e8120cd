"""Names: of sets, from what people call their folders, and of classes and pictures, from what they call their files."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path, PurePosixPath

from explorer.data.published import PUBLISHED
from explorer.data.stored import LONGEST_NAME

#: Taken before anybody came.
RESERVED = ("fashion", "emoji", "faces", *PUBLISHED)
#: Folders that are splits where all files lie in such.
SPLIT_FOLDERS = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "dev": "val",
    "test": "test",
    "testing": "test",
}
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
    `title`. Folders whose names look alike once they are made readable (cut, composed) stay apart, by a number.
    """
    parts = [PurePosixPath(path).parts for path in paths]
    shared = _shared(parts)
    rest = readable(parts[0][shared - 1]) if shared else title
    folders = [part[shared] if len(part) > shared + 1 else None for part in parts]
    called = _told_apart([folder for folder in folders if folder is not None], title)
    return [(rest or title) if folder is None else called[folder] for folder in folders]


def look_alikes(paths: list[str]) -> list[str]:
    """Readable names that several class folders share."""
    parts = [PurePosixPath(path).parts for path in paths]
    shared = _shared(parts)
    folders = {part[shared] for part in parts if len(part) > shared + 1}
    names = [readable(folder) for folder in sorted(folders)]
    return sorted({name for name in names if names.count(name) > 1})


def without_splits(paths: list[str]) -> tuple[list[str], list[str] | None]:
    """Paths without their folders `train`, `val` and `test`, and the split of each; None where there are none.

    They are splits where the first folder in which the paths differ is one of these for every file, training among
    them.
    """
    parts = [PurePosixPath(path).parts for path in paths]
    shared = _shared(parts)
    splits = [SPLIT_FOLDERS.get(part[shared].lower(), "") if len(part) > shared + 1 else "" for part in parts]
    if not parts or "" in splits or "train" not in splits or len(set(splits)) < 2:
        return paths, None
    return ["/".join(part[:shared] + part[shared + 1 :]) for part in parts], splits


def natural(path: str) -> list[tuple[int, int, str]]:
    """A key that puts frame 10 after frame 9."""
    words = re.split(r"(\d+)", path)
    return [(1, int(word), "") if word.isdecimal() else (0, 0, word) for word in words]


def _shared(parts: list[tuple[str, ...]]) -> int:
    """How many leading folders all paths have in common."""
    shared = 0
    while parts and all(len(part) > shared + 1 and part[shared] == parts[0][shared] for part in parts):
        shared += 1
    return shared


def _told_apart(folders: list[str], title: str) -> dict[str, str]:
    called: dict[str, str] = {}
    for folder in sorted(set(folders)):
        name, number = readable(folder) or title, 2
        while name in called.values():
            name, number = f"{readable(folder, 54)} ({number})", number + 1
        called[folder] = name
    return called
