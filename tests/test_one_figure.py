"""One number for one thing: a figure that the page shows in two places is the same in both.

| figure | where it is shown |
|---|---|
| equivalent blur | headline and histogram of Reconstruct, plane of quality over rate, Guide, model card's report |
| PSNR, SSIM | plane of quality over rate, the comparison for programs, Guide |
| bits per image | plane of quality over rate, the comparison for programs |
| dead and used codes, perplexity | report of the run, the question `codebook_health` |
| what a remedy did | the table of the tab Collapse, docs/codebook-study.md (tests/scripts/test_codebook_study.py) |
"""

from __future__ import annotations

import numpy as np
import pytest

from explorer.data import load_image_set
from explorer.reports.comparison import compare
from explorer.runs import Run, load_run
from explorer.ui import questions
from explorer.ui.guide.steps.blur import blur_of

PAIR = {"left": "fashion-vae-z2-s0", "right": "fashion-vqvae-d2-k256-ema-s0"}
ALL = (*PAIR.values(), "fashion-ae-z2-s0", "emoji-vae-z2-s0", "emoji-vqvae-d2-k256-ema-s0")


@pytest.mark.parametrize("name", ALL)
def test_a_report_says_what_its_single_images_say(name: str):
    run = load_run(name)
    assert run.measures is not None
    blur, psnr, ssim = (run.measures[measure].astype(np.float64) for measure in ("sigma_eq_px", "psnr_db", "ssim"))
    assert run.report["sharpness"]["sigma_eq_mean_px"] == pytest.approx(np.nanmean(blur), abs=1e-3)
    assert run.report["ssim"] == pytest.approx(ssim.mean(), abs=1e-4)
    assert run.report["psnr_db"] == pytest.approx(-10 * np.log10((10 ** (-psnr / 10)).mean()), abs=1e-2)


@pytest.fixture(scope="module")
def pair() -> tuple[Run, Run]:
    return load_run(PAIR["left"]), load_run(PAIR["right"])


def test_plane_headline_and_guide_say_one_blur(pair: tuple[Run, Run]):
    plane = questions.answer("rate_distortion", {"data": "fashion", "quality": "sigma_eq_mean_px", **PAIR})
    rows = {row["run"]: row for row in plane["numbers"]["runs"]}
    compared = compare(*pair, load_image_set("fashion"))
    told = questions.answer("sharpness", dict(PAIR))
    for side, run in enumerate(pair):
        drawn = rows[run.id]["sigma_eq_mean_px"]
        assert compared["measures"]["sigma_eq_px"]["mean"][side] == pytest.approx(drawn, abs=1e-3)
        assert blur_of(run) == drawn
        assert f"{drawn:.2f}" in told["headline"]


def test_plane_and_comparison_say_one_quality_and_one_rate(pair: tuple[Run, Run]):
    rows = {row["run"]: row for row in questions.answer("rate_distortion", {"data": "fashion"})["numbers"]["runs"]}
    compared = compare(*pair, load_image_set("fashion"))
    for side, run in enumerate(pair):
        assert rows[run.id]["ssim"] == pytest.approx(compared["measures"]["ssim"]["mean"][side], abs=1e-4)
        assert rows[run.id]["psnr_db"] == run.report["psnr_db"]
        assert rows[run.id]["n"] == compared["measures"]["ssim"]["difference"]["n"] == run.report["n"]
    assert [rows[run.id]["rates"] for run in pair] == [
        {name: pytest.approx(bits) for name, bits in run.report["rates"].items() if bits} for run in pair
    ]


def test_codebook_health_is_the_reports(pair: tuple[Run, Run]):
    told, kept = questions.answer("codebook_health", {"run": pair[1].id}), pair[1].report["codebook"]
    for name in ("used", "dead", "num_vectors"):
        assert told[name] == kept[name]
    assert told["perplexity"] == pytest.approx(kept["perplexity"], rel=1e-3)
