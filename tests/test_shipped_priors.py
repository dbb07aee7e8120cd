"""The priors that are shipped: they belong to their runs, are small, and each rung of the ladder beats the last."""

from __future__ import annotations

import pytest
import torch

from explorer.latent import encode_images
from explorer.models.prior import CodePrior
from explorer.runs import SHIPPED, list_runs, load_run
from explorer.runs.priors import FILES, has_prior, ladder
from explorer.streams import stream
from explorer.ui.computed.encoded import test_images as images_of

RUNS = [info.id for info in list_runs([SHIPPED]) if has_prior(load_run(info.id))]
GRIDS = [name for name in RUNS if load_run(name).config.is_vq]
LATENTS = [name for name in RUNS if load_run(name).report["rates"]["learned"] and name not in GRIDS]
MEASURED = [name for name in GRIDS if "generation" in load_run(name).report]
MOST_BYTES = 1_500_000


@pytest.mark.parametrize("name", RUNS)
def test_a_shipped_prior_is_small_and_its_runs_own(name: str):
    run = load_run(name)
    assert sum((run.folder / file).stat().st_size for file in FILES) <= MOST_BYTES
    rungs = ladder(run)
    assert len(rungs) in {"vqvae": (3,), "vae": (2, 3), "ae": (1,)}[run.config.model]


@pytest.mark.parametrize("name", GRIDS)
def test_bits_fall_from_rung_to_rung(name: str):
    bits = load_run(name).report["rates"]
    assert bits["fixed"] > bits["simple"] > bits["learned"]


@pytest.mark.parametrize("name", LATENTS)
def test_a_learned_rung_is_not_above_the_fixed_one(name: str):
    """By more than its standard error: training begins at N(0, I), and step 0 is a candidate on validation images."""
    report = load_run(name).report
    bits, error = report["rates"], report["rates_error"]
    assert bits["learned"] < bits["fixed"] + error["learned"]


@pytest.mark.parametrize("name", MEASURED)
def test_the_distance_to_real_images_falls_from_rung_to_rung_or_the_report_says_where_not(name: str):
    rows = load_run(name).report["generation"]["rows"]
    distances = [rows[rung]["kid_clf"]["value"] for rung in ("uniform", "frequencies", "learned")]
    out_of_order = [
        rung
        for rung, one, other in zip(("frequencies", "learned"), distances, distances[1:], strict=False)
        if other > one
    ]
    assert load_run(name).report["generation"]["out_of_order"] == out_of_order
    assert "learned" not in out_of_order


@pytest.mark.parametrize("name", MEASURED)
def test_calibration_rows_say_what_they_should(name: str):
    rows = load_run(name).report["generation"]["calibration"]
    real, copies, blurred = rows["real_half"], rows["train_copies"], rows["blurred_real"]
    assert abs(real["kid_clf"]["value"]) < 3 * real["kid_clf"]["sd"] < blurred["kid_clf"]["value"]
    assert real["copies"]["low"] < 0.5 < real["copies"]["high"]
    assert copies["copies"]["value"] == 1
    assert real["two_sample"]["low"] < 0.55 < blurred["two_sample"]["low"]


def test_the_default_run_draws_the_same_grids_again():
    """The learned prior of the default pair: likelier under itself than frequencies are, and the same for one seed."""
    run = load_run("fashion-vqvae-d2-k256-ema-s0")
    learned = ladder(run)["learned"]
    assert isinstance(learned, CodePrior)
    grids = learned.sample(8, stream(0, "samples"))
    assert torch.equal(grids, learned.sample(8, stream(0, "samples")))
    codes = encode_images(run.model, images_of("fashion")[:200]).indices
    assert codes is not None
    per_code = -float(learned.log_prob(codes).mean()) / 49 / 0.6931471805599453
    assert per_code == pytest.approx(run.report["rates"]["learned"] / 49, rel=0.03)
