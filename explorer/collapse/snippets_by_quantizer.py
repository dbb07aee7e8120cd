"""Lines to paste for remedies that are another quantizer; holes as in `explorer.collapse.snippets`."""

from __future__ import annotations

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

BY_QUANTIZER: dict[str, dict[str, str]] = {
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
    "affine": {
        "package": """\
from explorer.models import QUANTIZERS

quantizer = QUANTIZERS["affine"]($K, $D)  # begins by k-means on the first outputs
out = quantizer(z_e)  # z_e: (N, $D), or (B, $D, height, width)
loss = loss + out.loss  # and decode out.quantized
""",
        "torch": """\
import torch
from torch import nn

scale, bias = nn.Parameter(torch.zeros($D)), nn.Parameter(torch.zeros($D))  # give both to the optimizer

codes = codebook * (1 + 10 * scale) + 10 * bias  # at every step, before the nearest code is looked for
indices = torch.cdist(z_e, codes).argmin(1)
quantized = codes[indices]
loss = loss + (quantized - z_e.detach()).square().mean() + 0.25 * (z_e - quantized.detach()).square().mean()
""",
    },
    "transport": {
        "package": """\
from explorer.models import QUANTIZERS

quantizer = QUANTIZERS["transport"]($K, $D, update="gradient", init="kmeans")
out = quantizer(z_e)  # z_e: (N, $D), or (B, $D, height, width)
loss = loss + out.loss  # and decode out.quantized
""",
        "torch": """\
import torch


@torch.no_grad()
def shared_out(z_e, codebook, sharpness=10.0, rounds=5):  # in training, in place of the nearest code
    cost = torch.cdist(z_e, codebook).double()
    cost = sharpness * (cost - cost.min()) / cost.std()
    log_plan = -cost
    for _ in range(rounds):
        log_plan = log_plan.log_softmax(0)
        log_plan = log_plan.log_softmax(1)
    return log_plan.argmax(1)


indices = shared_out(z_e, codebook)
quantized = codebook[indices]
loss = loss + (quantized - z_e.detach()).square().mean() + 0.25 * (z_e - quantized.detach()).square().mean()
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
    "bsq": {
        "package": """\
from explorer.models import QUANTIZERS

quantizer = QUANTIZERS["bsq"](2**$BITS, $BITS, regularizer="soft-entropy")
out = quantizer(z_e[..., :$BITS])  # let the encoder end in $BITS channels
loss = loss + out.loss  # and decode out.quantized
""",
        "torch": """\
import torch
import torch.nn.functional as F

bits = $BITS  # 2^$BITS codes; let the encoder end in as many channels
u = F.normalize(z_e[..., :bits], dim=-1)
signs = (u > 0).to(u) * 2 - 1
quantized = (u + (signs - u).detach()) / bits**0.5
indices = ((signs > 0) * 2 ** torch.arange(bits)).sum(-1)
codes = ((torch.arange(2**bits)[:, None] >> torch.arange(bits)) % 2 * 2.0 - 1) / bits**0.5
log_q = (2 * u @ codes.T).log_softmax(-1)
mean = log_q.exp().mean(0)
loss = loss + 0.1 * ((mean * mean.log()).sum() - (log_q.exp() * log_q).sum(-1).mean())
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
}
