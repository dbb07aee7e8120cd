"""What `run.json` says of a run: it comes back as it went, and nothing in it is taken on trust."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from explorer.errors import ConfigError
from explorer.models import ImageShape
from explorer.runs.info import RunInfo
from explorer.training.interventions import Intervention
from tests.tiny import tiny_config

PLAIN = RunInfo(
    id="tiny",
    config=tiny_config(),
    shape=ImageShape(1, 8, 8),
    data_sha256="0" * 64,
    data_variance=0.1,
    s2=0.02,
    step=12,
    family="",
    twin_of="",
    threads=1,
)
CHANGES = (Intervention(3, "decay", 0.5), Intervention(3, "kill", 0.25), Intervention(7, "decay", 0.9, before=0.5))
CHANGED = replace(PLAIN, history=CHANGES)


@pytest.mark.parametrize(
    "info", [PLAIN, CHANGED, replace(PLAIN, s2=None, step=4)], ids=["plain", "changed", "unfinished"]
)
def test_it_comes_back_as_it_went(info: RunInfo):
    assert RunInfo.from_dict(info.to_dict()) == info


def test_settings_at_a_step_are_those_that_were_changed_until_then():
    decays = [CHANGED.config_at(step).decay for step in range(10)]
    assert decays == [PLAIN.config.decay] * 3 + [0.5] * 4 + [0.9] * 3
    assert CHANGED.config_at(12) == replace(PLAIN.config, decay=0.9)


def test_what_was_changed_or_stopped_is_not_plain():
    assert PLAIN.plain
    assert PLAIN.finished
    assert not CHANGED.plain
    stopped = replace(PLAIN, step=4)
    assert stopped.finished
    assert not stopped.plain
    assert not replace(stopped, s2=None).finished


def test_runs_that_differ_in_their_seed_alone():
    other = replace(PLAIN, config=tiny_config(seed=5))
    assert PLAIN.same_but_for_seed(other)
    assert not PLAIN.same_but_for_seed(replace(other, step=11))
    assert not CHANGED.same_but_for_seed(other)
    assert not PLAIN.same_but_for_seed(replace(other, config=tiny_config(seed=5, width=16)))


@pytest.mark.parametrize(
    "change",
    [
        {"what": "beta", "value": 2.0},  # of another model
        {"what": "decay", "value": 7.0},
        {"what": "sing", "value": None},
    ],
)
def test_a_change_that_cannot_have_been_is_refused(change: dict[str, Any]):
    with pytest.raises(ConfigError):
        RunInfo.from_dict(PLAIN.to_dict() | {"history": [{"step": 3, **change}]})


@pytest.mark.parametrize(
    "field, value",
    [("step", -1), ("step", True), ("threads", 1.5), ("data_variance", float("nan")), ("s2", "0.1"), ("id", None)],
)
def test_a_field_of_another_kind_is_refused(field: str, value: object):
    with pytest.raises(TypeError):
        RunInfo.from_dict(PLAIN.to_dict() | {field: value})
    values = PLAIN.to_dict()
    del values[field]
    with pytest.raises(KeyError):
        RunInfo.from_dict(values)
