"""How well replays predict: ranks against SciPy's definition by hand, and the shipped figures within their ranges."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from explorer.reports.replay_measured import PredictedBy, measured, ranks_agree, written


def test_ranks_agree_as_spearman_has_it():
    assert ranks_agree([1, 2, 3, 4], [10, 20, 30, 40]) == pytest.approx(1)
    assert ranks_agree([1, 2, 3, 4], [4, 3, 2, 1]) == pytest.approx(-1)
    assert ranks_agree([1, 2, 3, 4, 5], [2, 1, 4, 3, 5]) == pytest.approx(1 - 6 * 4 / (5 * 24))
    assert ranks_agree([1, 1, 2], [5, 5, 9]) == pytest.approx(1), "ties share a rank"
    assert ranks_agree([1, 1, 1], [1, 2, 3]) == 0
    with pytest.raises(ValueError, match="lengths"):
        ranks_agree([1], [1, 2])


def test_figures_are_written_and_read_whole():
    found = PredictedBy(28, 4, 0.91234, 0.5, 0.1, 0.2, 0.3)
    assert json.loads(written(found)) == asdict(found) | {"rank_dead": 0.9123}
    shipped = measured()
    if shipped is not None:
        assert -1 <= shipped.rank_dead <= 1
        assert 0 <= shipped.error_dead <= shipped.worst_dead <= 1
