"""The diagnosis of a record that this server was given, or that the visitor sent."""

from __future__ import annotations

from typing import Any

from explorer.ui.collapse.reader_diagnosis import said_of_record
from explorer.ui.computed.records import check_name, diagnosis_of
from explorer.ui.questions.params import Params

LONGEST = 200


def answer(params: Params) -> dict[str, Any]:
    """Asked for with `record`, a name; answers what `said_of_record` says, and the name as `file`."""
    name = check_name(params.word("record", LONGEST))
    return {"file": name} | said_of_record(diagnosis_of(name), params.lang, name)
