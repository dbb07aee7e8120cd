"""What `report.json` may hold: figures by name, as `explorer.reports.evaluation` and its longer sections write them.

The page reads a report by name and does arithmetic with it, so that a report from elsewhere has to be one.
"""

from __future__ import annotations

import json
import math
from typing import Any

from explorer.errors import RunError

#: Bytes; the longest shipped report has 18,000.
LONGEST_REPORT = 1_000_000
NUMBERS = (
    *("n", "mse", "ssim", "psnr_db", "psnr_of_mean_db", "s2", "nll_nats", "kl_nats", "active_units"),
    *("posterior_sigma_median", "rate_smoothing"),
)
LISTS = ("kl_nats_per_unit",)
SECTIONS = ("codebook", "evidence", "generation", "last_fifth", "parameters", "rate_bits", "sharpness", "tuples")
#: Of a string: a split, a hash, the name of a prior.
LONGEST_WORD = 100
DEEPEST = 8


def report_of(content: bytes) -> dict[str, Any]:
    """The values of a `report.json`.

    Raises:
        ValueError: it is no JSON object of finite numbers, or too long to be a report.
    """
    if len(content) > LONGEST_REPORT:
        raise ValueError
    try:
        values = json.loads(content, parse_constant=_not_finite)
    except RecursionError as error:
        raise ValueError from error
    if not isinstance(values, dict):
        raise ValueError
    return _renamed(values)


def _renamed(report: dict[str, Any]) -> dict[str, Any]:
    """A report's figures by their names of today: what was pooled over images was called as the value of one image."""
    sharpness = report.get("sharpness")
    if isinstance(sharpness, dict) and "sigma_eq_px" in sharpness:
        named = {"sigma_eq_pooled_px": sharpness["sigma_eq_px"]}
        named |= {name: value for name, value in sharpness.items() if name != "sigma_eq_px"}
        report["sharpness"] = named
    return report


def check_report(report: dict[str, Any]) -> None:
    """Whether figures stand where the page looks for them.

    Args:
        report: as `report_of` gives it.

    Raises:
        RunError: `run_damaged`.
    """
    good = (
        all(_is_number(report[name]) for name in NUMBERS if name in report)
        and all(_are_numbers(report[name]) for name in LISTS if name in report)
        and all(isinstance(report[name], dict) for name in SECTIONS if name in report)
        and all(_is_number(value) for name in ("codebook", "rate_bits") for value in report.get(name, {}).values())
        and _is_plain(report, DEEPEST)
    )
    if not good:
        raise RunError("run_damaged", path="report.json")


def _is_plain(value: object, depth: int) -> bool:
    """Numbers, short words, and lists and objects of them."""
    if isinstance(value, dict):
        return depth > 0 and all(_is_plain(inner, depth - 1) for pair in value.items() for inner in pair)
    if isinstance(value, list):
        return depth > 0 and all(_is_plain(inner, depth - 1) for inner in value)
    if isinstance(value, str):
        return len(value) <= LONGEST_WORD and value.isprintable()
    return value is None or isinstance(value, bool) or _is_number(value)


def _are_numbers(value: object) -> bool:
    return isinstance(value, list) and all(_is_number(each) for each in value)


def _is_number(value: object) -> bool:
    """A number that a float can hold: JSON may spell longer ones."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _not_finite(name: str) -> float:
    raise ValueError(name)
