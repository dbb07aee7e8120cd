"""`python -m explorer train | evaluate | map`: train a run, measure it, and map its latent."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import MISSING, asdict, fields
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
import torch

from explorer.cli.data import add_picture_flags, set_name
from explorer.cli.flags import attribute_docs
from explorer.data import load_image_set
from explorer.errors import ExplorerError, RunError
from explorer.latent import encode_images
from explorer.latent.map_sample import mappable, umap_of
from explorer.models.ranks import number_of_ranks, this_rank
from explorer.reports.evaluation import Evaluation, likelihood_variance, measure, rest_report
from explorer.reports.matching import rates_of
from explorer.runs import Run, RunInfo, load_run, npz, save_run, update_run
from explorer.runs.card import model_card
from explorer.runs.naming import checked_id, run_id
from explorer.runs.priors import learned_rung
from explorer.training.config import CHOICES, RunConfig, flag
from explorer.training.distributed import DEVICES, is_lost, process_group, records
from explorer.training.loop import Record, Trainer

#: Seconds between two saves of an unfinished run.
SAVE_EVERY = 30.0
#: Sections of a report that take minutes and have commands of their own: `evaluate` keeps them.
LONGER = ("generation", "evidence", "factors", "gaussian_quantization")


def add_train(commands: Any) -> None:
    """The command's flags; those of the training come from `RunConfig`."""
    train = commands.add_parser("train", help="train a run", formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    train.set_defaults(command=train_command)
    _add_config_flags(train)
    add_picture_flags(train)
    train.add_argument("--out", type=Path, help="folder of the run; runs/<id> if left out")
    train.add_argument("--resume", type=Path, metavar="DIR", help="go on with a stopped run; its own settings count")
    train.add_argument("--id", help="name of the run; made from its settings if left out")
    train.add_argument("--twin-of", default="", metavar="ID", help="the run this one shares weights and batches with")
    train.add_argument("--threads", type=int, default=1, help="CPU threads; the same number repeats a run bit for bit")
    train.add_argument("--device", choices=DEVICES, default="auto", help="auto is a GPU when there is one")
    train.add_argument("--json", action="store_true", help="one JSON record per line")


def add_evaluate(commands: Any) -> None:
    """The command's flags."""
    evaluation = commands.add_parser("evaluate", help="measure a run on the test split")
    evaluation.set_defaults(command=evaluate_command)
    evaluation.add_argument("run", help="id or folder")
    evaluation.add_argument("--json", action="store_true", help="as JSON")
    evaluation.add_argument("--write", action="store_true", help="refresh the run's report.json and README.md")


def add_map(commands: Any) -> None:
    """The command's flags."""
    mapping = commands.add_parser("map", help="UMAP of a latent with more than two numbers")
    mapping.set_defaults(command=map_command)
    mapping.add_argument("run", help="id or folder")
    mapping.add_argument("--write", action="store_true", help="keep it in the run's folder, as map.npz")
    mapping.add_argument("--out", type=Path, metavar="FILE", help="write it here, as npz")
    mapping.add_argument("--json", action="store_true", help="the epochs as they pass, one JSON record per line")


def _add_config_flags(train: argparse.ArgumentParser) -> None:
    hints = get_type_hints(RunConfig)
    helps = attribute_docs(RunConfig.__doc__ or "")
    for field in fields(RunConfig):
        name, kind = flag(field.name), hints[field.name]
        help_text = helps[field.name].replace("%", "%%")
        assert field.default is not MISSING
        if kind is bool:
            train.add_argument(name, action=argparse.BooleanOptionalAction, default=field.default, help=help_text)
            continue
        choices: tuple[str, ...] | None = CHOICES.get(field.name)
        plain = kind if kind in (int, float, str) else float
        train.add_argument(name, type=plain, choices=choices, default=field.default, help=help_text)


def train_command(args: argparse.Namespace) -> None:
    """Train or resume, saving every half minute, on Ctrl-C and at the end; under torchrun as one of several ranks."""
    with process_group(args.device) as device:
        _train_on(device, args)


def _train_on(device: torch.device, args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    if args.resume:
        run = load_run(Path(args.resume))
        info, folder = run.info, run.folder
        torch.set_num_threads(info.threads)
        trainer = Trainer(info.config, _image_set(info), device)
        trainer.interventions = list(info.history)
        trainer.resume(run.weights, run.resume_state(), run.trace)
    else:
        args.data = set_name(args.data, args)
        config = RunConfig(**{field.name: getattr(args, field.name) for field in fields(RunConfig)})
        for remark in config.remarks():
            print(f"explorer: {remark}", file=sys.stderr)
        name = checked_id(args.id or run_id(config))
        trainer = Trainer(config, load_image_set(config.data), device)
        info = _describe(trainer, name, args)
        folder = args.out or Path("runs") / info.id
        if (folder / "run.json").exists():
            raise RunError("run_exists", folder=folder)
    _train(trainer, info, folder, as_json=args.json)


def _image_set(info: RunInfo) -> Any:
    image_set = load_image_set(info.config.data)
    if image_set.sha256 != info.data_sha256:
        raise RunError("run_other_images", folder=info.id, name=info.config.data)
    return image_set


def _describe(trainer: Trainer, name: str, args: argparse.Namespace) -> RunInfo:
    config, image_set = trainer.config, trainer.image_set
    return RunInfo(
        id=name,
        config=config,
        shape=trainer.model.shape,
        data_sha256=image_set.sha256,
        data_variance=image_set.variance,
        s2=None,
        step=0,
        family=f"{config.data}-d{config.embedding_dim if config.is_vq else config.latent_dim}-s{config.seed}",
        twin_of=args.twin_of,
        threads=args.threads,
    )


def _train(trainer: Trainer, info: RunInfo, folder: Path, *, as_json: bool) -> None:
    if this_rank() > 0:
        for _ in records(trainer):
            pass
        return
    # With several processes something is there to go on from as soon as one of them can be lost.
    saved = time.monotonic() if number_of_ranks() == 1 else -math.inf
    try:
        for record in _shown(records(trainer), as_json=as_json):
            if time.monotonic() - saved > SAVE_EVERY and record.step < record.steps:
                _save_unfinished(trainer, info, folder)
                saved = time.monotonic()
    except (KeyboardInterrupt, ExplorerError) as error:
        if not is_lost(error):
            _save_unfinished(trainer, info, folder)
            print(f"stopped at step {trainer.step}; go on with --resume {folder}", file=sys.stderr)
        raise
    run = finish(trainer, info, folder)
    if not as_json:
        print(f"{run.id}: {_headline(run)}  ({folder})")


def _shown(records: Iterator[Record], *, as_json: bool) -> Iterator[Record]:
    last = 0.0
    for record in records:
        done = record.step == record.steps
        if as_json:
            print(json.dumps(_record_values(record)), flush=True)
        elif sys.stderr.isatty() and (time.monotonic() - last > 0.2 or done):
            last = time.monotonic()
            share = record.step / record.steps
            bar = "█" * round(30 * share)
            line = f"\r{bar:30} {record.step}/{record.steps}  loss {record.losses['loss']:.4f}"
            print(f"{line}  {record.images_per_second:.0f} images/s", end="\n" if done else "", file=sys.stderr)
        yield record


def _record_values(record: Record) -> dict[str, Any]:
    values: dict[str, Any] = {"step": record.step, **record.losses, "images_per_second": record.images_per_second}
    if record.gauge is not None:
        values |= {"used": record.gauge.used, "stale": record.gauge.stale, "perplexity": record.gauge.perplexity}
    return values


def _save_unfinished(trainer: Trainer, info: RunInfo, folder: Path) -> None:
    values = info.to_dict() | {"step": trainer.step}
    weights = trainer.model.state_dict()
    save_run(folder, RunInfo.from_dict(values), weights, trainer.recorder.trace(), resume=trainer.state())


def finish(trainer: Trainer, info: RunInfo, folder: Path) -> Run:
    """Measure a fully trained run, where it was trained, and save it with its report and card."""
    model = trainer.model.eval()
    s2 = likelihood_variance(model, trainer.image_set)
    trace = trainer.recorder.trace()
    evaluation = measure(model, trainer.image_set, s2)
    report = evaluation.report | rest_report(trace)
    done = RunInfo.from_dict(info.to_dict() | {"step": trainer.step, "s2": s2})
    card = model_card(done, report, trainer.image_set)
    run = save_run(folder, done, model.cpu().state_dict(), trace, report=report, card=card)
    return update_run(run, measures_file(evaluation))


def evaluate_command(args: argparse.Namespace) -> None:
    """Measure a finished run afresh."""
    run = load_run(args.run)
    if run.info.s2 is None:
        raise RunError("run_unfinished", folder=run.folder, step=run.info.step, steps=run.config.steps)
    image_set = _image_set(run.info)
    evaluation = measure(run.model, image_set, run.info.s2, learned_rung(run))
    report = evaluation.report | rest_report(run.trace)
    report |= {name: run.report[name] for name in LONGER if name in run.report}
    if args.write:
        update_run(run, measures_file(evaluation), report=report, card=model_card(run.info, report, image_set))
    values = {"id": run.id, "seed": run.config.seed} | report
    if args.json:
        print(json.dumps(values, indent=2))
        return
    for name, value in values.items():
        print(f"{name:24} {value}")


def measures_file(evaluation: Evaluation) -> dict[str, bytes]:
    """The file of a run that holds the measures of single images, for `update_run`."""
    arrays = {name: values.numpy().astype(np.float32) for name, values in evaluation.measures.items()}
    return {"measures.npz": npz(arrays)}


def map_command(args: argparse.Namespace) -> None:
    """Map the test split's latents with UMAP. It ends with its parent: nobody would take the map any more."""
    run, parent = load_run(args.run), os.getppid()
    size = run.config.embedding_dim if run.config.is_vq else run.config.latent_dim
    if size <= 2 or run.config.spatial:
        raise RunError("run_without_map", folder=run.id)

    def tell(epoch: int, epochs: int) -> None:
        if os.getppid() != parent:
            sys.exit("the process that asked for this map is gone")
        if args.json:
            print(json.dumps({"epoch": epoch, "epochs": epochs}), flush=True)

    image_set = _image_set(run.info)
    latents = encode_images(run.model, image_set.images[image_set.split("test")])
    latent_map = umap_of(mappable(run.model, latents), on_epoch=tell)
    if args.out:
        args.out.write_bytes(npz(latent_map.to_arrays()))
    if args.write:
        update_run(run, {"map.npz": npz(latent_map.to_arrays())})
    line = asdict(latent_map.faithfulness)
    print(json.dumps({"id": run.id, "seed": latent_map.seed} | line) if args.json else f"{run.id}: {line}")


def _headline(run: Run) -> str:
    report = run.report
    rates = ", ".join(f"{rung} {bits:.1f}" for rung, bits in rates_of(run).items())
    text = f"PSNR {report['psnr_db']:.2f} dB" + (f", {rates} bits/image" if rates else "")
    health = report.get("codebook")
    return text + (f", {health['dead']} of {run.config.num_rows} codes dead" if health else "")
