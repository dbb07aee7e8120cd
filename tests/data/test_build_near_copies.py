import numpy as np

from explorer.data.build.near_copies import near_copy_groups, split_by_group


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
