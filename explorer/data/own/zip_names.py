"""Names in a zip whose program did not say in which encoding it wrote them: read right, or asked about.

The format knows code page 437 and, with a flag, UTF-8. Windows writes neither where the system speaks Chinese, Japanese
or Korean: it writes its own code page, in which a character may hold 0x5C, the backslash. One encoding is taken for the
whole archive: the one that reads every name as common characters; where two do so equally well, the user is asked.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Sequence

from explorer.data.own.names import readable
from explorer.errors import DataError

UTF8 = 0x800
#: The extra field that holds a name in UTF-8 beside one that was written otherwise (PKWARE's appnote, 4.6.9).
UNICODE_PATH = 0x7075
#: What a user calls an encoding, and what Python calls the one that Windows means by it.
ENCODINGS = {
    "utf-8": "utf-8",
    "gbk": "gbk",
    "big5": "cp950",
    "shift-jis": "cp932",
    "euc-kr": "cp949",
    "cp437": "cp437",
    "cp850": "cp850",
    "cp866": "cp866",
    "cp1252": "cp1252",
}
#: Of these one may be guessed; the others are told apart by nothing but the language.
GUESSED = ("gbk", "big5", "shift-jis", "euc-kr")
#: How common characters are, by the range of their two bytes: lead from, to, trail from, to, and the weight.
COMMON: dict[str, tuple[tuple[int, int, int, int, float], ...]] = {
    "gbk": ((0xB0, 0xD7, 0xA1, 0xFE, 1.0), (0xA1, 0xA9, 0xA1, 0xFE, 0.6), (0xD8, 0xF7, 0xA1, 0xFE, 0.6)),
    "big5": ((0xA4, 0xC6, 0x40, 0xFE, 1.0), (0xA1, 0xA3, 0x40, 0xFE, 0.6), (0xC9, 0xF9, 0x40, 0xFE, 0.3)),
    "shift-jis": ((0x81, 0x83, 0x40, 0xFC, 1.0), (0x88, 0x97, 0x40, 0xFC, 1.0), (0x98, 0xEA, 0x40, 0xFC, 0.4)),
    "euc-kr": ((0xB0, 0xC8, 0xA1, 0xFE, 1.0), (0xA1, 0xAF, 0xA1, 0xFE, 0.6), (0xCA, 0xFD, 0xA1, 0xFE, 0.3)),
}
RARE = 0.1  # any other character, and each half-width katakana
CLEAR = 0.15  # by which the best reading has to be better than the next


def paths_in(infos: Sequence[zipfile.ZipInfo], encoding: str = "") -> list[str]:
    """The path of each entry, "/" between its parts.

    Args:
        infos: of one archive.
        encoding: a name of `ENCODINGS` for those that do not say; "" finds out.

    Raises:
        DataError: several encodings read them equally well, or the one that was given does not.
    """
    raw = [_raw(info) for info in infos]
    said = [_said(info, name) for info, name in zip(infos, raw, strict=True)]
    open_names = [name for name, known in zip(raw, said, strict=True) if known is None]
    codec = ENCODINGS[encoding] if encoding else _codec(open_names)
    try:
        names = [name.decode(codec) if known is None else known for name, known in zip(raw, said, strict=True)]
    except UnicodeError as error:
        raise DataError("own_names_encoding", encoding=encoding) from error
    return [name.replace("\\", "/") for name in names]


def _raw(info: zipfile.ZipInfo) -> bytes:
    """The name's bytes, up to the first NUL; `zipfile` has decoded them as the flag says."""
    written = info.orig_filename.encode("utf-8" if info.flag_bits & UTF8 else "cp437", "surrogateescape")
    return written.partition(b"\0")[0]


def _said(info: zipfile.ZipInfo, raw: bytes) -> str | None:
    """The name, if the entry says in which encoding it is, or needs none."""
    if info.flag_bits & UTF8:
        return raw.decode("utf-8", "replace")
    if (field := _unicode_path(info, raw)) is not None:
        return field
    return raw.decode("ascii") if raw.isascii() else None


def _unicode_path(info: zipfile.ZipInfo, raw: bytes) -> str | None:
    """What the extra field says, if it is about this very name."""
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        body, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == UNICODE_PATH and len(body) > 5 and body[0] == 1:
            if struct.unpack_from("<I", body, 1)[0] != zlib.crc32(raw):
                return None  # somebody renamed the entry and left the field
            try:
                return body[5:].decode("utf-8")
            except UnicodeError:
                return None
    return None


def _codec(names: Sequence[bytes]) -> str:
    """Python's name of the encoding that the open names are in.

    Raises:
        DataError: `own_names_unclear`.
    """
    if all(_reads(name, "utf-8") for name in names):
        return "utf-8"
    if all(_is_latin(name) for name in names):
        return "cp437"
    scores = {encoding: _score(names, encoding) for encoding in GUESSED}
    best = sorted((encoding for encoding in scores if scores[encoding] > 0), key=lambda e: -scores[e])
    if not best:
        return "cp437"
    rivals = [encoding for encoding in best if scores[encoding] > scores[best[0]] - CLEAR]
    if len(rivals) > 1:
        shown = ", ".join(f"{encoding} ({_sample(names, encoding)})" for encoding in rivals)
        raise DataError("own_names_unclear", readings=shown)
    return ENCODINGS[best[0]]


def _reads(name: bytes, codec: str) -> bool:
    try:
        name.decode(codec)
    except UnicodeError:
        return False
    return True


def _is_latin(name: bytes) -> bool:
    """Whether letters beyond ASCII stand alone between ASCII letters, as accents in European words do."""
    runs = [(run.start(), run.end()) for run in re.finditer(rb"[\x80-\xff]+", name)]
    alone = [end - start == 1 and (_letter(name, start - 1) or _letter(name, end)) for start, end in runs]
    return all(alone) and any(_letter(name, start - 1) for start, _ in runs) if runs else True


def _letter(name: bytes, place: int) -> bool:
    return 0 <= place < len(name) and chr(name[place]).isalpha() and name[place] < 0x80


def _score(names: Sequence[bytes], encoding: str) -> float:
    """Mean weight of the characters beyond ASCII, 0 if a name cannot be read."""
    weights: list[float] = []
    for name in names:
        try:
            text = name.decode(ENCODINGS[encoding])
        except UnicodeError:
            return 0.0
        weights += [_weight(char.encode(ENCODINGS[encoding]), encoding) for char in text if not char.isascii()]
    return sum(weights) / len(weights) if weights else 0.0


def _weight(char: bytes, encoding: str) -> float:
    if len(char) == 2:
        for low, high, first, last, weight in COMMON[encoding]:
            if low <= char[0] <= high and first <= char[1] <= last:
                return weight
    return RARE


def _sample(names: Sequence[bytes], encoding: str) -> str:
    """The first three parts of paths that are not ASCII."""
    parts = {part: None for name in names for part in name.decode(ENCODINGS[encoding]).split("/") if not part.isascii()}
    return ", ".join(readable(part, 20) for part in list(parts)[:3])
