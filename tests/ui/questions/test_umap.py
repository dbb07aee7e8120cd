"""UMAP on request: one child at a time, its epochs, joining, cancelling, giving up; the map it leaves."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer.latent.projection import pca_map
from explorer.runs import npz
from explorer.ui import questions
from explorer.ui.computed import catalog, encoded, umap_child
from explorer.ui.computed.projected import drawn
from explorer.ui.scene import scene
from tests.ui.conftest import fashion_view

VAE, VAE16, VQ64 = "fashion-vae-z2-s0", "fashion-vae-z16-s0", "fashion-vqvae-d64-k512-ema-s0"

#: Does as `python -m explorer map`, but waits for a file before it ends, and maps nothing.
CHILD = """
import pathlib, shutil, sys, time
wait, ready = map(pathlib.Path, sys.argv[1:3])
out = pathlib.Path(sys.argv[sys.argv.index("--out") + 1])
print('{"epoch": 40, "epochs": 500}', flush=True)
while not wait.exists():
    time.sleep(0.01)
if not ready.exists():
    sys.exit("explorer: no map here")
shutil.copy(ready, out)
"""


def until(holds: Callable[[], Any], seconds: float = 30) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := holds():
            return value
        time.sleep(0.01)
    raise AssertionError("it never came")


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A folder: `go` lets the child end; `map.npz` is what it makes."""
    words = (sys.executable, "-c", CHILD, str(tmp_path / "go"), str(tmp_path / "map.npz"))
    monkeypatch.setattr(umap_child, "COMMAND", words)
    umap_child._MADE.clear()
    yield tmp_path
    for job in umap_child._jobs:
        umap_child._end(job, "cancelled")
    until(lambda: not any(job.folder.path.exists() for job in umap_child._jobs))
    umap_child._MADE.clear()
    umap_child._jobs.clear()


def ask(action: str, run: str = VQ64, **more: object) -> dict[str, Any]:
    return questions.answer("umap", {"run": run, "action": action} | more)


def drawn_by() -> tuple[str, int, str, str]:
    """Method, points, caption and address of a plane for which UMAP is wanted."""
    plane = scene(fashion_view(right=VQ64, map="umap")).sides["right"].plane
    assert plane is not None and plane.projection is not None  # noqa: PT018
    return plane.projection.method, plane.count, plane.caption, plane.points


def running(run: str = VQ64) -> bool:
    return ask("state", run).get("epoch") == 40


def test_a_map_is_made_with_its_epochs_and_then_drawn(child: Path):
    run = catalog.run(VQ64)
    known = encoded.mappable_of(VQ64)
    (child / "map.npz").write_bytes(npz(pca_map(known.vectors, known.codebook, seed=5).to_arrays()))
    assert drawn_by()[0] == "pca"
    assert ask("start")["state"] == "running"
    until(running)
    assert ask("state") == {"ok": True, "state": "running", "epoch": 40, "epochs": 500}
    (child / "go").touch()
    until(lambda: ask("state")["state"] == "made")
    method, count, caption, points = drawn_by()
    assert (method, count) == ("umap", 5000)
    assert "seed 5" in caption
    assert "umap-points" in points
    np.testing.assert_allclose(
        drawn(run, "umap").map.code_places, pca_map(known.vectors, known.codebook).code_places, atol=0.02
    )


def test_a_second_visitor_joins_the_same_map_and_waits_for_another(child: Path):
    first = ask("start")
    assert len(first["token"]) == 16
    joined = ask("start")
    assert (joined["state"], joined["token"]) == ("running", "")
    assert len(umap_child._jobs) == 1
    until(running)
    busy = ask("start", VAE16)
    assert busy["code"] == "umap_busy"
    assert "another UMAP is being made (epoch 40 of 500)" in busy["error"]  # whose and which is nobody's business
    assert ask("state", VAE16)["state"] == "none"


def test_only_the_one_who_began_may_cancel_and_then_another_can_begin(child: Path):
    token = ask("start")["token"]
    assert ask("cancel", token="0" * 16)["state"] == "running"
    assert ask("cancel", token="")["state"] == "running"
    process = umap_child._jobs[0].process
    assert ask("cancel", token=token)["state"] == "cancelled"
    assert process.wait(10) != 0
    assert ask("start", VAE16)["state"] == "running"


def test_a_child_that_fails_is_told_and_logged_in_one_line(child: Path, caplog: pytest.LogCaptureFixture):
    ask("start")
    (child / "go").touch()
    until(lambda: ask("state")["state"] == "failed")
    assert [record.getMessage() for record in caplog.records] == [f"map of {VQ64}: explorer: no map here"]
    assert umap_child.made(catalog.run(VQ64)) is None


@pytest.mark.parametrize(
    "script",
    [
        "pass",  # ends well and leaves no file
        "import sys; open(sys.argv[-1], 'wb').write(b'no zip')",
        "import numpy, sys; numpy.savez(sys.argv[-1], something=[1])",
        """print('{"epoch"', flush=True)""",
    ],
)
def test_a_child_that_ends_well_without_a_map_leaves_the_turn_to_the_next(
    child: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, script: str
):
    monkeypatch.setattr(umap_child, "COMMAND", (sys.executable, "-c", script))
    ask("start")
    until(lambda: ask("state")["state"] == "failed")
    assert [record.getMessage().startswith(f"map of {VQ64}: ") for record in caplog.records] == [True]
    assert ask("start", VAE16)["state"] in {"running", "failed"}  # begun, and perhaps ended: not refused


def test_a_child_with_much_to_complain_about_is_not_stopped_by_it(child: Path, monkeypatch: pytest.MonkeyPatch):
    script = "import sys; sys.stderr.write('warning\\n' * 100_000); sys.exit('explorer: in the end')"
    monkeypatch.setattr(umap_child, "COMMAND", (sys.executable, "-c", script))
    ask("start")
    until(lambda: ask("state")["state"] == "failed", seconds=10)


def test_a_map_nobody_asks_about_is_given_up(child: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(umap_child, "PATIENCE", 0.05)
    ask("start")
    job = umap_child._jobs[0]
    until(lambda: job.end == "abandoned")
    assert job.process.wait(10) != 0


def test_the_command_is_one_that_the_command_line_knows(tmp_path: Path):
    from explorer.cli import parser

    words = [*umap_child.COMMAND[3:], "some-run", "--json", "--out", str(tmp_path / "map.npz")]
    assert umap_child.COMMAND[1:3] == ("-m", "explorer")
    assert parser().parse_args(words).json


@pytest.mark.parametrize(
    "asked",
    [
        {"action": "stop"},
        {"action": None},
        {"action": "cancel"},
        {"action": "cancel", "token": "x" * 17},
        {"run": "no"},
    ],
)
def test_a_bad_question_is_refused_in_a_sentence(asked: dict[str, object], child: Path):
    answer = questions.answer("umap", {"run": VQ64, "action": "start"} | asked)
    assert answer["code"] == "ask_parameter"
    assert not umap_child._jobs


def test_a_plane_needs_no_umap(child: Path):
    assert ask("start", VAE)["code"] == "umap_flat"
    assert "needs no UMAP" in ask("start", VAE)["error"]


def test_the_child_keeps_what_is_compiled_to_itself_and_finds_what_the_server_finds(
    child: Path, monkeypatch: pytest.MonkeyPatch
):
    given: dict[str, str] = {}
    popen: Any = subprocess.Popen

    def started(*words: Any, env: dict[str, str], **more: Any) -> Any:
        given.update(env)
        return popen(*words, env=env, **more)

    monkeypatch.setattr(subprocess, "Popen", started)
    monkeypatch.setenv("EXPLORER_CACHE", str(child / "cache"))
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    umap_child.start(catalog.run(VQ64))
    assert given["NUMBA_CACHE_DIR"] == str(child / "cache" / "compiled")
    assert given["PYTHONPATH"].split(os.pathsep) == [str(umap_child.ROOT), "/somewhere"]
