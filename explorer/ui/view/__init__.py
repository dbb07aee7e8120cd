"""What a reader is looking at: ids and numbers, and its twin in the link (`state`); how both are read (`values`)."""

from __future__ import annotations

from explorer.ui.view.state import (
    GUIDE_STEPS,
    HIDEABLE,
    LANGUAGES,
    LINK_VERSION,
    MAX_SEED,
    MAX_STARVED,
    ORDERS,
    PARTS,
    PARTS_OF,
    PLANES,
    PRIORS,
    RULES,
    SAMPLES,
    SCREENS,
    TABS,
    WINDOWS,
    View,
    default_view,
    from_query,
)

__all__ = [
    "GUIDE_STEPS",
    "HIDEABLE",
    "LANGUAGES",
    "LINK_VERSION",
    "MAX_SEED",
    "MAX_STARVED",
    "ORDERS",
    "PARTS",
    "PARTS_OF",
    "PLANES",
    "PRIORS",
    "RULES",
    "SAMPLES",
    "SCREENS",
    "TABS",
    "WINDOWS",
    "View",
    "default_view",
    "from_query",
]
