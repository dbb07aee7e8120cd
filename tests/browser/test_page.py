"""What a person does with the page, in a real browser, with the shipped runs."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Request, expect

from tests.browser.links import on_latent
from tests.browser.pages import LOOKED, boxes

VAE, EMA, GRADIENT = "fashion-vae-z2-s0", "fashion-vqvae-d2-k256-ema-s0", "fashion-vqvae-d2-k256-gradient-s0"

ALIVE = """() => ["left", "right"].every((side) => {
  const canvas = document.querySelector(`#ex-${side} .ex-plane-moving`);
  if (window.explorer?.store.side(side)?.empty) return true;
  const drawn = canvas?.explorer.drawnPoints > 0 && canvas.explorer.points;
  return drawn && window.explorer.store.decoderState(side) === "ready";
})"""

#: Where a plane draws a latent point, in page pixels.
AT = """([side, x, y]) => {
  const canvas = document.querySelector(`#ex-${side} .ex-plane-moving`);
  const box = canvas.getBoundingClientRect();
  return [box.left + canvas.explorer.frame.x(x), box.top + canvas.explorer.frame.y(y)];
}"""

#: The pixels of what the pointer decodes.
POINTER = """() => {
  const canvas = document.querySelector("#ex-left [data-picture=pointer] canvas");
  return Array.from(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data);
}"""


@pytest.fixture
def open_page(new_page: Any, app_url: str) -> Any:
    """Opens the page and waits until both planes and both decoders are there."""

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


def scene_of(page: Any) -> Any:
    return page.evaluate("window.explorer.store.scene")


def settled(page: Any, field: str, value: object) -> None:
    """Waits until Python has answered with this value in the View."""
    page.wait_for_function(
        "([field, value]) => JSON.stringify(window.explorer.store.scene.view[field]) === JSON.stringify(value)",
        arg=[field, value],
    )


def point(page: Any, side: str, x: float, y: float) -> tuple[float, float]:
    px, py = page.evaluate(AT, [side, x, y])
    return px, py


def test_it_opens_alive(open_page):
    """Planes, pictures and numbers are there before anything is clicked, and no question was asked for them."""
    page = open_page()
    scene = scene_of(page)
    assert scene["sides"]["left"]["run"] == VAE
    assert scene["sides"]["right"]["run"] == EMA
    assert page.evaluate("window.explorer.store.view") == scene["view"]
    assert page.url.endswith("&tab=latent")
    for side in ("left", "right"):
        drawn = page.evaluate(f"document.querySelector('#ex-{side} .ex-plane-moving').explorer.drawnPoints")
        assert drawn == (5000 if side == "left" else 10_000)
        expect(page.locator(f"#ex-{side} .ex-fact dd").first).to_have_text(re.compile(r"^\d+\.\d dB$"))
    assert max(page.evaluate(POINTER)) > 0


#: Counts the frames that the page asks for, before any script of its own.
COUNTING = """(() => {
  const next = window.requestAnimationFrame.bind(window);
  window.asked = 0;
  window.requestAnimationFrame = (then) => next(then, (window.asked += 1));
  window.frame = () => new Promise(next);
})()"""
#: Whether of thirty frames nothing of the page's asks for one.
AT_REST = """async () => {
  const before = window.asked;
  for (let i = 0; i < 30; i += 1) await window.frame();
  return window.asked === before;
}"""


def test_a_page_at_rest_draws_no_frames(new_context, app_url):
    """Gradio's clock of its loading screen would ask for sixty a second for ever."""
    page = new_context().new_page()
    page.add_init_script(COUNTING)
    page.goto(f"{app_url}?tab=latent")
    page.wait_for_function(ALIVE)
    assert page.evaluate("window.asked") > 0
    assert any(page.evaluate(AT_REST) for _ in range(20))  # what is drawn on opening takes its time


def test_selecting_an_image_changes_both_sides_and_the_link(look):
    page = look()
    before = scene_of(page)
    thumb = page.locator(".ex-strip .ex-thumb").nth(20)
    image = int(thumb.get_attribute("data-image"))
    thumb.click()
    settled(page, "image", image)
    after = scene_of(page)
    for side in ("left", "right"):
        assert after["sides"][side]["panel"]["original"] != before["sides"][side]["panel"]["original"]
    assert after["sides"]["left"]["plane"]["selected"] != before["sides"]["left"]["plane"]["selected"]
    expect(page).to_have_url(re.compile(rf"&image={image}$"))
    expect(thumb).to_have_attribute("aria-checked", "true")
    expect(page.locator(".ex-strip .ex-thumb[aria-checked=true]")).to_have_count(1)


def test_arrow_keys_walk_along_the_strip(look):
    page = look()
    images = [int(thumb.get_attribute("data-image")) for thumb in page.locator(".ex-strip .ex-thumb").all()]
    page.locator(".ex-strip .ex-thumb[aria-checked=true]").focus()
    page.keyboard.press("ArrowRight")
    settled(page, "image", images[images.index(0) + 1])
    page.keyboard.press("End")
    settled(page, "image", images[-1])
    page.keyboard.press("ArrowRight")
    settled(page, "image", images[0])


def test_arrow_keys_walk_along_the_tabs_that_are_not_hidden(open_page):
    page = open_page("?hide=reconstruct")
    page.get_by_role("tab", name="Latent").focus()
    for key, tab in (
        ("ArrowRight", "codebook"),
        ("ArrowLeft", "latent"),
        ("ArrowLeft", "start"),
        ("ArrowLeft", "train"),
        ("Home", "start"),
        ("End", "train"),
    ):
        page.keyboard.press(key)
        settled(page, "tab", tab)
        here = page.locator("#ex-tabs button[role=tab]:focus")
        expect(here).to_have_attribute("data-tab-id", tab)
        expect(here).to_have_attribute("aria-selected", "true")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_checkbox_shows_its_focus(open_page, theme):
    page = open_page(f"?__theme={theme}")
    for tab, place in (("Train", ".ex-train-check input"), ("Codebook", ".ex-cb-scrubber input[type=checkbox]")):
        page.get_by_role("tab", name=tab).click()
        box = page.locator(place)
        box.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        expect(box).to_be_focused()
        expect(box).to_have_css("outline-style", "solid")
        expect(box).to_have_css("outline-width", "2px")


def test_changing_a_run_changes_its_side_only(look):
    page = look()
    before = scene_of(page)
    page.get_by_label("Right", exact=True).select_option(GRADIENT)
    settled(page, "right", GRADIENT)
    page.wait_for_function(ALIVE)
    after = scene_of(page)
    assert after["sides"]["left"] == before["sides"]["left"]
    assert after["sides"]["right"]["run"] == GRADIENT
    expect(page.locator("#ex-right .ex-run")).to_have_text(GRADIENT)
    expect(page).to_have_url(re.compile(rf"&right={GRADIENT}&tab=latent$"))
    loaded = page.evaluate("document.querySelector('#ex-right .ex-plane-moving').explorer.loaded")
    assert loaded == after["sides"]["right"]["plane"]["points"]


def test_the_language_changes_without_a_reload(open_page):
    page = open_page()
    page.evaluate("window.stays = true")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("VAE 与 VQ-VAE")
    expect(page.get_by_role("tab").first).to_have_text("开始")
    expect(page).to_have_title("VAE 与 VQ-VAE")
    expect(page.get_by_label("右侧", exact=True)).to_have_value(EMA)
    expect(page).to_have_url(re.compile(r"&lang=zh$"))
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert page.evaluate("window.stays")
    # sentences that are asked for come a moment later
    english = re.compile(r"[A-Za-z]{3,} [a-z]{3,} [a-z]{3,}")
    expect(page.locator("body")).not_to_contain_text(english, use_inner_text=True)
    page.get_by_role("button", name="EN", exact=True).click()
    expect(page.get_by_role("tab").first).to_have_text("Start")


def test_many_quick_changes_end_at_the_last(look):
    """Answers that a newer question has overtaken are dropped, and none is taken for a question."""
    page = look("?lang=zh")
    images = page.evaluate(
        """() => {
          const thumbs = [...document.querySelectorAll(".ex-strip .ex-thumb")];
          thumbs.forEach((thumb) => thumb.click());
          return thumbs.map((thumb) => Number(thumb.dataset.image));
        }"""
    )
    settled(page, "image", images[-1])
    page.get_by_label("右侧", exact=True).select_option(GRADIENT)
    page.get_by_label("左侧", exact=True).select_option(EMA)
    settled(page, "left", EMA)
    assert scene_of(page)["view"] | {"left": EMA, "right": GRADIENT, "image": images[-1]} == scene_of(page)["view"]
    expect(page.get_by_role("tab").first).to_have_text("开始")


def test_a_link_restores_what_was_seen(open_page):
    page = open_page(f"?right={GRADIENT}&image=17&z=0.5,-1.25&code=3&lang=zh&__theme=dark")
    settled(page, "image", 17)
    scene = scene_of(page)
    assert scene["sides"]["right"]["run"] == GRADIENT
    assert (scene["sides"]["left"]["z"], scene["sides"]["right"]["code"]) == ([0.5, -1.25], 3)
    expect(page.get_by_role("heading", level=1)).to_have_text("VAE 与 VQ-VAE")
    expect(page.locator("#ex-left .ex-picture-note").last).to_have_text("已固定 · z = (0.50, −1.25)")
    expect(page.locator("body")).to_have_class(re.compile("dark"))
    expect(page).to_have_url(
        re.compile(rf"&right={GRADIENT}&tab=latent&image=17&code=3&z=0.5,-1.25&lang=zh&__theme=dark$")
    )


def test_a_link_copied_from_the_page_says_the_same(open_page, app_url):
    page = open_page("?image=5&__theme=dark")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copy link")).to_have_text("Copied")
    assert (
        page.evaluate("navigator.clipboard.readText()")
        == f"{app_url}?v=2&data=fashion&left={VAE}&right={EMA}&tab=latent&image=5"
    )


def test_a_hostile_link_says_what_it_did(open_page):
    page = open_page("?right=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&image=99999")
    note = page.locator(".ex-note")
    expect(note).to_contain_text("there is no run '<img src=x onerror=alert(1)>'")
    expect(note).to_contain_text("a whole number from 0 to 4999")
    assert page.locator("img[src='x']").count() == 0
    expect(page).to_have_url(re.compile(r"&tab=latent$"))
    note.get_by_role("button", name="Dismiss").click()
    expect(note).to_have_count(0)


def test_a_chinese_browser_gets_chinese(open_page):
    page = open_page(locale="zh-CN")
    expect(page.get_by_role("heading", level=1)).to_have_text("VAE 与 VQ-VAE")


def test_emoji_bring_their_own_runs_and_pictures(look):
    page = look()
    page.get_by_label("Images", exact=True).select_option("emoji")
    settled(page, "data", "emoji")
    scene = scene_of(page)
    assert scene["strip"]["sheet"].endswith("emoji.png")
    groups = scene["bar"]["runs"]
    assert all(option["id"].startswith("emoji") for group in groups for option in group["options"])


# --- the hand


def test_hovering_the_plane_decodes_and_leaving_restores(look):
    page = look()
    still = page.evaluate(POINTER)
    page.mouse.move(*point(page, "left", 1.5, 1.0))
    note = page.locator("#ex-left .ex-picture-note").last
    expect(note).to_have_text(re.compile(r"^z = \(1\.[45]\d, (1\.0|0\.9)\d\)$"))
    hovered = page.evaluate(POINTER)
    assert hovered != still
    shown = page.evaluate(
        """() => {
          const {store} = window.explorer;
          const values = store.decode("left", store.hover.z.point);
          return Array.from(new Uint8ClampedArray(Array.from(values, (v) => v * 255)));
        }"""
    )
    assert hovered[::4] == shown
    page.mouse.move(5, 5)
    expect(note).to_have_text("the prior's centre")
    assert page.evaluate(POINTER) == still
    assert page.url.endswith("&tab=latent")


def test_a_click_pins_a_point_and_a_second_one_lets_go(look):
    page = look()
    page.mouse.click(*point(page, "left", -1.0, 0.5))
    page.wait_for_function("window.explorer.store.scene.view.z.length === 2")
    expect(page).to_have_url(re.compile(r"&z=-(1(\.0\d*)?|0\.99\d*),0\.(49|5)\d*$"))
    expect(page.locator("#ex-left .ex-picture-note").last).to_have_text(re.compile("^(pinned · )?z = "))
    pinned = page.evaluate(POINTER)
    page.mouse.move(5, 5)
    expect(page.locator("#ex-left .ex-picture-note").last).to_have_text(re.compile("^pinned · z = "))
    assert page.evaluate(POINTER) == pinned
    page.mouse.click(*point(page, "left", -1.0, 0.5))
    settled(page, "z", [])


def test_hovering_a_code_lights_its_cells(look):
    page = look()
    selected = scene_of(page)["sides"]["right"]["plane"]["selected"]
    code = max(set(selected["indices"]), key=selected["indices"].count)
    x, y = page.evaluate(
        """(code) => {
          const {places} = document.querySelector("#ex-right .ex-plane-moving").explorer.codebook;
          return [places[2 * code], places[2 * code + 1]];
        }""",
        code,
    )
    page.mouse.move(*point(page, "right", x, y))
    cells = selected["indices"].count(code)
    expect(page.locator("#ex-right [data-picture=codes] .ex-picture-note")).to_have_text(f"{cells} of 49 cells")
    expect(page.locator("#ex-right [data-picture=pointer] .ex-picture-note")).to_have_text(
        re.compile(rf"^code {code} · [\d,]+ of 245,000 vectors$")
    )
    page.mouse.down()
    page.mouse.up()
    settled(page, "code", code)
    expect(page).to_have_url(re.compile(rf"&code={code}$"))


def test_a_cell_of_the_grid_lights_its_code(look):
    page = look()
    indices = scene_of(page)["sides"]["right"]["plane"]["selected"]["indices"]
    box = page.locator("#ex-right [data-picture=codes] canvas").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 3.5 / 7, box["y"] + box["height"] * 2.5 / 7)
    page.wait_for_function("window.explorer.store.hover.cell === 17")
    assert page.evaluate("window.explorer.store.hover.code") == indices[17]


def test_keys_move_pin_and_let_go(look):
    page = look()
    plane = page.locator("#ex-left .ex-plane-moving")
    plane.focus()
    start = scene_of(page)["sides"]["left"]["plane"]["selected"]["mean"]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    x, y = page.evaluate("window.explorer.store.hover.z.point")
    assert x > start[0]
    assert y == pytest.approx(start[1])
    page.keyboard.press("Enter")
    page.wait_for_function("window.explorer.store.scene.view.z.length === 2")
    page.keyboard.press("Escape")
    settled(page, "z", [])
    page.locator("#ex-right .ex-plane-moving").focus()
    page.keyboard.press("ArrowLeft")
    code = page.evaluate("window.explorer.store.hover.code")
    page.keyboard.press("Enter")
    settled(page, "code", code)


def test_a_class_is_lit_on_both_planes(look):
    page = look()
    page.get_by_role("button", name="Sandal", exact=True).hover()
    page.wait_for_function("window.explorer.store.hover.cls === 5")
    expect(page.get_by_role("button", name="Bag", exact=True)).to_have_class(re.compile("ex-dim"))
    page.mouse.move(5, 5)
    page.wait_for_function("window.explorer.store.hover.cls === null")


def test_every_number_says_what_it_is(look):
    page = look()
    tips = page.locator("#ex-left .ex-tip, #ex-right .ex-tip")
    assert tips.count() == 8  # three figures and the run's label on each side
    page.locator("#ex-left dt .ex-tip").first.hover()
    expect(page.get_by_role("tooltip")).to_contain_text("Peak signal-to-noise ratio")
    page.mouse.move(5, 5)
    expect(page.locator(".ex-bubble")).to_be_hidden()


# --- to scale

RING_PIXELS = """() => {
  // scan the drawn canvas outwards from the origin, to the left, for the rings' own blue
  const view = document.querySelector("#ex-left .ex-plane-moving").explorer;
  const ratio = view.still.width / view.frame.width;
  const context = view.still.getContext("2d");
  const colour = getComputedStyle(document.querySelector(".gradio-container")).getPropertyValue("--ex-vae").trim();
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  const hits = [];
  for (let angle = 0; angle < 360; angle += 1) {
    const found = [];
    for (let radius = 4; radius < view.frame.width / 2; radius += 0.5) {
      const x = view.frame.x(0) + radius * Math.cos((angle * Math.PI) / 180);
      const y = view.frame.y(0) + radius * Math.sin((angle * Math.PI) / 180);
      const pixel = context.getImageData(Math.floor(x * ratio), Math.floor(y * ratio), 1, 1).data;
      if (Math.abs(pixel[0] - r) + Math.abs(pixel[1] - g) + Math.abs(pixel[2] - b) < 60) found.push(radius);
    }
    hits.push(found);
  }
  return {hits, scale: view.frame.scale, width: view.frame.width, height: view.frame.height};
}"""


def angles_with_a_line_at(radius, found):
    return sum(any(abs(hit - radius) < 1.5 for hit in hits) for hits in found["hits"])


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark", "device_scale_factor": 2}])
def test_rings_are_circles_of_one_two_and_three_sigma(open_page, options):
    found = open_page(**options).evaluate(RING_PIXELS)
    for sigma in (1, 2, 3):
        assert angles_with_a_line_at(sigma * found["scale"], found) > 300  # its label stands in the way of some
        assert angles_with_a_line_at((sigma - 0.5) * found["scale"], found) < 40


def test_points_and_the_selected_image_are_where_their_numbers_say(look):
    """Pixels per unit are the same along both axes and follow from two ticks of the frame."""
    page = look()
    x0, y0 = point(page, "left", 0, 0)
    x1, y1 = point(page, "left", 1, 1)
    assert x1 - x0 == pytest.approx(y0 - y1)
    mean = scene_of(page)["sides"]["left"]["plane"]["selected"]["mean"]
    xy = page.evaluate("Array.from(document.querySelector('#ex-left .ex-plane-moving').explorer.points.xy.slice(0, 2))")
    assert xy == pytest.approx(mean, abs=0.005)  # image 0 among the points, which travel in half precision
    ring = page.evaluate(
        """([x, y]) => {
          const view = document.querySelector("#ex-left .ex-plane-moving").explorer;
          const ratio = view.moving.width / view.frame.width;
          const at = (dx) => view.moving.getContext("2d").getImageData(
            Math.round((view.frame.x(x) + dx) * ratio), Math.round(view.frame.y(y) * ratio), 1, 1).data[3];
          return [at(9), at(-9), at(16)];
        }""",
        mean,
    )
    assert ring[0] > 200
    assert ring[1] > 200
    assert ring[2] == 0


# --- looks


@pytest.mark.parametrize(
    "scheme, query, dark", [("dark", "", True), ("light", "", False), ("light", "?__theme=dark", True)]
)
def test_the_theme_follows_the_system_and_the_link(open_page, scheme, query, dark):
    page = open_page(query, color_scheme=scheme)
    ground = page.evaluate(
        """() => {
          const context = document.createElement("canvas").getContext("2d");
          context.fillStyle = getComputedStyle(document.querySelector("#ex-left .ex-side")).backgroundColor;
          context.fillRect(0, 0, 1, 1);
          return context.getImageData(0, 0, 1, 1).data[0];
        }"""
    )
    assert (ground < 80) is dark


@pytest.mark.parametrize("query", ["", "?lang=zh", "?data=emoji", f"?left={GRADIENT}&image=4999&z=9999&code=1"])
def test_a_phone_scrolls_in_one_direction_only(look, query):
    page = look(query, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate("innerWidth") == 390
    left, right = boxes(page.locator(":is(#ex-left, #ex-right) .ex-plane"))
    assert left["width"] > 300
    assert left["height"] == pytest.approx(left["width"], abs=1)
    assert right["y"] > left["y"] + left["height"]


def test_a_tap_on_a_phone_pins(look):
    page = look(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.locator("#ex-left .ex-plane").scroll_into_view_if_needed()
    page.touchscreen.tap(*point(page, "left", 0.5, 0.5))
    page.wait_for_function("window.explorer.store.scene.view.z.length === 2")
    expect(page.locator("#ex-left .ex-picture-note").last).to_have_text(re.compile("^pinned · z = "))


def test_the_pictures_stay_in_sight_above_the_plane_on_a_phone(look):
    page = look(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    bottom = page.locator("#ex-left .ex-plane").bounding_box()
    page.evaluate("(y) => scrollTo(0, y)", bottom["y"] + 60)
    panel = page.locator("#ex-left .ex-panel").bounding_box()
    assert 0 <= panel["y"] < 10


def test_what_the_first_tab_weighs(new_context, app_url):
    """Bytes over the wire that are the page's own: scripts, weights, points, pictures and its part of the document."""
    page = new_context().new_page()
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))  # noqa: PLW0108  Playwright marks what it gets
    page.goto(app_url)
    page.wait_for_function("document.querySelector('.ex-start-move')?.explorer.decoded")
    page.wait_for_load_state("networkidle")
    # asked afterwards: an answer in the middle of the events would let the page go on before all are weighed
    sizes = {each.url: each.sizes()["responseBodySize"] for each in finished if "/explorer/" in each.url}
    scene = page.evaluate("JSON.stringify(window.explorer.store.scene).length")
    assert len(sizes) > 15
    assert sum(sizes.values()) + 2 * scene < 1_500_000


def test_a_deep_latent_switches_between_its_pca_and_its_umap(look: Any):
    page = look("?left=fashion-vae-z16-s0")
    page.wait_for_function("window.explorer.store.side('left').run === 'fashion-vae-z16-s0'")
    page.wait_for_function(ALIVE)
    before = page.evaluate(POINTER)
    x, y = page.evaluate(AT, ["left", 1.0, 1.0])
    page.mouse.move(x, y)
    page.wait_for_function(
        f"JSON.stringify(({POINTER})()) !== JSON.stringify({before})"
    )  # the plane's inverse is decoded
    expect(page.locator("#ex-left figure", has_text="on the plane at (1.00, 1.00)")).to_be_visible()
    page.get_by_role("button", name="UMAP").first.click()
    settled(page, "map", "umap")
    page.wait_for_function(ALIVE)
    expect(page.locator("#ex-left .ex-caption").first).to_contain_text("UMAP has no inverse")
    expect(page.locator("#ex-left")).to_contain_text("trustworthiness")
    after = page.evaluate(POINTER)
    page.mouse.move(x, y + 30)
    page.mouse.move(x, y)
    assert page.evaluate("window.explorer.store.hover.z") is None
    assert page.evaluate(POINTER) == after
    assert "map=umap" in page.url


#: Notes what Gradio's live region says: it is empty again after a second.
HEARD = """
  window.heard = [];
  new MutationObserver(() => {
    const said = document.querySelector("[role=status].sr-only")?.textContent;
    if (said && said !== window.heard.at(-1)) window.heard.push(said);
  }).observe(document, { subtree: true, childList: true, characterData: true });
"""


def test_nobody_hears_of_an_error_when_the_page_opens(new_context, app_url):
    """Gradio selects the first tab before our scripts are there, and told screen readers of an error."""
    page = new_context().new_page()
    page.add_init_script(HEARD)
    page.goto(f"{app_url}?v=2&tab=start&lang=zh")
    page.wait_for_function("() => window.explorer?.store?.scene && document.querySelector('[role=status].sr-only')")
    page.wait_for_load_state("networkidle")
    page.locator("[role=tab][data-tab-id=latent]").click()
    page.wait_for_function("() => window.explorer.store.scene.view.tab === 'latent'")
    assert page.evaluate("window.heard") == []
