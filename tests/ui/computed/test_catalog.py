"""Which run stands where."""

from __future__ import annotations

import pytest

import explorer.runs.shelf
from explorer.errors import RunError
from explorer.training.config import RunConfig
from explorer.ui.computed import catalog
from explorer.ui.computed.catalog import LEFT_KINDS, RIGHT_KINDS, Choice, choose, default_run, run_label, runs_of
from explorer.ui.scene.bar import bar_of
from tests.ui.conftest import AE, EMA, GRADIENT, SPATIAL, VAE, VAE16, VQ64, fashion_view, store


def test_runs_of_a_set_are_its_own_in_order_of_kind_and_size():
    ids = [info.id for info in runs_of("fashion")]
    assert ids == [VAE, VAE16, SPATIAL, AE, EMA, GRADIENT, VQ64]


def test_sweeps_stand_behind_all_others_and_stand_in_for_none(tmp_path, monkeypatch):
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", tmp_path)
    sweep = ("fashion-vae-z2-b0.1-s0", "fashion-vqvae-d2-k4-ema-normal-s0")
    store(tmp_path, sweep[0], model="vae", beta=0.1, trace="scalars")
    store(tmp_path, sweep[1], model="vqvae", num_embeddings=4, codebook_init="normal", trace="scalars")
    store(tmp_path, VAE, model="vae")
    store(tmp_path, EMA, model="vqvae")
    assert [info.id for info in runs_of("fashion")] == [VAE, EMA, *sweep]
    assert choose(EMA, "fashion", LEFT_KINDS).run == VAE
    assert choose(sweep[1], "fashion", LEFT_KINDS).run == VAE
    groups = [(group.kind, [option.id for option in group.options]) for group in bar_of(fashion_view()).runs]
    assert groups == [("vae", [VAE]), ("vqvae", [EMA]), ("vae", [sweep[0]]), ("vqvae", [sweep[1]])]
    labels = [group.label for group in bar_of(fashion_view(lang="zh")).runs]
    assert labels[:2] == ["VAE", "VQ-VAE"]
    assert "参数扫描" in labels[2]


def test_a_new_run_is_seen(runs, tmp_path, monkeypatch):
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", tmp_path)
    assert runs_of("fashion") == ()
    store(tmp_path, AE, model="ae")
    assert [info.id for info in runs_of("fashion")] == [AE]


def test_an_answer_is_made_from_one_listing(runs, tmp_path, monkeypatch):
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", tmp_path)
    looked = []

    def roots():
        looked.append(1)
        return [tmp_path]

    monkeypatch.setattr(catalog, "run_roots", roots)
    with catalog.visiting(""):
        assert runs_of("fashion") == ()
        store(tmp_path, AE, model="ae")
        assert runs_of("fashion") == ()
        assert len(looked) == 1
        with catalog.visiting("a" * 32):  # whose listing is another
            assert [info.id for info in runs_of("fashion")] == [AE]
    with catalog.visiting(""):
        assert [info.id for info in runs_of("fashion")] == [AE]


@pytest.mark.parametrize(
    "asked, kinds, choice",
    [
        (VAE, LEFT_KINDS, Choice(VAE)),
        (AE, LEFT_KINDS, Choice(AE)),
        (GRADIENT, RIGHT_KINDS, Choice(GRADIENT)),
        (VAE, RIGHT_KINDS, Choice(EMA, VAE)),  # of one family
        (VQ64, LEFT_KINDS, Choice(VAE, VQ64)),  # no relative: the default
        ("", LEFT_KINDS, Choice(VAE)),
    ],
)
def test_a_wrong_kind_is_filled_from_the_family(asked, kinds, choice):
    assert choose(asked, "fashion", kinds) == choice


def test_a_twin_stands_in_before_the_family(tmp_path, monkeypatch):
    """Twins share first weights and batches, so they are the nearer comparison."""
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", tmp_path)
    store(tmp_path, "fashion-a-vqvae", model="vqvae")
    store(tmp_path, "fashion-b-vae", model="vae")
    store(tmp_path, "fashion-c-vae", model="vae", seed=1, twin_of="fashion-a-vqvae")
    assert choose("fashion-a-vqvae", "fashion", LEFT_KINDS).run == "fashion-c-vae"


def test_without_runs_a_side_is_empty(tmp_path, monkeypatch):
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", tmp_path)
    assert default_run("fashion", LEFT_KINDS) is None
    assert choose("", "fashion", LEFT_KINDS) == Choice(None)


def test_a_run_of_other_images_is_refused(tmp_path, monkeypatch):
    store(tmp_path, VAE, model="vae")
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", tmp_path)
    monkeypatch.setattr(catalog, "load_image_set", lambda name: type("Set", (), {"sha256": "other"}))
    with pytest.raises(RunError, match="another version"):
        catalog.run(VAE)


@pytest.mark.parametrize(
    "settings, label",
    [
        ({"model": "vae"}, "z = 2"),
        ({"model": "vae", "latent_dim": 16, "beta": 0.5, "seed": 3}, "z = 16 · β 0.5 · seed 3"),
        ({"model": "vae", "spatial": True}, "2 × grid"),
        ({"model": "vqvae"}, "D 2 · K 256 · EMA"),
        ({"model": "vqvae", "ema_start": "ones"}, "D 2 · K 256 · EMA ones"),
        ({"model": "vqvae", "codebook_update": "snippet", "dead_codes": "restart"}, "D 2 · K 256 · snippet · restart"),
    ],
)
def test_labels(settings, label):
    assert run_label(RunConfig(**settings)) == label


@pytest.mark.parametrize(
    "settings, label",
    [
        ({"model": "vae", "latent_dim": 2, "spatial": True, "seed": 1}, "2 × 网格 · 种子 1"),
        (
            {"model": "vqvae", "embedding_dim": 64, "codebook_update": "gradient", "dead_codes": "restart"},
            "D 64 · K 256 · 梯度 · 重启",
        ),
        ({"model": "vqvae", "codebook_update": "snippet"}, "D 2 · K 256 · 笔记代码"),
    ],
)
def test_a_label_in_chinese_keeps_its_symbols(settings, label):
    assert run_label(RunConfig(**settings), "zh") == label


def test_a_replaced_run_is_read_again(tmp_path, monkeypatch):
    store(tmp_path, AE, model="ae")
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", tmp_path)
    first = catalog.run(AE).weights_sha256
    assert catalog.run(AE) is catalog.run(AE)
    store(tmp_path, AE, model="ae", seed=5)
    assert catalog.run(AE).weights_sha256 != first
