"""Each cause made on purpose is the first that is named, and a healthy record trips none."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from explorer import cli
from explorer.recorder import Recorder
from explorer.reports.diagnosis import CAUSE_SENTENCES, CAUSES, REMEDIES, Diagnosis, diagnose
from explorer.runs.recorded import load_record
from explorer.ui.text.causes import CHINESE_CAUSES, CHINESE_REMEDIES
from tests.ui.test_text import placeholders

K, D = 32, 6


def cloud(step: int, n: int = 600) -> np.ndarray:
    return np.random.default_rng(step).normal(size=(n, D))


def data_codes(k: int = K) -> np.ndarray:
    return np.random.default_rng(99).normal(size=(k, D))


def record(folder: Path, codes: Any = None, z_e: Any = cloud, steps: int = 40, indices: Any = None) -> Diagnosis:
    """A training whose codebook and outputs at a step are given; indices are the nearest unless they are given too."""
    codes = codes or (lambda step: data_codes())
    with Recorder(folder, K) as recorder:
        for step in range(steps):
            book, vectors = codes(step), z_e(step)
            chosen = ((vectors[:, None] - book) ** 2).sum(2).argmin(1) if indices is None else indices(step)
            recorder.log(step, z_e=torch.tensor(vectors), indices=torch.tensor(chosen), codebook=torch.tensor(book))
    return diagnose(load_record(folder))


def pushed(step: int) -> np.ndarray:
    """Codes that are alive at first, most of which go far away after step 5."""
    codes = data_codes()
    codes[8:] += 100 if step > 5 else 0
    return codes


def direction(step: int) -> np.ndarray:
    return cloud(step)[:, :1] * np.ones((1, D)) / D**0.5


def rounded(step: int) -> np.ndarray:
    codes = data_codes()
    codes[4:] = codes[4] * (1 + 1e-6 * data_codes()[4:])
    return codes


def far(step: int) -> np.ndarray:
    codes = data_codes() * 0.05
    codes[1:] -= 40.0
    return codes


MADE: dict[str, dict[str, Any]] = {
    "too_few": {"steps": 1, "z_e": lambda step: cloud(step, 40)},
    "foreign": {"indices": lambda step: np.random.default_rng(step + 7).integers(0, K, 600)},
    "encoder": {"z_e": direction},
    "identical": {"codes": rounded},
    "narrow": {"codes": lambda step: data_codes() * 0.01 + np.eye(D)[0] * 3},
    "wide": {"codes": lambda step: data_codes() * 30},
    "killed": {"codes": pushed},
}


@pytest.mark.parametrize("cause", MADE)
def test_a_cause_made_on_purpose_is_named_first(tmp_path: Path, cause: str):
    found = diagnose_made(tmp_path, cause)
    assert found.causes, "something is found"
    assert found.causes[0].cause == cause
    assert found.to_json()["causes"][0]["says"]


def diagnose_made(tmp_path: Path, cause: str) -> Diagnosis:
    return record(tmp_path / "mine", **MADE[cause])


def test_a_healthy_record_trips_none(tmp_path: Path):
    found = record(tmp_path / "mine")
    assert (found.verdict, found.causes) == ("healthy", ())
    cosine = data_codes() * np.random.default_rng(3).uniform(0.5, 2, (K, 1))
    unit = cosine / np.linalg.norm(cosine, axis=1, keepdims=True)
    by_angle = record(tmp_path / "cosine", lambda step: cosine, indices=lambda step: (cloud(step) @ unit.T).argmax(1))
    assert "foreign" not in {one.cause for one in by_angle.causes}, "nearest by angle is nearest too"


def test_codes_that_outputs_left_behind(tmp_path: Path):
    def moving(step: int) -> np.ndarray:
        return cloud(step) + np.eye(D)[0] * 0.4 * step

    found = record(tmp_path / "mine", z_e=moving)
    assert "drift" in {one.cause for one in found.causes}
    followed = record(tmp_path / "other", lambda step: data_codes() + np.eye(D)[0] * 0.4 * step, z_e=moving)
    assert "drift" not in {one.cause for one in followed.causes}


def test_half_precision_and_never_born(tmp_path: Path):
    with Recorder(tmp_path / "mine", K) as recorder:
        book = torch.tensor(data_codes()).bfloat16()
        book[16:] += 50
        for step in range(40):
            vectors = torch.tensor(cloud(step)).float()
            recorder.log(step, z_e=vectors, indices=torch.cdist(vectors, book.float()).argmin(1), codebook=book)
    names = [one.cause for one in diagnose(load_record(tmp_path / "mine")).causes]
    assert "half" in names
    assert "never_born" in names
    assert "killed" not in names


def test_ranks_that_differ(tmp_path: Path):
    found = record(tmp_path / "mine", pushed)
    made = found.record
    apart = np.array([[1.0, 10.0], [1.0, 11.0]])
    alike = np.array([[1.0, 10.0], [1.0, 10.0]])
    for ranks, expected in ((apart, True), (alike, False)):
        frames = tuple(replace(frame, ranks=ranks) for frame in made.frames)
        names = [one.cause for one in diagnose(replace(made, frames=frames)).causes]
        assert ("ranks" in names) == expected
        assert names[0] == "ranks" or not expected


def test_levels_are_diagnosed_one_by_one(tmp_path: Path):
    codes = torch.tensor(np.stack([data_codes(), data_codes()]))
    with Recorder(tmp_path / "mine", K) as recorder:
        for step in range(30):
            vectors = torch.tensor(cloud(step))
            first = torch.cdist(vectors, codes[0]).argmin(1)
            recorder.log(step, z_e=vectors, indices=torch.stack([first, torch.zeros_like(first)], 1), codebook=codes)
    found = diagnose(load_record(tmp_path / "mine"))
    assert [one.verdict for one in found.codebooks] == ["healthy", "collapse"]
    assert {one.level for one in found.causes} == {1}


def test_every_cause_has_its_sentences_in_both_languages():
    names = {cause.name for cause in CAUSES}
    for english, chinese in ((CAUSE_SENTENCES, CHINESE_CAUSES), (REMEDIES, CHINESE_REMEDIES)):
        assert english.keys() == chinese.keys() == names
        for name in names:
            assert placeholders(english[name]) == placeholders(chinese[name])


def test_the_command_ends_as_a_report_does(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    record(tmp_path / "sick", MADE["wide"]["codes"])
    record(tmp_path / "well")
    assert cli.main(["diagnose", str(tmp_path / "sick"), "--json"]) == 3
    values = json.loads(capsys.readouterr().out)
    assert (values["kind"], values["verdict"], values["causes"][0]["cause"]) == ("recorded", "collapse", "wide")
    assert {"used", "dead", "perplexity", "distinct", "verdict"} <= values["codebooks"][0].keys()
    assert cli.main(["diagnose", str(tmp_path / "well")]) == 0
    assert "nothing speaks for a fault" in capsys.readouterr().out
    assert cli.main(["diagnose", str(tmp_path / "nowhere")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
