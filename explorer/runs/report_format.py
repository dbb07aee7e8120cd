"""What `report.json` may hold: figures by name, as `explorer.reports.evaluation` and its longer sections write them.

Format 2 has `rates`, bits an image by rung (fixed, simple, learned), the same for VAE and VQ-VAE and null where there
is none, and `elbo_nats` by the same names. Format 1 had `rate_bits`: `kl` of a VAE; `uniform`, `per_position` and
`learned_prior` of a VQ-VAE; it is read as format 2.

The page reads a report by name and does arithmetic with it, so that a report from elsewhere has to be one.
"""

from __future__ import annotations

import json
import math
from typing import Any

from explorer.errors import RunError
from explorer.metrics.rate import RUNGS

FORMAT = 2
#: What the rates of format 1 are called now.
RENAMED = {"uniform": "fixed", "kl": "fixed", "per_position": "simple", "learned_prior": "learned"}
#: Bytes; the longest shipped report has 18,000.
LONGEST_REPORT = 1_000_000
NUMBERS = (
    *("n", "mse", "ssim", "psnr_db", "psnr_of_mean_db", "s2", "nll_nats", "kl_nats", "active_units"),
    *("format", "posterior_sigma_median", "rate_smoothing"),
)
LISTS = ("kl_nats_per_unit",)
#: By rung; a rung may have no number.
BY_RUNG = ("rates", "rates_error", "elbo_nats")
SECTIONS = (
    "codebook",
    "evidence",
    "gaussian_quantization",
    "generation",
    "last_fifth",
    "parameters",
    "sharpness",
    "tuples",
    *BY_RUNG,
)
#: Of a string: a split, a hash, the name of a prior.
LONGEST_WORD = 100
DEEPEST = 8


def report_of(content: bytes) -> dict[str, Any]:
    """The values of a `report.json`, in today's format.

    Raises:
        ValueError: it is no JSON object of finite numbers, too long to be a report, or of a format that is not known.
    """
    if len(content) > LONGEST_REPORT:
        raise ValueError
    try:
        values = json.loads(content, parse_constant=_not_finite)
    except RecursionError as error:
        raise ValueError from error
    if not isinstance(values, dict):
        raise ValueError
    return upgraded(_renamed(values))


def _renamed(report: dict[str, Any]) -> dict[str, Any]:
    """A report's figures by their names of today: what was pooled over images was called as the value of one image."""
    sharpness = report.get("sharpness")
    if isinstance(sharpness, dict) and "sigma_eq_px" in sharpness:
        named = {"sigma_eq_pooled_px": sharpness["sigma_eq_px"]}
        named |= {name: value for name, value in sharpness.items() if name != "sigma_eq_px"}
        report["sharpness"] = named
    return report


def upgraded(report: dict[str, Any]) -> dict[str, Any]:
    """A report of format 1 as one of format 2; an empty one stays empty.

    Raises:
        ValueError: `format` is none that is known.
    """
    version = report.get("format", 1)
    if version not in (1, FORMAT):
        raise ValueError
    if version == FORMAT or not report:
        return report
    rest = {name: value for name, value in report.items() if name != "rate_bits"}
    rest |= {"format": FORMAT, "rates": _by_rung(report.get("rate_bits", {}))}
    if "elbo_nats" in report:
        old = report["elbo_nats"]
        rest["elbo_nats"] = _by_rung(old if isinstance(old, dict) else {"kl": old})
    return rest


def _by_rung(values: object) -> dict[str, Any]:
    if not isinstance(values, dict) or not values.keys() <= RENAMED.keys():
        raise ValueError
    return dict.fromkeys(RUNGS) | {RENAMED[name]: value for name, value in values.items()}


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
        and all(_is_number(value) for value in report.get("codebook", {}).values())
        and all(_is_by_rung(report[name]) for name in BY_RUNG if name in report)
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


def _is_by_rung(values: object) -> bool:
    return isinstance(values, dict) and all(
        rung in RUNGS and (value is None or _is_number(value)) for rung, value in values.items()
    )


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
