"""Tables of a document that a script writes anew, each between `<!-- table NAME -->` and `<!-- end -->`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

MARKED = re.compile(r"<!-- table (\w+) -->\n.*?<!-- end -->", re.DOTALL)


def refreshed(text: str, tables: Mapping[str, Callable[[], str]]) -> str:
    """`text` with every table written anew."""
    return MARKED.sub(lambda found: f"<!-- table {found[1]} -->\n{tables[found[1]]()}\n<!-- end -->", text)


def table(head: str, rows: Iterable[Iterable[str]], nothing: str) -> str:
    """A table of Markdown; `nothing` in its place where there is no row.

    Args:
        head: titles of the columns, parted by " | ".
        rows: cells.
        nothing: a sentence.
    """
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    if not lines:
        return nothing
    return "\n".join([f"| {head} |", "|" + "---|" * (head.count(" | ") + 1), *lines])
