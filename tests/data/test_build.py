"""The bundled sets can be made again; skipped where the Debian packages they come from are not installed."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import features

from explorer.data import fingerprint, load_image_set
from explorer.data.build import emoji, fashion
from explorer.data.build.__main__ import BUILDERS, main
from explorer.data.build.emoji import Emoji, is_variant, merge_duplicates, read_emoji
from explorer.data.build.faces import drawing
from explorer.data.bundle import BUNDLED, read_bundle, split_ranges
from explorer.data.factors import pack_factors
from explorer.errors import DataError

NEEDS = {
    "fashion": {fashion.PACKAGE: f"{fashion.FOLDER}/train-images-idx3-ubyte.gz"},
    "emoji": {emoji.FONT_PACKAGE: emoji.FONT_FILE, emoji.NAMES_PACKAGE: emoji.NAMES_FILE},
}


def need_packages(name):
    if name == "faces" and not (shutil.which("node") and (drawing.workshop() / "installed.json").is_file()):
        pytest.skip("the packages that draw faces are not installed")
    for package, path in NEEDS.get(name, {}).items():
        if not Path(path).exists():
            pytest.skip(f"the Debian package {package} is not installed")
    if name == "emoji" and not features.check("raqm"):
        pytest.skip("this Pillow has no raqm")


@pytest.mark.parametrize("name", list(BUILDERS))
def test_rebuilding_gives_the_bundled_tensors(name):
    need_packages(name)
    image_set, licence_text, _ = BUILDERS[name]()
    bundled = load_image_set(name)
    assert image_set.sha256 == bundled.sha256
    assert image_set.captions == bundled.captions
    assert image_set.class_names == bundled.class_names
    assert pack_factors(image_set.factors) == pack_factors(bundled.factors)
    assert licence_text == (BUNDLED / name / "LICENCE.txt").read_text(encoding="utf-8")


def a_few(start):
    """Ten bundled emoji from `start` on as a set of their own."""
    whole = load_image_set("emoji")
    images, labels = whole.images[start : start + 10], whole.labels[start : start + 10]
    splits = split_ranges({"train": 6, "val": 2, "test": 2})
    sha256 = fingerprint(images, labels, splits)
    return replace(whole, images=images, labels=labels, captions=(), splits=splits, sha256=sha256)


def test_the_command_checks_and_writes(tmp_path, capsys, monkeypatch):
    few, others = a_few(0), a_few(7)
    monkeypatch.setitem(BUILDERS, "emoji", lambda: (few, "free", {"why": "a test"}))
    assert main(["emoji", "--out", str(tmp_path)]) == 0
    assert read_bundle(tmp_path / "emoji").sha256 == few.sha256
    assert main(["emoji", "--check", "--out", str(tmp_path)]) == 0
    assert capsys.readouterr().out.count(few.sha256) == 3
    monkeypatch.setitem(BUILDERS, "emoji", lambda: (others, "free", {}))
    assert main(["emoji", "--check", "--out", str(tmp_path)]) == 1
    assert "DIFFERENT" in capsys.readouterr().out
    assert read_bundle(tmp_path / "emoji").sha256 == few.sha256


@pytest.mark.parametrize(
    "name, module, constant, package",
    [
        ("fashion", fashion, "FOLDER", "dataset-fashion-mnist"),
        ("emoji", emoji, "FONT_FILE", "fonts-noto-color-emoji"),
        ("emoji", emoji, "NAMES_FILE", "unicode-data"),
    ],
)
def test_a_missing_package_is_named_with_its_cure(name, module, constant, package, monkeypatch, tmp_path, capsys):
    names = tmp_path / "emoji-test.txt"
    names.write_text("", encoding="utf-8")
    monkeypatch.setattr(emoji, "NAMES_FILE", str(names))
    monkeypatch.setattr(module, constant, str(tmp_path / "nowhere"))
    assert main([name, "--out", str(tmp_path)]) == 2
    assert f"install it with apt-get install {package}" in capsys.readouterr().err


def test_a_pillow_without_raqm_is_refused(monkeypatch):
    monkeypatch.setattr(features, "check", lambda _: False)
    with pytest.raises(DataError, match="raqm"):
        emoji.load_font()


def test_only_fully_qualified_lines_are_read(tmp_path):
    path = tmp_path / "emoji-test.txt"
    path.write_text(
        "# group: Smileys & Emotion\n"
        "263A FE0F   ; fully-qualified     # ☺️ E0.6 smiling face\n"
        "263A        ; unqualified         # ☺ E0.6 smiling face\n"
        "# group: Component\n"
        "1F3FB       ; component           # 🏻 E1.0 light skin tone\n"
        "# group: Symbols\n"
        "0023 FE0F 20E3 ; fully-qualified  # #️⃣ E0.6 keycap: #\n",
        encoding="utf-8",
    )
    assert read_emoji(path) == [
        Emoji("☺️", "smiling face", "Smileys & Emotion"),
        Emoji("#️⃣", "keycap: #", "Symbols"),
    ]


@pytest.mark.parametrize("text", ["👍🏽", "👩‍🚀", "🏃‍♂️", "👨‍👩‍👧", "🧑🏿‍🚀"])
def test_variants_are_left_out(text):
    assert is_variant(text)


@pytest.mark.parametrize("text", ["👍", "🧑‍🚀", "🏃", "👩", "♀️", "🐻‍❄️", "🏴‍☠️", "🇳🇴", "👪"])
def test_what_stands_alone_is_kept(text):
    assert not is_variant(text)


def test_equal_pictures_keep_the_shortest_name():
    need_packages("emoji")
    font = emoji.load_font()
    flags = [("🇧🇻", "flag: Bouvet Island"), ("🇮🇹", "flag: Italy"), ("🇳🇴", "flag: Norway")]
    drawn = emoji.draw_known([Emoji(text, name, "Flags") for text, name in flags], font)
    assert [kept.name for kept, _ in merge_duplicates(drawn)] == ["flag: Norway", "flag: Italy"]


def test_what_the_font_cannot_draw_as_one_glyph_is_left_out():
    need_packages("emoji")
    texts = ["🐶", "🐶🐱", "🐶‍🐱", "\ue123", "\U0010fffd"]
    drawn = emoji.draw_known([Emoji(text, "", "") for text in texts], emoji.load_font())
    assert [kept.text for kept, _ in drawn] == ["🐶"]
