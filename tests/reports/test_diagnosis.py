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
from explorer.collapse.sketch import WORDS
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


def record(
    folder: Path,
    codes: Any = None,
    z_e: Any = cloud,
    steps: int = 40,
    indices: Any = None,
    settings: dict[str, float | str] | None = None,
    **more: Any,
) -> Diagnosis:
    """A training whose codebook and outputs at a step are given; indices are the nearest unless they are given too.

    `more` are further arguments of `log`, as functions of the step.
    """
    codes = codes or (lambda step: data_codes())
    with Recorder(folder, K, settings=settings) as recorder:
        for step in range(steps):
            book, vectors = codes(step), z_e(step)
            chosen = ((vectors[:, None] - book) ** 2).sum(2).argmin(1) if indices is None else indices(step)
            extra = {name: make(step) for name, make in more.items()}
            recorder.log(
                step, z_e=torch.tensor(vectors), indices=torch.tensor(chosen), codebook=torch.tensor(book), **extra
            )
    return diagnose(load_record(folder))


def names(found: Diagnosis) -> list[str]:
    return [one.cause for one in found.causes]


def trained(folder: Path, commitment: float, codebook: float, reduction: str = "mean") -> Diagnosis:
    """A training with a backward pass, its terms weighed so; the commitment term is a mean, or a sum."""
    parameter = torch.nn.Parameter(torch.tensor(data_codes()).float())
    with Recorder(folder, K) as recorder:
        for step in range(40):
            z_e = torch.tensor(cloud(step)).float().requires_grad_()
            indices = torch.cdist(z_e, parameter).argmin(1)
            chosen = parameter[indices]
            quantized = z_e + (chosen - z_e).detach()
            recorder.log(step, z_e=z_e, indices=indices, codebook=parameter, quantized=quantized)
            loss = (quantized - torch.tensor(cloud(step + 1)).float()).square().mean()
            loss = loss + codebook * torch.nn.functional.mse_loss(chosen, z_e.detach())
            loss = loss + commitment * torch.nn.functional.mse_loss(z_e, chosen.detach(), reduction=reduction)
            loss.backward()
            parameter.grad = None
    return diagnose(load_record(folder))


def pushed(step: int) -> np.ndarray:
    """Codes that are alive at first, most of which go far away after step 5."""
    codes = data_codes()
    codes[22:] += 100 if step > 5 else 0
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


def test_a_commitment_term_that_is_a_sum_beside_means(tmp_path: Path):
    found = trained(tmp_path / "sum", 0.25, 1.0, "sum")
    assert names(found)[0] == "loss_scale"
    assert found.causes[0].numbers["number"] == pytest.approx(0.25 * 600 * D, rel=1e-3)
    assert "loss_scale" not in names(trained(tmp_path / "mean", 0.25, 1.0))

    def logged(scale: float) -> Any:
        return lambda step: {"commitment": scale * ((cloud(step) - nearest_of(step)) ** 2).mean()}

    by_value = record(tmp_path / "values", losses=logged(600.0 * D))
    assert names(by_value) == ["loss_scale"]
    assert by_value.causes[0].confidence == "likely", "no gradient was seen"
    assert record(tmp_path / "plain", losses=logged(1.0)).causes == ()


def nearest_of(step: int) -> np.ndarray:
    codes, vectors = data_codes(), cloud(step)
    return codes[((vectors[:, None] - codes) ** 2).sum(2).argmin(1)]


def test_a_weight_on_the_wrong_side(tmp_path: Path):
    found = trained(tmp_path / "wrong", 1.0, 0.25)
    assert names(found) == ["commitment"]
    assert found.causes[0].numbers["number"] == pytest.approx(4, rel=1e-3)
    assert names(trained(tmp_path / "right", 0.25, 1.0)) == []
    assert names(trained(tmp_path / "nothing", 1e-4, 1.0)) == ["commitment"]
    logged = record(tmp_path / "logged", losses=lambda step: {"commitment": 1.0, "codebook": 0.25})
    assert names(logged) == ["commitment"]
    assert names(record(tmp_path / "unweighed", losses=lambda step: {"commitment": 1.0, "codebook": 1.0})) == []


def test_restarts_below_more_hits_than_there_are(tmp_path: Path):
    even = 600 / K
    found = record(tmp_path / "impossible", settings={"restart_below": 2 * even})
    assert names(found)[0] == "restart"
    assert found.causes[0].confidence == "clear"
    assert "restart" not in names(record(tmp_path / "possible", settings={"restart_below": even / 10}))

    def anew(step: int) -> np.ndarray:
        return cloud(1000 + step)[:K]

    seen = record(tmp_path / "seen", anew)
    assert names(seen)[0] == "restart", "without a setting the jumps tell"


def test_restarts_that_wait_longer_than_the_training(tmp_path: Path):
    late: dict[str, float | str] = {"restart_vectors_per_code": 1000, "restart_steps": 20}
    found = record(tmp_path / "late", MADE["wide"]["codes"], settings=late)
    assert "restart_late" in names(found)
    assert next(one for one in found.causes if one.cause == "restart_late").numbers["number"] == pytest.approx(
        1000 * K / 600
    )
    soon: dict[str, float | str] = {"restart_vectors_per_code": 100, "restart_steps": 20}
    assert "restart_late" not in names(record(tmp_path / "soon", MADE["wide"]["codes"], settings=soon))


def test_codes_that_are_placed_and_carried_away(tmp_path: Path):
    def lost(step: int) -> np.ndarray:
        codes = data_codes()
        codes[22:] += 100
        return codes

    def hit_in_between(step: int) -> np.ndarray:
        chosen = ((cloud(step)[:, None] - lost(step)) ** 2).sum(2).argmin(1)
        chosen[:10] = np.arange(22, 32)
        return np.asarray(chosen)

    found = record(tmp_path / "carried", lost, indices=hit_in_between)
    assert names(found)[0] == "carried"
    assert "carried" not in names(record(tmp_path / "lost", lost)), "far codes that nothing hits are just dead"


def test_a_class_whose_vectors_are_all_alike(tmp_path: Path):
    def labels(step: int) -> torch.Tensor:
        return torch.arange(600) % 4

    def alike(step: int) -> np.ndarray:
        vectors = cloud(step)
        vectors[np.arange(600) % 4 == 2] = cloud(0)[2]
        return vectors

    found = record(tmp_path / "one", z_e=alike, labels=labels)
    assert names(found) == ["class"]
    assert (found.verdict, found.causes[0].numbers["other"]) == ("healthy", 2)
    assert names(record(tmp_path / "all", labels=labels)) == []


def test_every_cause_that_is_found_shows_its_evidence(tmp_path: Path):
    for cause, changes in MADE.items():
        for found in record(tmp_path / cause, **changes).causes:
            assert found.sketch is not None, found.cause
            assert {found.sketch.x, found.sketch.y, *(one.name for one in found.sketch.series)} <= WORDS.keys()
            assert any(one.x for one in found.sketch.series), found.cause


def test_half_precision_and_never_born(tmp_path: Path):
    with Recorder(tmp_path / "mine", K) as recorder:
        book = torch.tensor(data_codes()).bfloat16()
        book[16:] += 50
        for step in range(40):
            vectors = torch.tensor(cloud(step)).float()
            recorder.log(step, z_e=vectors, indices=torch.cdist(vectors, book.float()).argmin(1), codebook=book)
    found = names(diagnose(load_record(tmp_path / "mine")))
    assert "half" in found
    assert "never_born" in found
    assert "killed" not in found


def test_ranks_that_differ(tmp_path: Path):
    found = record(tmp_path / "mine", pushed)
    made = found.record
    apart = np.array([[1.0, 10.0], [1.0, 11.0]])
    alike = np.array([[1.0, 10.0], [1.0, 10.0]])
    for ranks, expected in ((apart, True), (alike, False)):
        frames = tuple(replace(frame, ranks=ranks) for frame in made.frames)
        said = names(diagnose(replace(made, frames=frames)))
        assert ("ranks" in said) == expected
        assert said[0] == "ranks" or not expected


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
    known = {cause.name for cause in CAUSES}
    for english, chinese in ((CAUSE_SENTENCES, CHINESE_CAUSES), (REMEDIES, CHINESE_REMEDIES)):
        assert english.keys() == chinese.keys() == known
        for name in known:
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
