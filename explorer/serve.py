"""Serves the page: `explorer app [--port N] [--host H]`, and `python app.py`, the entry of a Hugging Face Space."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# Before torch and gradio are imported: with a team of OpenMP threads in every worker, decoding stalls for 100 ms while
# anything trains beside it; and nothing leaves this machine at start.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

from explorer import zerogpu

zerogpu.spaces()  # before torch

from explorer.cli import MISSING, is_extra
from explorer.errors import RecordError
from explorer.files.released import keep_together


def main(argv: Sequence[str] | None = None) -> int:
    """Build and serve until stopped; without the page's packages one sentence, and exit code 2."""
    parser = argparse.ArgumentParser(prog="explorer app", description=__doc__)
    parser.add_argument(
        "records", nargs="*", type=Path, help="records of trainings to show, folders of explorer.recorder"
    )
    parser.add_argument("--port", type=int, help="first free one from 7860 if not given")
    parser.add_argument("--host", help="address to listen on; 127.0.0.1 if not given, all of them on a Space")
    parser.add_argument(
        "--mcp", action="store_true", help='serve the endpoints as MCP tools too (pip install "gradio[mcp]")'
    )
    args = parser.parse_args(argv)
    keep_together()
    try:
        launch = imported(on_disk=True)
    except ModuleNotFoundError as error:
        if not is_extra(error):
            raise
        print(f"explorer: {MISSING.format(what='app', name=error.name)}", file=sys.stderr)
        return 2
    try:
        launch(args.host, args.port, mcp=args.mcp, records=args.records)
    except RecordError as error:
        print(f"explorer: {error}", file=sys.stderr)
        return 2
    return 0


def imported(*, on_disk: bool = False) -> Callable[..., None]:
    """`explorer.ui.page.server.launch`, and whatever it needs, as soon as can be.

    Args:
        on_disk: whether pictures lie in a file rather than in memory: 100 MB of which little is looked at.
    """
    # Half a million objects come with torch and Gradio, to stay. Looking through them again and again for garbage takes
    # a fifth of the time to import them, and later 150 ms at a time from whoever drags a point just then.
    gc.disable()
    from explorer.data import IMAGE_SETS, keep_on_disk

    if on_disk:
        keep_on_disk()
    # The first set's pictures are decoded while Gradio is imported. What goes wrong is said where they are used.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(next(iter(IMAGE_SETS.values())))
        from explorer.ui.page.server import launch
    gc.freeze()
    gc.enable()
    # A question that computes hands the interpreter on five times as often as usual, so that a cheap one beside it, and
    # the loop that serves them all, wait a millisecond for it and not five.
    sys.setswitchinterval(0.001)
    return launch
