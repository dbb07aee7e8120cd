"""One picture: what comes out of every kind of good file, and what is said about every kind of bad one."""

import io
from contextlib import suppress

import numpy as np
import pytest
from PIL import Image

from explorer.data.own.limits import Limits
from explorer.data.own.picture import UPRIGHT, read_picture
from explorer.errors import DataError
from tests.drawn import drawing, encoded, png_header

LIMITS = Limits()


def read(content, size=28, channels=3, file="a.png", limits=LIMITS):
    return read_picture(content, file, size, channels, limits).values


def halves(width=60, height=40):
    """Red left of the middle and blue right of it, with a green bar along the top."""
    values = np.zeros((height, width, 3), np.uint8)
    values[:, : width // 2, 0] = values[:, width // 2 :, 2] = 200
    values[: height // 4, :, 1] = 200
    return Image.fromarray(values)


def test_the_middle_square_is_taken():
    """Of a wide picture whose outer thirds are black, nothing black is left; NumPy cuts the same square."""
    values = np.zeros((30, 90, 3), np.uint8)
    values[:, 30:60] = np.linspace(40, 250, 30, dtype=np.uint8)[:, None, None]
    picture = read(encoded(Image.fromarray(values)), size=28)
    assert picture.shape == (3, 28, 28)
    assert picture.dtype == np.uint8
    assert picture.min() >= 40
    square = Image.fromarray(values[:, 30:60]).resize((28, 28), Image.Resampling.LANCZOS)
    assert np.abs(picture.astype(int) - np.asarray(square).transpose(2, 0, 1)).max() <= 1


@pytest.mark.parametrize("size", [28, 32, 64])
def test_a_picture_of_that_size_stays_as_it_is(size):
    values = np.random.default_rng(0).integers(0, 256, (size, size, 3), np.uint8)
    assert np.array_equal(read(encoded(Image.fromarray(values)), size), values.transpose(2, 0, 1))
    grey = np.asarray(Image.fromarray(values).convert("L"))
    assert np.array_equal(read(encoded(Image.fromarray(values)), size, channels=1), grey[None])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_honoured(orientation):
    """A camera stores what it saw through the inverse of the orientation; all eight come out alike."""
    upright = halves(40, 40)
    turns = {method: inverse for inverse, method in UPRIGHT.items()}
    undo = {6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    method = undo.get(orientation, UPRIGHT.get(orientation))
    assert len(turns) == 7
    stored = upright.transpose(method) if method is not None else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = read(encoded(stored, exif=exif.tobytes()))
    assert np.abs(found.astype(int) - read(encoded(upright))).max() <= 1


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_damaged_exif_is_no_damaged_picture():
    content = encoded(halves(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\xff\xff")
    assert read(content).shape == (3, 28, 28)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_transparent_is_white(mode):
    clear = Image.new(mode, (30, 30), (0,) * len(mode))
    assert (read(encoded(clear)) == 255).all()
    half = Image.new("RGBA", (30, 30), (0, 0, 0, 128))
    assert np.abs(read(encoded(half)).astype(int) - 127).max() <= 1


def test_a_transparent_palette_colour_is_white():
    picture = Image.new("P", (30, 30), 1)
    picture.putpalette([0, 0, 0, 200, 0, 0])
    picture.paste(0, (0, 0, 30, 30))
    assert (read(encoded(picture, "GIF", transparency=0), file="a.gif") == 255).all()


@pytest.mark.parametrize("level", [0, 257 * 7, 257 * 200, 65535])
def test_sixteen_bits_are_scaled_and_not_clipped(level):
    values = np.full((30, 30), level, np.uint16)
    values[0, 0] = 65535  # else it may be of fewer bits kept in 16
    assert (read(encoded(Image.fromarray(values)), channels=1)[:, 15:, 15:] == round(level / 257)).all()


def test_a_cmyk_jpeg_has_its_colours():
    content = encoded(Image.new("RGB", (64, 64), (200, 30, 40)).convert("CMYK"), "JPEG", quality=95)
    with Image.open(io.BytesIO(content)) as opened:
        assert opened.mode == "CMYK"
    means = read(content, file="a.jpg").mean((1, 2))
    assert np.abs(means - [200, 30, 40]).max() < 8


def test_the_first_frame_of_an_animation_is_taken():
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("red", "lime", "blue")]
    content = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert read(content, file="a.gif")[:, 5, 5].tolist() == [255, 0, 0]


@pytest.mark.parametrize("kind", ["BMP", "JPEG", "PNG", "TIFF", "WEBP"])
def test_formats_that_are_read(kind):
    found = read(encoded(drawing(3), kind), file=f"a.{kind.lower()}")
    assert np.abs(found.astype(int) - read(encoded(drawing(3)))).mean() < 4


def test_black_and_white_is_read():
    assert set(np.unique(read(encoded(Image.new("1", (28, 28), 1))))) == {255}


def test_a_large_jpeg_is_decoded_small_and_comes_out_alike():
    large = drawing(5, side=1600)
    small = read(encoded(large), size=32).astype(int)
    assert np.abs(read(encoded(large, "JPEG", quality=95), size=32) - small).mean() < 2


BAD = {
    "a text": (b"just a text, not a picture", "note.png", "own_picture_none"),
    "nothing": (b"", "empty.png", "own_picture_none"),
    "svg": (b'<?xml version="1.0"?>\n<svg xmlns="x" width="9" height="9"></svg>', "logo.png", "own_picture_svg"),
    "svgz": (b"whatever", "logo.svg", "own_picture_svg"),
    "eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n", "a.eps", "own_picture_none"),
    "zip in zip": (b"PK\x03\x04rest", "more.zip", "own_file_nested"),
    "50,000 wide": (png_header(50_000, 100), "wide.png", "own_picture_large"),
    "50,000 square": (png_header(50_000, 50_000), "bomb.png", "own_picture_large"),
    "between": (png_header(10_000, 10_000), "warned.png", "own_picture_large"),
    "cut off": (encoded(drawing(1))[:300], "cut.png", "own_file_damaged"),
    "cut off jpeg": (encoded(drawing(1, side=300), "JPEG")[:2000], "cut.jpg", "own_file_damaged"),
    "lying header": (png_header(300, 300), "lies.png", "own_file_damaged"),
    "floats": (encoded(Image.new("F", (30, 30), float("nan")), "TIFF"), "depth.tif", "own_picture_floats"),
}


@pytest.mark.parametrize("content, file, code", BAD.values(), ids=BAD)
def test_a_bad_file_gets_a_sentence_that_names_it(content, file, code):
    with pytest.raises(DataError) as caught:
        read(content, file=file)
    assert caught.value.code == code
    assert str(caught.value).startswith(file)
    assert ": " in str(caught.value)  # what is wrong: what to do


def test_a_header_is_judged_before_anything_is_decoded(monkeypatch):
    small = encoded(drawing(1))
    monkeypatch.setattr(Image.Image, "load", lambda *_: pytest.fail("decoded"))
    with pytest.raises(DataError, match="50 million pixels"):
        read(png_header(8_000, 8_000))
    with pytest.raises(DataError, match="or 30 a side"):
        read(small, limits=Limits(side=30))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "TIFF", "WEBP", "BMP"])
def test_no_broken_file_raises_anything_else(kind):
    whole = encoded(drawing(2), kind)
    rng = np.random.default_rng(0)
    for _ in range(60):
        broken = bytearray(whole[: rng.integers(1, len(whole) + 1)])
        for place in rng.integers(0, len(broken), 6):
            broken[place] = rng.integers(0, 256)
        with suppress(DataError):
            read(bytes(broken))
