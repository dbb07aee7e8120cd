"""An exported exploration in a browser: every tab in both languages, links, and a sentence for what is not there."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from explorer.export.patches import changes
from explorer.ui.scene import scene
from explorer.ui.text import text
from explorer.ui.view import LANGUAGES, TABS, default_view
from tests.browser.exported import BELOW, served

KEY = re.compile(r"explorer/(media|assets)/(?:([\w-]+)/)?\w+/")

SHOWN = "document.querySelector('.ex-closer').explorer.shown"
#: What is drawn of a picture through both runs, and the lines below both.
OWN = """() => ({
  pictures: ["original", "left", "right"].map((name) => document.querySelector(`[data-closer=${name}]`).toDataURL()),
  notes: [...document.querySelectorAll(".ex-closer-picture:is(.ex-closer-left, .ex-closer-right) figcaption span")]
    .slice(0, 2).map((span) => span.textContent),
})"""


@pytest.fixture
def root(exported: Path) -> Path:
    return exported


@pytest.fixture
def url(exported_url: str) -> str:
    return exported_url


def tab(page: Page, name: str) -> Any:
    return page.locator(f'#ex-tabs button[data-tab-id="{name}"]')


def pictures(folder: Path) -> list[int]:
    """Ids of the exported pictures; the selected one is the first."""
    written = re.search(r'id="ex-frozen">(.*?)</script>', (folder / "index.html").read_text(), re.DOTALL)
    assert written is not None
    (pair,) = json.loads(written[1])["sets"][default_view("fashion").data]["pairs"]
    return [int(image) for image in pair["axes"]["image"]]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_tab_shows_what_it_has(page, url, lang):
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.on("request", lambda request: failed.append(request.url) if request.method != "GET" else None)
    page.goto(f"{url}?lang={lang}")
    for name in TABS:
        tab(page, name).click()
        expect(tab(page, name)).to_have_attribute("aria-selected", "true")
        expect(tab(page, name)).to_have_text(text(f"tab.{name}", lang))
        panel = page.locator(f"#ex-tab-{name}")
        expect(panel.locator("section > *, .ex-absent").first).to_be_visible()
        page.wait_for_function("name => window.explorer.store.scene.view.tab === name", arg=name)
        page.wait_for_load_state("networkidle")
    expect(page.locator("#ex-tab-train .ex-absent")).to_have_text(text("export.absent", lang))
    assert failed == []


def test_the_first_screen_is_light(page, url):
    """Bytes that come before a reader can begin, from a server that packs nothing."""
    sizes: dict[str, int] = {}
    page.on("requestfinished", lambda request: sizes.update({request.url: request.sizes()["responseBodySize"]}))
    page.goto(url)
    page.wait_for_function("document.querySelector('.ex-start-move')?.explorer.decoded")
    page.wait_for_load_state("networkidle")
    assert len(sizes) > 15
    assert sum(sizes.values()) < 1_500_000


def test_a_hand_on_the_plane_decodes_without_a_request(page, url):
    page.goto(f"{url}?v=2&tab=latent")
    page.wait_for_function("() => window.explorer.store.decoderState('left') === 'ready'")
    page.wait_for_load_state("networkidle")  # what the page itself still fetches is no answer to the hand
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/assets/" not in request.url else None)
    place = '#ex-left [data-picture="pointer"] canvas[role=img]'
    picture = page.locator(place)
    before = picture.evaluate("canvas => canvas.toDataURL()")
    page.locator("#ex-left .ex-plane").hover(position={"x": 120, "y": 160})
    changed = "([place, before]) => document.querySelector(place).toDataURL() !== before"
    page.wait_for_function(changed, arg=[place, before])
    assert asked == []


def test_a_picture_of_ones_own_goes_through_both_runs_without_a_server(page, url):
    """Nothing is sent, and nothing is fetched but files: both encoders, once."""
    page.goto(f"{url}?v=2&tab=reconstruct")
    page.locator(".ex-own summary").click()
    page.wait_for_load_state("networkidle")
    asked: list[tuple[str, str]] = []
    page.on("request", lambda request: asked.append((request.method, request.url)))
    board = page.locator(".ex-own-board")
    board.scroll_into_view_if_needed()
    before = page.evaluate(OWN)
    for end in (30, 140):
        box = board.bounding_box()
        page.mouse.move(box["x"] + 20, box["y"] + 80)
        page.mouse.down()
        page.mouse.move(box["x"] + 120, box["y"] + end, steps=3)
        shown = page.evaluate(SHOWN)
        page.mouse.up()
        page.wait_for_function(f"(n) => {SHOWN} > n", arg=shown)
    after = page.evaluate(OWN)
    assert all(now != then for now, then in zip(after["pictures"], before["pictures"], strict=True))
    assert all(re.fullmatch(r"-?\d+\.\d dB · equivalent blur \d\.\d\d px", note) for note in after["notes"])
    assert [method for method, _ in asked if method != "GET"] == []
    assert len([address for _, address in asked if "/media/encoder/" in address]) == 2
    own = [address for _, address in asked if "/assets/" not in address]  # what a part below still fetches of the page
    assert [address for address in own if "/media/encoder/" not in address] == []


def test_links_and_the_way_back_lead_where_the_reader_was(page, url, root):
    page.goto(url)
    tab(page, "latent").click()
    page.wait_for_url(re.compile("tab=latent"))
    other = pictures(root / BELOW)[1]
    page.locator(f'.ex-thumb[data-image="{other}"]').click()
    page.wait_for_url(re.compile(f"image={other}"))
    page.reload()
    expect(page.locator(f'.ex-thumb[data-image="{other}"]')).to_have_attribute("aria-checked", "true")
    page.go_back()
    expect(page.locator(f'.ex-thumb[data-image="{other}"]')).to_have_attribute("aria-checked", "false")
    expect(tab(page, "latent")).to_have_attribute("aria-selected", "true")
    page.go_back()
    expect(tab(page, "start")).to_have_attribute("aria-selected", "true")


def test_a_hand_that_is_quicker_than_the_first_scene_is_waited_for(page, url):
    held: list[Route] = []
    page.route("**/start.en.json*", lambda route: held.append(route))  # noqa: PLW0108  Playwright marks what it gets
    with page.expect_request("**/start.en.json*"):
        page.goto(url)
    tab(page, "latent").click()
    (first,) = held
    first.continue_()
    page.wait_for_url(re.compile("tab=latent"))
    expect(tab(page, "latent")).to_have_attribute("aria-selected", "true")


def test_scenes_put_together_are_those_of_the_app(page, url, root):
    """Runs and sets that are listed differ: only what is exported can be chosen."""
    page.goto(url)
    first, second, third, *_ = pictures(root / BELOW)
    plain = default_view("fashion")
    for view in (
        replace(plain, tab="latent", image=second, z=(0.5, -1.25), code=7, planes=("thumbs",), expert=True),
        replace(plain, tab="latent", image=second, image_b=first, guide=2, lang="zh"),
        replace(plain, tab="elbo", image=third, image_b=second, seed=4),
        replace(plain, tab="codebook", sandbox="adam_hold-restart_uniform_256_64_0.99_1_0.02_0", windows=4),
    ):
        page.goto(f"{url}?{view.to_query()}")
        page.wait_for_function("tab => window.explorer?.store.scene?.view.tab === tab", arg=view.tab)
        found = page.evaluate("() => window.explorer.store.scene")
        assert changes(comparable(json.loads(json.dumps(scene(view).to_json()))), comparable(found)) == []


def comparable(found: dict[str, Any]) -> dict[str, Any]:
    """Without what is listed in the bar, without keys in addresses, and 1.0 as 1, as JavaScript has it."""
    kept = {key: value for key, value in found.items() if key != "bar"}
    written = KEY.sub(r"explorer/\1/\2/", json.dumps(kept)).replace(".packed", "")
    return json.loads(
        written, parse_float=lambda number: int(float(number)) if float(number) % 1 == 0 else float(number)
    )


def test_what_was_not_recorded_is_said_and_the_page_stays(page, url):
    page.goto(f"{url}?v=2&tab=latent")
    page.wait_for_function("() => window.explorer?.store.scene")
    selected = page.evaluate("() => window.explorer.store.view.image")
    page.evaluate("() => window.explorer.store.commit({ image: 4711 })")
    expect(page.locator(".ex-notes")).to_contain_text("Picture 4711 is not part of this exploration")
    assert page.evaluate("() => window.explorer.store.view.image") == selected
    page.goto(f"{url}?v=2&tab=elbo&seed=1&image=4711&lang=zh")
    expect(page.locator(".ex-notes")).to_contain_text("4711")
    expect(tab(page, "elbo")).to_have_attribute("aria-selected", "true")


def test_a_question_that_was_not_recorded_is_one_sentence_in_its_panel(page, url):
    page.goto(f"{url}?v=2&tab=codebook")
    page.wait_for_function(
        "[...document.querySelectorAll('.ex-cb-film canvas')].some(({ explorer }) => explorer?.drawn >= 0)"
    )
    page.locator("#ex-cb-study section").scroll_into_view_if_needed()
    message = page.locator("#ex-cb-study [role=status]").first
    expect(message).to_have_text(text("export.asked", "en"))


def test_a_file_that_is_missing_or_cut_short_costs_one_sentence(page, root, tmp_path, guard):
    guard.allow("404", "expected", "Failed to load resource")
    shutil.copytree(root / BELOW, tmp_path / BELOW)
    with served(tmp_path) as url:
        other = pictures(tmp_path / BELOW)[1]
        plain = default_view("fashion")
        next((tmp_path / BELOW).glob(f"explorer/frozen/*/{plain.data}/0/image-{other}.json.packed")).unlink()
        (points,) = (tmp_path / BELOW).glob(f"explorer/media/decoder/*/{plain.left}")
        points.write_bytes(points.read_bytes()[:-10])
        page.goto(f"{url}?v=2&tab=latent&expert=1")
        page.wait_for_function("() => window.explorer?.store.decoderState('left') === 'failed'")
        expect(page.locator("#ex-right .ex-plane")).to_be_visible()
        page.locator(f'.ex-thumb[data-image="{other}"]').click()
        expect(page.locator(".ex-notes")).to_contain_text(f"image-{other}")
        expect(page.locator("#ex-right .ex-plane")).to_be_visible()
