"""The run of an image set whose codebook the tab Collapse opens on, in place of a shipped file of other images."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

import numpy as np
from torch import Tensor

from explorer.collapse.reporting import CollapseReport, collapse_report
from explorer.files.passing import PREFIX, passing_folder
from explorer.latent import encode_images
from explorer.models import VQVAE
from explorer.runs import RunInfo
from explorer.ui.computed import catalog, encoded

#: The set that the shipped example files are of.
FILES_OF = "fashion"
IMAGES = 400  # as in the files: scripts/examples.py


def example_run(data: str) -> RunInfo | None:
    """EMA without a cure, of as many numbers a code as there are; None where a shipped file is of this set already."""
    own = {info.id for info in catalog.own_runs()}
    found = [info for info in catalog.runs_of(data) if info.id not in own and _fits(info)] if data != FILES_OF else []
    return max(found, key=lambda info: (info.config.embedding_dim, -info.config.seed), default=None)


def _fits(info: RunInfo) -> bool:
    config = info.config
    plain = config.is_vq and config.quantizer == "vq" and info.plain
    return plain and config.codebook_update == "ema" and config.dead_codes == "keep"


def report_of(run_id: str) -> CollapseReport:
    """What a file of the run's codebook and of the codes of its first test images shows."""
    return _report(run_id, catalog.run(run_id).weights_sha256)


@lru_cache(maxsize=4)
def _report(run_id: str, weights_sha256: str) -> CollapseReport:  # noqa: ARG001
    run = catalog.run(run_id)
    indices = cast(Tensor, encode_images(run.model, encoded.test_images(run.config.data)[:IMAGES]).indices)
    codebook = cast(VQVAE, run.model).quantizer.codebook.detach()
    with passing_folder(f"{PREFIX}example-") as folder:
        path = folder / f"{run_id}.npz"
        np.savez(path, codebook=codebook.numpy(), indices=indices.numpy().astype(np.uint16))
        return collapse_report([(path, "")])
