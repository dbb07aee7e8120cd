"""The browser's encoder and equivalent blur against PyTorch: random models of every shape, and shipped runs."""

from __future__ import annotations

import base64
import copy
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from explorer.latent import encode_images
from explorer.metrics.blur import blurred, equivalent_blur
from explorer.metrics.spectrum import luminance
from explorer.models import AE, VAE, VQVAE, Autoencoder, ImageShape
from explorer.models.bsq import BSQ
from explorer.models.fsq import FSQ
from explorer.models.grouped import GroupedQuantizer
from explorer.models.quantizer_base import Quantizer
from explorer.models.vector_quantizer import VectorQuantizer
from explorer.runs import load_run
from explorer.ui.computed.encoded import test_images as images_of
from explorer.ui.computed.encoder_program import encoder_numbers, encoder_program

TOLERANCE = 1e-4
#: Of codes that a float16 encoder chooses differently from the run's own.
MOST_OTHERS = 0.01
#: One of each kind of latent that is shipped, grey and in colour.
RUNS = (
    *("fashion-ae-z2-s0", "fashion-vae-z16-s0", "fashion-vae-z2-spatial-b2-s0", "fashion-vqvae-d2-k1024-ema-s0"),
    *("fashion-vqvae-d64-k512-ema-s0", "emoji-vae-z2-spatial-b8-s0", "emoji-vqvae-d2-k64-ema-s0"),
    *("faces-vae-z2-s0", "faces-vqvae-d2-k16-grouped2-ema-s0", "faces-vqvae-d64-k512-gradient-s0"),
)

ENCODE = """
async ({program, numbers, images, codes, size}) => {
  const {halvesToFloats} = await import("/core/decoder.js");
  const {makeEncoder} = await import("/core/encoder.js");
  const bytes = Uint8Array.from(atob(numbers), (c) => c.charCodeAt(0));
  const codebook = codes && {vectors: Float32Array.from(codes), size};
  const encode = makeEncoder(program, halvesToFloats(bytes.buffer), codebook);
  return images.map((image) => encode(Float32Array.from(image, (value) => value / 255)))
    .map((latent) => Array.from(latent.indices ?? latent));
}
"""


def halved(model: Autoencoder) -> Autoencoder:
    """A copy of the model with its encoder's numbers as they travel: a run's own is everybody's."""
    model = copy.deepcopy(model)
    for parameter in model.encoder.parameters():
        parameter.data = parameter.data.half().float()
    return model.eval()


def in_browser(scripts: Any, model: Autoencoder, images: Tensor, *, codes: Tensor | None = None) -> Tensor:
    """(N, …) what the browser makes of uint8 images (N, C, H, W): latents, channels-last, or nearest codes, flat."""
    program = encoder_program(model)
    assert program is not None
    found = scripts.evaluate(
        ENCODE,
        {
            "program": program.to_json(),
            "numbers": base64.b64encode(encoder_numbers(model)).decode(),
            "images": images.permute(0, 2, 3, 1).flatten(1).tolist(),
            "codes": None if codes is None else codes.flatten().tolist(),
            "size": None if codes is None else codes.shape[1],
        },
    )
    return torch.tensor(found)


def noise(channels: int, size: int, count: int = 2) -> Tensor:
    generator = torch.Generator().manual_seed(7)
    return torch.randint(0, 256, (count, channels, size, size), generator=generator, dtype=torch.uint8)


def in_torch(model: Autoencoder, images: Tensor) -> Tensor:
    """What comes before the codes, flat and channels-last."""
    found = encode_images(model, images)
    if found.z_e is not None:
        return found.z_e.flatten(1)
    assert found.mean is not None
    return (found.mean.permute(0, 2, 3, 1) if found.mean.ndim == 4 else found.mean).flatten(1)


@pytest.mark.parametrize("channels, size, width", [(1, 28, 32), (3, 32, 32), (3, 64, 16), (1, 28, 11)])
@pytest.mark.parametrize("kind", [AE, VAE])
def test_equal_to_pytorch(scripts, kind, channels, size, width):
    for dim, spatial in [(2, False), (16, False), (2, True), (64, True)]:
        model = halved(kind(ImageShape(channels, size, size), dim, spatial=spatial, width=width, seed=dim))
        images = noise(channels, size)
        difference = (in_browser(scripts, model, images) - in_torch(model, images)).abs().max()
        assert float(difference) < TOLERANCE, (dim, spatial)


def drawn() -> torch.Generator:
    return torch.Generator().manual_seed(1)


QUANTIZERS = {
    "plain": lambda: VectorQuantizer(32, 6, init="normal", generator=drawn()),
    "cosine": lambda: VectorQuantizer(32, 6, init="normal", distance="cosine", generator=drawn()),
    "bsq": lambda: BSQ(64, 6),
    "fsq": lambda: FSQ(5 * 4 * 4, 3),
    "grouped": lambda: GroupedQuantizer(8, 6, groups=2, quantizer="vq", init="normal", generator=drawn()),
}


@pytest.mark.parametrize("name", QUANTIZERS)
def test_the_nearest_code_of_every_quantizer(scripts, name):
    quantizer: Quantizer = QUANTIZERS[name]()
    model: Autoencoder = VQVAE(ImageShape(1, 28, 28), quantizer, data_variance=0.1, width=8, seed=3)
    head = model.encoder.head
    assert isinstance(head, nn.Conv2d)
    head.weight.data *= 20  # outputs as far apart as codes are
    model = halved(model)
    images, points = noise(1, 28, 4), quantizer.points().detach()
    found = in_browser(scripts, model, images, codes=points)
    expected = encode_images(model, images).indices
    assert expected is not None
    assert len(expected.unique()) > 2
    assert torch.equal(found, expected.flatten(1))


def test_codes_in_levels_are_for_the_app():
    assert encoder_program(load_run("faces-vqvae-d2-k16-residual4-ema-s0").model) is None


@pytest.mark.parametrize("run_id", RUNS)
def test_equal_to_pytorch_on_shipped_runs(scripts, run_id):
    """To rounding with the numbers that travel; with the run's own, few codes differ."""
    run = load_run(run_id)
    images = images_of(run.config.data)[:8]
    codes = run.model.quantizer.points().detach() if isinstance(run.model, VQVAE) else None
    own = encode_images(run.model, images).indices
    travelling = halved(run.model)
    difference = (in_browser(scripts, travelling, images) - in_torch(travelling, images)).abs().max()
    assert float(difference) < TOLERANCE
    if codes is not None and own is not None:
        found = in_browser(scripts, run.model, images, codes=codes)
        assert float((found != own.flatten(1)).double().mean()) < MOST_OTHERS


def test_weights_of_another_model_are_refused(scripts):
    model, other = (AE(ImageShape(1, 28, 28), dim, width=8) for dim in (2, 3))
    program = encoder_program(model)
    assert program is not None
    message = scripts.evaluate(
        """async ({program, count}) => {
          const {makeEncoder} = await import("/core/encoder.js");
          try { makeEncoder(program, new Float32Array(count)); } catch (error) { return error.message; }
        }""",
        {"program": program.to_json(), "count": len(encoder_numbers(other)) // 2},
    )
    assert message.startswith("encoder expects")


@pytest.mark.parametrize("data", ["fashion", "emoji"])
def test_equivalent_blur_is_that_of_the_reports(scripts, data):
    x = images_of(data)[:12].float() / 255
    sigmas = torch.linspace(0, 4, 12)
    y = blurred(x, sigmas).clamp(0, 1)
    y[-1] = 0.5  # flat
    expected = equivalent_blur(luminance(x), luminance(y))
    found = scripts.evaluate(
        """async ([xs, ys, size, channels]) => {
          const {equivalentBlur, blurred} = await import("/sharpness/blur.js");
          return xs.map((x, k) =>
            [equivalentBlur(x, ys[k], size, channels), Array.from(blurred(x, size, channels, 0.7))]);
        }""",
        [*(part.permute(0, 2, 3, 1).flatten(1).tolist() for part in (x, y)), x.shape[-1], x.shape[1]],
    )
    # NaN comes from the browser as it is
    sigma = torch.tensor([each[0] for each in found], dtype=torch.float64)
    assert torch.allclose(sigma, expected, atol=1e-4, equal_nan=True)
    under = torch.tensor([each[1] for each in found]).view(len(x), *x.shape[2:], x.shape[1]).permute(0, 3, 1, 2)
    assert float((under - blurred(x, 0.7)).abs().max()) < TOLERANCE
