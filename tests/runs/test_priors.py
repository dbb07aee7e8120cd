"""A run's priors: trained, fitted, kept in its folder, resumed, refused when they do not belong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save

from explorer import cli
from explorer.cli import commands
from explorer.cli import prior as prior_commands
from explorer.errors import RunError
from explorer.models.prior import (
    GaussianMixture,
    GaussianTransformer,
    LatentPrior,
    LatentSpace,
    MaskedFlow,
    OwnSpread,
    PositionFrequencies,
    PositionGaussians,
    StandardNormal,
    build_latent_prior,
)
from explorer.reports import prior as prior_reports
from explorer.runs import load_run, save_run, update_run
from explorer.runs.priors import _ladder, fitted, has_prior, ladder, learned_prior, prior_facts
from explorer.streams import stream
from tests.tiny import tiny_set
from tests.tiny_runs import PRIOR, TRAIN, run_with_prior, trained_run


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    for module in (commands, prior_reports):
        monkeypatch.setattr(module, "load_image_set", lambda name: tiny_set())
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("kind", ["pixelcnn", "transformer"])
def test_a_trained_prior_is_the_third_rate(kind: str, capsys: pytest.CaptureFixture[str]):
    plain = trained_run("vqvae")
    assert list(ladder(plain)) == ["uniform"]
    capsys.readouterr()
    assert cli.main(["train-prior", "./vqvae", "--kind", kind, *PRIOR]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [record["step"] for record in records] == list(range(1, 9))
    assert [record["step"] for record in records if "val_bits_per_code" in record] == [4, 8]
    run = load_run(Path("vqvae"))
    assert list(ladder(run)) == ["uniform", "frequencies", "learned"]
    bits = run.report["rates"]
    image_set = tiny_set()
    codes = run.model.encode(image_set.batch(image_set.split("test"))).indices  # type: ignore[union-attr]
    for name, key in {"uniform": "fixed", "frequencies": "simple", "learned": "learned"}.items():
        nats = -ladder(run)[name].log_prob(codes).mean()
        assert bits[key] == pytest.approx(float(nats) / 0.6931471805599453, rel=1e-6)
    assert run.report["elbo_nats"]["learned"] > run.report["elbo_nats"]["fixed"] - 100
    assert {key: run.report[key] for key in ("psnr_db", "codebook")} == {
        key: plain.report[key] for key in ("psnr_db", "codebook")
    }
    assert "rate, learned prior" in (run.folder / "README.md").read_text()
    assert prior_facts(run)["kind"] == kind


@pytest.mark.parametrize("codes", [3, 17])
def test_a_prior_over_levels_is_the_third_rate_of_few_tuples_and_of_many(codes: int, tmp_path: Path):
    """17^3 tuples are more than are counted one by one."""
    words = ["--quantizer", "residual", "--levels", "3", "--num-embeddings", str(codes), "--codebook-init", "normal"]
    assert cli.main(["train", "--model", "vqvae", *words, *TRAIN, "--out", "levels"]) == 0
    assert cli.main(["train-prior", "./levels", *PRIOR]) == 0
    run = load_run(Path("levels"))
    assert prior_facts(run)["kind"] == prior_facts(run)["settings"]["kind"] == "levels"
    image_set = tiny_set()
    codes_of = run.model.encode(image_set.batch(image_set.split("test"))).indices  # type: ignore[union-attr]
    joint = run.model.quantizer.joint(codes_of)  # type: ignore[union-attr,operator]
    rungs = ladder(run)
    for name, key in {"uniform": "fixed", "frequencies": "simple", "learned": "learned"}.items():
        bits = -float(rungs[name].log_prob(joint).mean()) / 0.6931471805599453
        assert run.report["rates"][key] == pytest.approx(bits, rel=1e-6)
    for prior in rungs.values():
        assert torch.equal(prior.sample(2, stream(0, "x")), prior.sample(2, stream(0, "x")))


def test_measuring_again_keeps_the_prior_and_its_rate():
    run_with_prior("vqvae")
    before = load_run(Path("vqvae"))
    assert cli.main(["evaluate", "./vqvae", "--write"]) == 0
    after = load_run(Path("vqvae"))
    assert after.files["prior.safetensors"] == before.files["prior.safetensors"]
    assert after.report == before.report


def test_stopped_and_resumed_it_ends_where_an_uninterrupted_one_ends(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    trained_run("vqvae")
    cli.main(["train-prior", "./vqvae", *PRIOR, "--out", "whole"])

    def interrupted(record, *, as_json):
        if record.step == 5:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(prior_commands, "_show", interrupted)
        assert cli.main(["train-prior", "./vqvae", *PRIOR, "--out", "part"]) == 130
    assert "stopped at step 5" in capsys.readouterr().err
    assert not Path("part").exists()
    assert cli.main(["train-prior", "./vqvae", *PRIOR, "--out", "part"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0])["step"] == 6
    whole, part = load_run(Path("whole")), load_run(Path("part"))
    assert whole.files == part.files
    assert not has_prior(load_run(Path("vqvae")))
    assert sorted(path.name for path in Path().iterdir()) == ["part", "vqvae", "whole"]


def test_what_came_into_the_run_meanwhile_stays(monkeypatch: pytest.MonkeyPatch):
    run = trained_run("vqvae")

    def measured_meanwhile(record, *, as_json):
        if record.step == 3:
            update_run(run, report=run.report | {"by another": 1})

    monkeypatch.setattr(prior_commands, "_show", measured_meanwhile)
    assert cli.main(["train-prior", "./vqvae", *PRIOR]) == 0
    done = load_run(Path("vqvae"))
    assert done.report["by another"] == 1
    assert has_prior(done)
    assert [path.name for path in Path().iterdir()] == ["vqvae"]


def test_a_vae_gets_its_ladder_and_an_ae_its_own_spread():
    vae = run_with_prior("vae")
    of_vae, of_ae = ladder(vae), ladder(run_with_prior("ae"))
    assert list(of_vae) == ["normal", "simple", "learned"]
    assert [type(prior) for prior in of_vae.values()][:2] == [StandardNormal, PositionGaussians]
    assert [type(prior) for prior in of_ae.values()] == [OwnSpread]
    for prior in [*of_vae.values(), *of_ae.values()]:
        assert isinstance(prior, LatentPrior)
        assert prior.sample(3, stream(0, "x")).shape == (3, 2)
    candidates = prior_facts(vae)["candidates_val_bits"]
    assert set(candidates) == {"flow", *(f"{m} Gaussians" for m in (10, 20, 30, 40, 50))}
    chosen = min(candidates, key=candidates.__getitem__)
    learned = of_vae["learned"]
    assert isinstance(learned, MaskedFlow if chosen == "flow" else GaussianMixture)
    if isinstance(learned, GaussianMixture):
        assert f"{len(learned.weights)} Gaussians" == chosen


def test_a_vae_on_a_grid_gets_the_transformer_of_codes_and_goes_on_where_it_was_stopped(
    monkeypatch: pytest.MonkeyPatch,
):
    train = ["train", "--model", "vae", "--spatial", "--width", "8", "--steps", "6", "--batch-size", "10", "--json"]
    assert cli.main([*train, "--out", "grid"]) == 0

    def interrupted(record, *, as_json):
        if record.step == 5:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(prior_commands, "_show", interrupted)
        assert cli.main(["train-prior", "./grid", *PRIOR, "--out", "part"]) == 130
    for out in ("part", "whole"):
        assert cli.main(["train-prior", "./grid", *PRIOR, "--out", out]) == 0
    whole, part = load_run(Path("whole")), load_run(Path("part"))
    assert whole.files == part.files
    facts, rungs = prior_facts(whole), ladder(whole)
    assert facts["kind"] == GaussianTransformer.kind
    assert facts["space"] == {"dim": 2, "height": 2, "width": 2, "num_classes": 3}
    assert len(facts["val_bits_per_code"]) == 3
    assert facts["parameters"] == sum(
        p.numel() for p in build_latent_prior(facts["kind"], LatentSpace(2, 2, 2, 3)).parameters()
    )
    assert [type(prior) for prior in rungs.values()] == [StandardNormal, PositionGaussians, GaussianTransformer]
    assert load_file(whole.folder / "prior.safetensors")["simple/factors"].dtype == torch.float32


@pytest.mark.parametrize("model", ["vae", "vqvae"])
def test_only_the_simple_rung_needs_no_training(model: str):
    trained_run(model)
    assert cli.main(["train-prior", f"./{model}", "--rung", "simple"]) == 0
    assert list(ladder(load_run(Path(model))))[1:] == [{"vae": "simple", "vqvae": "frequencies"}[model]]


def test_a_mixture_of_format_1_is_still_read():
    run = trained_run("vae")
    mixture = GaussianMixture.fit(torch.randn(100, 2, generator=stream(0, "z")))
    facts = json.dumps({"format": 1, "kind": "mixture", "model_sha256": run.weights_sha256}).encode()
    old = update_run(
        run, {"prior.safetensors": save({k: v.contiguous() for k, v in mixture.tensors().items()}), "prior.json": facts}
    )
    assert list(ladder(old)) == ["normal", "mixture"]


def test_a_vqvae_has_its_frequencies_before_anything_is_trained():
    run, image_set = trained_run("vqvae"), tiny_set()
    run = update_run(run, fitted(run, image_set, most=10).contents(run))
    rungs = ladder(run)
    assert list(rungs) == ["uniform", "frequencies"]
    assert learned_prior(run) is None
    counted = rungs["frequencies"]
    assert isinstance(counted, PositionFrequencies)
    assert counted.space.positions * 10 == int(load_file(run.folder / "prior.safetensors")["counts"].sum())
    assert cli.main(["train-prior", "./vqvae", *PRIOR]) == 0
    assert list(ladder(load_run(Path("vqvae")))) == ["uniform", "frequencies", "learned"]


def test_a_prior_of_other_weights_is_refused():
    run = trained_run("vqvae")
    with_prior = run_with_prior("vqvae")
    other = {name: tensor + 1 for name, tensor in run.weights.items()}
    save_run(Path("other"), run.info, other, run.trace, report=run.report)
    moved = {name: with_prior.read(name) for name in ("prior.safetensors", "prior.json")}
    grafted = update_run(load_run(Path("other")), moved)
    with pytest.raises(RunError, match="trained for other weights"):
        ladder(grafted)


@pytest.mark.parametrize("name", ["prior.json", "prior.safetensors"])
def test_a_damaged_prior_is_one_sentence(name: str):
    run_with_prior("vqvae")
    path = Path("vqvae") / name
    path.write_bytes(path.read_bytes()[:-20])
    _ladder.cache_clear()  # a process that has read a prior keeps it; this is a process that has not
    with pytest.raises(RunError, match="damaged"):
        ladder(load_run(Path("vqvae")))


def test_a_prior_that_does_not_fit_its_description_is_refused():
    run_with_prior("vqvae")
    run = load_run(Path("vqvae"))
    facts = json.loads(run.read("prior.json"))
    facts["sizes"]["layers"] = 9
    with pytest.raises(RunError, match="does not fit"):
        learned_prior(update_run(run, {"prior.json": json.dumps(facts).encode()}))


@pytest.mark.parametrize(
    "words, sentence",
    [
        (["./vqvae", "--steps", "0"], "--steps takes a number from 1"),
        (["./vqvae", "--label-dropout", "2"], "--label-dropout takes a number from 0.0 to 1.0"),
        (["no-such-run"], "explorer list"),
    ],
)
def test_bad_input_is_one_sentence(words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]):
    trained_run("vqvae")
    capsys.readouterr()
    assert cli.main(["train-prior", *words]) == 2
    assert sentence in capsys.readouterr().err


def test_the_mixture_is_the_density_that_scikit_learn_fitted():
    from sklearn.mixture import GaussianMixture as Reference

    z = torch.cat(
        [torch.randn(300, 2, generator=stream(0, "a")), 4 + 0.3 * torch.randn(300, 2, generator=stream(0, "b"))]
    )
    mixture = GaussianMixture.fit(z, components=2)
    reference = Reference(2, reg_covar=1e-5, random_state=0).fit(z.numpy())
    assert float(mixture.log_prob(z).mean()) == pytest.approx(reference.score(z.numpy()), abs=1e-3)
    drawn = mixture.sample(6000, stream(1, "samples"))
    assert torch.allclose(drawn.mean(0), z.mean(0), atol=0.15)
    assert torch.allclose(drawn.T.cov(), z.T.cov(), atol=0.3)
    assert torch.equal(drawn[:3], mixture.sample(3, stream(1, "samples")))


def test_own_spread_and_the_standard_normal_are_densities():
    z = torch.randn(500, 3, generator=stream(0, "z")) * torch.tensor([1.0, 2.0, 0.1]) + 5
    own = OwnSpread.fit(z)
    expected = torch.distributions.Normal(z.double().mean(0), z.double().std(0, unbiased=False)).log_prob(z).sum(1)
    assert torch.allclose(own.log_prob(z), expected, atol=1e-4)
    standard = torch.distributions.Normal(0.0, 1.0).log_prob(z).sum(1).double()
    assert torch.allclose(StandardNormal(3).log_prob(z), standard, rtol=1e-5)


def test_frequencies_are_read_back_without_encoding_anything():
    run_with_prior("vqvae")
    frequencies = ladder(load_run(Path("vqvae")))["frequencies"]
    assert isinstance(frequencies, PositionFrequencies)
    assert torch.allclose(frequencies.log_p.exp().sum(-1), torch.ones(2, 2).double())
