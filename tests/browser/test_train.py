"""The tab Train in a real browser: a tiny pair trains in a process of its own, is found again, steered, and kept."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.drawn import good_files, zip_of

#: A pair of quick steps that never ends by itself, and is measured on few test images when it is kept.
TINY = """() => {
  const setup = document.querySelector(".ex-train-setup").explorer;
  const shared = { data: "emoji", steps: 100000, batch_size: 8, width: 4 };
  setup.choose("", [{ model: "vae", ...shared }, { model: "vqvae", num_embeddings: 16, ...shared }]);
}"""
VIEW = "document.querySelector('.ex-train-job').explorer"
TICKS = """() => {
  const { curves } = document.querySelector(".ex-train-job").explorer;
  return [[0.05, 0.5], [0.001, 10]].map((y) => (curves.ticks([{ y }]).yaxis ?? curves.figure.layout.yaxis).dtick);
}"""
UPDATES = f"(count) => {VIEW}.updates >= count && {VIEW}.drawn.every(({{ plane }}) => plane.drawings >= count)"


def open_tab(page: Any, address: str) -> None:
    page.goto(address)
    page.wait_for_function("document.querySelector('.ex-train-setup')?.explorer?.sides")


def a_refusal_is_said_beside_the_button(page: Any, updates: int) -> int:
    """And stays while the training goes on; how many snapshots were drawn meanwhile."""
    page.locator("#ex-train-what").select_option("commitment_cost")
    page.locator("#ex-train-to").fill("-3")
    page.locator('[data-apply="commitment_cost"]').click()
    refused = page.locator(".ex-train-steer .ex-train-refused")
    expect(refused).to_contain_text("Commitment β takes a number from 0 to 1,000, got -3")
    page.wait_for_function(UPDATES, arg=updates + 2)
    expect(refused).to_be_visible()
    page.locator("#ex-train-what").select_option("kill")
    expect(refused).to_have_text("")
    expect(page.locator("label[for=ex-train-to]")).to_have_text("Share of the codes")
    return int(page.evaluate(f"{VIEW}.updates"))


def the_preset_is_sent_with_its_training(page: Page) -> None:
    """Its plan belongs to it."""
    page.evaluate("document.querySelector('.ex-train-setup').explorer.preset = 'worlds'")  # as if nothing was changed
    with page.expect_request("**/ask/train_start") as asked:
        page.locator(".ex-train-go").click()
    assert (asked.value.post_data_json or {})["preset"] == "worlds"


def test_a_pair_is_started_found_again_changed_stopped_and_shown(new_context: Any, app_url: str):
    context = new_context()
    page = context.new_page()
    open_tab(page, f"{app_url}?tab=train")
    page.evaluate(TINY)
    expect(page.locator(".ex-train-answer").first).to_contain_text("emoji-vqvae-d2-k16-ema-s0")
    the_preset_is_sent_with_its_training(page)
    page.wait_for_function(UPDATES, arg=2)
    assert "mine" not in page.url
    job = page.evaluate(f"{VIEW}.id")

    page.reload()
    page.wait_for_function("document.querySelector('.ex-train-job')?.explorer?.id")
    page.wait_for_function(UPDATES, arg=2)
    assert page.evaluate(f"{VIEW}.id") == job

    # a zoom of the reader's own stays, whatever comes
    page.locator(".ex-train-zoom button").first.click()
    kept = f"JSON.stringify({VIEW}.drawn[0].plane.view)"
    zoomed, updates = page.evaluate(kept), page.evaluate(f"{VIEW}.updates")

    updates = a_refusal_is_said_beside_the_button(page, updates)
    page.locator("#ex-train-what").select_option("beta")
    page.locator("#ex-train-to").fill("7")
    page.locator('[data-apply="beta"]').click()
    expect(page.locator(".ex-train-history li")).to_contain_text("1 → 7")
    page.wait_for_function(UPDATES, arg=updates + 2)
    assert page.evaluate(kept) == zoomed
    assert page.evaluate(TICKS) == ["D2", 1]
    shapes = f"{VIEW}.curves.chart.figure.layout.shapes.length"
    assert page.evaluate(shapes) > 0

    page.locator('[data-do="keep"]').click()
    opened = page.locator("[data-open]")
    expect(opened).to_have_count(2)
    run = opened.nth(1).get_attribute("data-open")
    opened.nth(1).click()
    page.wait_for_function("scrollY === 0")
    page.wait_for_function("(run) => window.explorer.store.scene.sides.right.run === run", arg=run)
    expect(page.locator("#ex-choose-right")).to_have_value(str(run))

    # nobody else sees it
    other = new_context().new_page()
    other.goto(app_url)
    other.wait_for_function("window.explorer?.store.scene")
    assert run not in other.locator("#ex-choose-right").inner_html()


def test_a_large_file_says_how_much_has_left_and_a_too_large_one_stays(new_context: Any, app_url: str, tmp_path: Path):
    page = new_context().new_page()
    open_tab(page, f"{app_url}?tab=train")
    page.locator(".ex-train-own summary").click()
    page.evaluate("""() => {
      window.said = new Set();
      const note = () => window.said.add(document.querySelector(".ex-train-told").textContent);
      new MutationObserver(note).observe(document.querySelector(".ex-train-told"), { childList: true });
    }""")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 200_000}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    noise = {"noise.txt": random.Random(0).randbytes(400_000)}
    page.set_input_files("#ex-train-pictures", zip_of(tmp_path / "pets.zip", good_files() | noise))
    expect(page.locator(".ex-train-told")).to_contain_text("30 of 31 files were taken")
    expect(page.locator(".ex-train-own progress")).to_be_hidden()
    said = page.evaluate("[...window.said]")
    assert said[0] == "Sending pets.zip: 0 %"
    assert sum("Sending" in sentence for sentence in said) > 2
    assert said[-2] == "Reading pets.zip…"

    # held: the scene of the set that was just taken may still arrive, and brings the server's own limit
    page.evaluate("""() => {
      const { own } = document.querySelector(".ex-train-setup").explorer;
      Object.defineProperty(own, "limit", { get: () => 0.1, set() {} });
    }""")
    with page.expect_request("**/explorer/pictures?*") as sent:
        page.set_input_files("#ex-train-pictures", tmp_path / "pets.zip")
    expect(page.locator(".ex-train-told")).to_contain_text("cut off")
    assert sent.value.post_data_buffer is None


def test_own_pictures_are_chosen_and_what_cannot_be_trained_is_refused(new_context: Any, app_url: str, tmp_path: Path):
    page = new_context(viewport={"width": 390, "height": 844}, has_touch=True).new_page()
    open_tab(page, f"{app_url}?tab=train&lang=zh")
    pictures = zip_of(tmp_path / "pets.zip", good_files() | {"good/note.txt": b"text"})
    page.locator(".ex-train-own summary").click()
    page.set_input_files("#ex-train-pictures", pictures)
    expect(page.locator(".ex-train-own [data-set]")).to_contain_text("pets · 22 · 32×32 彩色")
    expect(page.locator(".ex-train-told")).to_contain_text("31 个文件中收下了 30 个")
    expect(page.locator(".ex-train-refusals")).to_contain_text("good/note.txt")
    expect(page.locator("#ex-train-data-both")).to_have_value(re.compile("pets-[0-9a-f]{12}"))
    page.evaluate("document.querySelector('.ex-train-setup').explorer.choose('', [{ model: 'vae', steps: 0 }])")
    expect(page.locator(".ex-train-refused").first).to_contain_text("10,000,000")
    expect(page.locator("#ex-train-data-both")).to_have_value(re.compile("pets-[0-9a-f]{12}"))
    expect(page.locator(".ex-train-go")).to_be_disabled()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_batch_falls_by_itself_for_a_small_set(new_page: Any, app_url: str):
    page = new_page()
    open_tab(page, f"{app_url}?tab=train")
    batch, answer = page.locator("#ex-train-batch_size-both"), page.locator(".ex-train-answer").first
    expect(batch).to_have_value("64")
    pick = """([data, images]) => {
      const { explorer } = document.querySelector(".ex-train-setup");
      explorer.scene.images[data] = images;
      explorer.pick(data);
    }"""
    page.evaluate(pick, ["emoji", 27])
    expect(batch).to_have_value("16")
    expect(answer).to_contain_text("The batch is 16: this set has 27 training images.")
    page.evaluate(pick, ["fashion", 18_000])
    expect(batch).to_have_value("64")
    expect(answer).not_to_contain_text("The batch is")
