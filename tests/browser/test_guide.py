"""The guide beside the tabs, as a person walks through it, with the shipped runs."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import TimeoutError as NotInTime
from playwright.sync_api import expect

from explorer.ui.guide import STEPS
from explorer.ui.view import LANGUAGES
from tests.browser.links import on_latent
from tests.browser.pages import PHONE
from tests.browser.windows import USUAL

#: The open step, once Python has answered and what it speaks of is on the page.
STANDS = """([number, look]) => {
  const { scene, view } = window.explorer.store;
  const ring = document.querySelector(".ex-guide-ring");
  return scene.view.guide === number && view.guide === number && ring?.matches(look) && ring.offsetParent !== null;
}"""


#: What a step points at and what answers there: whole in the window, above a sheet, and with nothing over its middle.
IN_SIGHT = """selectors => {
  const sheet = document.querySelector(".ex-guide-panel").getBoundingClientRect();
  const [right, floor] = sheet.left < 1 ? [innerWidth, sheet.top] : [sheet.left, innerHeight];
  return selectors.every((selector) => {
    const part = [...document.querySelectorAll(selector)].find((found) => found.offsetParent);
    if (!part) return false;
    const box = part.getBoundingClientRect();
    const over = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
    return box.top >= -1 && box.bottom <= floor + 1 && box.left >= -1 && box.right <= right + 1 && part.contains(over);
  });
}"""


def stands(page: Any, number: int) -> None:
    page.wait_for_function(STANDS, arg=[number, STEPS[number - 1].look])  # a tab opened for the first time


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_whole_walk(open_page, lang):
    """From the invitation through all of them: every step opens its tab and rings something that is there.

    What it tells to watch is in sight of its control, on a laptop and above a phone's sheet; lines break elsewhere in
    the other language.
    """
    page = open_page(f"?lang={lang}")
    panel = page.locator(".ex-guide-panel")
    expect(panel).to_have_count(0)
    page.locator(".ex-guide-open").click()
    expect(page.locator("#ex-guide-title")).to_be_focused()
    for number, step in enumerate(STEPS, 1):
        stands(page, number)
        expect(page.get_by_role("tab", selected=True)).to_have_attribute("data-tab-id", step.tab)
        expect(panel.locator("math").first).to_be_visible()
        expect(panel.locator(".ex-guide-formulas:not(:has(math))")).to_have_count(0)
        for options in (PHONE, USUAL):
            page.set_viewport_size(options["viewport"])
            in_sight(page, step)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if lang == "en" and step.name == "ema":
            predict_a_choice(page)
        elif lang == "en" and step.name == "dead":
            predict_a_number(page)
        panel.locator("footer button").last.click()
    stands(page, 1)  # after the last comes the first


def in_sight(page, step):
    try:
        page.wait_for_function(IN_SIGHT, arg=[selector for selector in (step.look, step.watch) if selector])
    except NotInTime:
        size = page.viewport_size["width"]
        pytest.fail(f"{step.name}, {size} px: {step.look} and {step.watch} are not in sight together", pytrace=False)


def predict_a_choice(page):
    page.locator("[data-option=overlap]").click()
    expect(page.locator("[data-option=overlap]")).to_have_attribute("aria-pressed", "true")
    page.locator(".ex-guide-reveal").click()
    expect(page.locator(".ex-guide-true")).to_have_count(1)
    expect(page.locator(".ex-guide-answer")).to_contain_text("3 seeds")


def predict_a_number(page):
    """The answer is the film's, and the film goes to the step that it is about."""
    page.locator(".ex-guide-number input").fill("40")
    expect(page.locator(".ex-guide-number output")).to_have_text("40")
    page.locator(".ex-guide-reveal").click()
    expect(page.locator(".ex-guide-mark-guess")).to_contain_text("40")
    page.wait_for_function("window.explorer.store.scene.view.step === null")
    expect(page.locator("#ex-cb-left .ex-cb-dead")).to_contain_text(
        page.locator(".ex-guide-mark-truth").inner_text().split()[-1]
    )


def test_a_link_opens_a_step_and_a_fold_leaves_the_page_alone(open_page):
    page = open_page("?guide=3&lang=zh")
    stands(page, 3)
    title = page.locator("#ex-guide-title")
    expect(title).to_have_text(re.compile("VAE：每张图"))
    page.locator("[data-option=wide]").click()
    page.locator(".ex-guide-reveal").click()
    expect(page.locator(".ex-guide-answer")).to_contain_text("几何平均")
    page.get_by_role("button", name="EN").click()
    expect(title).to_have_text("The VAE: a cloud for each picture")
    expect(page.locator(".ex-guide-answer")).to_contain_text("geometric mean")  # revealed stays revealed
    page.locator(".ex-guide-fold").click()
    page.wait_for_function("window.explorer.store.scene.view.guide === 0")
    expect(page.locator(".ex-guide-ring")).to_have_count(0)
    expect(page.locator(".ex-guide-open")).to_be_focused()
    expect(page.locator(".ex-guide-open")).to_have_text("Guide: back to step 3")


def test_another_tab_leaves_the_step_open_and_one_click_comes_back(open_page):
    page = open_page("?guide=6")
    stands(page, 6)
    page.get_by_role("tab", name="Generate").click()
    page.wait_for_function("window.explorer.store.scene.view.tab === 'generate'")
    expect(page.locator(".ex-guide-trouble")).to_contain_text("tab Latent")
    page.locator(".ex-guide-reset").click()
    stands(page, 6)
    expect(page.get_by_role("tab", selected=True)).to_have_text("Latent")


def test_a_phone_has_a_sheet_that_folds_to_one_line(open_page):
    page = open_page("?guide=1", viewport=PHONE["viewport"], has_touch=True)
    stands(page, 1)
    panel = page.locator(".ex-guide-panel")
    box = panel.bounding_box()
    assert box["width"] == 390
    assert box["height"] < 844 / 2
    page.locator(".ex-guide-size").tap()
    expect(page.locator(".ex-guide-body")).to_be_hidden()
    assert panel.bounding_box()["height"] < 64
    expect(page.locator(".ex-guide-ring")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_panel_takes_its_room_at_the_side(open_page):
    page = open_page("?guide=1")
    stands(page, 1)
    left = page.locator(".ex-guide-panel").bounding_box()["x"]
    for plane in page.locator(".ex-plane").all():
        box = plane.bounding_box()
        assert box["x"] + box["width"] <= left


class Held:
    """Requests of the page that wait until the test lets them go."""

    def __init__(self, page: Any, address: str) -> None:
        self.held: list[Any] = []
        self.open = False
        self.address = address
        page.route(address, self._came)

    def _came(self, route: Any) -> None:
        if self.open:
            route.continue_()
        else:
            self.held.append(route)

    def let_go(self) -> None:
        self.open = True
        for route in self.held:
            route.continue_()

    def came(self, page: Any) -> None:
        """Waits until one is there."""
        for _ in range(600):
            if self.held:
                return
            page.wait_for_timeout(50)
        pytest.fail(f"the page asked nothing of {self.address}")


SCENES, ANSWERS = "**/run/predict*", "**/ask/guide"


@pytest.fixture
def at_step(page, app_url):
    """A page of the test's own at a step, in which requests can be held."""

    def lead(number: int) -> Any:
        page.goto(app_url + on_latent(f"?guide={number}"))
        page.wait_for_function("window.explorer?.store.scene")
        stands(page, number)
        return page

    return lead


def test_a_question_is_never_asked_of_the_next_steps_runs(at_step):
    """Between Next and the scene that answers it the old step's question stands beside the new runs."""
    page = at_step(1)
    asked: list[Any] = []
    page.on("request", lambda request: asked.append(request) if "/ask/guide" in request.url else None)
    scenes = Held(page, SCENES)
    page.locator(".ex-guide-next").click()
    scenes.came(page)
    expect(page.locator(".ex-guide-panel")).to_have_attribute("aria-busy", "true")
    reveal = page.locator(".ex-guide-reveal")
    expect(reveal).to_be_disabled()
    page.evaluate(
        "document.querySelector('.ex-guide').lastChild.explorer.prediction.reveal()"
    )  # a hand that was faster
    page.wait_for_timeout(300)
    expect(page.locator(".ex-guide-answer")).to_be_empty()
    scenes.let_go()
    stands(page, 2)
    expect(page.locator(".ex-guide-panel")).to_have_attribute("aria-busy", "false")
    expect(reveal).to_be_enabled()
    assert asked == []


@pytest.mark.parametrize("fails", [False, True])
def test_an_answer_that_comes_after_its_step_is_dropped(at_step, fails):
    """Neither shown nor followed: the answer on dead codes would lead the film of the step after it."""
    page = at_step(8)
    answers, scenes = Held(page, ANSWERS), Held(page, SCENES)
    page.locator(".ex-guide-reveal").click()
    answers.came(page)
    page.locator(".ex-guide-next").click()
    scenes.came(page)
    view = page.evaluate("JSON.stringify(window.explorer.store.view)")
    with page.expect_response(ANSWERS):
        if fails:
            answers.held[0].fulfill(json={"ok": False, "error": "too late"})
        else:
            answers.let_go()
    page.wait_for_timeout(300)
    expect(page.locator(".ex-guide-answer")).not_to_contain_text(re.compile("late|dead"))
    expect(page.locator(".ex-guide-mark-truth")).to_have_count(0)
    assert page.evaluate("JSON.stringify(window.explorer.store.view)") == view
    scenes.let_go()
    stands(page, 9)
    expect(page.locator(".ex-guide-answer")).to_be_empty()


def test_presses_while_a_step_is_under_way_add_up(at_step):
    """They count from the step that was asked for last, and the panel shows that it waits."""
    page = at_step(7)
    panel, counted = page.locator(".ex-guide-panel"), page.locator(".ex-guide-at")
    scenes = Held(page, SCENES)
    back, onward = panel.locator("footer button").first, page.locator(".ex-guide-next")
    for _ in range(5):
        back.click()
    scenes.came(page)
    assert page.evaluate("window.explorer.store.view.guide") == 2
    expect(panel).to_have_attribute("aria-busy", "true")
    assert float(page.locator(".ex-guide-body").evaluate("each => getComputedStyle(each).opacity")) < 1
    expect(counted).to_contain_text("7 of")
    back.click()
    expect(back).to_be_disabled()  # at the first there is nothing before
    onward.click()
    onward.click()
    scenes.let_go()
    stands(page, 3)
    expect(counted).to_contain_text("3 of")
    expect(panel).to_have_attribute("aria-busy", "false")
