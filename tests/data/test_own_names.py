"""Names of files and folders: read in the encoding they were written in, or asked about; no two folders are merged."""

from __future__ import annotations

import struct
import unicodedata
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import pytest

from explorer.data.own import import_pictures
from explorer.data.own.names import classes_of, look_alikes, natural, without_splits
from explorer.data.own.zip_names import ENCODINGS, UNICODE_PATH, paths_in
from explorer.errors import DataError
from tests.drawn import folder_of


def entry(raw: bytes, *, utf8: bool = False, extra: bytes = b"") -> zipfile.ZipInfo:
    """As `zipfile` reads it from an archive."""
    info = zipfile.ZipInfo(raw.decode("utf-8" if utf8 else "cp437"))
    info.flag_bits = 0x800 if utf8 else 0
    info.extra = extra
    return info


def unicode_path(name: str, raw: bytes) -> bytes:
    body = b"\x01" + struct.pack("<I", zlib.crc32(raw)) + name.encode()
    return struct.pack("<HH", UNICODE_PATH, len(body)) + body


def read(*names: bytes, encoding: str = "") -> list[str]:
    return paths_in([entry(name) for name in names], encoding)


@pytest.mark.parametrize(
    "encoding, names",
    [
        ("shift-jis", ["表示/ソース.png", "表面/能力.png", "猫/十二.png"]),  # each holds a 0x5C
        ("shift-jis", ["ネコ/いぬ.png", "とり/1.png"]),
        ("gbk", ["训练集/照片/这是一张测试图片.png", "验证集/照片/另外一张图片.png"]),
        ("big5", ["照片功能/許多圖片.png", "貓與狗的照片/測試.png"]),
        ("euc-kr", ["고양이/그림 하나.png", "강아지/그림 둘.png"]),
        ("utf-8", ["猫/1.png", "собака/2.png"]),
        ("cp437", ["Hündchen/1.png", "café/naïve.png"]),
    ],
)
def test_every_systems_names_are_read_or_asked_about(encoding: str, names: list[str]):
    raw = [name.encode(ENCODINGS[encoding]) for name in names]
    assert read(*raw, encoding=encoding) == names
    if encoding in ("gbk", "big5", "euc-kr"):  # short names in these are often names in another of them too
        with suppress(DataError):
            assert read(*raw) == names
    else:
        assert read(*raw) == names


def test_what_several_encodings_read_is_shown():
    with pytest.raises(DataError, match=r"gbk \(猫, 狗\), .*euc-kr .* --zip-names"):
        read("猫/1.png".encode("gbk"), "狗/2.png".encode("gbk"))
    with pytest.raises(DataError, match="not in utf-8"):
        read("狗/1.png".encode("gbk"), encoding="utf-8")


def test_the_backslash_inside_a_character_parts_nothing():
    names = ["表示/1.png", "ソ/2.png", "十/3.png"]
    assert read(*(name.encode("cp932") for name in names)) == names
    assert read(b"a\\b\\1.png") == ["a/b/1.png"], "one between characters is a separator that Windows wrote"


def test_the_extra_field_says_the_name_of_its_own_entry_only():
    raw = "猫.png".encode("gbk")
    assert paths_in([entry(raw, extra=unicode_path("猫.png", raw))]) == ["猫.png"]
    other = unicode_path("wrong.png", b"another name")
    assert paths_in([entry(b"plain.png", extra=other)]) == ["plain.png"]
    assert paths_in([entry(b"plain.png", extra=struct.pack("<HH", UNICODE_PATH, 9999) + b"\x01")]) == ["plain.png"]
    assert paths_in([entry("猫.png".encode(), utf8=True), entry("皿.png".encode("cp932"))], "shift-jis") == [
        "猫.png",
        "皿.png",
    ]


def test_folders_that_look_alike_stay_apart():
    long = "a" * 70
    paths = [f"{long}1/x.png", f"{long}2/x.png", f"{long}1/y.png"]
    one, two, again = classes_of(paths, "set")
    assert one == again != two
    twins = [unicodedata.normalize(form, "café") for form in ("NFC", "NFD")]
    assert twins[0] != twins[1]
    assert sorted(classes_of([f"{twin}/1.png" for twin in twins], "set")) == ["café", "café (2)"]
    assert look_alikes([f"{twin}/1.png" for twin in twins]) == ["café"]
    hidden = ["cat/1.png", "c\u200bat/2.png", "dog/3.png"]
    assert len(set(classes_of(hidden, "set"))) == 3


@pytest.mark.parametrize(
    "paths, rest, splits",
    [
        (["train/a/1.png", "val/a/2.png", "test/b/3.png"], ["a/1.png", "a/2.png", "b/3.png"], ["train", "val", "test"]),
        (["set/Training/1.png", "set/validation/2.png"], ["set/1.png", "set/2.png"], ["train", "val"]),
        (["train/1.png", "cat/2.png"], None, None),
        (["train/1.png", "train/2.png"], None, None),
        (["train/1.png", "test/2.png", "3.png"], None, None),
        (["test/1.png", "val/2.png"], None, None),
    ],
)  # fmt: skip
def test_folders_that_are_splits(paths: list[str], rest: list[str] | None, splits: list[str] | None):
    assert without_splits(paths) == (rest or paths, splits)


def test_frames_are_put_in_the_order_of_their_numbers():
    assert sorted(["f10", "f9", "f1b2", "g"], key=natural) == ["f1b2", "f9", "f10", "g"]


def test_twins_become_two_classes_of_a_set_and_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "cache"))
    classes = tuple(unicodedata.normalize(form, "café") for form in ("NFC", "NFD"))
    report = import_pictures(folder_of(tmp_path / "twins", 24, classes))
    assert len(report.image_set.class_names) == 2
    assert [remark.code for remark in report.remarks] == ["own_remark_alike"]
