"""Folders and zips of pictures: what is kept, what is refused, and how the set that is made holds together."""

import os
import stat
import struct
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from explorer.data import SPLITS, available, describe_set, fingerprint, load_image_set
from explorer.data.own import ImportFailed, Limits, import_pictures, name_for
from explorer.data.own.names import classes_of
from explorer.data.places import sets_folder
from explorer.data.progress import Progress
from explorer.data.stored import remove_stored
from explorer.errors import DataError
from tests.drawn import drawing, encoded, folder_of, good_files, png_header, zip_of


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def refusals(report):
    return {refused.file: refused.error.code for refused in report.refused}


# --- a good folder


@pytest.mark.parametrize("size, channels", [(28, 1), (64, 3)])
def test_a_folder_becomes_a_set_that_is_found_again(tmp_path, size, channels):
    report = import_pictures(folder_of(tmp_path / "shapes", 50), "shapes", size, channels)
    image_set = report.image_set
    assert (report.kept, report.refused) == (50, ())
    assert image_set.images.shape == (50, channels, size, size)
    assert image_set.class_names == ("bars", "discs")
    assert image_set.licence == "the user's own"
    assert {split: len(image_set.split(split)) for split in SPLITS} == {"train": 36, "val": 4, "test": 10}
    assert sorted(torch.cat([image_set.split(split) for split in SPLITS]).tolist()) == list(range(50))
    assert torch.bincount(image_set.labels[image_set.split("test")]).tolist() == [5, 5]
    assert image_set.sha256 == fingerprint(image_set.images, image_set.labels, image_set.splits)
    assert load_image_set("shapes") is image_set
    for place in (0, 20, 49):  # picture, label and caption belong together
        number = int(image_set.captions[place])
        assert image_set.labels[place] == number % 2
        small = drawing(number).resize((size, size), Image.Resampling.LANCZOS)
        plain = np.asarray(small.convert("L" if channels == 1 else "RGB"), int).reshape(size, size, channels)
        assert np.abs(image_set.images[place].permute(1, 2, 0).numpy() - plain).max() <= 2


def test_names_of_files_play_no_part(tmp_path):
    first = import_pictures(folder_of(tmp_path / "a", 30), "a").image_set
    other = folder_of(tmp_path / "b", 30)
    for number, path in enumerate(sorted(other.rglob("*.png"), reverse=True)):
        path.rename(path.with_name(f"renamed {number}.png"))
    assert import_pictures(other, "b").image_set.sha256 == first.sha256


def test_a_zip_of_a_folder_is_the_folder(tmp_path):
    folder = folder_of(tmp_path / "shapes", 30)
    files = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in folder.rglob("*.png")}
    zipped = import_pictures(zip_of(tmp_path / "shapes.zip", files), "zipped").image_set
    assert zipped.sha256 == import_pictures(folder, "plain").image_set.sha256
    assert zipped.class_names == ("bars", "discs")


def test_lists_name_it_with_its_title(tmp_path):
    import_pictures(folder_of(tmp_path / "Été à la mer", 24), size=28, channels=1)
    info = next(info for info in available() if info.own)
    assert (info.name, info.title, info.images, info.shape) == ("ete-a-la-mer", "Été à la mer", 24, (1, 28, 28))
    assert (info.classes, info.state, info.bytes_to_fetch) == (2, "present", 0)


def test_a_set_that_is_not_listed_is_found_by_its_name_alone(tmp_path):
    import_pictures(folder_of(tmp_path / "mine", 24), "secret-7f3a", listed=False)
    assert [info for info in available() if info.own] == []
    described = describe_set("secret-7f3a")
    assert described is not None
    assert described.images == 24
    assert len(load_image_set("secret-7f3a")) == 24


def test_the_same_pictures_again_are_the_same_set_and_others_get_another_name(tmp_path):
    first = import_pictures(folder_of(tmp_path / "pets", 24)).image_set
    assert import_pictures(tmp_path / "pets").image_set is first
    (tmp_path / "pets" / "bars" / "000.png").write_bytes(encoded(drawing(99)))
    assert import_pictures(tmp_path / "pets").image_set.name == "pets-2"
    with pytest.raises(DataError, match="another image set called pets"):
        import_pictures(tmp_path / "pets", "pets")
    assert load_image_set("pets") is first


def test_progress_is_told_and_giving_up_leaves_nothing(tmp_path, cache):
    seen: list[Progress] = []
    folder = folder_of(tmp_path / "shapes", 24)
    import_pictures(folder, "shapes", on_progress=seen.append)
    assert [(p.done, p.total) for p in seen if p.stage == "read"] == [(done, 24) for done in range(25)]

    def give_up(progress):
        if progress.done == 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_pictures(folder, "other", on_progress=give_up)
    assert [path.name for path in (cache / "sets").iterdir()] == ["shapes"]


# --- classes and names


@pytest.mark.parametrize(
    "paths, classes",
    [
        (["a/1.png", "b/2.png"], ["a", "b"]),
        (["x/y/a/1.png", "x/y/b/2.png"], ["a", "b"]),
        (["x/a/deep/er/1.png", "x/b/2.png", "x/3.png"], ["a", "b", "x"]),
        (["1.png", "2.png"], ["set", "set"]),
        (["only/1.png", "only/2.png"], ["only", "only"]),
        (["猫/一.png", "狗/二.png"], ["猫", "狗"]),
    ],
)
def test_classes_are_the_first_folders_that_differ(paths, classes):
    assert classes_of(paths, "set") == classes


def test_unicode_names_survive_a_zip_with_and_without_its_flag(tmp_path):
    names = {f"{'猫' if i % 2 else 'Hündchen'}/{i}.png": encoded(drawing(i)) for i in range(24)}
    path = zip_of(tmp_path / "pets.zip", names)
    assert import_pictures(path, "flagged").image_set.class_names == ("Hündchen", "猫")
    content = path.read_bytes()
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content = without_utf8_flag(content, signature, offset)
    path.write_bytes(content)
    assert not any(info.flag_bits & 0x800 for info in zipfile.ZipFile(path).infolist())
    assert import_pictures(path, "unflagged").image_set.class_names == ("Hündchen", "猫")


def without_utf8_flag(content, signature, offset):
    patched, place = bytearray(content), content.find(signature)
    while place >= 0:
        flags = struct.unpack_from("<H", patched, place + offset)[0]
        struct.pack_into("<H", patched, place + offset, flags & ~0x800)
        place = content.find(signature, place + 4)
    return bytes(patched)


@pytest.mark.parametrize(
    "title, name", [("My Cats!", "my-cats"), ("猫", "pictures"), ("Zoë 2", "zoe-2"), ("x" * 99, "x" * 40)]
)
def test_a_title_makes_a_name(title, name):
    assert name_for(title) == name


def test_what_turns_a_line_around_is_left_out_of_names(tmp_path):
    files = {f"a\u202egnp/{i}.png": encoded(drawing(i)) for i in range(20)} | {"b\n\x1b[31m.txt": b"x"}
    report = import_pictures(zip_of(tmp_path / "odd.zip", files), "odd")
    assert report.image_set.class_names == ("agnp",)
    assert [refused.file for refused in report.refused] == ["b[31m.txt"]


@pytest.mark.parametrize("settings", [{"name": "My Cats"}, {"name": "mnist"}, {"size": 30}, {"channels": 2}])
def test_settings_that_cannot_be_are_refused_before_anything_is_read(tmp_path, settings):
    with pytest.raises(DataError) as caught:
        import_pictures(tmp_path / "nowhere", **settings)
    assert caught.value.code in ("own_name", "own_name_taken", "own_choice")


# --- splits


def test_copies_of_a_picture_stay_in_one_split(tmp_path):
    folder = folder_of(tmp_path / "shapes", 40, classes=())
    for number in range(0, 40, 2):
        large = drawing(number, side=40)
        (folder / f"again {number}.jpg").write_bytes(encoded(large, "JPEG", quality=92))
        (folder / f"copy {number}.png").write_bytes(encoded(large))
    image_set = import_pictures(folder, "copies").image_set
    assert len(image_set) == 80
    where: dict[int, set[str]] = {}
    for split in SPLITS:
        for place in image_set.split(split).tolist():
            number = int(image_set.captions[place].split()[-1])
            where.setdefault(number, set()).add(split)
    assert {len(splits) for splits in where.values()} == {1}
    assert set.union(*where.values()) == set(SPLITS)


def test_pictures_that_are_all_one_cannot_be_split(tmp_path):
    files = {f"{i}.png": encoded(drawing(1)) for i in range(30)}
    with pytest.raises(ImportFailed, match="too much alike") as caught:
        import_pictures(zip_of(tmp_path / "same.zip", files), "same")
    assert caught.value.code == "own_too_alike"


def test_many_small_classes_all_reach_the_test_split(tmp_path):
    folder = folder_of(tmp_path / "many", 50, classes=tuple(f"class {i}" for i in range(10)))
    image_set = import_pictures(folder, "many").image_set
    assert torch.bincount(image_set.labels[image_set.split("test")]).tolist() == [1] * 10


# --- bad sources


def test_sources_that_are_none(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / ".hidden").write_bytes(b"x")
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "only.png").write_bytes(encoded(drawing(1)))
    (tmp_path / "no.zip").write_bytes(b"this is no zip" * 100)
    whole = zip_of(tmp_path / "whole.zip", good_files())
    (tmp_path / "cut.zip").write_bytes(whole.read_bytes()[:-400])
    (tmp_path / "picture.png").write_bytes(encoded(drawing(1)))
    zip_of(tmp_path / "nothing.zip", {})
    expected = {
        "nowhere": "own_source_missing",
        "empty": "own_source_empty",
        "nothing.zip": "own_source_empty",
        "one": "own_too_few",
        "no.zip": "own_zip_damaged",
        "cut.zip": "own_zip_damaged",
        "picture.png": "own_zip_damaged",
    }
    for name, code in expected.items():
        with pytest.raises(DataError) as caught:
            import_pictures(tmp_path / name, "x")
        assert caught.value.code == code, name
        assert str(tmp_path / name) in str(caught.value)
    assert not list(sets_folder().glob("*"))


def test_too_few_good_pictures_say_what_was_wrong_with_the_first_of_the_others(tmp_path):
    files = good_files(15) | {f"bad/{i}.png": b"text" for i in range(3)}
    with pytest.raises(
        ImportFailed, match=r"only 15 of the 18 files .* at least 20 .* bad/0\.png is no picture"
    ) as caught:
        import_pictures(zip_of(tmp_path / "few.zip", files), "few")
    assert [refused.file for refused in caught.value.refused] == ["bad/0.png", "bad/1.png", "bad/2.png"]


def test_too_many_files_and_classes(tmp_path):
    files = good_files(30)
    for source in (zip_of(tmp_path / "many.zip", files), folder_of(tmp_path / "many", 30)):
        with pytest.raises(DataError, match="more than the 20 files"):
            import_pictures(source, "x", limits=Limits(files=20))
    with pytest.raises(DataError, match="more than the"):  # a directory that is too long to be read
        import_pictures(zip_of(tmp_path / "long.zip", files), "x", limits=Limits(directory_bytes=1500))
    folder_of(tmp_path / "classes", 24, classes=tuple("abcdef"))
    with pytest.raises(DataError, match="has 6 sub-folders, up to 5"):
        import_pictures(tmp_path / "classes", "x", limits=Limits(classes=5))


# --- bad files beside good ones


def test_bad_files_in_a_folder_are_refused_and_the_good_ones_kept(tmp_path):
    folder = folder_of(tmp_path / "shapes", 30)
    (folder / "bars" / "note.png").write_bytes(b"text")
    (folder / "bars" / "cut.png").write_bytes(encoded(drawing(1))[:200])
    (folder / "bars" / "logo.svg").write_bytes(b"<svg></svg>")
    (folder / "discs" / "wide.png").write_bytes(png_header(50_000, 100))
    (folder / "discs" / "more.zip").write_bytes(b"PK\x03\x04")
    (folder / "discs" / "long.png").write_bytes(encoded(drawing(1)) + b"\0" * 300_000)
    (folder / "discs" / "gone.png").symlink_to(tmp_path / "nowhere")
    (folder / "elsewhere").symlink_to(tmp_path)  # and round and round
    os.mkfifo(folder / "pipe.png")
    for left in (".DS_Store", "__MACOSX/._1.png", ".git/1.png", "Thumbs.db"):
        (folder / left).parent.mkdir(exist_ok=True)
        (folder / left).write_bytes(b"x")
    report = import_pictures(folder, "shapes", limits=Limits(file_bytes=200_000))
    assert report.kept == 30
    assert report.image_set.class_names == ("bars", "discs")
    assert refusals(report) == {
        "bars/note.png": "own_picture_none",
        "bars/cut.png": "own_file_damaged",
        "bars/logo.svg": "own_picture_svg",
        "discs/wide.png": "own_picture_large",
        "discs/more.zip": "own_file_nested",
        "discs/long.png": "own_file_large",
        "discs/gone.png": "own_file_special",
        "elsewhere": "own_file_special",
        "pipe.png": "own_file_special",
    }
    for refused in report.refused:
        assert refused.sentence.startswith(refused.file)


def test_bad_files_in_a_zip_are_refused_and_the_good_ones_kept(tmp_path):
    path = zip_of(tmp_path / "shapes.zip", good_files())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.png", b"\0" * 30_000_000)
        archive.writestr("nested.zip", zip_of(tmp_path / "inner.zip", {"bomb": b"\0" * 10**6}).read_bytes())
        archive.writestr("../../escape.png", encoded(drawing(50)))
        archive.writestr("/etc/absolute.png", encoded(drawing(51)))
        archive.writestr("C:\\windows.png", encoded(drawing(52)))
        archive.writestr("good\\..\\..\\back.png", encoded(drawing(53)))
        link = zipfile.ZipInfo("link.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("lzma.png", encoded(drawing(54)), zipfile.ZIP_LZMA)
        archive.writestr("__MACOSX/good/._1.png", b"x")
        archive.writestr("good/.hidden.png", b"x")
        archive.writestr("notes/readme.txt", b"text")
    report = import_pictures(path, "shapes")
    assert report.kept == 30
    assert refusals(report) == {
        "bomb.png": "own_file_bomb",
        "nested.zip": "own_file_nested",
        "../../escape.png": "own_file_escapes",
        "/etc/absolute.png": "own_file_escapes",
        "C:/windows.png": "own_file_escapes",
        "good/../../back.png": "own_file_escapes",
        "link.png": "own_file_link",
        "lzma.png": "own_file_method",
        "notes/readme.txt": "own_picture_none",
    }
    assert not (tmp_path / "escape.png").exists()


def edited(path, name, offset, form, value):
    """Change a field in the central directory's record of an entry, and in its local header where it has it."""
    content = bytearray(path.read_bytes())
    record = content.rfind(name.encode()) - 46
    assert content[record : record + 4] == b"PK\x01\x02"
    struct.pack_into(form, content, record + offset, value)
    local = struct.unpack_from("<L", content, record + 42)[0]
    struct.pack_into(form, content, local + offset - 2, value)
    path.write_bytes(content)


def test_an_encrypted_file_is_refused(tmp_path):
    path = zip_of(tmp_path / "a.zip", good_files() | {"secret.png": encoded(drawing(60))})
    edited(path, "secret.png", 8, "<H", 0x1)
    assert refusals(import_pictures(path, "a")) == {"secret.png": "own_file_encrypted"}


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path):
    """The header says 1,000 bytes, the data unpack to 30 million: no more than what was said is ever unpacked."""
    path = zip_of(tmp_path / "a.zip", good_files() | {"liar.png": b"\0" * 30_000_000})
    edited(path, "liar.png", 24, "<L", 1000)
    assert refusals(import_pictures(path, "a")) == {"liar.png": "own_file_damaged"}


def test_a_zip_that_unpacks_to_too_much_in_all_keeps_what_came_before(tmp_path):
    path = zip_of(tmp_path / "a.zip", good_files() | {f"z/{i}.bmp": encoded(drawing(i), "BMP") for i in range(5)})
    sizes = sum(len(content) for content in good_files().values())
    report = import_pictures(path, "a", limits=Limits(unpacked_bytes=sizes + 10_000))
    assert report.kept == 32
    assert set(refusals(report).values()) == {"own_zip_unpacks"}


def test_a_damaged_entry_spoils_no_other(tmp_path):
    path = zip_of(tmp_path / "a.zip", good_files())
    content = bytearray(path.read_bytes())
    content[content.find(b"good/005.png") + 40] ^= 0xFF
    path.write_bytes(content)
    report = import_pictures(path, "a")
    assert (report.kept, refusals(report)) == (29, {"good/005.png": "own_file_damaged"})


MEMORY = """
import resource, sys
from pathlib import Path
from explorer.data.own import import_pictures
import_pictures(Path(sys.argv[1]), "before")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
report = import_pictures(Path(sys.argv[2]), "after")
print(report.kept, len(report.refused), (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_memory_is_bounded_whatever_a_zip_unpacks_to(tmp_path):
    """240 MB of bombs, each below what alone would be refused: memory grows by less than three of them."""
    good = zip_of(tmp_path / "good.zip", good_files())
    noise = np.random.default_rng(0).integers(0, 256, 400_000, np.uint8).tobytes()
    bombs = {f"bomb/{i}.png": noise + b"\0" * 30_000_000 for i in range(8)}
    bad = zip_of(tmp_path / "bad.zip", good_files() | bombs, compresslevel=1)
    assert bad.stat().st_size < 20_000_000
    run = subprocess.run([sys.executable, "-c", MEMORY, good, bad], capture_output=True, text=True, check=True)
    kept, refused, megabytes = map(int, run.stdout.split())
    assert (kept, refused) == (30, 8)
    assert megabytes < 90


AS_NOBODY = """
import os, sys
from pathlib import Path
from explorer.data.own import import_pictures
place = Path(sys.argv[1])
import_pictures(place / "warm", "warm")  # what is imported late may lie where only root may read
if os.geteuid() == 0:
    os.setgid(65534); os.setuid(65534)
os.environ["EXPLORER_CACHE"] = str(place / "cache")
report = import_pictures(place / "shapes", "mine", 28)
print(report.kept, *(f"{refused.file}={refused.error.code}" for refused in report.refused))
"""


def test_files_that_may_not_be_read_are_refused():
    """As an ordinary user, in a folder that such a user may enter: root may read everything."""
    with tempfile.TemporaryDirectory(prefix="explorer-nobody-") as name:
        place = Path(name)
        folder_of(place / "warm", 20)
        folder = folder_of(place / "shapes", 30)
        place.chmod(0o777)
        (folder / "bars" / "000.png").chmod(0)
        (folder / "closed").mkdir(mode=0)
        command = [sys.executable, "-c", AS_NOBODY, name]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        (folder / "closed").chmod(0o700)
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == ["29", "bars/000.png=own_file_unreadable", "closed=own_file_unreadable"]


# --- the stored set


def test_a_stored_set_that_was_changed_is_refused(tmp_path):
    import_pictures(folder_of(tmp_path / "shapes", 24), "shapes")
    folder = sets_folder() / "shapes"
    manifest, images = (folder / "manifest.json").read_text(), (folder / "images.npy").read_bytes()

    def refused():
        with pytest.raises(DataError) as caught:
            load_image_set("shapes")
        assert "python -m explorer data remove shapes" in str(caught.value)
        return caught.value.code == "stored_set_damaged"

    (folder / "manifest.json").write_text(manifest.replace("bars", "cats"))
    assert refused()
    (folder / "manifest.json").write_text("{")
    assert refused()
    assert available()  # a list passes it over
    (folder / "manifest.json").write_text(manifest)
    (folder / "images.npy").write_bytes(images[:-1] + bytes([images[-1] ^ 1]))
    assert refused()
    (folder / "images.npy").unlink()
    (folder / "manifest.json").touch()
    assert refused()
    remove_stored("shapes")
    with pytest.raises(DataError, match="no image set called 'shapes'"):
        load_image_set("shapes")


def test_a_set_that_replaced_another_is_read_anew(tmp_path):
    first = import_pictures(folder_of(tmp_path / "a", 24), "shapes").image_set
    remove_stored("shapes")
    second = import_pictures(folder_of(tmp_path / "b", 30), "shapes").image_set
    assert (len(first), len(load_image_set("shapes"))) == (24, 30)
    assert first.images.sum() > 0  # what is mapped stays as it was
    assert replace(second) is not second


def test_a_cache_folder_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(DataError, match=r"cannot write to .* EXPLORER_CACHE"):
        import_pictures(folder_of(tmp_path / "shapes", 24), "shapes")
