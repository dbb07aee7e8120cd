"""The figures of the guide on paper, by step: what the page shows there, standing still."""

from __future__ import annotations

import base64
from collections.abc import Callable
from html import escape
from typing import cast

import torch
from torch import Tensor

from explorer.metrics.codebook_life import dead_by
from explorer.plots.svg import curves_svg, points_svg
from explorer.ui.computed import encoded
from explorer.ui.computed.cases import rule_of
from explorer.ui.computed.film import counted, has_film
from explorer.ui.guide import RunsByRole
from explorer.ui.media.sheets import png, sheet
from explorer.ui.text import text

POINTS = 600  # of a plane
PICTURES = 12
RINGS = (1.0, 2.0, 3.0)


def figure_of(step: str, roles: RunsByRole) -> str:
    """Markup of a step's figure with its caption; "" if it has none, or the run has not what it shows."""
    drawn = FIGURES[step](roles) if step in FIGURES else ""
    caption = escape(text(f"guide.figure.{step}", roles.view.lang)) if drawn else ""
    return f"<figure>{drawn}<figcaption>{caption}</figcaption></figure>" if drawn else ""


def _plane(roles: RunsByRole, part: str, rings: tuple[float, ...], step: str) -> str:
    run = roles.run(part)
    if not encoded.planar(run):
        return ""
    means = cast(Tensor, encoded.encoded_test(run.id).mean)[:POINTS]
    labels = encoded.test_labels(run.config.data)[:POINTS].tolist()
    return points_svg(means.numpy(), labels, rings, text(f"guide.figure.{step}", roles.view.lang))


def _dead(roles: RunsByRole) -> str:
    view = roles.view
    left, right = roles.codebooks()
    runs = {f"twin-left rule-{rule_of(left.config)}": left, f"twin-right rule-{rule_of(right.config)}": right}
    if not all(has_film(run) for run in runs.values()):
        return ""
    curves = {
        name: (
            run.trace.frame_steps.astype(float),
            dead_by(counted(run, view.windows, view.starved).life.states, view.rule).sum(1).double().numpy(),
        )
        for name, run in runs.items()
    }
    axes = tuple(text(f"codebook.curves.{key}", view.lang) for key in ("axis", "dead"))
    most = max(run.config.num_codes for run in runs.values())
    return curves_svg(curves, most, (axes[0], axes[1]), text("guide.figure.dead", view.lang))


@torch.no_grad()
def _pictures(roles: RunsByRole) -> str:
    """Test images, and below them what the VAE and the VQ-VAE make of them."""
    images = encoded.test_images(roles.view.data)[:PICTURES]
    rows = [images]
    for part in ("vae", "vq"):
        run = roles.run(part)
        latents = encoded.encoded_test(run.id)
        codes = cast(Tensor, latents.mean if latents.indices is None else latents.indices)[:PICTURES]
        rows.append((run.model.decode(codes).clamp(0, 1) * 255).round().byte())
    body = base64.b64encode(png(sheet(torch.cat(rows), PICTURES))).decode()
    label = escape(text("guide.figure.blur", roles.view.lang))
    return f'<img class="pictures" alt="{label}" src="data:image/png;base64,{body}">'


FIGURES: dict[str, Callable[[RunsByRole], str]] = {
    "worlds": lambda roles: _plane(roles, "vae", RINGS, "worlds"),
    "plane": lambda roles: _plane(roles, "ae", (), "plane"),
    "blur": _pictures,
    "dead": _dead,
}
