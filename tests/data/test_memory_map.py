"""Image sets in a mapped file: the same pictures, and no more memory than a few batches take."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from explorer.data import load_image_set, memory_map
from explorer.data.bundle import BUNDLED, read_bundle
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


def test_what_is_spilled_is_the_same_and_its_pages_are_given_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path))
    monkeypatch.setattr(memory_map, "_SPILLED", [])
    spilled = read_bundle(BUNDLED / "emoji", memory_map.spilled)
    assert spilled.sha256 == load_image_set("emoji").sha256
    assert list(tmp_path.iterdir()) == []  # no name, and so nothing to tidy up
    if sys.platform.startswith("linux"):
        held = resident_of_files()
        memory_map.let_go()
        assert resident_of_files() < held - 0.8 * spilled.images.nbytes
    assert torch.equal(spilled.images, load_image_set("emoji").images)


def test_without_room_on_the_disk_pictures_are_in_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path))
    monkeypatch.setattr(memory_map, "_SPILLED", [])

    def full(*_: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full, raising=False)
    array = memory_map.spilled((5, 3, 2, 2))
    assert type(array) is np.ndarray
    assert array.shape == (5, 3, 2, 2)
    assert memory_map._SPILLED == []


def resident_of_files() -> int:
    """Bytes of files that are mapped into this process and in its memory."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssFile")) * 1024
