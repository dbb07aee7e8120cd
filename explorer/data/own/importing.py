"""From a folder or a zip to a stored image set: every good picture kept, every other file named with its reason."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from explorer.data.image_set import SPLITS, ImageSet
from explorer.data.own.assembling import Gathered, assembled
from explorer.data.own.depth import Scale, one_scale
from explorer.data.own.features import Table, is_factors, read_factors
from explorer.data.own.files import SourceFile, open_source
from explorer.data.own.limits import Limits
from explorer.data.own.names import (
    RESERVED,
    classes_of,
    look_alikes,
    name_for,
    readable,
    title_of,
    without_splits,
)
from explorer.data.own.picture import read_picture
from explorer.data.own.splitting import SPLITTINGS
from explorer.data.own.zip_names import ENCODINGS
from explorer.data.progress import OnProgress, Progress, ignore
from explorer.data.stored import NAME_PATTERN, writing
from explorer.errors import DataError

SIZES = (28, 32, 64)
CHANNELS = (1, 3)
#: Fewer leave nothing to test with: a fifth is test, and a tenth of the rest is val.
LEAST = 20


@dataclass(frozen=True)
class Refused:
    """A file that is not in the set, and why."""

    file: str
    error: DataError

    @property
    def sentence(self) -> str:
        """Why, in English; `explorer.ui.text.error_text` says `error` in the reader's language."""
        return str(self.error)


@dataclass(frozen=True)
class ImportReport:
    """What became of somebody's pictures.

    Attributes:
        image_set: stored under its name; `load_image_set` finds it from now on.
        kept: pictures in it.
        refused: all other files, hidden ones not counted.
        remarks: sentences on how files, folders and values were read.
    """

    image_set: ImageSet
    kept: int
    refused: tuple[Refused, ...]
    remarks: tuple[DataError, ...] = ()


class ImportFailed(DataError):
    """No set could be made. `refused` names the files that were left out until then."""

    def __init__(self, code: str, refused: tuple[Refused, ...] = (), **params: object) -> None:
        super().__init__(code, **params)
        self.refused = refused


def import_pictures(
    path: Path,
    name: str = "",
    size: int = 32,
    channels: int = 3,
    *,
    title: str = "",
    listed: bool = True,
    encoding: str = "",
    split: str = "alike",
    limits: Limits | None = None,
    on_progress: OnProgress = ignore,
) -> ImportReport:
    """Make an image set of the pictures in a folder or a zip, and keep it in the cache folder.

    The order and the splits follow from the pictures alone: the same pictures make the same set, whatever their files
    are called, as long as the sub-folders are.

    Args:
        path: a folder or a zip; sub-folders are classes. A `factors.csv` in it says what is known of each picture
            (`explorer.data.own.features`).
        name: small letters, digits and hyphens; "" takes one from `title` that is free.
        size: pixels a side, one of `SIZES`.
        channels: 1 for grey, 3 for colour.
        title: what a person reads; `name`, or what the folder is called, if left out.
        listed: False keeps the set out of lists: only who knows its name finds it.
        encoding: of names in a zip that do not say, a name of `zip_names.ENCODINGS`; "" finds out.
        split: one of `splitting.SPLITTINGS`; folders `train`, `val` and `test` go before it.
        limits: what is taken at most.
        on_progress: told of every file; may raise to give up.

    Raises:
        DataError: settings that cannot be, a source that cannot be read, a full disk, another set of that name.
        ImportFailed: too few pictures are left.
    """
    _check(name, size, channels)
    for what, got, known in (("--zip-names", encoding or "utf-8", ENCODINGS), ("--picture-split", split, SPLITTINGS)):
        if got not in known:
            raise DataError("own_choice", name=what, known=", ".join(known), got=readable(got))
    title = readable(title) or name or title_of(path)
    limits = limits or Limits()
    with open_source(path, limits, encoding) as files, writing() as scratch:
        gathered, refused, remarks = _gather(files, scratch / "pictures", (channels, size, size), limits, on_progress)
        class_of = classes_of(gathered.paths, title)
        remarks += (
            [DataError("own_remark_alike", names=", ".join(names))] if (names := look_alikes(gathered.paths)) else []
        )
        remarks += [DataError("own_remark_splits", splits=splits)] if (splits := _splits(gathered)) else []
        if len(gathered.paths) < LEAST:
            raise _too_few(path, len(gathered.paths), refused)
        if len(set(class_of)) > limits.classes:
            raise ImportFailed(
                "own_too_many_classes", refused, path=path, classes=len(set(class_of)), limit=limits.classes
            )
        on_progress(Progress("store", 0, len(class_of)))
        notes = {"from": source_mark(path)}
        image_set = assembled(gathered, class_of, title, name, listed=listed, how=split, notes=notes)
        if image_set is None:
            flat = sum(int(picture.min() == picture.max()) for picture in gathered.images)
            code = "own_flat" if 2 * flat > len(class_of) else "own_too_alike"
            raise ImportFailed(code, refused, path=path, kept=len(class_of), flat=flat)
        on_progress(Progress("store", len(class_of), len(class_of)))
    return ImportReport(image_set, len(image_set), refused, tuple(remarks))


def source_mark(path: Path) -> str:
    """What tells whether a set was made of this very folder or zip, without saying where that lies."""
    return hashlib.sha256(f"picture folder {path.resolve()}".encode()).hexdigest()[:16]


def _splits(gathered: Gathered) -> str:
    """Splits that the folders name, with their sizes; "" where they name none."""
    splits = gathered.splits or []
    return ", ".join(f"{split} {splits.count(split)}" for split in SPLITS if split in splits)


def _check(name: str, size: int, channels: int) -> None:
    if name and not NAME_PATTERN.fullmatch(name):
        raise DataError("own_name", name=readable(name), suggestion=name_for(name))
    if name in RESERVED:
        raise DataError("own_name_taken", name=name)
    for what, got, known in (("--size", size, SIZES), ("channels", channels, CHANNELS)):
        if got not in known:
            raise DataError("own_choice", name=what, known=", ".join(map(str, known)), got=got)


def _gather(
    files: list[SourceFile], out: Path, shape: tuple[int, int, int], limits: Limits, on_progress: OnProgress
) -> tuple[Gathered, tuple[Refused, ...], list[DataError]]:
    """Write every good picture to `out`, one after the other, so that one at a time is in memory."""
    tables = [file for file in files if is_factors(file.path)][:1]
    files = [file for file in files if file not in tables]
    paths: list[str] = []
    hashes: list[str] = []
    refused: list[Refused] = []
    scales: dict[int, Scale] = {}
    with out.open("wb") as pictures:
        for done, file in enumerate(files):
            shown = readable(file.path, 100)
            on_progress(Progress("read", done, len(files), shown))
            try:
                picture = read_picture(file.read(), shown, shape[1], shape[0], limits)
            except DataError as error:
                refused.append(Refused(shown, error))
                continue
            if picture.scale is not None:
                scales[len(paths)] = picture.scale
            values = picture.values.tobytes()
            pictures.write(values)
            paths.append(file.path)
            hashes.append(hashlib.sha256(values).hexdigest())
        on_progress(Progress("read", len(files), len(files)))
    whole = (len(paths), *shape)
    images = np.memmap(out, np.uint8, mode="r+", shape=whole) if paths else np.empty(whole, np.uint8)
    remarks: list[DataError] = []
    for kind, (scale, count) in one_scale(images, hashes, scales).items():
        values_at = {"black": f"{scale.black:g}", "white": f"{scale.white:g}"}
        remarks.append(DataError("own_remark_scaled", kind=kind, count=count, **values_at))
    plain, splits = without_splits(paths)
    features = _features(tables, [file.path for file in files], paths, refused)
    return Gathered(images, plain, hashes, len(files), splits, features), tuple(refused), remarks


def _features(tables: list[SourceFile], files: list[str], kept: list[str], refused: list[Refused]) -> Table:
    """What `factors.csv` says of the kept pictures; a table with a fault is refused whole, and no picture for it."""
    for table in tables:
        try:
            found = read_factors(table.read(), table.path, files)
        except DataError as error:
            refused.append(Refused(readable(table.path, 100), error))
            continue
        rows = {file: row for row, file in enumerate(files)}
        return {name: [values[rows[file]] for file in kept] for name, values in found.items()}
    return {}


def _too_few(path: Path, kept: int, refused: tuple[Refused, ...]) -> ImportFailed:
    if not refused:
        return ImportFailed("own_too_few", path=path, kept=kept, least=LEAST)
    files, first = kept + len(refused), refused[0].error
    return ImportFailed("own_too_few_good", refused, path=path, kept=kept, files=files, least=LEAST, first=first)
