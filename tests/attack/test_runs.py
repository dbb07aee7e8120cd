"""Runs that somebody made up: every array in every wrong way is refused, or leaves no question without an answer."""

from __future__ import annotations

import itertools
import os
import re
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from explorer.errors import ExplorerError
from explorer.jobs.home import visitor_folder
from explorer.runs import npz, reading
from explorer.ui.http import run_zips
from explorer.ui.http.routes import routes
from tests.attack.hostile_runs import KINDS, Case, Files, attacked, cases, draw_pictures, files_of, zip_of
from tests.attack.walk import walked

TOKEN = "d" * 32
#: Of each kind's changed arrays one in so many is sent in the gate, and so many of them are looked at on every tab;
#: `make attack` sends and looks at them all.
EVERY, WALKED = (1, 10_000) if os.environ.get("EXPLORER_ATTACK") == "long" else (83, 3)
MEGABYTE = 1_000_000


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EXPLORER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Of the runs that are made up, beside the pictures they were trained on."""
    folder = tmp_path_factory.mktemp("made-up")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_CACHE", str(folder / "cache"))
        draw_pictures(folder / "pictures")
        yield folder


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=routes()), raise_server_exceptions=False)


def taken_in(files: Files) -> str:
    """The id of a run that was taken in, "" if it was refused."""
    try:
        return run_zips.adopt(zip_of(files), TOKEN).id
    except ExplorerError:
        return ""


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_that_nobody_touched_is_taken_in_and_answers_everything(kind: str, folder: Path, client: TestClient):
    run = taken_in(files_of(kind, folder))
    answers = walked(client, run, TOKEN)
    assert answers["failed"] == 0
    assert answers["answered"] > 20, answers


@pytest.mark.parametrize("kind", KINDS)
def test_every_array_in_every_wrong_way(kind: str, folder: Path, client: TestClient):
    files = files_of(kind, folder)
    counts: Counter[str] = Counter()
    wrong: list[Case] = []
    for case in itertools.islice(cases(kind, files), None, None, EVERY):
        sent = attacked(case, files)
        if sent is None:
            continue
        run = taken_in(sent)
        counts["taken in" if run else "refused"] += 1
        if run:
            wrong += [] if may_be_taken_in(case) else [case]
            counts += walked(client, run, TOKEN) if counts["taken in"] <= WALKED else Counter()
            clear()
    assert wrong == []
    assert counts["failed"] == 0
    assert counts["refused"] > counts["taken in"]


#: Never taken in, whichever array it is.
NEVER = ("empty", "an axis more", "a row less", "a row more", "two million zeros", "as text", "as float64", "as int64")
#: Arrays by the changes that leave them what they may be.
MAY: dict[str, str] = {
    "missing": "frames/reconstructions|frames/probe_latents|frames/kl_units|curves/|format",  # what is read alone
    "not a number": "measures|norm_median_stale|explained|kl_units",
    "infinite": "measures",
    "huge": "measures|curves/",
    "a single number": "map.npz|ema_step|initialized",  # what is one already
}


def may_be_taken_in(case: Case) -> bool:
    """Whether an array is still one that could have been recorded: other numbers of its kind, in their range."""
    if case.change in NEVER:
        return case.file == "map.npz" and case.change.startswith("as ")  # a count may be written as a float
    if case.change in ("below zero", "beyond"):
        return not re.search("_ids|_cells|_steps", case.array)
    return bool(re.search(MAY.get(case.change, ""), f"{case.file} {case.array}"))


def clear() -> None:
    for path in (visitor_folder(TOKEN) / "runs").glob("*"):
        for file in path.iterdir():
            file.unlink()
        path.rmdir()


#: What a 1.5 MB zip unpacked to: films, maps and measures of nothing but zeros.
BOMBS: dict[str, dict[str, Any]] = {
    "a film of a million frames": {
        "frame_steps": np.arange(1_000_000, dtype="i4"),
        "frames/codebook": (1_000_000, 8, 2),
    },
    "mini-batches of a million vectors": {"frames/batch_latents": (5, 1_000_000, 2)},
    "a million probes": {"fixed/probe_ids": (1_000_000,), "frames/probe_latents": (5, 1_000_000, 2)},
    "a million curves": {"curve_steps": (10_000_000,), "curves/loss": (10_000_000,)},
}


@pytest.mark.parametrize("case", BOMBS)
def test_what_was_never_recorded_is_not_unpacked(case: str, folder: Path):
    files = files_of("codes", folder)
    arrays = dict(reading.arrays_of(files["trace.npz"]))
    for name, values in BOMBS[case].items():
        arrays[name] = np.zeros(values, arrays[name].dtype) if isinstance(values, tuple) else values
    content = zip_of(files | {"trace.npz": npz(arrays)})
    del arrays
    tracemalloc.start()
    with pytest.raises(ExplorerError):
        run_zips.adopt(content, TOKEN)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30 * MEGABYTE
