"""What a code says about the class, position by position, beside its null."""

from __future__ import annotations

from typing import Any

from explorer.ui.computed import influenced
from explorer.ui.computed.atlas import check_size
from explorer.ui.computed.catalog import RIGHT_KINDS
from explorer.ui.questions.params import Params


def is_stored(params: Params) -> bool:
    """Whether the answer is only read.

    Raises:
        ExplorerError: the question will be refused.
    """
    return influenced.is_information_stored(params.run(kinds=RIGHT_KINDS))


def answer(params: Params) -> dict[str, Any]:
    """Bits of a code about the class: plug-in estimates, from which the null is still to be taken off.

    Asked for with the `run` of a VQ-VAE. `bits`, `null` and `null_spread` for each position, row by row; `anywhere` and
    `anywhere_null` of a code without its position; `class_bits`, `n` and `permutations`.

    Raises:
        ViewError: its codebook is too large for the table.
    """
    run = params.run(kinds=RIGHT_KINDS)
    check_size(run)
    found = influenced.information(run)
    return {
        "bits": _digits(found.bits.tolist()),
        "null": _digits(found.null.tolist()),
        "null_spread": _digits(found.null_spread.tolist()),
        "anywhere": found.anywhere,
        "anywhere_null": found.anywhere_null,
        "class_bits": found.class_bits,
        "n": found.n,
        "permutations": found.permutations,
    }


def _digits(values: list[float]) -> list[float]:
    return [round(value, 5) for value in values]
