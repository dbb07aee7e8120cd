"""`python -m explorer background FOLDER`: the trainer of a job of the page. The page starts it; nobody types it."""

from __future__ import annotations

import argparse
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from explorer.training.background import hand_on
from explorer.training.background_trainer import Finish, work

#: Pages come first where trainer and server share cores, and the trainer goes first where memory runs out.
NICER, EXPENDABLE = 5, "800"


def add_background(commands: Any, finish: Finish) -> None:
    """The command's flags; `finish` measures and saves what was trained."""
    background = commands.add_parser("background", help="train a job of the page (the page starts this itself)")
    background.set_defaults(command=lambda args: background_command(args, finish))
    background.add_argument("folder", type=Path, help="of the job")
    background.add_argument("locks", type=int, nargs="*", help="open files that hold the job's locks")


def background_command(args: argparse.Namespace, finish: Finish) -> None:
    """Train, then let the next job that waits have the turn."""
    os.nice(NICER)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(EXPENDABLE)
    work(args.folder, finish)
    hand_on(args.locks)
