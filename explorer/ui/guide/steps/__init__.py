"""The steps of the guide, in the order of the story."""

from __future__ import annotations

from explorer.ui.guide.step import Step
from explorer.ui.guide.steps import (
    ae,
    blur,
    bound,
    codes,
    dead,
    ema,
    gradient,
    grid,
    plane,
    sampling,
    vae,
    worlds,
)

STEPS: tuple[Step, ...] = (
    worlds.STEP,
    ae.STEP,
    plane.STEP,
    vae.STEP,
    bound.STEP,
    grid.STEP,
    codes.STEP,
    blur.STEP,
    gradient.STEP,
    dead.STEP,
    ema.STEP,
    sampling.STEP,
)
