"""Links that tests open."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from explorer.ui.view import from_query


def on_latent(query: str) -> str:
    """A query that opens the tab Latent unless it says where it leads."""
    return query if re.search(r"\b(tab|guide)=", query) else f"{query}{'&' if query else '?'}tab=latent"


def in_full(query: str) -> str:
    """The query that the address bar shows once the page has opened at this one."""
    view, _ = from_query(dict(parse_qsl(query.lstrip("?"))))
    return f"?{view.to_query() or 'v=2'}"
