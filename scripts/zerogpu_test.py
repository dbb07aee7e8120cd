"""The app as on a ZeroGPU Space: the real package `spaces`, against a stand-in of the API that lends the GPUs.

Run by `make zerogpu-test` in `.venv-zerogpu`; ends with an error if the app does not report itself, or a burst of steps
in the worker is not, bit for bit, what it is here, or a used-up quota is no sentence, or the tab Train cannot train by
bursts, say how they go, and go on with the CPU. There is no GPU: the worker trains on the CPU in its place.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import torch
from gradio_client import Client
from playwright.sync_api import Page, expect, sync_playwright

from explorer.training.burst import Side, burst
from explorer.training.config import RunConfig
from explorer.ui.text import text
from scripts import chromium
from scripts.environment import ROOT

START_SECONDS, ANSWER_SECONDS = 180, 120
SETTINGS = {"model": "vqvae", "steps": 6, "batch_size": 16, "width": 8, "num_embeddings": 16}
#: Of the page's trainings, and of one burst of them.
ALL_STEPS, BURST = 50, 30
#: What the worker does with a GPU before it works has no meaning without one.
RUN = f"""
import sys
from explorer import serve
assert "spaces" in sys.modules, "the package was not imported"
from explorer.jobs import lent
lent.train.__defaults__ = (lent.STEPS,) = ({BURST},)
import spaces.zero.torch as gpu
import torch
def init(uuid):
    torch.cuda.is_available = lambda: False
gpu.init, gpu.move = init, lambda callback: None
sys.exit(serve.main(sys.argv[1:]))
"""


class Lender(ThreadingHTTPServer):
    """The stand-in: what it was asked, whether it lends, and whether the worker of the last time may go on."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []
        self.lends, self.idle = True, False
        self.workers: list[int] = []

    def end_workers(self) -> None:
        """As the lender does with whoever had the GPU before."""
        for worker in self.workers:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        self.workers.clear()


class _Handler(BaseHTTPRequestHandler):
    server: Lender

    def do_POST(self) -> None:
        path, _, query = self.path.partition("?")
        name, lender = path.strip("/"), self.server
        lender.asked.append(self.path)
        if name == "allow":
            lender.workers.append(int(urllib.parse.parse_qs(query)["pid"][0]))
        if name == "schedule" and not lender.lends:
            self.answer(429, {"left": 0, "wait": "01:00:00"})
        elif name == "schedule":
            if not lender.idle:
                lender.end_workers()
            self.answer(200, {"idle": lender.idle, "nvidiaIndex": 0, "nvidiaUUID": "none", "allowToken": "token"})
        else:
            self.answer(200, {})

    def answer(self, status: int, values: dict[str, Any]) -> None:
        content = json.dumps(values).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until_it_answers(url: str, app: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and app.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    sys.exit("error: the app does not answer")


def ask(client: Client, settings: str, state: str, steps: int) -> dict[str, Any]:
    """The last report of a burst, which has to come."""
    job = client.submit(settings, state, steps, api_name="/train_on_gpu")
    job.result(timeout=ANSWER_SECONDS)
    return dict(job.outputs()[-1])


def check(url: str, lender: Lender) -> None:
    """A burst in a new worker, one in the same, one in another that takes its place; then none."""
    assert any(path.startswith("/startup-report") for path in lender.asked), lender.asked
    client = Client(url, verbose=False)
    settings, state = json.dumps(SETTINGS), ""
    for expected, lender.idle in ((2, False), (4, True), (6, False)):
        last = ask(client, settings, state, 2)
        assert last["ok"], last
        assert last["step"] == expected, last
        state = last["state"]
    assert base64.b64decode(state) == trained_here(3, 3), "the bursts in the workers are not what they are here"
    assert any("durationSeconds=15" in path for path in lender.asked), lender.asked
    lender.lends = False
    refused = ask(client, settings, "", 3)
    assert (refused["ok"], refused["code"]) == (False, "burst_refused"), refused
    print(f"{refused['error']}\nthe app reports itself, trains bit for bit, and says when no GPU is lent", flush=True)


def check_page(url: str, lender: Lender) -> None:
    """The tab Train: a burst of a pair, one that is refused in a sentence, and the CPU after it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(locale="en-US", extra_http_headers={"X-IP-Token": "a.visitor.s"})
        page.set_default_timeout(1000 * ANSWER_SECONDS)
        expect.set_options(1000 * ANSWER_SECONDS)
        page.goto(f"{url}?v=2&tab=train")
        lender.lends = True
        begin_pair(page)
        job = page.locator(".ex-train-job")
        expect(job.locator(".ex-train-numbers")).to_contain_text(text("train.burst.on", "en", last=BURST))
        expect(job).to_have_attribute("data-phase", "paused")
        expect(job.locator(".ex-train-numbers")).to_contain_text(f"step {BURST} of")
        expect(job.locator(".ex-train-sides canvas").first).to_be_visible()
        lender.lends = False
        job.locator('[data-do="burst"]').click()
        expect(job.locator(".ex-train-said")).to_contain_text("There is more in 1:00:00")
        expect(job).to_have_attribute("data-phase", "paused")
        job.locator('[data-do="resume"]').click()
        expect(job).to_have_attribute("data-phase", re.compile("measuring|finished"))
        browser.close()


def begin_pair(page: Page) -> None:
    """The pair of a preset, for the lent GPU."""
    page.locator('[data-preset="worlds"]').click()
    assert page.locator("#ex-train-trained-by").input_value() == "cpu", "the CPU is the default"
    page.locator("#ex-train-trained-by").select_option("gpu")
    page.locator("#ex-train-steps-both").fill(str(ALL_STEPS))
    page.locator("#ex-train-steps-both").press("Enter")
    page.locator(".ex-train-go").click()


def trained_here(*bursts: int) -> bytes:
    torch.set_num_threads(1)  # as in the worker: more of them add in another order
    state = b""
    for steps in bursts:
        *_, last = burst([Side(RunConfig.from_dict(SETTINGS).to_dict(), state)], steps)
        (state,) = last.states
    return state


@contextmanager
def running_app(lender: Lender) -> Iterator[str]:
    """URL of the app. With it end the workers that it has forked: they would hold our output open for ever."""
    port, home = free_port(), tempfile.mkdtemp(prefix="explorer-zerogpu-")
    lent = {"SPACES_ZERO_GPU": "true", "SPACES_ZERO_DEVICE_API_URL": f"http://127.0.0.1:{lender.server_port}"}
    environment = os.environ | lent | {"OMP_NUM_THREADS": "1", "EXPLORER_HOME": home}
    command = [sys.executable, "-c", RUN, "--host", "127.0.0.1", "--port", str(port)]
    app = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        url = f"http://127.0.0.1:{port}/"
        wait_until_it_answers(url, app)
        yield url
    finally:
        os.killpg(app.pid, signal.SIGKILL)
        app.wait()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    lender = Lender()
    threading.Thread(target=lender.serve_forever, daemon=True).start()
    with running_app(lender) as url:
        check(url, lender)
        check_page(url, lender)
    print("the tab Train trains by bursts, says how they go, and goes on with the CPU", flush=True)
