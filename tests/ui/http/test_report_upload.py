"""A visitor's files: what is refused before it is read, and that nothing of them stays."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from explorer.collapse.reporting import FINDINGS
from explorer.data import examples
from explorer.jobs.limits import limits
from explorer.ui import questions
from explorer.ui.collapse import reader_report
from explorer.ui.computed import records
from explorer.ui.computed.catalog import visiting
from explorer.ui.http import report_upload
from explorer.ui.http.routes import routes
from explorer.ui.media import media
from explorer.ui.scene import scene
from explorer.ui.text.findings import CHINESE_FINDINGS
from explorer.ui.view import from_query
from tests.ui.test_text import placeholders


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.delenv("SPACE_ID", raising=False)
    return tmp_path


@pytest.fixture
def client(folder: Path) -> TestClient:
    return TestClient(Starlette(routes=routes()))


def npy(values: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, values)
    return stream.getvalue()


def sent(client: TestClient, files: list[tuple[str, bytes]], **asked: object) -> dict[str, Any]:
    announced: dict[str, object] = {"files": [[name, len(content)] for name, content in files]}
    query = {"asked": json.dumps(announced | asked)}
    body = b"".join(content for _, content in files)
    answer = client.post("/explorer/report", params=query, content=body)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    return dict(answer.json())


CODES = np.random.default_rng(0).normal(size=(40, 3)).astype("f4")
INDICES = np.arange(900) % 30


def test_codebook_and_indices_come_together_and_nothing_stays(client: TestClient, folder: Path):
    answer = sent(client, [("c.npy", npy(CODES)), ("i.npy", npy(INDICES))])
    assert answer["ok"]
    assert ["used", "30 / 40", ""] in answer["numbers"]
    assert all(answer["charts"][name] for name in ("plane", "usage", "lengths"))
    assert list(folder.iterdir()) == []


def test_both_languages(client: TestClient):
    english, chinese = (sent(client, [("i.npy", npy(INDICES))], lang=lang) for lang in ("en", "zh"))
    assert len(english["shows"]) == len(chinese["shows"])
    assert "死" in "".join(chinese["shows"])
    assert english["charts"]["plane"] is None
    refused = sent(client, [("model.pt", b"x")], lang="zh")
    assert (refused["ok"], refused["code"]) == (False, "tensor_file_pickle")
    assert "save_file" in refused["error"]


def test_settings_travel(client: TestClient):
    padded = np.append(INDICES, [-1] * 50)
    assert sent(client, [("i.npy", npy(padded))])["code"] == "indices_negative"
    answer = sent(client, [("i.npy", npy(padded))], ignore=-1, num_embeddings=64)
    assert ["used", "30 / 64", ""] in answer["numbers"]
    stream = io.BytesIO()
    np.savez(stream, a=CODES, b=CODES[:9])
    assert sent(client, [("x.npz", stream.getvalue())])["code"] == "tensor_key_needed"
    assert sent(client, [("x.npz", stream.getvalue())], key="b")["sources"] == ["b (9, 3) float32"]


def test_several_codebooks_are_said_one_by_one(client: TestClient):
    draw = np.random.default_rng(0)
    levels = np.stack([draw.integers(0, 40, 4000), draw.integers(0, 2, 4000)], -1)
    answer = sent(client, [("i.npy", npy(levels))], num_embeddings=40)
    assert [book["title"] for book in answer["codebooks"]] == ["Level 1", "Level 2"]
    assert [book["verdict"][0] for book in answer["codebooks"]] == ["healthy", "collapse"]
    assert answer["shown"] == 1, "the worst one opens"
    assert answer["verdict"] == answer["codebooks"][1]["verdict"]
    assert answer["warns"]
    joined = sent(client, [("i.npy", npy(levels))], num_embeddings=40, levels=1)
    assert (joined["codebooks"], joined["verdict"][0]) == ([], "healthy")
    point = CODES[:1] * np.linspace(1, 2, 40)[:, None]
    assert sent(client, [("c.npy", npy(point))], cosine=1)["verdict"][0] == "collapse"


@pytest.mark.parametrize(
    "asked, code",
    [
        ({}, "ask_parameter"),
        ({"files": []}, "ask_parameter"),
        ({"files": [["a.npy", 5]] * 3}, "ask_parameter"),
        ({"files": [["a.npy", -5]]}, "ask_parameter"),
        ({"files": [["a" * 300, 5]]}, "ask_parameter"),
        ({"files": [[5, "a.npy"]]}, "ask_parameter"),
        ({"files": ["a.npy"]}, "ask_parameter"),
        ({"files": [["a.npy", 5]], "num_embeddings": 0}, "ask_parameter"),
        ({"files": [["a.npy", 5]], "ignore": "x"}, "ask_parameter"),
        ({"files": [["a.ckpt", 5]]}, "tensor_file_pickle"),
        ({"files": [["a.exe", 5]]}, "tensor_file_unknown"),
        ({"files": [["a.npy", 301_000_000]]}, "upload_too_large"),
        ({"files": [["a.npy", 200_000_000], ["b.npy", 200_000_000]]}, "upload_too_large"),
        ({"files": [["a.npy", 5]]}, "upload_not_as_announced"),
        ({"files": [["a.npy", 0]]}, "tensor_file_damaged"),
    ],
)
def test_what_cannot_be_is_refused(client: TestClient, folder: Path, asked: dict[str, object], code: str):
    answer = client.post("/explorer/report", params={"asked": json.dumps(asked)}).json()
    assert (answer["ok"], answer["code"]) == (False, code)
    assert answer["error"]
    assert list(folder.iterdir()) == []


def test_more_bytes_than_announced_are_not_taken(client: TestClient, folder: Path):
    query = {"asked": json.dumps({"files": [["a.npy", 10]]})}
    answer = client.post("/explorer/report", params=query, content=b"x" * 5_000_000).json()
    assert answer["code"] == "upload_not_as_announced"
    assert list(folder.iterdir()) == []
    assert client.post("/explorer/report", params={"asked": "["}).json()["code"] == "ask_parameter"


def test_a_space_takes_less(client: TestClient, monkeypatch: pytest.MonkeyPatch):
    assert reader_report.upload_megabytes() == 300
    monkeypatch.setenv("SPACE_ID", "someone/explorer")
    assert reader_report.upload_megabytes() == 64
    answer = client.post("/explorer/report", params={"asked": json.dumps({"files": [["a.npy", 65_000_000]]})}).json()
    assert answer["code"] == "upload_too_large"
    assert "64 MB" in answer["error"]


def test_what_unpacks_to_too_much_is_not_unpacked(client: TestClient, monkeypatch: pytest.MonkeyPatch):
    stream = io.BytesIO()
    np.savez_compressed(stream, indices=np.zeros(2_000_000, np.int64))
    assert len(stream.getvalue()) < 100_000
    monkeypatch.setattr(report_upload, "UNPACKED_BYTES", 10_000_000)
    assert sent(client, [("x.npz", stream.getvalue())])["code"] == "upload_unpacks"


def test_a_long_header_is_not_parsed(client: TestClient):
    header = b"[" + b"[]," * 400_000 + b"[]]"
    answer = sent(client, [("x.safetensors", len(header).to_bytes(8, "little") + header)])
    assert answer["code"] == "tensor_file_header_large"
    assert "save the codebook alone" in answer["error"]


def test_one_wrong_byte_is_never_an_error_of_ours(client: TestClient):
    stream = io.BytesIO()
    np.savez_compressed(stream, codebook=np.random.default_rng(0).normal(size=(64, 8)).astype("f4"))
    content = stream.getvalue()
    for at in range(0, len(content), len(content) // 60):
        sent(client, [("x.npz", content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :])])


def test_every_finding_has_a_chinese_twin():
    assert CHINESE_FINDINGS.keys() == FINDINGS.keys()
    for key, sentence in FINDINGS.items():
        assert placeholders(sentence) == placeholders(CHINESE_FINDINGS[key])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_record_comes_as_a_zip_and_nothing_stays(client: TestClient, folder: Path, lang: str):
    content = (examples.FOLDER / "record-narrow.zip").read_bytes()
    answer = sent(client, [("mine.zip", content)], lang=lang)
    assert answer["ok"]
    assert answer["record"]
    assert answer["findings"][0]["cause"] == "narrow"
    assert all(found["figure"]["data"] for found in answer["findings"])
    assert answer["verdict"][0] == "collapse"
    assert "0.019" in answer["files"]["html"]
    assert "0.019" in answer["files"]["md"]
    assert json.loads(answer["files"]["json"])["causes"][0]["cause"] == "narrow"
    assert list(folder.iterdir()) == []


def test_a_zip_of_something_else_is_a_sentence(client: TestClient, folder: Path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as out:
        out.writestr("a.txt", "?")
    answer = sent(client, [("mine.zip", stream.getvalue())])
    assert (answer["ok"], answer["code"]) == (False, "record_zip_foreign")
    assert list(folder.iterdir()) == []


# --- a record that is kept


TOKEN, OTHER = "a" * 32, "b" * 32


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EXPLORER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def kept(client: TestClient, token: str, name: str = "My run.zip", **asked: object) -> dict[str, Any]:
    content = (examples.FOLDER / examples.NAMES["record"].file).read_bytes()
    query = {"asked": json.dumps({"files": [[name, len(content)]], "keep": 1} | asked)}
    headers = {"X-Explorer-Token": token} if token else {}
    return dict(client.post("/explorer/report", params=query, content=content, headers=headers).json())


def test_a_record_is_kept_for_its_visitor_alone(client: TestClient, home: Path):
    answer = kept(client, TOKEN)
    name = answer["kept"]
    assert answer["mine"] == TOKEN
    assert name.startswith("my-run-")
    whose = {"record": name, "mine": TOKEN}
    assert questions.answer("collapse_record", whose)["verdict"] == answer["verdict"]
    assert questions.answer("collapse_replay", whose | {"rule": "ema", "init": "kmeans"})["ok"]
    assert questions.answer("collapse_record", whose | {"mine": OTHER})["code"] == "ask_parameter"
    view, notes = from_query({"v": "2", "tab": "codebook", "record": name, "mine": TOKEN})
    assert (view.record, notes) == (name, ())
    with visiting(TOKEN):
        made = scene(view)
    assert made.codebook is not None
    address = made.codebook.sides["left"].film
    assert media.content(*address.removeprefix(f"{media.PREFIX}/").split("/"))[0]
    assert from_query({"v": "2", "tab": "codebook", "record": name})[0].record == ""
    assert questions.answer("train_delete_record", whose | {"mine": OTHER})["code"] == "train_job_unknown"
    assert questions.answer("train_delete_record", whose)["ok"]
    assert questions.answer("collapse_record", whose)["code"] == "ask_parameter"
    assert not list(home.glob("visitors/*/records/*"))


def test_who_has_no_token_gets_one_and_nothing_is_kept_unasked(client: TestClient, home: Path):
    answer = kept(client, "")
    assert questions.answer("collapse_record", {"record": answer["kept"], "mine": answer["mine"]})["ok"]
    assert "kept" not in kept(client, TOKEN, keep=0)
    assert len(list(home.glob("visitors/*/records/*"))) == 1


def test_records_and_runs_share_a_limit_and_a_full_disk_is_a_sentence(
    client: TestClient, home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(records, "limits", lambda: replace(limits(), kept=1))
    assert kept(client, TOKEN)["ok"]
    assert kept(client, TOKEN)["code"] == "train_too_many_runs"

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.move", full)
    answer = kept(client, OTHER)
    assert (answer["ok"], answer["code"]) == (False, "record_not_kept")
    assert "No space left on device" in answer["error"]
