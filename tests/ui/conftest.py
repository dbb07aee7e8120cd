"""Untrained little runs in place of the shipped ones: what the page does must not depend on what was learnt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import explorer.runs.shelf
from explorer.data import load_image_set
from explorer.models import ImageShape
from explorer.runs import Run, RunInfo, npz, save_run, update_run
from explorer.training.build import build_model
from explorer.training.config import RunConfig
from explorer.training.trace import Trace
from explorer.ui.view import View

VAE, EMA, GRADIENT = "fashion-vae-z2-s0", "fashion-vqvae-d2-k256-ema-s0", "fashion-vqvae-d2-k256-gradient-s0"
AE, VAE16, VQ64 = "fashion-ae-z2-s0", "fashion-vae-z16-s0", "fashion-vqvae-d64-k512-ema-s0"
SPATIAL, EMOJI_VAE, EMOJI_VQ = "fashion-vae-z2-spatial-s0", "emoji-vae-z2-s0", "emoji-vqvae-d2-k256-ema-s0"
FACES_VAE, FACES_VQ = "faces-vae-z2-s0", "faces-vqvae-d2-k256-ema-s0"

CONFIGS: dict[str, dict[str, object]] = {
    VAE: {"model": "vae"},
    EMA: {"model": "vqvae"},
    GRADIENT: {"model": "vqvae", "codebook_update": "gradient"},
    AE: {"model": "ae"},
    VAE16: {"model": "vae", "latent_dim": 16},
    SPATIAL: {"model": "vae", "spatial": True},
    VQ64: {"model": "vqvae", "embedding_dim": 64, "num_embeddings": 512},
    EMOJI_VAE: {"model": "vae", "data": "emoji"},
    EMOJI_VQ: {"model": "vqvae", "data": "emoji"},
    FACES_VAE: {"model": "vae", "data": "faces"},
    FACES_VQ: {"model": "vqvae", "data": "faces"},
}
REPORT = {
    "format": 2,
    "n": 5000,
    "psnr_of_mean_db": 15.26,
    "sharpness": {
        "sigma_eq_mean_px": 1.0,
        "mtf50": None,
        "excess_detail": 0.05,
        "excess_frequency": 0.71,
        "frequencies": [0.1, 0.4, 0.7],
        "detail_kept": [0.9, 0.5, 0.1],
        "detail_drawn": [0.9, 0.5, None],
    },
    "codebook": {"used": 56, "dead": 200, "perplexity": 21.4, "num_vectors": 245000},
}


#: Of runs that have no learned prior.
RATES: dict[str, dict[str, float | None]] = {
    "ae": {"fixed": None, "simple": None, "learned": None},
    "vae": {"fixed": 12.5, "simple": 11.5, "learned": None},
    "vqvae": {"fixed": 392.0, "simple": 174.0, "learned": None},
}


def fashion_view(**changes: Any) -> View:
    """A View of Fashion-MNIST's opening pair, of which there are the most runs here."""
    return View(**({"data": "fashion", "left": VAE, "right": EMA} | changes))


def store(root: Path, run_id: str, twin_of: str = "", **settings: object) -> Run:
    """An untrained run of width 8, saved as a finished one."""
    config = RunConfig(width=8, steps=1, **settings)  # type: ignore[arg-type]
    images = load_image_set(config.data)
    shape = ImageShape(images.channels, images.height, images.width)
    model = build_model(config, shape, images.variance)
    info = RunInfo(
        id=run_id,
        config=config,
        shape=shape,
        data_sha256=images.sha256,
        data_variance=images.variance,
        s2=0.01,
        step=1,
        family=f"{config.data}-d{config.embedding_dim if config.is_vq else config.latent_dim}-s0",
        twin_of=twin_of,
        threads=1,
    )
    report = {"rates": RATES[config.model]} | REPORT
    run = save_run(root / run_id, info, model.state_dict(), Trace("scalars", np.zeros(1, np.int32)), report=report)
    return update_run(run, {"measures.npz": npz(measures(len(images.split("test")), seed=len(run_id)))})


def measures(count: int, seed: int) -> dict[str, Any]:
    """Something for each measure of `count` images."""
    random = np.random.default_rng(seed)
    scales = {"psnr_db": (18, 2), "ssim": (0.6, 0.1), "sigma_eq_px": (seed / 20, 0.2)}
    scales |= {"blur_effect_ratio": (1.4, 0.1), "excess_detail": (0.3, 0.1)}
    return {name: random.normal(mean, spread, count).astype(np.float32) for name, (mean, spread) in scales.items()}


@pytest.fixture(scope="session")
def stored_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("checkpoints")
    for run_id, settings in CONFIGS.items():
        store(root, run_id, twin_of=EMA if run_id == GRADIENT else "", **settings)
    return root


@pytest.fixture(autouse=True)
def runs(stored_runs: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Only these runs exist."""
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", stored_runs)
    monkeypatch.delenv("EXPLORER_RUNS", raising=False)
    monkeypatch.chdir(tmp_path)
    return stored_runs
