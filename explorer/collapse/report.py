"""A collapse report: one codebook's numbers, or those of several, and what was remarked on their files."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from explorer.collapse.findings import FINDINGS, Finding, codebook_findings
from explorer.collapse.usage import Usage
from explorer.metrics.collapse import QUANTILES, NearDuplicates, NormSpectrum, Plane
from explorer.metrics.verdict import verdict, worst


@dataclass(frozen=True)
class CodebookReport:
    """What files show of one codebook.

    Attributes:
        size: (K, D), None without vectors.
        usage, duplicates, norms, plane: None where the files hold nothing for it.
        hits: of the codes that `plane` draws, None without indices or counts.
        whole: whether the codebook looks like indices: whole numbers from 0 up, above 1 too.
    """

    size: tuple[int, int] | None = None
    usage: Usage | None = None
    duplicates: NearDuplicates | None = None
    norms: NormSpectrum | None = None
    plane: Plane | None = None
    hits: tuple[float, ...] | None = None
    whole: bool = False

    @property
    def verdict(self) -> str:
        """One of `explorer.metrics.verdict.VERDICTS`."""
        usage, duplicates = self.usage, self.duplicates
        return verdict(
            usage.codes if usage else self.size[0] if self.size else 0,
            dead=usage.dead if usage else None,
            perplexity=usage.perplexity if usage else None,
            num_vectors=usage.vectors_behind if usage else 0,
            distinct=duplicates.distinct if duplicates else None,
            all_known=usage is None or usage.known,
        )

    @property
    def shows(self) -> tuple[Finding, ...]:
        """Keys of `FINDINGS` with their numbers."""
        return tuple(codebook_findings(self))

    def entry(self) -> dict[str, Any]:
        """Its line of a report's JSON: `used`, `dead`, `perplexity`, `distinct`, None where the file cannot tell."""
        usage, duplicates = self.usage, self.duplicates
        return {
            "num_embeddings": usage.codes if usage else self.size[0] if self.size else None,
            "embedding_dim": self.size[1] if self.size else None,
            "num_vectors": usage.num_vectors if usage else None,
            "used": usage.used if usage else None,
            "dead": usage.dead if usage else None,
            "perplexity": usage.perplexity if usage else None,
            "distinct": duplicates.distinct if duplicates else None,
            "verdict": self.verdict,
        }


@dataclass(frozen=True)
class CollapseReport:
    """What the files show.

    Attributes:
        sources: the tensors that were read, as labels.
        codebooks: one or, of levels, groups or heads, several.
        remarks: on how the files were read.
        cannot_tell: keys of `FINDINGS` with their numbers.
    """

    sources: tuple[str, ...]
    codebooks: tuple[CodebookReport, ...]
    remarks: tuple[Finding, ...] = ()
    cannot_tell: tuple[Finding, ...] = ()

    @property
    def only(self) -> CodebookReport:
        """The one codebook; an empty report where there are several, whose numbers are never joined."""
        return self.codebooks[0] if len(self.codebooks) == 1 else CodebookReport()

    @property
    def size(self) -> tuple[int, int] | None:
        """(K, D) of the one codebook."""
        return self.only.size

    @property
    def usage(self) -> Usage | None:
        """Of the one codebook."""
        return self.only.usage

    @property
    def duplicates(self) -> NearDuplicates | None:
        """Of the one codebook."""
        return self.only.duplicates

    @property
    def norms(self) -> NormSpectrum | None:
        """Of the one codebook."""
        return self.only.norms

    @property
    def plane(self) -> Plane | None:
        """Of the one codebook."""
        return self.only.plane

    @property
    def hits(self) -> tuple[float, ...] | None:
        """Of the one codebook."""
        return self.only.hits

    @property
    def verdict(self) -> str:
        """Of the worst codebook."""
        return worst(codebook.verdict for codebook in self.codebooks)

    @property
    def shows(self) -> tuple[Finding, ...]:
        """Remarks and what the one codebook shows, or one sentence on each of several."""
        if len(self.codebooks) == 1:
            return (*self.remarks, *self.codebooks[0].shows)
        return (*self.remarks, *(f for n, book in enumerate(self.codebooks) for f in _level(n + 1, book)))

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; sentences in English. Of several codebooks the top level's numbers are null."""
        values: dict[str, Any] = {"sources": self.sources, "verdict": self.verdict} | asdict(self.only)
        if self.plane is not None:
            values["plane"] = {
                "points": np.round(self.plane.points, 6).tolist(),
                "rows": self.plane.rows.tolist(),
                "explained": self.plane.explained,
            }
        if self.norms is not None:
            values["norms"]["quantiles"] = dict(zip(map(str, QUANTILES), self.norms.quantiles, strict=True))
        values["codebooks"] = [codebook.entry() | {"shows": said(codebook.shows)} for codebook in self.codebooks]
        return values | {"shows": said(self.shows), "cannot_tell": said(self.cannot_tell)}


def said(findings: tuple[Finding, ...]) -> list[str]:
    """English sentences."""
    return [FINDINGS[key].format(**numbers) for key, numbers in findings]


def _level(level: int, codebook: CodebookReport) -> list[Finding]:
    found: list[Finding] = []
    if usage := codebook.usage:
        numbers = {"used": usage.used, "codes": usage.codes, "perplexity": usage.perplexity}
        found.append(("level_used", {"level": level} | numbers))
    if (duplicates := codebook.duplicates) and (usage is None or duplicates.distinct < duplicates.compared):
        counted = {"distinct": duplicates.distinct, "compared": duplicates.compared}
        found.append(("level_distinct", {"level": level} | counted))
    return found
