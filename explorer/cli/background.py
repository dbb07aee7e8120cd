"""`python -m explorer background FOLDER`: the trainer of a job of the page. The page starts it; nobody types it."""

from __future__ import annotations

import argparse
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from explorer.cli.commands import finish
from explorer.jobs.service import hand_on
from explorer.jobs.trainer import Finish, work
from explorer.runs import Run, RunInfo, update_run
from explorer.runs.priors import fitted
from explorer.training.loop import Trainer

#: Pages come first where trainer and server share cores, and the trainer goes first where memory runs out.
NICER, EXPENDABLE = 5, "800"
AUTOGROUP, OOM_SCORE = Path("/proc/self/autogroup"), Path("/proc/self/oom_score_adj")
#: Training images that priors are fitted to, and numbers of the largest one that is.
FITTED_ON, LARGEST_FITTED = 2000, 1_000_000


def add_background(commands: Any) -> None:
    """The command's flags."""
    background = commands.add_parser("background", help="train a job of the page (the page starts this itself)")
    background.set_defaults(command=background_command)
    background.add_argument("folder", type=Path, help="of the job")
    background.add_argument("locks", type=int, nargs="*", help="open files that hold the job's locks")


def with_priors(finish: Finish) -> Finish:
    """`finish`, and beside the run the priors that need no training, so that whoever trained it sees it generate."""

    def finish_and_fit(trainer: Trainer, info: RunInfo, folder: Path) -> Run:
        run = finish(trainer, info, folder)
        if prior_size(run) > LARGEST_FITTED:
            return run
        with suppress(ValueError, RuntimeError):  # latents that no Gaussian can be fitted to: the run is what counts
            return update_run(run, fitted(run, trainer.image_set, most=FITTED_ON).contents(run))
        return run

    return finish_and_fit


def prior_size(run: Run) -> int:
    """Numbers of a fitted prior at all positions: counts of every code, or a covariance."""
    config, cells = run.config, run.model.shape.grid**2
    if config.is_vq:
        return config.num_embeddings * cells
    return config.latent_dim**2 * (cells if config.spatial else 1)


def step_back() -> None:
    """Let pages go first, and go first ourselves where memory runs out.

    Where Linux shares cores among sessions ("autogroup", the usual on a desktop), niceness counts inside a session
    only, and a trainer has one of its own: unsaid to that, it takes half of the machine from the server.
    """
    os.nice(NICER)
    for file, value in ((AUTOGROUP, str(NICER)), (OOM_SCORE, EXPENDABLE)):
        with suppress(OSError):
            file.write_text(value)


def background_command(args: argparse.Namespace) -> None:
    """Train, then let the next job that waits have the turn."""
    step_back()
    work(args.folder, with_priors(finish))
    hand_on(args.locks)
