"""Codes in levels, one after the other: the picture after each, and the plane that they fill."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import torch
from torch import Tensor

from explorer.latent.sample import drawn_rows
from explorer.metrics.reconstruction import mse, psnr
from explorer.models import VQVAE, ComposedQuantizer, ResidualQuantizer
from explorer.plots.levels import LevelLabels, LevelPlane, levels_figure
from explorer.runs import Run
from explorer.ui.computed import catalog, encoded
from explorer.ui.computed.levels import rate_plane, rates_sentence, study_sentence
from explorer.ui.questions.params import Params
from explorer.ui.scene.panel import picture_of
from explorer.ui.text import text

#: Encoder outputs of the plane, and points of the levels together that are drawn.
DRAWN, MOST_POINTS = 1000, 4096


@torch.no_grad()
def answer(params: Params) -> dict[str, Any]:
    """`levels` of a run, 0 where it has one codebook; then nothing else is said.

    Otherwise `original` and for each number of levels from 1 a `picture`, a `sentence`, and a `figure` of the plane,
    None where codes have not two numbers, or where the parts are groups; and `plane`, what each prefix costs on the
    fixed rung and is worth, beside the set's other codebooks, None of groups. `rates` says what the whole run costs on
    every rung, beside the run of one codebook with as many codes, or why there is none; `study` what levels did to dead
    codes in the study, "" where it has no cell of this kind.

    Asked for with `run`, a VQ-VAE, and `image`.
    """
    run = params.run(kinds=catalog.RIGHT_KINDS)
    image, lang = params.integer("image", catalog.test_count(run.config.data)), params.lang
    assert isinstance(run.model, VQVAE)
    quantizer = run.model.quantizer
    if not isinstance(quantizer, ComposedQuantizer):
        return {"levels": 0}
    single = encoded.single(run, image)
    assert single.latent.indices is not None
    codes = quantizer.apart(single.latent.indices)[None]  # (1, h, w, L)
    rows = []
    for level in range(1, codes.shape[-1] + 1):
        picture = run.model.decode(codes[..., :level])
        decibel = float(psnr(mse(single.original[None], picture))[0])
        rows.append(
            {
                "picture": asdict(picture_of(text("levels.after", lang, level=level), picture[0])),
                "sentence": text(
                    f"levels.{run.config.quantizer}",
                    lang,
                    level=level,
                    total=codes.shape[-1],
                    points=f"{quantizer.num_embeddings**level:,}",
                    psnr=f"{decibel:.1f}",
                ),
                "figure": _figure(run, quantizer, image, level, lang),
                "plane": rate_plane(run, level, lang),
            }
        )
    words = {name: text(f"levels.{name}", lang) for name in ("title", "slider")}
    what = text(f"levels.what.{run.config.quantizer}", lang)
    original = asdict(picture_of(text("latent.original", lang), single.original))
    return {
        "levels": codes.shape[-1],
        "rows": rows,
        "original": original,
        "rates": rates_sentence(run, lang),
        "study": study_sentence(run, lang),
        "words": words | {"what": what},
    }


def _figure(run: Run, quantizer: ComposedQuantizer, image: int, level: int, lang: str) -> Any:
    if not isinstance(quantizer, ResidualQuantizer) or run.config.embedding_dim != 2:
        return None
    latents = encoded.encoded_test(run.id)
    assert latents.z_e is not None and latents.indices is not None  # noqa: PT018
    z_e, indices = latents.z_e.flatten(0, 2), quantizer.apart(latents.indices.flatten())
    some = drawn_rows(len(z_e), DRAWN)
    middle = image * run.model.shape.grid**2 + run.model.shape.grid**2 // 2
    sums = [quantizer.lookup(indices[middle : middle + 1, :many]) for many in range(level + 1)]
    count = min(quantizer.num_embeddings**level, MOST_POINTS)
    tuples = torch.cartesian_prod(*[torch.arange(quantizer.num_embeddings)] * level).view(-1, level)[:count]
    labels = LevelLabels(
        **{name: text(f"levels.{name}", lang, level=level) for name in ("vectors", "points", "way", "rest", "codes")}
    )
    rest = z_e[some] - quantizer.lookup(indices[some][:, : level - 1])
    plane = LevelPlane(
        vectors=_array(z_e[some]),
        points=_array(quantizer.lookup(tuples)),
        way=_array(torch.cat(sums)),
        target=_array(z_e[middle]),
        rest=_array(rest),
        codes=_array(quantizer.codebook[level - 1]),
    )
    return levels_figure(plane, labels)


def _array(values: Tensor) -> Any:
    return values.detach().numpy().astype("float32")
