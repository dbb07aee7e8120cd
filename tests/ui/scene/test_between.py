"""Which two pictures, and through which runs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from explorer.data import load_image_set
from explorer.ui import scene as scenes
from explorer.ui.computed.pairs import default_pair, partner
from explorer.ui.computed.strip import strip_images
from explorer.ui.view import View, default_view, from_query
from tests.ui.conftest import AE, EMA, EMOJI_VAE, EMOJI_VQ, VAE, VAE16, fashion_view


def scene(view: View) -> Any:
    return scenes.scene(view)


def ids(view: View) -> tuple[int, ...]:
    return tuple(image.id for image in scene(view).between.images)


def captions(data: str, images: tuple[int, ...]) -> list[str]:
    image_set = load_image_set(data)
    return [image_set.captions[int(image_set.split("test")[image])] for image in images]


def test_emoji_begin_with_the_dog_and_the_cat():
    view = replace(default_view("emoji"), tab="latent")
    assert captions("emoji", ids(view)) == ["dog face", "cat face"]
    assert view.to_query() == f"v=2&data=emoji&left={EMOJI_VAE}&right={EMOJI_VQ}&tab=latent"
    assert set(default_pair("emoji")) <= set(strip_images("emoji"))
    assert captions("emoji", ids(replace(view, image=default_pair("emoji")[1]))) == ["cat face", "dog face"]


def test_fashion_begins_with_two_classes():
    first, second = scene(fashion_view()).between.images
    assert (first.name, second.name) == ("Pullover", "Sneaker")
    assert not scene(fashion_view()).between.chosen


@pytest.mark.parametrize("data", ["fashion", "emoji"])
def test_every_image_has_a_partner_other_than_itself(data):
    for image in range(60):
        assert partner(data, image) != image
        assert partner(data, image) in default_pair(data)


def test_a_chosen_image_is_kept_and_stands_in_the_link():
    view = fashion_view(image=17, image_b=4)
    assert ids(view) == (17, 4)
    assert scene(view).between.chosen
    assert view.to_query().endswith("&tab=latent&image=17&image_b=4")
    assert from_query({"image": "17", "image_b": "4"})[0] == view


def test_an_image_is_not_compared_with_itself():
    view = fashion_view(image=17, image_b=17)
    assert ids(view)[1] in default_pair("fashion")
    assert not scene(view).between.chosen


@pytest.mark.parametrize(
    "left, sides, third",
    [
        (VAE, {"ae": "ae", "vae": "left", "vqvae": "right"}, AE),
        (AE, {"ae": "left", "vae": "ae", "vqvae": "right"}, VAE),
        (VAE16, {"ae": "ae", "vae": "left", "vqvae": "right"}, AE),
        (EMA, {"ae": "ae", "vae": "left", "vqvae": "right"}, AE),
    ],
)
def test_the_third_side_is_the_other_one_of_ae_and_vae(left, sides, third):
    shown = scene(fashion_view(left=left, z=(0.5, 1.0)))
    assert shown.between.sides == sides
    assert shown.sides["ae"].run == third
    assert shown.sides["ae"].chips == ()
    assert shown.sides["ae"].z == ()


def test_a_set_without_an_ae_leaves_its_row_out():
    shown = scene(replace(default_view("emoji"), tab="latent", left=EMOJI_VAE, right=EMOJI_VQ))
    assert shown.between.sides == {"vae": "left", "vqvae": "right"}
    assert shown.sides["ae"].empty


def test_other_tabs_have_neither():
    shown = scene(fashion_view(tab="reconstruct"))
    assert shown.between is None
    assert set(shown.sides) == {"left", "right"}


def test_chinese_names_the_dog_and_the_cat():
    names = [image.name for image in scene(replace(default_view("emoji", "zh"), tab="latent")).between.images]
    assert names == ["狗脸", "猫脸"]


def test_the_pair_of_faces_asks_about_glasses():
    faces = load_image_set("faces")
    values = faces.factors["glasses"].values[faces.split("test")]
    first, second = default_pair("faces")
    assert values[first] != values[second]
