"""The workbench in a real browser: stages, painting by mouse, touch and keyboard, who answers, atlas, information."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

from explorer.data import load_image_set
from explorer.latent import encode_images
from explorer.metrics.influence import change, footprint
from explorer.runs import load_run
from tests.browser.links import on_latent
from tests.browser.windows import PATIENCE

VAE, EMA, EMOJI = "fashion-vae-z2-s0", "fashion-vqvae-d2-k256-ema-s0", "emoji-vqvae-d2-k256-ema-s0"
BENCH = "document.querySelector('.ex-bench').explorer"
#: Until the planes have their place the workbench lies in sight, and moves out of it before it is mounted.
READY = f"""() => {{
  if (!{BENCH}) document.querySelector(".ex-bench").scrollIntoView();
  return {BENCH}?.bench && window.explorer.store.decoderState('right') === 'ready';
}}"""

#: What is on the canvas of the decoded picture, (H, W, 4).
DECODED = """() => {
  const canvas = document.querySelector(".ex-bench-decoded canvas");
  const { width, height } = canvas;
  return [width, height, Array.from(canvas.getContext("2d").getImageData(0, 0, width, height).data)];
}"""


@pytest.fixture
def open_bench(new_page: Any, app_url: str) -> Any:
    def open_at(query: str = "", **options: Any) -> Any:
        page = new_page(**options)
        page.goto(app_url + on_latent(query))
        page.wait_for_function("window.explorer?.store.scene && !document.querySelector('.ex-side:empty')")
        page.wait_for_function(READY)
        page.locator(".ex-bench-flow").scroll_into_view_if_needed()
        return page

    return open_at


def codes_of(page: Any) -> list[int]:
    return list(page.evaluate(f"Array.from({BENCH}.bench.codes)"))


def wait_for_codes(page: Any, wanted: list[int]) -> None:
    """What has slid out of sight, as it may while the page still fills, follows when it is back."""
    page.locator(".ex-bench-flow").scroll_into_view_if_needed()
    page.wait_for_function(f"(wanted) => {BENCH}.bench.codes.join() === wanted", arg=",".join(map(str, wanted)))


def decoded(page: Any) -> Any:
    width, height, values = page.evaluate(DECODED)
    return np.array(values, np.uint8).reshape(height, width, 4)


def as_pytorch_decodes(run_id: str, codes: list[int]) -> Any:
    model: Any = load_run(run_id).model
    grid = model.shape.grid
    with torch.no_grad():
        image = model.decode(torch.tensor(codes).view(1, grid, grid))[0].clamp(0, 1)
    return image.permute(1, 2, 0).numpy() * 255


def test_codes(run_id: str, image: int) -> list[int]:
    run = load_run(run_id)
    images = load_image_set(run.config.data)
    encoded: Any = encode_images(run.model, images.images[images.split("test")[image : image + 1]])
    return list(encoded.indices.flatten().tolist())


test_codes.__test__ = False  # type: ignore[attr-defined]


#: Ends when an element has stayed where it is for a frame: on a busy machine parts above it may still be filled.
STILL = """(marks) => new Promise((done) => {
  let before = "";
  const look = () => {
    const { x, y, width } = marks.getBoundingClientRect(), now = [x, y, width].join();
    if (now === before) return done();
    before = now;
    requestAnimationFrame(look);
  };
  look();
})"""


def at(page: Any, cell: int, stage: str = "codes") -> tuple[float, float]:
    """Where the middle of a cell is on the screen."""
    marks = page.locator(f".ex-bench-{stage} .ex-bench-marks")
    marks.evaluate(STILL)
    box = marks.bounding_box()
    grid = page.evaluate(f"{BENCH}.bench.grid")
    return box["x"] + (cell % grid + 0.5) * box["width"] / grid, box["y"] + (cell // grid + 0.5) * box["height"] / grid


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def take(page: Any, code: int) -> None:
    """A code from the palette, which also takes the brush."""
    page.locator(f'.ex-bench-palette [data-code="{code}"]').click()
    page.wait_for_function(f"{BENCH}.brush === {code} && {BENCH}.tool === 'paint' && {BENCH}.bench")
    # the planes above say more about a pinned code, which moves what stands below by a line
    page.wait_for_function(f"window.explorer.store.scene.view.code === {code}")


def test_the_first_view_loads_nothing_of_it(new_context, app_url):
    page = new_context().new_page()
    page.goto(app_url)
    page.wait_for_function("window.explorer?.store.decoderState('right') === 'ready'")
    page.wait_for_load_state("networkidle")
    names = page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    heavy = ("/workbench/", "workbench.css", "/atlas/", "/latents/", "/ask/")
    assert [name for name in names if any(part in name for part in heavy)] == []


def test_stages_are_the_models_and_one_cell_lights_in_all(open_bench):
    page = open_bench("?image=17")
    assert codes_of(page) == test_codes(EMA, 17)
    assert np.abs(decoded(page)[:, :, :3] - as_pytorch_decodes(EMA, codes_of(page))).max() <= 2
    cell = 30
    page.mouse.move(*at(page, cell, "features"))
    page.wait_for_function(f"window.explorer.store.hover.cell === {cell}")
    assert page.evaluate("window.explorer.store.hover.code") == codes_of(page)[cell]
    lit = page.evaluate(f"{BENCH}.stages.all.map((cells) => JSON.parse(cells.shown)[2])")
    assert lit == [cell] * 5
    expect(page.locator(".ex-bench-readout").first).to_contain_text("row 5, column 3 · zₑ = (")
    page.mouse.move(5, 5)
    page.wait_for_function("window.explorer.store.hover.cell === null")


def test_painting_with_the_mouse_and_undoing_restores_bit_for_bit(open_bench):
    page = open_bench()
    own, before = codes_of(page), decoded(page)
    take(page, 127)
    page.mouse.move(*at(page, 15))
    page.mouse.down()
    page.mouse.move(*at(page, 18), steps=2)  # faster than a cell at a time: the stroke has no holes
    page.mouse.move(*at(page, 32), steps=4)
    painted = dict.fromkeys((15, 16, 17, 18, 25, 32), 127)
    expected = [painted.get(k, code) for k, code in enumerate(own)]
    assert codes_of(page) == expected  # while the button is still down
    assert np.abs(decoded(page)[:, :, :3] - as_pytorch_decodes(EMA, expected)).max() <= 2
    page.mouse.up()
    stroke = decoded(page)
    assert not np.array_equal(stroke, before)
    differing = sum(a != b for a, b in zip(own, expected, strict=True))
    expect(page.locator(".ex-bench-state")).to_contain_text(f"Edited: {differing} of 49 cells")
    press(page, "Undo")
    assert codes_of(page) == own
    assert np.array_equal(decoded(page), before)
    press(page, "Redo")
    assert np.array_equal(decoded(page), stroke)
    press(page, "Put the image's codes back")
    assert np.array_equal(decoded(page), before)
    expect(page.locator(".ex-bench-state")).to_contain_text("As encoded")


def test_every_tool_is_one_step_back(open_bench):
    page = open_bench()
    own, before = codes_of(page), decoded(page)
    grids = [own]
    for name in ("Random codes", "Permute cells", "Fill all"):
        press(page, name)
        grids.append(codes_of(page))
    assert sorted(grids[2]) == sorted(grids[1]) != sorted(own)
    assert len(set(grids[3])) == 1
    press(page, "Clear")
    press(page, "Fill")
    page.mouse.click(*at(page, 2))
    region = [k for k, (a, b) in enumerate(zip(own, codes_of(page), strict=True)) if a != b]
    assert 2 in region
    assert len({own[k] for k in region}) == 1
    for grid in (own, grids[3], grids[2], grids[1], own):
        press(page, "Undo")
        assert codes_of(page) == grid
    assert np.array_equal(decoded(page), before)
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_disabled()


def test_painting_with_the_keyboard(open_bench):
    page = open_bench()
    own, before = codes_of(page), decoded(page)
    page.locator(".ex-bench-codes .ex-bench-marks").focus()
    page.keyboard.press("ArrowUp")  # from the middle, 24, to 17
    page.keyboard.press("p")
    page.wait_for_function(f"{BENCH}.brush === {own[17]} && {BENCH}.tool === 'paint'")
    page.locator(".ex-bench-codes .ex-bench-marks").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+ArrowRight")
    expected = [own[17] if k in (18, 19) else code for k, code in enumerate(own)]
    assert codes_of(page) == expected
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert codes_of(page) == own
    assert np.array_equal(decoded(page), before)
    page.keyboard.press("Control+Shift+z")
    assert codes_of(page)[18] == own[17]


def test_a_finger_paints_and_otherwise_scrolls(open_bench):
    page = open_bench(viewport={"width": 390, "height": 844}, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    own, before = codes_of(page), decoded(page)
    take(page, 35)
    page.locator(".ex-bench-codes").evaluate("(element) => element.scrollIntoView({ block: 'center' })")
    touch = page.context.new_cdp_session(page)
    # where the grid stands on the screen: rows that arrive above it change scrollY, and the browser keeps it in place
    place = "document.querySelector('.ex-bench-codes').getBoundingClientRect().top"
    top = page.evaluate(place)

    def swipe(cells: list[int]) -> None:
        for k, cell in enumerate(cells):
            x, y = at(page, cell)
            kind = "touchMove" if k else "touchStart"
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    swipe([8, 15, 22, 29])
    assert codes_of(page) == [35 if k in (8, 15, 22, 29) else code for k, code in enumerate(own)]
    assert page.evaluate(place) == pytest.approx(top, abs=1)
    page.get_by_role("button", name="Undo", exact=True).click()
    page.wait_for_function(f"{BENCH}.bench.future.length === 1")
    assert np.array_equal(decoded(page), before)
    page.get_by_role("button", name="Pick", exact=True).click()
    page.wait_for_function(f"{BENCH}.tool === 'pick'")
    style = f"getComputedStyle({BENCH}.stages.codes.marks).touchAction"
    assert page.evaluate(style) == "auto"


def test_a_finger_picks_the_code_of_a_cell(open_bench):
    page = open_bench(viewport={"width": 390, "height": 844}, has_touch=True)
    own = codes_of(page)
    page.get_by_role("button", name="Pick", exact=True).click()
    page.wait_for_function(f"{BENCH}.tool === 'pick'")
    page.locator(".ex-bench-codes").evaluate("(element) => element.scrollIntoView({ block: 'center' })")
    page.touchscreen.tap(*at(page, 24))
    page.wait_for_function(f"{BENCH}.brush === {own[24]}")


def test_codes_that_are_moved_on_the_plane_change_the_grid_and_go_back(open_bench):
    page = open_bench()
    own, before = codes_of(page), decoded(page)
    run: Any = load_run(EMA)
    images = load_image_set("fashion")
    z = encode_images(run.model, images.images[images.split("test")[:1]]).z_e
    assert z is not None
    code, target = own[24], z[0, 0, 0].tolist()  # what stands in the middle goes to where the first cell's vector is
    page.evaluate(f"window.explorer.store.moveCode('right', {code}, {target})")
    vectors = run.model.quantizer.codebook.detach().clone()
    vectors[code] = torch.tensor(target)
    expected = torch.cdist(z.view(49, 2).double(), vectors.double()).argmin(1).tolist()
    assert expected != own
    wait_for_codes(page, expected)
    with torch.no_grad():
        image = run.model.decode(vectors[expected].T.reshape(1, 2, 7, 7))[0, 0].clamp(0, 1).numpy() * 255
    assert np.abs(decoded(page)[:, :, 0] - image).max() <= 2
    page.evaluate("window.explorer.store.putBack('right')")
    wait_for_codes(page, own)
    assert np.array_equal(decoded(page), before)


def test_a_decoder_too_large_for_the_browser_is_asked_for(open_bench):
    page = open_bench()
    page.evaluate("['left', 'right'].forEach((name) => (window.explorer.store.side(name).decoder = null))")
    with page.expect_response("**/ask/decode"):
        press(page, "Permute cells")
    wanted = as_pytorch_decodes(EMA, codes_of(page))
    for _ in range(PATIENCE // 100):  # the answer is there; its picture is drawn in one of the next frames
        if np.abs(decoded(page)[:, :, :3] - wanted).max() <= 1:
            return
        page.wait_for_timeout(100)
    assert np.abs(decoded(page)[:, :, :3] - wanted).max() <= 1


def test_the_dogs_ears_go_to_the_cat_in_two_taps(open_bench):
    page = open_bench()
    press(page, "Try: 🐶's ears on 🐱")
    page.wait_for_function(
        f"{BENCH}.bench && {BENCH}.source.wanted === null && window.explorer.store.view.data === 'emoji'"
    )
    press(page, "Copy to the same place")
    view = page.evaluate("window.explorer.store.view")
    cat, dog = test_codes(EMOJI, view["image"]), test_codes(EMOJI, view["image_b"])
    assert codes_of(page) == dog[:24] + cat[24:]
    assert np.abs(decoded(page)[:, :, :3] - as_pytorch_decodes(EMOJI, codes_of(page))).max() <= 2
    press(page, "Undo")
    # a rectangle of another size, to another place
    page.locator(".ex-bench-from").scroll_into_view_if_needed()
    box = page.locator(".ex-bench-from .ex-bench-marks").bounding_box()
    page.mouse.move(box["x"] + 0.19 * box["width"], box["y"] + 0.19 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"], steps=3)
    page.mouse.up()
    page.locator(".ex-bench-codes").scroll_into_view_if_needed()
    page.mouse.click(*at(page, 63))  # kept within the grid: the corner comes to row 7, column 7
    expected = [*cat]
    expected[54:56], expected[62:64] = dog[9:11], dog[17:19]
    assert codes_of(page) == expected


def test_edits_stay_with_their_image(open_bench):
    page = open_bench()
    press(page, "Fill all")
    painted = codes_of(page)
    page.evaluate("window.explorer.store.commit({ image: 17 })")
    page.wait_for_function(f"{BENCH}.bench && window.explorer.store.scene.view.image === 17")
    assert codes_of(page) == test_codes(EMA, 17)
    page.evaluate("window.explorer.store.commit({ image: 0 })")
    page.wait_for_function(f"{BENCH}.bench && window.explorer.store.scene.view.image === 0")
    assert codes_of(page) == painted


def test_one_z_is_the_picture_and_one_code_a_patch(open_bench):
    page = open_bench("?code=136")
    own = codes_of(page)
    page.mouse.click(*at(page, 10, "original"))
    page.locator(".ex-bench-cards").scroll_into_view_if_needed()
    page.wait_for_function(f"{BENCH}.answers.found.left && {BENCH}.answers.found.right && {BENCH}.answers.found.pooled")
    expect(page.locator(".ex-bench-verdict").first).to_contain_text("One z is the whole picture, one code is a patch.")
    changed = [136 if k == 10 else code for k, code in enumerate(own)]
    pictures = [torch.tensor(as_pytorch_decodes(EMA, codes) / 255).permute(2, 0, 1)[None] for codes in (own, changed)]
    page.wait_for_function(  # decoded a moment after the averages, when the hand rests
        """(wanted) => {
          const shown = document.querySelector(".ex-bench-answer[data-side=right]").dataset.footprint;
          return Math.abs(shown / wanted - 1) < 0.02;
        }""",
        arg=float(footprint(change(*pictures))),
    )
    # the test set's averages: a whole picture on one side, a patch on the other (SCIENCE.md: .43 and .06 to .09)
    found = page.evaluate(
        f"[{BENCH}.answers.found.left, {BENCH}.answers.found.pooled].map(({{footprint}}) => footprint)"
    )
    assert found[0] > 0.3
    assert found[1] < 0.1
    before = page.locator(".ex-bench-answer[data-side=left]").get_attribute("data-footprint")
    page.get_by_role("button", name="z₂").click()
    page.wait_for_function(
        "(old) => document.querySelector('.ex-bench-answer[data-side=left]').dataset.footprint !== old", arg=before
    )
    # the field of cell 10 (row 1, column 3): pixels 12 - 11 to 12 + 14, and 4 - 11, cut off, to 4 + 14
    box = page.evaluate(f"JSON.parse({BENCH}.answers.cards.right.map.shown)[7]")
    assert box == [1, 0, 27, 19]


def test_the_atlas_and_what_codes_know(open_bench):
    page = open_bench("?data=emoji")
    page.locator(".ex-bench-atlas").scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.ex-bench-atlas').dataset.drawn === '24'")
    hits = page.evaluate(f"Array.from({BENCH}.codebook.hits)")
    cards = page.locator(".ex-bench-atlas button")
    shown = [int(card.get_attribute("data-code")) for card in cards.all()]
    assert [hits[k] for k in shown] == sorted(hits, reverse=True)[:24]
    cards.nth(5).click()
    page.wait_for_function(f"{BENCH}.brush === {shown[5]} && {BENCH}.tool === 'paint'")
    expect(page).to_have_url(re.compile(rf"code={shown[5]}"))
    page.get_by_role("button", name="Show 72 more of 256").click()
    page.wait_for_function("document.querySelector('.ex-bench-atlas').dataset.drawn === '96'")
    for drawn in ("168", "240"):
        page.get_by_role("button", name="Show 72 more of 256").click()
        page.wait_for_function(f"document.querySelector('.ex-bench-atlas').dataset.drawn === '{drawn}'")
    expect(cards.last).to_contain_text("dead")
    page.locator(".ex-bench-information").scroll_into_view_if_needed()
    page.wait_for_function(f"{BENCH}.information.found")
    expect(page.locator(".ex-bench-information")).to_contain_text("of 3.10 bits; by chance")
    expect(page.locator(".ex-bench-information .ex-bench-verdict")).to_contain_text("(336 test images)")


def test_chinese_is_complete_and_dark_is_dark(open_bench):
    page = open_bench("?lang=zh&__theme=dark")
    page.locator(".ex-bench-information").scroll_into_view_if_needed()
    page.wait_for_function(f"{BENCH}.information.found")
    text = page.locator("#ex-workbench").inner_text()
    assert re.findall(r"[A-Za-z]{3,} [a-z]{3,} [a-z]{3,}.*", text) == []
    assert "码网格" in text
    assert "{" not in text
    card = page.locator(".ex-bench-card").first
    background = card.evaluate("(element) => getComputedStyle(element).backgroundColor")
    assert max(int(value) for value in re.findall(r"\d+", background)[:3]) < 60
