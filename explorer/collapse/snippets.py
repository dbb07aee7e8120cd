"""Each remedy of the codebook study as lines to paste: with this package, with PyTorch alone, with a known library.

`$K` and `$D` are the reader's sizes. Lines name `z_e` (N, D), `indices` (N,) and `codebook` (K, D) of a training step.
"""

from __future__ import annotations

from string import Template

from explorer.errors import ConfigError
from explorer.models.fsq import fsq_levels

#: Where K is no product of three whole numbers.
USUAL_LEVELS = (8, 8, 8)

PACKAGE = """\
from explorer.models import VectorQuantizer

quantizer = VectorQuantizer($K, $D, {})
out = quantizer(z_e)  # z_e: (N, $D), or (B, $D, height, width)
loss = loss + out.loss  # and decode out.quantized
"""
LIBRARY = """\
from vector_quantize_pytorch import VectorQuantize

quantizer = VectorQuantize(dim=$D, codebook_size=$K, {})
quantized, indices, commitment = quantizer(z_e)  # z_e: (batch, positions, $D)
loss = loss + commitment
"""

#: CVQ's two other anchors.
PULL = """\
import torch
import torch.nn.functional as F

share = torch.zeros($K, device=codebook.device)


@torch.no_grad()
def pull(codebook, z_e, indices, decay=0.99):
    hits = torch.bincount(indices.flatten(), minlength=$K)
    share.mul_(decay).add_(hits / hits.sum(), alpha=1 - decay)
    strength = torch.exp(-10 * $K * share / (1 - decay) - 1e-3)[:, None]
    cosine = F.normalize(codebook, dim=1) @ F.normalize(z_e, dim=1).T
    codebook.lerp_(z_e[CHOSEN], strength)


pull(codebook.data, z_e, indices)  # after each training step; indices by cosine, too
"""

SNIPPETS: dict[str, dict[str, str]] = {
    "restart": {
        "package": PACKAGE.format('update="ema", dead_codes="restart"'),
        "torch": """\
import torch

idle = torch.zeros($K, dtype=torch.long, device=codebook.device)  # steps since each code's last hit


@torch.no_grad()
def restart(codebook, z_e, indices, wait=100):
    idle.add_(1)
    idle[indices.flatten()] = 0
    dead = (idle >= wait).nonzero()[:, 0]
    rows = torch.randperm(len(z_e), device=z_e.device)[: len(dead)]
    dead = dead[: len(rows)]
    codebook[dead] = z_e[rows]
    idle[dead] = 0
    return dead  # set their EMA counts to 1 and sums to the new codes, or their Adam moments to 0


moved = restart(codebook.data, z_e, indices)  # after each training step
""",
        "vector_quantize_pytorch": LIBRARY.format("decay=0.99, threshold_ema_dead_code=2")
        + "# the threshold is hits a step: keep it well below vectors a step / $K\n",
    },
    "kmeans": {
        "package": PACKAGE.format('update="ema", init="kmeans"'),
        "torch": """\
import torch


@torch.no_grad()
def kmeans(z_e, num_embeddings, rounds=20):
    centres = z_e[torch.randperm(len(z_e), device=z_e.device)[:num_embeddings]].clone()
    for _ in range(rounds):
        nearest = torch.cdist(z_e, centres).argmin(1)
        counts = torch.bincount(nearest, minlength=num_embeddings)[:, None]
        sums = torch.zeros_like(centres).index_add_(0, nearest, z_e)
        centres = torch.where(counts > 0, sums / counts.clamp(min=1), centres)
    return centres


# before the first step, on at least 10 encoder outputs for each code, of several batches
codebook.data.copy_(kmeans(z_e, $K))
""",
        "vector_quantize_pytorch": LIBRARY.format("kmeans_init=True, kmeans_iters=20"),
    },
    "rotation": {
        "package": PACKAGE.format('update="ema", gradient_estimator="rotation"'),
        "torch": """\
import torch
import torch.nn.functional as F


def rotated(z, q):  # in place of z + (q - z).detach(); both (N, D)
    ratio = (q.norm(dim=1, keepdim=True) / z.norm(dim=1, keepdim=True).clamp_min(1e-12)).detach()
    z_hat, q_hat = F.normalize(z, dim=1).detach(), F.normalize(q, dim=1).detach()
    r = F.normalize(z_hat + q_hat, dim=1)
    turned = z - 2 * (z * r).sum(1, keepdim=True) * r + 2 * (z * z_hat).sum(1, keepdim=True) * q_hat
    return ratio * turned


quantized = rotated(z_e, codebook[indices])
""",
        "vector_quantize_pytorch": LIBRARY.format("rotation_trick=True"),
    },
    "simvq": {
        "package": """\
from explorer.models import QUANTIZERS

quantizer = QUANTIZERS["simvq"]($K, $D)
out = quantizer(z_e)  # z_e: (N, $D), or (B, $D, height, width)
loss = loss + out.loss  # and decode out.quantized
""",
        "torch": """\
import torch
from torch import nn

frozen = torch.randn($K, $D) * $D**-0.5  # a buffer, never trained
basis = nn.Linear($D, $D)  # give it to the optimizer

codebook = basis(frozen)  # at every step, before the nearest code is looked for
indices = torch.cdist(z_e, codebook).argmin(1)
quantized = codebook[indices]
loss = loss + (quantized - z_e.detach()).square().mean() + 0.25 * (z_e - quantized.detach()).square().mean()
""",
        "vector_quantize_pytorch": """\
from vector_quantize_pytorch import SimVQ

quantizer = SimVQ(dim=$D, codebook_size=$K)
quantized, indices, commitment = quantizer(z_e)  # z_e: (batch, positions, $D)
loss = loss + commitment
""",
    },
    "simvq-wide": {
        "package": """\
from explorer.models import QUANTIZERS

quantizer = QUANTIZERS["simvq"]($K, $D, init="normal")  # not its authors' start: W = I over codes from N(0, 1)
out = quantizer(z_e)  # z_e: (N, $D), or (B, $D, height, width)
loss = loss + out.loss  # and decode out.quantized
""",
    },
    "fsq": {
        "package": """\
from explorer.models import QUANTIZERS

quantizer = QUANTIZERS["fsq"]($FSQ_K, 3)
out = quantizer(z)  # z: (N, 3), or (B, 3, height, width): let the encoder end in 3 channels
decoded = out.quantized
""",
        "torch": """\
import torch

levels = torch.tensor($LEVELS)  # their product is the number of codes


def fsq(z):  # (..., 3): let the encoder end in 3 channels
    half = (levels - 1) * (1 - 1e-3) / 2
    offset = (levels % 2 == 0) * 0.5
    bounded = torch.tanh(z + torch.tan(offset / half)) * half - offset
    return (bounded + (bounded.round() - bounded).detach()) / (levels // 2)


decoded = fsq(z)
""",
        "vector_quantize_pytorch": """\
from vector_quantize_pytorch import FSQ

quantizer = FSQ(levels=$LEVELS)
decoded, indices = quantizer(z)  # z: (batch, positions, 3)
""",
    },
    "cosine": {
        "package": PACKAGE.format('update="gradient", distance="cosine"'),
        "torch": """\
import torch.nn.functional as F

z = F.normalize(z_e, dim=1)
codes = F.normalize(codebook, dim=1)
indices = (z @ codes.T).argmax(1)
quantized = codes[indices]
loss = loss + (quantized - z.detach()).square().mean() + 0.25 * (z - quantized.detach()).square().mean()
""",
        "vector_quantize_pytorch": LIBRARY.format("use_cosine_sim=True"),
    },
    "entropy": {
        "package": PACKAGE.format('update="gradient", regularizer="entropy"'),
        "torch": """\
import torch


def entropy_loss(z_e, codebook, temperature=0.01):  # from -ln K, even use, to 0
    log_q = (-torch.cdist(z_e, codebook).square() / temperature).log_softmax(1)
    q = log_q.exp()
    mean = q.mean(0)
    return (mean * mean.clamp_min(1e-20).log()).sum() - (q * log_q).sum(1).mean()


loss = loss + 0.1 * entropy_loss(z_e, codebook)
""",
        "vector_quantize_pytorch": LIBRARY.format("codebook_diversity_loss_weight=0.1"),
    },
    "anchors": {
        "package": PACKAGE.format('update="gradient", dead_codes="anchors"'),
        "torch": """\
import torch

share = torch.zeros($K, device=codebook.device)


@torch.no_grad()
def pull(codebook, z_e, indices, decay=0.99):
    hits = torch.bincount(indices.flatten(), minlength=$K)
    share.mul_(decay).add_(hits / hits.sum(), alpha=1 - decay)
    strength = torch.exp(-10 * $K * share / (1 - decay) - 1e-3)[:, None]
    codebook.lerp_(z_e[torch.randint(len(z_e), ($K,), device=z_e.device)], strength)


pull(codebook.data, z_e, indices)  # after each training step
""",
    },
    "anchors-closest": {
        "package": PACKAGE.format('update="gradient", distance="cosine", dead_codes="anchors-closest"'),
        "torch": PULL.replace("CHOSEN", "cosine.argmax(1)"),
    },
    "anchors-probable": {
        "package": PACKAGE.format('update="gradient", distance="cosine", dead_codes="anchors-probable"'),
        "torch": PULL.replace("CHOSEN", "torch.multinomial(cosine.softmax(1), 1)[:, 0]"),
    },
    "expire": {
        "package": PACKAGE.format('update="ema", dead_codes="expire"'),
        "torch": """\
import torch

average = torch.ones($K, device=codebook.device)  # hits a step


@torch.no_grad()
def expire(codebook, z_e, indices, threshold=2.0, decay=0.99):
    average.mul_(decay).add_(torch.bincount(indices.flatten(), minlength=$K), alpha=1 - decay)
    rare = (average < threshold).nonzero()[:, 0]
    rows = torch.randperm(len(z_e), device=z_e.device)[: len(rare)]
    rare = rare[: len(rows)]
    codebook[rare] = z_e[rows]
    average[rare] = threshold
    return rare  # set their EMA counts to 1 and sums to the new codes, or their Adam moments to 0


moved = expire(codebook.data, z_e, indices)  # after each training step
""",
        "vector_quantize_pytorch": LIBRARY.format("decay=0.99, threshold_ema_dead_code=2")
        + "# the threshold is hits a step: keep it well below vectors a step / $K\n",
    },
    "nsvq": {
        "package": PACKAGE.format('update="gradient", gradient_estimator="noise", commitment_cost=0.0'),
        "torch": """\
import torch
import torch.nn.functional as F

chosen = codebook[indices]  # what the decoder is given in use
error = (z_e - chosen).norm(dim=1, keepdim=True)
quantized = z_e + error * F.normalize(torch.randn_like(z_e), dim=1)  # and in training; no commitment loss
""",
    },
}


def snippets(remedy: str, num_embeddings: int | None, embedding_dim: int | None) -> dict[str, str]:
    """Lines of a remedy by library, for a codebook of these sizes; 512 codes of 64 numbers where they are not known."""
    codes, dim = num_embeddings or 512, embedding_dim or 64
    try:
        levels = fsq_levels(codes, 3)
    except ConfigError:
        levels = USUAL_LEVELS
    product = levels[0] * levels[1] * levels[2]
    holes = {"K": codes, "D": dim, "LEVELS": list(levels), "FSQ_K": product}
    return {library: Template(lines).substitute(holes) for library, lines in SNIPPETS.get(remedy, {}).items()}
