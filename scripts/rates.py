"""Measures the rates of shipped runs anew, on every rung they have: `python scripts/rates.py`.

Needs no training; of a report only `rates`, `rates_error`, `elbo_nats` and `elbo_draw_error` change. `--only TEXT`
takes the runs whose id holds TEXT.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from explorer.data import load_image_set  # noqa: E402
from explorer.reports.rates import with_rates  # noqa: E402
from explorer.runs import SHIPPED, Run, list_runs, load_run, update_run  # noqa: E402
from explorer.runs.card import model_card  # noqa: E402
from explorer.runs.priors import learned_rung  # noqa: E402


def measured(run: Run) -> Run:
    """The run with its rates as they are now."""
    image_set = load_image_set(run.config.data)
    report = with_rates(run.report, run.model, image_set, learned_rung(run))
    return update_run(run, report=report, card=model_card(run.info, report, image_set))


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", metavar="TEXT")
    only = parser.parse_args().only
    for info in list_runs([SHIPPED]):
        if only in info.id:
            rates = measured(load_run(info.id)).report["rates"]
            print(f"{info.id}: {rates}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
