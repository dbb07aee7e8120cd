"""Emoji: Noto Color Emoji at 32×32 pixels, in colour on white, with their CLDR names.

Left out are skin tones (five per hand and person: half of all emoji), the man and the woman of every emoji that also
has a neutral person, and families, all of which would flood the set with one person in many coats; also pictures equal
to another's in every pixel (Norway's flag is also Bouvet Island's), of which the shortest name stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, features

from explorer.data.bundle import split_ranges
from explorer.data.debian import licence_text, package_file, package_version
from explorer.data.image_set import SPLITS, ImageSet, fingerprint
from explorer.data.near_copies import near_copy_groups, split_by_group
from explorer.data.ordering import balanced_order
from explorer.errors import DataError

FONT_PACKAGE, FONT_FILE = "fonts-noto-color-emoji", "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"
NAMES_PACKAGE, NAMES_FILE = "unicode-data", "/usr/share/unicode/emoji/emoji-test.txt"
NATIVE_PPEM = 109  # the one size at which the font has bitmaps
GLYPH_BOX = (4, 0, 132, 128)  # its bitmaps are 136×128 with four empty columns on each side
SIZE = 32
NEAR_COPY_RMSE = 0.08  # joins clocks, keycaps, some faces and flags, 99 pictures in all
ALWAYS_TEST = ("dog face", "cat face")  # the page opens with them, so no model may have learned them

SKIN_TONES = frozenset("🏻🏼🏽🏾🏿")
ZERO_WIDTH_JOINER = "\u200d"
GENDERS = frozenset("👨👩♀♂")


@dataclass(frozen=True)
class Emoji:
    """One line of emoji-test.txt."""

    text: str
    name: str
    group: str


def build_emoji() -> tuple[ImageSet, str, dict[str, Any]]:
    """The image set, its licence text, and notes for the manifest."""
    listed = read_emoji(package_file(NAMES_PACKAGE, NAMES_FILE))
    neutral = [emoji for emoji in listed if not is_variant(emoji.text)]
    drawn = draw_known(neutral, load_font())
    kept = merge_duplicates(drawn)
    emojis = [emoji for emoji, _ in kept]
    images = np.stack([picture for _, picture in kept])
    class_names = tuple(dict.fromkeys(emoji.group for emoji in emojis))
    labels = np.array([class_names.index(emoji.group) for emoji in emojis])
    groups = near_copy_groups(images, NEAR_COPY_RMSE)
    order, counts = _split(emojis, groups, labels)
    splits = split_ranges(counts)
    images_out, labels_out = torch.from_numpy(images[order]), torch.from_numpy(labels[order])
    image_set = ImageSet(
        name="emoji",
        images=images_out,
        labels=labels_out,
        class_names=class_names,
        captions=tuple(emojis[index].name for index in order),
        splits=splits,
        licence="OFL-1.1",
        source=(
            f"Noto Color Emoji, Google Inc., from the Debian package {FONT_PACKAGE} {package_version(FONT_PACKAGE)};"
            f" names from {NAMES_PACKAGE} {package_version(NAMES_PACKAGE)}"
        ),
        sha256=fingerprint(images_out, labels_out, splits),
    )
    sizes = np.bincount(groups)
    notes = {
        "left_out": {
            "variants": len(listed) - len(neutral),
            "not_one_glyph": len(neutral) - len(drawn),
            "equal_pictures": len(drawn) - len(kept),
        },
        "near_copies": {
            "rmse_below": NEAR_COPY_RMSE,
            "groups": int((sizes > 1).sum()),
            "images": int(sizes[sizes > 1].sum()),
            "largest": int(sizes.max()),
        },
        "always_test": list(ALWAYS_TEST),
    }
    return image_set, licence_text(FONT_PACKAGE), notes


def read_emoji(path: Path) -> list[Emoji]:
    """Every fully-qualified emoji of an emoji-test.txt, in CLDR order."""
    emojis = []
    group = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# group:"):
            group = line.removeprefix("# group:").strip()
        elif match := re.match(r"([0-9A-F ]+?) *; fully-qualified +# \S+ E\S+ (.+)", line):
            text = "".join(chr(int(code, 16)) for code in match[1].split())
            emojis.append(Emoji(text, match[2], group))
    return emojis


def is_variant(text: str) -> bool:
    """Whether a sequence has a skin tone, or joins a man, a woman or their sign to something."""
    return bool(SKIN_TONES & set(text)) or (ZERO_WIDTH_JOINER in text and bool(GENDERS & set(text)))


def load_font() -> ImageFont.FreeTypeFont:
    """Noto Color Emoji at its native size, with the layout engine that joins sequences.

    Raises:
        DataError: `debian_package_missing` or `raqm_missing`.
    """
    if not features.check("raqm"):
        raise DataError("raqm_missing")
    path = package_file(FONT_PACKAGE, FONT_FILE)
    return ImageFont.truetype(path, NATIVE_PPEM, layout_engine=ImageFont.Layout.RAQM)


def draw_known(emojis: list[Emoji], font: ImageFont.FreeTypeFont) -> list[tuple[Emoji, NDArray[np.uint8]]]:
    """Each emoji that the font has as one glyph, with its picture (3, 32, 32).

    Every glyph is equally wide, so one width is one glyph. What the font lacks looks like a private-use character.
    """
    one_glyph = font.getlength("😀")
    unknown = render("\ue000", font)
    drawn = [(emoji, render(emoji.text, font)) for emoji in emojis if font.getlength(emoji.text) == one_glyph]
    return [(emoji, picture) for emoji, picture in drawn if not np.array_equal(picture, unknown)]


def render(text: str, font: ImageFont.FreeTypeFont) -> NDArray[np.uint8]:
    """(3, 32, 32): the font's own bitmap on white, made smaller by exactly four with a Lanczos filter."""
    left, top, right, bottom = GLYPH_BOX
    canvas = Image.new("RGB", (right - left, bottom - top), "white")
    ImageDraw.Draw(canvas).text((-left, -top), text, font=font, embedded_color=True)
    small = canvas.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
    return np.asarray(small).transpose(2, 0, 1)


def merge_duplicates(drawn: list[tuple[Emoji, NDArray[np.uint8]]]) -> list[tuple[Emoji, NDArray[np.uint8]]]:
    """One emoji per distinct picture, in the order of first sight, with the shortest of its names."""
    by_picture: dict[bytes, list[tuple[Emoji, NDArray[np.uint8]]]] = {}
    for emoji, picture in drawn:
        by_picture.setdefault(picture.tobytes(), []).append((emoji, picture))
    return [min(same, key=lambda pair: len(pair[0].name)) for same in by_picture.values()]


def _split(
    emojis: list[Emoji], groups: NDArray[np.int64], labels: NDArray[np.int64]
) -> tuple[NDArray[np.int64], dict[str, int]]:
    """The order (N,) that puts train, val and test one after the other, each balanced, and their lengths."""
    names = [emoji.name for emoji in emojis]
    members = split_by_group(groups, labels, [names.index(name) for name in ALWAYS_TEST], "emoji:split")
    ordered = {split: members[split][balanced_order(labels[members[split]], f"emoji:{split}")] for split in SPLITS}
    return np.concatenate([ordered[split] for split in SPLITS]), {split: len(ordered[split]) for split in SPLITS}
