"""The verdict on a codebook: its bounds, and what it is called where too little is known."""

from __future__ import annotations

from typing import Any

import pytest

from explorer.metrics.verdict import VERDICTS, verdict, worst

ENOUGH: dict[str, Any] = {"num_vectors": 1000, "perplexity": 60.0}


@pytest.mark.parametrize(
    "numbers, expected",
    [
        (ENOUGH | {"dead": 0}, "healthy"),
        (ENOUGH | {"dead": 10}, "healthy"),
        (ENOUGH | {"dead": 11}, "warning"),
        (ENOUGH | {"dead": 50}, "warning"),
        (ENOUGH | {"dead": 51}, "collapse"),
        (ENOUGH | {"dead": 0, "perplexity": 4.9}, "collapse"),
        (ENOUGH | {"dead": 0, "perplexity": 5.0}, "healthy"),
        (ENOUGH | {"dead": 0, "distinct": 1}, "collapse"),
        (ENOUGH | {"dead": 0, "distinct": 2}, "healthy"),
        ({"distinct": 1}, "collapse"),
        ({"distinct": 100}, "unknown"),
        ({}, "unknown"),
        (ENOUGH | {"num_vectors": 999, "dead": 99}, "unknown"),
        (ENOUGH | {"num_vectors": 999, "dead": 0, "perplexity": 2.0}, "healthy"),
        (ENOUGH | {"dead": 0, "all_known": False}, "unknown"),
        (ENOUGH | {"dead": 51, "all_known": False}, "collapse"),
    ],
)
def test_bounds(numbers: dict[str, Any], expected: str):
    assert verdict(100, **numbers) == expected


def test_of_one_code_nothing_is_a_collapse():
    assert verdict(1, dead=0, perplexity=1.0, num_vectors=100, distinct=1) == "healthy"


def test_of_several_codebooks_the_worst_counts():
    assert worst(["healthy", "collapse", "unknown"]) == "collapse"
    assert worst(VERDICTS[:2]) == "unknown"
    assert worst([]) == "unknown"
