"""The quantizer as a layer: shapes, nearest code, modes, saving, gathering, errors."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from explorer.errors import QuantizerError
from explorer.models.codebook_inits import CODEBOOK_INITS
from explorer.models.codebook_updates import CODEBOOK_UPDATES, EMA_STARTS, EMAUpdate, GradientUpdate
from explorer.models.dead_codes import DEAD_CODE_POLICIES, RestartDead
from explorer.models.vector_quantizer import VectorQuantizer

RULES = [GradientUpdate(), *(EMAUpdate(start=start) for start in EMA_STARTS), CODEBOOK_UPDATES["snippet"]]
EAGER = RestartDead(vectors_per_code=1, steps=2)


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def snapshot(module: nn.Module) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in module.state_dict().items()}


def same(left: dict[str, Tensor], right: dict[str, Tensor]) -> bool:
    return left.keys() == right.keys() and all(torch.equal(left[name], right[name]) for name in left)


@pytest.mark.parametrize("dead_codes", DEAD_CODE_POLICIES)
@pytest.mark.parametrize("init", CODEBOOK_INITS)
@pytest.mark.parametrize("update", CODEBOOK_UPDATES)
def test_every_combination_trains_and_quantizes(update: str, init: str, dead_codes: str) -> None:
    quantizer = VectorQuantizer(7, 3, update=update, init=init, dead_codes=dead_codes, generator=seeded(0))
    for spatial in ((), (5,), (3, 4), (2, 3, 2)):
        z_e = torch.randn(80, 3, *spatial, generator=seeded(1), requires_grad=True)
        codebook = quantizer.codebook.detach().clone() if not quantizer.needs_data else None
        out = quantizer(z_e)
        assert out.quantized.shape == z_e.shape
        assert out.indices.shape == (80, *spatial)
        assert out.indices.dtype == torch.int64
        assert torch.equal(out.counts, torch.bincount(out.indices.flatten(), minlength=7))
        assert out.codebook_loss.shape == out.commitment_loss.shape == out.loss.shape == ()
        (out.quantized.sum() + out.loss).backward()
        assert z_e.grad is not None
        assert z_e.grad.isfinite().all()
        if codebook is not None:  # the output is made of the codes before this step's update
            assert torch.equal(out.quantized, codebook[out.indices].movedim(-1, 1))
    assert not quantizer.needs_data
    assert isinstance(quantizer.codebook, nn.Parameter) == (update == "gradient")
    assert "codebook" in quantizer.state_dict()


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_eval_changes_nothing(rule: GradientUpdate | EMAUpdate) -> None:
    quantizer = VectorQuantizer(9, 2, update=rule, dead_codes=EAGER).eval()
    before = snapshot(quantizer)
    for _ in range(5):
        out = quantizer(torch.randn(30, 2))
        assert len(out.restarted) == 0
    assert same(before, snapshot(quantizer))


@pytest.mark.parametrize("rule", RULES[1:], ids=str)
def test_training_moves_an_ema_codebook(rule: EMAUpdate) -> None:
    quantizer = VectorQuantizer(9, 2, update=rule)
    before = quantizer.codebook.clone()
    quantizer(torch.randn(30, 2))
    assert not torch.equal(before, quantizer.codebook)
    assert list(quantizer.parameters()) == []  # no optimizer can hold stale tensors


def test_a_gradient_codebook_waits_for_the_optimizer() -> None:
    quantizer = VectorQuantizer(9, 2, update="gradient")
    before = snapshot(quantizer)
    quantizer(torch.randn(30, 2))
    assert same(before, snapshot(quantizer))


@pytest.mark.parametrize("update", CODEBOOK_UPDATES)
def test_a_saved_quantizer_goes_on_as_if_never_saved(update: str) -> None:
    make: Callable[[], VectorQuantizer] = lambda: VectorQuantizer(9, 2, update=update, init="kmeans", dead_codes=EAGER)  # noqa: E731
    left, right = make(), make()
    batches = torch.randn(12, 100, 2, generator=seeded(3))
    for z_e in batches[:6]:
        left(z_e)
    right.load_state_dict(left.state_dict())
    assert not right.needs_data
    for step, z_e in enumerate(batches[6:]):
        left.restart_generator.manual_seed(step)
        right.restart_generator.manual_seed(step)
        assert torch.equal(left(z_e).indices, right(z_e).indices)
    assert same(snapshot(left), snapshot(right))
    assert same(snapshot(copy.deepcopy(left)), snapshot(left))


def test_two_quantizers_of_one_rule_share_no_state() -> None:
    rule = EMAUpdate()
    left, right = VectorQuantizer(5, 2, update=rule), VectorQuantizer(5, 2, update=rule)
    before = snapshot(right)
    left(torch.randn(20, 2))
    assert same(before, snapshot(right))


@pytest.mark.parametrize("shape", [(5, 3), (5, 3, 4), (2, 3, 4, 5)])
def test_lookup_is_the_inverse_of_nearest(shape: tuple[int, ...]) -> None:
    quantizer = VectorQuantizer(6, 3, init="normal").eval()
    z_e = torch.randn(*shape)
    out = quantizer(z_e)
    indices = quantizer.nearest(z_e)
    assert torch.equal(indices, out.indices)
    assert torch.equal(quantizer.lookup(indices), out.quantized)
    assert torch.equal(quantizer.nearest(quantizer.lookup(indices)), indices)


@pytest.mark.parametrize("memory_format", [torch.contiguous_format, torch.channels_last])
def test_memory_format_is_kept_and_changes_nothing(memory_format: torch.memory_format) -> None:
    z_e = torch.randn(2, 3, 5, 4, generator=seeded(0))
    plain = VectorQuantizer(6, 3, generator=seeded(1))(z_e)
    out = VectorQuantizer(6, 3, generator=seeded(1))(z_e.to(memory_format=memory_format))
    assert out.quantized.is_contiguous(memory_format=memory_format)
    assert torch.equal(out.quantized, plain.quantized)
    assert torch.equal(out.indices, plain.indices)
    assert float(out.loss) == pytest.approx(float(plain.loss), rel=1e-6)


def test_autocast_does_not_lower_the_precision() -> None:
    z_e = torch.randn(64, 3, generator=seeded(0))
    plain, cast = (VectorQuantizer(6, 3, init="normal", generator=seeded(1)) for _ in range(2))
    expected = plain(z_e)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = cast(z_e)
        low = cast.eval()(z_e.bfloat16())
    assert torch.equal(out.quantized, expected.quantized)
    assert torch.equal(out.loss, expected.loss)
    assert torch.equal(plain.codebook, cast.codebook)
    assert low.quantized.dtype == low.loss.dtype == torch.float32


def test_low_precision_input_gets_its_gradient() -> None:
    z_e = torch.randn(8, 3).bfloat16().requires_grad_()
    VectorQuantizer(6, 3)(z_e).quantized.sum().backward()
    assert z_e.grad is not None
    assert torch.equal(z_e.grad, torch.ones_like(z_e))


@pytest.mark.parametrize("init", ["data", "kmeans"])
def test_alone_it_gathers_ten_vectors_per_code_and_then_begins(init: str) -> None:
    quantizer = VectorQuantizer(8, 2, init=init, dead_codes=EAGER, generator=seeded(0))
    placeholder = quantizer.codebook.clone()
    assert placeholder.abs().max() <= 1 / 8
    batches = 5 + torch.randn(3, 30, 2, generator=seeded(1))
    quantizer.eval()
    quantizer(batches[0])
    quantizer.train()
    for z_e in batches[:2]:
        assert torch.equal(quantizer(z_e).quantized, placeholder[quantizer.nearest(z_e)])
        assert quantizer.needs_data
    assert torch.equal(quantizer.codebook, placeholder)
    out = quantizer(batches[2])
    assert not quantizer.needs_data
    assert (out.quantized > 1).all()  # begun before the batch that completed the gathering was quantized
    if init == "data":
        seen = {tuple(row) for row in batches.flatten(0, 1).tolist()}
        assert {tuple(row) for row in out.quantized.tolist()} <= seen


def test_initialize_begins_codebook_and_ema_together() -> None:
    vectors = torch.randn(100, 2, generator=seeded(0))
    for start in ("hold", "ones"):
        quantizer = VectorQuantizer(8, 2, update=EMAUpdate(start=start), init="data")
        quantizer.initialize(vectors, seeded(1))
        assert not quantizer.needs_data
        assert torch.equal(quantizer.get_buffer("ema_sum"), quantizer.codebook)
        assert (quantizer.get_buffer("ema_count") == 1).all()


def test_ties_go_to_the_lowest_index() -> None:
    quantizer = VectorQuantizer(6, 2).eval()
    quantizer.codebook.copy_(torch.tensor([[9.0, 9.0], [1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]]))
    assert quantizer.nearest(torch.tensor([[0.0, 0.0], [0.0, 3.0], [2.0, 0.0]])).tolist() == [1, 2, 1]


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("update", CODEBOOK_UPDATES)
def test_a_value_that_is_not_finite_is_refused_before_it_spoils_the_codebook(update: str, bad: float) -> None:
    quantizer = VectorQuantizer(4, 2, update=update)
    before = snapshot(quantizer)
    z_e = torch.randn(3, 2, 4)
    z_e[1, 0, 2] = bad
    with pytest.raises(QuantizerError, match="1 of 24 values"):
        quantizer(z_e)
    with pytest.raises(QuantizerError, match="NaN or infinite"):
        quantizer.nearest(z_e)
    assert same(before, snapshot(quantizer))


def test_gathering_forgets_a_batch_that_it_refused() -> None:
    quantizer = VectorQuantizer(4, 2, init="data")
    with pytest.raises(QuantizerError):
        quantizer(torch.full((30, 2), float("nan")))
    quantizer(torch.randn(40, 2))
    assert not quantizer.needs_data


def test_large_finite_values_are_taken() -> None:
    z_e = torch.full((4, 2), 3e38)  # their sum is infinite, they are not
    assert VectorQuantizer(4, 2).nearest(z_e).shape == (4,)


@pytest.mark.parametrize("shape", [(5,), (5, 3), (5, 4, 2), (2, 4, 4, 2), ()])
def test_wrong_channels_are_named(shape: tuple[int, ...]) -> None:
    for call in (VectorQuantizer(4, 2), VectorQuantizer(4, 2).nearest):
        with pytest.raises(QuantizerError, match=r"takes \(B, 2, \*spatial\)") as caught:
            call(torch.zeros(shape))
        assert str(shape) in str(caught.value)


@pytest.mark.parametrize(
    "indices, code",
    [
        (torch.tensor([0, 4]), "index_out_of_range"),
        (torch.tensor([-1]), "index_out_of_range"),
        (torch.tensor([0.0]), "indices_not_integer"),
        (torch.tensor([True]), "indices_not_integer"),
    ],
)
def test_indices_that_name_no_code(indices: Tensor, code: str) -> None:
    with pytest.raises(QuantizerError) as caught:
        VectorQuantizer(4, 2).lookup(indices)
    assert caught.value.code == code


def test_an_index_beyond_the_codebook_is_named() -> None:
    with pytest.raises(QuantizerError, match="has 4 codes but an index reaches 600"):
        VectorQuantizer(4, 2).lookup(torch.tensor([3, 600]))


@pytest.mark.parametrize(
    "settings, code",
    [
        ({"num_embeddings": 0}, "codebook_size"),
        ({"embedding_dim": 0}, "codebook_size"),
        ({"commitment_cost": -1.0}, "commitment_cost_negative"),
        ({"commitment_cost": float("nan")}, "commitment_cost_negative"),
        ({"update": "emma"}, "quantizer_part_unknown"),
        ({"init": "zeros"}, "quantizer_part_unknown"),
        ({"dead_codes": "bury"}, "quantizer_part_unknown"),
    ],
)
def test_settings_that_cannot_work(settings: dict[str, object], code: str) -> None:
    with pytest.raises(QuantizerError) as caught:
        VectorQuantizer(**{"num_embeddings": 4, "embedding_dim": 2, **settings})  # type: ignore[arg-type]
    assert caught.value.code == code


def test_integer_vectors_are_refused() -> None:
    with pytest.raises(QuantizerError, match="floating point"):
        VectorQuantizer(4, 2)(torch.zeros(3, 2, dtype=torch.int64))


def test_an_empty_batch_is_no_batch() -> None:
    with pytest.raises(QuantizerError, match="at least one vector"):
        VectorQuantizer(4, 2)(torch.zeros(0, 2))


def test_one_code_of_one_dimension() -> None:
    out = VectorQuantizer(1, 1)(torch.randn(3, 1, 2))
    assert (out.indices == 0).all()
    assert out.counts.tolist() == [6]


@pytest.mark.parametrize("shape", [(40, 3), (40, 1), (40,), (4, 2, 10)])
def test_vectors_to_begin_from_are_rows_of_the_right_length(shape: tuple[int, ...]) -> None:
    quantizer = VectorQuantizer(4, 2, init="data")
    with pytest.raises(QuantizerError) as caught:
        quantizer.initialize(torch.zeros(shape))
    assert caught.value.code == "wrong_channels"
    assert quantizer.needs_data


@pytest.mark.parametrize("every", [1, 2, 3])
def test_an_ema_codebook_moves_with_every_so_many_passes(every: int) -> None:
    quantizer = VectorQuantizer(4, 2, update="ema", update_every=every, generator=seeded(0))
    moved = []
    for step in range(6):
        before = quantizer.codebook.clone()
        quantizer(torch.randn(20, 2, generator=seeded(step)))
        moved.append(not torch.equal(before, quantizer.codebook))
    assert moved == [step % every == 0 for step in range(1, 7)]
