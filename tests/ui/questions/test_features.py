"""Known features as the tab Latent asks for them: what is said is what the reports hold."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

import explorer.runs.shelf
from explorer.data import load_image_set
from explorer.data.factors import HIDDEN
from explorer.runs import load_run, update_run
from explorer.ui import questions
from explorer.ui.computed import catalog
from explorer.ui.computed.features import measured
from explorer.ui.questions.features import unit_name
from tests.ui.conftest import store

VAE, VQ, BARE = "faces-vae-z2-s0", "faces-vqvae-d2-k256-ema-s0", "faces-ae-z2-s0"
NAMES = list(load_image_set("faces").factors)
GLASSES = NAMES.index("glasses")


def section(units: int, grid: list[int] | None) -> dict[str, Any]:
    """Figures of a run, the same for each feature, but for what the tests look at."""
    many = len(NAMES)
    row = [0.1 * (unit + 1) for unit in range(units)]
    return {
        "names": NAMES,
        "keeping": {"n": [5000] * many, "kept": [0.7] * many, "original": [0.99] * many, "chance": [0.6] * many},
        "between": {
            "n": [100] * many, "row": [4.0] * many, "fade": [3.0] * many,
            "original": [0.5] * many, "rebuilt": [1.0] * many, "blurred": [0.8] * many,
        },
        "apart": {
            "grid": grid, "bits": [row] * many, "above_chance": [[1] * units] * many, "entropy_bits": [1.0] * many,
            "mig": None if grid else [0.25] * many, "dci": {"disentanglement": 0.5, "completeness": 0.25},
            "best": [[[1, [0], 0.8], [2, [0, 1], 0.9]]] * many, "guessing": [0.6] * many,
        },
        "swap": {
            "units": [[0]] * many, "n": [1000] * many, "became": [0.45] * many, "others": [1.25] * many,
            "other_features": [15] * many,
        },
    }  # fmt: skip


@pytest.fixture(autouse=True)
def faces(runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "faces"
    root.mkdir()
    for name, config, units, grid in ((VAE, {"model": "vae"}, 2, None), (VQ, {"model": "vqvae"}, 64, [8, 8])):
        run = store(root, name, data="faces", **config)
        update_run(run, report=run.report | {"factors": section(units, grid)})
    store(root, BARE, data="faces", model="ae")
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", root)
    return root


def asked(**params: Any) -> dict[str, Any]:
    said = questions.answer("features", {"data": "faces", "left": VAE, "right": VQ} | params)
    json.dumps(said, allow_nan=False)
    assert said.pop("ok")
    return said


def test_a_set_of_which_nothing_is_known_has_no_features():
    assert asked(data="fashion", left=None, right=None) == {"features": []}


def test_units_of_both_sides_and_their_sentences():
    said = asked()
    assert [name for name, _ in said["features"]] == NAMES
    left, right = said["sides"]["left"], said["sides"]["right"]
    assert left["names"] == ["number 1", "number 2"]
    assert right["names"][10] == "row 2, column 3"
    assert (left["grid"], right["grid"]) == (None, [8, 8])
    assert right["highest"] == pytest.approx(6.4)
    lines = [sentence for sentence, expert in left["lines"][GLASSES] if not expert]
    assert "keep it in 70 % of 5,000 test images (originals 99 %, guessing 60 %)" in lines[0]
    assert "best 1, 2 numbers alone it is told right in 80, 90 % of 2,000 test images (guessing in these" in lines[1]
    shown = [sentence for sentence, expert in left["lines"][NAMES.index("hat colour")] if not expert]
    values = load_image_set("faces").factors["hat colour"].values[load_image_set("faces").split("test")[:2000]]
    assert f"of {int((values != HIDDEN).sum()):,} test images" in shown[1]  # of those that wear one
    assert "4.0 are neither; cross-fade 3.0" in lines[2]
    assert "So the way itself makes" in lines[2]
    assert "glasses becomes the other's in 45 % of 1,000 pairs, and 1.2 of 15" in lines[3]
    assert [sentence[:6] for sentence, expert in left["lines"][GLASSES] if expert] == ["MIG 0.", "Of all"]
    assert any(sentence.startswith("No MIG") for sentence, expert in right["lines"][GLASSES] if expert)


@pytest.mark.parametrize("row, verdict", [(1.2, "adds no doubt"), (0.4, "less doubt"), (1.6, "itself makes")])
def test_what_is_neither_is_held_against_the_reconstructions_own_doubt(faces, row, verdict):
    run = load_run(faces / VAE)
    changed = section(2, None)
    changed["between"]["row"] = [row] * len(NAMES)
    update_run(run, report=run.report | {"factors": changed})
    assert verdict in asked()["sides"]["left"]["lines"][GLASSES][2][0]


def test_the_table_has_every_measured_run_with_its_bits():
    table = asked(lang="zh")["table"]
    assert [(column["kind"], column["bits"]) for column in table["columns"]] == [
        ("vae", "12 比特"), ("vqvae", "174 比特"),
    ]  # fmt: skip
    assert table["kept"][GLASSES] == [0.7, 0.7]
    assert [column["shown"] for column in asked(right=None)["table"]["columns"]] == [True, False]


def test_a_run_that_was_not_measured_says_how_to():
    assert f"explorer factors {BARE} --write" in asked(left=BARE)["sides"]["left"]["missing"]


def test_cells_are_counted_from_one():
    assert [unit_name([2, 3], unit, "en") for unit in (0, 5)] == ["row 1, column 1", "row 2, column 3"]


@pytest.mark.parametrize(
    "path, value",
    [
        (("names",), ["skin"]),
        (("keeping", "kept"), [0.5]),
        (("keeping", "kept", 3), "0.5"),
        (("apart", "bits", 2), [0.1]),
        (("apart", "bits"), 7),
        (("apart", "best", 0), [[1, [99], 0.5]]),
        (("apart", "grid"), [3, 3]),
        (("swap", "units", 0), [-1]),
        (("between", "row", 0), float("inf")),
    ],
)
def test_a_report_that_somebody_wrote_by_hand_is_left_out_where_it_does_not_fit(path, value):
    run = catalog.run(VQ)
    changed = copy.deepcopy(section(64, [8, 8]))
    place: Any = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    found = measured(type("Run", (), {"report": {"factors": changed}, "config": run.config})())
    assert path[0] not in found
    assert "keeping" in measured(run)
