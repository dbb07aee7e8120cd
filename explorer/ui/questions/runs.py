"""The runs that the page can show."""

from __future__ import annotations

from typing import Any

from explorer.runs import RunInfo
from explorer.ui.computed import catalog
from explorer.ui.questions.params import Params
from explorer.ui.text import text

ALL = "all"


def answer(params: Params) -> dict[str, Any]:
    """`runs`: id, kind, image set, a label, and the size of the latent.

    Asked for with `data`, an image set or "all".
    """
    sets = catalog.image_sets()
    asked = params.choice("data", (*sets, ALL))
    wanted = sets if asked == ALL else (asked,)
    return {"runs": [_run(info, params.lang) for data in wanted for info in catalog.runs_of(data)]}


def _run(info: RunInfo, lang: str) -> dict[str, Any]:
    config = info.config
    sizes = {"num_embeddings": config.num_embeddings, "embedding_dim": config.embedding_dim}
    return {
        "id": info.id,
        "kind": config.model,
        "data": config.data,
        "label": f"{text(f'kind.{config.model}', lang)} {catalog.label_of(info, lang)}",
        "test_images": catalog.test_count(config.data),
        **(sizes if config.is_vq else {"latent_dim": config.latent_dim, "spatial": config.spatial}),
    }
