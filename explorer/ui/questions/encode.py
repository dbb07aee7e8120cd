"""What a run makes of an image: the posterior of a VAE, the point of an AE, the codes of a VQ-VAE."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from explorer.latent import encode_images
from explorer.ui.questions.own import image_of
from explorer.ui.questions.params import Params


def answer(params: Params) -> dict[str, Any]:
    """`kind` and `shape` of the latent; `codes`, row by row; or `mean` (and a VAE's `logvar`), channels first.

    Asked for with `run` and `image`, a test image's id, or `picture`, a PNG or JPEG in base64. What comes is what
    `decode` takes: `codes` as its `indices`, `mean` as its `z`.
    """
    run = params.run()
    latent = encode_images(run.model, image_of(params, run))
    values = latent.indices if latent.indices is not None else latent.mean
    assert values is not None
    answered: dict[str, Any] = {"kind": run.config.model, "shape": list(values.shape[1:])}
    if latent.indices is not None:
        return answered | {"codes": _numbers(latent.indices)}
    return (
        answered
        | {"mean": _numbers(values)}
        | ({"logvar": _numbers(latent.logvar)} if latent.logvar is not None else {})
    )


def _numbers(values: Tensor) -> list[Any]:
    return [round(number, 6) for number in values.flatten().tolist()]
