"""What the codebook's charts draw of the numbers they are given."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest

from explorer.plots.codebook import (
    CurveLabels,
    Group,
    Mark,
    Panel,
    Series,
    UsageLabels,
    curves_figure,
    usage_figure,
)

STEPS = np.array([1, 10, 100])
LABELS = CurveLabels("step", "median of {n}", (Panel("dead", "Dead codes"), Panel("norm", "Norm", log=True)))


def numbers(values: Any) -> list[float]:
    """A figure's array, plain or base64."""
    if isinstance(values, dict):
        kind = {"f8": "<f8", "i1": "i1", "i2": "<i2", "i4": "<i4"}[values["dtype"]]
        return np.frombuffer(base64.b64decode(values["bdata"]), kind).tolist()
    return values


def run(*dead: float, norm: tuple[float, ...] = (1.0, 2.0, 3.0)) -> dict[str, Series]:
    return {"dead": Series(STEPS, np.array(dead, float)), "norm": Series(STEPS, np.array(norm))}


def figure(*groups: Group, **settings: Any) -> dict[str, Any]:
    drawn = curves_figure(groups, LABELS, **({"columns": 2, "log_steps": True} | settings))
    return json.loads(json.dumps(drawn, allow_nan=False))


def test_one_run_is_one_line_with_its_own_numbers():
    drawn = figure(Group("gradient", "left", "ema", (run(9, 8, 7),)))
    assert [(line["name"], numbers(line["y"])) for line in drawn["data"]] == [
        ("gradient", [9, 8, 7]),
        ("gradient", [1, 2, 3]),
    ]
    assert numbers(drawn["data"][0]["x"]) == STEPS.tolist()


def test_seeds_are_thin_lines_and_their_median_a_thick_one():
    seeds = (run(9, 8, 7), run(1, 2, np.nan), run(5, 5, np.nan))
    lines = [
        line for line in figure(Group("EMA", "right", "ema", seeds))["data"] if line["meta"]["panel"] == "Dead codes"
    ]
    widths = [line["line"]["width"] for line in lines]
    assert len(lines) == 4
    assert max(widths[:3]) < widths[3]
    assert lines[3]["name"] == "EMA: median of 3"
    assert numbers(lines[3]["y"]) == [5, 5, 7]
    assert [line.get("showlegend") for line in lines] == [False, False, False, True]


def test_a_median_of_nothing_is_nothing():
    seeds = (run(np.nan, 1, 2), run(np.nan, 3, 4))
    thick = figure(Group("EMA", "right", "ema", seeds))["data"][2]
    assert np.isnan(numbers(thick["y"])[0])
    assert numbers(thick["y"])[1:] == [2, 3]


@pytest.mark.parametrize("columns", [1, 2])
def test_panels_share_their_steps_and_keep_their_scales(columns):
    layout = figure(Group("a", "left", "ema", (run(1, 2, 3),)), columns=columns)["layout"]
    assert layout["xaxis2"]["matches"] == "x"
    assert [layout["xaxis"]["type"], layout["yaxis"]["type"], layout["yaxis2"]["type"]] == ["log", "linear", "log"]
    assert [note["text"] for note in layout["annotations"]] == ["Dead codes", "Norm"]


@pytest.mark.parametrize(
    "norm, each_power", [((1.3, 2.0, 3.1), False), ((1.0, 40.0, 900.0), True), ((1, 10, 1e8), False)]
)
def test_a_scale_of_less_than_two_powers_of_ten_has_numbers_between_them(norm, each_power):
    drawn = figure(Group("EMA", "right", "ema", (run(9, 8, 7, norm=norm),)))
    assert (drawn["layout"]["yaxis2"].get("dtick") == 1) == each_power


@pytest.mark.parametrize("log_steps, place", [(True, np.log10(688)), (False, 688)])
def test_a_mark_stands_at_its_step_on_either_scale(log_steps, place):
    layout = figure(Group("a", "left", "ema", (run(1, 2, 3),)), log_steps=log_steps, marks=[Mark("norm", 688, "688")])[
        "layout"
    ]
    assert layout["shapes"][0]["x0"] == 688
    assert layout["annotations"][-1]["x"] == pytest.approx(place)
    assert layout["annotations"][-1]["yref"] == "y2 domain"


def test_unused_codes_leave_the_usage_line():
    drawn = usage_figure(
        {"left": "L"}, {"left": "gradient"}, {"left": np.array([3.0, 0.5, 0.0])}, UsageLabels("rank", "use")
    )
    assert 10 ** drawn["layout"]["yaxis"]["range"][1] > 3  # all vectors on one code of three
    values = numbers(drawn["data"][0]["y"])
    assert values[:2] == [3, 0.5]
    assert np.isnan(values[2])
