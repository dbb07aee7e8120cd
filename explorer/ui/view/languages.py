"""Which of the page's languages a browser asks for."""

from __future__ import annotations

from explorer.ui.view.state import LANGUAGES


def browser_language(header: str) -> str:
    """The first language of an Accept-Language header that the page speaks, by the weights it gives; else English."""
    ranked: list[tuple[float, str]] = []
    for item in header[:1000].split(","):
        tag, _, weight = item.strip().partition(";q=")
        try:
            ranked.append((float(weight or 1), tag.strip().lower().partition("-")[0]))
        except ValueError:
            continue
    ranked.sort(key=lambda pair: -pair[0])
    return next((lang for weight, lang in ranked if lang in LANGUAGES and weight > 0), "en")
