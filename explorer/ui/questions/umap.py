"""UMAP of a run that brings none: begun, asked about, cancelled (`explorer.ui.computed.umap_child`)."""

from __future__ import annotations

from typing import Any

from explorer.errors import ViewError
from explorer.runs import Run
from explorer.ui.computed import encoded, umap_child
from explorer.ui.computed.projected import umap_of
from explorer.ui.questions.params import Params


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
        umap_child.cancel(run, params.word("token", 16))
    return _said(umap_child.state(run))


def _begun(run: Run) -> dict[str, Any]:
    before, job = umap_child.state(run), umap_child.start(run)
    return _said(job) | {"token": "" if before is job else job.token}


def _said(job: umap_child.Job | None) -> dict[str, Any]:
    if job is None:
        return {"state": "none"}
    return {"state": job.end or "running", "epoch": job.epoch, "epochs": job.epochs}
