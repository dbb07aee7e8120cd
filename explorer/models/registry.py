"""Which quantizers there are, and which of the exchangeable parts go together."""

from __future__ import annotations

from collections.abc import Mapping

from explorer.errors import ConfigError
from explorer.models.fsq import FEWEST_ADVISED, FSQ, fsq_levels
from explorer.models.quantizer_base import Quantizer
from explorer.models.simvq import SimVQ
from explorer.models.vector_quantizer import VectorQuantizer

QUANTIZERS: dict[str, type[Quantizer]] = {
    "vq": VectorQuantizer,
    "fsq": FSQ,
    "simvq": SimVQ,
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
    # The optimizer moves W; single codes cannot be placed, nor their lengths chosen. Its authors' start comes first.
    ("quantizer", "simvq"): {
        "codebook_update": ("gradient",),
        "codebook_init": ("linear", "normal"),
        "dead_codes": ("keep",),
        "distance": ("euclidean",),
    },
    # Residual levels quantize vectors where they stand; of a grid they would be one finer grid.
    ("quantizer", "residual"): {"level_quantizer": ("vq", "simvq"), "distance": ("euclidean",)},
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


def check_sizes(quantizer: str, num_embeddings: int, embedding_dim: int) -> None:
    """Whether a quantizer can have K codes of D numbers.

    Raises:
        ConfigError: it cannot.
    """
    if quantizer == "fsq":
        fsq_levels(num_embeddings, embedding_dim)


def remarks_on_sizes(quantizer: str, num_embeddings: int, embedding_dim: int) -> tuple[ConfigError, ...]:
    """What speaks against a size that is possible: said, not raised."""
    if quantizer != "fsq":
        return ()
    levels = fsq_levels(num_embeddings, embedding_dim)
    few = min(levels) < FEWEST_ADVISED
    return (ConfigError("config_fsq_few", levels=" × ".join(map(str, levels))),) if few else ()


def _flag(setting: str) -> str:
    return "--" + setting.replace("_", "-")
