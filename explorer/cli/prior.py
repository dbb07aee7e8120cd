"""`python -m explorer train-prior | generation`: gives a run its prior, and its report the figures that follow."""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, get_type_hints

import torch

from explorer.classifier import load_classifier
from explorer.cli.flags import attribute_docs
from explorer.data import ImageSet
from explorer.errors import RunError
from explorer.models.prior import LEARNED_PRIORS
from explorer.reports.generation import generation_report
from explorer.reports.matching import rates_of
from explorer.reports.prior import attach, finished, learned_files, prior_trainer
from explorer.runs import Run, load_run, update_run
from explorer.runs.card import model_card
from explorer.runs.priors import PriorFiles, fitted
from explorer.training.config import flag
from explorer.training.prior import PriorRecord, PriorTrainer
from explorer.training.prior_config import PriorConfig
from explorer.training.prior_state import load_state, save_state

#: Seconds between two saves of an unfinished prior.
SAVE_EVERY = 20.0


def add_train_prior(commands: Any) -> None:
    """The command's flags; those of the training come from `PriorConfig`."""
    train = commands.add_parser(
        "train-prior",
        help="train or fit the prior of a run, which goes on where it was stopped",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    train.set_defaults(command=train_prior_command)
    train.add_argument("run", help="id or folder; a VQ-VAE's and a VAE's prior is trained, an AE's spread fitted")
    train.add_argument(
        "--rung",
        choices=("simple", "learned"),
        default="learned",
        help="the highest prior to make; a simple one (histograms, Gaussians, position by position) needs no training",
    )
    train.add_argument("--out", type=Path, help="folder for the run with its prior; its own if left out")
    train.add_argument(
        "--threads", type=int, default=1, help="CPU threads; the same number repeats a prior bit for bit"
    )
    train.add_argument("--json", action="store_true", help="one JSON record per line")
    hints, helps = get_type_hints(PriorConfig), attribute_docs(PriorConfig.__doc__ or "")
    for field in fields(PriorConfig):
        assert field.default is not MISSING
        choices = sorted(LEARNED_PRIORS) if field.name == "kind" else None
        kind = hints[field.name]
        help_text = helps[field.name]
        train.add_argument(flag(field.name), type=kind, choices=choices, default=field.default, help=help_text)

    measure = commands.add_parser("generation", help="measure what a run's priors draw, into its report")
    measure.set_defaults(command=generation_command)
    measure.add_argument("run", nargs="+", help="ids or folders")
    measure.add_argument("--seed", type=int, default=0, help="of the samples")
    measure.add_argument("--json", action="store_true", help="as JSON")


def generation_command(args: argparse.Namespace) -> None:
    """Sample every prior of each run, measure, and keep the figures in its report and card."""
    for name in args.run:
        run, image_set = finished(name)
        figures = generation_report(run, image_set, load_classifier(run.config.data), args.seed)
        report = run.report | {"generation": figures}
        done = update_run(run, report=report, card=model_card(run.info, report, image_set))
        if args.json:
            print(json.dumps({"id": done.id} | figures))
            continue
        distances = {prior: row["kid_clf"] for prior, row in (figures["rows"] | figures["calibration"]).items()}
        line = ", ".join(f"{prior} {kid['value']:.4f} ± {kid['sd']:.4f}" for prior, kid in distances.items())
        print(f"{done.id}: KID-clf {line}", flush=True)


def train_prior_command(args: argparse.Namespace) -> None:
    """Train, saving now and then, on Ctrl-C and at the end; then measure, and put all of it into the run's folder."""
    torch.set_num_threads(args.threads)
    run, image_set = finished(args.run)
    files = (
        fitted(run, image_set) if args.rung == "simple" or run.config.model == "ae" else _learn(run, image_set, args)
    )
    fresh = load_run(args.run)  # other files of the run may have come or changed meanwhile
    if fresh.weights_sha256 != run.weights_sha256:
        raise RunError("prior_other_weights", folder=fresh.folder, name=fresh.id)
    done = attach(fresh, image_set, files, args.out)
    _state_path(run, args).unlink(missing_ok=True)
    if not args.json:
        rates = ", ".join(f"{name} {bits:.1f}" for name, bits in rates_of(done).items())
        print(f"{done.id}: {files.facts['kind']}" + (f", {rates} bits/image" if rates else "") + f"  ({done.folder})")


def _learn(run: Run, image_set: ImageSet, args: argparse.Namespace) -> PriorFiles:
    """The learned rung of a run, whatever its latent."""
    config = PriorConfig(**{field.name: getattr(args, field.name) for field in fields(PriorConfig)})
    return learned_files(run, _train(run, prior_trainer(run, image_set, config), args))


def _train(run: Run, trainer: PriorTrainer, args: argparse.Namespace) -> PriorTrainer:
    """To its end, saved on the way."""
    path = _state_path(run, args)
    key = json.dumps([trainer.config.to_dict(), trainer.model.sizes(), run.weights_sha256], sort_keys=True)
    if state := load_state(path, key):
        trainer.resume(state)
    try:
        saved = time.monotonic()
        for record in trainer.run():
            _show(record, as_json=args.json)
            if time.monotonic() - saved > SAVE_EVERY:
                save_state(path, key, trainer.state())
                saved = time.monotonic()
    except KeyboardInterrupt:
        save_state(path, key, trainer.state())
        print(f"stopped at step {trainer.step}; the same command goes on", file=sys.stderr)
        raise
    save_state(path, key, trainer.state())  # until the prior is in its run
    return trainer


def _state_path(run: Run, args: argparse.Namespace) -> Path:
    """Where an unfinished prior waits: beside the folder it will be in."""
    folder: Path = args.out or run.folder
    return folder.with_name(f".{folder.name}-prior.safetensors")


def _show(record: PriorRecord, *, as_json: bool) -> None:
    looked = record.val_bits_per_code is not None
    if as_json:
        values: dict[str, object] = {"step": record.step, "bits_per_code": record.bits_per_code}
        print(json.dumps(values | ({"val_bits_per_code": record.val_bits_per_code} if looked else {})), flush=True)
    elif sys.stderr.isatty() and (looked or record.step % 10 == 0):
        bar = "█" * round(30 * record.step / record.steps)
        line = f"\r{bar:30} {record.step}/{record.steps}  {record.bits_per_code:.3f} bits/code"
        text = f"  on held-out codes {record.val_bits_per_code:.3f}\n" if looked else ""
        print(line + text, end="", flush=True, file=sys.stderr)
