"""The tab Codebook in a real browser, with the shipped runs."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from explorer.metrics.codebook_life import dead_by
from explorer.metrics.ema_step import ema_step
from explorer.models.codebook_updates import EMA_STARTS
from explorer.ui.computed import catalog
from explorer.ui.computed.cases import opening_case
from explorer.ui.computed.film import counted
from explorer.ui.computed.motion import motion
from explorer.ui.computed.one_step import ema_start, mini_batch
from explorer.ui.text import text
from explorer.ui.view import default_view
from tests.oracles import codebook_gradient, frame_at

GRADIENT, EMA = "fashion-vqvae-d2-k256-gradient-s0", "fashion-vqvae-d2-k256-ema-s0"
LINK = f"?tab=codebook&left={GRADIENT}"
RUNS = {"left": GRADIENT, "right": EMA}

DRAWN = """() => {
  const films = [...document.querySelectorAll(".ex-cb-film .ex-plane-moving")].map((canvas) => canvas.explorer);
  return films.length === 2 && films.every((film) => film.drawn >= 0);
}"""

CHARTED = """() => {
  const charts = [...document.querySelectorAll(".ex-cb-curves .ex-chart")].map((chart) => chart.explorer);
  return charts.length === 2 && charts.every((chart) => chart.drawings > 0 && !chart.shown);
}"""

FILM = """(side) => {
  const { drawn, view, outside } = document.querySelector(`#ex-cb-${side} .ex-plane-moving`).explorer;
  return { drawn, view, outside };
}"""

STEP = """() => {
  const { name, frame, batch, result, settings } = document.querySelector(".ex-cb-step").explorer;
  const plain = (value) => (ArrayBuffer.isView(value) ? Array.from(value) : value);
  const of = (object) => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, plain(value)]));
  return { name, frame, values: settings.values, batch: of(batch), result: of(result) };
}"""


@pytest.fixture
def open_page(new_page: Any, app_url: str) -> Any:
    def open_at(query: str = LINK, **options: Any) -> Any:
        page = new_page(**options)
        page.goto(app_url + query)
        page.wait_for_function("window.explorer?.store.scene")
        if query.startswith("?tab=codebook"):
            page.wait_for_function(DRAWN)
        return page

    return open_at


@pytest.fixture
def look(visit: Any) -> Any:
    """As `open_page`, in the page that an earlier test left open: for what is waited for, not for what is there."""

    def lead(query: str) -> Any:
        page = visit(query)
        page.wait_for_function(DRAWN)
        return page

    return lead


def settled(page: Any, field: str, value: object) -> None:
    page.wait_for_function("([field, value]) => window.explorer.store.scene.view[field] === value", arg=[field, value])


def charted(page: Any) -> None:
    """Charts are asked for when they come near, and that is below the films."""
    page.locator(".ex-cb-curves").scroll_into_view_if_needed()
    page.wait_for_function(CHARTED)


def dead_counts(page: Any) -> list[str]:
    return [box.inner_text() for box in page.locator(".ex-cb-dead b").all()]


def expected_dead(rule: str, windows: int, starved: int, step: int) -> list[str]:
    """From the runs' own films, by NumPy."""
    counts = []
    for run_id in RUNS.values():
        run = catalog.run(run_id)
        found = counted(run, windows, starved)
        frame = frame_at(run.trace, step)
        counts.append(f"{int(dead_by(found.life.states[frame], rule).sum())} of {run.config.num_embeddings}")
    return counts


def test_the_first_tab_loads_nothing_of_it(open_page):
    page = open_page("")
    page.wait_for_load_state("networkidle")
    names = page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert [name for name in names if re.search("/codebook/|chart|plotly|/film/", name) and "/media/" not in name] == []
    assert page.evaluate("window.explorer.store.scene.codebook") is None


def test_it_opens_by_its_tab_and_stands_ready_before_the_first_click(open_page):
    page = open_page("")
    page.get_by_role("tab", name="Codebook").click()
    page.wait_for_function(DRAWN)
    case = opening_case(default_view().data)
    assert case is not None
    last = catalog.run(case.left).config.steps
    for side, run in (("left", case.left), ("right", case.right)):
        expect(page.locator(f"#ex-cb-{side} h2")).to_contain_text("EMA codebook")
        expect(page.locator(f"#ex-cb-{side} .ex-run")).to_have_text(run)
    expect(page.locator(".ex-cb-cases .ex-chip")).to_contain_text("The sides above are not two codebooks")
    left, right = (int(count.split()[0]) for count in dead_counts(page))
    assert right == 0 < left - 100
    expect(page.locator(".ex-cb-what")).to_contain_text(f"after step {last}")
    expect(page.locator(".ex-cb-suggest button").first).to_be_visible()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_two_counts_of_dead_codes_say_what_each_counts(look, lang):
    """A case's is of the final weights on the test split, the player's of the film's last batches: 138 and 139."""
    case = opening_case("fashion")
    assert case is not None
    page = look(f"?tab=codebook&v=2&data=fashion&left={case.left}&right={case.right}&lang={lang}")
    run = catalog.run(case.left)
    last = counted(run, 1, 10).life
    report, film = run.report["codebook"]["dead"], int(dead_by(last.states[-1], "stale").sum())
    assert report == case.dead[0] != film
    shown = page.get_by_role("group", name=text("codebook.cases", lang)).locator("[aria-pressed=true]")
    expect(shown).to_contain_text(f" {report} ")
    assert {"en": "test split", "zh": "测试集"}[lang] in text("codebook.cases", lang)
    batches = round(int(last.vectors[-1]) / (run.config.batch_size * run.model.shape.grid**2))
    of = text("codebook.say.tally.of", lang, total=512)
    behind = text("codebook.say.counted", lang, batches=batches)
    expect(page.locator(".ex-cb-tally-left")).to_contain_text(f"{film} {of}")
    expect(page.locator(".ex-cb-tally-left")).to_contain_text(behind)
    expect(page.locator("#ex-cb-left .ex-cb-dead")).to_contain_text(behind)
    expect(page.locator("#ex-cb-left .ex-caption")).to_contain_text(str(report))


def test_one_scrubber_moves_both_films_and_what_is_in_sight_stays(open_page):
    page = open_page()
    slider = page.get_by_role("slider", name="Training step")
    before = {side: page.evaluate(FILM, side) for side in RUNS}
    page.locator("#ex-cb-left").get_by_role("button", name="Zoom in").click()
    zoomed = page.evaluate(FILM, "left")["view"]
    assert zoomed["half"] < before["left"]["view"]["half"]
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    frames = len(catalog.run(EMA).trace.frame_steps)
    step = int(catalog.run(EMA).trace.frame_steps[frames - 4])
    settled(page, "step", step)
    after = {side: page.evaluate(FILM, side) for side in RUNS}
    assert [after[side]["drawn"] for side in RUNS] == [frames - 4] * 2
    assert after["left"]["view"] == zoomed
    assert after["right"]["view"] == before["right"]["view"]
    assert dead_counts(page) == expected_dead("stale", 1, 10, step)
    expect(page).to_have_url(re.compile(rf"step={step}"))
    expect(slider).to_have_attribute("aria-valuetext", re.compile(rf"step {step} of"))
    charts_keep_their_zoom(page)


def charts_keep_their_zoom(page):
    """Also while the film moves, and when another rule brings other figures."""
    zoom = """async () => {
      const { plot } = document.querySelector(".ex-cb-curves .ex-chart").explorer;
      await Plotly.relayout(plot, {"xaxis.range": [1, 2.5], "yaxis.range": [0, 99]});
    }"""
    ranges = """() => {
      const { plot } = document.querySelector(".ex-cb-curves .ex-chart").explorer;
      return [plot._fullLayout.xaxis.range, plot._fullLayout.yaxis.range, plot._fullLayout.xaxis5.range];
    }"""
    charted(page)
    page.evaluate(zoom)
    page.get_by_role("button", name="One frame back").click()
    page.locator("#ex-cb-which").select_option("starved")
    settled(page, "rule", "starved")
    page.wait_for_function("() => document.querySelector('.ex-cb-curves .ex-chart').explorer.drawings > 1")
    page.wait_for_function(CHARTED)
    assert page.evaluate(ranges) == [[1, 2.5], [0, 99], [1, 2.5]]
    assert page.locator(".ex-chart-cursors i:visible").count() == 0  # the step lies outside of what is seen
    page.get_by_role("button", name="Undo zoom (codebook-curves)").click()
    page.wait_for_function("() => document.querySelectorAll('.ex-chart-cursors i:not([hidden])').length === 6")


PILE = """side => {
  const film = document.querySelector(`#ex-cb-${side} .ex-plane-moving`).explorer;
  const { x, y, count } = film.pile;
  const { size, t } = { size: film.side.codes[0], t: film.drawn };
  const hollow = film.shownHits(size, t);
  let near = 0;
  for (let k = 0; k < size; k++) {
    const away = [film.frame.x(film.places[2 * k]) - x, film.frame.y(film.places[2 * k + 1]) - y];
    if (!hollow[k] && Math.max(...away.map(Math.abs)) <= 9) near += 1;
  }
  return { count, near, dead: hollow.filter((hits) => !hits).length };
}"""


def test_hollow_codes_that_lie_on_each_other_are_counted_beside_them(open_page):
    page = open_page("?tab=codebook&step=100")
    page.wait_for_function("document.querySelector('#ex-cb-left .ex-plane-moving').explorer.pile")
    found = page.evaluate(PILE, "left")
    assert 8 < found["count"] <= found["near"] <= found["dead"]


def test_a_film_plays_to_its_end_and_stops(open_page):
    steps = catalog.run(EMA).trace.frame_steps
    page = open_page(f"{LINK}&step={steps[-3]}")
    expect(page.locator(".ex-cb-slow input")).to_be_checked()  # the reader asked for little motion
    page.locator(".ex-cb-slow input").uncheck()
    page.get_by_role("button", name="Play", exact=True).click()
    settled(page, "step", None)
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    assert page.evaluate(FILM, "right")["drawn"] == len(steps) - 1


def test_a_code_can_be_picked_and_followed_on_both_sides(open_page):
    page = open_page()
    place = page.evaluate(
        """() => {
          const film = document.querySelector("#ex-cb-right .ex-plane-moving").explorer;
          return [film.frame.x(film.places[2 * 162]), film.frame.y(film.places[2 * 162 + 1])];
        }"""
    )
    page.locator("#ex-cb-right .ex-plane-moving").click(position={"x": place[0], "y": place[1]})
    settled(page, "code", 162)
    expect(page.locator(".ex-cb-followed:visible")).to_have_count(2)
    hits = catalog.run(EMA).trace.frames["hits"][-1][162]
    expect(page.locator(".ex-cb-followed-right")).to_contain_text(f"{hits:,} hits")
    expect(page.locator("tr[data-code='162']")).to_have_class(re.compile("ex-cb-picked"))
    page.get_by_label("Code", exact=True).fill("3")
    page.get_by_label("Code", exact=True).press("Enter")
    settled(page, "code", 3)
    page.get_by_role("button", name="Let go").click()
    settled(page, "code", None)
    expect(page.locator(".ex-cb-followed:visible")).to_have_count(0)
    a_line_lights_its_columns(page)
    a_chart_hands_over_its_numbers(page)


def a_line_lights_its_columns(page):
    """By hover and by keyboard."""
    page.locator(".ex-cb-lines li[data-key=smoothed]").hover()
    expect(page.locator("thead th.ex-cb-lit")).to_have_text(["N", "Ñ"])
    page.locator(".ex-cb-lines li[data-key=hits]").focus()
    expect(page.locator("thead th.ex-cb-lit")).to_have_text(["n"])


def a_chart_hands_over_its_numbers(page):
    charted(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV (codebook-curves)").click()
    lines = download.value.path().read_text().splitlines()
    assert download.value.suggested_filename == "codebook-curves.csv"
    rows = [line.rsplit(",", 3) for line in lines[1:] if line.startswith("Dead codes,left")]
    trace = catalog.run(GRADIENT).trace
    assert [int(row[1]) for row in rows] == trace.curve_steps.tolist()
    assert [float(row[2]) for row in rows] == (256 - trace.curves["used"]).tolist()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as SVG (codebook-usage)").click()
    assert "<svg" in download.value.path().read_text()[:500]
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Save as SVG ({EMA})").click()
    assert download.value.suggested_filename.startswith(f"film-{EMA}-")
    film = download.value.path().read_text()
    drawn = page.evaluate("document.querySelector('#ex-cb-right .ex-plane-moving').explorer.side.drawn")
    assert drawn * 0.9 < film.count("h1.6v1.6h-1.6Z") <= drawn  # those in sight


def test_another_threshold_and_another_rule_change_both_counts(open_page):
    step = 986
    page = open_page(f"{LINK}&step={step}")
    step = page.evaluate(
        "document.querySelector('#ex-cb-right .ex-plane-moving').explorer.side.steps.findLast((s) => s <= 986)"
    )
    before = dead_counts(page)
    assert before == expected_dead("stale", 1, 10, step)
    starved = [box.inner_text() for box in page.locator(".ex-cb-states [data-state=starved]").all()]
    page.locator("#ex-cb-starved").focus()
    for _ in range(5):
        page.keyboard.press("PageUp")
    page.wait_for_function("() => window.explorer.store.scene.view.starved > 40")
    page.wait_for_function(DRAWN)
    percent = page.evaluate("window.explorer.store.scene.view.starved")
    page.locator("#ex-cb-which").select_option("starved")
    settled(page, "rule", "starved")
    expected = expected_dead("starved", 1, percent, step)
    expect(page.locator(".ex-cb-dead b").first).to_have_text(expected[0])
    expect(page.locator(".ex-cb-dead b").last).to_have_text(expected[1])
    assert all(a != b for a, b in zip(before, expected, strict=True))
    now = [box.inner_text() for box in page.locator(".ex-cb-states [data-state=starved]").all()]
    assert all(a != b for a, b in zip(starved, now, strict=True))
    expect(page).to_have_url(re.compile(rf"rule=starved&starved={percent}"))
    page.get_by_role("slider", name="Training step").fill("0")
    expect(page.locator(".ex-cb-few").first).to_contain_text("nothing was counted yet")


def test_too_few_vectors_behind_a_count_are_warned_of(look):
    """One step of 64 grids of 49 is 3,136 vectors: 6.1 for each of 512 codes, where 10 are asked."""
    deep = "fashion-vqvae-d64-k512-{}-s0"
    page = look(f"?tab=codebook&left={deep.format('gradient')}&right={deep.format('ema')}&step=1")
    for warning in (page.locator(".ex-cb-few").first, page.locator(".ex-cb-few").last):
        expect(warning).to_contain_text("3,136")
        expect(warning).to_contain_text("6.1")
    page.get_by_role("slider", name="Training step").press("End")
    expect(page.locator(".ex-cb-few")).to_have_count(0)


def test_one_step_opened_up_agrees_with_numpy(open_page):
    page = open_page(f"{LINK}&step=40")
    page.wait_for_function("() => document.querySelector('.ex-cb-step').explorer?.batch")
    for decay, epsilon in ((None, None), ("-0.5", "-2")):
        the_ema_step_is_numpys(page, decay, epsilon)
    page.get_by_role("radio", name="left: Gradient codebook").click()
    page.wait_for_function("() => document.querySelector('.ex-cb-step').explorer.result?.gradient")
    rows_without_hits_are_exactly_zero(page)
    every_ema_start_is_numpys(page)


def test_a_gradients_step_of_millionths_is_seen(open_page):
    """Plain SGD moves these codes by 10⁻⁶, far below the four digits of a place and a pixel of the plane."""
    page = open_page(f"{LINK}&step=40")
    page.get_by_role("radio", name="left: Gradient codebook").click()
    page.wait_for_function("() => document.querySelector('.ex-cb-step')?.explorer?.result?.gradient")
    expect(page.get_by_role("radio", name="left: Gradient codebook")).to_be_checked()
    longest = page.evaluate("""() => {
      const { times, frame, shown: { before, after, hits } } = document.querySelector(".ex-cb-step").explorer.plane;
      const moved = (k) => Math.hypot(after[2 * k] - before[2 * k], after[2 * k + 1] - before[2 * k + 1]);
      return times * frame.scale * Math.max(...[...hits.keys()].filter((k) => hits[k]).map(moved));
    }""")
    assert longest > 10, "pixels"
    row = page.locator(".ex-cb-table tbody tr").first
    assert row.locator("[data-column=before]").inner_text() == row.locator("[data-column=codebook]").inner_text()
    expect(row.locator("[data-column=change]")).to_contain_text("e−6")
    used = motion(catalog.run(GRADIENT)).used[page.evaluate("document.querySelector('.ex-cb-step').explorer.frame")]
    expect(page.locator(".ex-cb-step .ex-cb-note").first).to_contain_text(f"really moved {used:g} per step")
    page.get_by_role("radio", name="right: EMA codebook").click()
    expect(page.get_by_role("radio", name="right: EMA codebook")).to_be_checked()
    page.evaluate("window.explorer.store.commit({ guide: 0 })")
    settled(page, "guide", 0)
    expect(page.get_by_role("radio", name="right: EMA codebook")).to_be_checked()


def the_ema_step_is_numpys(page, decay, epsilon):
    for name, value in (("decay", decay), ("epsilon", epsilon)):
        if value is not None:
            page.locator(f"#ex-cb-{name}").fill(value)
    opened = page.evaluate(STEP)
    run = catalog.run(RUNS[opened["name"]])
    batch = mini_batch(run, opened["frame"])
    assert batch.step == run.trace.frame_steps[frame_at(run.trace, 40)]
    assert opened["batch"]["hits"] == batch.hits.tolist()
    np.testing.assert_allclose(np.reshape(opened["batch"]["sums"], batch.sums.shape), batch.sums)
    values = opened["values"]
    assert (values == {"decay": run.config.decay, "epsilon": run.config.epsilon}) == (decay is None)
    mine = ema_step(
        batch.count.astype(np.float32).astype(float), batch.total.astype(np.float32).astype(float),
        batch.hits, batch.sums, start=ema_start(run), step=batch.step + 1, **values,
    )  # fmt: skip
    for name in ("count", "smoothed", "rate"):
        np.testing.assert_allclose(opened["result"][name], getattr(mine, name), rtol=1e-9, atol=1e-300)
    for name in ("total", "codebook"):
        shown = np.reshape(opened["result"][name], mine.codebook.shape)
        np.testing.assert_allclose(shown, getattr(mine, name), rtol=1e-9, atol=1e-300)


def rows_without_hits_are_exactly_zero(page):
    opened = page.evaluate(STEP)
    batch = mini_batch(catalog.run(GRADIENT), opened["frame"])
    expected = codebook_gradient(batch.codebook, batch.hits, batch.sums)
    shown = np.reshape(opened["result"]["gradient"], expected.shape)
    np.testing.assert_allclose(shown, expected, rtol=1e-9)
    zero = int((batch.hits == 0).sum())
    assert int((shown == 0).all(1).sum()) == zero
    expect(page.locator(".ex-cb-step .ex-cb-note").first).to_contain_text(f"{zero} of 256 rows of the gradient")


def every_ema_start_is_numpys(page):
    """Random states, some codes without hits, far from anything a run has."""
    module = page.evaluate(
        "performance.getEntriesByType('resource').find((e) => e.name.endsWith('/codebook/arithmetic.js')).name"
    )
    draw = np.random.default_rng(0)
    hits = draw.poisson(1.5, 9).astype(float)
    state = {"count": draw.random(9) * 5 + 0.1, "total": draw.normal(size=27) * 9, "hits": hits}
    state["sums"] = (draw.normal(size=(9, 3)) * hits[:, None]).ravel()
    sent = {name: values.tolist() for name, values in state.items()}
    for start in EMA_STARTS:
        settings = {"decay": 0.9, "epsilon": 1e-3, "start": start, "step": 7}
        shown = page.evaluate(
            """async ([module, state, settings]) => {
              const { emaStep } = await import(module);
              const each = (object, make) => Object.fromEntries(Object.entries(object).map(([k, v]) => [k, make(v)]));
              return each(emaStep(each(state, (v) => Float64Array.from(v)), settings), (v) => Array.from(v));
            }""",
            [module, sent, settings],
        )
        mine = ema_step(
            state["count"], state["total"].reshape(9, 3), hits, state["sums"].reshape(9, 3), **settings  # type: ignore[arg-type]
        )  # fmt: skip
        for name, values in vars(mine).items():
            np.testing.assert_allclose(np.array(shown[name]), values.ravel(), rtol=1e-12)


def test_chinese_is_complete_and_dark_follows(open_page):
    page = open_page(f"{LINK}&lang=zh&code=3", color_scheme="dark")
    expect(page.get_by_role("tab", name="码本")).to_have_attribute("aria-selected", "true")
    text = "\n".join(
        page.locator(f"#ex-cb-{part}").inner_text() for part in ("rule", "left", "right", "scrubber", "follow")
    )
    text += "\n".join(page.locator(".ex-cb-lead, .ex-cb-what").all_inner_texts())
    assert re.findall(r"[A-Za-z]{3,} [a-z]{3,} [a-z]{3,}.*", text) == []
    charted(page)
    colours = page.evaluate(
        "[...document.querySelectorAll('.ex-cb-curves .legendtext')].map((text) => getComputedStyle(text).fill)"
    )
    assert set(colours) == {"rgb(226, 232, 240)"}


def test_a_phone_has_no_sideways_scroll_and_a_finger_picks_a_code(open_page):
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("#ex-cb-left .ex-plane-moving").tap(position={"x": 150, "y": 150})
    page.wait_for_function("() => window.explorer.store.scene.view.code !== null")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.locator(".ex-cb-followed:visible")).to_have_count(2)


def test_deep_codes_are_drawn_on_a_plane_and_say_so(look):
    page = look("?tab=codebook&left=fashion-vqvae-d64-k512-gradient-s0&right=fashion-vqvae-d64-k512-ema-restart-s0")
    expect(page.locator("#ex-cb-left .ex-caption")).to_contain_text("on the plane of largest variance")
    expect(page.locator(".ex-cb-what")).to_contain_text("A sample of 512 of 3,136 vectors")
    json.dumps(page.evaluate(FILM, "right"), allow_nan=False)


def test_a_vaes_units_go_with_the_same_player(look):
    page = look("?tab=codebook&data=fashion")
    page.wait_for_function("document.querySelector('.ex-cb-units')?.explorer?.answer?.film")
    page.select_option(".ex-cb-units select", "silent:fashion-vae-z32-s0")
    expect(page.locator(".ex-units-said")).to_contain_text("32 of 32 units silent")
    assert page.locator(".ex-units-bar[data-silent='true']").count() == 32
    page.focus("#ex-cb-scrub")
    page.keyboard.press("Home")
    answer = page.evaluate("document.querySelector('.ex-cb-units').explorer.answer")
    expect(page.locator(".ex-units-said")).to_have_text(answer["sentences"][0])
    bars = page.locator(".ex-units-bar")
    assert bars.evaluate_all("bars => bars.map((bar) => bar.dataset.silent)") == [
        str(nats < answer["least"]).lower() for nats in answer["kl"][0]
    ]
    page.focus(".ex-units-bars")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".ex-units-unit")).to_contain_text("Unit 2")
    page.keyboard.press(".")
    expect(page.locator(".ex-units-said")).to_have_text(answer["sentences"][1])
    page.keyboard.press("Escape")
    expect(page.locator(".ex-units-unit")).to_have_text("")
    page.locator(".ex-units-hit").nth(4).click()
    expect(page.locator(".ex-units-unit")).to_contain_text("Unit 5")


def test_ellipses_of_a_vae_in_two_dimensions_are_those_of_the_frame(open_page):
    page = open_page("?tab=codebook&data=fashion")
    page.wait_for_function("document.querySelector('.ex-cb-units')?.explorer?.answer?.ellipses")
    page.focus("#ex-cb-scrub")
    page.keyboard.press("Home")
    answer = page.evaluate("document.querySelector('.ex-cb-units').explorer.answer")
    page.wait_for_function(
        "(word) => document.querySelector('.ex-units-said').textContent === word", arg=answer["sentences"][0]
    )
    drawn = page.locator(".ex-units-ellipse").evaluate_all(
        "all => all.map((one) => ['cx', 'cy', 'rx', 'ry'].map((name) => Number(one.getAttribute(name))))"
    )
    mean, sigma = (np.array(answer["ellipses"][name][0]) for name in ("mean", "sigma"))
    assert np.allclose(drawn, np.concatenate([mean * [1, -1], sigma], axis=1))
    assert page.locator(".ex-units-prior").count() == 1
