"""Splits of one's own pictures: by folders that say so, by time, by file; and pictures of more than 8 bits."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from explorer.data.own import ImportFailed, import_pictures
from explorer.data.own.limits import Limits
from explorer.data.own.picture import read_picture
from explorer.errors import DataError
from tests.drawn import drawing, encoded, folder_of


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "cache"))


def frames(folder: Path, count: int = 40) -> Path:
    """A film in which nothing much happens."""
    folder.mkdir()
    scene = np.asarray(drawing(3)).astype(int)
    for number in range(count):
        values = np.clip(scene + number, 0, 255).astype(np.uint8)
        (folder / f"frame{number}.png").write_bytes(encoded(Image.fromarray(values)))
    return folder


def captions(report, split: str) -> set[str]:
    return {report.image_set.captions[index] for index in report.image_set.split(split).tolist()}


def test_folders_that_say_so_are_splits_and_stay_apart(tmp_path: Path):
    for split, count in (("train", 30), ("val", 10), ("test", 20)):
        folder_of(tmp_path / "set" / split, count)
    report = import_pictures(tmp_path / "set")
    assert report.image_set.class_names == ("bars", "discs")
    assert {split: len(report.image_set.split(split)) for split in ("train", "val", "test")} == {
        "train": 30,
        "val": 10,
        "test": 20,
    }
    assert [str(remark) for remark in report.remarks] == [
        "the folders are taken as splits, not as classes: train 30, val 10, test 20"
    ]


@pytest.mark.parametrize("missing", ["val", "test"])
def test_a_split_that_no_folder_holds_comes_from_training(tmp_path: Path, missing: str):
    names = [split for split in ("train", "val", "test") if split != missing]
    for number, split in enumerate(names):
        folder = folder_of(tmp_path / "set" / split, 40)
        for path in folder.rglob("*.png"):
            path.write_bytes(encoded(drawing(1000 * number + int(path.stem))))
    image_set = import_pictures(tmp_path / "set").image_set
    sizes = {split: len(image_set.split(split)) for split in ("train", "val", "test")}
    assert sizes[names[1]] == 40
    assert sizes["train"] + sizes[missing] == 40
    assert 2 <= sizes[missing] <= 10
    assert len(torch.cat([image_set.split(split) for split in sizes]).unique()) == 80


def test_a_film_is_split_when_its_owner_says_so(tmp_path: Path):
    folder = frames(tmp_path / "film")
    with pytest.raises(ImportFailed, match="--picture-split time"):
        import_pictures(folder)
    report = import_pictures(folder, "by-time", split="time")
    assert captions(report, "test") == {f"frame{number}" for number in range(32, 40)}
    assert captions(report, "val") == {f"frame{number}" for number in range(29, 32)}
    assert report.kept == 40
    by_file = import_pictures(folder, "by-file", split="file").image_set
    assert len(by_file.split("test")) == 8
    with pytest.raises(DataError, match="takes one of alike, time, file"):
        import_pictures(folder, split="never")


# --- more than 8 bits

RAMP = np.linspace(0, 1, 64)[None] * np.ones((64, 1))
UNSIGNED, SIGNED, FLOAT = 1, 2, 3


def tiff(values: np.ndarray, kind: int = UNSIGNED, *, white_is_zero: bool = False, highest: int | None = None) -> bytes:
    """A grey TIFF as microscopes, scanners and NumPy write them."""
    height, width = values.shape
    body = np.ascontiguousarray(values).tobytes()
    short = {
        256: width,
        257: height,
        258: 8 * values.itemsize,
        259: 1,
        262: 0 if white_is_zero else 1,
        277: 1,
        278: height,
        339: kind,
    }
    entries = [(tag, 3, value) for tag, value in short.items()] + [(279, 4, len(body))]
    entries += [(281, 3, highest)] if highest is not None else []
    begin = 8 + 2 + 12 * (len(entries) + 1) + 4
    out = b"II*\0" + struct.pack("<IH", 8, len(entries) + 1)
    for tag, size, value in sorted([*entries, (273, 4, begin)]):
        out += struct.pack("<HHI", tag, size, 1) + (
            struct.pack("<I", value) if size == 4 else struct.pack("<HH", value, 0)
        )
    return out + bytes(4) + body


KINDS = {
    "8 bits": tiff((RAMP * 255).astype("u1")),
    "16 bits": tiff((RAMP * 65535).astype("<u2")),
    "12 bits in 16": tiff((RAMP * 4095).astype("<u2")),
    "16 bits, signed": tiff((RAMP * 3000 - 1000).astype("<i2"), SIGNED),
    "32 bits, signed": tiff((RAMP * 10**6).astype("<i4"), SIGNED),
    "32 bits": tiff((RAMP * 4e9).astype("<u4")),
    "floats to 1": tiff(RAMP.astype("<f4"), FLOAT),
    "floats to 255": tiff((RAMP * 255).astype("<f4"), FLOAT),
    "floats of any range": tiff((RAMP * 1e4 - 5e3).astype("<f4"), FLOAT),
    "a file that says its highest": tiff((RAMP * 2000).astype("<u2"), highest=2000),
}


@pytest.mark.parametrize("kind", KINDS)
def test_values_of_any_type_fill_the_scale(kind: str):
    values = read_picture(KINDS[kind], "x.tif", 32, 1, Limits()).values[0]
    expected = np.linspace(0, 255, 65)[1::2].round()
    assert np.abs(values[16].astype(int) - expected).max() <= 4


@pytest.mark.parametrize("dtype, most", [("u1", 255), ("<u2", 65535)])
def test_where_white_is_zero_the_picture_is_turned(dtype: str, most: int):
    picture = read_picture(tiff((RAMP * most).astype(dtype), white_is_zero=True), "x.tif", 32, 1, Limits())
    assert picture.values[0, 16, 0] > 250
    assert picture.values[0, 16, -1] < 5


def test_a_dark_picture_among_light_ones_stays_dark(tmp_path: Path):
    folder = tmp_path / "scans"
    folder.mkdir()
    for number in range(24):
        grey = np.asarray(drawing(number).convert("L")).astype("<u2")
        (folder / f"{number}.tif").write_bytes(tiff(grey * (10 if number == 0 else 257)))
    report = import_pictures(folder, channels=1)
    images = report.image_set.images.float()
    means = {report.image_set.captions[index]: float(images[index].mean()) for index in range(24)}
    assert means["0"] < 10 < min(mean for name, mean in means.items() if name != "0")
    assert [str(remark) for remark in report.remarks] == [
        "24 pictures of 16 bits are scaled so that 0 is black and 65535 is white"
    ]


def test_pictures_that_are_black_are_called_so(tmp_path: Path):
    folder = tmp_path / "masks"
    folder.mkdir()
    for number in range(24):
        (folder / f"{number}.tif").write_bytes(tiff(np.full((40, 40), number % 3, "<u2")))
    with pytest.raises(ImportFailed, match=r"24 of the 24 pictures in .* are of one colour all over"):
        import_pictures(folder)
    bad = tiff(np.where(RAMP > 0.5, np.nan, RAMP).astype("<f4"), FLOAT)
    with pytest.raises(DataError, match="not finite"):
        read_picture(bad, "x.tif", 32, 1, Limits())
