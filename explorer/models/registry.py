"""Which quantizers there are, and which of the exchangeable parts go together."""

from __future__ import annotations

from collections.abc import Mapping

from explorer.errors import ConfigError
from explorer.models.affine import AffineVQ
from explorer.models.bsq import BSQ
from explorer.models.fsq import FSQ
from explorer.models.quantizer_base import Quantizer
from explorer.models.simvq import SimVQ
from explorer.models.transport import TransportVQ
from explorer.models.vector_quantizer import VectorQuantizer

QUANTIZERS: dict[str, type[Quantizer]] = {
    "vq": VectorQuantizer,
    "fsq": FSQ,
    "bsq": BSQ,
    "simvq": SimVQ,
    "affine": AffineVQ,
    "transport": TransportVQ,
}

#: What a part insists on, by setting; what is not named here goes with everything.
INSISTS: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {
    # A fixed grid: nothing to start, to move or to restart, and distances are rounding.
    ("quantizer", "fsq"): {
        "codebook_init": ("uniform", "normal"),
        "dead_codes": ("keep",),
        "gradient_estimator": ("straight-through",),
        "distance": ("euclidean",),
        "regularizer": ("none",),
    },
    # The corners of a cube: a fixed grid on the sphere.
    ("quantizer", "bsq"): {
        "codebook_init": ("uniform", "normal"),
        "dead_codes": ("keep",),
        "gradient_estimator": ("straight-through",),
        "distance": ("euclidean",),
        "regularizer": ("none", "entropy", "soft-entropy"),
    },
    # The optimizer moves W; single codes cannot be placed, nor their lengths chosen. Its authors' start comes first.
    ("quantizer", "simvq"): {
        "codebook_update": ("gradient",),
        "codebook_init": ("linear", "normal"),
        "dead_codes": ("keep",),
        "distance": ("euclidean",),
    },
    # Where scale and shift put a code is not where a policy would.
    ("quantizer", "affine"): {
        "codebook_update": ("gradient",),
        "dead_codes": ("keep",),
        "distance": ("euclidean",),
    },
    # Residual levels quantize vectors where they stand; of a grid they would be one finer grid.
    ("quantizer", "residual"): {
        "level_quantizer": ("vq", "simvq", "affine", "transport"),
        "distance": ("euclidean",),
    },
    ("regularizer", "wasserstein"): {"codebook_update": ("gradient",)},  # its gradient goes to the codes alone
    ("codebook_update", "snippet"): {"codebook_init": ("uniform", "normal")},  # it draws its own
}


def check_combination(chosen: Mapping[str, str]) -> None:
    """Whether parts go together; `chosen` maps settings of `RunConfig` to registry names.

    What a composition's levels are insists on what that quantizer insists on alone; without one it means nothing.

    Raises:
        ConfigError: two of them do not.
    """
    composed = chosen.get("quantizer") not in (None, *QUANTIZERS)
    for (setting, name), others in INSISTS.items():
        if composed and setting == "quantizer" and name in QUANTIZERS:
            setting = "level_quantizer"
        if chosen.get(setting) != name:
            continue
        for other, known in others.items():
            if other in chosen and chosen[other] not in known:
                raise ConfigError(
                    "config_combination",
                    setting=_flag(setting),
                    name=name,
                    other=_flag(other),
                    known=" or ".join(known),
                    got=chosen[other],
                )


def _flag(setting: str) -> str:
    return "--" + setting.replace("_", "-")
