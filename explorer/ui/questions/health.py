"""How healthy a run's codebook is, counted over the whole test split."""

from __future__ import annotations

from typing import Any, cast

from torch import Tensor

from explorer.metrics.codebook import codebook_health
from explorer.ui.computed import encoded
from explorer.ui.questions.params import Params


def answer(params: Params) -> dict[str, Any]:
    """`used`, `dead`, `usage`, `perplexity`, `num_vectors` and `counts` as `explorer.metrics.codebook` defines them.

    Asked for with `run`, a VQ-VAE.
    """
    run = params.run(kinds=("vqvae",))
    found = codebook_health(cast(Tensor, encoded.encoded_test(run.id).indices), run.config.num_codes)
    return {**vars(found), "counts": found.counts.tolist(), "split": "test"}
