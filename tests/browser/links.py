"""Links that tests open."""

from __future__ import annotations

import re


def on_latent(query: str) -> str:
    """A query that opens the tab Latent unless it says where it leads."""
    return query if re.search(r"\b(tab|guide)=", query) else f"{query}{'&' if query else '?'}tab=latent"
