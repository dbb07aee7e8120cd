"""The app as a person starts it, `python app.py --port N`, in a process of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from tests.offline.sitecustomize import PARENT

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 180  # a first import of torch and gradio from a cold disk
STOP_SECONDS = 10
MARK = "EXPLORER_TEST_APP"


@dataclass
class App:
    """A running `python app.py --port N` with its log; without a process it is another one's to stop."""

    process: subprocess.Popen[bytes] | None
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not answers(self.url):
            if self.process is not None and self.process.poll() is not None:
                pytest.fail(f"app.py ended with code {self.process.returncode}:\n{self.log.read_text()}", pytrace=False)
            if time.monotonic() > deadline:
                pytest.fail(f"no answer from app.py in {START_SECONDS} s:\n{self.log.read_text()}", pytrace=False)
            time.sleep(0.1)

    def stop(self) -> None:
        """Ends the app and whatever it started, in its process group or out of it."""
        if self.process is None:
            return
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        for pid in processes_with(f"{MARK}={mark_of(self.port)}"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def start_app(log: Path, port: int) -> App:
    # No home, as on a strict host: only the system's temporary folder may be written to. No GRADIO_* and no HF_*: what
    # the app does about analytics and the Hub, it has to do by itself.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GRADIO_", "HF_"))}
    held = {"PYTHONPATH": str(ROOT / "tests" / "offline"), PARENT: str(os.getpid()), MARK: mark_of(port)}
    held |= {name: str(log.parent / name) for name in ("EXPLORER_HOME", "EXPLORER_CACHE")}  # a test's are nobody else's
    environment = kept | held | {"HOME": "/dev/null", "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "app.py", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return App(process, port, log)


def mark_of(port: int) -> str:
    return f"{os.getpid()}-{port}"


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return cast(int, response.status) == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def processes_with(setting: str) -> list[int]:
    """Ids of the processes whose environment holds `setting` (none where there is no /proc)."""
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if setting.encode() in environment.read_bytes().split(b"\0"):
                found.append(int(environment.parent.name))
    return found
