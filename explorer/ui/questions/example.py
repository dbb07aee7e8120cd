"""The collapse report of a shipped example file, or of a run of the images on screen: the tab is never empty."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from explorer.collapse.reporting import CollapseReport, collapse_report
from explorer.data import examples
from explorer.ui.collapse.reader_diagnosis import said_of_record
from explorer.ui.collapse.reader_report import said
from explorer.ui.computed import catalog
from explorer.ui.computed.example_run import example_run, report_of
from explorer.ui.computed.records import EXAMPLE, diagnosis_of
from explorer.ui.questions.params import Params

RUN = "run"


def answer(params: Params) -> dict[str, Any]:
    """Asked for with `example`, a name; answers what `reader_report.said` says, and the `file`'s name.

    `run` is no file but a run of the image set `data`; of a set without one it is the first file.
    """
    name = params.choice("example", (RUN, *examples.NAMES))
    if name == RUN:
        run = example_run(params.choice("data", catalog.image_sets()))
        if run is not None:
            return {"file": run.id} | said(report_of(run.id), params.lang, run.id)
        name = next(iter(examples.NAMES))
    file = examples.NAMES[name].file
    if file.endswith(".zip"):
        return {"file": file} | said_of_record(diagnosis_of(EXAMPLE), params.lang, file)
    return {"file": file} | said(_report(name), params.lang, file)


@lru_cache(maxsize=8)
def _report(name: str) -> CollapseReport:
    example = examples.NAMES[name]
    files = [(examples.FOLDER / example.file, "")]
    return collapse_report(files, num_embeddings=example.num_embeddings, ignore=example.ignore)
