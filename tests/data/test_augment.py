import numpy as np
import pytest
import torch

from explorer.data import load_image_set
from explorer.data.augment import MAX_SHIFT, augment


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def variants(image):
    """All 50 results for one picture (C, H, W), by (dy, dx, flip), with NumPy's edge padding."""
    _, height, width = image.shape
    padded = np.pad(image, ((0, 0), (MAX_SHIFT, MAX_SHIFT), (MAX_SHIFT, MAX_SHIFT)), mode="edge")
    shifts = range(-MAX_SHIFT, MAX_SHIFT + 1)
    return {
        (dy, dx, flip): shifted[:, :, ::-1] if flip else shifted
        for flip in (False, True)
        for dy in shifts
        for dx in shifts
        for shifted in [padded[:, MAX_SHIFT + dy :, MAX_SHIFT + dx :][:, :height, :width]]
    }


@pytest.mark.parametrize("channels", [1, 3])
def test_every_result_is_a_shift_or_a_mirrored_shift_and_all_are_equally_likely(channels):
    picture = torch.randint(0, 256, (channels, 7, 6), dtype=torch.uint8, generator=generator(1))
    known = {variant.tobytes(): key for key, variant in variants(picture.numpy()).items()}
    assert len(known) == 50
    n = 10_000
    results = augment(picture.expand(n, -1, -1, -1), generator())
    seen = [known[result.numpy().tobytes()] for result in results]  # a KeyError is a picture that should not be
    counts = np.unique(seen, axis=0, return_counts=True)[1]
    assert len(counts) == 50
    chi_squared = ((counts - n / 50) ** 2 / (n / 50)).sum()
    assert chi_squared < 85.4  # the 99.9 % quantile at 49 degrees of freedom


def test_each_picture_gets_its_own_change_and_keeps_its_place():
    pictures = torch.randint(0, 256, (40, 3, 8, 8), dtype=torch.uint8, generator=generator(1))
    results = augment(pictures, generator())
    keys = []
    for picture, result in zip(pictures, results, strict=True):
        keys += [key for key, variant in variants(picture.numpy()).items() if np.array_equal(variant, result.numpy())]
    assert len(keys) == 40
    assert len(set(keys)) > 20


def test_shape_and_type_stay_and_the_input_is_left_alone():
    emoji = load_image_set("emoji")
    pictures = emoji.images[emoji.split("train")[:16]]
    before = pictures.clone()
    results = augment(pictures, generator())
    assert results.shape == pictures.shape
    assert results.dtype == torch.uint8
    assert results.is_contiguous()
    assert torch.equal(pictures, before)
    assert not torch.equal(results, before)


def test_the_generator_is_the_only_source_of_chance():
    pictures = torch.randint(0, 256, (16, 1, 8, 8), dtype=torch.uint8, generator=generator(1))
    first = augment(pictures, generator(3))
    torch.rand(5)
    assert torch.equal(augment(pictures, generator(3)), first)
    assert not torch.equal(augment(pictures, generator(4)), first)
