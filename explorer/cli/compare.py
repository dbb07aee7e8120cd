"""`python -m explorer compare A B`: two runs on the same test images."""

from __future__ import annotations

import argparse
import json
from typing import Any

from explorer.data import load_image_set
from explorer.errors import RunError
from explorer.reports.comparison import compare
from explorer.runs import list_runs, load_run


def add_compare(commands: Any) -> None:
    """The command's flags."""
    comparison = commands.add_parser("compare", help="two runs on the same test images, with intervals")
    comparison.set_defaults(command=compare_command)
    comparison.add_argument("first", help="id or folder")
    comparison.add_argument("second", help="id or folder")
    comparison.add_argument("--json", action="store_true", help="as JSON")


def compare_command(args: argparse.Namespace) -> None:
    """Both means and the paired difference of every measure, and of every seed of both that is here."""
    first, second = load_run(args.first), load_run(args.second)
    alike = [i for i in list_runs() if any(i.config.same_but_for_seed(run.config) for run in (first, second))]
    image_set = load_image_set(first.config.data)
    if image_set.sha256 != first.info.data_sha256:
        raise RunError("run_other_images", folder=first.id, name=first.config.data)
    values = compare(first, second, image_set, [load_run(info.id) for info in alike])
    if args.json:
        print(json.dumps(values, indent=2))
        return
    print(f"{first.id} -> {second.id} ({values['scope']})")
    print(_rates_line(values["matched"]))
    for name, found in values["measures"].items():
        means = " ".join("     –  " if mean is None else f"{mean:8.3f}" for mean in found["mean"])
        print(f"{name:18} {means}  {_gap(found['difference'])} n = {found['difference']['n']}")
    for pair in values["by_seed"]["differences"] if len(values["by_seed"]["differences"]) > 1 else ():
        gaps = ", ".join(f"{name} {_gap(gap)}" for name, gap in pair["measures"].items())
        print(f"seed {pair['seed']}: {gaps}")


def _gap(gap: dict[str, Any]) -> str:
    return f"{gap['mean']:+.3f} [{gap['low']:+.3f}, {gap['high']:+.3f}]"


def _rates_line(rates: dict[str, Any]) -> str:
    """What both were given, and whether that matches."""
    bits = " against ".join("no bit count" if value is None else f"{value:.1f} bits" for value in rates["bits"])
    apart = "" if rates["apart_percent"] is None else f", {rates['apart_percent']:.1f} % apart"
    words = {"close": "matched", "apart": "not matched", "lower": "not matched", "unknown": "cannot be matched"}
    missing = f" (no learned prior: {', '.join(rates['unlearned'])})" if rates["unlearned"] else ""
    rung = f" on the {rates['rung']} rung" if rates["rung"] else ""
    return f"rate{rung}: {bits}: {words[rates['standing']]}{apart}{missing}"
