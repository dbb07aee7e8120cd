"""What a collapse report draws of one codebook: its codes on a plane, their hits and their lengths, sorted."""

from __future__ import annotations

import numpy as np

from explorer.collapse.report import CodebookReport
from explorer.collapse.sketch import Series, Sketch, series

MOST_POINTS = 1500


def report_sketches(report: CodebookReport) -> dict[str, Sketch]:
    """By the names of the page's charts, `plane`, `usage` and `lengths`; without what the files hold nothing for."""
    found: dict[str, Sketch] = {}
    if report.plane is not None and report.size:
        found["plane"] = Sketch("first", "second", tuple(_plane(report)), equal=True)
    if (usage := report.usage) is not None:
        ranks = np.linspace(1, usage.codes, len(usage.sorted))
        found["usage"] = Sketch("rank", "hits", (series("hits", ranks.tolist(), usage.sorted),), log_y=True)
    if (norms := report.norms) is not None and report.size:
        ranks = np.linspace(1, report.size[0], len(norms.sorted))
        found["lengths"] = Sketch("rank", "length", (series("length", ranks.tolist(), norms.sorted),), log_y=True)
    return found


def _plane(report: CodebookReport) -> list[Series]:
    assert report.plane is not None
    points = report.plane.points
    rows = np.unique(np.linspace(0, len(points) - 1, min(MOST_POINTS, len(points))).round().astype(int))
    shown = points[rows]
    if report.hits is None:
        return [series("codes", shown[:, 0].tolist(), shown[:, 1].tolist(), "dots")]
    used = np.asarray(report.hits)[rows] > 0
    return [
        series(name, shown[mask, 0].tolist(), shown[mask, 1].tolist(), "dots", role)
        for name, mask, role in (("dead", ~used, "muted"), ("used", used, "plain"))
        if mask.any()
    ]
