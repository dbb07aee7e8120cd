"""The bundled faces: what is known of them fits what is drawn, and no near-copy crosses a split."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explorer.data import SPLITS, load_image_set
from explorer.data.build.faces import NEAR_COPY_CELLS
from explorer.data.build.faces.copies import distinct, near_copy_cells
from explorer.data.factors import HIDDEN, NONE

FACTORS = {
    "skin": 8,
    "hair": 45,
    "hair colour": 11,
    "eyes": 12,
    "eye colour": 6,
    "mouth": 23,
    "mood": 2,
    "mouth colour": 4,
    "glasses": 2,
    "glasses style": 15,
    "glasses colour": 7,
    "hat": 2,
    "hat style": 11,
    "hat colour": 8,
    "beard": 2,
    "beard style": 9,
    "clothing": 22,
    "clothing colour": 12,
}


def faces():
    return load_image_set("faces")


def values(name):
    return faces().factors[name].values


def test_sizes_are_those_that_were_asked_for():
    assert [len(faces().split(split)) for split in SPLITS] == [18_000, 2_000, 5_000]
    assert faces().images.shape == (25_000, 3, 32, 32)
    assert {name: len(factor.names) for name, factor in faces().factors.items()} == FACTORS


@pytest.mark.parametrize("name", FACTORS)
def test_every_value_occurs_in_every_split(name):
    factor = faces().factors[name]
    for split in SPLITS:
        seen = factor.values[faces().split(split)]
        assert set(seen[seen != HIDDEN].tolist()) == set(range(len(factor.names)))
    assert len(set(factor.names)) == len(factor.names)
    assert factor.hidden_share < 0.1


def test_pixels_are_doubled_cells_and_no_two_faces_are_equal():
    images = faces().images
    cells = images[:, :, ::2, ::2]
    assert torch.equal(cells.repeat_interleave(2, 2).repeat_interleave(2, 3), images)
    assert len({cell.numpy().tobytes() for cell in cells}) == len(cells)


def test_near_copies_stay_in_one_split():
    groups = near_copy_cells(faces().images[:, :, ::2, ::2].permute(0, 2, 3, 1).numpy(), NEAR_COPY_CELLS)
    split_of = np.empty(len(groups), int)
    for number, split in enumerate(SPLITS):
        split_of[faces().split(split)] = number
    for group in np.flatnonzero(np.bincount(groups) > 1):
        assert len(set(split_of[groups == group])) == 1


def test_near_copies_are_found_however_far_apart_their_cells():
    generator = np.random.default_rng(3)
    face = generator.integers(0, 256, (16, 16, 3), np.uint8)
    near, far = face.copy(), face.copy()
    for row, column in ((0, 0), (5, 15), (11, 3), (15, 8)):
        near[row, column] ^= 1
    for row, column in ((0, 1), (5, 14), (11, 2), (15, 7), (9, 9)):
        far[row, column] ^= 1
    faces = np.stack([generator.integers(0, 256, (16, 16, 3), np.uint8), face, far, near])
    assert near_copy_cells(faces, 4).tolist() == [0, 1, 2, 1]
    assert near_copy_cells(faces, 5).tolist() == [0, 1, 1, 1]
    assert distinct(np.stack([face, near, face, far]), 3).tolist() == [0, 1, 3]


@pytest.mark.parametrize("thing", ["glasses", "hat", "beard"])
def test_an_absent_thing_and_its_colour_are_none(thing):
    absent = values(thing) == faces().factors[thing].names.index(NONE)
    for name in (f"{thing} style", f"{thing} colour"):
        if name in faces().factors:
            factor = faces().factors[name]
            assert torch.equal(factor.values == factor.names.index(NONE), absent)
    assert 0.15 < 1 - float(absent.double().mean()) < 0.45


def test_labels_are_the_skin_and_pale_skin_is_light():
    assert torch.equal(faces().labels, values("skin"))
    light = faces().images[:, :, 14, 8].float().mean(1)  # between the eyes and the mouth's top
    means = [float(light[values("skin") == k].mean()) for k in range(8)]
    assert means == sorted(means, reverse=True)


def test_a_short_cut_under_a_hat_is_hidden_and_long_hair_is_seen():
    hatted, hair = values("hat") == 1, faces().factors["hair"]
    assert float((hair.values[hatted] == HIDDEN).double().mean()) > 0.3
    assert not (hair.values[~hatted] == HIDDEN).any()
    long = torch.tensor([name.startswith("long") for name in hair.names])
    assert float(long[hair.values[hatted & (hair.values != HIDDEN)]].double().mean()) > 0.7


def test_red_hair_is_red():
    hair, red = values("hair colour"), faces().factors["hair colour"].names.index("red")
    bare = (values("hat") == 0) & torch.isin(values("hair"), torch.tensor([15, 16]))  # short 16 and 17: a full cap
    mean = faces().images[bare & (hair == red)][:, :, 4, 16].float().mean(0)
    assert mean[0] > 3 * mean[1:].max()
