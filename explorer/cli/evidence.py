"""`python -m explorer evidence`: bounds on log p(x), and log p(x) itself, for a run's report."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from explorer.reports.evidence import evidence_report
from explorer.reports.prior import finished
from explorer.runs import load_run, update_run
from explorer.runs.card import model_card


def add_evidence(commands: Any) -> None:
    """The command and its flags."""
    measure = commands.add_parser("evidence", help="ELBO, IWAE, log p(x) of a run on 256 fixed test images, in nats")
    measure.set_defaults(command=evidence_command)
    measure.add_argument("run", nargs="+", help="ids or folders")
    measure.add_argument("--seed", type=int, default=0, help="of the draws")
    measure.add_argument("--json", action="store_true", help="as JSON")
    measure.add_argument("--write", action="store_true", help="keep it in the run's report.json and README.md")


def evidence_command(args: argparse.Namespace) -> None:
    """Measure each run; an AE, which has no prior, is passed over in a sentence."""
    for name in args.run:
        run, image_set = finished(name)
        section = evidence_report(run, image_set, args.seed, _tell)
        if args.write and section:
            fresh = load_run(name)  # other figures may have come meanwhile
            report = fresh.report | {"evidence": section}
            update_run(fresh, report=report, card=model_card(fresh.info, report, image_set))
        if args.json:
            print(json.dumps({"id": run.id} | section), flush=True)
        else:
            print(f"{run.id}: {said(section)}", flush=True)


def _tell(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done}/{total} images", end="\n" if done == total else "", file=sys.stderr, flush=True)


def said(section: dict[str, Any]) -> str:
    """The section in one line."""
    if not section:
        return "an AE has no prior, and so no bound"
    if "bounds" in section:
        return ", ".join(
            f"bound with {name} codes {found['nats']:.2f} ± {found['image_error']:.2f}"
            for name, found in section["bounds"].items()
        )
    curve = section["iwae"]
    text = ", ".join(
        f"{'ELBO' if k == 1 else f'IWAE-{k}'} {nats:.2f}"
        for k, nats in zip(curve["k"], curve["nats"], strict=True)
        if k in (1, 10, 100, 1000)
    )
    errors = f"Monte-Carlo ≤ {max(curve['monte_carlo_error']):.2f}, images ± {curve['image_error'][0]:.2f}"
    if "log_px" in section:
        exact = section["log_px"]
        accepted = f"{exact['accepted']} of {section['n']} accepted"
        text += f", log p(x) {exact['nats']:.2f} ({accepted}), gap {exact['gap_nats']:.2f}"
    return f"{text} nats ({errors}, n = {section['n']})"
