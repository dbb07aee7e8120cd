"""The browser's decoder against PyTorch: random models of every shape, and every shipped run."""

from __future__ import annotations

import base64
from typing import Any

import pytest
import torch

from explorer.models import AE, Autoencoder, ImageShape
from explorer.runs import SHIPPED, list_runs, load_run
from explorer.ui.computed.program import MAX_WORK, decoder_numbers, decoder_program

TOLERANCE = 2 / 255
SHIPPED_RUNS = [info.id for info in list_runs([SHIPPED])]

DECODE = """
async ({program, numbers, latent}) => {
  const {makeDecoder, halvesToFloats} = await import("/core/decoder.js");
  const bytes = Uint8Array.from(atob(numbers), (c) => c.charCodeAt(0));
  const decode = makeDecoder(program, halvesToFloats(bytes.buffer));
  decode(latent.map((value) => -value)); // scratch space is used twice: nothing may be left over from the first image
  return Array.from(decode(latent));
}
"""


def compare(scripts: Any, model: Autoencoder, latent: torch.Tensor) -> float:
    """Largest difference over all values of one image; `latent` has the shape PyTorch takes, without a batch."""
    with torch.no_grad():
        expected = model.decoder(latent[None])[0].permute(1, 2, 0).flatten()
    channels_last = latent.permute(1, 2, 0) if latent.ndim == 3 else latent
    image = scripts.evaluate(
        DECODE,
        {
            "program": decoder_program(model).to_json(),
            "numbers": base64.b64encode(decoder_numbers(model)).decode(),
            "latent": channels_last.flatten().tolist(),
        },
    )
    assert len(image) == len(expected)
    return float((torch.tensor(image) - expected).abs().max())


@pytest.mark.parametrize(
    "channels, size, width", [(1, 28, 32), (3, 32, 32), (3, 64, 16), (1, 64, 8), (1, 28, 11), (3, 32, 4)]
)
def test_equal_to_pytorch(scripts, channels, size, width):
    for dim, spatial in [(2, False), (16, False), (2, True), (64, True)]:
        model = AE(ImageShape(channels, size, size), dim, spatial=spatial, width=width, seed=dim).eval()
        shape = (dim, size // 4, size // 4) if spatial else (dim,)
        latent = torch.randn(shape, generator=torch.Generator().manual_seed(7))
        assert compare(scripts, model, latent) < TOLERANCE, (dim, spatial)


@pytest.mark.parametrize("run_id", SHIPPED_RUNS)
def test_equal_to_pytorch_on_shipped_runs(scripts, run_id):
    model = load_run(run_id).model
    program = decoder_program(model)
    if program.work > MAX_WORK:
        pytest.skip("decoded by the server")
    generator = torch.Generator().manual_seed(7)
    if model.kind == "vqvae":
        quantizer: Any = model.quantizer
        # codes of levels as their first one's: what is decoded is a vector of D numbers in any case
        codes = quantizer.codebook.reshape(-1, quantizer.embedding_dim)
        indices = torch.randint(len(codes), program.input[1:], generator=generator)
        # in float32 the snippet's dead codes lie 1e5 away, and decode to values as large: ask for those in use
        near = (codes.norm(dim=1) < 100).nonzero()[:, 0]
        latent = codes[near[indices % len(near)]].permute(2, 0, 1)
    else:
        latent = torch.randn(program.input, generator=generator)
    assert compare(scripts, model, latent) < TOLERANCE


def test_weights_of_another_model_are_refused(scripts):
    model = AE(ImageShape(1, 28, 28), 2, width=8)
    other = AE(ImageShape(1, 28, 28), 3, width=8)
    message = scripts.evaluate(
        """async ({program, numbers}) => {
          const {makeDecoder, halvesToFloats} = await import("/core/decoder.js");
          const bytes = Uint8Array.from(atob(numbers), (c) => c.charCodeAt(0));
          try { makeDecoder(program, halvesToFloats(bytes.buffer)); } catch (error) { return error.message; }
        }""",
        {
            "program": decoder_program(model).to_json(),
            "numbers": base64.b64encode(decoder_numbers(other)).decode(),
        },
    )
    assert "decoder expects" in message


def test_halves_become_the_same_floats(scripts):
    """All 65,536 of them: zeros, subnormals, infinities and NaN too."""
    bits = torch.arange(65536, dtype=torch.int32).to(torch.int16)
    expected = bits.view(torch.float16).float()
    body = base64.b64encode(bits.numpy().tobytes()).decode()
    values = scripts.evaluate(
        """async (body) => {
          const {halvesToFloats} = await import("/core/decoder.js");
          const floats = halvesToFloats(Uint8Array.from(atob(body), (c) => c.charCodeAt(0)).buffer);
          return Array.from(new Int32Array(floats.buffer)).map((x, i) => Number.isNaN(floats[i]) ? null : x);
        }""",
        body,
    )
    finite = ~expected.isnan()
    assert [value is not None for value in values] == finite.tolist()
    got = torch.tensor([value or 0 for value in values], dtype=torch.int32)
    assert torch.equal(got[finite], expected.view(torch.int32)[finite])


def test_cells_hold_the_points_that_are_nearest(scripts):
    """A grid of points: each lies in the polygon of its nearest code, and the polygons fill the box."""
    generator = torch.Generator().manual_seed(3)
    codes = torch.randn(40, 2, generator=generator)
    codes[7] = codes[3]  # of identical codes the first has the cell
    found = scripts.evaluate(
        """async (codes) => {
          const {voronoi} = await import("/plane/voronoi.js");
          const {nearestCode} = await import("/core/codebooks.js");
          const cells = voronoi(Float32Array.from(codes), [-2, -2, 2, 2]);
          const area = cells.reduce((sum, polygon) => {
            for (let i = 0; i < polygon.length; i += 2) {
              const j = (i + 2) % polygon.length;
              sum += (polygon[i] * polygon[j + 1] - polygon[j] * polygon[i + 1]) / 2;
            }
            return sum;
          }, 0);
          const inside = (polygon, x, y) => {
            for (let i = 0; i < polygon.length; i += 2) {
              const j = (i + 2) % polygon.length;
              const [dx, dy] = [polygon[j] - polygon[i], polygon[j + 1] - polygon[i + 1]];
              if (dx * (y - polygon[i + 1]) - dy * (x - polygon[i]) < -1e-6) return false;
            }
            return polygon.length > 0;
          };
          const points = [];
          for (let x = -1.93; x < 2; x += 0.31) for (let y = -1.97; y < 2; y += 0.29) {
            const nearest = nearestCode(Float32Array.from(codes), [x, y]);
            points.push([x, y, nearest, inside(cells[nearest], x, y)]);
          }
          return {area, points, twin: cells[7].length};
        }""",
        codes.flatten().tolist(),
    )
    assert found["area"] == pytest.approx(16)
    assert found["twin"] == 0
    for x, y, nearest, inside in found["points"]:
        distances = ((codes - torch.tensor([x, y])) ** 2).sum(1)
        assert distances[nearest] == pytest.approx(float(distances.min()), abs=1e-5)
        assert nearest != 7
        assert inside
