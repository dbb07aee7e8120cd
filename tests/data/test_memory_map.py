"""Image sets in a mapped file: the same pictures, and no more memory than a few batches take."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from explorer.data.memory_map import MappedImageSet, map_images, mapped_set, pages_of
from explorer.training.loop import Trainer
from tests.tiny import tiny_config, tiny_set

SHAPE = (1, 8, 8)


@pytest.fixture
def same(tmp_path: Path) -> MappedImageSet:
    """The tiny set, from a file."""
    tiny = tiny_set()
    (tmp_path / "images.u8").write_bytes(tiny.images.numpy().tobytes())
    return mapped_set("fashion", tmp_path / "images.u8", SHAPE, tiny.splits, tiny.sha256)


def test_a_mapped_set_gives_the_same_pictures_and_the_same_run(same: MappedImageSet):
    tiny = tiny_set()
    ids = torch.tensor([3, 119, 0, 3])
    assert torch.equal(same.pixels(ids), tiny.pixels(ids))
    assert torch.equal(same.batch(ids), tiny.batch(ids))
    assert same.variance == tiny.variance
    one, two = (list(Trainer(tiny_config(augment=True), images).run()) for images in (tiny, same))
    assert [record.losses for record in one] == [record.losses for record in two]


def test_an_offset_skips_a_header_and_pages_are_found_behind_views(tmp_path: Path):
    array = np.arange(4 * 64, dtype=np.uint8).reshape(4, *SHAPE)
    np.save(tmp_path / "images.npy", array)
    images, _ = map_images(tmp_path / "images.npy", SHAPE, offset=128)
    assert torch.equal(images, torch.from_numpy(array))
    view = np.load(tmp_path / "images.npy", mmap_mode="c")[1:].reshape(3, 64)
    pages = pages_of(view)
    pages.most = 0
    pages.note(3, 192)
    assert view[0, 0] == 64  # what was let go of is read again


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_pass_over_a_large_file_holds_few_of_its_pages(tmp_path: Path):
    path = tmp_path / "images.u8"
    with path.open("wb") as file:
        for _ in range(96):
            file.write(bytes(1 << 20))  # not sparse: a system maps as much as it read at once, of holes nothing
    splits = {name: torch.empty(0, dtype=torch.int64) for name in ("train", "val", "test")}
    large = mapped_set("large", path, (3, 32, 32), splits, "")
    assert large.pages is not None
    large.pages.most = 8 << 20
    before, most = mapped_bytes(), 0
    for ids in torch.randperm(len(large), generator=torch.Generator().manual_seed(1)).split(256):
        large.pixels(ids)
        most = max(most, mapped_bytes() - before)
    assert most < 12 << 20
    large.images.sum()  # the same pass without letting go
    assert mapped_bytes() - before > 90 << 20


def mapped_bytes() -> int:
    """Bytes of files that this process has in memory."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssFile"):
            return int(line.split()[1]) << 10
    raise AssertionError("no RssFile in /proc/self/status")
