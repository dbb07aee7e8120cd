"""All causes asked about all codebooks of a record; the surest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer.collapse.report import CodebookReport
from explorer.collapse.reporting import codebook_report
from explorer.collapse.sketch import Sketch
from explorer.collapse.usage import counted_usage
from explorer.metrics.verdict import worst
from explorer.reports.diagnosis.causes import CAUSES
from explorer.reports.diagnosis.evidence import Evidence
from explorer.reports.diagnosis.sentences import CAUSE_SENTENCES, REMEDIES
from explorer.runs.recorded import RecordedRun

#: How sure, in words.
SURE, LIKELY = 0.8, 0.5


@dataclass(frozen=True)
class Found:
    """A cause that something speaks for.

    Attributes:
        cause: its name, a key of `CAUSE_SENTENCES` and `REMEDIES`.
        level: of the codebook.
        numbers: that both sentences may name; `number` is the evidence.
        sure: in [0, 1].
        sketch: the evidence as a figure.
    """

    cause: str
    level: int
    numbers: dict[str, Any]
    sure: float
    sketch: Sketch | None = None

    @property
    def confidence(self) -> str:
        """In words."""
        return "clear" if self.sure >= SURE else "likely" if self.sure >= LIKELY else "possible"

    def to_json(self) -> dict[str, Any]:
        """Plain values, sentences in English."""
        return {
            "cause": self.cause,
            "level": self.level + 1,
            "evidence": self.numbers["number"],
            "confidence": self.confidence,
            "says": CAUSE_SENTENCES[self.cause].format(**self.numbers),
            "try": REMEDIES[self.cause].format(**self.numbers),
        }


@dataclass(frozen=True)
class Diagnosis:
    """What a record shows.

    Attributes:
        record: that was looked at.
        codebooks: one a level.
        causes: the surest first; none is "no clear cause", or nothing is wrong.
    """

    record: RecordedRun
    codebooks: tuple[Evidence, ...]
    causes: tuple[Found, ...]

    @property
    def verdict(self) -> str:
        """Of the worst codebook."""
        return worst(codebook.verdict for codebook in self.codebooks)

    def reports(self) -> tuple[CodebookReport, ...]:
        """What the last codebooks and their hits show, as of anyone's files."""
        frame = self.codebooks[0].last("codebook")
        found = []
        for level, one in enumerate(self.codebooks):
            codes = None if frame is None else np.asarray(frame.codebook)[level]
            usage = counted_usage(one.window, True) if one.vectors else None
            found.append(codebook_report(codes, one.window if usage else None, usage))
        return tuple(found)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        record = self.record
        entries = [
            {
                "num_embeddings": record.num_embeddings,
                "embedding_dim": record.embedding_dim,
                "num_vectors": one.vectors,
                "used": int((~one.dead).sum()),
                "dead": int(one.dead.sum()),
                "perplexity": one.perplexity,
                "distinct": one.distinct,
                "verdict": one.verdict,
            }
            for one in self.codebooks
        ]
        return {
            "record": record.id,
            "kind": record.kind,
            "step": record.frames[-1].step,
            "verdict": self.verdict,
            "codebooks": entries,
            "causes": [found.to_json() for found in self.causes],
            "notes": list(record.notes),
        }


def diagnose(record: RecordedRun) -> Diagnosis:
    """Ask every cause about every codebook."""
    codebooks = tuple(Evidence(record, level) for level in range(record.levels))
    found = []
    for level, evidence in enumerate(codebooks):
        for cause in CAUSES:
            sign = cause.sign(evidence)
            if sign is None:
                continue
            numbers = {
                "number": sign.number,
                "codes": record.num_embeddings,
                "dim": record.embedding_dim,
                "dtype": record.codebook_dtype,
                "scale": 1 / sign.number if sign.number else 0.0,
                "tenth": sign.number / 10,
                "other": sign.other,
            }
            found.append(Found(cause.name, level, numbers, float(sign.sure), sign.sketch))
    return Diagnosis(record, codebooks, tuple(sorted(found, key=lambda one: -one.sure)))
