"""Partners at a known rate, and what is said of two runs' rates."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from explorer.models import ImageShape
from explorer.reports.matching import matched_vae, pair_rates
from explorer.runs import Run, RunInfo
from explorer.training.config import RunConfig

CODES = {"learned_prior": 200.0, "per_position": 300.0, "uniform": 392.0}


def run(name: str, rates: dict[str, float], **settings: Any) -> Run:
    """Nothing but what a rate needs."""
    info = RunInfo(name, RunConfig(**settings), ImageShape(1, 28, 28), "", 1.0, 0.01, 5000, "", "", 1)
    return Run(info, Path(name), {"rate_bits": rates} if rates else {}, {})


VQ = run("codes", CODES, model="vqvae")


def vae(bits: float, name: str = "vae", **settings: Any) -> Run:
    return run(name, {"kl": bits}, model="vae", **settings)


def test_a_partner_is_a_vae_that_was_trained_as_long_on_the_same_images():
    others = [
        vae(200, "other images", data="emoji"),
        vae(200, "fewer steps", steps=10),
        vae(200, "narrow", width=8),
        run("an AE", {}, model="ae"),
        VQ,
        vae(208, "fits"),
    ]
    found = matched_vae(VQ, others)
    assert found is not None
    assert (found.id, round(found.apart, 3), found.on_grid) == ("fits", 0.04, False)
    assert matched_vae(VQ, others[:-1]) is None
    assert matched_vae(run("no prior", {"uniform": 392.0}, model="vqvae"), others) is None


def test_the_same_grid_and_the_same_seed_come_first():
    others = [vae(200, "vector"), vae(250, "seed 1", spatial=True, seed=1), vae(280, "grid", spatial=True)]
    found = matched_vae(VQ, others)
    assert found is not None
    assert found.id == "grid"
    other = matched_vae(run("codes of seed 1", CODES, model="vqvae", seed=1), others)
    assert other is not None
    assert other.id == "seed 1"


@pytest.mark.parametrize(
    "first, second, standing, apart",
    [
        (vae(204), VQ, "close", 0.02),
        (VQ, vae(196), "close", 0.02),
        (vae(250), VQ, "between", 0.25),
        (vae(350), VQ, "apart", 0.75),
        (vae(12.5), VQ, "apart", 15.0),
        (vae(100), vae(104), "close", 0.04),
        (vae(100), vae(106), "apart", 0.06),
        (run("an AE", {}, model="ae"), VQ, "unknown", math.nan),
        (vae(100), run("no prior", {"uniform": 98.0, "per_position": 99.0}, model="vqvae"), "apart", 1 / 99),
    ],
)
def test_what_is_said_of_two_rates(first, second, standing, apart):
    found = pair_rates(first, second)
    assert found.standing == standing
    assert found.apart == pytest.approx(apart, nan_ok=True)


def test_rates_as_json_have_no_nan():
    values = pair_rates(run("an AE", {}, model="ae"), VQ).to_dict()
    assert (values["bits"], values["standing"], values["apart_percent"]) == ([None, 200.0], "unknown", None)
