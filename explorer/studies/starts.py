"""How wide each cell's codebook begins, beside the cloud of encoder outputs that it has to cover."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from statistics import median

import torch
from torch import Tensor

from explorer.data import ImageSet, load_image_set
from explorer.models import VQVAE
from explorer.models.codebook_inits import GATHERED_PER_CODE
from explorer.studies.files import STUDIES_ROOT
from explorer.studies.plan import SEEDS, Cell
from explorer.training.loop import Trainer

#: What decides the first codebook and the first encoder's outputs, beside image set, size and seed.
DECIDES = ("codebook_init", "quantizer", "distance", "width", "batch_size", "augment")


def starts_path() -> Path:
    """Of the ratios of all shipped studies."""
    return STUDIES_ROOT / "starts.json"


def start_key(cell: Cell, seed: int) -> str:
    """Members with one key begin alike: their rule, policy, estimator and number of steps do not matter here."""
    config = cell.config(seed).to_dict() | {"codebook_init": cell.init}
    return "/".join([cell.data, cell.size, *(str(config[name]) for name in DECIDES), f"s{seed}"])


@torch.no_grad()
def spread_ratio(cell: Cell, seed: int, image_set: ImageSet) -> float:
    """Spread of the first codebook over that of z_e at step 0, each the root mean square about the mean vector.

    1: as wide as the cloud; far below, the codes are one clump in it; far above, most are out of reach. Where the codes
    stand is another matter: the mean vectors are taken off. Outputs are those of the untrained encoder on the first
    batches, 10 K of them, where they are compared with codes (on the sphere, or bounded by FSQ).
    """
    trainer = Trainer(replace(cell.config(seed), trace="scalars"), image_set)
    assert isinstance(trainer.model, VQVAE)
    trainer.start_codebook()
    vectors = trainer.coming_vectors(GATHERED_PER_CODE * cell.num_embeddings)
    return _spread(trainer.model.quantizer.codebook.detach()) / _spread(vectors)


def _spread(rows: Tensor) -> float:
    return float((rows - rows.mean(0)).square().mean().sqrt())


def read_starts(path: Path | None = None) -> dict[str, float]:
    """Ratios by `start_key`; none where none were measured."""
    path = path or starts_path()
    return dict(json.loads(path.read_text())) if path.is_file() else {}


def measure_starts(cells: list[Cell], path: Path | None = None) -> dict[str, float]:
    """All ratios of `cells`, measuring and keeping those that are missing."""
    path = path or starts_path()
    known = read_starts(path)
    for cell in cells:
        for seed in SEEDS:
            key = start_key(cell, seed)
            if key not in known:
                known[key] = float(f"{spread_ratio(cell, seed, load_image_set(cell.data)):.4g}")
                path.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")
    return known


def start_of(cell: Cell, known: dict[str, float]) -> float | None:
    """The median ratio over seeds; None where one is missing."""
    found = [known.get(start_key(cell, seed)) for seed in SEEDS]
    there = [ratio for ratio in found if ratio is not None]
    return median(there) if len(there) == len(found) else None
