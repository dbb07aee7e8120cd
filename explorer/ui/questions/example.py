"""The collapse report of a shipped example file: the tab is never empty."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from explorer.collapse.reporting import CollapseReport, collapse_report
from explorer.data import examples
from explorer.ui.collapse.reader_diagnosis import said_of_record
from explorer.ui.collapse.reader_report import said
from explorer.ui.computed.records import EXAMPLE, diagnosis_of
from explorer.ui.questions.params import Params


def answer(params: Params) -> dict[str, Any]:
    """Asked for with `example`, a name; answers what `reader_report.said` says, and the `file`'s name."""
    name = params.choice("example", tuple(examples.NAMES))
    file = examples.NAMES[name].file
    if file.endswith(".zip"):
        return {"file": file} | said_of_record(diagnosis_of(EXAMPLE), params.lang, file)
    return {"file": file} | said(_report(name), params.lang, file)


@lru_cache(maxsize=8)
def _report(name: str) -> CollapseReport:
    example = examples.NAMES[name]
    files = [(examples.FOLDER / example.file, "")]
    return collapse_report(files, num_embeddings=example.num_embeddings, ignore=example.ignore)
