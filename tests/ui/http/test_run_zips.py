"""Zips of runs that somebody made up: nothing is written outside, nothing bad is kept, every answer is a sentence."""

from __future__ import annotations

import io
import json
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save
from starlette.applications import Starlette
from starlette.testclient import TestClient

from explorer.errors import ExplorerError, FileError, RunError
from explorer.files.checksums import sealed, sha256
from explorer.jobs.home import visitor_folder
from explorer.models.prior import CodeSpace, LatentSpace, build_latent_prior, build_prior
from explorer.runs import load_run, npz, reading, writing
from explorer.runs.priors import has_prior
from explorer.training.build import build_model
from explorer.ui import questions
from explorer.ui.computed import catalog
from explorer.ui.http import run_zips
from explorer.ui.http.routes import routes
from tests.files.test_zips import BOMB, METHODS, MOST, forged, peak_bytes
from tests.ui.conftest import EMA, VAE

TOKEN = "c" * 32


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EXPLORER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def made_up(run: str = VAE, files: dict[str, bytes] | None = None, **changes: Any) -> bytes:
    """The zip of a run with other files and another description, all hashes and the seal put right."""
    folder = load_run(run).folder
    values = json.loads((folder / "run.json").read_bytes()) | changes
    contents = {name: (folder / name).read_bytes() for name in values["files"]} | (files or {})
    values["files"] = {name: sha256(content) for name, content in contents.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x/run.json", json.dumps(sealed(values)))
        for name, content in contents.items():
            archive.writestr(f"x/{name}", content)
    return buffer.getvalue()


def refusal(content: bytes) -> ExplorerError:
    """Why a zip is not taken in; nothing of it stays, and no path of this machine is told."""
    with pytest.raises(ExplorerError) as refused:
        run_zips.adopt(content, TOKEN)
    assert not list((visitor_folder(TOKEN) / "runs").glob("*"))
    assert "/" not in str(refused.value)
    return refused.value


def test_what_is_made_here_would_be_taken_in_if_nothing_were_changed():
    assert run_zips.adopt(made_up(), TOKEN).report


@pytest.mark.parametrize("name", ["{}/evil", "../../../../evil", "a/../../../evil", "..", "My Run", "x" * 101, ""])
def test_an_id_that_is_none_leads_nowhere(name: str, tmp_path: Path):
    assert refusal(made_up(id=name.format(tmp_path))).code == "run_foreign"
    assert list(tmp_path.rglob("run.json")) == []


@pytest.mark.parametrize("method", ["deflate", "bz2", "lzma"])
def test_a_bomb_that_claims_100_bytes_is_not_unpacked(method: str):
    content = forged("run.json", METHODS[method], BOMB, 100)
    assert peak_bytes(lambda: run_zips.unpacked(content)) < MOST
    with pytest.raises(FileError, match=r"no zip that can be read|it needs run\.json and model\.safetensors"):
        run_zips.unpacked(content)


@pytest.mark.parametrize("file", ["trace.npz", "measures.npz"])
def test_a_bomb_inside_a_run_is_not_unpacked(file: str):
    content = made_up(files={file: forged("level.npy", METHODS["bz2"], BOMB, 100)})
    assert peak_bytes(lambda: run_zips.unpacked(content)) < MOST
    assert refusal(content).code == "run_zip_damaged"


def test_npz_files_that_unpack_to_too_much_together_are_refused(monkeypatch: pytest.MonkeyPatch):
    arrays = npz({"x": np.zeros(300_000)})
    monkeypatch.setattr(run_zips, "UNPACKED", 4_000_000)
    assert run_zips.unpacked(made_up(files={"trace.npz": arrays}))
    assert refusal(made_up(files={"trace.npz": arrays, "measures.npz": arrays})).code == "run_zip_large"


def config(changes: dict[str, object]) -> dict[str, Any]:
    return load_run(VAE).config.to_dict() | changes


def sides(side: object, channels: object = 1) -> dict[str, object]:
    return {"channels": channels, "height": side, "width": side}


DESCRIPTIONS: dict[str, dict[str, Any]] = {
    "an id that is a number": {"id": 5},
    "steps in words": {"step": "9"},
    "steps that are half": {"step": 1.5},
    "no steps": {"step": None},
    "channels in words": {"shape": sides(28, "x")},
    "half an image": {"shape": sides(28.0)},
    "a list for a shape": {"shape": [1, 28, 28]},
    "another side": {"shape": sides(28) | {"depth": 1}},
    "s2 in words": {"s2": "abc"},
    "s2 below 0": {"s2": -1.0},
    "s2 that no float can hold": {"s2": 10**400},
    "variance that is no number": {"data_variance": float("nan")},
    "a family of one": {"family": 1},
    "a history in words": {"history": [{"step": 1, "what": "beta", "value": "x"}]},
    "a history of lists": {"history": [[1]]},
    "a history of something else": {"history": [{"step": 1, "what": "beta", "value": {"a": 1}}]},
    "no history": {"history": 5},
    "a list for the settings": {"config": []},
}


@pytest.mark.parametrize("case", DESCRIPTIONS)
def test_a_description_of_other_types_is_refused(case: str):
    assert refusal(made_up(**DESCRIPTIONS[case])).code == "run_foreign"


@pytest.mark.parametrize("changed", [{"data": ["fashion"]}, {"data": 5}, {"spatial": "yes"}, {"augment": 1}])
def test_settings_of_other_types_are_refused(changed: dict[str, object]):
    assert refusal(made_up(config=config(changed))).code == "run_foreign"


@pytest.mark.parametrize("side, code", [(1024, "run_other_images"), (100_000, "run_other_images"), (30, "run_foreign")])
def test_images_that_are_not_the_sets_are_refused_before_a_model_is_built(side: int, code: str):
    content = made_up(shape=sides(side))
    assert peak_bytes(lambda: refusal(content)) < MOST
    assert refusal(content).code == code


def test_a_run_of_another_version_of_its_images_is_refused():
    assert refusal(made_up(data_sha256="0" * 64)).code == "run_other_images"


@pytest.mark.parametrize(
    "sizes, device",
    [({"width": 1024, "latent_dim": 4096}, "meta"), ({"latent_dim": 3}, "cpu"), ({"spatial": True}, "cpu")],
)
def test_a_large_model_that_the_weights_do_not_fill_is_never_built(
    sizes: dict[str, object], device: str, monkeypatch: pytest.MonkeyPatch
):
    built: list[torch.device] = []

    def watched(*args: Any) -> Any:
        built.append(torch.get_default_device())
        return build_model(*args)

    monkeypatch.setattr(reading, "build_model", watched)
    assert refusal(made_up(config=config(sizes))).code == "run_weights_mismatch"
    assert built == [torch.device(device)]


REPORTS = {
    "a list": b"[1]",
    "no JSON": b"{",
    "deep": b'{"a":' * 100_000,
    "too deep": b'{"a":' * 50 + b"1" + b"}" * 50,
    "words for figures": b'{"mse": "x"}',
    "words for a list": b'{"kl_nats_per_unit": ["a"]}',
    "a figure for a section": b'{"sharpness": 1}',
    "words in a section": b'{"codebook": {"used": "all"}}',
    "not a number": b'{"mse": NaN}',
    "endless": b'{"ssim": Infinity}',
    "more than a float holds": b'{"mse": 1' + b"0" * 400 + b"}",
    "a novel": b'{"split": "' + b"x" * 500 + b'"}',
    "half a character": b'{"split": "\\ud800"}',
    "long": b'{"mse": 1' + b" " * 1_000_000 + b"}",
}


@pytest.mark.parametrize("case", REPORTS)
def test_a_report_that_is_none_is_refused(case: str):
    refused = refusal(made_up(files={"report.json": REPORTS[case]}))
    assert refused.code == "run_damaged"
    assert "report.json" in str(refused)


def arrays(**named: Any) -> bytes:
    return npz({name.replace("_of_", "/"): np.asarray(array) for name, array in named.items()})


FILM = {"level": "full", "frame_steps": [0, 1], "curve_steps": [1]}
FILES = {
    "no film": ("trace.npz", arrays(a=1)),
    "frames that are missing": ("trace.npz", arrays(**FILM, frames_of_val_mse=[1.0])),
    "curves that are missing": ("trace.npz", arrays(**FILM, curves_of_loss=[1.0, 2.0])),
    "a group that is none": ("trace.npz", arrays(**FILM, to_arrays_of_x=[1.0])),
    "an attribute": ("trace.npz", arrays(**FILM, __dict___of_frames=[1.0])),
    "objects": ("measures.npz", npz({"psnr_db": np.array([{}], dtype=object)})),
    "too few measures": ("measures.npz", arrays(psnr_db=np.zeros(3, "f4"))),
    "measures in words": ("measures.npz", arrays(psnr_db=np.array(["a"]))),
    "no map": ("map.npz", arrays(a=1)),
}


@pytest.mark.parametrize("case", FILES)
def test_arrays_that_are_not_what_they_should_be_are_refused(case: str):
    name, content = FILES[case]
    refused = refusal(made_up(files={name: content}))
    assert refused.code == "run_damaged"
    assert name in str(refused)


def test_weights_that_are_no_numbers_are_refused():
    weights = load_run(VAE).weights
    spoilt = save({name: tensor * float("nan") for name, tensor in weights.items()})
    assert refusal(made_up(files={"model.safetensors": spoilt})).code == "run_damaged"


def test_one_wrong_byte_anywhere_in_a_film_is_a_sentence():
    content = arrays(**FILM, curves_of_loss=[1.0], frames_of_val_mse=np.random.default_rng(0).normal(size=(2, 30)))
    taken = 0
    for at in range(0, len(content), len(content) // 40):
        flipped = content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]
        with suppress(ExplorerError):
            run_zips.adopt(made_up(files={"trace.npz": flipped}), TOKEN)
            taken += 1
    assert taken < 40
    assert len(list((visitor_folder(TOKEN) / "runs").glob("*"))) == taken


def test_a_run_that_cannot_be_written_leaves_nothing(monkeypatch: pytest.MonkeyPatch):
    content = made_up()

    def fail(folder: Path) -> None:
        raise RunError("run_damaged", path=folder / "report.json")

    monkeypatch.setattr(writing, "load_folder", fail)
    assert refusal(content).code == "run_damaged"


def prior(run: str, tensors: dict[str, torch.Tensor], **facts: object) -> dict[str, bytes]:
    """The files of a prior of a run."""
    described = {"format": 1, "model_sha256": load_run(run).weights_sha256} | facts
    return {"prior.json": json.dumps(described).encode(), "prior.safetensors": save(tensors)}


def mixture(m: int = 3, z: int = 2) -> dict[str, torch.Tensor]:
    return {
        "weights": torch.ones(m).softmax(0),
        "means": torch.zeros(m, z),
        "factors": torch.eye(z).repeat(m, 1, 1),
    }


def simple(z: int = 2) -> dict[str, torch.Tensor]:
    """A VAE's Gaussian."""
    return {"simple/means": torch.zeros(1, z), "simple/factors": torch.eye(z)[None]}


def under_model(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """As the learned rung over a Gaussian."""
    return simple() | {f"model/{name}": tensor for name, tensor in tensors.items()}


FLOW: dict[str, object] = {"layers": 2, "hidden": 8}
PLANE = LatentSpace(2, num_classes=10)


def flow(sizes: object = FLOW, space: object = None, **changes: torch.Tensor) -> tuple[dict[str, Any], dict[str, Any]]:
    """A flow's weights over a Gaussian, and what is said of them."""
    weights = build_latent_prior("flow", PLANE, FLOW).state_dict()
    facts = {"kind": "flow", "sizes": sizes, "space": PLANE.to_dict() if space is None else space}
    return under_model(weights) | changes, facts


def test_good_priors_over_vectors_are_taken_in():
    for tensors, kind in (
        (mixture(), {"kind": "mixture"}),
        (simple(), {"kind": "simple"}),
        (under_model(mixture(50)), {"kind": "mixture"}),
        flow(),
    ):
        assert has_prior(run_zips.adopt(made_up(files=prior(VAE, tensors, **kind)), TOKEN))


LATENT_PRIORS: dict[str, tuple[dict[str, torch.Tensor], dict[str, object]]] = {
    "no kind": (mixture(), {}),
    "an unknown kind": (mixture(), {"kind": "zzz"}),
    "a list for a kind": (mixture(), {"kind": ["mixture"]}),
    "nothing fitted": ({}, {"kind": "mixture"}),
    "another latent": (mixture(z=3), {"kind": "mixture"}),
    "means that are missing": (mixture() | {"means": torch.zeros(2, 2)}, {"kind": "mixture"}),
    "no component": (mixture(0), {"kind": "mixture"}),
    "no numbers": (mixture() | {"means": torch.full((3, 2), torch.nan)}, {"kind": "mixture"}),
    "spread of an AE": (mixture(), {"kind": "own_spread"}),
    "format in words": (mixture(), {"kind": "mixture", "format": "x"}),
    "other weights": (mixture(), {"kind": "mixture", "model_sha256": "0"}),
    "countless components": (under_model(mixture(51)), {"kind": "mixture"}),
    "a Gaussian of others": (simple(3), {"kind": "simple"}),
    "a Gaussian without numbers": (simple() | {"simple/means": torch.full((1, 2), torch.nan)}, {"kind": "simple"}),
    "half a Gaussian": ({"simple/means": torch.zeros(1, 2)}, {"kind": "simple"}),
    "more than a Gaussian": (simple() | {"more": torch.zeros(1)}, {"kind": "simple"}),
    "weights of no kind": (under_model({"a": torch.zeros(1)}), {"kind": "zzz"}),
    "a flow without weights": (simple(), flow()[1]),
    "a flow of gigabytes": flow(FLOW | {"hidden": 1_000_000}),
    "a flow of countless layers": flow(FLOW | {"layers": 10**9}),
    "a flow of other sizes": flow(FLOW | {"hidden": 9}),
    "a flow of unknown sizes": flow(FLOW | {"depth": 1}),
    "sizes of a flow in words": flow(FLOW | {"layers": "many"}),
    "a flow over others": flow(space=PLANE.to_dict() | {"dim": 3}),
    "a flow over countless": flow(space=PLANE.to_dict() | {"height": 10**9}),
    "a flow over nothing": flow(space=[]),
    "a transformer of countless components": (
        simple(),
        {"kind": "gaussian_transformer", "sizes": {"components": 10**9}, "space": PLANE.to_dict()},
    ),
    "a transformer of 51": (
        simple(),
        {"kind": "gaussian_transformer", "sizes": {"components": 51}, "space": PLANE.to_dict()},
    ),
}


@pytest.mark.parametrize("case", LATENT_PRIORS)
def test_a_prior_over_vectors_that_is_none_is_refused(case: str):
    tensors, facts = LATENT_PRIORS[case]
    assert refusal(made_up(files=prior(VAE, tensors, **facts))).code.startswith(("prior_", "run_damaged"))


SPACE = {"num_embeddings": 256, "height": 7, "width": 7, "num_classes": 10}
SIZES: dict[str, object] = {"width": 8, "layers": 1, "heads": 2, "dropout": 0.0}


def learned(sizes: object = SIZES, space: object = SPACE, **changes: Any) -> dict[str, bytes]:
    """A transformer's weights, and what is said of them."""
    weights = build_prior("transformer", CodeSpace(**SPACE), SIZES).state_dict()
    tensors = {"counts": torch.ones(49, 256)} | {f"model/{name}": tensor for name, tensor in weights.items()}
    facts = {"kind": "transformer", "sizes": sizes, "space": space, "smoothing": 0.5}
    tensors |= {name: tensor for name, tensor in changes.items() if isinstance(tensor, torch.Tensor)}
    return prior(EMA, tensors, **facts | {k: v for k, v in changes.items() if not isinstance(v, torch.Tensor)})


def test_a_good_learned_prior_is_taken_in():
    assert has_prior(run_zips.adopt(made_up(EMA, learned()), TOKEN))


LEARNED: dict[str, dict[str, Any]] = {
    "an unknown kind": {"kind": "zzz"},
    "a kind that is a list": {"kind": []},
    "gigabytes": {"sizes": SIZES | {"width": 1_000_000}},
    "countless layers": {"sizes": SIZES | {"layers": 10**9}},
    "sizes in words": {"sizes": SIZES | {"layers": "many"}},
    "no heads": {"sizes": SIZES | {"heads": 0}},
    "heads that do not share": {"sizes": SIZES | {"heads": 3}},
    "sizes in a list": {"sizes": [8]},
    "an unknown size": {"sizes": SIZES | {"depth": 3}},
    "grids of others": {"space": SPACE | {"height": 100_000}},
    "codes of others": {"space": SPACE | {"num_embeddings": 10**9}},
    "countless classes": {"space": SPACE | {"num_classes": 10**12}},
    "no space": {"space": None},
    "smoothing in words": {"smoothing": "x"},
    "smoothing below 0": {"smoothing": -5.0},
    "counts of others": {"counts": torch.ones(4, 4)},
}


@pytest.mark.parametrize("case", LEARNED)
def test_a_prior_over_codes_that_is_none_is_refused(case: str):
    content = made_up(EMA, learned(**LEARNED[case]))
    assert refusal(content).code.startswith(("prior_", "run_damaged"))  # the first one imports torch's compiler
    assert peak_bytes(lambda: refusal(content)) < MOST


def test_every_answer_is_a_sentence_and_nothing_disturbs_the_others():
    client = TestClient(Starlette(routes=routes()))

    def sent(content: bytes, mine: str = "") -> dict[str, Any]:
        asked = {"asked": json.dumps({"size": len(content), "mine": mine})}
        return dict(client.post(f"/{run_zips.KEPT_PATH}", params=asked, content=content).json())

    mine = sent(made_up())["mine"]
    for spoilt in (
        *(made_up(files={"report.json": report}) for report in REPORTS.values()),
        *(made_up(**description) for description in DESCRIPTIONS.values()),
        made_up(files=prior(VAE, mixture(), kind="zzz")),
    ):
        assert not sent(spoilt, mine)["ok"]
    for question in ("sweep", "rate_distortion"):
        assert questions.answer(question, {"mine": mine, "data": "fashion"})["ok"]
    with catalog.visiting(mine):
        assert len(catalog.own_runs()) == 1
