"""What each published remedy did in the codebook study, the one that brought most codes back first, with its code."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from explorer.collapse.snippets import snippets
from explorer.studies.plan import Cell
from explorer.studies.remedies import DEEP_DIM, REMEDIES
from explorer.studies.summary import CellSummary, Interval, interval, summaries
from explorer.training.config import RunConfig
from explorer.ui.text import COMMA, text

#: Settings that decide what is kept of a run, and not what becomes of it.
FILMING = ("trace", "kept_weights")


def remedy_rows(lang: str, num_embeddings: int | None = None, embedding_dim: int | None = None) -> list[dict[str, Any]]:
    """One row a remedy: sentences, numbers, and `code` by library for a codebook of these sizes.

    Sorted by the share of K that was dead without the remedy and is alive with it, by medians over seeds.
    """
    cells = {summary.cell.id: summary for summary in summaries()}
    rows = []
    for remedy in REMEDIES:
        plain, own = cells[remedy.plain], cells[remedy.cell]
        row: dict[str, Any] = {
            name: text(f"codebook.remedy.{remedy.name}{suffix}", lang)
            for name, suffix in (("name", ""), ("what", ".what"), ("cost", ".cost"))
        }
        row |= _made_by(remedy.name, plain.cell, own.cell, lang) | _measured(plain, own, lang)
        row["code"] = snippets(remedy.name, num_embeddings, embedding_dim) | {"flags": _command(own.cell)}
        rows.append((-_gain(plain, own), row))
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]


def _gain(plain: CellSummary, own: CellSummary) -> float:
    """Share of K that came back, in [-1, 1]; -1 where nothing was trained."""
    before, after = (interval(tuple(map(float, summary.dead))) for summary in (plain, own))
    if before is None or after is None:
        return -1.0
    return before.middle / plain.cell.num_embeddings - after.middle / own.cell.num_embeddings


def _command(cell: Cell) -> str:
    """The line that trains such a run here."""
    config = cell.config(0).to_dict()
    plain = {each.name: each.default for each in fields(RunConfig)}
    told = ("model", "data", "num_embeddings", "embedding_dim", "codebook_update")
    differ = (name for name in config if name in told or config[name] != plain.get(name))
    flags = " ".join(f"--{name.replace('_', '-')} {config[name]}" for name in differ if name not in FILMING)
    return f"python -m explorer train {flags}\n"


def _made_by(name: str, plain: Cell, own: Cell, lang: str) -> dict[str, str]:
    """The remedy's key, the flags that make it of its twin without it, and that twin's rule and start."""
    settings = {key: value for key, value in own.settings.items() if plain.settings.get(key) != value}
    rule, init = (
        text(f"codebook.study.{kind}.{value}", lang) for kind, value in (("rule", plain.rule), ("init", plain.init))
    )
    shared = [f"D = {plain.embedding_dim}"] if plain.embedding_dim != DEEP_DIM else []
    shared += [_flags({key: value for key, value in plain.settings.items() if key != "codebook_init"})]
    without = text("codebook.remedy.without", lang, rule=rule, init=init)
    return {"remedy": name, "flags": _flags(settings), "without": COMMA[lang].join([without, *filter(None, shared)])}


def _flags(settings: dict[str, Any]) -> str:
    return " ".join(f"--{key.replace('_', '-')} {value}" for key, value in settings.items())


def _measured(plain: CellSummary, own: CellSummary, lang: str) -> dict[str, str]:
    if not own.seeds:
        return {"dead": text("codebook.remedy.open", lang), "psnr": "", "n": "0"}
    dead = [interval(tuple(map(float, summary.dead))) for summary in (plain, own)]
    psnr = [interval(summary.psnr_db) for summary in (plain, own)]
    return {
        "dead": " → ".join(_said(value, 0, lang) for value in dead),
        "psnr": " → ".join(_said(value, 2, lang) for value in psnr),
        "n": f"{len(plain.seeds)}, {len(own.seeds)}",
    }


def _said(value: Interval | None, digits: int, lang: str) -> str:
    if value is None:
        return text("codebook.remedy.open", lang)
    if value.n == 1:
        return f"{value.middle:.{digits}f}"
    return f"{value.middle:.{digits}f} ({value.low:.{digits}f}–{value.high:.{digits}f})"
