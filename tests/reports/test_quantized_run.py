"""A VAE on a grid as a run of codes: the same pictures, the same counters, and one sentence for what cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from explorer import cli
from explorer.cli import commands
from explorer.metrics.gaussian_quantization import nearest_codes, quantized
from explorer.models import VAE, VQVAE
from explorer.reports import prior as prior_reports
from explorer.reports.quantized_run import quantized_config, quantized_model, stratified_codes
from explorer.runs import Run, load_run
from explorer.runs.report_format import check_report
from tests.tiny import tiny_set
from tests.tiny_runs import PRIOR, TRAIN


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    for module in (commands, prior_reports):
        monkeypatch.setattr(module, "load_image_set", lambda name: tiny_set())
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def vae() -> Run:
    assert cli.main(["train", "--model", "vae", "--spatial", "--latent-dim", "2", *TRAIN, "--out", "vae"]) == 0
    return load_run(Path("vae"))


def test_it_decodes_what_the_vae_decodes_from_the_nearest_codes(vae: Run):
    model = quantized_model(vae, quantized_config(vae, 3, 1))
    assert isinstance(model, VQVAE)
    assert isinstance(vae.model, VAE)
    x = tiny_set().batch(torch.arange(5))
    mean = vae.model.encode(x).mean
    codes = model.quantizer.codebook[..., 0].double()  # (channels, K)
    rows = mean.double().movedim(1, -1).reshape(-1, 2)
    found = quantized(nearest_codes(rows, codes), codes).view(5, 2, 2, 2).movedim(-1, 1)
    latent = model.encode(x)
    torch.testing.assert_close(latent.quantized, found.float())
    torch.testing.assert_close(model.decode(latent.indices), vae.model.decode(found.float()))


def test_stratified_codes_are_one_of_each_interval():
    codes = stratified_codes(4, 3, 0)
    shares = torch.special.ndtr(codes) * 16
    assert torch.equal(shares.floor().long().sort(1).values, torch.arange(16).expand(3, -1))
    assert not torch.equal(codes, stratified_codes(4, 3, 1))


def test_the_command_makes_a_run_with_its_draws_that_gets_a_prior(vae: Run, capsys: pytest.CaptureFixture[str]):
    assert cli.main(["quantize", "./vae", "--bits", "3", "--out", "codes"]) == 0
    assert "over 5 codebooks" in capsys.readouterr().out
    run = load_run(Path("codes"))
    check_report(run.report)
    found = run.report["gaussian_quantization"]
    assert [found["run"], found["bits"], found["draws"], found["codes"]] == [vae.id, 3, 5, "random"]
    assert found["psnr_db"]["low"] <= run.report["psnr_db"] <= found["psnr_db"]["high"]
    assert found["simple_bits"]["low"] - 1e-9 <= run.report["rates"]["simple"] <= found["simple_bits"]["high"] + 1e-9
    assert found["dead"]["low"] <= run.report["codebook"]["dead"] <= found["dead"]["high"]
    assert found["missed"]["low"] <= found["bound"] + 0.2
    assert vae.id in (run.folder / "README.md").read_text()
    assert "decay" not in (run.folder / "README.md").read_text()
    assert cli.main(["train-prior", "./codes", *PRIOR]) == 0
    assert load_run(Path("codes")).report["rates"]["learned"] > 0
    assert load_run(Path("codes")).report["gaussian_quantization"] == found
    assert cli.main(["quantize", "./vae", "--bits", "3", "--out", "codes"]) == 2
    assert cli.main(["quantize", "./vae", "--bits", "13"]) == 2
    assert "--bits takes 1 to 12" in capsys.readouterr().err


def test_only_a_grid_becomes_a_grid_of_codes(capsys: pytest.CaptureFixture[str]):
    assert cli.main(["train", "--model", "vae", *TRAIN, "--out", "plain"]) == 0
    assert cli.main(["quantize", "./plain"]) == 2
    assert "--spatial" in capsys.readouterr().err
