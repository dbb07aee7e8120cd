"""A record in the tab Codebook: film, life, one step and curves, on the left of a run, from its name alone."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from explorer.errors import ViewError
from explorer.recorder import Recorder
from explorer.ui import questions
from explorer.ui.computed import record_film, records
from explorer.ui.media import media
from explorer.ui.scene import scene
from explorer.ui.scene.twin_side import TwinSide
from explorer.ui.view import default_view, from_query

STEPS, CODES = 6, 8


def log(folder: Path, dim: int = 3, *, levels: int = 1, vectors: bool = True) -> Path:
    generator = torch.Generator().manual_seed(0)
    with Recorder(folder, CODES, settings={"decay": 0.9}) as recorder:
        for step in range(STEPS):
            z_e = torch.randn(40 if step < STEPS - 1 else 24, dim, generator=generator)
            codes = torch.randn(levels, CODES, dim, generator=generator) + step
            indices = torch.stack([torch.cdist(z_e, book).argmin(1) for book in codes], 1)
            recorder.log(
                step,
                z_e=z_e if vectors else None,
                indices=indices if levels > 1 else indices[:, 0],
                codebook=codes if levels > 1 else codes[0],
                losses={"rec_loss": 1.0 / (step + 1)},
            )
    return folder


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(records, "_FOLDERS", {})
    return tmp_path / "My Run"


def shown(name: str) -> TwinSide:
    view, notes = from_query({"v": "2", "tab": "codebook", "record": name})
    assert not notes
    made = scene(view).codebook
    assert made is not None
    assert made.record == name
    json.dumps(scene(view).to_json(), allow_nan=False)
    return made.sides["left"]


def content(address: str) -> bytes:
    kind, key, name = address.removeprefix(f"{media.PREFIX}/").split("/")
    return media.content(kind, key, name)[0]


def test_a_served_record_stands_on_the_left_with_its_film(served: Path):
    records.serve_records([log(served)])
    side = shown("My Run")
    assert side.recorded
    assert (side.run, side.codes, side.drawn, side.per_step) == ("My Run", (CODES, 3), 24, 40)
    assert side.steps == tuple(range(STEPS))
    assert side.moves is not None
    assert side.moves.decays == (0.9,) * STEPS
    film = content(side.film)
    numbers = STEPS * (CODES * 3 + side.drawn) * 4 + STEPS * side.drawn * (2 * 2 + 2 + 2) + STEPS * CODES
    assert len(film) == numbers
    places = np.frombuffer(film, "<f4", STEPS * CODES * 2).reshape(STEPS, CODES, 2)
    film_of = record_film.film_of("My Run")
    assert film_of.plane is not None
    codes = film_of.trace.frames["codebook"].astype(np.float32)
    assert np.allclose(places[2], (codes[2] - film_of.plane.mean) @ film_of.plane.axes.T, atol=1e-5)
    every = film_of.vectors.reshape(-1, 3)
    assert np.allclose(film_of.plane.mean, every.mean(0)), "fitted over all frames"


def test_hits_are_those_since_the_frame_before(served: Path):
    records.serve_records([log(served)])
    one, three = (record_film.counted_record("My Run", windows, 10).life for windows in (1, 3))
    assert one.vectors.tolist() == [40] * (STEPS - 1) + [24]
    assert three.vectors.tolist() == [40, 80, 120, 120, 120, 104]
    assert content(shown("My Run").life)[: 4 * CODES] == one.hits[0].numpy().astype("<u4").tobytes()


def test_one_step_says_who_chose_which_code(served: Path):
    records.serve_records([log(served)])
    batch = record_film.batch_of_record("My Run", 1)
    distances = ((batch.vectors[:, None] - batch.codebook) ** 2).sum(2)
    assert (batch.chosen == distances.argmin(1)).all()
    assert np.allclose(batch.sums[batch.chosen[0]], batch.vectors[batch.chosen == batch.chosen[0]].sum(0))
    assert np.allclose(batch.total / batch.count[:, None], batch.codebook)
    assert batch.count.sum() == pytest.approx(24, rel=1e-3)
    assert len(content(shown("My Run").batches[1])) > 0


@pytest.mark.parametrize(
    "dim, levels, vectors, says",
    [(2, 1, True, "Lines"), (4, 2, True, "Level 1 of 2"), (4, 1, False, "No encoder outputs")],
)
def test_two_numbers_several_levels_and_no_outputs(served: Path, dim: int, levels: int, vectors: bool, says: str):
    records.serve_records([log(served, dim, levels=levels, vectors=vectors)])
    side = shown("My Run")
    assert says in side.caption
    assert side.projected is (dim > 2)
    assert bool(side.batches) is vectors
    assert content(side.film)
    assert content(side.life)


def test_what_cannot_be_drawn_says_so(served: Path):
    with Recorder(served, CODES) as recorder:
        recorder.log(0, indices=torch.arange(20) % 8, codebook=torch.zeros(CODES, 1))
    records.serve_records([served])
    side = shown("My Run")
    assert not side.film
    assert "no codebook that can be drawn" in side.empty


def test_curves_of_a_record(served: Path):
    records.serve_records([log(served)])
    rest = {"rule": "stale", "windows": "1", "starved": 10, "columns": "2", "steps": "linear"}
    asked: dict[str, Any] = {"record": "My Run", "left": "not asked for"} | rest
    answer = questions.answer("codebook_curves", asked)
    assert answer["ok"]
    assert {line["name"] for line in answer["curves"]["data"]} == {"left: D 3 · K 8"}
    error = [line for line in answer["curves"]["data"] if line["meta"]["panel"].startswith("Reconstruction")]
    values = np.frombuffer(base64.b64decode(error[0]["y"]["bdata"]), error[0]["y"]["dtype"])
    assert values[:2] == pytest.approx([1, 0.5])
    assert len(answer["usage"]["data"]) == 1
    for wrong in ("other", "../x", 3):
        assert questions.answer("codebook_curves", asked | {"record": wrong})["code"] == "ask_parameter"


def test_a_link_to_a_record_that_is_not_here_says_so_and_the_example_is(served: Path):
    assert not served.exists()
    view, notes = from_query({"v": "2", "tab": "codebook", "record": "gone"})
    assert view.record == ""
    assert [note.code for note in notes] == ["view_choice"]
    assert content(shown("example").film)
    assert "record=example" in replace(default_view(), record="example").to_query()


@pytest.mark.parametrize(
    "kind, name",
    [("film", "gone"), ("life", "gone.1.10"), ("life", "example.3.0"), ("step", "gone.4"), ("step", "example.999")],
)
def test_an_address_that_means_nothing_is_none(served: Path, kind: str, name: str):
    assert served.name not in records.shown_names()
    with pytest.raises(ViewError):
        media.address(f"record-{kind}", name)
