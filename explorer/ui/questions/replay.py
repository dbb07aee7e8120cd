"""What if: the outputs of a record that the visitor may look at, or of the example, through other settings."""

from __future__ import annotations

from typing import Any

from explorer.reports.replay import INITS, RULES, Replayed, Settings, happened, replay
from explorer.runs.recorded import RecordedRun
from explorer.ui.computed.records import EXAMPLE, check_name, record_of
from explorer.ui.questions.params import Params
from explorer.ui.questions.record import LONGEST

#: A replay on the page takes seconds.
STEPS, MOST_CODES = 300, 2048


def answer(params: Params) -> dict[str, Any]:
    """`happened` and `replayed`, each with `dead`, `codes`, `perplexity` and `distortion`.

    Asked for with `record`, a name, or nothing for the example; `rule`, `init`, `decay`, `restart` and
    `num_embeddings` (nothing is the record's).
    """
    record = _record(params)
    settings = Settings(
        rule=params.choice("rule", RULES),
        init=params.choice("init", INITS),
        decay=params.number("decay", 0, 0.99999, 0.99),
        restart=bool(params.number("restart", 0, 1, 0)),
        num_embeddings=int(params.number("num_embeddings", 1, MOST_CODES)) if params.has("num_embeddings") else None,
    )
    return {
        "happened": _said(happened(record)),
        "replayed": _said(replay(record, settings, most_steps=STEPS)),
    }


def _record(params: Params) -> RecordedRun:
    return record_of(check_name(params.word("record", LONGEST)) if params.has("record") else EXAMPLE)


def _said(one: Replayed) -> dict[str, Any]:
    return {
        "dead": one.dead,
        "codes": one.num_embeddings,
        "perplexity": round(one.perplexity, 1),
        "distortion": round(one.distortion, 4),
    }
