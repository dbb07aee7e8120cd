"""`python -m explorer data`: what one can train on; fetch published sets, add one's own pictures."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from explorer.data import PUBLISHED, SetInfo, available, bytes_to_fetch, describe_set, fetch
from explorer.data.image_set import SPLITS, ImageSet
from explorer.data.own import SIZES, ImportFailed, ImportReport, Refused, import_pictures
from explorer.data.own.importing import source_mark
from explorer.data.own.names import title_of
from explorer.data.own.splitting import SPLITTINGS
from explorer.data.own.zip_names import ENCODINGS
from explorer.data.progress import Progress
from explorer.data.stored import describe, is_stored, remove_stored, stored_names
from explorer.errors import DataError
from explorer.models.ranks import this_rank

#: Refused files that are named one by one; the others are counted.
SHOWN = 20


def add_data(commands: Any) -> None:
    """The command's own commands and their flags."""
    data = commands.add_parser("data", help="image sets: list them, fetch published ones, add your own pictures")
    actions = data.add_subparsers(required=True, metavar="action")

    listing = actions.add_parser("list", help="what one can train on")
    listing.set_defaults(command=list_command)
    listing.add_argument("--json", action="store_true", help="as JSON")

    getting = actions.add_parser("get", help="fetch a published set")
    getting.set_defaults(command=get_command)
    getting.add_argument("name", choices=list(PUBLISHED))

    adding = actions.add_parser("add", help="make a set of the pictures in a folder or a zip")
    adding.set_defaults(command=add_command)
    adding.add_argument("path", type=Path, help="folder or zip; sub-folders are classes")
    adding.add_argument("--name", default="", help="of the set; made of the folder's if left out")
    adding.add_argument("--size", type=int, default=32, choices=SIZES, help="pixels a side")
    _add_reading(adding)
    _add_colour(adding)

    removing = actions.add_parser("remove", help="delete a set from the cache folder")
    removing.set_defaults(command=remove_command)
    removing.add_argument("name")


def add_picture_flags(train: argparse.ArgumentParser) -> None:
    """What `train --data PATH` makes of a folder or a zip."""
    train.add_argument("--image-size", type=int, default=32, choices=SIZES, help="of pictures in a folder or a zip")
    _add_reading(train)
    _add_colour(train)


def _add_colour(parser: argparse.ArgumentParser) -> None:
    colour = parser.add_mutually_exclusive_group()
    colour.add_argument("--grey", action="store_true", help="your own pictures in grey")
    colour.add_argument("--colour", dest="grey", action="store_false", help="your own pictures in colour")
    parser.set_defaults(grey=False)


def _add_reading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--zip-names", default="", metavar="ENCODING", help=f"of names in a zip that do not say: {', '.join(ENCODINGS)}"
    )
    parser.add_argument(
        "--picture-split", default="alike", choices=SPLITTINGS,
        help="near-copies in one split, or pictures by the order of their names, or each by itself",
    )  # fmt: skip


def set_name(data: str, args: argparse.Namespace) -> str:
    """The name of the set that `--data` means; fetches a published one, makes one of a folder or a zip.

    A folder is read again each time: the same pictures are the same set, others get another name. A name that is both
    a set and a folder is asked about, unless the set was made of that folder; `./name` and `set:name` say which.

    Raises:
        DataError: as `fetch` and `import_pictures` have it, or `own_clash`. A name of nothing is left to
            `load_image_set`.
    """
    name, path = data.removeprefix("set:"), Path(data)
    known = describe_set(name) is not None or name in PUBLISHED
    is_path = name == data and (os.sep in data or path.exists() or path.suffix.lower() == ".zip")
    if is_path and known and os.sep not in data and not _was_made_of(name, path):
        raise DataError("own_clash", name=data)
    if is_path:
        return _added(path, "", args.image_size, args).image_set.name
    if name in PUBLISHED:
        _fetched(name)
    return name


def _was_made_of(name: str, path: Path) -> bool:
    return is_stored(name) and describe(name).notes.get("from") == source_mark(path)


def list_command(args: argparse.Namespace) -> None:
    """One line a set."""
    infos = available()
    if args.json:
        print(json.dumps([asdict(info) for info in infos], indent=2))
        return
    for info in infos:
        print(_line(info))


def _line(info: SetInfo) -> str:
    shape = "×".join(map(str, info.shape))
    state = f"{_megabytes(info.bytes_to_fetch)} to fetch" if info.bytes_to_fetch else info.state
    sizes = f"{info.images:7,} images {shape:8} {info.classes:3} classes"
    return f"{info.name:20} {sizes}  {state:16} {info.title} ({info.licence})"


def get_command(args: argparse.Namespace) -> None:
    """Fetch a set, or say that it is here."""
    print(_headline(_fetched(args.name)))


def _fetched(name: str) -> ImageSet:
    """From the network if need be, the size said before."""
    if missing := bytes_to_fetch(name):
        _say(f"{PUBLISHED[name].title}: {_megabytes(missing)} to fetch; Ctrl-C gives up")
    return fetch(name, _bar)


def add_command(args: argparse.Namespace) -> None:
    """Make a set of one's own pictures, and say what was kept and what was not."""
    report = _added(args.path, args.name, args.size, args)
    print(_headline(report.image_set))


def _added(path: Path, name: str, size: int, args: argparse.Namespace) -> ImportReport:
    try:
        report = import_pictures(
            path, name, size, 1 if args.grey else 3, title=name or title_of(path),
            encoding=args.zip_names, split=args.picture_split, on_progress=_bar,
        )  # fmt: skip
    except ImportFailed as error:
        _name_refused(error.refused)
        raise
    files = report.kept + len(report.refused)
    _say(f"kept {report.kept} of {files} files, refused {len(report.refused)}")
    for remark in report.remarks:
        _say(f"  {remark}")
    _name_refused(report.refused)
    return report


def _name_refused(refused: Iterable[Refused]) -> None:
    sentences = [one.sentence for one in refused]
    for sentence in sentences[:SHOWN]:
        _say(f"  refused: {sentence}")
    if len(sentences) > SHOWN:
        _say(f"  and {len(sentences) - SHOWN} more")


def _say(line: str, end: str = "\n") -> None:
    """On standard error, by the first of several processes alone: all of them read the same files."""
    if this_rank() == 0:
        print(line, end=end, file=sys.stderr, flush=True)


def remove_command(args: argparse.Namespace) -> None:
    """Delete a set; runs that were trained on it stay, and cannot be shown until it is there again."""
    if args.name not in stored_names():
        raise DataError("stored_set_unknown", name=args.name)
    remove_stored(args.name)
    print(f"{args.name}: removed")


def _headline(image_set: ImageSet) -> str:
    counts = ", ".join(f"{split} {len(image_set.split(split)):,}" for split in SPLITS)
    shape = "×".join(map(str, image_set.images.shape[1:]))
    sizes = f"{len(image_set):,} images {shape} ({counts}), {len(image_set.class_names)} classes"
    return f"{image_set.name}: {sizes}; train with --data {image_set.name}"


def _bar(progress: Progress) -> None:
    """On a terminal only; `fetch` counts bytes, everything else files or pictures."""
    if not sys.stderr.isatty():
        return
    done = progress.done == progress.total
    counted = _megabytes if progress.stage == "fetch" else str
    bar = "█" * round(30 * progress.done / max(1, progress.total))
    line = f"\r{progress.stage} {bar:30} {counted(progress.done)} of {counted(progress.total)}  {progress.name[:40]:40}"
    _say(line, end="\n" if done else "")


def _megabytes(size: int) -> str:
    return f"{size / 10**6:.1f} MB"
