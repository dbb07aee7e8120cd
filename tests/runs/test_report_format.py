"""What a report may hold, and that one name stands for one quantity."""

from __future__ import annotations

import json
from typing import Any

import pytest

from explorer.errors import RunError
from explorer.runs.report_format import DEEPEST, LONGEST_REPORT, LONGEST_WORD, check_report, report_of


def test_a_report_of_before_is_read_by_todays_names():
    old = {"sharpness": {"sigma_eq_px": 1.06, "sigma_eq_mean_px": 1.3, "flat": 0}}
    assert report_of(json.dumps(old).encode())["sharpness"] == {
        "sigma_eq_pooled_px": 1.06, "sigma_eq_mean_px": 1.3, "flat": 0
    }  # fmt: skip
    new = {"format": 2, "sharpness": {"sigma_eq_pooled_px": 1.06}, "n": 3}
    assert report_of(json.dumps(new).encode()) == new


@pytest.mark.parametrize(
    "old, rates, elbo",
    [
        ({"rate_bits": {"kl": 12.5}, "elbo_nats": -3.0}, (12.5, None, None), (-3.0, None, None)),
        (
            {
                "rate_bits": {"uniform": 9.0, "per_position": 8.0, "learned_prior": 7.0},
                "elbo_nats": {"uniform": -9.0, "per_position": -8.0, "learned_prior": -7.0},
            },
            (9.0, 8.0, 7.0),
            (-9.0, -8.0, -7.0),
        ),
        ({"n": 3}, (None, None, None), None),
    ],
    ids=["VAE", "VQ-VAE", "AE"],
)
def test_rates_of_format_1_are_read_by_their_rungs(old: dict[str, Any], rates: tuple[Any, ...], elbo: Any):
    read = report_of(json.dumps(old).encode())
    assert (read["format"], tuple(read["rates"].values())) == (2, rates)
    assert list(read["rates"]) == ["fixed", "simple", "learned"]
    assert (tuple(read["elbo_nats"].values()) if elbo else read.get("elbo_nats")) == elbo
    assert "rate_bits" not in read
    check_report(read)


def test_an_empty_report_stays_empty_and_a_format_of_tomorrow_is_refused():
    assert report_of(b"{}") == {}
    for wrong in ({"format": 3}, {"format": "2"}, {"rate_bits": {"other": 3.0}}, {"rate_bits": 3}):
        with pytest.raises(ValueError, match=r"^$"):
            report_of(json.dumps(wrong).encode())


@pytest.mark.parametrize("content", [b"[]", b"3", b'{"n": NaN}', b"{", b"[" * 100_000, b" " * (LONGEST_REPORT + 1)])
def test_what_is_no_report_is_refused(content: bytes):
    with pytest.raises(ValueError, match=r"^$|Expecting|NaN"):
        report_of(content)


def nested(levels: int) -> dict[str, object]:
    return {"a": nested(levels - 1)} if levels else {}


def test_figures_stand_where_the_page_looks_for_them():
    check_report(
        {"n": 3, "mse": 0.5, "kl_nats_per_unit": [1, 2.5], "codebook": {"used": 3}, "note": "x" * LONGEST_WORD}
    )
    check_report({"a": nested(DEEPEST - 2)})
    damaged: tuple[dict[str, Any], ...] = (
        {"n": "3"}, {"rates": {"other": 3.0}}, {"rates": {"fixed": "3"}}, {"elbo_nats": 3.0}, {"mse": True},
        {"kl_nats_per_unit": 3}, {"kl_nats_per_unit": ["x"]}, {"codebook": []},
        {"codebook": {"used": "3"}}, {"sharpness": 1}, {"note": "x" * (LONGEST_WORD + 1)}, {"note": "a\nb"},
        {"a": nested(DEEPEST - 1)}, {"n": 10**400}, {"other": [10**400]}, {"other": object()},
    )  # fmt: skip
    for wrong in damaged:
        with pytest.raises(RunError, match=r"report\.json"):
            check_report(wrong)
