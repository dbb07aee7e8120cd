"""Runs trained on a reader's own pictures, large in colour and small in grey: every tab shows them like any other."""

from __future__ import annotations

import base64
import json
import shutil
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch

import explorer.runs.shelf
from explorer import cli
from explorer.cli import commands
from explorer.data import PUBLISHED, load_image_set
from explorer.data.stored import remove_stored
from explorer.errors import RunError
from explorer.ui import questions
from explorer.ui.computed import catalog
from explorer.ui.media import media
from explorer.ui.scene import scene
from explorer.ui.scene.bar import set_label
from explorer.ui.text import class_name
from explorer.ui.view import LANGUAGES, TABS, View, default_view, from_query
from tests.drawn import folder_of

KINDS = {"large": ["--image-size", "64"], "small": ["--image-size", "28", "--grey"]}
SHAPES = {"large": (3, 64, 64), "small": (1, 28, 28)}
TRAIN = ["--width", "8", "--steps", "3", "--batch-size", "10", "--json"]
MODELS = {"vae": [], "vqvae": ["--num-embeddings", "8", "--codebook-init", "data"], "ae": []}


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """The cache folder and the runs of both sets, trained from the folders by the command line."""
    root = tmp_path_factory.mktemp("own")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_CACHE", str(root / "cache"))
        patch.chdir(root)
        for name, flags in KINDS.items():
            folder_of(root / name, 60, classes=("bars", "discs", "猫"))
            for model, settings in MODELS.items():
                if (name, model) == ("large", "ae"):
                    continue  # a set without one kind of run
                assert cli.main(["train", "--data", f"./{name}", *flags, "--model", model, *settings, *TRAIN]) == 0
    return root


@pytest.fixture(autouse=True)
def only_these(trained, runs, monkeypatch):
    monkeypatch.setenv("EXPLORER_CACHE", str(trained / "cache"))
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", trained / "runs")


def view_of(name, **changes):
    return replace(default_view(name), **changes)


def addresses(value):
    """Every address in a scene."""
    if isinstance(value, dict):
        return [found for item in value.values() for found in addresses(item)]
    if isinstance(value, list | tuple):
        return [found for item in value for found in addresses(item)]
    return [value] if isinstance(value, str) and value.startswith(media.PREFIX) else []


@pytest.mark.parametrize("name", list(KINDS))
def test_the_set_is_listed_by_its_title_beside_the_bundled_ones(name):
    assert catalog.image_sets() == ("faces", "fashion", "emoji", "large", "small")
    bar = scene(view_of(name)).bar
    assert [(option.id, option.label) for option in bar.sets][-2:] == [("large", "large"), ("small", "small")]
    assert [group.kind for group in bar.runs] == (["vae", "vqvae"] if name == "large" else ["vae", "ae", "vqvae"])
    view, notes = from_query({"v": "2", "data": name})
    assert (view, notes) == (view_of(name), ())
    assert (view.left, view.right) == (f"{name}-vae-z2-s0", f"{name}-vqvae-d2-k8-ema-data-s0")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("name", list(KINDS))
def test_every_tab_has_a_scene_and_everything_it_names(name, tab, lang):
    shown = scene(view_of(name, tab=tab, lang=lang))
    assert shown.classes == ("bars", "discs", "猫")
    assert shown.notes == ()
    assert {thumb.id for thumb in shown.strip.images} == set(range(12))
    found = addresses(asdict(shown))
    assert found
    for address in found:
        kind, key, file = address.removeprefix(media.PREFIX + "/").split("/")
        content, _ = media.content(kind, key, file)
        assert content


def test_captions_are_the_names_of_the_files():
    images = load_image_set("small")
    shown = scene(view_of("small"))
    assert shown.strip.selected.name == images.captions[int(images.split("test")[0])]
    assert shown.strip.selected.name.isdigit()
    assert scene(view_of("small", lang="zh")).strip.selected.name in ("bars", "discs", "猫")


@pytest.mark.parametrize("name", list(KINDS))
def test_questions_are_answered(name):
    vae, vqvae, ae = (f"{name}-{run}" for run in ("vae-z2-s0", "vqvae-d2-k8-ema-data-s0", "ae-z2-s0"))
    channels, height, width = SHAPES[name]
    decoded = questions.answer("decode", {"run": vae, "z": [0.5, -0.5]})
    assert len(base64.b64decode(decoded["pixels"])) == channels * height * width
    codes = questions.answer("decode", {"run": vqvae, "indices": [1] * (height // 4) ** 2})
    assert (codes["width"], codes["channels"]) == (width, channels)
    asked = {"data": name, "image": 0, "image_b": 1, "vae": vae, "vqvae": vqvae}
    between = questions.answer("between", asked)
    assert set(between["rows"]) == {"fade", "vae", "vqvae"}
    assert between["rows"]["vae"]["figures"] == {"ratio": "–", "largest": "–", "middle": "–"}
    assert "only the bundled image sets" in between["answer"]
    for question in ("nearest", "roughness") if name == "small" else ("nearest",):
        answer = questions.answer(question, {"run": vae, "z": [0, 0], "ae": ae, "vae": vae, "size": 0})
        assert (answer["ok"], answer["code"]) == (False, "classifier_none")
    thumbs = questions.answer("thumbs", {"data": name, "count": 2, "images": [0, 11]})
    assert thumbs["ok"]


def test_a_run_of_pictures_that_were_replaced_is_refused(trained, tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "cache"))
    shutil.copytree(trained / "cache", tmp_path / "cache")
    remove_stored("small")
    assert catalog.image_sets() == ("faces", "fashion", "emoji", "large")
    assert from_query({"data": "small"})[1][0].code == "view_choice"
    folder = folder_of(tmp_path / "small", 30)
    assert cli.main(["data", "add", str(folder), "--name", "small", "--size", "28", "--grey"]) == 0
    catalog._known.cache_clear()  # a process that has checked a run against its pictures does not do it again
    with pytest.raises(RunError, match="another version of the image set 'small'"):
        catalog.run("small-vae-z2-s0")


# --- the command line


def test_resuming_checks_the_pictures(trained, tmp_path, monkeypatch, capsys):
    folder = tmp_path / "pets"
    folder_of(folder, 40)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "cache"))

    def interrupted(records, *, as_json):
        yield next(records)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(commands, "_shown", interrupted)
        assert cli.main(["train", "--data", "pets", "--image-size", "28", *TRAIN, "--out", "part"]) == 130
    assert json.loads((tmp_path / "part" / "run.json").read_text())["config"]["data"] == "pets"
    remove_stored("pets")
    assert cli.main(["train", "--resume", "part"]) == 2
    assert "no image set called 'pets'" in capsys.readouterr().err
    (folder / "bars" / "000.png").unlink()
    assert cli.main(["data", "add", "pets", "--size", "28"]) == 0
    assert cli.main(["train", "--resume", "part"]) == 2
    assert "another version of the image set 'pets'" in capsys.readouterr().err
    remove_stored("pets")
    folder_of(folder, 40)
    assert cli.main(["train", "--data", "pets", "--image-size", "28", *TRAIN, "--out", "whole"]) == 0
    assert cli.main(["train", "--resume", "part", "--json"]) == 0
    weights = [explorer.runs.load_run(tmp_path / name).weights_sha256 for name in ("part", "whole")]
    assert weights[0] == weights[1]


def test_add_says_what_was_kept_and_what_was_not(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "cache"))
    folder = folder_of(tmp_path / "pets", 40)
    (folder / "bars" / "note.txt").write_text("text")
    assert cli.main(["data", "add", str(folder), "--name", "animals", "--size", "32", "--grey"]) == 0
    said = capsys.readouterr()
    assert "kept 40 of 41 files, refused 1" in said.err
    assert "refused: bars/note.txt is no picture" in said.err
    assert "animals: 40 images 1×32×32 (train 29, val 3, test 8), 2 classes" in said.out
    assert cli.main(["data", "list", "--json"]) == 0
    listed = {info["name"]: info for info in json.loads(capsys.readouterr().out)}
    assert listed["animals"]["shape"] == [1, 32, 32]
    assert {"fashion", "emoji", "mnist", "fashion-full", "kmnist", "cifar10", "svhn"} < set(listed)
    assert cli.main(["data", "add", str(tmp_path / "nowhere")]) == 2
    assert (
        capsys.readouterr().err == f"explorer: there is no folder or zip file {tmp_path / 'nowhere'}: check the path\n"
    )
    few = folder_of(tmp_path / "few", 3)
    assert cli.main(["data", "add", str(few)]) == 2
    assert "holds 3 pictures, at least 20 are needed" in capsys.readouterr().err
    assert cli.main(["train", "--data", "no-such-set"]) == 2
    assert "there is no image set called 'no-such-set': choose one of fashion, emoji" in capsys.readouterr().err


def test_tensors_on_disk_are_what_was_trained_on():
    images = load_image_set("large")
    assert isinstance(images.images, torch.Tensor)
    assert images.images.dtype == torch.uint8
    assert images.variance == pytest.approx(float(np.var(images.images[images.split("train")].numpy() / 255)), rel=1e-6)


def test_an_unknown_set_in_a_link_falls_back():
    view, notes = from_query({"v": "2", "data": "../../etc"})
    assert view == default_view()
    assert isinstance(view, View)
    assert notes[0].code == "view_choice"


def test_no_command_is_named_that_could_not_measure():
    generate = scene(view_of("small", tab="generate")).generate
    assert generate is not None
    assert generate.quality.missing
    assert all("only the bundled image sets" in sentence for sentence in generate.quality.missing)


def test_published_sets_have_their_titles_and_classes_in_both_languages():
    titles = {name: [set_label(name, lang) for lang in LANGUAGES] for name in PUBLISHED}
    assert [english for english, _ in titles.values()] == [published.title for published in PUBLISHED.values()]
    assert titles["svhn"][1] == "SVHN（裁剪的数字）"
    assert {class_name(name, "zh") for name in PUBLISHED["cifar10"].class_names} & {"猫", "青蛙"} == {"猫", "青蛙"}
