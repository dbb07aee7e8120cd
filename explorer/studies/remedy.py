"""One published remedy for dead codes: what it is, and how the study tries it beside its twin."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Pair = tuple[str, str]

#: What every remedy is tried on, and the numbers a code and codes that it has there.
DATA, DEEP_DIM, DEEP_CODES = "fashion", 64, 512


@dataclass(frozen=True)
class Remedy:
    """One published remedy, and how the study tries it.

    Attributes:
        name: its key, and the variant of its cell.
        title: what it is called and who published it, in English and Chinese.
        paper: where it is written down.
        setting: of `RunConfig`; all that tells it from its twin.
        rule: of both: a key of `explorer.studies.plan.RULES`.
        init: of the twin's codebook, and of the remedy's unless `setting` says another.
        does, costs: one sentence each, in English and Chinese.
        embedding_dim: D of both.
        beside: of `RunConfig`; what both have beyond the study's plain cells.
        beside_word: names it in the twin's cell.
        word: names the remedy in its cell; "" is its name.
    """

    name: str
    title: Pair
    paper: str
    setting: dict[str, Any]
    rule: str
    init: str
    does: Pair
    costs: Pair
    embedding_dim: int = DEEP_DIM
    beside: dict[str, Any] = field(default_factory=dict)
    beside_word: str = ""
    word: str = ""

    @property
    def variant(self) -> str:
        """Of its cell; a start is named by the cell's init already."""
        return "" if set(self.setting) == {"codebook_init"} else self.word or self.name

    @property
    def cell(self) -> str:
        """The study's cell that tries it."""
        return self._cell(self.setting.get("codebook_init", self.init), self.variant)

    @property
    def plain(self) -> str:
        """The study's cell without it."""
        return self._cell(self.init, self.beside_word)

    def _cell(self, init: str, variant: str) -> str:
        parts = [DATA, f"d{self.embedding_dim}", f"k{DEEP_CODES}", self.rule, init]
        return "-".join([*parts, variant] if variant else parts)
