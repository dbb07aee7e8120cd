"""The state of a prior's training on disk: whose it is, and what becomes of one that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from explorer.errors import RunError
from explorer.training.prior_state import load_state, save_state

STATE = {"step": torch.tensor(7), "weight": torch.randn(3, 2, generator=torch.Generator().manual_seed(0))}


def test_a_state_comes_back_for_its_own_training_alone(tmp_path: Path):
    path = tmp_path / "state.safetensors"
    assert load_state(path, "mine") is None
    save_state(path, "mine", STATE)
    found = load_state(path, "mine")
    assert found is not None
    assert found.keys() == STATE.keys()
    assert all(torch.equal(found[name], value) for name, value in STATE.items())
    assert load_state(path, "another's") is None
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("content", [b"", b"no tensors at all", b"\xff" * 64])
def test_a_damaged_state_is_one_sentence(tmp_path: Path, content: bytes):
    path = tmp_path / "state.safetensors"
    path.write_bytes(content)
    with pytest.raises(RunError) as refused:
        load_state(path, "mine")
    assert refused.value.code == "run_damaged"


def test_a_state_that_is_a_folder_or_has_no_folder_is_one_sentence(tmp_path: Path):
    (tmp_path / "state.safetensors").mkdir()
    with pytest.raises(RunError) as refused:
        load_state(tmp_path / "state.safetensors", "mine")
    assert refused.value.code == "run_damaged"
    with pytest.raises(RunError) as refused:
        save_state(tmp_path / "nowhere" / "state.safetensors", "mine", STATE)
    assert refused.value.code == "run_not_writable"
