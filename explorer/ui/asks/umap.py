"""UMAP of a run that brings none: begun, asked about, cancelled (`explorer.ui.mapping`)."""

from __future__ import annotations

from typing import Any

from explorer.errors import ViewError
from explorer.runs import Run
from explorer.ui import encoded, mapping
from explorer.ui.asks.params import Params
from explorer.ui.projected import umap_of


def answer(params: Params) -> dict[str, Any]:
    """Asked for with `run`, `action` ("start", "state" or "cancel") and, to cancel, the `token` that the start gave.

    Answers `state`: "made", "running", "failed", "cancelled", "abandoned" or "none"; while it runs `epoch` and
    `epochs`, both 0 until neighbours are found; from a start also `token`, "" for whoever joined another's map.
    """
    run = params.run()
    action = params.choice("action", ("start", "state", "cancel"))
    if not encoded.projectable(run):
        raise ViewError("umap_flat", run=run.id)
    if umap_of(run) is not None:
        return {"state": "made"}
    if action == "start":
        return _begun(run)
    if action == "cancel":
        mapping.cancel(run, params.word("token", 16))
    return _said(mapping.state(run))


def _begun(run: Run) -> dict[str, Any]:
    before, job = mapping.state(run), mapping.start(run)
    return _said(job) | {"token": "" if before is job else job.token}


def _said(job: mapping.Job | None) -> dict[str, Any]:
    if job is None:
        return {"state": "none"}
    return {"state": job.end or "running", "epoch": job.epoch, "epochs": job.epochs}
