"""The collapse report of a shipped example file: the tab is never empty."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from explorer.collapse.reporting import CollapseReport, collapse_report
from explorer.data import examples
from explorer.files.passing import PREFIX, passing_folder
from explorer.reports.diagnosis import Diagnosis, diagnose
from explorer.runs.record_zip import unpack_record
from explorer.runs.recorded import RecordedRun, load_record
from explorer.ui.collapse.reader_diagnosis import said_of_record
from explorer.ui.collapse.reader_report import said
from explorer.ui.questions.params import Params


def answer(params: Params) -> dict[str, Any]:
    """Asked for with `example`, a name; answers what `reader_report.said` says, and the `file`'s name."""
    name = params.choice("example", tuple(examples.NAMES))
    file = examples.NAMES[name].file
    if file.endswith(".zip"):
        return {"file": file} | said_of_record(_diagnosis(file), params.lang, file)
    return {"file": file} | said(_report(name), params.lang, file)


@lru_cache(maxsize=8)
def _report(name: str) -> CollapseReport:
    example = examples.NAMES[name]
    files = [(examples.FOLDER / example.file, "")]
    return collapse_report(files, num_embeddings=example.num_embeddings, ignore=example.ignore)


def record_of(name: str) -> RecordedRun:
    """The record of an example that is one."""
    return _diagnosis(examples.NAMES[name].file).record


@lru_cache(maxsize=2)
def _diagnosis(file: str) -> Diagnosis:
    with passing_folder(f"{PREFIX}example-") as folder:
        return diagnose(load_record(unpack_record(examples.FOLDER / file, folder / "record")))
