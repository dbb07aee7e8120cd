"""The tab Collapse: a report on a reader's own files, remedies by what they did, their lines, the report as a file."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import expect

from explorer.data import examples
from explorer.studies.remedies import REMEDIES

PANEL = "#ex-col-report [data-part]"


def opened(new_page: Any, app_url: str, query: str = "?v=2&tab=collapse&data=fashion", **options: Any) -> Any:
    page = new_page(**options)
    page.goto(app_url + query)
    reported(page, "gradient-d64.npz")
    return page


def reported(page: Any, name: str) -> None:
    page.wait_for_selector(f"{PANEL}[data-report='{name}']")


def verdict(page: Any) -> str:
    return str(page.locator(".ex-col-verdict b").inner_text())


def number(page: Any, label: str) -> str:
    pair = page.locator(".ex-col-numbers > div", has=page.locator("dt", has_text=label)).first
    return str(pair.locator("dd").inner_text())


def test_it_opens_on_the_images_on_screen_and_follows_them(new_page: Any, app_url: str):
    page = new_page()
    page.goto(f"{app_url}?v=2&tab=collapse&data=faces")
    reported(page, "faces-vqvae-d64-k512-ema-s0")
    expect(page.locator("[data-example='run']")).to_have_attribute("aria-pressed", "true")
    page.evaluate("window.explorer.store.commit({ data: 'fashion' })")
    reported(page, "gradient-d64.npz")
    expect(page.locator("[data-example='run']")).to_have_count(0)


def test_examples_own_files_and_a_pickle(new_page: Any, app_url: str, tmp_path: Path):
    page = opened(new_page, app_url)
    assert (verdict(page), number(page, "dead")) == ("collapse", "416")
    page.click("[data-example='codebook']")
    reported(page, "ema-d2-codebook.safetensors")
    expect(page.locator(".ex-col-chart-usage")).to_be_hidden()

    np.save(tmp_path / "codes.npy", np.random.default_rng(0).normal(size=(50, 4)))
    np.save(tmp_path / "ids.npy", np.append(np.arange(900) % 40, [-1] * 9))
    page.set_input_files(".ex-col-file", [tmp_path / "codes.npy", tmp_path / "ids.npy"])
    message = page.locator(".ex-col-progress p")
    expect(message).to_contain_text("an index is -1")
    page.click(".ex-col-more summary")
    page.fill("[data-field='ignore']", "-1")
    page.get_by_role("button", name="Report again").click()
    reported(page, "codes.npy, ids.npy")
    assert (number(page, "used"), number(page, "dead")) == ("40 / 50", "10")

    (tmp_path / "model.pt").write_bytes(b"not opened")
    page.set_input_files(".ex-col-file", tmp_path / "model.pt")
    expect(message).to_contain_text("model.pt is a pickle")
    assert number(page, "dead") == "10"  # what was there is not lost, and is grey
    expect(page.locator(".ex-col-reported.ex-col-old")).to_have_count(1)
    np.save(tmp_path / "codes.npy", np.zeros((4, 50), "f4"))
    page.fill("[data-field='ignore']", "")
    page.set_input_files(".ex-col-file", tmp_path / "codes.npy")
    reported(page, "codes.npy")
    expect(page.locator(".ex-col-warn")).to_contain_text("save codebook.T")
    expect(page.locator(".ex-col-reported")).to_contain_text("codes.npy (4, 50) float32")
    expect(page.locator(".ex-col-old")).to_have_count(0)


def test_remedies_their_lines_and_the_report_as_a_file(new_page: Any, app_url: str, tmp_path: Path):
    page = opened(new_page, app_url)
    rows = page.locator(".ex-col-remedies tbody tr")
    expect(rows).to_have_count(len(REMEDIES))
    expect(rows.first).to_have_attribute("data-remedy", "restart")
    lines = page.locator(".ex-col-code pre")
    expect(lines).to_contain_text(
        'VectorQuantizer(512, 64, update="ema", dead_codes="restart")'
    )  # what the report names first
    page.get_by_role("button", name="Rotation trick: go to the remedies").click()
    expect(page.locator("[data-remedy='rotation']")).to_be_in_viewport()
    page.get_by_role("button", name="Lines of Rotation trick").click()
    page.click("[data-library='torch']")
    expect(lines).to_contain_text("def rotated(z, q)")
    page.click("[data-library='flags']")
    expect(lines).to_contain_text("--gradient-estimator rotation")
    for kind, begins in (("html", "<!doctype html>"), ("md", "# Report of gradient-d64.npz"), ("json", "{")):
        with page.expect_download() as download:
            page.click(f"[data-save='{kind}']")
        kept = tmp_path / download.value.suggested_filename
        download.value.save_as(kept)
        assert kept.name == f"gradient-d64.npz-report.{kind}"
        assert kept.read_text().startswith(begins)
    assert json.loads(kept.read_text())["verdict"] == "collapse"
    page.set_content((tmp_path / "gradient-d64.npz-report.html").read_text())
    expect(page.locator("svg")).to_have_count(3)
    expect(page.locator(".verdict.collapse")).to_be_visible()


def test_several_codebooks_one_by_one(new_page: Any, app_url: str, tmp_path: Path):
    page = opened(new_page, app_url)
    draw = np.random.default_rng(0)
    np.save(tmp_path / "levels.npy", np.stack([draw.integers(0, 40, 4000), draw.integers(0, 2, 4000)], -1))
    page.click(".ex-col-more summary")
    page.fill("[data-field='num_embeddings']", "40")
    page.set_input_files(".ex-col-file", tmp_path / "levels.npy")
    reported(page, "levels.npy")
    assert (verdict(page), number(page, "dead")) == ("collapse", "38")
    page.click("[data-level='0']")
    expect(page.locator(".ex-col-verdict b")).to_have_text("healthy")
    assert number(page, "dead") == "0"
    page.fill("[data-field='levels']", "1")
    page.get_by_role("button", name="Report again").click()
    expect(page.locator("[data-level]")).to_have_count(0)
    expect(page.locator(".ex-col-verdict b")).to_have_text("healthy")


def test_on_a_phone_in_chinese_and_by_the_place_that_old_links_name(new_page: Any, app_url: str):
    small = {"viewport": {"width": 390, "height": 844}}
    page = opened(new_page, app_url, "?tab=codebook&lang=zh#ex-cb-report", **small)
    expect(page).to_have_url(re.compile(r"tab=collapse.*lang=zh$"))
    expect(page.get_by_role("tab", name="坍塌")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".ex-col-remedies tbody tr")).to_have_count(len(REMEDIES))
    expect(page.locator(PANEL)).to_contain_text("死码")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_record_says_why(new_page: Any, app_url: str, tmp_path: Path):
    page = opened(new_page, app_url)
    expect(page.locator(".ex-col-causes")).to_be_hidden()
    page.click("[data-example='record']")
    reported(page, "record-narrow.zip")
    first = page.locator(".ex-col-causes article").first
    expect(first).to_contain_text("0.019 times as wide")
    expect(first.locator(".ex-chart-plot svg").first).to_be_visible()
    page.click(".ex-col-replay button")
    expect(page.locator("[data-replayed='happened']")).to_contain_text("54 of 64 dead")
    expect(page.locator("[data-replayed='replayed']")).to_contain_text("0 of 64 dead")
    page.set_input_files(".ex-col-file", examples.FOLDER / "record-narrow.zip")
    expect(page.locator(".ex-col-replay")).to_be_hidden()
    expect(page.locator("[data-example='record']")).to_have_attribute("aria-pressed", "false")
    expect(first).to_have_attribute("data-cause", "narrow")
    (tmp_path / "other.zip").write_bytes(b"no zip")
    page.set_input_files(".ex-col-file", tmp_path / "other.zip")
    expect(page.locator(".ex-col-progress p")).to_contain_text("this zip cannot be read")


def test_the_report_follows_the_records_that_the_view_names(new_page: Any, app_url: str):
    """One after the other, however soon, from another tab, and back: the report was once the first one's for good."""
    page = opened(new_page, app_url)
    example = page.locator("[data-example='record']")
    expect(example).to_have_attribute("aria-pressed", "false")
    page.evaluate(
        """() => {
      window.explorer.store.commit({ record: "", tab: "codebook" });
      window.explorer.store.commit({ record: "example", tab: "collapse" });
    }"""
    )
    reported(page, "record-narrow.zip")
    expect(example).to_have_attribute("aria-pressed", "true")
    page.evaluate("window.explorer.store.commit({ record: '' })")
    expect(example).to_have_attribute("aria-pressed", "false")


def test_a_record_is_kept_its_film_is_seen_and_it_is_deleted(new_page: Any, app_url: str, tmp_path: Path):
    page = opened(new_page, app_url)
    zipped = tmp_path / "Mine.zip"
    shutil.copy(examples.FOLDER / examples.NAMES["record"].file, zipped)
    page.set_input_files(".ex-col-file", zipped)
    reported(page, "Mine.zip")
    expect(page.locator(".ex-col-recipe").first).to_contain_text("n = ")
    page.click("[data-do='keep']")
    page.wait_for_function("window.explorer.store.scene.collapse?.own.length === 1")
    name = page.evaluate("window.explorer.store.scene.collapse.own[0]")
    reported(page, name)
    page.click(".ex-col-replay .ex-col-main")
    expect(page.locator("[data-replayed='replayed']")).to_contain_text("dead")

    page.click("[data-do='film']")
    page.wait_for_function("document.querySelector('#ex-cb-left .ex-plane-moving')?.explorer.drawn >= 0")
    expect(page.locator("#ex-cb-left h2")).to_contain_text("Recorded training")
    assert f"record={name}" in page.url
    page.evaluate("window.explorer.store.commit({ code: 0 })")
    expect(page.locator(".ex-cb-followed-left")).to_contain_text("No pictures here")
    page.wait_for_function("document.querySelector('.ex-cb-step').explorer.batch")
    page.locator(".ex-cb-step [role='radio']").first.click()
    expect(page.locator(".ex-cb-what")).to_contain_text("neither weights nor EMA counts")
    page.click("[data-record='']")
    expect(page.locator("#ex-cb-left h2")).not_to_contain_text("Recorded training")

    page.goto(f"{app_url}?v=2&tab=collapse&record={name}")  # its link, where it was kept
    reported(page, name)
    page.click("[data-do='delete']")
    page.click("[data-do='delete']")
    page.wait_for_function("window.explorer.store.scene.collapse?.own.length === 0")
