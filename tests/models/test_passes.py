"""What a training pass leaves behind: it is known again, and passes add up until the codebook's step."""

from __future__ import annotations

import pytest
import torch

from explorer.errors import QuantizerError
from explorer.models.passes import SAMPLED, LastPass, Pending, Written, pass_of


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


ROWS = torch.randn(4 * SAMPLED, 3, generator=seeded(0))


def last() -> LastPass:
    return LastPass.of(torch.zeros(5, 3), ROWS, seeded(1))


def test_a_pass_is_known_by_its_vectors() -> None:
    assert len(last().sample) == SAMPLED
    assert last().is_of(ROWS)
    assert last().is_of(ROWS + 1e-4 * ROWS.abs().max())  # what rounds differently the second time
    assert not last().is_of(ROWS + 0.01 * ROWS.abs().max())
    assert not last().is_of(ROWS[:-1])
    assert not last().is_of(ROWS[: 2 * SAMPLED])


def test_a_pass_that_is_not_the_last_one_is_refused() -> None:
    known = last()
    assert pass_of(known, ROWS) is known
    for nobody, rows in ((None, ROWS), (known, 2 * ROWS)):
        with pytest.raises(QuantizerError) as refused:
            pass_of(nobody, rows)
        assert refused.value.code == "pass_repeated"


def test_few_vectors_are_all_looked_at() -> None:
    assert len(LastPass.of(torch.zeros(5, 3), ROWS[:10], seeded(1)).sample) == 10


def test_rows_that_were_written_by_hand_are_found_unless_the_rule_moved_too() -> None:
    stored, state = torch.zeros(5, 3), {"counts": torch.ones(5)}
    written = Written.of(stored, state)
    assert written.changed(stored, state).tolist() == []
    stored[3, 1] = 1
    stored[1] = 2
    assert written.changed(stored, state).tolist() == [1, 3]
    state["counts"].add_(1)
    assert written.changed(stored, state).tolist() == []


def test_passes_add_up_until_they_are_taken() -> None:
    pending = Pending(3, torch.zeros(3, 2))
    for counts in ([1, 0, 4], [0, 0, 1]):
        pending.add(torch.tensor(counts), torch.ones(3, 2), ROWS[:7])
    assert int(pending.passes) == 2
    hits, sums, vectors = pending.take()
    assert hits.tolist() == [1, 0, 5]
    assert torch.equal(sums, torch.full((3, 2), 2.0))
    assert int(vectors) == 14
    assert [int(buffer.abs().sum()) for buffer in pending.buffers()] == [0, 0, 0, 0]


def test_a_model_saved_with_nothing_pending_clears_it() -> None:
    pending = Pending(3, torch.zeros(3, 2))
    pending.add(torch.tensor([1, 1, 1]), torch.ones(3, 2), ROWS[:3])
    saved = {name: value.clone() for name, value in pending.state_dict().items()}
    holder = torch.nn.Module()
    holder.pending = pending
    holder.load_state_dict({}, strict=False)
    assert int(pending.hits.sum()) == 0
    holder.load_state_dict({f"pending.{name}": value for name, value in saved.items()})
    assert int(pending.hits.sum()) == 3
