"""What stands between the codes that a file stores and those that are used, by the layouts that quantizers save.

SimVQ passes them through a linear layer (Zhu et al. 2024, eq. 7), an affine codebook moves them to the mean and spread
of a batch (Huh et al. 2023), a cosine one divides them by their length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from explorer.collapse.tensors import matrix_shape, module_of
from explorer.files.tensors import StoredArray

#: Ends of keys: of the stored codes, of a linear layer's weight, of its bias; and whether the weight is (out, in), as
#: torch's Linear has it.
LINEAR = (
    ("frozen_codebook", "code_transform.weight", "code_transform.bias", True),
    ("embedding.weight", "embedding_proj.weight", "embedding_proj.bias", True),
    ("parametrizations.codebook.original", "parametrizations.codebook.0.weight", "", False),
)
#: This project's scale and shift, learned: ends of keys of stored codes, s, b and r in `(1 + r s) c + r b`.
LEARNED_AFFINE = tuple(f"parametrizations.codebook.{name}" for name in ("original", "0.scale", "0.bias", "0.rate"))
AFFINE = ("batch_mean", "batch_variance", "codebook_mean", "codebook_variance")
UNIT_LENGTH = "parametrizations.codebook.original"


@dataclass(frozen=True)
class LinearLayer:
    """Codes are `stored @ weight.T + bias`, or `stored @ weight` if it is not (out, in)."""

    weight: StoredArray
    bias: StoredArray | None
    out_in: bool

    @property
    def parts(self) -> tuple[StoredArray, ...]:
        """Its tensors."""
        return (self.weight,) if self.bias is None else (self.weight, self.bias)


def linear_layer(array: StoredArray, pool: Sequence[StoredArray]) -> LinearLayer | None:
    """The layer that these stored codes (K, D) pass through."""
    for end, weight_end, bias_end, out_in in LINEAR:
        if not _ends(array, end):
            continue
        root = array.key[: -len(end)]
        weight = _find(pool, array, root + weight_end)
        bias = _find(pool, array, root + bias_end) if bias_end else None
        if weight is not None and len(weight.shape) == 2 and weight.shape[1 if out_in else 0] == array.shape[-1]:
            return LinearLayer(weight, bias, out_in)
    return None


def affine_statistics(array: StoredArray, pool: Sequence[StoredArray]) -> tuple[StoredArray, ...]:
    """Batch's mean and variance, codebook's mean and variance, all ending in D; () without them."""
    root = module_of(array)
    parts = [_find(pool, array, f"{root}.{name}" if root else name) for name in AFFINE]
    found = tuple(part for part in parts if part is not None and part.shape[-1:] == array.shape[-1:])
    return found if len(found) == len(AFFINE) else ()


def learned_affine(array: StoredArray, pool: Sequence[StoredArray]) -> tuple[StoredArray, ...]:
    """Scale (D,), shift (D,) and rate () that these stored codes pass through; () without them."""
    stored, *ends = LEARNED_AFFINE
    if not _ends(array, stored):
        return ()
    root = array.key[: -len(stored)]
    found = tuple(part for end in ends if (part := _find(pool, array, root + end)) is not None)
    return found if len(found) == len(ends) else ()


def has_unit_length(array: StoredArray, pool: Sequence[StoredArray]) -> bool:
    """Whether codes are made of stored rows by something without numbers of its own, as this project's cosine ones."""
    root = array.key.removesuffix("original")
    return _ends(array, UNIT_LENGTH) and not any(
        other.key.startswith(root) and other.key != array.key for other in pool if other.path == array.path
    )


def square_beside(array: StoredArray, pool: Sequence[StoredArray]) -> StoredArray | None:
    """A (D, D) matrix in the same part of the model, through which codes may pass before use."""
    *_, codes, dim = matrix_shape(array)
    found = [
        other
        for other in pool
        if other.kind == "float" and other.shape == (dim, dim) and codes != dim and array.key
        if other.path == array.path and f"{module_of(other)}.".startswith(f"{module_of(array)}.".lstrip("."))
    ]
    return found[0] if len(found) == 1 else None


def _ends(array: StoredArray, end: str) -> bool:
    return array.key == end or array.key.endswith(f".{end}")


def _find(pool: Sequence[StoredArray], beside: StoredArray, key: str) -> StoredArray | None:
    found = (other for other in pool if other.path == beside.path and other.key == key and other.kind == "float")
    return next(found, None)
