"""A cache that is bounded by bytes."""

from __future__ import annotations

import pytest

from explorer.files.bounded_cache import Newest
from explorer.ui.computed import encoded
from tests.ui.conftest import EMA, VAE, VQ64


def test_the_oldest_go_when_there_are_too_many_or_too_large_ones():
    cache: Newest[str, bytes] = Newest(3, 10, len)
    for key in "abc":
        cache.put(key, b"xx")
    assert cache.get("a") == b"xx"  # the newest now
    cache.put("d", b"xx")
    assert [cache.get(key) for key in "abcd"] == [b"xx", None, b"xx", b"xx"]
    cache.put("e", b"x" * 7)
    assert [cache.get(key) for key in "acde"] == [None, None, b"xx", b"x" * 7]
    cache.put("f", b"x" * 11)  # too large, and the newest all the same
    assert (len(cache), cache.get("f")) == (1, b"x" * 11)


def test_latents_are_kept_by_their_bytes(monkeypatch: pytest.MonkeyPatch):
    small, large = (encoded._bytes(encoded._kept(run)) for run in (EMA, VQ64))
    drawn = encoded.DRAWN_VECTORS * 64 * 4
    assert drawn < large < 5000 * 49 * 64 * 4 / 4  # of a wide encoder only what is drawn or mapped
    assert small < large
    cache: Newest[tuple[str, str], encoded._Kept] = Newest(8, large + small, encoded._bytes)
    monkeypatch.setattr(encoded, "_ENCODED", cache)
    first = encoded.encoded_test(EMA)
    assert encoded.encoded_test(EMA) is first
    encoded.encoded_test(VQ64)
    assert encoded.encoded_test(EMA) is first
    encoded.encoded_test(VAE)
    assert len(cache) == 2
    assert encoded.encoded_test(EMA) is first
