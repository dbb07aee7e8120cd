import numpy as np

from explorer.data.ordering import balanced_order, uniforms


def test_uniforms_are_these_numbers_for_ever():
    """The first six bytes of `printf a:0 | sha256sum` and of `printf a:1 | sha256sum`."""
    assert uniforms("a", 2).tolist() == [0x0ED32D3352F0 / 2**48, 0x2B2C40A6706D / 2**48]


def test_uniforms_are_uniform():
    values = uniforms("spread", 4000)
    assert 0 <= values.min() < values.max() < 1
    assert np.abs(np.histogram(values, 10, (0, 1))[0] - 400).max() < 80
    assert not np.array_equal(values, uniforms("other", 4000))


def test_equal_classes_take_turns():
    labels = np.repeat(np.arange(5), 20)
    order = balanced_order(labels, "seed")
    assert sorted(order) == list(range(100))
    assert (np.sort(labels[order].reshape(20, 5)) == np.arange(5)).all()


def test_unequal_classes_keep_their_shares_in_every_prefix():
    labels = np.repeat([0, 1, 2], [60, 30, 10])
    counts = np.cumsum(np.eye(3)[labels[balanced_order(labels, "seed")]], axis=0)
    shares = np.arange(1, 101)[:, None] * [0.6, 0.3, 0.1]
    assert np.abs(counts - shares).max() < 2


def test_members_of_a_class_are_shuffled():
    order = balanced_order(np.zeros(100, int), "seed")
    assert np.abs(np.corrcoef(order, np.arange(100))[0, 1]) < 0.3
    assert not np.array_equal(order, balanced_order(np.zeros(100, int), "other"))
