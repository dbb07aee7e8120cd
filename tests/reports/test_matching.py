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

CODES = {"fixed": 392.0, "simple": 300.0, "learned": 200.0}


def run(name: str, rates: dict[str, float], **settings: Any) -> Run:
    """Nothing but what a rate needs."""
    info = RunInfo(name, RunConfig(**settings), ImageShape(1, 28, 28), "", 1.0, 0.01, 5000, "", "", 1)
    return Run(info, Path(name), {"rates": rates} if rates else {}, {})


VQ = run("codes", CODES, model="vqvae")


def vae(bits: float, name: str = "vae", **settings: Any) -> Run:
    return run(name, {"fixed": 2 * bits, "simple": 1.5 * bits, "learned": bits}, model="vae", **settings)


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
    assert matched_vae(run("no prior", {"fixed": 392.0}, model="vqvae"), others) is None


def test_the_same_grid_and_the_same_seed_come_first():
    others = [vae(200, "vector"), vae(202, "seed 1", spatial=True, seed=1), vae(209, "grid", spatial=True)]
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
        (vae(250), VQ, "apart", 0.25),
        (vae(12.5), VQ, "apart", 0.9375),
        (vae(100), vae(104), "close", 0.04),
        (vae(100), vae(106), "apart", 0.06),
        (run("an AE", {}, model="ae"), VQ, "unknown", math.nan),
        (vae(100), run("no prior", {"fixed": 392.0, "simple": 151.0}, model="vqvae"), "lower", 1 / 151),
        (run("no prior", {"fixed": 208.0, "simple": 204.0}, model="vae"), VQ, "lower", 0.32),
    ],
)
def test_what_is_said_of_two_rates(first, second, standing, apart):
    found = pair_rates(first, second)
    assert found.standing == standing
    assert found.apart == pytest.approx(apart, nan_ok=True)


def test_both_sides_stand_on_the_highest_rung_that_both_have():
    """A learned prior against a fixed one would be a comparison of priors."""
    bare = run("bare", {"fixed": 208.0, "simple": 204.0}, model="vae")
    found = pair_rates(bare, VQ)
    assert (found.rung, found.bits, found.unlearned) == ("simple", (204.0, 300.0), ("bare",))
    assert pair_rates(vae(204), VQ).rung == "learned"
    assert pair_rates(run("old", {"fixed": 208.0}, model="vae"), VQ).bits == (208.0, 392.0)
    assert matched_vae(VQ, [run("bare", {"fixed": 200.0, "simple": 200.0}, model="vae")]) is None


def test_rates_as_json_have_no_nan():
    values = pair_rates(run("an AE", {}, model="ae"), VQ).to_dict()
    assert (values["bits"], values["standing"], values["apart_percent"]) == ([None, None], "unknown", None)
