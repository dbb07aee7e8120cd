"""`python -m explorer card`: model cards written anew from what was measured, measuring nothing."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from explorer.data import load_image_set
from explorer.errors import ExplorerError, RunError
from explorer.runs import SHIPPED, list_runs, load_run, write_card
from explorer.runs.card import model_card


def add_card(commands: Any) -> None:
    """The command's flags."""
    card = commands.add_parser("card", help="write model cards anew from run.json and report.json")
    card.set_defaults(command=card_command)
    card.add_argument("runs", nargs="*", metavar="RUN", help="ids or folders; all shipped runs if left out")


def card_command(args: argparse.Namespace) -> None:
    """Every card that can be written is; the first run that has none says why, last of all."""
    failed: list[ExplorerError] = []
    for name in args.runs or [info.id for info in list_runs([SHIPPED])]:
        try:
            print(f"{name}: {'written' if _rewritten(name) else 'as it was'}")
        except ExplorerError as error:
            print(f"{name}: {error}", file=sys.stderr)
            failed.append(error)
    if failed:
        raise failed[0]


def _rewritten(name: str) -> bool:
    run = load_run(name)
    if not run.report:
        raise RunError("run_unmeasured", run=run.id, command=f"evaluate {name} --write")
    image_set = load_image_set(run.config.data)
    if image_set.sha256 != run.info.data_sha256:
        raise RunError("run_other_images", folder=run.id, name=run.config.data)
    return write_card(run, model_card(run.info, run.report, image_set))
