"""How good the samples are: one table from the runs' reports, beside rows that say what good and bad figures look like.

Nothing is measured here: `python -m explorer generation RUN` does that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from explorer.classifier import has_classifier
from explorer.runs import Run
from explorer.ui.computed import catalog, encoded
from explorer.ui.text import class_name, text

#: Columns of figures: key of the text, and where a row of the report holds it.
FIGURES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("kid", ("kid_clf",)),
    ("precision", ("manifold", "precision")),
    ("recall", ("manifold", "recall")),
    ("density", ("manifold", "density")),
    ("coverage", ("manifold", "coverage")),
    ("c2st", ("two_sample",)),
    ("copies", ("copies",)),
)
#: Figures that only experts are shown.
EXPERT = frozenset({"precision", "recall", "density", "coverage", "c2st"})
#: Rows of every table that say how to read it; decoded uniform codes are the fourth, a row of the VQ-VAE's own.
CALIBRATION = ("real_half", "train_copies", "blurred_real")


@dataclass(frozen=True)
class Column:
    """A figure's name, which way is better, its one-line definition, and whether it is for experts only."""

    label: str
    better: str
    tip: str
    expert: bool


@dataclass(frozen=True)
class Figure:
    """A value with its interval, as they are written."""

    value: str
    interval: str


@dataclass(frozen=True)
class Bar:
    """Share of samples that the classifier gives a class, with its 95 % interval."""

    name: str
    share: float
    low: float
    high: float
    tip: str


@dataclass(frozen=True)
class Row:
    """Samples of one prior, or one calibration row, and what these are in one sentence."""

    label: str
    tip: str
    figures: tuple[Figure, ...]
    classes: tuple[Bar, ...]


@dataclass(frozen=True)
class Group:
    """Rows of one run; `kind` is "" for the calibration rows."""

    kind: str
    title: str
    run: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Quality:
    """The table.

    Attributes:
        caption: n, reference, classifier, and what the intervals cover.
        most: largest share of the histograms, the end of their bars.
        missing: a sentence for each run that was not measured.
    """

    columns: tuple[Column, ...]
    classes: Column
    groups: tuple[Group, ...]
    caption: str
    most: float
    missing: tuple[str, ...]


def quality_of(runs: Mapping[str, Run], lang: str) -> Quality:
    """The table of the runs of a tab, by side; the calibration rows are those of the first one that has them."""
    measured = {name: section for name, run in runs.items() if (section := _section(run))}
    groups = [_group(runs[name], section, lang) for name, section in measured.items()]
    if measured:
        groups.append(_calibration(next(iter(runs.values())), next(iter(measured.values())), lang))
    shares = [bar.high for group in groups for row in group.rows for bar in row.classes]
    return Quality(
        columns=tuple(_column(key, lang) for key, _ in FIGURES),
        classes=_column("classes", lang),
        groups=tuple(groups),
        caption=_caption(next(iter(measured.values())), lang) if measured else "",
        most=max(shares, default=1.0),
        missing=tuple(not_measured(run, lang) for name, run in runs.items() if name not in measured),
    )


def holes_mass(run: Run) -> dict[str, Any]:
    """Mass of the prior in holes, as the report has it: `value`, `low`, `high`, `images`; {} if it was not measured."""
    holes = _section(run).get("holes", {})
    return holes if isinstance(holes, dict) else {}


def quality_row(run: Run, prior: str) -> dict[str, Any]:
    """The report's row of one prior's samples, {} if it was not measured."""
    row = _section(run).get("rows", {}).get(prior, {})
    return row if isinstance(row, dict) else {}


def _section(run: Run) -> dict[str, Any]:
    section = run.report.get("generation", {})
    return section if isinstance(section, dict) else {}


def _group(run: Run, section: dict[str, Any], lang: str) -> Group:
    kind = run.config.model
    rows = tuple(_row(name, row, run.config.data, lang) for name, row in section.get("rows", {}).items())
    return Group(kind, f"{text(f'kind.{kind}', lang)} · {catalog.label_of(run.info, lang)}", run.id, rows)


def _calibration(run: Run, section: dict[str, Any], lang: str) -> Group:
    known = section.get("calibration", {})
    rows = tuple(_row(name, known[name], run.config.data, lang) for name in CALIBRATION if name in known)
    return Group("", text("generate.quality.calibration", lang), "", rows)


def _row(name: str, row: dict[str, Any], data: str, lang: str) -> Row:
    label, tip = (text(f"generate.quality.row.{name}{what}", lang) for what in ("", ".tip"))
    return Row(label, tip, tuple(_figure(row, key, path) for key, path in FIGURES), tuple(_bars(row, data, lang)))


def _figure(row: dict[str, Any], key: str, path: tuple[str, ...]) -> Figure:
    found: Any = row
    for step in path:
        found = found.get(step, {}) if isinstance(found, dict) else {}
    if not found:
        return Figure("?", "")
    if key == "kid":
        return Figure(_signed(found["value"], 4), f"± {found['sd']:.4f}")
    return Figure(f"{found['value']:.2f}", f"{found['low']:.2f}–{found['high']:.2f}")


def _bars(row: dict[str, Any], data: str, lang: str) -> Iterator[Bar]:
    for english, found in zip(encoded.class_names(data), row.get("classes", ()), strict=False):
        name = class_name(english, lang)
        value, low, high = found["value"], found["low"], found["high"]
        tip = text(
            "generate.quality.bar", lang, name=name, share=_percent(value), low=_percent(low), high=_percent(high)
        )
        yield Bar(name, value, low, high, tip)


def _column(key: str, lang: str) -> Column:
    return Column(
        text(f"generate.quality.{key}", lang),
        text(f"generate.quality.{key}.better", lang),
        text(f"generate.quality.{key}.tip", lang),
        key in EXPERT,
    )


def _caption(section: dict[str, Any], lang: str) -> str:
    rows = [*section.get("rows", {}).values(), *section.get("calibration", {}).values()]
    kid: dict[str, Any] = next((row["kid_clf"] for row in rows if "kid_clf" in row), {})
    caption = text(
        "generate.quality.caption",
        lang,
        n=f"{section.get('n', 0):,}",
        reference=f"{section.get('reference', 0):,}",
        subsets=kid.get("subsets", "?"),
        size=kid.get("size", "?"),
        accuracy=f"{100 * section.get('classifier', {}).get('accuracy', 0):.1f}",
        tested=f"{section.get('classifier', {}).get('n', 0):,}",
    )
    redrawn = text("generate.quality.redrawn", lang) if section.get("redrawn") else ""
    return f"{caption} {redrawn}" if redrawn and lang == "en" else caption + redrawn


def _signed(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace("-", "−")


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def not_measured(run: Run, lang: str) -> str:
    """How to measure a run's samples, or why that cannot be done."""
    known = has_classifier(run.config.data)
    return text("generate.quality.missing", lang, run=run.id) if known else text("generate.quality.unseen", lang)
