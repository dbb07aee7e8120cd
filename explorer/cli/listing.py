"""`python -m explorer list`: the runs that are here."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from explorer.files.shipped import is_installed
from explorer.runs import list_runs


def add_list(commands: Any) -> None:
    """The command's flags."""
    listing = commands.add_parser("list", help="runs that are here")
    listing.set_defaults(command=list_command)
    listing.add_argument("--json", action="store_true", help="as JSON")


def list_command(args: argparse.Namespace) -> None:
    """One line a run."""
    if is_installed():
        print("the other shipped runs are in the repository, in checkpoints/", file=sys.stderr)
    infos = list_runs()
    if args.json:
        keys = ("id", "family", "twin_of", "config", "shape", "step", "s2", "threads", "data_sha256")
        print(json.dumps([{key: info.to_dict()[key] for key in keys} for info in infos], indent=2))
        return
    for info in infos:
        print(f"{info.id:44} {info.config.model:6} {info.config.data:8} step {info.step}  {info.family}")
