"""A quantizer's training step (forward, EMA, backward to z_e) against two common ways to write it.

`snippet` is the widespread tutorial form: the full matrix of distances, a one-hot matrix N x K, and products with it.
`package` is vector-quantize-pytorch with the same decay and commitment cost, without its rotation trick.
All take the encoder's (B, D, H, W) and give the gradient of quantized and loss. `product` is no quantizer: the bare
product of vectors and codes in the same blocks, which an exact search in float32 computes. The tutorial's time over
its time is as far as one could get if all the rest were free.

    python -m benchmarks.quantizer [--rounds 7] [--threads 1 2] [--only 0 1] [--channels-last] [--cpu]

`--beside 0 1 2` compares threads instead, while so many other processes keep a core busy each: `alone` is ours on one
thread, `torch's` ours with every operation shared by torch's threads, as any library of torch does it.
Asked: with two threads never above 1.3 times `alone`, and never above the package.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable
from unittest.mock import patch

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from vector_quantize_pytorch import VectorQuantize

from benchmarks.timing import interleaved, parser_of, sizes, use_threads
from explorer.models import threads
from explorer.models.nearest import rows_in_a_block
from explorer.models.vector_quantizer import VectorQuantizer

DECAY, EPSILON, COST = 0.99, 1e-5, 0.25
SIZES = ((512, 64, 8192), (256, 2, 6272), (8192, 64, 4096), (1024, 8, 65536))  # (K, D, N)
GRIDS = {8192: (128, 8, 8), 6272: (128, 7, 7), 4096: (64, 8, 8), 65536: (256, 16, 16)}  # N as (B, H, W)
ASKED = {"snippet": 8.0, "package": 6.0}  # at the first size; 1 elsewhere


class Snippet(nn.Module):
    """The tutorial's quantizer, restated: dense one-hot codes and new parameters at each step."""

    size: Tensor

    def __init__(self, k: int, d: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(k, d))
        self.register_buffer("size", torch.zeros(k))
        self.total = nn.Parameter(torch.randn(k, d))

    def forward(self, z_e: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        k, d = self.weight.shape
        last = z_e.permute(0, 2, 3, 1).contiguous()
        flat = last.view(-1, d)
        products = torch.matmul(flat, self.weight.t())
        distances = (flat**2).sum(1, keepdim=True) + (self.weight**2).sum(1) - 2 * products
        chosen = distances.argmin(1).unsqueeze(1)
        one_hot = torch.zeros(len(flat), k, device=flat.device).scatter_(1, chosen, 1)
        quantized = (one_hot @ self.weight).view(last.shape)
        self._average(one_hot, flat)
        loss = COST * F.mse_loss(quantized.detach(), last)
        quantized = last + (quantized - last).detach()
        share = one_hot.mean(0)
        perplexity = torch.exp(-(share * (share + 1e-10).log()).sum())
        return quantized.permute(0, 3, 1, 2).contiguous(), loss, perplexity

    def _average(self, one_hot: Tensor, flat: Tensor) -> None:
        size = self.size * DECAY + (1 - DECAY) * one_hot.sum(0)
        n = size.detach().sum()
        self.size = (size + EPSILON) / (n + len(size) * EPSILON) * n
        self.total = nn.Parameter(self.total * DECAY + (1 - DECAY) * (one_hot.t() @ flat))
        self.weight = nn.Parameter(self.total / self.size.unsqueeze(1))


def contestants(
    k: int, d: int, n: int, layout: torch.memory_format, device: torch.device | str = "cpu"
) -> dict[str, Callable[[], object]]:
    """One training step of each, on equal inputs in the memory layout `layout`; and the product alone."""
    batch, height, width = GRIDS[n]
    z_e = torch.randn(batch, d, height, width, device=device).to(memory_format=layout).requires_grad_()
    gradient = torch.randn_like(z_e)
    ours, snippet = VectorQuantizer(k, d, COST, init="normal").to(device), Snippet(k, d).to(device)
    package = VectorQuantize(
        dim=d, codebook_size=k, decay=DECAY, commitment_weight=COST, rotation_trick=False, accept_image_fmap=True
    ).to(device)

    def back(quantized: Tensor, loss: Tensor) -> None:
        z_e.grad = None
        torch.autograd.backward([quantized, loss], [gradient, torch.ones_like(loss)])

    def step_ours() -> None:
        out = ours(z_e)
        back(out.quantized, out.loss)

    def step_snippet() -> None:
        back(*snippet(z_e)[:2])

    def step_package() -> None:
        quantized, _, loss = package(z_e)
        back(quantized, loss.sum())

    vectors, codes = torch.randn(n, d, device=device), torch.randn(k, d, device=device)
    rows = rows_in_a_block(k, vectors.device)
    scores = torch.empty(min(rows, n), k, device=device)

    def product() -> None:
        for block in vectors.split(rows):
            torch.mm(block, codes.t(), out=scores[: len(block)])

    return {"ours": step_ours, "snippet": step_snippet, "package": step_package, "product": product}


def with_threads(number: int, step: Callable[[], object]) -> Callable[[], object]:
    """`step` on so many threads."""

    def run() -> None:
        torch.set_num_threads(number)
        step()

    return run


def in_torchs_way(step: Callable[[], object]) -> Callable[[], object]:
    """`step` with every operation shared by torch's threads."""

    def run() -> None:
        with (
            patch.object(threads._Pace, "choose", lambda _: threads.Way.TORCH),
            patch.object(threads._Pace, "is_idle", True),
            patch.object(threads._CREW, "is_idle", True),
        ):
            step()

    return run


def beside(others: int, chosen: argparse.Namespace, layout: torch.memory_format) -> None:
    """Print what two threads take over one, while `others` processes keep a core busy each."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(others)]
    try:
        for k, d, n in sizes(SIZES, chosen.only):
            torch.manual_seed(0)
            steps, again = contestants(k, d, n, layout), contestants(k, d, n, layout)
            own = contestants(k, d, n, layout)["ours"]
            racing = {
                "alone": with_threads(1, own),
                "ours": with_threads(2, steps["ours"]),
                "torch's": with_threads(2, in_torchs_way(again["ours"])),
                "package": with_threads(2, steps["package"]),
            }
            timing = interleaved(racing, chosen.rounds, clock=chosen.clock)
            times = "  ".join(f"{name} {1e3 * seconds:8.2f} ms" for name, seconds in timing.seconds.items())
            ratios = "  ".join(f"{name} {timing.ratios[name]:5.2f}" for name in ("ours", "torch's", "package"))
            print(f"beside {others}: K {k:5} D {d:3} N {n:6}:  {times}   |  over alone: {ratios}", flush=True)
    finally:
        for process in busy:
            process.kill()
            process.wait()


def main() -> None:
    """Print milliseconds per step and how many times slower the others are."""
    parser = parser_of(main.__doc__ or "")
    parser.add_argument("--beside", type=int, nargs="+", help="compare two threads with one, beside so many processes")
    parser.add_argument("--channels-last", action="store_true", help="the layout in which this project's models train")
    chosen = parser.parse_args()
    layout = torch.channels_last if chosen.channels_last else torch.contiguous_format
    for others in chosen.beside or ():
        beside(others, chosen, layout)
    for number in () if chosen.beside else chosen.threads:
        use_threads(number)
        for k, d, n in sizes(SIZES, chosen.only):
            torch.manual_seed(0)
            timing = interleaved(contestants(k, d, n, layout), chosen.rounds, clock=chosen.clock)
            times = "  ".join(f"{name} {1e3 * seconds:8.2f} ms" for name, seconds in timing.seconds.items())
            asked = ASKED if (k, d, n) == SIZES[0] else dict.fromkeys(ASKED, 1.0)
            ratios = "  ".join(f"{name} {timing.ratios[name]:5.1f}x (asked {asked[name]:g}x)" for name in asked)
            most = timing.ratios["snippet"] / timing.ratios["product"]
            print(f"K {k:5} D {d:3} N {n:6}:  {times}   |  {ratios}  snippet over product {most:.1f}x", flush=True)


if __name__ == "__main__":
    main()
