import numpy as np
import pytest

from explorer.data import near_copies
from explorer.data.near_copies import near_copy_groups, split_by_group


def flat(*levels):
    """One picture of a single level each: the RMSE of two is the difference of their levels over 255."""
    return np.array(levels, np.uint8)[:, None, None, None] * np.ones((1, 3, 4, 4), np.uint8)


def test_linkage_is_single():
    assert near_copy_groups(flat(0, 15, 30, 200, 100, 210), 16 / 255).tolist() == [0, 0, 0, 3, 4, 3]


def test_the_threshold_itself_is_not_linked():
    assert near_copy_groups(flat(0, 51), 0.2).tolist() == [0, 1]
    assert near_copy_groups(flat(0, 50), 0.2).tolist() == [0, 0]


def test_two_chains_that_meet_late_become_one():
    assert near_copy_groups(flat(0, 30, 10, 40, 20), 11 / 255).tolist() == [0, 0, 0, 0, 0]


def every_pair(images, rmse):
    """The same by looking at all pairs."""
    flat = images.reshape(len(images), -1).astype(np.float64)
    groups = np.arange(len(images))
    for a in range(len(flat)):
        squared = ((flat[a + 1 :] - flat[a]) ** 2).sum(1)
        for b in a + 1 + np.flatnonzero(squared < (255 * rmse) ** 2 * flat.shape[1]):
            low, high = sorted((groups[a], groups[b]))
            groups[groups == high] = low
    return groups


@pytest.mark.parametrize("rmse", [0.008, 0.01, 0.02, 0.3, 0.38, 0.5])
@pytest.mark.parametrize("size", [8, 6])
def test_no_pair_is_missed(monkeypatch, rmse, size):
    """Thresholds from a few pairs to all of them; pictures that cannot be cut into 16 patches too."""
    monkeypatch.setattr(near_copies, "ROWS", 32)
    monkeypatch.setattr(near_copies, "COLUMNS", 50)
    random = np.random.default_rng(0)
    base = random.integers(0, 256, (120, 3, size, size), np.uint8)
    again = (base[:60].astype(int) + random.integers(-3, 4, base[:60].shape)).clip(0, 255).astype(np.uint8)
    images = np.concatenate([base, again])
    assert np.array_equal(near_copy_groups(images, rmse), every_pair(images, rmse))


def test_groups_stay_whole_and_shares_are_kept_per_label():
    labels = np.repeat([0, 1], [200, 100])
    groups = np.arange(300)
    groups[[1, 2]] = 0  # a small group
    groups[10:70] = np.repeat(np.arange(10, 70, 12), 12)  # five larger than a quarter of their label's share
    splits = split_by_group(groups, labels, always_test=[2], seed="seed")
    assert sorted(np.concatenate(list(splits.values()))) == list(range(300))
    assert {0, 1, 2} <= set(splits["test"])
    assert set(range(10, 70)) <= set(splits["train"])
    assert np.bincount(labels[splits["test"]]).tolist() == [40, 20]
    assert np.bincount(labels[splits["val"]]).tolist() == [16, 8]


def test_another_seed_splits_otherwise():
    labels = groups = np.zeros(100, int)
    groups = np.arange(100)
    first = split_by_group(groups, labels, [], "a")["test"].tolist()
    assert first == split_by_group(groups, labels, [], "a")["test"].tolist()
    assert first != split_by_group(groups, labels, [], "b")["test"].tolist()
