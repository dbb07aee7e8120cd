"""What the shipped files hold, recomputed from the pixels where that is possible."""

import hashlib
import json

import numpy as np
import pytest
import torch

from explorer.data import SPLITS, fingerprint, image_set_names, load_image_set
from explorer.data.bundle import BUNDLED

# The recorded results of every run rest on these pictures: a new hash here means training everything again.
SHA256 = {
    "fashion": "613f4e34c981b6e2543e7b0997c762bdbdebbf72f517eafcc78ebc12fd60f7a8",
    "emoji": "41ce1f9769152cfd2af65afe8e582b37e6732601b6abce5bb07ca403cf659336",
    "faces": "bf62fa95569189c5088ab4f7cd0e880358aacde8f217d588570c19808274652e",
}
LICENCE_WORDS = {
    "fashion": "Permission is hereby granted, free of charge",
    "emoji": "SIL OPEN FONT LICENSE",
    "faces": "CC0 1.0",
}

every_set = pytest.mark.parametrize("name", image_set_names())


@every_set
def test_content_is_the_recorded_one(name):
    image_set = load_image_set(name)
    assert image_set.sha256 == fingerprint(image_set.images, image_set.labels, image_set.splits) == SHA256[name]


@every_set
def test_types_and_lengths_agree(name):
    image_set = load_image_set(name)
    assert image_set.name == name
    assert image_set.images.dtype == torch.uint8
    assert image_set.labels.dtype == torch.int64
    assert len(image_set.labels) == len(image_set)
    assert len(image_set.captions) in (0, len(image_set))
    assert image_set.labels.unique().tolist() == list(range(len(image_set.class_names)))


@every_set
def test_every_picture_is_in_exactly_one_split(name):
    image_set = load_image_set(name)
    indices = torch.cat([image_set.split(split) for split in SPLITS])
    assert torch.equal(indices.sort().values, torch.arange(len(image_set)))


@every_set
def test_val_is_a_tenth_of_train_and_val(name):
    image_set = load_image_set(name)
    train, val = len(image_set.split("train")), len(image_set.split("val"))
    assert val == round((train + val) / 10)


@every_set
def test_no_two_pictures_are_equal(name):
    images = load_image_set(name).images.numpy()
    assert len({image.tobytes() for image in images}) == len(images)


@every_set
@pytest.mark.parametrize("split", SPLITS)
def test_every_prefix_has_the_class_shares_of_the_whole(name, split):
    image_set = load_image_set(name)
    labels = image_set.labels[image_set.split(split)].numpy()
    counts = np.cumsum(np.eye(len(image_set.class_names))[labels], axis=0)
    shares = np.arange(1, len(labels) + 1)[:, None] * counts[-1] / len(labels)
    assert np.abs(counts - shares).max() < 2.5


@every_set
def test_files_are_small_and_carry_the_licence(name):
    files = list((BUNDLED / name).iterdir())
    assert max(file.stat().st_size for file in files) < 10_000_000
    assert LICENCE_WORDS[name] in (BUNDLED / name / "LICENCE.txt").read_text(encoding="utf-8")
    listed = json.loads((BUNDLED / name / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert {file.name for file in files} == {"manifest.json", *listed}
    assert all(hashlib.sha256((BUNDLED / name / file).read_bytes()).hexdigest() == listed[file] for file in listed)


@pytest.mark.parametrize("split, each", [("train", 1800), ("val", 200), ("test", 500)])
def test_fashion_has_each_class_equally_often(split, each):
    fashion = load_image_set("fashion")
    assert fashion.labels[fashion.split(split)].bincount().tolist() == [each] * 10


def test_fashion_labels_fit_the_pictures():
    """Trousers are two legs: between them it is black. Bags are wide, so their lower corners are not."""
    fashion = load_image_set("fashion")
    trouser, bag = (
        fashion.images[fashion.labels == fashion.class_names.index(name)].float().mean((0, 1))
        for name in ("Trouser", "Bag")
    )
    assert trouser[24, 13:15].mean() < 0.5 * trouser[24, 9:12].mean()
    assert bag[20, 1:4].mean() > 10 * trouser[20, 1:4].mean()


def test_emoji_labels_are_split_alike():
    emoji = load_image_set("emoji")
    counts = {split: emoji.labels[emoji.split(split)].bincount() for split in SPLITS}
    whole = emoji.labels.bincount()
    assert (counts["test"] / whole - 0.2).abs().max() < 0.01
    assert (counts["val"] / (whole - counts["test"]) - 0.1).abs().max() < 0.02


def test_emoji_near_copies_stay_in_one_split():
    emoji = load_image_set("emoji")
    x = emoji.images.flatten(1).double() / 255
    squares = (x**2).mean(1)
    near = (squares[:, None] + squares - 2 * x @ x.T / x.shape[1] < 0.08**2).numpy()
    groups = np.arange(len(emoji))
    for _ in range(24):  # the lowest index spreads from neighbour to neighbour; no group is larger
        groups = np.where(near, groups, len(emoji)).min(1)
    split_of = np.empty(len(emoji), int)
    for number, split in enumerate(SPLITS):
        split_of[emoji.split(split)] = number
    sizes = np.bincount(groups)
    assert (sizes > 1).sum() == 27
    assert sizes[sizes > 1].sum() == 99
    assert all(len(set(split_of[groups == group])) == 1 for group in np.flatnonzero(sizes > 1))


def test_the_dog_and_the_cat_are_held_out():
    emoji = load_image_set("emoji")
    test = set(emoji.split("test").tolist())
    assert {emoji.captions.index("dog face"), emoji.captions.index("cat face")} <= test


def test_emoji_captions_fit_the_pictures():
    emoji = load_image_set("emoji")
    red, blue = (emoji.images[emoji.captions.index(name)].float().mean((1, 2)) for name in ("red heart", "blue heart"))
    assert red.argmax() == 0
    assert blue.argmax() == 2
    assert emoji.class_names[emoji.labels[emoji.captions.index("flag: Norway")]] == "Flags"
    assert len(set(emoji.captions)) == len(emoji)
