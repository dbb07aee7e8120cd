"""Points coloured by a feature that is known of every picture: names, labels, the legend and the link."""

from __future__ import annotations

import pytest
import torch

from explorer.data import load_image_set
from explorer.data.factors import HIDDEN
from explorer.errors import ViewError
from explorer.ui.computed import colouring
from explorer.ui.scene.legend import legend_of
from explorer.ui.view import View, from_query
from tests.ui.conftest import fashion_view


def test_labels_are_the_factor_s_values_and_what_is_unseen_has_a_label_of_its_own():
    faces = load_image_set("faces")
    name = colouring.coloured("some-run", "faces", "hair")
    assert colouring.run_of(name) == "some-run"
    hair = faces.factors["hair"].values[faces.split("test")]
    labels = colouring.test_colours(name, "faces")
    assert torch.equal(labels[hair != HIDDEN], hair[hair != HIDDEN])
    assert set(labels[hair == HIDDEN].tolist()) == {colouring.UNSEEN}
    assert torch.equal(colouring.test_colours("some-run", "faces"), faces.labels[faces.split("test")])


@pytest.mark.parametrize("name", ["run.by.18", "run.by.x", "run.by.", "run.by.01", "run.by.-1"])
def test_a_factor_that_is_not_there_is_refused(name):
    with pytest.raises(ViewError):
        colouring.stamp(name, "faces")


def test_a_set_without_factors_has_none_to_colour_by():
    with pytest.raises(ViewError):
        colouring.stamp("run.by.0", "fashion")
    assert colouring.coloured("run", "fashion", "") == "run"


def test_other_values_are_another_medium():
    stamps = {colouring.stamp(colouring.coloured("run", "faces", name), "faces") for name in ("", "hair", "skin")}
    assert len(stamps) == 3


@pytest.mark.parametrize("lang, title, none", [("en", "Coloured by", "none"), ("zh", "着色依据", "无")])
def test_the_legend_names_the_values_and_what_can_be_chosen(lang, title, none):
    legend = legend_of(View(data="faces", factor="hat style", lang=lang))
    assert legend.title == title
    assert legend.names[0] == none
    assert len(legend.names) == 11
    assert [option.id for option in legend.factors] == ["", *load_image_set("faces").factors]
    assert legend.hidden == ""
    assert "7." in legend_of(View(data="faces", factor="hair", lang=lang)).hidden


def test_the_legend_of_a_set_without_factors_is_its_classes():
    legend = legend_of(fashion_view())
    assert (legend.title, legend.names[8], len(legend.factors)) == ("Classes", "Bag", 1)


def test_the_link_holds_the_factor_and_another_set_s_is_refused():
    view, notes = from_query({"data": "faces", "factor": "hair colour"})
    assert (view.factor, notes) == ("hair colour", ())
    assert from_query(dict([part.split("=") for part in view.to_query().replace("+", " ").split("&")]))[0] == view
    view, notes = from_query({"factor": "hair colour"})
    assert view.factor == ""
    assert [note.code for note in notes] == ["view_choice"]
