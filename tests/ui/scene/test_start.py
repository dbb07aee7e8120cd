"""The tab Start."""

from __future__ import annotations

import re
from itertools import product
from types import SimpleNamespace

import pytest

from explorer.reports.matching import pair_rates
from explorer.ui.computed import catalog
from explorer.ui.page.tabs import TABS
from explorer.ui.scene import scene
from explorer.ui.scene.start import BACK, DIE, MORE
from explorer.ui.text import text
from explorer.ui.text.start import START
from explorer.ui.view import SCREENS, from_query
from tests.ui.conftest import EMA, SPATIAL, VAE, VAE16, VQ64

MOST_WORDS = 40


def start(lang="en", **query):
    view, notes = from_query({"v": "2", "tab": "start", "lang": lang, **query})
    assert notes == ()
    return scene(view)


def test_it_is_the_first_tab():
    assert TABS[0].name == "start"
    assert from_query({})[0].tab == "start"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_screen_says_one_thing_in_few_words(lang):
    shown = start(lang).start
    assert len(shown.screens) == SCREENS == len(MORE)
    for screen in shown.screens:
        words = f"{screen.title} {screen.say}".split() if lang == "en" else [c for c in screen.say if c >= "一"]
        assert 0 < len(words) <= (MOST_WORDS if lang == "en" else 2 * MOST_WORDS)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_said_after_play_is_short_too(lang):
    shown = start(lang).start
    screen, words = shown.screens[2], shown.words
    for one, other in product(("coast", "still", "coast.more", "still.more"), repeat=2):
        became = [words[f"start.3.{which}"] for which in (one, other)]
        assert all("{from}" in each and "{to}" in each for each in became)
        said = " ".join((screen.title, screen.say, *became, words["start.3.else"]))
        words_of = {"en": re.findall(r"[\w{}(),.:]*\w[\w{}(),.:]*", said), "zh": re.findall("[一-鿿]", said)}
        assert len(words_of[lang]) <= MOST_WORDS * {"en": 1, "zh": 2}[lang]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_last_screen_says_how_many_times_the_bits_the_codes_cost(lang, monkeypatch):
    said = start(lang, data="fashion", left=VAE, right=EMA).start.screens[-1].say
    rates = pair_rates(catalog.run(VAE), catalog.run(EMA))
    assert f" {rates.bits[1] / rates.bits[0]:.0f} " in said
    assert text(f"start.5.rung.{rates.rung}", lang) in said
    monkeypatch.setattr("explorer.ui.scene.start.pair_rates", lambda *_: SimpleNamespace(bits=(100.0, 190.0)))
    assert start(lang, data="fashion", left=VAE, right=EMA).start.screens[-1].say == text("start.5.say", lang)


def test_a_set_may_have_a_sentence_of_its_own():
    english, chinese = START["start.1.say.faces"]
    assert "glasses" in english
    assert "眼镜" in chinese


@pytest.mark.parametrize("lang, legend", [("en", ("glasses:", "none", "worn")), ("zh", ("眼镜：", "无", "戴"))])
def test_the_points_of_faces_are_coloured_by_what_the_sentence_speaks_of(lang, legend):
    assert start(lang, data="faces").start.legend == legend
    assert ".by." in start(lang, data="faces").sides["left"].plane.points
    title, *classes = start(lang, data="fashion").start.legend
    assert (title, len(classes), classes[8]) == ("", 10, {"en": "Bag", "zh": "包"}[lang])
    assert ".by." not in start(lang, data="fashion").sides["left"].plane.points


def test_more_of_the_last_screen_is_the_fair_match_that_it_speaks_of(monkeypatch):
    fair = {"name": "matched", "label": "", "left": VAE16, "right": EMA}
    monkeypatch.setattr("explorer.ui.scene.start.matched", lambda *_: fair)
    last = start(data="fashion", left=VAE, right=EMA).start.screens[-1]
    assert last.place == {"tab": "reconstruct", "left": VAE16, "right": EMA}
    monkeypatch.setattr("explorer.ui.scene.start.matched", lambda *_: None)
    assert start(data="fashion", left=VAE, right=EMA).start.screens[-1].place == {"tab": "generate"}


def test_more_of_it_leads_to_a_tab_that_is_there():
    names = {tab.name for tab in TABS}
    assert all(place["tab"] in names for place, _ in MORE)


def test_codes_die_from_a_start_narrower_than_the_cloud_and_are_brought_back_by_restarts_alone():
    assert (DIE.init, DIE.left.restart, DIE.right.restart) == ("uniform", False, False)
    assert (BACK.init, BACK.left.restart, BACK.right.restart) == ("data", False, True)
    assert BACK.left.rule == BACK.right.rule == "hold"
    # a restart is due after 100 K vectors: at one step a frame that is within seconds
    assert 100 * BACK.codes / BACK.batch <= 3 * 60
    assert start().start.settings == {"die": DIE, "back": BACK}


@pytest.mark.parametrize("left, right", [(VAE, EMA), (VAE16, VQ64), (SPATIAL, EMA), (EMA, VAE)])
def test_its_sides_can_be_drawn_in_their_plane(left, right):
    shown = start(data="fashion", left=left, right=right)
    assert (shown.sides["left"].run, shown.sides["right"].run) == (VAE, EMA)
    assert (shown.view.left, shown.view.right) == (left, right)
    assert {"normal", "uniform"} <= set(shown.start.priors)
    assert shown.sandbox.points.endswith(f"/{EMA}")


def test_other_tabs_know_nothing_of_it():
    assert scene(from_query({"tab": "latent"})[0]).start is None
