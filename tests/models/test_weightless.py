"""Modules that are built for their names and shapes alone."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch
from torch import nn

from explorer.models.prior import LATENT_PRIORS, LEARNED_PRIORS, CodeSpace, LatentSpace, build_latent_prior, build_prior
from explorer.models.weightless import weightless

BUILD = {
    **{kind: lambda kind=kind: build_prior(kind, CodeSpace(8, 2, 2)) for kind in LEARNED_PRIORS},
    **{kind: lambda kind=kind: build_latent_prior(kind, LatentSpace(2)) for kind in LATENT_PRIORS},
}


@pytest.mark.parametrize("kind", BUILD)
def test_names_and_shapes_are_those_of_the_prior_and_nothing_is_held(kind):
    with weightless():
        described = BUILD[kind]().state_dict()
    whole = BUILD[kind]().state_dict()
    assert {name: tensor.shape for name, tensor in described.items()} == {n: t.shape for n, t in whole.items()}
    assert all(tensor.is_meta for tensor in described.values())


def test_numbers_are_drawn_again_after_the_block():
    with weightless():
        assert nn.init.normal_(torch.empty(3)).is_meta
        assert torch.empty(3).normal_().is_meta
    assert float(nn.init.normal_(torch.zeros(3)).abs().min()) > 0
    assert float(torch.zeros(3).normal_().abs().min()) > 0


def test_the_shipped_priors_kinds_import_no_compiler():
    """A server that reads a prior would be 160 MB larger for good, and a second later."""
    code = (
        "import sys\n"
        "from explorer.models.prior import CodeSpace, LatentSpace, build_latent_prior, build_prior\n"
        "from explorer.models.weightless import weightless\n"
        "with weightless():\n"
        "    build_prior('transformer', CodeSpace(8, 2, 2))\n"
        "    build_prior('levels', CodeSpace(8, 2, 2, levels=3))\n"
        "    build_latent_prior('gaussian_transformer', LatentSpace(2))\n"
        "print(*sorted({'torch._dynamo', 'sympy', 'triton'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.split() == []
