"""The sandbox of the tab Codebook in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.pages import boxes

LINK = "?tab=codebook&sandbox=sgd_hold-restart_data_64_64_0.99_1_0.02_3"
#: What stands above grows while the page fills, and the sandbox is mounted where it is in sight.
READY = """() => {
  const sandbox = document.querySelector(".ex-sb");
  if (!sandbox.explorer?.engine.world) sandbox.scrollIntoView();
  return sandbox.explorer?.engine.world;
}"""
STATE = """() => {
  const { world } = document.querySelector(".ex-sb").explorer.engine;
  const of = (side) => ({
    size: world[side].size,
    still: [...world[side].killed].filter(([row, place]) => world[side].codes[2 * row] === place[0]).length,
    killed: world[side].killedInAll, restarted: world[side].restarted, ...world.gauges[side].value });
  return { steps: world.steps, points: world.cloud.length / 2, left: of("left"), right: of("right") };
}"""


@pytest.fixture
def open_page(new_page: Any, app_url: str) -> Any:
    def open_at(query: str = LINK, **options: Any) -> Any:
        page = new_page(**options)
        page.goto(app_url + query)
        page.wait_for_selector(".ex-sb", state="attached")
        page.wait_for_function(READY)
        return page

    return open_at


def act(page: Any, name: str) -> None:
    page.locator(f".ex-sb [data-act={name}]").click()


def test_killed_codes_stay_until_a_restart_fetches_them(open_page):
    page = open_page()
    begun = page.evaluate(STATE)
    assert begun["points"] >= 2000
    assert begun["left"]["dead"] == begun["right"]["dead"] == 0
    act(page, "kill")
    killed = page.evaluate(STATE)
    assert killed["left"]["dead"] >= 32
    expect(page.locator(".ex-sb-left .ex-sb-dead b")).to_have_text(str(killed["left"]["dead"]))
    act(page, "play")  # whoever asks for no motion gets a hundred steps at once
    act(page, "play")
    after = page.evaluate(STATE)
    assert after["steps"] == 200
    assert (after["left"]["still"], after["left"]["killed"]) == (32, 32)
    assert after["left"]["dead"] >= 32
    assert after["right"]["restarted"] >= 32
    assert after["right"]["dead"] <= 2
    assert after["right"]["distortion"] < after["left"]["distortion"]
    expect(page.locator(".ex-sb-left .ex-sb-fact")).to_contain_text("32 lie exactly where they were put")


def test_what_is_chosen_stands_in_the_link_and_in_both_languages(open_page):
    page = open_page()
    page.locator(".ex-sb-left select").select_option("ones")
    page.wait_for_url("**sandbox=ones_hold-restart_data_64_64_0.99_1_0.02_3**")
    page.locator("#ex-sb-codes").select_option("128")
    page.wait_for_url("**sandbox=ones_hold-restart_data_128_**")
    assert page.evaluate(STATE)["left"]["size"] == 128
    act(page, "step")
    page.get_by_role("button", name="中文").click()
    expect(page.locator(".ex-sb [data-act=kill]")).to_have_text("杀死一半")
    assert page.evaluate(STATE)["steps"] == 1  # another language is no other start
    act(page, "add")
    assert page.evaluate(STATE)["right"]["size"] == 144
    act(page, "again")
    assert page.evaluate(STATE)["right"]["size"] == 128


def test_a_code_is_moved_by_mouse_and_by_keys(open_page):
    page = open_page()
    canvas = page.locator(".ex-sb-left .ex-sb-codes")
    canvas.scroll_into_view_if_needed()
    place = """(k) => {
      const { learner, frame } = document.querySelector(".ex-sb-left .ex-sb-codes").explorer;
      return [frame.x(learner.codes[2 * k]), frame.y(learner.codes[2 * k + 1])];
    }"""
    box, (x, y) = canvas.bounding_box(), page.evaluate(place, 0)
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.mouse.down()
    page.mouse.move(box["x"] + x + 30, box["y"] + y - 20, steps=3)
    page.mouse.up()
    at = page.evaluate("document.querySelector('.ex-sb-left .ex-sb-codes').explorer.hand.at")
    moved = page.evaluate(place, at)
    assert moved == pytest.approx([x + 30, y - 20], abs=2)
    canvas.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.evaluate(place, at)[0] > moved[0] + 4
    expect(page.locator(".ex-sb-left .ex-sb-spoken")).to_contain_text(f"Code {at}")


def test_on_a_phone_everything_is_large_enough_for_a_finger(open_page):
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True)
    targets = boxes(page.locator(".ex-sb :is(.ex-sb-actions button, .ex-sb-select)"))
    assert len(targets) > 6
    assert min(min(box["width"], box["height"]) for box in targets) >= 43.9
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


PAIR = """() => {
  const { engine } = document.querySelector(".ex-start-pair").explorer;
  const half = (side) => document.querySelector(`.ex-sb-${side} .ex-sb-codes`).explorer.half;
  const of = (side) => ({ dead: engine.world.gauges[side].value.dead, half: half(side) });
  return { left: of("left"), right: of("right") };
}"""


@pytest.fixture
def open_screen(new_page: Any, app_url: str) -> Any:
    def open_at(number: int, lang: str = "en", **options: Any) -> Any:
        page = new_page(**options)
        page.goto(f"{app_url}?tab=start&screen={number}&lang={lang}")
        page.wait_for_function("document.querySelector('.ex-start-pair')?.explorer.engine.world")
        return page

    return open_at


@pytest.mark.parametrize(
    "lang, coast, still, more", [("en", "momentum", "stand still", "more dead"), ("zh", "动量", "原地不动", "死码增多")]
)
def test_the_screen_of_dead_codes_says_what_became_of_them_and_why(open_screen, lang, coast, still, more):
    page = open_screen(3, lang)
    before = page.evaluate(PAIR)
    expect(page.locator(".ex-sb-left .ex-start-became")).to_have_text("")
    page.locator(".ex-start-pair [data-act=play]").click()  # no motion: a hundred steps at once
    after = page.evaluate(PAIR)
    assert after["left"]["dead"] < min(after["right"]["dead"], before["left"]["dead"])
    for side, why in (("left", coast), ("right", still)):
        said = page.locator(f".ex-sb-{side} .ex-start-became")
        expect(said).to_contain_text(f"{before[side]['dead']} → {after[side]['dead']}")
        expect(said).to_contain_text(why)
        assert (more in said.inner_text()) == (after[side]["dead"] > before[side]["dead"])
    expect(page.locator(".ex-start-else")).not_to_have_text("")
    page.locator(".ex-start-pair [data-act=again]").click()
    expect(page.locator(".ex-sb-left .ex-start-became")).to_have_text("")


def test_both_codebooks_are_drawn_to_one_scale(open_screen):
    page = open_screen(4)
    page.locator(".ex-start-pair [data-act=kill]").click()
    for _ in range(3):
        page.locator(".ex-start-pair [data-act=play]").click()
    found = page.evaluate(PAIR)
    assert found["right"]["dead"] < found["left"]["dead"]
    assert found["left"]["half"] == found["right"]["half"]


#: Where the planes of a screen of Start begin and end, what the words below them end at, and where its buttons begin.
PLACES = """() => {
  const edges = (selector) => [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility())
    .map((e) => e.getBoundingClientRect()).map(({ top, bottom, width, height }) => ({ top, bottom, width, height }));
  return { planes: edges(".ex-start-pair .ex-sb-plane"), foot: edges(".ex-start > footer")[0].top,
    words: edges(".ex-start-pair :is(.ex-start-became, .ex-start-else)") };
}"""


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "options",
    [{"viewport": {"width": 390, "height": 844}, "has_touch": True}, {"viewport": {"width": 1280, "height": 800}}],
)
@pytest.mark.parametrize("number", [3, 4])
def test_planes_begin_level_and_leave_the_buttons_free(open_screen, number, options, lang):
    page = open_screen(number, lang, **options)
    page.locator(".ex-start-pair [data-act=play]").click()
    found = page.evaluate(PLACES)
    left, right = found["planes"]
    assert left["top"] == pytest.approx(right["top"], abs=1)
    for plane in (left, right):
        assert plane["width"] == pytest.approx(plane["height"], abs=1)
        assert plane["width"] > 110
        assert plane["bottom"] <= found["foot"] - 4
    assert all(said["bottom"] <= found["foot"] for said in found["words"])
    assert not found["words"] or found["words"][0]["bottom"] <= found["words"][-1]["top"]
