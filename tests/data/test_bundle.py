"""Reading and writing bundles, and what is said about damaged ones."""

import json
import shutil

import pytest
import torch
from PIL import Image

from explorer.data import ImageSet, fingerprint
from explorer.data.bundle import BUNDLED, read_bundle, split_ranges, write_bundle
from explorer.errors import DataError


@pytest.fixture
def bundle(tmp_path):
    folder = tmp_path / "emoji"
    shutil.copytree(BUNDLED / "emoji", folder)
    return folder


def change_manifest(folder, **changes):
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8")) | changes
    path.write_text(json.dumps({key: value for key, value in manifest.items() if value is not None}), encoding="utf-8")


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("captions", [(), tuple(f"picture № {i}" for i in range(230))])
def test_what_was_written_is_read(tmp_path, channels, captions):
    images = torch.randint(0, 256, (230, channels, 6, 4), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    labels = torch.arange(230) % 7
    splits = split_ranges({"train": 101, "val": 100, "test": 29})  # a row and one, a full row, part of a row
    names = tuple("abcdefg")
    written = ImageSet(
        "drawn", images, labels, names, captions, splits, "CC0", "chance", fingerprint(images, labels, splits)
    )
    write_bundle(written, tmp_path / "drawn", licence_text="free", notes={"why": "a test"})
    with Image.open(tmp_path / "drawn" / "val.png") as sheet:
        assert sheet.size == (400, 6)  # a full row and nothing below it
    read = read_bundle(tmp_path / "drawn")
    assert torch.equal(read.images, images)
    assert torch.equal(read.labels, labels)
    assert {name: indices.tolist() for name, indices in read.splits.items()} == {
        "train": list(range(101)),
        "val": list(range(101, 201)),
        "test": list(range(201, 230)),
    }
    assert (read.name, read.class_names, read.captions) == ("drawn", names, captions)
    assert (read.licence, read.source, read.sha256) == ("CC0", "chance", written.sha256)


@pytest.mark.parametrize("file", ["train.png", "val.png", "test.png", "labels.bin", "captions.txt", "LICENCE.txt"])
def test_a_flipped_bit_is_found(bundle, file):
    content = bytearray((bundle / file).read_bytes())
    content[len(content) // 2] ^= 1
    (bundle / file).write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_bundle(bundle)
    assert caught.value.code == "image_set_file_damaged"
    assert str(caught.value) == (
        f"{bundle / file} is damaged: restore it, or rebuild it with python -m explorer.data.build emoji"
    )


def test_a_cut_file_is_found(bundle):
    (bundle / "train.png").write_bytes((bundle / "train.png").read_bytes()[:1000])
    with pytest.raises(DataError, match=r"train\.png is damaged"):
        read_bundle(bundle)


@pytest.mark.parametrize("file", ["train.png", "labels.bin", "captions.txt", "manifest.json"])
def test_a_missing_file_is_named(bundle, file):
    (bundle / file).unlink()
    with pytest.raises(DataError, match="is missing: restore it, or rebuild it with") as caught:
        read_bundle(bundle)
    assert caught.value.code == "image_set_file_missing"
    assert str(bundle / file) in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe{}", b"{}", b'{"counts": {"train": "many"}}'])
def test_a_manifest_that_is_none_is_named(bundle, content):
    (bundle / "manifest.json").write_bytes(content)
    with pytest.raises(DataError, match=r"manifest\.json cannot be read") as caught:
        read_bundle(bundle)
    assert caught.value.code == "image_set_manifest_damaged"


@pytest.mark.parametrize(
    "changes",
    [
        {"shape": [3, 32]},
        {"shape": [3, 31, 32]},
        {"class_names": None},
        {"files": []},
        {"files": {}},
        {"counts": {"train": 1211, "val": 134}},
        {"licence": None},
    ],
)
def test_a_manifest_that_does_not_fit_is_named(bundle, changes):
    change_manifest(bundle, **changes)
    with pytest.raises(DataError) as caught:
        read_bundle(bundle)
    assert caught.value.code == "image_set_manifest_damaged"


@pytest.mark.parametrize(
    "changes",
    [{"sha256": "0" * 64}, {"counts": {"train": 1210, "val": 134, "test": 336}}, {"shape": [1, 32, 32]}],
)
def test_pictures_other_than_recorded_are_refused(bundle, changes):
    change_manifest(bundle, **changes)
    with pytest.raises(DataError, match="was expected: rebuild them with") as caught:
        read_bundle(bundle)
    assert caught.value.code == "image_set_hash_mismatch"
