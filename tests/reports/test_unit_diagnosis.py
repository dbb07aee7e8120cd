"""A VAE's loss that is averaged where it must be summed is named with its factor; one that is not trips nothing."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from explorer import cli
from explorer.errors import RecordError
from explorer.recorder import RecorderWarning
from explorer.recording.units import UnitRecorder
from explorer.reports.diagnosis.units import UnitDiagnosis, diagnose_units
from explorer.runs.recorded import load_record
from explorer.runs.recorded_units import is_unit_record, load_unit_record

BATCH, SIDE, UNITS = 12, 8, 4
VALUES = SIDE * SIDE
STEPS = 60


def summed_kl(mean: Tensor, logvar: Tensor) -> Tensor:
    return 0.5 * (mean.square() + logvar.exp() - 1 - logvar).sum(1).mean()


def pictures(step: int) -> Tensor:
    """Blobs at random places: something to say about each."""
    generator = torch.Generator().manual_seed(step)
    place = torch.rand(BATCH, 2, generator=generator) * SIDE
    rows = torch.arange(SIDE)
    far = (rows[None, :, None] - place[:, :1, None]) ** 2 + (rows[None, None, :] - place[:, 1:, None]) ** 2
    return torch.exp(-far / 4)[:, None]


#: name -> (error, KL, what the KL is multiplied with).
LOSSES: dict[str, tuple[Any, Any, float]] = {
    "mean beside a sum": (lambda x, y: functional.mse_loss(y, x), summed_kl, 1.0),
    "mean entropy beside a sum": (lambda x, y: functional.binary_cross_entropy(y, x), summed_kl, 1.0),
    "mean of absolute values": (lambda x, y: functional.l1_loss(y, x), summed_kl, 1.0),
    "mean beside a mean": (
        lambda x, y: functional.mse_loss(y, x),
        lambda m, v: 0.5 * (m.square() + v.exp() - 1 - v).mean(),
        1.0,
    ),
    "sum over values": (lambda x, y: functional.mse_loss(y, x, reduction="sum") / len(x), summed_kl, 1.0),
    "half of it": (lambda x, y: functional.mse_loss(y, x, reduction="sum") / len(x) / 2, summed_kl, 1.0),
    "sum over everything": (
        lambda x, y: functional.binary_cross_entropy(y, x, reduction="sum"),
        lambda m, v: len(m) * summed_kl(m, v),
        1.0,
    ),
    "a beta of four": (lambda x, y: functional.mse_loss(y, x, reduction="sum") / len(x), summed_kl, 4.0),
    "a mean made good": (lambda x, y: functional.mse_loss(y, x), summed_kl, 1 / VALUES),
}
FACTORS = dict.fromkeys(list(LOSSES)[:3], VALUES) | {"mean beside a mean": VALUES / UNITS}


def trained(folder: Path, name: str) -> UnitDiagnosis:
    """A little VAE, trained with one of the losses and recorded."""
    error, kl_of, weight = LOSSES[name]
    torch.manual_seed(0)
    encoder = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(VALUES, 2 * UNITS))
    decoder = torch.nn.Sequential(
        torch.nn.Linear(UNITS, VALUES), torch.nn.Sigmoid(), torch.nn.Unflatten(1, (1, SIDE, SIDE))
    )
    adam = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=2e-2)
    with UnitRecorder(folder) as recorder:
        for step in range(STEPS):
            x = pictures(step)
            mean, logvar = encoder(x).chunk(2, dim=1)
            y = decoder(mean + (0.5 * logvar).exp() * torch.randn_like(mean))
            terms = {"reconstruction": error(x, y), "kl": kl_of(mean, logvar)}
            recorder.log(step, mean=mean, logvar=logvar, images=(x, y), losses=terms)
            adam.zero_grad()
            (terms["reconstruction"] + weight * terms["kl"]).backward()
            adam.step()
    return diagnose_units(load_unit_record(folder))


@pytest.mark.parametrize("name", LOSSES)
def test_a_mean_beside_a_sum_is_named_with_its_factor_and_nothing_else_is(tmp_path: Path, name: str) -> None:
    found = trained(tmp_path / "vae", name)
    causes = found.to_json()["causes"]
    assert [one["cause"] for one in causes] == ["averaged"] * (name in FACTORS)
    if name in FACTORS:
        assert causes[0]["evidence"] == pytest.approx(FACTORS[name], rel=0.01)
        assert f"{FACTORS[name]:.0f} times" in causes[0]["says"]
        assert str(VALUES) in causes[0]["try"]
    json.dumps(found.to_json(), allow_nan=False)


def test_what_it_silences_is_counted_and_what_is_summed_speaks(tmp_path: Path) -> None:
    fault, sum_of_both = trained(tmp_path / "a", "mean beside a sum"), trained(tmp_path / "b", "sum over values")
    assert fault.silent > sum_of_both.silent
    assert fault.record.kl_units.shape == (len(fault.record.steps), UNITS)
    assert np.all(fault.record.kl_units >= 0)


def test_the_records_kl_is_the_closed_form_and_weights_are_the_losses_own(tmp_path: Path) -> None:
    record = trained(tmp_path / "vae", "a beta of four").record
    kl = record.curves["kl"][np.isfinite(record.curves["kl"])]
    assert np.allclose(record.kl_units.sum(1), kl, rtol=1e-4)
    weights = record.curves["recorder/weight/kl"]
    assert np.allclose(weights[np.isfinite(weights)], 4)


def test_plain_numbers_and_missing_pictures_leave_it_open(tmp_path: Path) -> None:
    with UnitRecorder(tmp_path / "vae") as recorder:
        for step in range(3):
            recorder.log(
                step, mean=torch.ones(5, 2), logvar=torch.zeros(5, 2), losses={"reconstruction": 0.1, "kl": 1.0}
            )
    found = diagnose_units(load_unit_record(tmp_path / "vae"))
    assert found.averaged is None
    assert found.silent == 0
    assert found.verdict == "healthy"


def test_a_grid_counts_its_channels_and_a_fault_is_one_warning(tmp_path: Path) -> None:
    with UnitRecorder(tmp_path / "vae") as recorder:
        recorder.log(0, mean=torch.ones(5, 3, 2, 2), logvar=torch.zeros(5, 3, 2, 2))
        with pytest.warns(RecorderWarning):
            recorder.log(1, mean=torch.ones(5, 3), logvar=torch.zeros(4, 3, 2, 2))
        recorder.log(2, mean=torch.ones(5, 3), logvar=torch.zeros(4, 3, 2, 2))  # warnings are errors here
    record = load_unit_record(tmp_path / "vae")
    assert record.kl_units.tolist() == [[2.0] * 3]  # ½ of each of four positions
    assert record.notes


def test_the_command_says_it_and_the_other_reader_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "vae"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        trained(folder, "mean beside a sum")
    out = tmp_path / "said.html"
    assert is_unit_record(folder)
    assert not is_unit_record(tmp_path)
    code = cli.main(["diagnose", str(folder), "--out", str(out)])
    said = capsys.readouterr().out
    assert "averaged where it must be summed" in said
    assert "as if β were 64" in out.read_text(encoding="utf-8")
    assert code == (3 if "collapse" in said else 0)
    assert cli.main(["diagnose", str(folder), "--json"]) == code
    assert json.loads(capsys.readouterr().out)["kind"] == "recorded-units"
    with pytest.raises(RecordError):
        load_record(folder)
    (folder / "run.json").write_text('{"format": 99, "kind": "recorded-units", "units": 4, "values": 64}')
    with pytest.raises(RecordError, match="update the explorer"):
        load_unit_record(folder)
