"""The hand on the two planes: dragging, zooming, codes that move, and what is drawn to scale."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from playwright.sync_api import expect

from explorer.runs import load_run
from explorer.ui.computed import encoded
from tests.browser.links import on_latent
from tests.browser.pages import LOOKED, PHONE

EMA, GRADIENT = "fashion-vqvae-d2-k256-ema-s0", "fashion-vqvae-d2-k256-gradient-s0"
SVG = "{http://www.w3.org/2000/svg}"

ALIVE = """() => ["left", "right"].every((side) => {
  const view = document.querySelector(`#ex-${side} .ex-plane-moving`)?.explorer;
  return view?.frame && view.drawnPoints > 0 && window.explorer.store.decoderState(side) === "ready";
})"""
#: Before a function: imports a script of the page by name.
ASSETS = """const asset = (name) => {
  const { href } = document.querySelector("link[rel=modulepreload][href$='/store.js']");
  return import(href.replace("core/store.js", name));
}; """
VIEW = "document.querySelector('#ex-{side} .ex-plane-moving').explorer"
PIXELS = """(selector) => {
  const canvas = document.querySelector(selector);
  return Array.from(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data);
}"""
POINTER = "#ex-{side} [data-picture=pointer] canvas"


#: The latent point under page pixels.
PLACE = """((box) => view.frame.point({} - box.left, {} - box.top))(view.moving.getBoundingClientRect())"""


@pytest.fixture
def open_page(new_page: Any, app_url: str) -> Any:
    def open_at(query: str = "", **options: Any) -> Any:
        page = new_page(**options)
        page.goto(app_url + on_latent(query))
        page.wait_for_function(ALIVE)
        return page

    return open_at


@pytest.fixture
def look(visit: Any) -> Any:
    """As `open_page`, in the page that an earlier test left open."""

    def lead(query: str = "", **options: Any) -> Any:
        page = visit(query, **options)
        page.wait_for_function(ALIVE)
        page.wait_for_function(LOOKED)
        return page

    return lead


def on_view(page: Any, side: str, expression: str) -> Any:
    """`expression` of JavaScript about `view`, the plane of a side."""
    return page.evaluate(f"(() => {{ const view = {VIEW.format(side=side)}; return {expression}; }})()")


def at(page: Any, side: str, x: float, y: float) -> tuple[float, float]:
    """Page pixels of a latent point."""
    box = "view.moving.getBoundingClientRect()"
    px, py = on_view(page, side, f"[{box}.left + view.frame.x({x}), {box}.top + view.frame.y({y})]")
    return px, py


def selected(page: Any, side: str) -> Any:
    return page.evaluate(f"window.explorer.store.side('{side}').plane.selected")


def pointer(page: Any, side: str) -> Any:
    return page.evaluate(PIXELS, POINTER.format(side=side))


def camera(page: Any, side: str) -> Any:
    return on_view(page, side, "({zoom: view.camera.zoom, shift: view.camera.shift})")


def drag(page: Any, start: tuple[float, float], end: tuple[float, float], steps: int = 8) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=steps)


# --- codes


def busiest(page: Any) -> int:
    indices = selected(page, "right")["indices"]
    return max(set(indices), key=indices.count)


def test_a_dragged_code_changes_exactly_the_cells_that_numpy_says(look):
    page = look()
    before, code = selected(page, "right"), busiest(page)
    picture = pointer(page, "right")
    codes = encoded.codebook(load_run(EMA)).numpy().copy()
    start = at(page, "right", *codes[code])
    drag(page, start, (start[0] + 70, start[1] - 55))
    place = page.evaluate(f"Array.from(window.explorer.store.codes('right').vectors.slice({2 * code}, {2 * code + 2}))")
    codes[code] = place
    assert np.hypot(*(np.array(place) - before["vectors"][0])) > 0

    def nearest(vectors):
        return ((np.asarray(vectors, float)[:, None] - codes.astype(float)) ** 2).sum(2).argmin(1)

    assert page.evaluate("window.explorer.store.indices('right')") == nearest(before["vectors"]).tolist()
    assert page.evaluate("window.explorer.store.indices('right')") != before["indices"]
    points, counts = on_view(page, "right", "[Array.from(view.points.xy), Array.from(view.territory.counts)]")
    owners = nearest(np.array(points).reshape(-1, 2))
    assert counts == np.bincount(owners, minlength=256).tolist()
    assert pointer(page, "right") != picture
    note = page.locator("#ex-right [data-picture=pointer] .ex-picture-note")
    expect(note).to_contain_text(f"code {code}, moved: {counts[code]:,} of 10,000 drawn vectors")
    page.mouse.up()
    page.mouse.move(5, 5)
    # what was put back is what was there, bit for bit
    page.get_by_role("button", name="Put back (1)").click()
    assert page.evaluate("window.explorer.store.indices('right')") == before["indices"]
    assert page.evaluate("Array.from(window.explorer.store.codes('right').vectors)") == pytest.approx(
        encoded.codebook(load_run(EMA)).flatten().tolist(), abs=0
    )
    assert pointer(page, "right") == picture
    expect(page.locator("#ex-right [data-tool=putBack]")).to_be_hidden()


def test_cells_of_a_moved_code_are_those_of_a_codebook_that_always_was_so(look):
    page = look()
    wrong, inside = page.evaluate(
        ASSETS
        + """async () => {
          const { voronoi } = await asset("plane/voronoi.js");
          const { store } = window.explorer;
          const view = document.querySelector("#ex-right .ex-plane-moving").explorer;
          for (let i = 0; i < 40; i++) {
            store.moveCode("right", (7 * i) % 256, [Math.sin(i * 1.7) * 2, Math.cos(i * 2.3) * 2]);
          }
          const area = (polygon) => polygon.reduce((sum, x, i) => {
            const y = polygon[(i + 1) % polygon.length];
            const [u, v] = [polygon[(i + 2) % polygon.length], polygon[(i + 3) % polygon.length]];
            return i % 2 ? sum : sum + (x * v - u * y) / 2;
          }, 0);
          const fresh = voronoi(store.codes("right").places, view.territory.box);
          const wrong = fresh.filter((cell, k) => Math.abs(area(cell) - area(view.cells[k])) > 1e-9 * (1 + area(cell)));
          return [wrong.length, fresh.filter((cell) => area(cell) > 0).length];
        }"""
    )
    assert (wrong, inside) == (0, 256)


def test_moved_codes_stay_when_another_image_or_run_is_looked_at(look):
    page = look()
    page.evaluate("window.explorer.store.moveCode('right', 3, [1.5, 1.5])")
    page.locator(".ex-strip .ex-thumb").nth(20).click()
    page.wait_for_function("window.explorer.store.scene.view.image !== 0")
    page.get_by_label("Right", exact=True).select_option(GRADIENT)
    page.wait_for_function(f"window.explorer.store.side('right').run === '{GRADIENT}'")
    page.wait_for_function(ALIVE)
    expect(page.locator("#ex-right [data-tool=putBack]")).to_be_hidden()
    page.get_by_label("Right", exact=True).select_option(EMA)
    expect(page.get_by_role("button", name="Put back (1)")).to_be_visible()
    for place in ("[NaN, 0]", "[Infinity, 1]"):
        page.evaluate(f"window.explorer.store.moveCode('right', 4, {place})")
    page.evaluate("window.explorer.store.moveCode('right', 256, [0, 0])")
    assert page.evaluate("window.explorer.store.codes('right').moved.size") == 1


def test_sums_of_levels_finer_than_a_pixel_are_drawn_without_cells(look):
    """65,536 of them: cutting their cells would hold the page for days."""
    runs = "left=faces-vae-z2-s0&right=faces-vqvae-d2-k16-residual4-ema-s0"
    page = look(f"?v=2&tab=latent&data=faces&{runs}")
    assert page.evaluate("window.explorer.store.codes('right').places.length") == 2 * 16**4
    page.locator("#ex-right .ex-plane-moving").hover()
    page.wait_for_function("window.explorer.store.hover.code !== null")


def test_keys_move_a_code_and_put_it_back(look):
    page = look()
    page.locator("#ex-right .ex-plane-moving").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    code = page.evaluate("window.explorer.store.hover.code")
    assert page.evaluate("[...window.explorer.store.codes('right').moved.keys()]") == [code]
    page.keyboard.press("Delete")
    assert page.evaluate("window.explorer.store.codes('right').moved.size") == 0


def test_a_pinned_code_shows_patches_and_a_patch_selects_its_image(look):
    page = look(f"?code={17}")
    patches = page.locator("#ex-right .ex-patch")
    patches.first.wait_for()
    total = page.evaluate("window.explorer.store.codes('right').hits[17]")
    assert patches.count() == min(200, total)
    expect(page.locator("#ex-right .ex-patches")).to_contain_text(f"{min(200, total)} of {total:,} patches")
    image = int(re.findall(r"\d+", patches.nth(3).get_attribute("title"))[0])
    patches.nth(3).click()
    page.wait_for_function(f"window.explorer.store.scene.view.image === {image}")
    assert 17 in selected(page, "right")["indices"]
    page.locator("#ex-right .ex-patches-close").click()
    expect(page.locator("#ex-right .ex-patches")).to_be_hidden()


# --- points


def test_dragging_the_selected_image_takes_a_pin_along(look):
    page = look()
    mean = selected(page, "left")["mean"]
    decodes = page.evaluate(f"document.querySelector('{POINTER.format(side='left')}').explorer.decodes")
    drag(page, at(page, "left", *mean), at(page, "left", 1.5, 1.0))
    assert page.evaluate("window.explorer.store.hover.z.point") == pytest.approx([1.5, 1.0], abs=0.05)
    assert page.evaluate("window.explorer.store.view.z") == []
    assert page.evaluate(f"document.querySelector('{POINTER.format(side='left')}').explorer.decodes") > decodes
    page.mouse.up()
    page.wait_for_function("window.explorer.store.scene.view.z.length === 2")
    assert page.evaluate("window.explorer.store.view.z") == pytest.approx([1.5, 1.0], abs=0.05)


def test_draws_land_on_the_plane_and_decode(open_page):
    page = open_page()
    seen = []
    for number in range(1, 4):
        page.get_by_role("button", name="Resample ε").click()
        note = page.locator("#ex-left [data-picture=pointer] .ex-picture-note")
        expect(note).to_have_text(re.compile(rf"^draw {number}: z = "))
        seen.append(page.evaluate("window.explorer.store.hover.z.point"))
        expected = page.evaluate(
            """() => {
              const { store } = window.explorer;
              const values = store.decode("left", store.hover.z.point);
              return Array.from(new Uint8ClampedArray(Array.from(values, (value) => 255 * value)));
            }"""
        )
        assert pointer(page, "left")[::4] == expected
    chosen = selected(page, "left")
    epsilon = (np.array(seen) - chosen["mean"]) / chosen["sigma"]
    assert np.abs(epsilon).max() < 5
    assert np.abs(epsilon).min() > 0
    assert on_view(page, "left", "view.draws.points") == seen
    page.reload()
    page.wait_for_function(ALIVE)
    page.get_by_role("button", name="Resample ε").click()
    assert page.evaluate("window.explorer.store.hover.z.point") == seen[0]  # the same ε for the same image


def test_the_generator_of_draws_is_standard_normal(look):
    draws = np.array(
        look().evaluate(
            ASSETS
            + """async () => {
              const { gaussians } = await asset("plane/draws.js");
              return [0, 1].map((seed) => Array.from({ length: 20000 }, gaussians(seed)));
            }"""
        )
    )
    for row in draws:
        assert abs(row.mean()) < 0.03
        assert abs(row.std() - 1) < 0.03
        assert abs((row**3).mean()) < 0.1
        assert abs((row**4).mean() - 3) < 0.3
        assert abs(np.corrcoef(row[:-1], row[1:])[0, 1]) < 0.03
    assert abs(np.corrcoef(draws)[0, 1]) < 0.03


def saved_svg(page: Any, selector: str) -> tuple[str, str, list[str], ElementTree.Element]:
    """File name, title, texts and root of what a click on `selector` saves."""
    with page.expect_download() as download:
        page.locator(selector).click()
    root = ElementTree.fromstring(download.value.path().read_text())
    title = root.findtext(f"{SVG}title") or ""
    return download.value.suggested_filename, title, [text.text or "" for text in root.iter(f"{SVG}text")], root


def a_plane_is_saved_as_shapes(page):
    name, title, texts, root = saved_svg(page, "#ex-right [data-save=SVG]")
    assert name == f"plane-{EMA}.svg"
    assert title in texts
    assert "Across: e₁. Up: e₂. One scale for both." in texts
    dots = [path.attrib["d"].count("M") for path in root.iter(f"{SVG}path") if "h1.7v1.7h-1.7Z" in path.attrib["d"]]
    assert sum(dots) == on_view(page, "right", "view.drawnPoints") > 9000
    discs = [path for path in root.iter(f"{SVG}path") if "A" in path.attrib["d"]]
    assert len(discs) >= 256  # a disc for each code, and rings about those of the selected image
    assert not list(root.iter(f"{SVG}image"))


def test_pictures_stand_in_place_of_dots(open_page):
    page = open_page()
    a_plane_is_saved_as_shapes(page)
    page.get_by_role("button", name="Pictures").first.click()
    page.wait_for_function(f"{VIEW.format(side='left')}.drawnPoints < 2000")
    shown = on_view(page, "left", "view.drawnPoints")
    assert 50 < shown < 1000
    root = saved_svg(page, "#ex-left [data-save=SVG]")[-1]
    assert len(list(root.iter(f"{SVG}image"))) == shown
    page.locator("#ex-left [data-tool=in]").click()
    page.locator("#ex-left [data-tool=in]").click()
    page.wait_for_function(f"{VIEW.format(side='left')}.drawnPoints !== {shown}")
    page.get_by_role("button", name="Pictures").first.click()
    page.wait_for_function(f"{VIEW.format(side='left')}.drawnPoints > 1000")


def test_the_decoded_map_shows_what_the_decoder_says(open_page):
    page = open_page()
    page.get_by_role("button", name="Decoded map").first.click()
    inked = """Array.from(view.still.getContext("2d").getImageData(20, 20, 400, 60).data)
      .filter((value, i) => i % 4 === 3 && value > 20).length"""
    # where hardly any point lies; it is decoded tile by tile
    page.wait_for_function(f"(() => {{ const view = {VIEW.format(side='left')}; return {inked} > 3000; }})()")


# --- zoom


def test_the_wheel_zooms_about_the_pointer_and_another_image_keeps_it(look):
    page = look()
    start = np.round(at(page, "left", 1.0, 1.0)).tolist()
    point = on_view(page, "left", PLACE.format(*start))
    page.mouse.move(*start)
    page.mouse.wheel(0, -400)
    page.wait_for_function(f"{VIEW.format(side='left')}.camera.zoom > 1.2")
    assert at(page, "left", *point) == pytest.approx(start, abs=0.01)
    assert camera(page, "right") == {"zoom": 1, "shift": [0, 0]}
    zoomed = camera(page, "left")
    page.mouse.move(5, 5)
    page.locator(".ex-strip .ex-thumb").nth(20).click()
    page.wait_for_function("window.explorer.store.scene.view.image !== 0")
    assert camera(page, "left") == zoomed
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("VAE 与 VQ-VAE")
    assert camera(page, "left") == zoomed
    page.get_by_label("左侧", exact=True).select_option("fashion-ae-z2-s0")
    page.wait_for_function("window.explorer.store.side('left').kind === 'ae'")
    page.wait_for_function(ALIVE)
    assert camera(page, "left") == {"zoom": 1, "shift": [0, 0]}


def test_the_page_scrolls_where_there_is_nothing_to_zoom_out_of(open_page):
    page = open_page(viewport={"width": 1280, "height": 500})
    page.mouse.move(*at(page, "left", 0.0, 3.0))
    page.mouse.wheel(0, 200)
    page.wait_for_function("scrollY > 0")
    assert camera(page, "left")["zoom"] == 1


def test_an_empty_place_pans_and_a_double_click_shows_all_again(look):
    page = look("?z=0.5,0.5")
    x, y = at(page, "left", -3.0, -4.0)
    drag(page, (x, y), (x + 60, y - 40))
    page.mouse.up()
    scale = on_view(page, "left", "view.frame.scale")
    half = on_view(page, "left", "view.camera.home.half")
    assert np.array(camera(page, "left")["shift"]) * half * scale == pytest.approx([-60, -40], abs=1)
    assert page.evaluate("window.explorer.store.view.z") == [0.5, 0.5]
    page.mouse.dblclick(x + 30, y)
    page.wait_for_function(f"{VIEW.format(side='left')}.camera.atHome")
    page.wait_for_function("JSON.stringify(window.explorer.store.scene.view.z) === '[0.5,0.5]'")


def test_keys_zoom_and_linked_planes_share_it(look):
    page = look()
    page.locator("#ex-left .ex-plane-moving").focus()
    page.keyboard.press("+")
    assert camera(page, "left")["zoom"] == pytest.approx(1.4)
    assert camera(page, "right")["zoom"] == 1
    page.locator("#ex-left [data-tool=linked]").click()
    assert camera(page, "right") == camera(page, "left")
    expect(page.locator("#ex-right [data-tool=linked]")).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile("linked"))
    page.locator("#ex-right .ex-plane-moving").focus()
    page.keyboard.press("-")
    page.keyboard.press("-")
    assert camera(page, "left")["zoom"] == pytest.approx(1 / 1.4)
    page.keyboard.press("0")
    assert camera(page, "left") == camera(page, "right") == {"zoom": 1, "shift": [0, 0]}


# --- to scale

REACH = """([canvas, x, y]) => {
  // pixels that are tinted, along the two axes through a centre: an ellipse is filled
  const element = document.querySelector(canvas);
  const ratio = element.width / element.clientWidth;
  const context = element.getContext("2d");
  const filled = (dx, dy) =>
    context.getImageData(Math.round((x + dx) * ratio), Math.round((y + dy) * ratio), 1, 1).data[3] > 25;
  const reach = (dx, dy) => {
    let far = 0;
    for (let step = 0; step < 400; step += 0.25) if (filled(dx * step, dy * step)) far = step;
    return far;
  };
  return [reach(1, 0), reach(0, 1)];
}"""


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark", "device_scale_factor": 2}])
def test_the_ellipse_of_the_plane_and_of_the_magnifier_are_to_scale(open_page, options):
    page = open_page(**options)
    chosen = selected(page, "left")
    # far in, so that the ellipse is larger than the ring around it
    page.evaluate(f"{VIEW.format(side='left')}.camera.zoomAt({chosen['mean']}, 60)")
    page.wait_for_function(f"!{VIEW.format(side='left')}.looking")
    scale = on_view(page, "left", "view.frame.scale")
    centre = on_view(page, "left", f"[view.frame.x({chosen['mean'][0]}), view.frame.y({chosen['mean'][1]})]")
    reach = page.evaluate(REACH, ["#ex-left .ex-plane-moving", *centre])
    assert reach == pytest.approx([2 * sigma * scale for sigma in chosen["sigma"]], abs=1)
    page.evaluate(f"{VIEW.format(side='left')}.camera.goHome()")
    page.wait_for_function(f"!{VIEW.format(side='left')}.looking")
    scale = on_view(page, "left", "view.frame.scale")
    close = "#ex-left [data-picture=close] canvas"
    factor, x, y, enlarged = page.evaluate(
        f"""(() => {{
          const {{ factor, frame }} = document.querySelector("{close}").explorer;
          return [factor, frame.x({chosen["mean"][0]}), frame.y({chosen["mean"][1]}), frame.scale];
        }})()"""
    )
    assert enlarged == pytest.approx(factor * scale)
    expect(page.locator("#ex-left [data-picture=close] .ex-picture-note")).to_contain_text(f"×{factor:g}")
    page.evaluate("window.explorer.store.preview({ cls: 99 })")  # other images' dots must not stand in the way
    page.wait_for_function(f"{VIEW.format(side='left')}.lit === 99")
    page.evaluate(f"{VIEW.format(side='left')}.onLook()")
    reach = page.evaluate(REACH, [close, x, y])
    assert reach == pytest.approx([2 * sigma * scale * factor for sigma in chosen["sigma"]], abs=1)


# --- fingers


class Fingers:
    """Real touches: the browser itself decides what scrolls."""

    def __init__(self, page: Any) -> None:
        self.session = page.context.new_cdp_session(page)

    def touch(self, kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def swipe(self, start: tuple[float, float], end: tuple[float, float], steps: int = 8) -> None:
        self.touch("touchStart", start)
        for step in range(1, steps + 1):
            share = step / steps
            self.touch("touchMove", (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])))
        self.touch("touchEnd")


#: Of codes that lie below a plane: how far above its lower edge their number is drawn.
OUTSIDE = """async () => {
  const { drawCodes } = await asset("plane/layers.js");
  const context = document.createElement("canvas").getContext("2d");
  const texts = [];
  context.fillText = (text, x, y) => texts.push([text, y]);
  const frame = { width: 300, height: 300, x: (x) => x, y: (y) => y };
  drawCodes(context, frame, { places: [150, 5000, 160, 5000], hits: [1, 0] });
  return texts;
}"""


def test_the_number_of_codes_outside_stands_above_the_numbers_of_the_axis(look):
    [(text, y)] = look().evaluate(f"() => {{ {ASSETS} return ({OUTSIDE})(); }}")
    assert "2" in text
    assert y + 11 / 2 < 300 - 3 - 10  # middle of 11 pixels; the axis has 10, which end 3 above the edge


def test_a_finger_on_a_handle_drags_it_and_elsewhere_the_page_scrolls(look):
    page = look(**PHONE)
    fingers = Fingers(page)
    page.evaluate("document.querySelector('#ex-left .ex-plane').scrollIntoView({ block: 'center' })")
    mean = selected(page, "left")["mean"]
    scrolled = page.evaluate("scrollY")
    start = at(page, "left", *mean)
    fingers.swipe(start, (start[0] + 40, start[1] - 80))
    page.wait_for_function("window.explorer.store.scene.view.z.length === 2")
    assert page.evaluate("scrollY") == scrolled
    place = at(page, "left", *page.evaluate("window.explorer.store.view.z"))
    assert place == pytest.approx((start[0] + 40, start[1] - 80), abs=2)
    empty = at(page, "left", -3.0, -4.0)
    fingers.swipe(empty, (empty[0], empty[1] - 120))
    page.wait_for_function(f"scrollY > {scrolled} + 40")
    assert camera(page, "left") == {"zoom": 1, "shift": [0, 0]}


def test_a_pinned_code_can_be_dragged_by_a_finger(look):
    page = look("?code=17", **PHONE)
    fingers = Fingers(page)
    page.evaluate("document.querySelector('#ex-right .ex-plane').scrollIntoView({ block: 'center' })")
    scrolled = page.evaluate("scrollY")
    place = page.evaluate("Array.from(window.explorer.store.codes('right').places.slice(34, 36))")
    start = at(page, "right", *place)
    fingers.swipe(start, (start[0] + 30, start[1] + 60))
    assert page.evaluate("[...window.explorer.store.codes('right').moved.keys()]") == [17]
    moved = page.evaluate("Array.from(window.explorer.store.codes('right').places.slice(34, 36))")
    assert at(page, "right", *moved) == pytest.approx((start[0] + 30, start[1] + 60), abs=2)
    assert page.evaluate("scrollY") == scrolled


def test_two_fingers_zoom(look):
    page = look(**PHONE)
    fingers = Fingers(page)
    page.evaluate("document.querySelector('#ex-left .ex-plane').scrollIntoView({ block: 'center' })")
    x, y = at(page, "left", 0.0, 0.0)
    fingers.touch("touchStart", (x - 30, y), (x + 30, y))
    for reach in (40, 50, 60):
        fingers.touch("touchMove", (x - reach, y), (x + reach, y))
    fingers.touch("touchEnd")
    assert camera(page, "left")["zoom"] == pytest.approx(2, rel=0.05)
    assert at(page, "left", 0.0, 0.0) == pytest.approx((x, y), abs=2)
    assert page.evaluate("window.explorer.store.view.z") == []
