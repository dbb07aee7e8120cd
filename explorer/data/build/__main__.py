"""`python -m explorer.data.build [fashion|emoji|faces|all] [--check]`: rebuild the bundled image sets."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from explorer.data.build.emoji import build_emoji
from explorer.data.build.faces import build_faces
from explorer.data.build.fashion import build_fashion
from explorer.data.bundle import BUNDLED, read_bundle, write_bundle
from explorer.data.image_set import ImageSet
from explorer.errors import DataError

BUILDERS: dict[str, Callable[[], tuple[ImageSet, str, dict[str, Any]]]] = {
    "fashion": build_fashion,
    "emoji": build_emoji,
    "faces": build_faces,
}


def main(arguments: list[str] | None = None) -> int:
    """Build, then write to `--out`, or with `--check` compare with what is bundled. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m explorer.data.build", description=__doc__)
    parser.add_argument("name", nargs="?", default="all", choices=[*BUILDERS, "all"])
    parser.add_argument("--check", action="store_true", help="write nothing; fail unless the hash is the bundled one")
    parser.add_argument("--out", type=Path, default=BUNDLED, metavar="DIR", help="default: %(default)s")
    options = parser.parse_args(arguments)
    try:
        equal = [build(name, options.out, options.check) for name in BUILDERS if options.name in (name, "all")]
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    return 0 if all(equal) else 1


def build(name: str, out: Path, check: bool) -> bool:
    """Build one set and print its hash; False if `check` finds another hash bundled."""
    image_set, licence_text, notes = BUILDERS[name]()
    print(f"{name}: {len(image_set)} images, sha256 {image_set.sha256}")
    if not check:
        write_bundle(image_set, out / name, licence_text=licence_text, notes=notes)
        return True
    bundled = read_bundle(out / name).sha256
    print(f"{name}: bundled sha256 {bundled}, {'equal' if bundled == image_set.sha256 else 'DIFFERENT'}")
    return bundled == image_set.sha256


if __name__ == "__main__":
    sys.exit(main())
