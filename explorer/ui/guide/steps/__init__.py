"""The steps of the guide, in the order of the story: one claim each."""

from __future__ import annotations

from explorer.ui.guide.step import Step
from explorer.ui.guide.steps import beta, between, blur, bound, dead, ema, grid, plane, sampling, vae, worlds

STEPS: tuple[Step, ...] = (
    worlds.STEP,
    plane.STEP,
    vae.STEP,
    bound.STEP,
    beta.STEP,
    grid.STEP,
    blur.STEP,
    dead.STEP,
    ema.STEP,
    sampling.STEP,
    between.STEP,
)
