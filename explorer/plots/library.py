"""The plotly.js that the plotly package brings: served by the page itself, so that no other host is asked."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def plotly_js() -> bytes:
    """The minified script; it sets `window.Plotly`."""
    spec = find_spec("plotly")
    assert spec is not None
    assert spec.origin is not None
    return (Path(spec.origin).parent / "package_data" / "plotly.min.js").read_bytes()
