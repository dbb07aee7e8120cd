"""Presets of the tab Train: settings whose outcome is clear, and what is done to them on the way.

Each promises an outcome in its text `train.preset.NAME.promise`; `scripts/presets.py` trains each with three seeds and
holds it to that. Where a rule has no clear outcome there is no preset.
"""

from __future__ import annotations

from typing import Any

from explorer.training.interventions import Intervention

VAE = {"model": "vae", "width": 16}
#: Codes that begin within ±1/K of each other, in the plane. Which rule keeps more of them depends on the images, so
#: that these are trained on the set that it was tried on. What names no set keeps its promise on the faces too.
TIGHT = {"data": "fashion", "model": "vqvae", "num_embeddings": 256, "width": 16, "lr": 2e-3, "steps": 500}
#: Faces take a VAE longer: with one seed of three it has hardly begun after 500 steps, whatever β is.
SLOW = VAE | {"data": "fashion", "steps": 500}
#: So many numbers for each code that nearly all of them die in the first steps.
DEEP = {"model": "vqvae", "num_embeddings": 512, "embedding_dim": 64, "width": 16, "steps": 200}
#: Few codes that all find work soon.
FEW = {"model": "vqvae", "num_embeddings": 64, "codebook_init": "data", "width": 16, "steps": 500}

PRESETS: dict[str, tuple[dict[str, Any], ...]] = {
    "worlds": (VAE | {"steps": 500}, FEW | {"dead_codes": "restart"}),
    "cure": (DEEP, DEEP | {"dead_codes": "restart"}),
    "kill": (FEW, FEW | {"dead_codes": "restart"}),
    "rules": (TIGHT | {"codebook_update": "gradient"}, TIGHT),
    "beta": (SLOW, SLOW | {"beta": 20.0}),
}

#: What a preset does to both sides while they train.
PLANS: dict[str, tuple[Intervention, ...]] = {"kill": (Intervention(300, "kill", 0.5),)}
