"""Processes that a benchmark starts and ends: a server that answers, and trainings that keep the cores busy."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def serving(*command: str) -> Iterator[tuple[str, int]]:
    """A server with `{port}` in its command: its address and process id, once it answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "GRADIO_ANALYTICS_ENABLED": "False"}
    filled = [part.format(port=port) for part in command]
    process = subprocess.Popen(
        [sys.executable, *filled], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(1800):  # a busy machine imports slowly
            try:
                urllib.request.urlopen(url, timeout=5).read()
                break
            except OSError:
                time.sleep(0.1)
        yield url, process.pid
    finally:
        process.terminate()
        process.wait()


@contextmanager
def training(processes: int, nicer: int = 0) -> Iterator[list[int]]:
    """Runs that keep the cores busy, forgotten afterwards; their process ids.

    Args:
        processes: how many.
        nicer: how much lower their priority is than ours.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [
            "nice",
            "-n",
            str(nicer),
            sys.executable,
            "-m",
            "explorer",
            "train",
            "--model",
            "vae",
            "--steps",
            "100000",
            "--json",
        ]
        environment = os.environ | {"OMP_NUM_THREADS": "1"}
        started = [
            subprocess.Popen(
                [*command, "--out", f"{folder}/{n}"],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            for n in range(processes)
        ]
        readers = [threading.Thread(target=_drain, args=(process,), daemon=True) for process in started]
        for reader in readers:
            reader.start()
        time.sleep(15)  # imports are over, steps are being made
        try:
            yield [process.pid for process in started]
        finally:
            for process in started:
                process.kill()
                process.wait()


def _drain(process: subprocess.Popen[bytes]) -> None:
    assert process.stdout is not None
    for _ in process.stdout:
        pass


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
