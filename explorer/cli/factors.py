"""`python -m explorer factors`: what a run keeps of features that are known of its pictures, and where it has them."""

from __future__ import annotations

import argparse
import json
from typing import Any

from explorer.classifier import has_classifier, load_classifier
from explorer.reports.factors import factors_report
from explorer.reports.prior import finished
from explorer.runs import load_run, update_run
from explorer.runs.card import model_card


def add_factors(commands: Any) -> None:
    """The command and its flags."""
    measure = commands.add_parser("factors", help="what a run keeps of known features, and which units know them")
    measure.set_defaults(command=factors_command)
    measure.add_argument("run", nargs="+", help="ids or folders of runs of a set whose features are known")
    measure.add_argument("--json", action="store_true", help="as JSON")
    measure.add_argument("--write", action="store_true", help="keep it in the run's report.json")


def factors_command(args: argparse.Namespace) -> None:
    """Measure each run."""
    for name in args.run:
        run, image_set = finished(name)
        data = run.config.data
        section = factors_report(run, image_set, load_classifier(data) if has_classifier(data) else None)
        if args.write:
            fresh = load_run(name)  # other figures may have come meanwhile
            report = fresh.report | {"factors": section}
            update_run(fresh, report=report, card=model_card(fresh.info, report, image_set))
        if args.json:
            print(json.dumps({"id": run.id} | section), flush=True)
        else:
            print(f"{run.id}: {said(section)}", flush=True)


def said(section: dict[str, Any]) -> str:
    """The section in one line."""
    parts = []
    if "keeping" in section:
        kept, chance = section["keeping"]["kept"], section["keeping"]["chance"]
        best = max(range(len(kept)), key=lambda k: kept[k] - chance[k])
        parts.append(f"{section['names'][best]} is kept in {kept[best]:.1%} (guessing {chance[best]:.1%})")
    if "apart" in section:
        found = section["apart"]["dci"]
        parts.append(f"disentanglement {found['disentanglement']:.2f}, completeness {found['completeness']:.2f}")
    return "; ".join(parts) or "more codes than can be counted, and no judge"
