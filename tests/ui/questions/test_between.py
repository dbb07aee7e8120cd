"""The rows between two pictures, asked for: the figures are those of the very pictures the browser decodes."""

from __future__ import annotations

import base64
import math
from typing import Any

import numpy as np
import pytest
import torch

from explorer.classifier import load_classifier
from explorer.data import load_image_set
from explorer.ui import questions
from explorer.ui.computed import catalog
from explorer.ui.computed.between import Seen
from explorer.ui.computed.halfway import said_of
from tests.ui.conftest import AE, EMA, EMOJI_VAE, EMOJI_VQ, SPATIAL, VAE, VAE16, VQ64

PAIR = {"data": "fashion", "image": 3, "image_b": 8}
RUNS = {"ae": AE, "vae": VAE, "vqvae": EMA}


def asked(**params: Any) -> dict[str, Any]:
    return questions.answer("between", PAIR | RUNS | params)


def decoded(run_id: str, latents: list[list[float]]) -> torch.Tensor:
    """What a browser makes of a row: numbers come channels-last."""
    model = catalog.run(run_id).model
    grid = model.shape.grid
    z = torch.tensor(latents)
    if not z.is_floating_point():
        z = z.view(-1, grid, grid)
    elif model.spatial:
        z = z.view(len(z), grid, grid, -1).permute(0, 3, 1, 2)
    with torch.no_grad():
        pictures: torch.Tensor = model.decode(z)
    return pictures


@pytest.mark.parametrize("kind, run_id", [*RUNS.items(), ("vae", VAE16), ("vae", SPATIAL), ("vqvae", VQ64)])
def test_figures_are_those_of_the_pictures_that_are_shown(kind, run_id):
    row = asked(**{kind: run_id})["rows"][kind]
    pictures = decoded(run_id, row["latents"])
    features = load_classifier("fashion").features(pictures).double().numpy()
    steps = np.linalg.norm(np.diff(features, axis=0), axis=1)
    if steps.sum() > 0:  # an untrained codebook may give nine equal pictures
        ratio, largest = steps.sum() / np.linalg.norm(features[-1] - features[0]), steps.max() / steps.sum()
        assert row["figures"]["ratio"] == f"{ratio:.2f} ×"
        assert row["figures"]["largest"] == f"{100 * largest:.0f} %"
    else:
        assert row["figures"]["ratio"] == row["figures"]["largest"] == "–"
    probabilities = load_classifier("fashion").probabilities(pictures)
    assert row["classes"] == tuple(probabilities.argmax(1).tolist())
    assert row["confidence"] == pytest.approx(probabilities.amax(1).tolist(), abs=2e-3)
    name = load_image_set("fashion").class_names[row["classes"][4]]
    assert row["figures"]["middle"] == f"{100 * row['confidence'][4]:.0f} % {name}"


def test_the_cross_fade_mixes_the_two_test_images():
    row = asked()["rows"]["fade"]
    images = load_image_set("fashion")
    a, b = (images.images[images.split("test")[i], 0].numpy().astype(float) for i in (3, 8))
    pixels = np.frombuffer(base64.b64decode(row["pixels"]), np.uint8).reshape(9, 28, 28)
    for k in range(9):
        assert np.abs(pixels[k] - ((1 - k / 8) * a + k / 8 * b)).max() <= 0.51
    assert row["latents"] is None
    assert row["places"] == []


def test_places_are_where_the_planes_draw_them():
    rows = asked()["rows"]
    assert np.allclose(rows["vae"]["places"], rows["vae"]["latents"])
    start, end = np.array(rows["vqvae"]["places"])
    assert start.shape == end.shape == (49, 2)
    codebook = catalog.run(EMA).model.quantizer.codebook.detach().numpy()  # type: ignore[union-attr,operator]
    for share, codes in ((0, rows["vqvae"]["latents"][0]), (0.5, rows["vqvae"]["latents"][4])):
        at = (1 - share) * start + share * end
        distances = ((codebook[None] - at[:, None]) ** 2).sum(2)
        assert np.allclose(distances[np.arange(49), codes], distances.min(1), atol=1e-6)


@pytest.mark.parametrize(
    "kind, run_id, shape", [("vae", VAE16, (9, 2)), ("vqvae", VQ64, (2, 49, 2)), ("vae", SPATIAL, (0,))]
)
def test_places_of_other_latents(kind, run_id, shape):
    assert np.shape(asked(**{kind: run_id})["rows"][kind]["places"]) == shape


def test_colour_and_missing_runs():
    answer = questions.answer(
        "between", {"data": "emoji", "image": 1, "image_b": 2, "vae": EMOJI_VAE, "vqvae": EMOJI_VQ}
    )
    assert set(answer["rows"]) == {"fade", "vae", "vqvae"}
    assert len(base64.b64decode(answer["rows"]["fade"]["pixels"])) == 9 * 32 * 32 * 3
    assert "66.7 % of 336" in answer["eye"]
    assert set(questions.answer("between", PAIR)["rows"]) == {"fade"}


def test_an_image_with_itself_has_no_figures_and_is_no_error():
    answer = asked(image_b=3)
    assert answer["rows"]["vae"]["figures"]["ratio"] == "–"
    assert answer["rows"]["vae"]["figures"]["largest"] == "–"


@pytest.mark.parametrize(
    "wrong",
    [
        {"data": "no-such-set"},
        {"image": 5000},
        {"image_b": -1},
        {"image_b": None},
        {"vae": EMA},
        {"vqvae": "nothing"},
        {"ae": EMOJI_VAE},
        {"vae": EMOJI_VAE},
    ],
)
def test_a_bad_question_is_refused_in_a_sentence(wrong):
    answer = asked(**wrong)
    assert answer["code"] == "ask_parameter"
    assert "\n" not in answer["error"]


def seen(middle: float, cls: int, ends: tuple[int, int] = (2, 7)) -> Seen:
    classes = (ends[0], *[cls] * 7, ends[1])
    return Seen(1.5, 0.2, (middle,) * 9, classes, middle)


#: image 0 of Fashion-MNIST is a pullover (class 2), image 1 a sneaker (7)
@pytest.mark.parametrize(
    "vae, vq, expected",
    [
        (seen(0.99, 9), seen(0.5, 2), "the VAE has something of its own and the VQ-VAE has not"),
        (seen(0.5, 2), seen(0.45, 2), "neither model shows anything"),
        (seen(0.9, 2), seen(0.9, 7), "Both models put something"),
        (seen(0.9, 9), seen(0.9, 8), "more than one model does"),
        (seen(0.3, 2), seen(0.8, 8), "it is the VQ-VAE"),
        (seen(0.45, 8), seen(0.4, 2), "neither model shows anything"),  # another class, but not sure of it
    ],
)
def test_the_answer_follows_from_the_numbers(vae, vq, expected):
    answer = said_of({"fade": seen(0.5, 2), "vae": vae, "vqvae": vq}, "fashion", (0, 1), "en")
    assert expected in answer
    assert f"VAE {100 * vae.middle:.0f} %" in answer
    assert "wrong about" not in answer


@pytest.mark.parametrize(
    "ae, fade, ways, expected",
    [
        (seen(0.98, 9), seen(0.96, 8), "Cross-fade, AE, VQ-VAE.", "Mixed pixels alone lead to such a class"),
        (seen(0.5, 2), seen(0.96, 8), "Cross-fade, VQ-VAE.", "Mixed pixels alone lead to such a class"),
        (seen(0.98, 9), seen(0.5, 2), "AE, VQ-VAE.", "more than one model does"),
        (seen(0.5, 2), seen(0.5, 2), "", "it is the VQ-VAE that has something of its own"),
        (
            seen(0.9, 2),
            seen(0.5, 2),
            "",
            "what mixed pixels do not, a class of neither picture or a surer one: AE, VQ-VAE.",
        ),
    ],
)
def test_what_other_ways_show_too_is_nobodys_own(ae, fade, ways, expected):
    """The VQ-VAE is sure of a bag between a pullover and a sneaker."""
    rows = {"fade": fade, "ae": ae, "vae": seen(0.5, 2), "vqvae": seen(0.86, 8)}
    answer = said_of(rows, "fashion", (0, 1), "en")
    assert expected in answer
    assert ("of its own" in answer) == ("of its own" in expected)
    assert (f"shows on these ways: {ways}" in answer) == bool(ways)


def test_a_classifier_that_misjudges_the_originals_is_told():
    answer = said_of({"fade": seen(0.5, 2, ends=(2, 8))}, "fashion", (0, 1), "en")
    assert "“Sneaker” for Bag" in answer
    assert "“Pullover” for" not in answer


def test_chinese():
    answer = asked(lang="zh")
    assert answer["question"] == "我们需要“凉鞋”与“T 恤”之间的东西吗？"
    assert "。" in answer["answer"]
    assert not math.isnan(answer["rows"]["ae"]["confidence"][0])
