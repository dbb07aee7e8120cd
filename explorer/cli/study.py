"""`python -m explorer study`: trains the many short runs of a study, and goes on where it was stopped."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

from explorer.studies.files import STUDIES_ROOT, member_path
from explorer.studies.plan import STUDIES
from explorer.studies.runner import is_there, planned, run_study


def add_study(commands: Any) -> None:
    """The command's flags."""
    study = commands.add_parser("study", help="train the short runs of a study that are missing")
    study.set_defaults(command=study_command)
    study.add_argument("study", choices=sorted(STUDIES))
    study.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="runs at a time, one thread each")
    study.add_argument("--only", default="", metavar="TEXT", help="runs whose name holds TEXT")
    study.add_argument("--out", type=Path, default=STUDIES_ROOT, help="folder of all studies")
    study.add_argument("--list", action="store_true", help="print the plan and what is there, train nothing")


def study_command(args: argparse.Namespace) -> None:
    """Train what a study lacks; what is there already is left alone, so that the same command goes on."""
    folder = args.out / args.study
    if args.list:
        for cell, seed in planned(args.study, args.only):
            there = is_there(member_path(folder, cell.id, seed))
            print(f"{'done' if there else 'to do':6} {cell.id}-s{seed}")
        return
    for progress in run_study(args.study, folder, jobs=max(1, args.jobs), only=args.only):
        stream = sys.stderr if progress.failed else sys.stdout
        line = f"{progress.done}/{progress.planned} {progress.name}: {progress.outcome}"
        print(time.strftime("%H:%M:%S"), line, file=stream, flush=True)
