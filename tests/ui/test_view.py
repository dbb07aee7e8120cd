"""The View and its link."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import MESSAGES
from explorer.ui import catalog
from explorer.ui.view import TABS, View, default_view, from_query
from tests.ui.conftest import AE, EMA, EMOJI_VAE, EMOJI_VQ, GRADIENT, SPATIAL, VAE, VAE16, VQ64

FASHION = [VAE, EMA, GRADIENT, AE, VAE16, VQ64, SPATIAL]


@pytest.fixture(scope="module", autouse=True)
def _for_hypothesis(stored_runs):
    """Hypothesis wants function fixtures to do nothing per example; the patched runs stay the same for all."""
    patch = pytest.MonkeyPatch()
    patch.setattr("explorer.runs.SHIPPED", stored_runs)
    yield
    patch.undo()


def views():
    z = st.lists(st.floats(-100, 100).map(lambda x: float(f"{x:g}")), max_size=4).map(tuple)
    fashion = st.builds(
        View,
        left=st.sampled_from(FASHION),
        right=st.sampled_from(FASHION),
        image=st.integers(0, 4999),
        image_b=st.none() | st.integers(0, 4999),
        step=st.none() | st.integers(0, 10**6),
        code=st.none() | st.integers(0, 10**6),
        z=z,
        seed=st.integers(0, 999_999),
        tab=st.sampled_from(TABS),
        lang=st.sampled_from(["en", "zh"]),
    )
    emoji = st.builds(
        View,
        data=st.just("emoji"),
        left=st.sampled_from([EMOJI_VAE, EMOJI_VQ]),
        right=st.sampled_from([EMOJI_VAE, EMOJI_VQ]),
        image=st.integers(0, 335),
        z=z,
    )
    return fashion | emoji


def test_the_default_view_needs_no_query():
    assert View() == default_view()
    assert View().to_query() == ""
    assert from_query({}) == (View(), ())


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
    assert View(lang="zh").to_query("zh") == "lang=zh"
    assert View(lang="en").to_query("zh") == "lang=en"


def test_the_other_set_brings_its_own_runs():
    view, notes = from_query({"data": "emoji"})
    assert (view.left, view.right) == (EMOJI_VAE, EMOJI_VQ)
    assert notes == ()
    assert view.to_query() == "data=emoji"


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
]


@pytest.mark.parametrize("key, value, code", HOSTILE)
def test_a_hostile_value_falls_back_with_a_note(key, value, code):
    view, notes = from_query({key: value, "unknown": "x"})
    assert view == View()
    assert [note.code for note in notes] == [code]
    assert len(str(notes[0])) < 300
    assert value[:20] in str(notes[0]) or code == "view_number"


def test_a_good_value_beside_a_bad_one_is_kept():
    view, notes = from_query({"image": "17", "left": "nope", "right": GRADIENT})
    assert view == View(image=17, right=GRADIENT)
    assert len(notes) == 1


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
