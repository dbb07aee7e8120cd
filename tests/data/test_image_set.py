import numpy as np
import pytest
import torch

from explorer.data import ImageSet, fingerprint, image_set_names, load_image_set
from explorer.errors import DataError


def tiny_set(**changes):
    images = torch.arange(6 * 3 * 2 * 4, dtype=torch.uint8).reshape(6, 3, 2, 4)
    labels = torch.tensor([0, 1, 0, 1, 0, 1])
    splits = {"train": torch.tensor([0, 1, 2]), "val": torch.tensor([3]), "test": torch.tensor([4, 5])}
    fields = {
        "name": "tiny",
        "images": images,
        "labels": labels,
        "class_names": ("even", "odd"),
        "captions": (),
        "splits": splits,
        "licence": "CC0",
        "source": "counted",
        "sha256": fingerprint(images, labels, splits),
    }
    return ImageSet(**(fields | changes))


def test_sizes_are_read_off_the_tensor():
    tiny = tiny_set()
    assert (len(tiny), tiny.channels, tiny.height, tiny.width) == (6, 3, 2, 4)


def test_batch_is_float_in_unit_range_and_in_the_order_asked_for():
    tiny = tiny_set()
    batch = tiny.batch(torch.tensor([5, 0]))
    assert batch.dtype == torch.float32
    np.testing.assert_allclose(batch.numpy(), tiny.images.numpy()[[5, 0]] / 255.0, atol=1e-7)


def test_variance_is_that_of_the_training_split_alone():
    tiny = tiny_set()
    assert tiny.variance == pytest.approx((tiny.images[:3].numpy() / 255.0).var(), abs=1e-12)


def test_variance_of_black_and_white_halves_is_a_quarter():
    images = torch.tensor([0, 255], dtype=torch.uint8).repeat(72).reshape(6, 3, 2, 4)
    assert tiny_set(images=images).variance == pytest.approx(0.25, abs=1e-12)


def test_a_split_of_neighbours_is_no_copy_and_another_one_is_in_its_order():
    images = torch.arange(6, dtype=torch.uint8).view(6, 1, 1, 1)
    splits = {
        "train": torch.tensor([1, 2, 3]),
        "val": torch.tensor([5, 0]),
        "test": torch.tensor([], dtype=torch.int64),
    }
    made = ImageSet("six", images, torch.zeros(6, dtype=torch.int64), ("a",), (), splits, "", "", "")
    assert made.images_of("train").flatten().tolist() == [1, 2, 3]
    assert made.images_of("train").data_ptr() == images[1:].data_ptr()
    assert made.images_of("val").flatten().tolist() == [5, 0]
    assert made.images_of("test").shape == (0, 1, 1, 1)


def test_unknown_split_names_the_known_ones():
    with pytest.raises(DataError, match=r"no split called 'dev': choose one of train, val, test") as caught:
        tiny_set().split("dev")
    assert caught.value.code == "split_unknown"


@pytest.mark.parametrize("changed", ["images", "labels", "train", "val", "test"])
def test_fingerprint_sees_a_change_of_one_value(changed):
    tiny = tiny_set()
    images, labels = tiny.images.clone(), tiny.labels.clone()
    splits = {name: indices.clone() for name, indices in tiny.splits.items()}
    {"images": images, "labels": labels, **splits}[changed].view(-1)[0] += 1
    assert fingerprint(images, labels, splits) != tiny.sha256


def test_fingerprint_sees_the_shape():
    tiny = tiny_set()
    assert fingerprint(tiny.images.reshape(6, 3, 4, 2), tiny.labels, tiny.splits) != tiny.sha256


def test_fingerprint_does_not_depend_on_memory_layout():
    tiny = tiny_set()
    strided = tiny.images.to(memory_format=torch.channels_last)
    assert not strided.is_contiguous()
    assert fingerprint(strided, tiny.labels, tiny.splits) == tiny.sha256


def test_unknown_image_set_names_the_known_ones():
    with pytest.raises(
        DataError, match=r"no image set called 'imagenet': choose one of fashion, emoji, faces"
    ) as caught:
        load_image_set("imagenet")
    assert caught.value.code == "image_set_unknown"


def test_the_default_comes_first():
    assert image_set_names() == ("faces", "fashion", "emoji")


def test_a_set_is_read_once():
    assert load_image_set("emoji") is load_image_set("emoji")
