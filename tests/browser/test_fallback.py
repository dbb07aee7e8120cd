"""Where the browser cannot decode: the server does, the newest question wins, and a failed load leaves a sentence."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.links import on_latent

READY = """() => ["left", "right"].every(
  (side) => document.querySelector(`#ex-${side} .ex-plane-moving`)?.explorer.frame)"""
#: The scene as Python sends it for a run whose decoder is too large.
TOO_LARGE = """(side) => {
  const { store } = window.explorer;
  const scene = structuredClone(store.scene);
  scene.sides[side].decoder = null;
  store.receive({ scene, query: null, serial: 1e6 });
}"""
PIXELS = """(side) => {
  const canvas = document.querySelector(`#ex-${side} [data-picture=pointer] canvas`);
  return Array.from(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data);
}"""


@pytest.fixture
def open_page(new_context: Any, app_url: str) -> Any:
    def open_at(prepare: Any = None, query: str = "") -> Any:
        page = new_context().new_page()
        if prepare:
            prepare(page)
        page.goto(app_url + on_latent(query))
        return page

    return open_at


def pixels(page: Any, side: str) -> Any:
    return np.array(page.evaluate(PIXELS, side), float)


def decodes(page: Any, side: str) -> int:
    return int(page.evaluate(f"document.querySelector('#ex-{side} [data-picture=pointer] canvas').explorer.decodes"))


def answered(page: Any, side: str, before: int) -> None:
    page.wait_for_function(
        f"""() => {{
          const canvas = document.querySelector("#ex-{side} [data-picture=pointer] canvas");
          return canvas.explorer.decodes > {before} && !canvas.closest(".ex-waiting");
        }}"""
    )


@pytest.mark.parametrize(
    "side, act",
    [
        ("left", "store.preview({ z: { side: 'left', point: [1.25, -0.5] } })"),
        ("right", "store.moveCode('right', 3, [0.5, 0.25])"),
    ],
)
def test_the_server_decodes_what_the_browser_would(open_page, side, act):
    page = open_page()
    page.wait_for_function(READY)
    page.wait_for_function(f"window.explorer.store.decoderState('{side}') === 'ready'")
    page.evaluate(f"(() => {{ const {{ store }} = window.explorer; {act}; }})()")
    here = pixels(page, side)
    page.evaluate(TOO_LARGE, side)
    before = decodes(page, side)
    page.evaluate(f"(() => {{ const {{ store }} = window.explorer; {act}; }})()")
    answered(page, side, min(before, decodes(page, side) - 1))
    assert np.abs(pixels(page, side) - here).max() <= 2


def test_only_the_newest_of_many_questions_is_answered_last(open_page):
    """Two hundred moves while the first is under way are two questions, not two hundred."""
    asked: list[str] = []

    def prepare(page):
        page.on("request", lambda request: asked.append(request.url) if "/ask/decode" in request.url else None)

    page = open_page(prepare)
    page.wait_for_function(READY)
    page.evaluate(TOO_LARGE, "left")
    answered(page, "left", 0)
    asked.clear()
    before = decodes(page, "left")
    page.evaluate(
        """() => {
          for (let i = 0; i < 200; i++) window.explorer.store.preview({ z: { side: "left", point: [i / 100, 0.5] } });
        }"""
    )
    answered(page, "left", before + 1)
    assert len(asked) == 2
    shown = pixels(page, "left")
    here = page.evaluate(
        """async () => {
          const body = JSON.stringify({ run: "fashion-vae-z2-s0", z: [1.99, 0.5] });
          const { pixels } = await (await fetch("explorer/ask/decode", { method: "POST", body })).json();
          return Array.from(atob(pixels), (character) => character.charCodeAt(0));
        }"""
    )
    assert shown[::4].tolist() == here


def test_an_answer_that_is_refused_is_a_sentence_and_no_picture(open_page, guard):
    guard.allow("503")
    page = open_page(lambda page: page.route("**/ask/decode", lambda route: route.fulfill(status=503, body="no")))
    page.wait_for_function(READY)
    page.evaluate(TOO_LARGE, "left")
    answered(page, "left", 0)
    expect(page.locator("#ex-left [data-picture=pointer] .ex-picture-note")).to_contain_text("server does not answer")
    assert pixels(page, "left").max() == 0


@pytest.mark.parametrize("body", [None, b"", b"\0" * 1000])
def test_weights_that_do_not_come_whole_leave_a_sentence_and_no_picture(open_page, guard, body):
    guard.allow("ERR_FAILED")

    def prepare(page):
        route = (lambda r: r.abort()) if body is None else (lambda r: r.fulfill(body=body))
        page.route(re.compile(r"/media/decoder/\w+/fashion-vae"), route)

    page = open_page(prepare)
    page.wait_for_function("window.explorer?.store.decoderState('left') === 'failed'")
    expect(page.locator("#ex-left [data-picture=pointer] .ex-picture-note")).to_contain_text("could not be loaded")
    assert pixels(page, "left").max() == 0
    page.wait_for_function("window.explorer.store.decoderState('right') === 'ready'")


@pytest.mark.parametrize("kind", ["points", "codebook"])
def test_points_or_codes_of_the_wrong_length_leave_a_sentence_and_no_plane(open_page, kind):
    page = open_page(
        lambda page: page.route(re.compile(rf"/media/{kind}/\w+/fashion-vqvae"), lambda r: r.fulfill(body=b"\0" * 40))
    )
    expect(page.locator("#ex-right .ex-plane-message")).to_contain_text("could not be loaded")
    assert page.evaluate("document.querySelector('#ex-right .ex-plane-moving').explorer.points") is None
