"""A visitor with everything that can be somebody's own, and the words that nobody else may ever be shown."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from explorer.data import load_image_set
from explorer.jobs import service
from explorer.jobs import spool as spool
from explorer.jobs.home import own_id, visitor_folder
from explorer.jobs.sets import add_set
from explorer.runs import load_run
from explorer.runs.naming import run_id
from explorer.training.config import RunConfig
from explorer.ui import questions
from explorer.ui.computed import catalog, umap_child
from explorer.ui.media import media
from explorer.ui.media.signed import zip_address
from tests.drawn import drawing, encoded, zip_of
from tests.ui.conftest import store

FIRST, SECOND = "a1" * 16, "b2" * 16
TITLE = "Aunt Rosalind"
#: Ends as soon as its file is there, and maps nothing.
CHILD = """
import pathlib, sys, time
print('{"epoch": 40, "epochs": 500}', flush=True)
while not pathlib.Path(sys.argv[1]).exists():
    time.sleep(0.05)
"""
TINY: dict[str, Any] = {"model": "vqvae", "num_embeddings": 8, "width": 4, "steps": 2, "batch_size": 8}
DEEP: dict[str, Any] = {"model": "vqvae", "embedding_dim": 8, "num_embeddings": 16}


@dataclass(frozen=True)
class World:
    """What the first visitor has.

    Attributes:
        set: name of an image set.
        runs: ids by what they are: "pictures" of that set, "deep" with a latent that can be mapped.
        jobs: ids by phase.
        map_token: of the map of the deep run.
        addresses: of media and zips.
        secrets: everything that tells of it.
    """

    set: str
    runs: dict[str, str]
    jobs: dict[str, str]
    map_token: str
    addresses: tuple[str, ...]
    secrets: frozenset[str]


def build(folder: Path) -> World:
    """Make it in an empty home; no trainer is started."""
    pictures = {f"{n % 2}/{n:02}.png": encoded(drawing(n)) for n in range(24)}
    image_set = add_set(FIRST, zip_of(folder / "pets.zip", pictures), TITLE, 28, 1).image_set
    runs = {"pictures": _run("vae", data=image_set.name), "deep": _run(**DEEP)}
    jobs = {phase: _job(phase, data=image_set.name) for phase in ("queued", "training", "paused", "failed", "finished")}
    map_token = str(questions.answer("umap", {"mine": FIRST, "run": runs["deep"], "action": "start"})["token"])
    addresses = _addresses(image_set.name, runs)
    folders = [load_run(visitor_folder(FIRST) / "runs" / name) for name in runs.values()]
    hashes = {run.weights_sha256[:16] for run in folders} | {load_image_set(image_set.name).sha256[:16]}
    trained = {name for job in spool.jobs_of(visitor_folder(FIRST)) for name in job.run_ids}
    words = {FIRST, visitor_folder(FIRST).name, image_set.name, TITLE, "rosalind", map_token}
    keys = {part for address in addresses for part in address.replace("=", "/").split("/") if len(part) == 32}
    everything = words | {*runs.values(), *jobs.values()} | trained | hashes | keys
    return World(image_set.name, runs, jobs, map_token, addresses, frozenset(everything))


@contextmanager
def mapping_slowly(folder: Path) -> Iterator[None]:
    """A map that is begun inside the block goes on until its end."""
    before = umap_child.COMMAND, umap_child.PATIENCE
    umap_child.PATIENCE = umap_child.LONGEST
    umap_child.COMMAND = (sys.executable, "-c", CHILD, str(folder / "go"))
    try:
        yield
    finally:
        umap_child.COMMAND, umap_child.PATIENCE = before
        (folder / "go").touch()
        for job in umap_child._jobs:
            umap_child._end(job, "cancelled")
            job.process.wait(10)
        umap_child._jobs.clear()


def second_visitor() -> str:
    """Somebody else, who has a run and a job too; the run's id."""
    mine = own_id("fashion-vae-z2-s0")
    store(visitor_folder(SECOND) / "runs", mine, model="vae")
    service.begin(SECOND, [RunConfig(**TINY)])
    return mine


def _run(model: str, **settings: Any) -> str:
    settings |= {"batch_size": 8, "seed": 5}  # weights that no other run has
    config = RunConfig(model=model, width=8, steps=1, **settings)
    name = own_id(run_id(config))
    store(visitor_folder(FIRST) / "runs", name, model=model, **settings)
    return name


def _job(phase: str, **settings: Any) -> str:
    job = service.begin(FIRST, [RunConfig(**(TINY | settings))])
    code = "training_diverged" if phase == "failed" else ""
    spool.set_phase(job, spool.Phase(phase, 1, code, {"step": 1, "value": "nan"} if code else {}))
    return job.id


def _addresses(data: str, runs: dict[str, str]) -> tuple[str, ...]:
    with catalog.visiting(FIRST):
        pictures = [media.address(kind, f"{data}.png") for kind in ("sheet", "thumbs")]
        weights = [media.address(kind, name) for name in runs.values() for kind in ("decoder", "points")]
        image = media.address("image", f"{data}-0.png")
    return (*pictures, *weights, image, *map(zip_address, runs.values()))


def other_than(secret: str) -> str:
    """A word of the same form that means nothing."""
    letters = np.random.default_rng(len(secret)).choice(list("0123456789abcdef"), len(secret))
    same = secret[:-12] if len(secret) > 16 else ""
    return same + "".join(letters)[len(same) :]
