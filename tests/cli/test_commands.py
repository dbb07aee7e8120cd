"""The command line, called as a function: what it prints, writes and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from explorer import cli
from explorer.cli import card, commands, compare
from explorer.cli import data as data_commands
from explorer.data import describe_set
from explorer.errors import DataError
from explorer.latent import encode_images
from explorer.latent.projection import pca_map
from explorer.reports.decoded import decode_and_compare
from explorer.reports.evaluation import evaluate, likelihood_variance
from explorer.runs import load_run
from explorer.runs.reading import forget_runs
from explorer.training.loop import Trainer
from tests.drawn import drawing, encoded, folder_of
from tests.tiny import tiny_config, tiny_set

TINY = ["--model", "vqvae", "--num-embeddings", "8", "--width", "8", "--steps", "6", "--batch-size", "10"]


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    for module in (commands, card, compare):
        monkeypatch.setattr(module, "load_image_set", lambda name: tiny_set())
    monkeypatch.chdir(tmp_path)


def test_train_prints_a_record_per_step_and_saves(capsys: pytest.CaptureFixture[str]):
    assert cli.main(["train", *TINY, "--json"]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [record["step"] for record in records] == [1, 2, 3, 4, 5, 6]
    assert {"mse", "commitment", "loss", "used", "perplexity", "images_per_second"} <= set(records[-1])
    run = load_run(Path("runs/fashion-vqvae-d2-k8-ema-s0"))
    assert run.info.finished
    assert run.family == "fashion-d2-s0"


LEVELS = ["--quantizer", "residual", "--levels", "3"]


@pytest.mark.parametrize("more, name", [
    (LEVELS, "fashion-vqvae-d2-k8-residual3-ema-s0"),
    ([*LEVELS, "--shared-codebook", "--quantize-dropout", "1"], "fashion-vqvae-d2-k8-residual3-shared-drop1-ema-s0"),
    ([*LEVELS, "--level-quantizer", "simvq", "--codebook-update", "gradient", "--codebook-init", "normal"],
     "fashion-vqvae-d2-k8-residual3-gradient-normal-simvq-s0"),
    (["--quantizer", "grouped", "--groups", "2"], "fashion-vqvae-d2-k8-grouped2-ema-s0"),
])  # fmt: skip
def test_codes_in_levels_are_trained_measured_and_named(more: list[str], name: str, capsys: pytest.CaptureFixture[str]):
    assert cli.main(["train", *TINY, *more, "--json"]) == 0
    capsys.readouterr()
    assert cli.main(["evaluate", name, "--json", "--write"]) == 0
    found = json.loads(capsys.readouterr().out)
    run = load_run(name)
    levels = run.config.num_levels or 0
    assert len(found["levels"]) == levels
    assert found["codebook"]["used"] == sum(level["used"] for level in found["levels"])
    assert found["codebook"]["used"] + found["codebook"]["dead"] == 8 * levels
    assert found["rates"]["fixed"] == pytest.approx(4 * 3 * levels)
    assert 1 <= found["tuples"]["distinct"] <= 30 * 4
    if run.config.quantizer == "residual":
        assert found["levels"][-1]["psnr_db"] == pytest.approx(found["psnr_db"], abs=1e-6)
        adds = [level["adds_db"] for level in found["levels"][1:]]
        assert found["levels"][0]["psnr_db"] + sum(adds) == pytest.approx(found["psnr_db"], abs=1e-6)
    card_text = (run.folder / "README.md").read_text()
    assert f"| codebook {levels} |" in card_text
    assert "| shared_codebook |" in card_text


def test_list_and_evaluate_agree_with_the_saved_report(capsys: pytest.CaptureFixture[str]):
    cli.main(["train", *TINY, "--json"])
    capsys.readouterr()
    assert cli.main(["list", "--json"]) == 0
    listed = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert listed["fashion-vqvae-d2-k8-ema-s0"]["config"]["num_embeddings"] == 8
    assert cli.main(["evaluate", "fashion-vqvae-d2-k8-ema-s0", "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    saved = load_run("fashion-vqvae-d2-k8-ema-s0").report
    assert {key: values[key] for key in saved} == saved
    assert values["seed"] == 0


def test_evaluate_write_refreshes_the_report():
    cli.main(["train", *TINY, "--json", "--out", "x"])
    (Path("x") / "README.md").unlink()
    assert cli.main(["evaluate", "./x", "--write"]) == 0
    assert (Path("x") / "README.md").exists()
    assert load_run(Path("x")).trace.frames["val_mse"].shape == (7,)


def test_cards_are_written_anew_from_what_was_measured(capsys: pytest.CaptureFixture[str]):
    cli.main(["train", *TINY, "--json", "--out", "x"])
    files = {path.name: path.read_bytes() for path in Path("x").iterdir()}
    (Path("x") / "README.md").write_text("old")
    capsys.readouterr()
    assert cli.main(["card", "./x"]) == 0
    assert cli.main(["card", "./x"]) == 0
    assert capsys.readouterr().out.splitlines() == ["./x: written", "./x: as it was"]
    assert {path.name: path.read_bytes() for path in Path("x").iterdir()} == files


def test_a_run_without_a_card_keeps_none_of_the_others_from_theirs(capsys: pytest.CaptureFixture[str]):
    cli.main(["train", *TINY, "--json", "--out", "x"])
    (Path("x") / "README.md").unlink()
    assert cli.main(["card", "./missing", "./x"]) == 2
    assert (Path("x") / "README.md").exists()
    assert "missing" in capsys.readouterr().err


def test_a_map_is_kept_with_its_run_and_survives_another_evaluation(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(commands, "umap_of", lambda shown, on_epoch: pca_map(shown.vectors, shown.codebook))
    cli.main(["train", *TINY, "--embedding-dim", "3", "--json", "--out", "x"])
    assert load_run(Path("x")).latent_map is None
    assert cli.main(["map", "./x", "--write"]) == 0
    assert cli.main(["evaluate", "./x", "--write"]) == 0
    run = load_run(Path("x"))
    assert run.latent_map is not None
    assert run.latent_map.places.shape == (30 * 4, 2)
    assert run.latent_map.code_places.shape == (8, 2)
    assert run.report["n"] == 30
    (Path("x") / "map.npz").write_bytes(b"not a map")
    forget_runs()
    capsys.readouterr()
    assert cli.main(["evaluate", "./x", "--write"]) == 2
    assert "map.npz is damaged" in capsys.readouterr().err


def test_a_flat_latent_needs_no_map(capsys: pytest.CaptureFixture[str]):
    cli.main(["train", *TINY, "--json", "--out", "x"])
    assert cli.main(["map", "./x", "--write"]) == 2
    assert "nothing to map" in capsys.readouterr().err


def test_a_report_and_its_card_say_whether_the_run_had_come_to_rest():
    cli.main(["train", *TINY, "--json", "--out", "x"])
    run = load_run(Path("x"))
    rest, mse = run.report["last_fifth"], run.trace.frames["val_mse"].astype(float)
    at_end = [*mse[5:], 0.2 * mse[4] + 0.8 * mse[5]]  # frames 0 to 6; four fifths of six steps are 4.8
    assert rest["from_step"] == 5
    assert rest["val_mse_change"] == pytest.approx(max(abs(v / mse[6] - 1) for v in at_end))
    assert f"moved by {rest['val_mse_change']:.2%}" in (Path("x") / "README.md").read_text()


def test_ctrl_c_keeps_the_run_and_resume_ends_where_an_uninterrupted_run_ends(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    cli.main(["train", *TINY, "--json", "--out", "whole"])

    def interrupted(records, *, as_json):
        for record in records:
            if record.step == 4:
                raise KeyboardInterrupt
            yield record

    with monkeypatch.context() as patch:
        patch.setattr(commands, "_shown", interrupted)
        assert cli.main(["train", *TINY, "--out", "part"]) == 130
    assert "--resume part" in capsys.readouterr().err
    assert not load_run(Path("part")).info.finished
    assert cli.main(["evaluate", "./part"]) == 2
    assert "train --resume" in capsys.readouterr().err
    assert cli.main(["train", "--resume", "part", "--json"]) == 0
    whole, part = load_run(Path("whole")), load_run(Path("part"))
    assert whole.weights_sha256 == part.weights_sha256
    assert whole.report == part.report
    assert cli.main(["train", "--resume", "part"]) == 2
    assert "nothing to resume" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words, sentence",
    [
        (["train", "--steps", "0"], "--steps takes a number from 1"),
        (["train", "--batch-size", "5000"], "more than the 80 training images"),
        (["train", "--model", "vqvae", "--codebook-lr", "0.1"], "--codebook-lr moves a gradient codebook only"),
        (["train", "--id", "My Run"], "'My Run' cannot be the id of a run, up to 100 small letters, digits, dots and"),
        (["train", "--id", "../elsewhere"], "take --id elsewhere"),
        (["train", "--id", "Ω"], "take --id my-run"),
        (["train", "--id", "x" * 101], "take --id xxx"),
        (["train", "--resume", "nowhere"], "there is no run nowhere"),
        (["evaluate", "no-such-run"], "python -m explorer list"),
    ],
)
def test_bad_input_is_one_sentence(words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]):
    assert cli.main(words) == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert error.count("\n") == 1


def test_a_run_is_never_overwritten_by_accident(capsys: pytest.CaptureFixture[str]):
    cli.main(["train", *TINY, "--json", "--out", "x"])
    assert cli.main(["train", *TINY, "--json", "--out", "x"]) == 2
    assert "holds a run already" in capsys.readouterr().err


def test_every_setting_has_a_flag_with_help(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        cli.main(["train", "--help"])
    text = capsys.readouterr().out
    for name in tiny_config().to_dict():
        assert f"--{name.replace('_', '-')}" in text


def test_the_likelihood_is_fixed_on_training_images_with_z_drawn():
    trainer = Trainer(tiny_config(model="vae", steps=3), tiny_set())
    list(trainer.run())
    model, image_set = trainer.model.eval(), tiny_set()
    images = image_set.images[image_set.split("train")]
    encoded = encode_images(model, images)
    drawn = decode_and_compare(model, images, encoded, sample=True).squared_error.mean() / 64
    mean = decode_and_compare(model, images, encoded, sample=False).squared_error.mean() / 64
    s2 = likelihood_variance(model, image_set)
    assert s2 == pytest.approx(float(drawn))
    assert s2 != pytest.approx(float(mean))
    report = evaluate(model, image_set, s2)
    assert report["elbo_nats"]["fixed"] == pytest.approx(-report["nll_nats"] - report["kl_nats"])


def test_compare_pairs_the_images_of_two_runs(capsys: pytest.CaptureFixture[str]):
    for seed in ("0", "1"):
        cli.main(["train", *TINY, "--json", "--seed", seed, "--out", f"run{seed}"])
    capsys.readouterr()
    assert cli.main(["compare", "./run0", "./run1", "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    gap = values["measures"]["psnr_db"]["difference"]
    assert gap["low"] <= gap["mean"] <= gap["high"]
    assert gap["n"] == len(tiny_set().split("test"))
    one, other = values["measures"]["psnr_db"]["mean"]
    assert gap["mean"] == pytest.approx(other - one, abs=1e-6)
    assert cli.main(["compare", "./run0", "./run0"]) == 0
    assert "+0.000 [+0.000, +0.000]" in capsys.readouterr().out


def test_compare_shows_every_seed_of_both_sides(capsys: pytest.CaptureFixture[str]):
    for seed in ("0", "1"):
        cli.main(["train", *TINY, "--json", "--seed", seed])
        cli.main(["train", *TINY, "--model", "vae", "--spatial", "--json", "--seed", seed, "--trace", "scalars"])
    capsys.readouterr()
    pair = ["fashion-vae-z2-spatial-s0", "fashion-vqvae-d2-k8-ema-s0"]
    assert cli.main(["compare", *pair, "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert values["scope"].startswith("2 and 2 training runs")
    assert [[each["seed"] for each in side] for side in values["by_seed"]["runs"]] == [[0, 1], [0, 1]]
    first, second = values["by_seed"]["differences"]
    assert first["measures"]["psnr_db"] == values["measures"]["psnr_db"]["difference"]
    assert second["runs"] == [name.replace("s0", "s1") for name in pair]
    assert values["matched"]["standing"] in ("lower", "unknown")  # these hardly trained ones may cost nothing
    assert values["matched"]["unlearned"] == pair
    assert [list(rates) for rates in values["rates"]] == [["fixed", "simple"]] * 2
    assert cli.main(["compare", *pair]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines if line.startswith("seed")] == ["seed 0", "seed 1"]
    assert lines[1].startswith("rate on the simple rung: ")


def test_a_folder_is_read_again_and_a_clash_is_asked_about(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)

    def chosen(data: str, *words: str) -> str:
        return data_commands.set_name(data, cli.parser().parse_args(["train", "--data", data, *words]))

    folder_of(tmp_path / "holiday", 24)
    assert [chosen("holiday"), chosen("holiday")] == ["holiday", "holiday"], "the same pictures are the same set"
    (tmp_path / "holiday" / "bars" / "000.png").write_bytes(encoded(drawing(99)))
    assert chosen("holiday") == "holiday-2", "and not last week's"
    assert describe_set(chosen("./holiday", "--image-size", "64")).shape == (3, 64, 64)  # type: ignore[union-attr]
    folder_of(tmp_path / "emoji", 24)
    for name in ("emoji", "elsewhere"):
        if name == "elsewhere":
            assert cli.main(["data", "add", str(tmp_path / "holiday"), "--name", name]) == 0
            folder_of(tmp_path / name, 30)
        with pytest.raises(DataError, match=f"{name} is an image set and a folder or zip here too: write ./{name}"):
            chosen(name)
        assert chosen(f"set:{name}") == name
        assert chosen(f"./{name}").startswith(f"{name}-")
    with pytest.raises(DataError, match=r"there is no folder or zip file gone\.zip"):
        chosen("gone.zip")


def test_one_of_several_processes_speaks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    asked = ["train", "--resume", str(tmp_path / "nowhere")]
    assert cli.main(asked) == 2
    assert "there is no run" in capsys.readouterr().err
    monkeypatch.setattr(data_commands, "this_rank", lambda: 1)
    for name in ("RANK", "LOCAL_RANK"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "cache"))
    assert cli.main(asked) == 2
    few = folder_of(tmp_path / "few", 3)
    (few / "note.txt").write_text("text")
    assert cli.main(["train", "--data", str(few)]) == 2
    assert cli.main(["data", "add", str(folder_of(tmp_path / "pets", 24)), "--size", "28"]) == 0
    assert capsys.readouterr().err == ""
