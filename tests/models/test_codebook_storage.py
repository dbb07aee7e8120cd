"""A codebook that is put there from outside stays there, with timers and counts that begin anew."""

from __future__ import annotations

import pytest
import torch

from explorer.errors import QuantizerError
from explorer.models.simvq import SimVQ
from explorer.models.vector_quantizer import VectorQuantizer

K, D = 6, 2


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def vectors(seed: int, count: int = K) -> torch.Tensor:
    return torch.randn(count, D, generator=seeded(seed))


def quantizer(**settings: str) -> VectorQuantizer:
    return VectorQuantizer(K, D, **settings, generator=seeded(0))  # type: ignore[arg-type]


def idle(q: VectorQuantizer) -> torch.Tensor:
    """The policy's timers."""
    return q.get_buffer("idle_steps")


def test_another_policy_brings_its_own_timers_and_takes_the_old_ones_along() -> None:
    q = quantizer(dead_codes="restart")
    idle(q).fill_(7)
    q.follow("keep")
    assert not {"idle_steps", "idle_vectors", "restarts"} & set(q.state_dict())
    q.follow("restart")
    assert int(idle(q).sum()) == 0
    q.follow("anchors")
    assert {"share", "pull"} <= set(q.state_dict())
    assert "idle_steps" not in q.state_dict()


@pytest.mark.parametrize("update", ["ema", "gradient"])
def test_a_loaded_codebook_stays_and_waits_for_no_data(update: str) -> None:
    q = quantizer(update=update, init="data", dead_codes="restart")
    waits = [q.needs_data]
    idle(q).fill_(7)
    q.load_codebook(vectors(2))
    assert [*waits, q.needs_data] == [True, False]
    assert torch.equal(q.codebook, vectors(2))
    assert int(idle(q).sum()) == 0
    q(vectors(2))  # each code on a vector of its own: the rule's mean of these is where it stands
    torch.testing.assert_close(q.codebook.detach(), vectors(2))


@pytest.mark.parametrize("bad", [torch.zeros(K, D + 1), torch.zeros(K - 1, D)])
def test_a_codebook_of_another_shape_is_refused(bad: torch.Tensor) -> None:
    with pytest.raises(QuantizerError) as refused:
        quantizer().load_codebook(bad)
    assert refused.value.code == "codebook_other_shape"


def test_a_codebook_with_holes_is_refused() -> None:
    broken = vectors(2)
    broken[1, 1] = torch.nan
    with pytest.raises(QuantizerError):
        quantizer().load_codebook(broken)


def test_placed_rows_stay_and_the_others_are_left_alone() -> None:
    q = quantizer(init="data")
    q.place(torch.tensor([4, 1]), torch.tensor([[9.0, 9.0], [-9.0, 9.0]]))
    assert not q.needs_data
    assert q.codebook[[4, 1]].tolist() == [[9, 9], [-9, 9]]
    q(torch.tensor([[9.0, 9.0], [-9.0, 9.0]]))
    torch.testing.assert_close(q.codebook[[4, 1]], torch.tensor([[9.0, 9.0], [-9.0, 9.0]]))


def test_rows_that_were_written_by_hand_are_kept_by_the_ema() -> None:
    q = quantizer()
    q(vectors(1, 50))
    q.codebook[2] = torch.tensor([30.0, -30.0])
    q(vectors(1, 50))
    torch.testing.assert_close(q.codebook[2], torch.tensor([30.0, -30.0]))


def test_moments_of_a_restarted_row_are_forgotten() -> None:
    q = quantizer(update="gradient")
    optimizer = torch.optim.Adam(q.parameters(), lr=0.1)
    q.reset_optimizer_rows(optimizer, torch.tensor([0]))  # before its first step there is nothing to forget
    q(vectors(1, 50)).loss.backward()
    optimizer.step()
    state = optimizer.state[q.stored]
    hit = state["exp_avg"].abs().sum(1).nonzero()[:, 0]
    assert len(hit) > 1
    before = state["exp_avg_sq"].clone()
    q.reset_optimizer_rows(optimizer, hit[:1])
    assert not state["exp_avg"][hit[0]].any()
    assert not state["exp_avg_sq"][hit[0]].any()
    assert torch.equal(state["exp_avg_sq"][hit[1:]], before[hit[1:]])
    assert int(state["step"]) == 1


def test_stored_vectors_are_the_codebook_unless_that_is_made_from_them() -> None:
    plain, made = quantizer(), SimVQ(K, D, init="normal", generator=seeded(0))
    assert torch.equal(plain.stored, plain.codebook)
    with torch.no_grad():
        made.get_parameter("parametrizations.codebook.0.weight").mul_(2)
    torch.testing.assert_close(made.codebook, 2 * made.stored)
    assert [name for name, parameter in made.named_parameters() if parameter.requires_grad] == [
        "parametrizations.codebook.0.weight"
    ]
