"""The codebook study: dots for each cell of one image set and size, and what each remedy did."""

from __future__ import annotations

from typing import Any

from explorer.plots.study import Row, dots_figure
from explorer.studies.plan import COMMON, Cell
from explorer.studies.remedies import REMEDIES
from explorer.studies.summary import CellSummary, Interval, interval, planned_members, summaries
from explorer.ui.questions.params import Params
from explorer.ui.text import text

SEEDS_ASKED = 3


def answer(params: Params) -> dict[str, Any]:
    """Asked for with `size` ("fashion-d64-k512"; "" is the first that has runs).

    Answers `sizes` as (name, label), the `size` shown, its `figure` or None, `standing`, `lead` and `remedies`: rows of
    sentences and numbers.
    """
    lang, found = params.lang, summaries()
    done = sum(len(summary.seeds) for summary in found)
    sizes = list(dict.fromkeys(_size(summary) for summary in found if summary.seeds))
    size = params.choice("size", ("", *sizes)) or next(iter(sizes), "")
    shown = [summary for summary in found if summary.seeds and _size(summary) == size]
    return {
        "sizes": [[name, _size_label(name)] for name in sizes],
        "size": size,
        "figure": dots_figure([_row(summary, lang) for summary in shown], text("codebook.study.axis", lang))
        if shown
        else None,
        "lead": text("codebook.study.lead", lang, steps=COMMON["steps"], vectors=_vectors(size)),
        "standing": _standing(done, planned_members(found), lang),
        "remedies": _remedies({summary.cell.id: summary for summary in found}, lang),
    }


def _standing(done: int, planned: int, lang: str) -> str:
    state = "empty" if not done else "standing" if done < planned else "whole"
    return text(f"codebook.study.{state}", lang, done=done, planned=planned)


def _size(summary: CellSummary) -> str:
    return f"{summary.cell.data}-{summary.cell.size}"


def _size_label(name: str) -> str:
    data, d, k = name.split("-")
    return f"{data}, D = {d[1:]}, K = {k[1:]}"


def _vectors(size: str) -> str:
    """Test vectors that a count of dead codes rests on."""
    return f"{336 * 64:,}" if size.startswith("emoji") else f"{5000 * 49:,}"


def cell_label(summary: CellSummary, lang: str) -> str:
    """A cell's name on the axis."""
    cell = summary.cell
    parts = [text(f"codebook.study.rule.{cell.rule}", lang), text(f"codebook.study.init.{cell.init}", lang)]
    parts += [cell.variant] if cell.variant else []
    parts += [text("codebook.study.seeds", lang, n=len(summary.seeds))] if len(summary.seeds) < SEEDS_ASKED else []
    return ", ".join(parts)


def _row(summary: CellSummary, lang: str) -> Row:
    cell, label = summary.cell, cell_label(summary, lang)
    texts = tuple(
        text(
            "codebook.study.dot",
            lang,
            cell=label,
            seed=seed,
            dead=dead,
            codes=cell.num_embeddings,
            perplexity=f"{perplexity:.0f}",
            psnr=f"{psnr:.2f}",
        )
        for seed, dead, perplexity, psnr in zip(
            summary.seeds, summary.dead, summary.perplexity, summary.psnr_db, strict=True
        )
    )
    return Row(label, cell.rule, tuple(100 * dead / cell.num_embeddings for dead in summary.dead), texts)


def _remedies(cells: dict[str, CellSummary], lang: str) -> list[dict[str, str]]:
    rows = []
    for remedy in REMEDIES:
        plain, own = cells[remedy.plain], cells[remedy.cell]
        row = {
            name: text(f"codebook.remedy.{remedy.name}{suffix}", lang)
            for name, suffix in (("name", ""), ("what", ".what"), ("cost", ".cost"))
        }
        rows.append(row | _made_by(remedy.name, plain.cell, own.cell, lang) | _measured(plain, own, lang))
    return rows


def _made_by(name: str, plain: Cell, own: Cell, lang: str) -> dict[str, str]:
    """The remedy's key, the flags that make it of its twin without it, and that twin's rule and start."""
    settings = {key: value for key, value in own.settings.items() if plain.settings.get(key) != value}
    if own.embedding_dim != plain.embedding_dim:
        settings["embedding_dim"] = own.embedding_dim
    rule, init = (
        text(f"codebook.study.{kind}.{value}", lang) for kind, value in (("rule", plain.rule), ("init", plain.init))
    )
    return {
        "remedy": name,
        "flags": " ".join(f"--{key.replace('_', '-')} {value}" for key, value in settings.items()),
        "without": text("codebook.remedy.without", lang, rule=rule, init=init),
    }


def _measured(plain: CellSummary, own: CellSummary, lang: str) -> dict[str, str]:
    if not own.seeds:
        return {"dead": text("codebook.remedy.open", lang), "psnr": "", "n": "0"}
    dead = [interval(tuple(map(float, summary.dead))) for summary in (plain, own)]
    psnr = [interval(summary.psnr_db) for summary in (plain, own)]
    return {
        "dead": " → ".join(_said(value, 0) for value in dead),
        "psnr": " → ".join(_said(value, 2) for value in psnr),
        "n": f"{len(plain.seeds)}, {len(own.seeds)}",
    }


def _said(value: Interval | None, digits: int) -> str:
    if value is None:
        return "?"
    if value.n == 1:
        return f"{value.middle:.{digits}f}"
    return f"{value.middle:.{digits}f} ({value.low:.{digits}f}–{value.high:.{digits}f})"
