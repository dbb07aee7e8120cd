"""Residual levels and groups: what their codes add up to, and what a model makes of them."""

from __future__ import annotations

import copy
import itertools
from typing import Any

import pytest
import torch

from explorer.errors import QuantizerError
from explorer.models import (
    COMPOSITIONS,
    QUANTIZERS,
    VQVAE,
    ComposedQuantizer,
    EMAUpdate,
    GroupedQuantizer,
    ImageShape,
    ResidualQuantizer,
    VectorQuantizer,
)
from explorer.models.gradient_estimators import GRADIENT_ESTIMATORS
from explorer.models.registry import INSISTS
from tests.levels import D, K, L, draw, make, seeded, train

PAIRS = [
    (name, part)
    for name, part in itertools.product(COMPOSITIONS, QUANTIZERS)
    if part in INSISTS.get(("quantizer", name), {}).get("level_quantizer", QUANTIZERS)
]


@pytest.mark.parametrize("name, part", PAIRS)
@pytest.mark.parametrize("shared", [False, True])
def test_every_prefix_decodes_to_the_sum_of_its_levels(name: str, part: str, shared: bool) -> None:
    quantizer = make(name, part, shared_codebook=shared)
    train(quantizer, 5)
    quantizer.eval()
    z_e = draw(8, D, 2, 3, seed=9)
    out = quantizer(z_e)
    levels = quantizer.num_levels or 0
    assert out.indices.shape == (8, 2, 3, levels)
    assert torch.equal(out.quantized, quantizer.lookup(out.indices))
    assert torch.equal(out.indices, quantizer.nearest(quantizer.project(z_e)))
    each = [quantizer.codebook[level][out.indices[..., level]].movedim(-1, 1) for level in range(levels)]
    for prefix in range(levels + 1):
        decoded = quantizer.lookup(out.indices[..., :prefix])
        if name == "residual":
            expected = sum(each[:prefix], torch.zeros_like(z_e))
        else:
            width = D // levels * prefix
            expected = torch.cat([*each[:prefix], torch.zeros_like(z_e[:, width:])], dim=1)
        assert torch.equal(decoded, expected)


def test_residual_levels_are_greedy_on_what_is_left() -> None:
    quantizer = make("residual").eval()
    z_e = draw(50, D, seed=3)
    rest, out = z_e, quantizer(z_e)
    for level in range(L):
        chosen = torch.cdist(rest, quantizer.codebook[level]).argmin(1)
        assert torch.equal(out.indices[:, level], chosen)
        rest = rest - quantizer.codebook[level][chosen]
    torch.testing.assert_close(out.quantized, z_e - rest)


@pytest.mark.parametrize("name", COMPOSITIONS)
def test_k_to_the_l_points_on_a_toy(name: str) -> None:
    """2 codes at 3 levels, 4 at 2 groups: vectors that stand on every point are given back, and no two are the same."""
    if name == "residual":
        quantizer: ComposedQuantizer = ResidualQuantizer(2, 2, levels=3)
        codes = torch.tensor([[[4.0, 0], [-4, 0]], [[0, 2], [0, -2]], [[1, 0], [-1, 0]]])
    else:
        quantizer = GroupedQuantizer(4, 2, groups=2)
        codes = torch.stack([torch.arange(4.0)[:, None], 10 * torch.arange(4.0)[:, None]])
    quantizer.load_codebook(codes)
    number, levels = codes.shape[1], len(codes)
    every = torch.cartesian_prod(*[torch.arange(number)] * levels)
    points = quantizer.eval().lookup(every)
    assert len(points.unique(dim=0)) == number**levels == {"residual": 8, "grouped": 16}[name]
    out = quantizer(points)
    assert torch.equal(out.indices, every)
    assert torch.equal(out.quantized, points)


def test_equal_weights_give_what_the_package_gives() -> None:
    package = pytest.importorskip("vector_quantize_pytorch")
    theirs = package.ResidualVQ(dim=D, num_quantizers=L, codebook_size=K, decay=0.9, rotation_trick=False)
    ours = ResidualQuantizer(K, D, levels=L, update=EMAUpdate(decay=0.9, start="ones"))
    codes = draw(L, K, D, seed=5)
    ours.load_codebook(codes)
    for layer, vectors in zip(theirs.layers, codes, strict=True):
        layer._codebook.embed.data.copy_(vectors[None])
        layer._codebook.embed_avg.data.copy_(vectors[None])
        layer._codebook.cluster_size.data.fill_(1)
    for step in range(4):
        rows = draw(200, D, seed=10 + step)
        quantized, indices, losses = theirs(rows[None])
        out = ours(rows)
        torch.testing.assert_close(out.quantized, quantized[0], atol=1e-6, rtol=0)
        assert torch.equal(out.indices, indices[0])
        torch.testing.assert_close(out.commitment_loss, losses.sum(), atol=1e-6, rtol=1e-6)
        torch.testing.assert_close(ours.codebook, theirs.codebooks, atol=1e-5, rtol=1e-5)


def test_one_level_is_the_quantizer_alone() -> None:
    alone = VectorQuantizer(K, D, init="normal", generator=seeded(0))
    for name in COMPOSITIONS:
        number: dict[str, Any] = {"levels": 1} if name == "residual" else {"groups": 1}
        composed = make(name, **number)
        one = copy.deepcopy(alone)
        for step in range(4):
            z_e = draw(20, D, 2, 3, seed=step)
            left, right = one(z_e), composed(z_e)
            assert torch.equal(left.quantized, right.quantized)
            assert torch.equal(left.loss, right.loss)
            assert torch.equal(left.counts, right.counts[0])
        assert torch.equal(one.codebook, composed.codebook[0])


@pytest.mark.parametrize("estimator", GRADIENT_ESTIMATORS)
@pytest.mark.parametrize("name", COMPOSITIONS)
def test_every_estimator_leaves_the_codes_in_evaluation(name: str, estimator: str) -> None:
    quantizer = make(name, update="gradient", gradient_estimator=estimator)
    z_e = draw(6, D, 2, 2).requires_grad_()
    out = quantizer(z_e)
    (out.quantized * draw(6, D, 2, 2, seed=8)).sum().backward()
    assert z_e.grad is not None and z_e.grad.isfinite().all() and z_e.grad.any()  # noqa: PT018
    reaches = all(p.grad is not None and p.grad.any() for p in quantizer.parameters())
    assert reaches == GRADIENT_ESTIMATORS[estimator].trains_codebook
    quantizer.eval()
    out = quantizer(z_e)
    assert torch.equal(out.quantized, quantizer.lookup(out.indices))


def test_the_mask_leaves_padding_out() -> None:
    for name in COMPOSITIONS:
        masked, cut = make(name), make(name)
        z_e, mask = draw(4, D, 5), torch.rand(4, 5, generator=seeded(1)) > 0.4
        out = masked(z_e, mask)
        rows = z_e.movedim(1, -1)[mask]
        expected = cut(rows)
        assert torch.equal(out.indices[mask], expected.indices)
        assert (out.indices[~mask] == -1).all()
        assert torch.equal(out.quantized.movedim(1, -1)[mask], expected.quantized)
        assert torch.equal(masked.lookup(out.indices).movedim(1, -1)[~mask], torch.zeros(int((~mask).sum()), D))
        assert torch.equal(masked.codebook, cut.codebook)


@pytest.mark.parametrize("name", COMPOSITIONS)
def test_half_precision_leaves_the_codebooks_alone(name: str) -> None:
    quantizer = make(name, match_input_dtype=True).half()
    out = quantizer(draw(5, D, 2, 2).half())
    assert out.quantized.dtype == torch.float16
    assert quantizer.codebook.dtype == torch.float32


@pytest.mark.parametrize("name", COMPOSITIONS)
def test_an_exported_program_gives_the_same(name: str) -> None:
    quantizer = make(name).eval()
    z_e = draw(5, D, 2, 2)
    program = torch.export.export(quantizer, (z_e,))
    out, expected = program.module()(z_e), quantizer(z_e)
    assert torch.equal(out.indices, expected.indices)
    assert torch.equal(out.quantized, expected.quantized)


@pytest.mark.parametrize("name", COMPOSITIONS)
def test_a_model_decodes_every_prefix(name: str) -> None:
    quantizer = make(name)
    model = VQVAE(ImageShape(1, 8, 8), quantizer, data_variance=1.0, width=8).eval()
    latent = model.encode(torch.rand(3, 1, 8, 8, generator=seeded(0)))
    assert latent.indices.shape == (3, 2, 2, quantizer.num_levels)
    assert torch.equal(model.decode(latent.indices), model.decode(latent.quantized))
    for prefix in range(1, quantizer.num_levels or 0):
        assert model.decode(latent.indices[..., :prefix]).shape == (3, 1, 8, 8)


@pytest.mark.parametrize("build, message", [
    (lambda: ResidualQuantizer(K, D, levels=0), "one codebook or more"),
    (lambda: GroupedQuantizer(K, 3, groups=2), "3 numbers cannot be cut into 2 groups"),
    (lambda: ResidualQuantizer(8, 3, quantizer="fsq"), "one finer grid"),
    (lambda: ResidualQuantizer(K, D, distance="cosine"), "euclidean"),
    (lambda: ResidualQuantizer(K, D, quantizer="rvq"), "no quantizer called 'rvq'"),
    (lambda: ResidualQuantizer(K, D, quantize_dropout=2), "from 0 to 1"),
    (lambda: ResidualQuantizer(K, D, shared_codebook=True, update_every=2), "update_every 0 or 1"),
    (lambda: make("residual").lookup(torch.zeros(2, 5, dtype=torch.int64)), r"got \(2, 5\)"),
    (lambda: make("residual").lookup(torch.full((2, 2), K)), "reaches 12"),
    (lambda: make("residual").lookup(torch.full((2, 2), -2)), "-2"),
    (lambda: make("residual").load_codebook(torch.zeros(2, K, D)), "codebook has shape"),
])  # fmt: skip
def test_what_cannot_work_is_one_sentence(build: Any, message: str) -> None:
    with pytest.raises(QuantizerError, match=message):
        build()


def test_groups_that_are_given_the_same_have_the_terms_of_one() -> None:
    """Every term is the mean over groups, which is the mean over all elements."""
    alone = VectorQuantizer(K, D, init="normal", regularizer="entropy", generator=seeded(0))
    both = GroupedQuantizer(
        K, 2 * D, 2, init="normal", regularizer="entropy", shared_codebook=True, generator=seeded(0)
    )
    z_e = draw(30, D, seed=4)
    one, two = alone.eval()(z_e), both.eval()(torch.cat([z_e, z_e], dim=1))
    for name in ("codebook_loss", "commitment_loss", "regularization", "loss"):
        assert torch.allclose(getattr(one, name), getattr(two, name)), name
    assert float(one.regularization) != 0


def test_dropped_levels_leave_every_depth_as_often() -> None:
    quantizer = make("residual", quantize_dropout=1.0)
    depths = [int((train(quantizer, 1, start=step).indices[0, 0, 0] >= 0).sum()) for step in range(60)]
    assert [depths.count(depth) for depth in range(1, L + 1)] == pytest.approx([60 / L] * L, abs=10)  # 3 σ is 11


def test_each_group_begins_from_its_own_channels() -> None:
    vectors = draw(40, D)
    for shared in (False, True):
        both = GroupedQuantizer(4, D, 2, init="data", shared_codebook=shared)
        both.initialize(vectors, seeded(1))
        assert not both.needs_data
        for group, part in enumerate(both.each()):
            own = vectors.chunk(2, dim=1)
            allowed = (
                {tuple(row) for row in torch.cat(own).tolist()} if shared else {tuple(r) for r in own[group].tolist()}
            )
            assert {tuple(row) for row in part.codebook.tolist()} <= allowed
    with pytest.raises(ValueError, match="shorter"):  # one channel is no group of each
        GroupedQuantizer(4, 2, 2, init="data").initialize(vectors[:, :1])
