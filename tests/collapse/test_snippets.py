"""Lines to paste run as they are, and do what their remedy does."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from explorer.collapse.snippets import SNIPPETS, snippets

EVERY = [(remedy, library) for remedy, lines in SNIPPETS.items() for library in lines]


def step(library: str, k: int = 64, d: int = 8, n: int = 1280) -> dict[str, Any]:
    """What a training step of the reader's has: 1,280 outputs, and codes of which most are far away."""
    generator = torch.Generator().manual_seed(0)
    rows = torch.randn(n, d, generator=generator)
    codes = torch.randn(k, d, generator=generator)
    codes[8:] += 50
    batched = library == "vector_quantize_pytorch"
    bounded = torch.randn(n, 3, generator=generator)
    return {
        "z_e": (rows.view(32, 40, d) if batched else rows).requires_grad_(),
        "z": bounded.view(32, 40, 3) if batched else bounded,
        "codebook": torch.nn.Parameter(codes),
        "indices": torch.cdist(rows, codes).argmin(1),
        "loss": torch.zeros(()),
    }


def run(remedy: str, library: str, k: int = 64) -> dict[str, Any]:
    if library == "vector_quantize_pytorch":
        pytest.importorskip(library)
    names = step(library, k)
    exec(snippets(remedy, k, 8)[library], names)  # noqa: S102 - the package's own lines
    return names


@pytest.mark.parametrize("remedy, library", EVERY)
def test_lines_run_as_they_are(remedy: str, library: str):
    names = run(remedy, library)
    assert torch.isfinite(torch.as_tensor(names["loss"])).all()


def test_codes_without_a_hit_are_put_on_outputs():
    names = step("torch")
    exec(snippets("restart", 64, 8)["torch"], names)  # noqa: S102
    before = names["codebook"].detach().clone()
    for _ in range(99):
        moved = names["restart"](names["codebook"].data, names["z_e"], names["indices"])
    assert len(moved) == 56
    assert torch.equal(names["codebook"][:8], before[:8]), "what is hit stays"
    assert float(torch.cdist(names["codebook"].detach()[8:], names["z_e"].detach()).min(1).values.max()) < 1e-2
    assert not len(names["restart"](names["codebook"].data, names["z_e"], names["indices"])), "each has its grace"


def test_k_means_spreads_centres_over_the_outputs():
    names = run("kmeans", "torch")
    hits = torch.cdist(names["z_e"], names["codebook"]).argmin(1).bincount(minlength=64)
    assert int((hits == 0).sum()) == 0


def test_the_rotation_takes_each_output_to_its_code():
    names = run("rotation", "torch")
    chosen = names["codebook"][names["indices"]]
    assert torch.allclose(names["quantized"], chosen, rtol=1e-3, atol=1e-3)
    names["quantized"].square().sum().backward()
    assert names["z_e"].grad is not None


def test_the_anchors_reach_the_outputs():
    names = run("anchors", "torch")
    far = names["codebook"].detach()[8:]
    assert float(torch.cdist(far, names["z_e"].detach()).min(1).values.max()) < 1.0


def test_a_grid_of_as_many_codes_as_there_were():
    assert "levels=[8, 8, 8]" in snippets("fsq", 512, 64)["vector_quantize_pytorch"]
    assert "levels=[16, 8, 8]" in snippets("fsq", 1024, 64)["vector_quantize_pytorch"]
    assert "(512, 3)" in snippets("fsq", 509, 64)["package"], "a prime has no grid: the usual one stands there"
