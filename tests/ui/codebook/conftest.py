"""Small runs that were really trained, with a frame and weights at every step: what the tab Codebook draws."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from explorer.data import load_image_set
from explorer.runs import RunInfo, save_run
from explorer.training.config import RunConfig
from explorer.training.loop import Trainer
from explorer.training.trace import Trace

GRADIENT, HOLD, SNIPPET = "filmed-gradient", "filmed-hold", "filmed-snippet"
DEEP, EMOJI = "filmed-deep", "filmed-emoji"
STEPS, CODES = 6, 16

CONFIGS: dict[str, dict[str, object]] = {
    GRADIENT: {"codebook_update": "gradient"},
    HOLD: {},
    SNIPPET: {"codebook_update": "snippet"},
    DEEP: {"embedding_dim": 12, "trace": "codebook", "kept_weights": 0},
    EMOJI: {"data": "emoji", "augment": True},
}


def train(root: Path, run_id: str, twin_of: str, **settings: object) -> None:
    """A run of a few steps, saved as a finished one."""
    small = {"model": "vqvae", "num_embeddings": CODES, "width": 8, "steps": STEPS, "batch_size": 20, "kept_weights": 7}
    config = RunConfig(**(small | settings))  # type: ignore[arg-type]
    images = load_image_set(config.data)
    trainer = Trainer(config, images)
    for _ in trainer.run():
        pass
    info = RunInfo(
        id=run_id,
        config=config,
        shape=trainer.model.shape,
        data_sha256=images.sha256,
        data_variance=images.variance,
        s2=0.01,
        step=config.steps,
        family=f"{config.data}-d{config.embedding_dim}-s0",
        twin_of=twin_of,
        threads=1,
    )
    save_run(root / run_id, info, trainer.model.state_dict(), kept(trainer.recorder.trace(), run_id))


def kept(trace: Trace, run_id: str) -> Trace:
    """The trace; the deep run's as format 1 kept it, without fixed vectors."""
    if run_id != DEEP:
        return trace
    frames, fixed = (
        {name: array for name, array in arrays.items() if not name.startswith("probe_")}
        for arrays in (trace.frames, trace.fixed)
    )
    return replace(trace, frames=frames, fixed=fixed)


@pytest.fixture(scope="session")
def filmed_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("filmed")
    for run_id, settings in CONFIGS.items():
        train(root, run_id, twin_of=HOLD if run_id in (GRADIENT, SNIPPET) else "", **settings)
    return root


@pytest.fixture(autouse=True)
def filmed(runs: Path, filmed_root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """These runs beside the untrained ones of tests/ui/conftest.py."""
    monkeypatch.setenv("EXPLORER_RUNS", str(filmed_root))
    return filmed_root
