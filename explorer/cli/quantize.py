"""`python -m explorer quantize`: a VAE on a grid as a VQ-VAE without training (Gaussian quantization), as a run."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from explorer.cli.commands import measures_file
from explorer.errors import RunError
from explorer.reports.evaluation import likelihood_variance, measure
from explorer.reports.prior import finished
from explorer.reports.quantized_run import quantized_config, quantized_model, quantized_section
from explorer.runs import save_run, update_run
from explorer.runs.card import model_card
from explorer.runs.naming import checked_id
from explorer.training.trace import Trace


def add_quantize(commands: Any) -> None:
    """The command's flags."""
    quantize = commands.add_parser("quantize", help="turn a VAE on a grid into a VQ-VAE without training")
    quantize.set_defaults(command=quantize_command)
    quantize.add_argument("run", help="id or folder of a VAE trained with --spatial")
    quantize.add_argument("--bits", type=int, default=4, help="log2 of the random codes of each channel, 1 to 12")
    quantize.add_argument("--seed", type=int, default=0, help="of the codes")
    quantize.add_argument(
        "--stratified", action="store_true", help="one code from each of equally likely intervals, as the authors' code"
    )
    quantize.add_argument("--out", type=Path, help="folder of the new run; runs/ID if left out")
    quantize.add_argument("--json", action="store_true", help="as JSON")


def quantize_command(args: argparse.Namespace) -> None:
    """Convert, measure, and keep the result as a run."""
    run, image_set = finished(args.run)
    if not 1 <= args.bits <= 12:
        raise RunError("quantize_bits", got=args.bits)
    config = quantized_config(run, args.bits, args.seed)
    name = checked_id(f"{run.id.replace('-vae-', f'-vqvae-gq{args.bits}-').rpartition('-s')[0]}-s{args.seed}")
    folder = args.out or Path("runs") / name
    if (folder / "run.json").exists():
        raise RunError("run_exists", folder=folder)
    model = quantized_model(run, config, stratified=args.stratified)
    s2 = likelihood_variance(model, image_set)
    evaluation = measure(model, image_set, s2)
    report = evaluation.report | {
        "gaussian_quantization": quantized_section(run, image_set, args.bits, stratified=args.stratified)
    }
    family = f"{config.data}-d{config.embedding_dim}-s{config.seed}"
    info = replace(run.info, id=name, config=config, s2=s2, family=family, twin_of="", history=())
    trace = Trace("scalars", np.array([config.steps], np.int32))
    card = model_card(info, report, image_set)
    made = update_run(
        save_run(folder, info, model.state_dict(), trace, report=report, card=card), measures_file(evaluation)
    )
    found = report["gaussian_quantization"]
    if args.json:
        print(json.dumps({"id": made.id} | found))
        return
    print(
        f"{made.id}: PSNR {found['psnr_db']['value']:.2f} dB over {found['draws']} codebooks, decoding the mean "
        f"{found['psnr_of_mean_db']:.2f}; {found['missed']['value']:.1%} of numbers off by more than σ  ({folder})"
    )
