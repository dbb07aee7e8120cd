"""The tab Codebook, its last two parts: the study with the remedies, and the report on a reader's own files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import expect

from explorer.studies.remedies import REMEDIES

WAIT = 60_000


def opened(new_context: Any, app_url: str, query: str = "?tab=codebook", **options: Any) -> Any:
    page = new_context(**options).new_page()
    page.set_default_timeout(WAIT)
    page.goto(app_url + query)
    page.wait_for_selector(".ex-cb-report[data-report='gradient-d64.npz']")
    return page


def reported(page: Any, name: str) -> None:
    page.wait_for_selector(f".ex-cb-report[data-report='{name}']")


def number(page: Any, label: str) -> str:
    pair = page.locator(".ex-cb-numbers > div", has=page.locator("dt", has_text=label)).first
    return str(pair.locator("dd").inner_text())


def test_examples_own_files_and_a_pickle(new_context: Any, app_url: str, tmp_path: Path):
    page = opened(new_context, app_url)
    assert number(page, "dead") == "416"
    page.click("[data-example='codebook']")
    reported(page, "ema-d2-codebook.safetensors")
    expect(page.locator(".ex-cb-chart-usage")).to_be_hidden()

    np.save(tmp_path / "codes.npy", np.random.default_rng(0).normal(size=(50, 4)))
    np.save(tmp_path / "ids.npy", np.append(np.arange(900) % 40, [-1] * 9))
    page.set_input_files(".ex-cb-file", [tmp_path / "codes.npy", tmp_path / "ids.npy"])
    message = page.locator(".ex-cb-report .ex-cb-progress p")
    expect(message).to_contain_text("an index is -1")
    page.fill("[data-field='ignore']", "-1")
    page.get_by_role("button", name="Report again").click()
    reported(page, "codes.npy, ids.npy")
    assert (number(page, "used"), number(page, "dead")) == ("40 / 50", "10")

    (tmp_path / "model.pt").write_bytes(b"not opened")
    page.set_input_files(".ex-cb-file", tmp_path / "model.pt")
    expect(message).to_contain_text("model.pt is a pickle")
    assert number(page, "dead") == "10"  # what was there is not lost, and is grey
    expect(page.locator(".ex-cb-reported.ex-cb-old")).to_have_count(1)
    np.save(tmp_path / "codes.npy", np.zeros((4, 50), "f4"))
    page.fill("[data-field='ignore']", "")
    page.set_input_files(".ex-cb-file", tmp_path / "codes.npy")
    reported(page, "codes.npy")
    expect(page.locator(".ex-cb-warn")).to_contain_text("save codebook.T")
    expect(page.locator(".ex-cb-reported")).to_contain_text("codes.npy (4, 50) float32")
    expect(page.locator(".ex-cb-old")).to_have_count(0)

    page.click("[data-example='gradient']")
    reported(page, "gradient-d64.npz")
    page.get_by_role("button", name="Rotation trick: go to the remedies").click()
    expect(page.locator("[data-remedy='rotation']")).to_be_in_viewport()


def test_several_codebooks_one_by_one(new_context: Any, app_url: str, tmp_path: Path):
    page = opened(new_context, app_url)
    draw = np.random.default_rng(0)
    np.save(tmp_path / "levels.npy", np.stack([draw.integers(0, 40, 4000), draw.integers(0, 2, 4000)], -1))
    page.fill("[data-field='num_embeddings']", "40")
    page.set_input_files(".ex-cb-file", tmp_path / "levels.npy")
    reported(page, "levels.npy")
    assert (number(page, "verdict"), number(page, "dead")) == ("collapse", "38")
    page.click(".ex-cb-levels [data-level='0']")
    assert (number(page, "verdict"), number(page, "dead")) == ("healthy", "0")
    page.fill("[data-field='levels']", "1")
    page.get_by_role("button", name="Report again").click()
    expect(page.locator(".ex-cb-levels")).to_have_count(0)
    assert number(page, "verdict") == "healthy"


def test_the_study_and_the_remedies_on_a_phone_in_chinese(new_context: Any, app_url: str):
    page = opened(new_context, app_url, "?tab=codebook&lang=zh", viewport={"width": 390, "height": 844})
    expect(page.locator(".ex-cb-remedies tbody tr")).to_have_count(len(REMEDIES))
    expect(page.locator(".ex-cb-study h2")).to_contain_text("研究")
    expect(page.locator(".ex-cb-report")).to_contain_text("死码")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
