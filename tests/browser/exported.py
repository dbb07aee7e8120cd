"""A little exploration, served as a file server does from a path below its root."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from scripts.environment import alone
from tests.browser.running_app import ROOT

BELOW = "some/where"
#: Questions that cost little: the others are answered with their sentence.
QUESTIONS = ("class_link", "closer", "collapse_example", "samples", "sharpness", "sweep", "thumbs")
SCRIPT = f"""
import sys
from dataclasses import replace
from pathlib import Path
from explorer.export.asked import ASKED
from explorer.export.folder import export
from explorer.export.selection import chosen
(of_set,) = chosen(["fashion"], images=3)
little = replace(of_set, pairs=of_set.pairs[:1], steps=(1, 2), images=of_set.images[:3])
export(Path(sys.argv[1]), (little,), asked={{name: ASKED[name] for name in {QUESTIONS!r}}})
"""


def written_once(temporary: Path) -> Path:
    """The session's exploration: written by the first of its processes that needs it, while the others wait.

    Args:
        temporary: pytest's folder of this process; the processes of one session have theirs side by side.
    """
    shared = temporary.parent if "PYTEST_XDIST_WORKER" in os.environ else temporary
    with alone(shared):
        root = shared / "exported"
        if not (root / BELOW).is_dir():  # whole, or not there
            export_little(root)
    return root


def export_little(root: Path) -> Path:
    """Write one below `root`, by a process of its own: Playwright's event loop and Gradio's do not agree."""
    folder = root / BELOW
    environment = os.environ | {"OMP_NUM_THREADS": "1", "EXPLORER_HOME": str(root / "home")}
    subprocess.run([sys.executable, "-c", SCRIPT, str(folder)], cwd=ROOT, env=environment, check=True)
    return folder


class Quiet(SimpleHTTPRequestHandler):
    """What `python -m http.server` does, without its lines."""

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def served(root: Path) -> Iterator[str]:
    """The address of the exploration below `root`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/{BELOW}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
