"""How soon the server answers, against an empty Gradio page in a process that has imported torch.

    python -m benchmarks.server [--rounds 5] [--page]

Both are started in turn, each from its first instruction to the first `200` for `/`. The ratio of wall clocks suffers
when the machine is busy, so the ratio of CPU seconds until then stands beside it. With `--page` a headless Chromium
opens the page too: seconds from navigation until both planes have drawn their points.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASKED = 1.3
PATIENCE = 180.0  # seconds
EMPTY = """
import os, sys
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
import torch
import gradio as gr
with gr.Blocks(analytics_enabled=False) as demo:
    pass
demo.launch(server_port=int(sys.argv[1]), run_history=False, ssr_mode=False, quiet=True)
"""
BOTH_DRAWN = """() => ["left", "right"].every((side) =>
  document.querySelector(`#ex-${side} .ex-plane-moving`)?.explorer?.drawnPoints > 0)"""


@dataclass(frozen=True)
class Start:
    """Seconds until the first answer: of the clock, and of CPU time of the process."""

    wall: float
    cpu: float
    page: float = float("nan")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(words: list[str], port: int, *, page: bool = False) -> Start:
    """Start a server, wait for its first answer, end it."""
    environment = os.environ | {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    began = time.perf_counter()
    server = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}/"
        while not answers(url):
            if server.poll() is not None or time.perf_counter() - began > PATIENCE:
                raise SystemExit(f"{' '.join(words)} did not answer")
            time.sleep(0.02)
        wall, cpu = time.perf_counter() - began, cpu_seconds(server.pid)
        return Start(wall, cpu, open_page(url) if page else float("nan"))
    finally:
        server.kill()
        server.wait()


def answers(url: str) -> bool:
    """Whether the page is served."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def cpu_seconds(pid: int) -> float:
    """User and system seconds of a process, all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def open_page(url: str) -> float:
    """Seconds from navigation to two planes with points, in a fresh browser."""
    from playwright.sync_api import sync_playwright

    from scripts.chromium import find

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        began = time.perf_counter()
        page.goto(url, wait_until="commit")
        page.wait_for_function(BOTH_DRAWN, timeout=1000 * PATIENCE)
        seconds = time.perf_counter() - began
        browser.close()
    return seconds


def main() -> None:
    """Print medians, ratios and the machine's load."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--page", action="store_true", help="open the page in a browser too")
    args = parser.parse_args()
    ours: list[Start] = []
    empty: list[Start] = []
    for turn in range(args.rounds + 1):
        port = free_port()
        first = start([sys.executable, "app.py", "--port", str(port)], port, page=args.page)
        port = free_port()
        second = start([sys.executable, "-c", EMPTY, str(port)], port)
        if turn:  # the first round brings the files into memory
            ours.append(first)
            empty.append(second)
    for name, taken in (("explorer", ours), ("empty page, torch", empty)):
        wall, cpu = (statistics.median(getattr(each, part) for each in taken) for part in ("wall", "cpu"))
        print(f"{name:18} answers after {wall:6.2f} s of the clock, {cpu:6.2f} s of CPU")
    for part in ("wall", "cpu"):
        ratio = statistics.median(getattr(a, part) / getattr(b, part) for a, b in zip(ours, empty, strict=True))
        print(f"ratio, {part}: {ratio:.2f} (asked {ASKED:g})")
    if args.page:
        print(f"both planes {statistics.median(each.page for each in ours):.2f} s after navigation")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
