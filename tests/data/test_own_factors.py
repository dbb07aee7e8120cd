"""`factors.csv` beside somebody's pictures: what is known of them is kept, and a faulty table costs no picture."""

from __future__ import annotations

import json

import pytest

from explorer.data import load_image_set
from explorer.data.factors import HIDDEN
from explorer.data.own import features, import_pictures
from explorer.data.own.features import MOST_FACTORS, MOST_VALUES
from explorer.data.places import sets_folder
from explorer.data.stored import describe, forget_stored
from explorer.errors import DataError
from explorer.files.checksums import sealed
from explorer.ui.computed.colouring import factor_names
from tests.drawn import folder_of


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "cache"))


def shapes(tmp_path, count=40):
    return folder_of(tmp_path / "shapes", count)


def files_of(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.png"))


def written(folder, header, rows):
    lines = [",".join(header), *(",".join(row) for row in rows)]
    (folder / "factors.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def stem(path):
    return path.rpartition("/")[2].removesuffix(".png")


def test_features_follow_their_pictures_into_the_set_and_back_from_the_disk(tmp_path):
    folder = shapes(tmp_path)
    rows = [(file, f"m{int(stem(file)) % 3}", "" if int(stem(file)) % 7 == 0 else "seen") for file in files_of(folder)]
    report = import_pictures(written(folder, ("file", "remainder", "often"), rows), "shapes", 28, 1)
    assert (report.kept, report.refused) == (40, ())
    forget_stored()
    image_set = load_image_set("shapes")
    remainder, often = image_set.factors["remainder"], image_set.factors["often"]
    assert (remainder.names, often.names) == (("m0", "m1", "m2"), ("seen",))
    numbers = [int(caption) for caption in image_set.captions]
    assert remainder.values.tolist() == [number % 3 for number in numbers]
    assert often.values.tolist() == [HIDDEN if number % 7 == 0 else 0 for number in numbers]
    assert factor_names("shapes") == ("remainder", "often")


def test_a_picture_that_is_refused_takes_its_row_along(tmp_path):
    folder = shapes(tmp_path)
    broken = files_of(folder)[5]
    (folder / broken).write_bytes(b"no picture")
    rows = [(file, stem(file)) for file in files_of(folder)]
    report = import_pictures(written(folder, ("file", "number"), rows), "shapes", 28, 1)
    assert [refused.file for refused in report.refused] == [broken]
    values = report.image_set.factors["number"]
    assert [values.names[k] for k in values.values] == list(report.image_set.captions)


FAULTS = {
    "own_factors_missing": lambda files: (("file", "a"), [(f"no/{k}.png", "x") for k in range(len(files))]),
    "own_factors_rows": lambda files: (("file", "a"), [(file, "x") for file in files[1:]]),
    "own_factors_columns": lambda files: (
        ("file", *(f"f{k}" for k in range(300))),
        [(file, *["x"] * 300) for file in files],
    ),
    "own_factors_unreadable": lambda files: (("picture", "a"), [(file, "x") for file in files]),
}


@pytest.mark.parametrize("code", FAULTS)
def test_a_faulty_table_is_one_sentence_and_the_pictures_are_kept(code, tmp_path):
    folder = shapes(tmp_path)
    report = import_pictures(written(folder, *FAULTS[code](files_of(folder))), "shapes", 28, 1)
    assert report.kept == 40
    assert [(refused.file, refused.error.code) for refused in report.refused] == [("factors.csv", code)]
    assert report.image_set.factors == {}


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"file,a\n1.png\n", b'file,a\n"1.png', b"file\n1.png\n", b"file,a,a\nx,1,2\n"]
)
def test_a_table_that_is_none_is_named(content, tmp_path):
    folder = shapes(tmp_path)
    (folder / "factors.csv").write_bytes(content)
    report = import_pictures(folder, "shapes", 28, 1)
    assert report.kept == 40
    assert report.refused[0].error.code.startswith("own_factors_")


def test_a_feature_of_more_values_than_a_byte_holds_is_refused(tmp_path):
    folder = shapes(tmp_path, MOST_VALUES + 10)
    rows = [(file, stem(file)) for file in files_of(folder)]
    report = import_pictures(written(folder, ("file", "number"), rows), "shapes", 28, 1)
    assert [refused.error.code for refused in report.refused] == ["own_factors_values"]
    assert MOST_FACTORS < 255


def test_a_table_that_is_too_long_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(features, "MOST_BYTES", 100)
    folder = shapes(tmp_path)
    report = import_pictures(
        written(folder, ("file", "a"), [(file, "x") for file in files_of(folder)]), "shapes", 28, 1
    )
    assert [refused.error.code for refused in report.refused] == ["own_file_large"]


def test_other_features_are_another_set_and_a_changed_file_is_found(tmp_path):
    folder = shapes(tmp_path)
    rows = [(file, stem(file)[-1]) for file in files_of(folder)]
    import_pictures(written(folder, ("file", "digit"), rows), "shapes", 28, 1)
    with pytest.raises(DataError, match="another image set"):
        import_pictures(written(folder, ("file", "other"), rows), "shapes", 28, 1)
    path = sets_folder() / "shapes" / "factors.bin"
    path.write_bytes(bytes(len(path.read_bytes())))
    forget_stored()
    with pytest.raises(DataError, match="shapes"):
        load_image_set("shapes")


def test_a_set_of_an_earlier_version_has_no_features(tmp_path):
    import_pictures(shapes(tmp_path), "shapes", 28, 1)
    path = sets_folder() / "shapes" / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["set"] = sealed({name: value for name, value in manifest["set"].items() if not name.startswith("factors")})
    path.write_text(json.dumps(manifest))
    forget_stored()
    assert describe("shapes").factors == ()
    assert load_image_set("shapes").factors == {}
