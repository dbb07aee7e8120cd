"""Configs: what is accepted, what is refused, and with which sentence."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import ConfigError
from explorer.training.config import CHOICES, RANGES, RunConfig


def test_a_config_survives_json():
    config = RunConfig(model="vqvae", codebook_update="gradient", codebook_lr=0.01)
    assert RunConfig.from_dict(config.to_dict()) == config


@pytest.mark.parametrize("name", sorted(CHOICES))
def test_an_unknown_choice_lists_the_known_ones(name: str):
    with pytest.raises(ConfigError, match="takes one of") as error:
        RunConfig(**{name: "nonsense"})  # type: ignore[arg-type]
    assert all(choice in str(error.value) for choice in CHOICES[name])


@pytest.mark.parametrize("name, low, high", RANGES)
@pytest.mark.parametrize("wrong", [-1e9, 1e12, math.nan, math.inf, pytest.param(10**400, id="huge"), "three", True])
def test_numbers_out_of_range_are_refused(name: str, low: float, high: float, wrong: object):
    with pytest.raises(ConfigError, match="takes a number from"):
        RunConfig(**{name: wrong})  # type: ignore[arg-type]


def test_a_fraction_is_no_count():
    with pytest.raises(ConfigError, match="--steps"):
        RunConfig(steps=10.5)  # type: ignore[arg-type]


def test_settings_that_contradict_each_other_are_refused():
    with pytest.raises(
        ConfigError, match="--codebook-update snippet goes with --codebook-init uniform or normal, got 'kmeans'"
    ):
        RunConfig(model="vqvae", codebook_update="snippet", codebook_init="kmeans")
    with pytest.raises(ConfigError, match="--codebook-lr"):
        RunConfig(model="vqvae", codebook_update="ema", codebook_lr=0.1)


def test_settings_of_a_newer_version_are_named():
    with pytest.raises(ConfigError, match="sparkle"):
        RunConfig.from_dict({"sparkle": 3})


@given(st.dictionaries(st.sampled_from([row[0] for row in RANGES]), st.floats() | st.integers() | st.text(max_size=3)))
def test_any_settings_make_a_config_or_a_config_error(settings: dict[str, object]):
    try:
        config = RunConfig(**settings)  # type: ignore[arg-type]
    except ConfigError:
        return
    assert RunConfig.from_dict(config.to_dict()) == config
