"""Each published remedy against its own formula, computed again in NumPy or by autograd."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from explorer.errors import ConfigError
from explorer.models.dead_codes import OnlineAnchors
from explorer.models.fsq import FSQ, fsq_levels
from explorer.models.gradient_estimators import Given, NoiseSubstitution, RotationTrick
from explorer.models.regularizers import EntropyRegularizer
from explorer.models.simvq import SimVQ
from explorer.models.vector_quantizer import VectorQuantizer

NOTHING = Given(torch.empty(0), torch.empty(0), True, torch.zeros_like)  # the rotation needs nothing


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


# --- rotation trick --------------------------------------------------------------------------------------------------


def test_the_rotation_turns_the_vector_onto_its_code_and_the_gradient_back() -> None:
    z_e = torch.randn(3, 4, 5, dtype=torch.float64, generator=seeded(0)).requires_grad_()
    z_q = torch.randn(3, 4, 5, dtype=torch.float64, generator=seeded(1))
    gradient = torch.randn(3, 4, 5, dtype=torch.float64, generator=seeded(2))
    carried = RotationTrick().carry(z_e, z_q, NOTHING)
    assert torch.equal(carried, z_q)
    carried.backward(gradient)
    assert z_e.grad is not None
    for b in range(3):
        for p in range(5):
            z, q, g = (t.detach()[b, :, p].numpy() for t in (z_e, z_q, gradient))
            e_hat, q_hat = z / np.linalg.norm(z), q / np.linalg.norm(q)
            r = (e_hat + q_hat) / np.linalg.norm(e_hat + q_hat)
            rotation = np.eye(4) - 2 * np.outer(r, r) + 2 * np.outer(q_hat, e_hat)
            scaled = np.linalg.norm(q) / np.linalg.norm(z) * rotation
            np.testing.assert_allclose(rotation @ rotation.T, np.eye(4), atol=1e-12)
            np.testing.assert_allclose(scaled @ z, q, atol=1e-12)
            np.testing.assert_allclose(z_e.grad[b, :, p].numpy(), scaled.T @ g, atol=1e-12)


@pytest.mark.parametrize("z, q", [([0.0, 0.0], [1.0, 2.0]), ([1.0, 2.0], [0.0, 0.0]), ([1.0, 2.0], [-2.0, -4.0])])
def test_a_vector_without_direction_or_opposite_to_its_code_has_a_finite_gradient(z: list[float], q: list[float]):
    z_e = torch.tensor([z], requires_grad=True)
    RotationTrick().carry(z_e, torch.tensor([q]), NOTHING).sum().backward()
    assert z_e.grad is not None
    assert z_e.grad.isfinite().all()
    if 0.0 in (*z, *q):
        assert torch.equal(z_e.grad, torch.ones(1, 2))


def test_a_vector_on_its_code_gets_the_gradient_as_it_is() -> None:
    z_e = torch.randn(6, 3, generator=seeded(0)).requires_grad_()
    RotationTrick().carry(z_e, z_e.detach().clone(), NOTHING).backward(
        gradient := torch.randn(6, 3, generator=seeded(1))
    )
    torch.testing.assert_close(z_e.grad, gradient)


def test_under_the_rotation_the_loss_terms_keep_their_gradients() -> None:
    z_e = torch.randn(20, 3, generator=seeded(0)).requires_grad_()
    plain = torch.randn(20, 3, generator=seeded(0)).requires_grad_()
    for vectors, estimator in ((z_e, "rotation"), (plain, "straight-through")):
        quantizer = VectorQuantizer(6, 3, gradient_estimator=estimator, init="normal", generator=seeded(1))
        quantizer(vectors).loss.backward()
    assert torch.equal(z_e.grad, plain.grad)  # type: ignore[arg-type]


# --- noise in the error's place ---------------------------------------------------------------------------------------


def test_noise_of_the_errors_length_reaches_encoder_and_code() -> None:
    z = torch.randn(20, 3, dtype=torch.float64, generator=seeded(0)).requires_grad_()
    codebook = torch.randn(5, 3, dtype=torch.float64, generator=seeded(1)).requires_grad_()
    v = torch.randn(20, 3, dtype=torch.float64, generator=seeded(2))
    g = torch.randn(20, 3, dtype=torch.float64, generator=seeded(3)).numpy()
    chosen = torch.cdist(z, codebook).argmin(1)
    found = NoiseSubstitution().carry(z, codebook[chosen].detach(), Given(codebook, chosen, True, lambda _like: v))
    apart = z.detach().numpy() - codebook.detach().numpy()[chosen]
    length = np.linalg.norm(apart, axis=1, keepdims=True)
    unit = v.numpy() / np.linalg.norm(v, axis=1, keepdims=True)
    np.testing.assert_allclose(found.detach().numpy(), z.detach().numpy() + length * unit, rtol=1e-12)
    found.backward(torch.from_numpy(g))
    along = (g * unit).sum(1, keepdims=True) * apart / length  # through the error's length
    np.testing.assert_allclose(z.grad.numpy(), g + along, rtol=1e-9)  # type: ignore[union-attr]
    expected = np.zeros((5, 3))
    np.add.at(expected, chosen.numpy(), -along)
    np.testing.assert_allclose(codebook.grad.numpy(), expected, rtol=1e-9, atol=1e-12)  # type: ignore[union-attr]


def test_noise_is_drawn_from_its_own_generator_and_not_in_evaluation() -> None:
    quantizer = VectorQuantizer(6, 3, update="gradient", gradient_estimator="noise", init="normal", generator=seeded(1))
    z_e = torch.randn(20, 3, generator=seeded(0))
    outputs = []
    for seed in (5, 5, 6):
        quantizer.noise_generator.manual_seed(seed)
        outputs.append(quantizer(z_e).quantized)
    assert torch.equal(outputs[0], outputs[1])
    assert not torch.equal(outputs[0], outputs[2])
    out = quantizer.eval()(z_e)
    assert torch.equal(out.quantized, quantizer.lookup(out.indices))


def test_under_noise_the_codebook_loss_is_only_reported() -> None:
    quantizer = VectorQuantizer(6, 3, 0.0, update="gradient", gradient_estimator="noise", generator=seeded(1))
    out = quantizer(torch.randn(20, 3, generator=seeded(0)))
    assert not out.codebook_loss.requires_grad
    assert float(out.codebook_loss) > 0
    assert float(out.loss.detach()) == 0


# --- finite scalars --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "k, d, levels",
    [(256, 2, (16, 16)), (512, 3, (8, 8, 8)), (1000, 4, (8, 5, 5, 5)), (512, 8, (4, *[2] * 7)), (240, 3, (8, 6, 5))],
)
def test_levels_multiply_to_k(k: int, d: int, levels: tuple[int, ...]) -> None:
    found = fsq_levels(k, d)
    assert math.prod(found) == k
    assert len(found) == d
    assert found == levels


@pytest.mark.parametrize("k, d", [(257, 2), (512, 64), (4, 3), (1, 1)])
def test_sizes_that_are_no_grid(k: int, d: int) -> None:
    with pytest.raises(ConfigError, match="product of --embedding-dim whole numbers"):
        FSQ(k, d)


@pytest.mark.parametrize("k, d", [(256, 2), (15, 2), (512, 8), (7, 1), (1000, 4)])
def test_implicit_codes_are_all_different_and_every_one_can_be_reached(k: int, d: int) -> None:
    quantizer = FSQ(k, d)
    assert len(torch.unique(quantizer.codebook, dim=0)) == k
    assert quantizer.codebook.abs().max() <= 1
    assert torch.equal(quantizer.nearest(quantizer.codebook), torch.arange(k))
    inverse = torch.linspace(-9, 9, 4001)
    for channel in range(d):
        z_e = torch.zeros(4001, d)
        z_e[:, channel] = inverse
        seen = torch.unique(quantizer(z_e).quantized[:, channel])
        assert len(seen) == int(quantizer.levels[channel])


def test_zero_is_a_code_and_large_values_stay_at_the_ends() -> None:
    quantizer = FSQ(15 * 16, 2)
    out = quantizer(torch.tensor([[0.0, 0.0], [1e6, 1e6], [-1e6, -1e6]]))
    assert out.quantized[0].tolist() == [0, 0]
    assert out.quantized[2].tolist() == [-1, -1]
    assert quantizer.levels.tolist() == [16, 15]
    assert out.quantized[1].tolist() == [7 / 8, 1]  # an even number of levels reaches further down than up


def test_finite_scalars_against_numpy_and_their_gradient_is_that_of_tanh() -> None:
    quantizer = FSQ(35, 2).double()  # odd: 7 and 5 levels, no shift
    z_e = torch.randn(50, 2, dtype=torch.float64, generator=seeded(0)).requires_grad_()
    out = quantizer(z_e)
    halves = np.array([3, 2])
    z = z_e.detach().numpy()
    expected = np.round(np.tanh(z) * halves * (1 - 1e-3)) / halves
    np.testing.assert_allclose(out.quantized.detach().numpy(), expected, rtol=1e-6)
    out.quantized.sum().backward()
    assert z_e.grad is not None
    np.testing.assert_allclose(z_e.grad.numpy(), (1 - np.tanh(z) ** 2) * (1 - 1e-3), rtol=1e-12)


# --- SimVQ -----------------------------------------------------------------------------------------------------------


def test_one_hit_moves_every_code_of_simvq_and_of_no_plain_codebook() -> None:
    for simvq, moves in ((True, True), (False, False)):
        quantizer = (
            SimVQ(20, 3, generator=seeded(0))
            if simvq
            else VectorQuantizer(20, 3, update="gradient", init="normal", generator=seeded(0))
        )
        learned = [parameter for parameter in quantizer.parameters() if parameter.requires_grad]
        optimizer = torch.optim.SGD(learned, lr=0.5)
        before = quantizer.codebook.detach().clone()
        out = quantizer(before[4:5] + 0.01)
        out.loss.backward()
        optimizer.step()
        changed = (quantizer.codebook.detach() != before).any(1)
        assert bool(changed.all()) == moves
        assert changed[4]


def test_simvq_against_autograd() -> None:
    quantizer = SimVQ(9, 3, generator=seeded(0)).double()
    weight = quantizer.get_parameter("parametrizations.codebook.0.weight")
    with torch.no_grad():
        weight.add_(0.1 * torch.randn(3, 3, generator=seeded(1)))
    z_e = torch.randn(30, 3, dtype=torch.float64, generator=seeded(2))
    quantizer(z_e).loss.backward()
    w = weight.detach().clone().requires_grad_()
    codes = quantizer.stored @ w
    chosen = torch.cdist(z_e, codes.detach()).argmin(1)
    (z_e - codes[chosen]).square().mean().backward()
    torch.testing.assert_close(weight.grad, w.grad)


def test_simvq_cannot_begin_from_data() -> None:
    with pytest.raises(ConfigError, match="never moves them"):
        SimVQ(4, 2, init="kmeans")


def test_simvq_begins_as_its_twin() -> None:
    plain = VectorQuantizer(30, 5, update="gradient", init="normal", generator=seeded(0))
    assert torch.equal(SimVQ(30, 5, generator=seeded(0)).codebook, plain.codebook)


# --- cosine ----------------------------------------------------------------------------------------------------------


def test_the_cosine_distance_does_not_see_lengths() -> None:
    quantizer = VectorQuantizer(8, 3, update="gradient", init="normal", distance="cosine", generator=seeded(0)).eval()
    z_e = torch.randn(40, 3, generator=seeded(1))
    out = quantizer(z_e)
    scaled = quantizer(z_e * torch.rand(40, 1, generator=seeded(2)).add(0.1) * 50)
    assert torch.equal(out.indices, scaled.indices)
    torch.testing.assert_close(out.commitment_loss, scaled.commitment_loss)
    with torch.no_grad():
        quantizer.stored.mul_(torch.linspace(0.1, 9, 8)[:, None])
    assert torch.equal(quantizer(z_e).indices, out.indices)
    cosines = torch.nn.functional.cosine_similarity(z_e[:, None], quantizer.codebook[None].detach(), dim=2)
    assert torch.equal(cosines.argmax(1), out.indices)
    expected = (2 - 2 * cosines.amax(1)).mean() / 3  # mean over elements
    torch.testing.assert_close(out.commitment_loss, expected)


@pytest.mark.parametrize("update", ["gradient", "ema"])
def test_cosine_codes_are_one_long(update: str) -> None:
    quantizer = VectorQuantizer(8, 3, update=update, init="data", distance="cosine", dead_codes="restart")
    optimizer = torch.optim.Adam([*quantizer.parameters(), torch.zeros(1, requires_grad=True)], lr=0.1)
    for step in range(30):
        optimizer.zero_grad()
        loss = quantizer(5 * torch.randn(90, 3, generator=seeded(step)).requires_grad_()).loss
        loss.backward()
        optimizer.step()
    lengths = quantizer.codebook.detach().norm(dim=1)
    torch.testing.assert_close(lengths, torch.ones(8))
    if update == "gradient":
        assert not torch.allclose(quantizer.stored.detach().norm(dim=1), torch.ones(8))


# --- entropy ---------------------------------------------------------------------------------------------------------


def entropy_of(z_e: Tensor, codebook: Tensor) -> float:
    term = EntropyRegularizer().term(z_e, codebook)
    assert term is not None
    return float(term)


def test_the_entropy_term_at_its_extremes() -> None:
    codes = torch.eye(5) * 10
    assert entropy_of(codes.repeat(4, 1), codes) == pytest.approx(-math.log(5), abs=1e-6)  # sure and diverse
    assert entropy_of(codes[:1].repeat(9, 1), codes) == pytest.approx(0, abs=1e-6)  # sure, all the same
    assert entropy_of(torch.zeros(9, 5), codes) == pytest.approx(0, abs=1e-6)  # none can be told from another


def test_the_entropy_term_against_numpy_and_it_reaches_unused_codes() -> None:
    z = torch.randn(30, 2, generator=seeded(0)) * 0.2
    codes = (torch.randn(6, 2, generator=seeded(1)) * 0.2).requires_grad_()
    term = EntropyRegularizer(temperature=0.05).term(z, codes)
    assert term is not None
    squared = ((z.numpy()[:, None] - codes.detach().numpy()[None]) ** 2).sum(2)
    q = np.exp(-squared / 0.05)
    q /= q.sum(1, keepdims=True)
    mean = q.mean(0)
    expected = -(q * np.log(q)).sum(1).mean() + (mean * np.log(mean)).sum()
    assert float(term.detach()) == pytest.approx(expected, rel=1e-4)
    term.backward()
    unused = torch.bincount(torch.cdist(z, codes.detach()).argmin(1), minlength=6) == 0
    assert codes.grad is not None
    assert (codes.grad != 0).any(1).all() or not unused.any()


def test_a_large_batch_is_thinned_out() -> None:
    z = torch.randn(20_000, 2, generator=seeded(0))
    codes = torch.randn(1000, 2, generator=seeded(1))
    assert entropy_of(z, codes) == pytest.approx(entropy_of(z[::4], codes), rel=1e-5)


# --- anchors ---------------------------------------------------------------------------------------------------------


def test_anchors_pull_by_the_papers_rule() -> None:
    policy = OnlineAnchors(decay=0.9)
    state = policy.begin(4)
    counts = torch.tensor([0, 1, 50, 49])
    due = policy.due(state, counts, 100)
    share = 0.1 * counts.numpy() / 100
    pull = np.exp(-10 * 4 * share / 0.1 - 1e-3)
    np.testing.assert_allclose(state["pull"].numpy(), pull, rtol=1e-5)
    assert due.tolist() == [0, 1]
    codebook = torch.randn(4, 2, generator=seeded(0))
    vectors = torch.randn(20, 2, generator=seeded(1))
    placed = policy.draw(state, due, vectors, codebook, seeded(2))
    weights = torch.tensor(pull[:2, None], dtype=torch.float32)
    anchors = (placed - (1 - weights) * codebook[due]) / weights
    nearest = torch.cdist(anchors, vectors).amin(1)
    torch.testing.assert_close(nearest, torch.zeros(2), atol=1e-5, rtol=0)
    policy.note(state, due)
    assert state["restarts"].tolist() == [1, 1, 0, 0]


def test_anchors_bring_a_dead_codebook_to_life() -> None:
    used = {}
    for policy in ("keep", "anchors"):
        quantizer = VectorQuantizer(32, 2, dead_codes=policy, init="normal", generator=seeded(0))
        for step in range(60):
            quantizer.restart_generator.manual_seed(step)
            out = quantizer(10 + torch.randn(400, 2, generator=seeded(step)))
        used[policy] = int((out.counts > 0).sum())
    assert used["keep"] < 8
    assert used["anchors"] >= 30
