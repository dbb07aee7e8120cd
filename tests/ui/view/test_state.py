"""The View and its link."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.errors import MESSAGES
from explorer.ui.computed import catalog
from explorer.ui.page.layout import on_load
from explorer.ui.text import text
from explorer.ui.view import (
    HIDEABLE,
    ORDERS,
    PARTS,
    PLANES,
    PRIORS,
    RULES,
    SAMPLES,
    TABS,
    WINDOWS,
    View,
    default_view,
    from_query,
)
from tests.ui.conftest import AE, EMA, EMOJI_VAE, EMOJI_VQ, GRADIENT, SPATIAL, VAE, VAE16, VQ64, fashion_view

FASHION = [VAE, EMA, GRADIENT, AE, VAE16, VQ64, SPATIAL]


@pytest.fixture(scope="module", autouse=True)
def _for_hypothesis(stored_runs):
    """Hypothesis wants function fixtures to do nothing per example; the patched runs stay the same for all."""
    patch = pytest.MonkeyPatch()
    patch.setattr("explorer.runs.shelf.SHIPPED", stored_runs)
    yield
    patch.undo()


def number(low, high):
    """A number with the digits of a link, strictly within bounds, where rounding cannot leave them."""
    return st.floats(low, high, exclude_min=True, exclude_max=True).map(lambda x: float(f"{x:g}"))


def some(known):
    """Some of the known names, in their order."""
    return st.sets(st.sampled_from(known)).map(lambda names: tuple(name for name in known if name in names))


def views():
    z = st.lists(st.floats(-100, 100).map(lambda x: float(f"{x:g}")), max_size=4).map(tuple)
    hidden = st.tuples(some(tuple(tab for tab in TABS if tab != "latent")), some(PARTS)).map(
        lambda pair: (*pair[0], *pair[1])
    )
    fashion = st.builds(
        fashion_view,
        left=st.sampled_from(FASHION),
        right=st.sampled_from(FASHION),
        image=st.integers(0, 4999),
        image_b=st.none() | st.integers(0, 4999),
        step=st.none() | st.integers(0, 10**6),
        code=st.none() | st.integers(0, 10**6),
        z=z,
        rule=st.sampled_from(RULES),
        windows=st.sampled_from(WINDOWS),
        starved=st.integers(1, 100),
        decay=st.none() | number(0.001, 0.999),
        epsilon=st.none() | number(1e-11, 1),
        lr=st.none() | number(1e-5, 999),
        planes=some(PLANES),
        order=st.sampled_from(ORDERS),
        temperature=number(0.01, 9.9),
        top_k=st.integers(0, 500),
        label=st.none() | st.integers(0, 9),
        prior=st.sampled_from(PRIORS),
        samples=st.sampled_from(SAMPLES),
        seed=st.integers(0, 999_999),
        tab=st.sampled_from(TABS),
        lang=st.sampled_from(["en", "zh"]),
        expert=st.booleans(),
        present=st.booleans(),
        hide=some(PARTS),
    )
    emoji = st.builds(
        View,
        data=st.just("emoji"),
        left=st.sampled_from([EMOJI_VAE, EMOJI_VQ]),
        right=st.sampled_from([EMOJI_VAE, EMOJI_VQ]),
        image=st.integers(0, 335),
        z=z,
        hide=hidden,
    )
    return fashion | emoji


def test_the_default_view_needs_no_query():
    assert default_view() == View(tab="start")
    assert default_view().to_query() == ""
    assert from_query({}) == (default_view(), ())


@given(views())
def test_a_link_restores_the_view(view):
    assert from_query(dict(parse_qsl(view.to_query()))) == (view, ())


@given(views(), st.sampled_from(["en", "zh"]))
def test_a_link_restores_the_view_in_the_readers_own_browser(view, browser):
    """English is left out only where the page would come up in English anyway."""
    assert from_query(dict(parse_qsl(view.to_query(browser))), browser) == (view, ())


@given(views())
def test_the_client_sends_what_it_got(view):
    """Fields as JSON has them: numbers, lists and null."""
    payload = {name: list(value) if isinstance(value, tuple) else value for name, value in vars(view).items()}
    assert from_query(payload) == (view, ())


def test_a_link_from_a_chinese_page_says_so():
    assert default_view(lang="zh").to_query("zh").endswith("&tab=start&lang=zh")
    assert default_view(lang="en").to_query("zh").endswith("&tab=start&lang=en")


@pytest.mark.parametrize(
    "query, tab, data",
    [
        ({}, "start", "faces"),
        ({"lang": "zh"}, "start", "faces"),
        ({"v": "2", "image": "3"}, "start", "faces"),
        ({"v": "2", "data": "emoji", "tab": "elbo"}, "elbo", "emoji"),
        ({"image": "3"}, "latent", "fashion"),
        ({"data": "emoji"}, "latent", "emoji"),
        ({"v": "1", "expert": "1"}, "latent", "fashion"),
        ({"tab": "codebook"}, "codebook", "fashion"),
        ({"guide": "3"}, "latent", "fashion"),
    ],
)
def test_a_link_without_a_version_opens_where_it_did_when_it_was_made(query, tab, data):
    view, notes = from_query(query)
    assert (view.tab, view.data, notes) == (tab, data, ())


def test_every_link_names_what_it_is_of():
    query = dict(parse_qsl(fashion_view(image=3, tab="codebook").to_query()))
    assert query == {"v": "2", "data": "fashion", "left": VAE, "right": EMA, "tab": "codebook", "image": "3"}


def test_the_other_set_brings_its_own_runs():
    view, notes = from_query({"data": "emoji"})
    assert (view.left, view.right) == (EMOJI_VAE, EMOJI_VQ)
    assert notes == ()
    assert view.to_query() == f"v=2&data=emoji&left={EMOJI_VAE}&right={EMOJI_VQ}&tab=latent"


HOSTILE = [
    ("data", "mnist", "view_choice"),
    ("data", "../../etc", "view_choice"),
    ("left", EMOJI_VAE, "view_run"),
    ("right", "<script>alert(1)</script>", "view_run"),
    ("image", "5000", "view_number"),
    ("image", "-1", "view_number"),
    ("image", "1e3", "view_number"),
    ("image", "1_0", "view_number"),
    ("image", "٣", "view_number"),
    ("image", " 7", "view_number"),
    ("image", "9" * 5000, "view_number"),
    ("image_b", "x", "view_number"),
    ("step", "1.5", "view_number"),
    ("code", "-3", "view_number"),
    ("z", "nan,0", "view_point"),
    ("z", "1e999,0", "view_point"),
    ("z", "101,0", "view_point"),
    ("z", "1,", "view_point"),
    ("z", "-,.", "view_point"),
    ("z", ",".join(["0"] * 65), "view_point"),
    ("tab", "admin", "view_choice"),
    ("lang", "fr", "view_choice"),
    ("decay", "1", "view_range"),
    ("epsilon", "0", "view_range"),
    ("lr", "1e400", "view_range"),
    ("temperature", "-0.1", "view_range"),
    ("temperature", "infinity", "view_range"),
    ("temperature", "1_0", "view_range"),
    ("top_k", "some", "view_number"),
    ("label", "-1", "view_number"),
    ("order", "chaos", "view_choice"),
    ("expert", "yes", "view_choice"),
    ("present", "2", "view_choice"),
    ("planes", "wings", "view_names"),
    ("hide", "everything", "view_names"),
    ("hide", ",".join(TABS), "view_hides_all"),
]


@pytest.mark.parametrize("key, value, code", HOSTILE)
def test_a_hostile_value_falls_back_with_a_note(key, value, code):
    view, notes = from_query({key: value, "unknown": "x"})
    assert view == (View(tab="start") if key in ("lang", "mine") else fashion_view(tab="latent"))
    assert [note.code for note in notes] == [code]
    assert len(str(notes[0])) < (450 if key == "hide" else 300)  # with all that can be hidden
    assert value[:20] in str(notes[0]) or code in ("view_number", "view_hides_all")


def test_a_good_value_beside_a_bad_one_is_kept():
    view, notes = from_query({"image": "17", "left": "nope", "right": GRADIENT})
    assert view == fashion_view(image=17, right=GRADIENT)
    assert len(notes) == 1


def test_names_that_are_known_count_beside_those_that_are_not():
    view, notes = from_query({"hide": "expert,train2,generate,,expert", "planes": "linked,thumbs"})
    assert view == fashion_view(hide=("generate", "expert"), planes=("thumbs", "linked"))
    assert [note.code for note in notes] == ["view_names"]
    assert "train2" in str(notes[0])
    assert view.to_query().endswith("&planes=thumbs,linked&hide=generate,expert")


@pytest.mark.parametrize("tab", TABS)
def test_a_hidden_tab_is_never_the_open_one(tab):
    view, notes = from_query({"tab": tab, "hide": tab})
    assert (view.tab, view.hide, notes) == (next(t for t in TABS if t != tab), (tab,), ())


def test_no_name_stands_for_two_things():
    assert len(set(HIDEABLE)) == len(HIDEABLE)


def test_every_name_that_a_link_can_hide_is_written_down():
    table = (Path(__file__).parents[3] / "docs" / "api.md").read_text().partition("## What a link can hide")[2]
    rows = re.findall(r"^\| `(\w+)` \| (\S.*?)(?: \([A-Z][\w, -]+\))? \|$", table, re.MULTILINE)
    assert tuple(name for name, _ in rows) == HIDEABLE
    assert [words.replace("*", "") for _, words in rows] == [text(f"hide.{name}", "en") for name in HIDEABLE]


def test_a_note_about_an_unknown_name_says_the_known_ones():
    _, (note,) = from_query({"hide": "everything"})
    assert all(name in str(note).partition("it knows")[2] for name in HIDEABLE)


@pytest.mark.parametrize("value", [True, False, 1, 0, "1", "0", "true", "False"])
def test_a_switch_is_read_as_a_link_and_a_client_write_it(value):
    view, notes = from_query({"expert": value})
    assert (view.expert, notes) == (str(value).lower() in ("1", "true"), ())


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*vars(View()), "other"]), json_values))
def test_nothing_that_is_sent_breaks_it(payload):
    view, notes = from_query(payload)
    assert view.data in catalog.image_sets()
    assert 0 <= view.image < catalog.test_count(view.data)
    assert view.left in [info.id for info in catalog.runs_of(view.data)]
    assert all(note.code in MESSAGES for note in notes)
    assert from_query(dict(parse_qsl(view.to_query()))) == (view, ())


def test_a_point_has_the_digits_of_its_link():
    view, notes = from_query({"z": [0.12345678901, -1e-12 / 3]})
    assert (view.z, notes) == ((0.123457, -3.33333e-13), ())
    assert from_query(dict(parse_qsl(view.to_query()))) == (view, ())


def test_control_and_bidi_characters_do_not_reach_a_sentence():
    assert catalog.readable("a\x00b\u202ec\nd") == "abcd"
    assert len(catalog.readable("x" * 500)) == 40


hostile = (
    st.text(max_size=60) | st.sampled_from([case[1] for case in HOSTILE]) | st.text("0123456789-+.,eE_ ", max_size=30)
)


@given(st.dictionaries(st.sampled_from([*vars(View()), "utm", "__theme"]), hostile, max_size=6))
@settings(deadline=None, max_examples=40)
def test_no_link_is_an_error_page(query):
    """Through the handler and the scene: what comes is the page, with a note for each value that named nothing."""
    request = SimpleNamespace(headers={"accept-language": "en"}, query_params=query)
    answered = on_load(request)[0]  # type: ignore[arg-type]
    if not isinstance(answered, dict) or "scene" not in answered:  # the default is on the page already
        assert not any(query.get(name) for name in vars(View()))
        return
    json.dumps(answered, allow_nan=False)
    assert all(len(note) < 400 for note in answered["scene"]["notes"])
    view, notes = from_query(dict(parse_qsl(answered["query"])))
    assert (vars(view), notes) == (answered["scene"]["view"], ())
