"""`python -m explorer export DIR`: the page as a folder of files, for any server of files."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from explorer.cli.hub import ask_for_token

#: The page decides by this before anything of it is imported.
QUIET = {"GRADIO_ANALYTICS_ENABLED": "False"}


def add_export(commands: Any) -> None:
    """The command's flags."""
    export = commands.add_parser("export", help="write the page as files that need no server")
    export.set_defaults(command=export_command)
    export.add_argument("folder", type=Path, metavar="DIR", help="a new or empty folder, or an earlier exploration")
    export.add_argument(
        "--data", nargs="+", default=[], metavar="NAME", help="image sets; the page's first if left out"
    )
    export.add_argument(
        "--runs", nargs="+", default=[], metavar="ID", help="each pair of these; else the pairs whose outcome is known"
    )
    export.add_argument(
        "--recorded", nargs="+", default=[], type=Path, metavar="DIR", help="records of explorer.recorder, for Collapse"
    )
    export.add_argument("--space", metavar="USER/NAME", help="put it on the Hugging Face Hub, as a static Space")
    export.add_argument("--endpoint", metavar="URL", help="another Hub; $HF_ENDPOINT if left out")
    export.add_argument("--app", default="", metavar="URL", help="where the app is, for what needs it")


def export_command(args: argparse.Namespace) -> None:
    """Write it, with a line for each step on standard error."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    from explorer.export.folder import export  # the page, and torch
    from explorer.export.selection import about_records, chosen

    about_records(args.recorded)
    what = chosen(args.data, args.runs)
    made = export(args.folder, what, app=args.app, tell=lambda line: print(line, file=sys.stderr))
    print(f"{made.folder}  {made.files} files  {made.size / 1e6:.1f} MB  {made.digest[:16]}")
    if args.space:
        from explorer.runs.hub import push_space

        print(push_space(files_of(made.folder), args.space, ask=ask_for_token, endpoint=args.endpoint))


def files_of(folder: Path) -> dict[str, bytes]:
    """Content of every file below a folder by its path there."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
