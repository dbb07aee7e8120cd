"""Quantizers made of quantizers, by name."""

from __future__ import annotations

from collections.abc import Callable

from explorer.models.composed import ComposedQuantizer
from explorer.models.grouped import GroupedQuantizer
from explorer.models.residual import ResidualQuantizer

COMPOSITIONS: dict[str, Callable[..., ComposedQuantizer]] = {
    "residual": ResidualQuantizer,
    "grouped": GroupedQuantizer,
}
