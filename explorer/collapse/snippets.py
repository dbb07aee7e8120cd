"""Each remedy of the codebook study as lines to paste: with this package, with PyTorch alone, with a known library.

`$K` and `$D` are the reader's sizes. Lines name `z_e` (N, D), `indices` (N,) and `codebook` (K, D) of a training step.
"""

from __future__ import annotations

from string import Template

from explorer.collapse.snippets_by_quantizer import BY_QUANTIZER, LIBRARY, PACKAGE
from explorer.errors import ConfigError
from explorer.models.fsq import fsq_levels

#: Where K is no product of three whole numbers.
USUAL_LEVELS = (8, 8, 8)


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

SNIPPETS: dict[str, dict[str, str]] = BY_QUANTIZER | {
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
    "replace": {
        "package": PACKAGE.format('update="gradient", dead_codes="replace"'),
        "torch": """\
import torch

used_steps = torch.zeros($K, device=codebook.device)
steps = 0


@torch.no_grad()
def replace(codebook, indices, window=100, share=0.01):
    global steps
    used_steps[indices.unique()] += 1
    steps += 1
    rare = (used_steps < share * window).nonzero()[:, 0]
    if steps < window or len(rare) == $K:
        return rare[:0]
    onto = torch.multinomial(used_steps, max(1, len(rare)), replacement=True)[: len(rare)]
    codebook[rare] = codebook[onto] + 1e-9 * torch.randn_like(codebook[onto])
    used_steps.zero_()
    steps = 0
    return rare  # set their Adam moments to 0


moved = replace(codebook.data, indices)  # after each training step
""",
    },
    "diveq": {
        "package": PACKAGE.format(
            'update="gradient", gradient_estimator="directed-noise", dead_codes="replace", commitment_cost=0.0'
        ),
        "torch": """\
import torch
import torch.nn.functional as F

error = codebook[indices] - z_e
direction = F.normalize(error + 1e-3 * torch.randn_like(z_e), dim=1).detach()
quantized = z_e + error.norm(dim=1, keepdim=True) * direction  # in training; no codebook or commitment loss
""",
    },
    "wasserstein": {
        "package": PACKAGE.format('update="gradient", regularizer="wasserstein"'),
        "torch": """\
import torch


def wasserstein(z_e, codebook):  # between the Gaussians that fit both, in standard deviations of z_e
    z = z_e.detach() / z_e.detach().std(0).max()
    e = codebook / z_e.detach().std(0).max()
    covariance = torch.cov(z.T)
    values, axes = torch.linalg.eigh(covariance)
    root = axes * values.clamp_min(0).sqrt() @ axes.T
    own = torch.cov(e.T)
    shared = (torch.linalg.eigvalsh(root @ own @ root).clamp_min(0) + 1e-8).sqrt().sum()
    apart = (z.mean(0) - e.mean(0)).square().sum() + covariance.trace() + own.trace() - 2 * shared
    return (apart.clamp_min(0) + 1e-8).sqrt()


loss = loss + 0.5 * wasserstein(z_e, codebook)
""",
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
    holes = {"K": codes, "D": dim, "LEVELS": list(levels), "FSQ_K": product, "BITS": max(1, (codes - 1).bit_length())}
    return {library: Template(lines).substitute(holes) for library, lines in SNIPPETS.get(remedy, {}).items()}
