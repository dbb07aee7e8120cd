"""Half way between two faces: which known features are neither, from the very opinions of the judge."""

from __future__ import annotations

import pytest
import torch

from explorer.data import load_image_set
from explorer.data.factors import HIDDEN
from explorer.ui import questions
from explorer.ui.questions.half_there import half_there, judged_features


@pytest.fixture(scope="module")
def pair() -> tuple[int, int]:
    """The first two test faces of which one has glasses, a hat, and all of it seen."""
    faces = load_image_set("faces")
    test = faces.split("test")
    glasses, hat = (faces.factors[name].values[test] for name in ("glasses", "hat"))
    return int(((glasses == 1) & (hat == 0)).nonzero()[0]), int(((glasses == 0) & (hat == 1)).nonzero()[0])


def opinions(pair: tuple[int, int], **middles: list[float]) -> dict[str, torch.Tensor]:
    """Nine pictures about which the judge is sure, but for the middle one where `middles` says otherwise."""
    faces = load_image_set("faces")
    found = {}
    for name, factor in faces.factors.items():
        sure = torch.eye(len(factor.names))[:1].repeat(9, 1)
        if (given := middles.get(name.replace(" ", "_"))) is not None:
            sure[4, : len(given)] = torch.tensor(given)
        found[name] = sure
    return found


def test_features_are_those_that_differ_and_that_the_judge_can_see(pair):
    faces = load_image_set("faces")
    ids = faces.split("test")[list(pair)]
    features = judged_features("faces", pair)
    assert {"glasses", "hat"} <= set(features)
    assert "eye colour" not in features  # the judge doubts two of three
    for name in features:
        a, b = faces.factors[name].values[ids].tolist()
        assert a != b
        assert HIDDEN not in (a, b)
    assert judged_features("fashion", (0, 1)) == ()


def test_what_is_half_there_is_named_with_its_share(pair):
    rows = {"vae": opinions(pair, glasses=[0.46, 0.54]), "fade": opinions(pair)}
    judge, vae, fade, counts = half_there("faces", pair, rows, "en")
    assert "judges of single features" in judge
    assert vae == "VAE: glasses: half there (54 %), which no picture of this set has."
    assert "one or the other" in fade
    assert "VAE 1, Cross-fade 0" in counts
    assert "眼镜：半有半无（54 %）" in half_there("faces", pair, rows, "zh")[1]


def test_a_sure_middle_is_not_half_there(pair):
    for there in ([0.19, 0.81], [0.81, 0.19]):
        assert "one or the other" in half_there("faces", pair, {"vae": opinions(pair, glasses=there)}, "en")[1]


def test_a_value_that_is_neither_is_named_with_the_likeliest(pair):
    if "clothing colour" not in judged_features("faces", pair):
        pytest.fail("choose a pair with clothes of two colours")
    said = half_there("faces", pair, {"ae": opinions(pair, clothing_colour=[0.3, 0.6, 0.1])}, "en")[1]
    name = load_image_set("faces").factors["clothing colour"].names[1]
    assert f"clothing colour: neither one nor the other (likeliest {name}, 60 %)" in said


def test_the_question_says_it_of_faces_alone(pair):
    said = questions.answer("between", {"data": "faces", "image": pair[0], "image_b": pair[1]})
    assert len(said["halves"]) == 3  # which judge, the cross-fade, and counts
    assert questions.answer("between", {"data": "fashion", "image": 1, "image_b": 2})["halves"] == []
