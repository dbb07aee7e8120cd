"""The studies of levels at equal bits and of units that fall silent: what differs in them, and what is measured."""

from __future__ import annotations

import copy
import math

import pytest

from explorer.errors import RunError
from explorer.studies import member, plan, silent
from explorer.studies.in_levels import beside_one_codebook
from explorer.studies.plan import PLAIN_OF_LEVELS, Cell, codebook_cells, levels_cells
from explorer.studies.silent import AVERAGED, UNIT_REMEDIES, UnitCell, UnitRemedy, silent_cells
from explorer.studies.summary import records_of
from tests.tiny import tiny_set

TINY = {"steps": 6, "batch_size": 10, "width": 8}


def test_levels_are_compared_at_equal_bits():
    plain = {cell.id: cell for cell in codebook_cells()}
    for cell in levels_cells():
        config, beside = cell.config(0), plain[PLAIN_OF_LEVELS[cell.embedding_dim]]
        assert config.num_codes == beside.num_embeddings
        apart = {name for name, value in config.to_dict().items() if value != getattr(beside.config(0), name)}
        assert apart <= {"num_embeddings", "quantizer", "levels", "groups"}
    assert len({cell.id for cell in levels_cells()}) == len(levels_cells())


def test_levels_stand_beside_one_codebook_seed_by_seed():
    found = {each.composed.cell.id: each for each in beside_one_codebook()}
    assert set(found) == {cell.id for cell in levels_cells()}
    for each in found.values():
        alone = {record["seed"]: record["test"]["psnr_db"] for record in records_of("codebook")[each.plain.cell.id]}
        own = {record["seed"]: record["test"]["psnr_db"] for record in records_of("levels")[each.composed.cell.id]}
        assert each.apart_db == pytest.approx([own[seed] - alone[seed] for seed in (0, 1, 2)])


@pytest.mark.parametrize("remedy", [AVERAGED, *UNIT_REMEDIES], ids=lambda remedy: remedy.name)
def test_a_remedy_differs_from_its_twin_in_what_its_record_says(remedy: UnitRemedy):
    cells = {cell.id: cell for cell in silent_cells()}
    own, plain = (cells[cell].config(1).to_dict() for cell in (remedy.cell, remedy.plain))
    assert {name: value for name, value in own.items() if value != plain[name]} == remedy.setting
    assert bool(remedy.paper) == (remedy is not AVERAGED)


def test_every_remedy_is_tried_on_the_fault_and_the_fault_beside_the_sum():
    assert {each.plain for each in UNIT_REMEDIES} == {AVERAGED.cell} == {silent_cells()[0].id}
    assert next(cell for cell in silent_cells() if cell.id == AVERAGED.plain).config(0).beta == 1


def test_the_fault_weighs_the_kl_by_the_number_of_values():
    assert AVERAGED.setting == {"beta": 28.0 * 28}
    assert all("784" in sentence for sentence in AVERAGED.does)


def test_a_member_of_units_says_which_are_silent(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(silent, "COMMON", silent.COMMON | TINY | {"latent_dim": 3})
    plain, weak = UnitCell("", {}), UnitCell("weak", {"decoder_width": 4})
    free = UnitCell("free", {"kl_policy": "free-bits"})
    records = [member.train_member(cell, 0, tiny_set()) for cell in (plain, weak, free)]
    test = records[0].record["test"]
    assert test["units"] == len(test["kl_nats_per_unit"]) == 3
    assert 0 <= test["silent"] <= 3
    assert test["kl_nats"] == pytest.approx(sum(test["kl_nats_per_unit"]), abs=1e-4)
    assert math.isfinite(test["elbo_nats"])
    assert records[0].arrays["frames/kl_units"].shape == (7, 3)
    assert "silent" in member.outcome_of(records[0].record)
    found = [each.record for each in records]
    assert member.assert_twins(found) == 2
    wrong = copy.deepcopy(found)
    wrong[2]["fingerprints"]["first_mse"] = "other"
    with pytest.raises(RunError, match="differ in their first_mse"):
        member.assert_twins(wrong)
    assert found[1]["fingerprints"]["decoder"] != found[0]["fingerprints"]["decoder"]


def test_a_member_of_levels_counts_each_of_them(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(plan, "COMMON", plan.COMMON | TINY)
    cell = Cell("levels", "fashion", 2, 4, "hold", "r", {"codebook_init": "data", "quantizer": "residual", "levels": 2})
    made = member.train_member(cell, 0, tiny_set())
    test = made.record["test"]
    assert [len(test["levels"]), test["dead"] + test["used"]] == [2, 8]
    assert made.arrays["counts"].sum(1).tolist() == [test["num_vectors"]] * 2
    assert made.arrays["codebook"].shape == (2, 4, 2)
    assert test["dead"] == int((made.arrays["counts"] == 0).sum())
    assert test["levels"][-1]["psnr_db"] == pytest.approx(test["psnr_db"], abs=1e-4)
    assert 1 <= test["tuples"]["perplexity"] <= test["tuples"]["distinct"] <= 16
