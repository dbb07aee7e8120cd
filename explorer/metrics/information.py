"""What a code says about the class of its image, in bits, beside what chance alone would say."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

#: Shufflings of the labels behind a null: at least 20 (SCIENCE.md, section 5, asks for no fewer).
PERMUTATIONS = 50


@dataclass(frozen=True)
class ClassInformation:
    """Mutual information of code and class, plug-in estimates in bits.

    A plug-in estimate is biased upwards, by about `(K - 1)(C - 1) / (2N ln 2)` for codes in even use, so it means
    nothing without its null: the same estimate after the images' labels were shuffled.

    Attributes:
        bits: (P,) at each position.
        null: (P,) mean over the shufflings.
        null_spread: (P,) their standard deviation.
        anywhere: of a code wherever it stands: all positions of all images are one sample.
        anywhere_null: mean over the shufflings.
        class_bits: entropy of the class: no code can say more.
        n: images.
        permutations: how many shufflings.
    """

    bits: Tensor
    null: Tensor
    null_spread: Tensor
    anywhere: float
    anywhere_null: float
    class_bits: float
    n: int
    permutations: int


def class_information(
    indices: Tensor,
    labels: Tensor,
    num_embeddings: int,
    num_classes: int,
    generator: torch.Generator,
    permutations: int = PERMUTATIONS,
) -> ClassInformation:
    """Information between the code at each position and the image's class.

    Args:
        indices: (N, h, w) or (N, P) integers in [0, K).
        labels: (N,) integers in [0, C).
        num_embeddings: K.
        num_classes: C.
        generator: draws the permutations, which move whole images: positions of one image keep one label.
        permutations: how many.
    """
    codes = indices.flatten(1)
    positions = codes.shape[1]
    cell = (codes + num_embeddings * torch.arange(positions)) * num_classes  # (N, P)

    def counts(of: Tensor) -> Tensor:
        joint = torch.bincount((cell + of[:, None]).flatten(), minlength=positions * num_embeddings * num_classes)
        return joint.view(positions, num_embeddings, num_classes).double()

    joint = counts(labels)
    nulls, anywhere_nulls = [], []
    for _ in range(permutations):  # one table at a time: it has P · K · C numbers
        shuffled = counts(labels[torch.randperm(len(labels), generator=generator)])
        nulls.append(mutual_information(shuffled))
        anywhere_nulls.append(mutual_information(shuffled.sum(0)))
    null = torch.stack(nulls)
    return ClassInformation(
        bits=mutual_information(joint),
        null=null.mean(0),
        null_spread=null.std(0, correction=0),
        anywhere=float(mutual_information(joint.sum(0))),
        anywhere_null=float(torch.stack(anywhere_nulls).mean()),
        class_bits=float(_entropy(joint[0].sum(0))),
        n=len(labels),
        permutations=permutations,
    )


def mutual_information(counts: Tensor) -> Tensor:
    """`H(code) + H(class) - H(code, class)` in bits of joint counts (..., K, C) -> (...)."""
    return _entropy(counts.sum(-1)) + _entropy(counts.sum(-2)) - _entropy(counts.flatten(-2))


def _entropy(counts: Tensor) -> Tensor:
    """In bits, over the last axis."""
    p = counts / counts.sum(-1, keepdim=True)
    return torch.special.entr(p).sum(-1) / torch.log(torch.tensor(2.0, dtype=torch.float64))
