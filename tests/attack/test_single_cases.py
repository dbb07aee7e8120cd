"""What once ended in a traceback: each is a sentence now, and one line in the log."""

from __future__ import annotations

import errno
import json
import struct
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from gradio.routes import App
from starlette.testclient import TestClient

import explorer.runs.shelf
from explorer.errors import ExplorerError
from explorer.jobs import service
from explorer.jobs import spool as spool
from explorer.jobs.spool import Phase
from explorer.jobs.states import history_file, history_of
from explorer.training.config import RunConfig
from explorer.training.interventions import Intervention
from explorer.ui import questions
from explorer.ui.computed import umap_child
from explorer.ui.page import layout
from explorer.ui.page.server import settings
from tests.ui.conftest import VQ64, stored_runs  # noqa: F401  a fixture

TOKEN = "9" * 32
FILE = {"path": "x.png", "url": "https://example.com/x.png", "meta": {"_type": "gradio.FileData"}}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLORER_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(service, "start", lambda job, files: None)


@pytest.fixture(scope="module")
def page() -> tuple[TestClient, int]:
    """The page as it is served, and the number of its event."""
    demo = layout.build()
    app = App.create_app(demo, app_kwargs=settings("127.0.0.1")["app_kwargs"])
    events = demo.get_config_file()["dependencies"]
    number = next(e["id"] for e in events if any(name == "commit" for _, name in e["targets"]))
    return TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False), int(number)


def event(page: tuple[TestClient, int], data: list[Any], number: int | None = None) -> str:
    client, commit = page
    body = {"fn_index": commit if number is None else number, "data": data, "session_hash": "a"}
    return client.post("/gradio_api/run/predict", json=body).text


@pytest.mark.parametrize(
    "value", [FILE, {"view": FILE, "serial": 1}, {"view": {"tab": FILE}}, {"view": {"z": [0, [FILE]]}}]
)
def test_a_file_in_a_view_is_fetched_from_nowhere(page: tuple[TestClient, int], value: Any):
    assert "values without files" in event(page, [value])


def test_an_event_that_there_is_not(page: tuple[TestClient, int], caplog: pytest.LogCaptureFixture):
    assert "answer_failed" in event(page, [], 9999)
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1


def test_a_fault_in_an_event_is_a_sentence_and_one_line(
    page: tuple[TestClient, int], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: Any
):
    def fails(*_: object) -> None:
        raise RuntimeError("what a visitor sent")

    monkeypatch.setattr(layout, "from_query", fails)
    answered = event(page, [{"view": {}, "serial": 3}])
    assert "fault here" in answered
    assert "visitor" not in answered + caplog.text
    assert [record.levelname for record in caplog.records if record.name.startswith("explorer")] == ["ERROR"]
    assert "Traceback" not in "".join(capfd.readouterr())


def test_a_tensor_of_more_axes_than_arrays_have(page: tuple[TestClient, int]):
    header = json.dumps({"codebook": {"dtype": "F32", "shape": [1] * 70, "data_offsets": [0, 4]}}).encode()
    body = struct.pack("<Q", len(header)) + header + bytes(4)
    asked = quote(json.dumps({"files": [["a.safetensors", len(body)]]}))
    answered = page[0].post(f"/explorer/report?asked={asked}", content=body).json()
    assert answered["code"] != "answer_failed"
    assert not answered["ok"]


def a_job() -> spool.Job:
    return service.begin(TOKEN, [RunConfig(model="vae", width=4, steps=2, batch_size=8)])


def test_a_full_disk_when_a_job_goes_on(monkeypatch: pytest.MonkeyPatch):
    job = a_job()
    spool.set_phase(job, Phase("paused", 1))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(spool, "write_whole", full)
        refused = questions.answer("train_command", {"mine": TOKEN, "job": job.id, "do": "resume"})
    assert (refused["ok"], refused["code"]) == (False, "train_not_writable")
    assert spool.phase_of(job).name == "paused"


@pytest.mark.parametrize("line", [{}, {"step": "x", "what": "lr"}, {"step": 1, "what": "nonsense"}, 7, [], None])
def test_a_wrong_line_of_a_history(line: Any):
    job = a_job()
    spool.append_line(history_file(job, 0), line)
    good = Intervention(1, "beta", 2.0, 1.0)
    spool.append_line(history_file(job, 0), good.to_dict())
    assert history_of(job, 0) == [good]
    assert questions.answer("train_state", {"mine": TOKEN, "job": job.id})["ok"]


def test_a_map_whose_child_cannot_start(stored_runs: Path, monkeypatch: pytest.MonkeyPatch):  # noqa: F811
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", stored_runs)
    monkeypatch.delenv("EXPLORER_RUNS", raising=False)
    monkeypatch.setattr(umap_child, "COMMAND", ("/no/such/program",))
    before = list(umap_child._jobs)
    refused = questions.answer("umap", {"run": VQ64, "action": "start"})
    assert (refused["ok"], refused["code"]) == (False, "umap_not_begun")
    assert umap_child._jobs == before


def test_every_sentence_of_these_can_be_said():
    for code, params in (("tensor_axes", {"name": "a", "axes": 70, "most": 64}), ("umap_not_begun", {"reason": "x"})):
        assert str(ExplorerError(code, **params))
