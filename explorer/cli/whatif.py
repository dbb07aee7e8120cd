"""`python -m explorer replay RECORD` and `recommend`: what other settings would have done, what held in the study."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from explorer.reports.replay import INITS, RULES, Settings, happened, replay
from explorer.reports.replay_measured import measured
from explorer.runs.recorded import load_record
from explorer.studies.recipes import recipes


def add_replay(commands: Any) -> None:
    """The command's flags."""
    parser = commands.add_parser(
        "replay",
        help="recorded encoder outputs once more through another rule, start, rate, restart policy or K",
        description=(
            "The encoder is as it was recorded and does not answer to the other codebook; vectors of each step are "
            "drawn with replacement from the two nearest kept frames."
        ),
    )
    parser.set_defaults(command=replay_command)
    parser.add_argument("record", type=Path, help="folder of the record")
    parser.add_argument("--codebook-update", dest="rule", choices=RULES, default="ema")
    parser.add_argument("--codebook-init", dest="init", choices=INITS, default="recorded")
    parser.add_argument("--decay", type=float, default=0.99)
    parser.add_argument("--codebook-lr", dest="rate", type=float, default=1e-3)
    parser.add_argument("--restart", action="store_true", help="put dead codes on encoder outputs")
    parser.add_argument("--num-embeddings", type=int, help="K; the record's unless it is given")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="as JSON")


def replay_command(args: argparse.Namespace) -> int:
    """Print what happened beside what would have."""
    names = ("rule", "init", "decay", "rate", "restart", "num_embeddings", "seed")
    record = load_record(args.record)
    pair = {"happened": happened(record), "replayed": replay(record, Settings(**{n: getattr(args, n) for n in names}))}
    if args.json:
        print(json.dumps({name: asdict(one) for name, one in pair.items()}, indent=2))
        return 0
    for name, one in pair.items():
        print(
            f"{name:9} {one.dead} of {one.num_embeddings} dead, perplexity {one.perplexity:.1f},"
            f" distortion {one.distortion:.3f} of the variance"
        )
    print("a replay: the encoder is as it was recorded, and does not answer to the other codebook")
    if by := measured():
        print(
            f"beside {by.trainings} real trainings: order of settings by dead codes {by.rank_dead:.2f} (Spearman),"
            f" share of dead codes off by {by.error_dead:.0%} of K (median; at most {by.worst_dead:.0%})"
        )
    return 0


def add_recommend(commands: Any) -> None:
    """The command's flags."""
    parser = commands.add_parser("recommend", help="settings that held in the codebook study, with n and seeds")
    parser.set_defaults(command=recommend_command)
    parser.add_argument("--num-embeddings", type=int, required=True, metavar="K")
    parser.add_argument("--embedding-dim", type=int, required=True, metavar="D")
    parser.add_argument("--vectors-per-step", type=int, required=True, metavar="N")
    parser.add_argument("--json", action="store_true", help="as JSON")


def recommend_command(args: argparse.Namespace) -> int:
    """Print the recipes of the nearest size that was studied."""
    found = recipes(args.num_embeddings, args.embedding_dim, args.vectors_per_step)
    if args.json:
        print(json.dumps(asdict(found), indent=2))
        return 0
    print(f"nearest size in the study: D = {found.embedding_dim}, K = {found.num_embeddings}, {found.data}")
    for remark in found.remarks:
        print(f"note: {remark}")
    for one in found.recipes:
        seeds = ", ".join(map(str, one.seeds))
        print(f"{one.dead:.0%} dead (median of n = {one.n}, seeds {seeds}; at most {one.worst:.0%}): {one.flags}")
    return 0
