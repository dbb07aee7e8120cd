"""A VAE quantized by random codes, measured once per process on a fixed part of the test split."""

from __future__ import annotations

from explorer.files.bounded_cache import newest
from explorer.latent.encode import encode_images
from explorer.models import VAE
from explorer.reports.gaussian_quantization import QuantizedVAE, quantize_vae
from explorer.runs import Run
from explorer.ui.computed import catalog, encoded

#: Images of the chart: with 5 codebooks of 7 sizes each, seconds on a core.
IMAGES = 200


def quantized_vae(run: Run) -> QuantizedVAE:
    """The first `IMAGES` test images of a VAE by the size of its random codebooks."""
    return _quantized(run.id, run.weights_sha256)


@newest(32, 4e6)
def _quantized(run_id: str, weights_sha256: str) -> QuantizedVAE:  # noqa: ARG001
    run = catalog.run(run_id)
    assert isinstance(run.model, VAE)
    images = encoded.test_images(run.config.data)[:IMAGES]
    return quantize_vae(run.model, images, encode_images(run.model, images))
