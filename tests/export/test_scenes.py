"""Scenes put together from what was recorded are the scenes that Python makes."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.export.patches import Change, changed, changes, same
from explorer.export.scenes import Recorded, axes_of, plain_scene, record, written
from explorer.export.selection import chosen
from explorer.ui.view import LANGUAGES

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=12,
)


@given(plain, plain)
def test_changes_lead_from_one_value_to_the_other(before, after):
    assert same(changed(before, changes(before, after)), after)
    assert changes(after, after) == []


def together(made: Recorded, key: tuple[str, str], values: dict[str, Any], axes: dict[str, tuple[Any, ...]]) -> Any:
    """As `host/scenes.js` does it: the scene, one axis after the other, then two together."""
    beside = [(axis, written(values[axis])) for axis in axes if values[axis] != axes[axis][0]]
    pairs = [(f"{a}+{b}", f"{x}+{y}") for a, x in beside for b, y in beside]
    by = [change for place in [*beside, *pairs] for change in made.along.get(place, {}).get(key, [])]
    return changed(made.scenes[key], by)


@pytest.mark.parametrize("tab", ["latent", "elbo"])
def test_axes_laid_over_each_other_give_the_scene_of_both(tab):
    (of_set,) = chosen(images=4, guide=False)
    of_set = replace(of_set, steps=(1, 6), images=of_set.images[:4])
    pair = of_set.pairs[0]
    made, axes = record(of_set, pair, (tab,)), dict(axes_of(of_set, pair))
    draw = random.Random(0)
    for _ in range(8):
        values: dict[str, Any] = {axis: draw.choice(known) for axis, known in axes.items()}
        if values["guide"] == 6 and values["image"] != axes["image"][0]:
            values["image_b"] = None  # all three together are no part of an exploration
        lang = draw.choice(LANGUAGES)
        view = replace(of_set.opening, left=pair[0], right=pair[1], tab=tab, lang=lang, **values)
        assert together(made, (tab, lang), values, axes) == plain_scene(view), values


def test_changes_laid_over_others_leave_those_as_they_were():
    """Else the first of two axes would be stored as it is under the second."""
    step = {"asked": {"stamp": "one"}}
    both: list[Change] = [(["guide", "open"], step), (["guide", "open", "asked", "stamp"], "two")]
    before = {"guide": {"open": None, "steps": [1]}}
    assert changed(before, both) == {"guide": {"open": {"asked": {"stamp": "two"}}, "steps": [1]}}
    assert step == {"asked": {"stamp": "one"}}
    assert before == {"guide": {"open": None, "steps": [1]}}
