"""Every entry of every registry, each with the settings that it insists on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from explorer.models.codebook_inits import CODEBOOK_INITS
from explorer.models.codebook_updates import CODEBOOK_UPDATES, EMA_STARTS
from explorer.models.compositions import COMPOSITIONS
from explorer.models.dead_codes import DEAD_CODE_POLICIES
from explorer.models.distances import DISTANCES
from explorer.models.gradient_estimators import GRADIENT_ESTIMATORS
from explorer.models.registry import INSISTS, QUANTIZERS
from explorer.models.regularizers import REGULARIZERS

OUTER: dict[str, Mapping[str, Any]] = {
    "quantizer": QUANTIZERS,
    "gradient_estimator": GRADIENT_ESTIMATORS,
    "distance": DISTANCES,
    "regularizer": REGULARIZERS,
}
INNER: dict[str, Mapping[str, Any]] = {
    "codebook_update": CODEBOOK_UPDATES,
    "codebook_init": CODEBOOK_INITS,
    "dead_codes": DEAD_CODE_POLICIES,
}
#: (setting of `RunConfig`, name).
ENTRIES = [(setting, name) for setting, registry in (OUTER | INNER).items() for name in registry]
ENTRIES += [("quantizer", name) for name in COMPOSITIONS]
ENTRIES += [("ema_start", name) for name in EMA_STARTS]


#: Settings of `RunConfig` that a quantizer needs where K = 12 or 8 codes of D = 2 numbers are no codebook of its.
SIZES: dict[str, dict[str, Any]] = {"bsq": {"num_embeddings": 4}}


def settings_with(setting: str, name: str, **others: Any) -> dict[str, Any]:
    """Settings of `RunConfig` with one entry in them: `others`, unless the entry insists on something else."""
    insists = {other: known[0] for other, known in INSISTS.get((setting, name), {}).items()}
    sizes = SIZES.get(name, {}) if setting == "quantizer" else {}
    return others | sizes | insists | {setting: name}
