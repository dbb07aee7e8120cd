"""How far codes went between frames, against the trace, and what the rules promise of codes without a hit."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.ui.computed import catalog
from explorer.ui.computed.motion import MOVED, motion
from tests.ui.codebook.conftest import CODES, DEEP, GRADIENT, HOLD, SNIPPET, STEPS


@pytest.mark.parametrize("run_id", [GRADIENT, HOLD, SNIPPET, DEEP])
def test_it_is_what_the_trace_says_code_by_code(run_id):
    run = catalog.run(run_id)
    found = motion(run)
    codebook, hits = run.trace.frames["codebook"].astype(float), run.trace.frames["hits"]
    assert len(found.used) == len(found.unhit) == len(found.moved) == STEPS
    for t in range(STEPS):
        went, moved = [], 0
        for k in range(CODES):
            distance = float(np.sqrt(((codebook[t + 1, k] - codebook[t, k]) ** 2).sum()))
            length = max(float(np.sqrt((codebook[u, k] ** 2).sum())) for u in (t, t + 1))
            if hits[t + 1, k]:
                went.append(distance)
            else:
                moved += distance > MOVED * length
        assert found.unhit[t] == CODES - len(went)
        assert found.moved[t] == moved
        assert found.used[t] == pytest.approx(float(np.median(went)), rel=5e-3)


def test_codes_without_a_hit_move_under_the_snippet_alone():
    """The window of these frames reaches back to the first step, so nothing was hit unseen."""
    still = [motion(catalog.run(run_id)) for run_id in (GRADIENT, HOLD)]
    assert all(sum(each.unhit) > 0 for each in still)
    assert [sum(each.moved) for each in still] == [0, 0]
    swept = motion(catalog.run(SNIPPET))
    assert swept.moved == swept.unhit
    assert sum(swept.unhit) > 0
