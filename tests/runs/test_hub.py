"""Runs to and from the Hub, against a stand-in on this machine."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from huggingface_hub import constants

from explorer import cli
from explorer.cli import commands
from explorer.errors import RunError
from explorer.files.checksums import json_bytes, sealed, sha256
from explorer.runs import Run, foreign, hub, load_run
from tests.hub_stand_in import Hub, running_hub
from tests.tiny import tiny_set
from tests.tiny_runs import trained_run

# huggingface_hub's own call of its HTTP library.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")

REPOSITORY = "someone/tiny-vqvae"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(commands, "load_image_set", lambda name: tiny_set())
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "no-token"))
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def server() -> Iterator[Hub]:
    with running_hub() as running:
        yield running


@pytest.fixture
def run() -> Run:
    return trained_run("vqvae")


@pytest.fixture
def pushed(server: Hub, run: Run, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """The files of the repository after a push, which may be tampered with."""
    hub.push_to_hub(run, REPOSITORY, token="good", endpoint=server.endpoint)
    return server.repositories[REPOSITORY]


def described(pushed: dict[str, bytes], **changes: object) -> None:
    """Write another `run.json`, sealed as a program that means harm would seal it."""
    pushed["run.json"] = json_bytes(sealed(json.loads(pushed["run.json"]) | changes))


def command(*words: str, server: Hub) -> int:
    return cli.main([*words, "--endpoint", server.endpoint])


def test_a_run_comes_back_as_it_went(server: Hub, run: Run, monkeypatch, capsys):
    monkeypatch.setenv("HF_TOKEN", "good")
    assert command("push", "./vqvae", REPOSITORY, server=server) == 0
    assert f"{REPOSITORY}/commit/" in capsys.readouterr().out
    assert set(server.repositories[REPOSITORY]) == {*run.files, "run.json", "README.md"}
    assert command("pull", REPOSITORY, "--into", "fetched", server=server) == 0
    fetched = load_run(Path("fetched") / run.id)
    assert fetched.files == run.files
    assert fetched.info == run.info
    assert all(torch.equal(fetched.weights[name], run.weights[name]) for name in run.weights)
    card = (fetched.folder / "README.md").read_text()
    assert card.startswith("---\nlicense: mit")
    assert f"python -m explorer pull {REPOSITORY}" in card
    assert sorted(path.name for path in Path("fetched").iterdir()) == [run.id]  # and nothing half-done beside it
    assert not (fetched.folder / ".cache").exists()


def test_a_public_run_is_pulled_without_a_token(server: Hub, pushed):
    server.asked.clear()
    hub.pull_from_hub(REPOSITORY, Path("fetched"), endpoint=server.endpoint)
    assert {token for _, _, token in server.asked} == {""}


def test_a_token_is_asked_for_only_when_pushing_without_one(server: Hub, run: Run):
    asked: list[int] = []

    def ask() -> str:
        asked.append(1)
        return "good"

    hub.push_to_hub(run, REPOSITORY, token="good", ask=ask, endpoint=server.endpoint)
    assert asked == []
    hub.push_to_hub(run, REPOSITORY, ask=ask, endpoint=server.endpoint)
    assert asked == [1]


def test_a_private_repository_needs_a_token(server: Hub, run: Run):
    hub.push_to_hub(run, REPOSITORY, token="good", private=True, endpoint=server.endpoint)
    with pytest.raises(RunError, match="or it is private"):
        hub.pull_from_hub(REPOSITORY, Path("fetched"), endpoint=server.endpoint)
    hub.pull_from_hub(REPOSITORY, Path("fetched"), token="read", endpoint=server.endpoint)


@pytest.mark.parametrize(
    "token, status, sentence",
    [
        ("", 0, "pushing needs a token with write access"),
        ("bad", 0, "the Hub refuses (401)"),
        ("read", 0, "the Hub refuses (403)"),
        ("good", 400, "answered with 400"),
    ],
)
def test_a_push_that_fails_is_one_sentence(server: Hub, run: Run, monkeypatch, capsys, token, status, sentence):
    monkeypatch.setenv("HF_TOKEN", token)
    server.status = status
    assert command("push", "./vqvae", REPOSITORY, server=server) == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert error.count("\n") == 1


def test_a_repository_that_is_not_there_is_one_sentence(server: Hub, capsys):
    assert command("pull", "someone/nothing", server=server) == 2
    assert "there is no model repository someone/nothing" in capsys.readouterr().err
    assert command("pull", "no/such/name", server=server) == 2
    assert "give it as USER/NAME" in capsys.readouterr().err


def test_no_network_is_one_sentence(server: Hub, run: Run, monkeypatch):
    with running_hub() as closed:
        gone = closed.endpoint
    for ask in (
        lambda: hub.pull_from_hub(REPOSITORY, Path("fetched"), endpoint=gone),
        lambda: hub.push_to_hub(run, REPOSITORY, token="good", endpoint=gone),
    ):
        with pytest.raises(RunError, match="cannot be reached"):
            ask()
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(RunError, match="HF_HUB_OFFLINE"):
        hub.pull_from_hub(REPOSITORY, Path("fetched"), endpoint=server.endpoint)


def test_an_unfinished_run_is_not_pushed(server: Hub, run: Run, monkeypatch):
    monkeypatch.setattr(type(run.info), "finished", property(lambda info: False))
    with pytest.raises(RunError, match="train --resume"):
        hub.push_to_hub(run, REPOSITORY, token="good", endpoint=server.endpoint)
    assert server.asked == []


def zeros() -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, zeros=np.zeros(3_000_000, np.uint8))
    return buffer.getvalue()


def tamper_weights(files: dict[str, bytes]) -> None:
    files["model.safetensors"] = files["model.safetensors"][:-1] + b"x"


def lose_trace(files: dict[str, bytes]) -> None:
    del files["trace.npz"]


def lose_description(files: dict[str, bytes]) -> None:
    del files["run.json"]


def edit_description(files: dict[str, bytes]) -> None:
    files["run.json"] = files["run.json"].replace(b'"step": 6', b'"step": 7')


def escape(files: dict[str, bytes]) -> None:
    described(files, id="../../escaped")


def bring_pickle(files: dict[str, bytes]) -> None:
    files["evil.pt"] = b"\x80\x04."
    described(files, files=json.loads(files["run.json"])["files"] | {"evil.pt": sha256(files["evil.pt"])})


def bring_bomb(files: dict[str, bytes]) -> None:
    files["map.npz"] = zeros()
    described(files, files=json.loads(files["run.json"])["files"] | {"map.npz": sha256(files["map.npz"])})


def claim_other_model(files: dict[str, bytes]) -> None:
    described(files, config=json.loads(files["run.json"])["config"] | {"num_embeddings": 16})


@pytest.mark.parametrize(
    "harm, sentence",
    [
        (tamper_weights, "model.safetensors is damaged"),
        (lose_trace, "trace.npz is missing"),
        (lose_description, "holds no run of this explorer"),
        (edit_description, "run.json is damaged or was changed"),
        (escape, "is not a run of this explorer"),
        (bring_pickle, "is not a run of this explorer"),
        (bring_bomb, "larger than what is taken in"),
        (claim_other_model, "do not fit the model"),
    ],
)
def test_what_is_not_whole_never_arrives(server: Hub, pushed, monkeypatch, capsys, harm, sentence):
    monkeypatch.setattr(foreign, "MOST_UNPACKED", 2_500_000)
    harm(pushed)
    assert command("pull", REPOSITORY, "--into", "fetched", server=server) == 2
    assert sentence in capsys.readouterr().err
    assert list(Path("fetched").iterdir()) == []
    assert not any(path.endswith("evil.pt") for _, path, _ in server.asked)


def test_a_run_too_large_is_refused_before_it_is_fetched(server: Hub, pushed, monkeypatch):
    monkeypatch.setattr(hub, "MOST_BYTES", 10_000)
    with pytest.raises(RunError, match="more than is fetched"):
        hub.pull_from_hub(REPOSITORY, Path("fetched"), endpoint=server.endpoint)


def test_a_run_is_never_overwritten(server: Hub, pushed, run: Run):
    kept = hub.pull_from_hub(REPOSITORY, Path("fetched"), endpoint=server.endpoint)
    with pytest.raises(RunError, match="is there already"):
        hub.pull_from_hub(REPOSITORY, Path("fetched"), endpoint=server.endpoint)
    assert load_run(kept.folder).files == run.files
