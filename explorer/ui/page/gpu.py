"""Training on a GPU that a ZeroGPU Space lends for a minute, there alone: for the tab Train, and for programs.

The tab's trainings are jobs like all others, that a burst takes further; programs keep the state between two bursts.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from typing import Any

import gradio as gr
from gradio import events

from explorer import zerogpu
from explorer.errors import ExplorerError, TrainingError
from explorer.jobs import lent, service
from explorer.jobs.lent import Burst
from explorer.jobs.limits import check_limits, limits
from explorer.training.burst import MOST_STEPS, Side, burst, seconds
from explorer.ui.page.parts import lender
from explorer.ui.questions.fields import on_page
from explorer.ui.questions.params import Params

Answer = dict[str, Any]
#: Of a state in base64.
LONGEST_STATE = 64_000_000
LONGEST_SETTINGS = 4000
#: How the lender says that a visitor's time is used up.
QUOTA = re.compile(
    r"\((?P<asked>\d+)s requested vs\. (?P<left>-?\d+)s left\).*?again in (?P<wait>\d[\d:, a-z]*\d)", re.S
)
#: Why it lends nothing, by a part of its words for it (the package `spaces`, zero/client.py and zero/wrappers.py).
REASONS = {
    "No GPU was available": "lender_busy",
    "Space app has reached its GPU limit": "lender_full",
    "exceeded your ZeroGPU runs limit": "lender_runs",
    "too many ZeroGPU credits allocated": "lender_pending",
    "larger than the maximum allowed": "lender_long",
    "GPU task aborted": "lender_stopped",
    "Expired ZeroGPU proxy token": "lender_page",
}


def publish() -> None:
    """Add both to the open Blocks, if this is a ZeroGPU Space."""
    package = zerogpu.spaces()
    if package is None:
        return
    trained: Burst = package.GPU(duration=seconds)(burst)

    def train_on_gpu(settings: str = "{}", state: str = "", steps: int = 500) -> Iterator[Answer]:
        """Train a run for a burst of steps on the GPU; reports on the way, and at the end the state to go on from.

        Args:
            settings: Of the run, a JSON object as the command train names them, such as {"model": "vqvae"}.
            state: What the burst before ended with, in base64; empty begins the run.
            steps: How many, 2000 at most.
        """
        yield from answers(trained, settings, state, steps)

    def on_lent(asked: Any) -> Iterator[Answer]:
        yield from told(trained, asked)

    events.api(train_on_gpu, api_name="train_on_gpu", api_description=train_on_gpu.__doc__, concurrency_id="gpu")
    asking, telling = lender()
    asking.commit(on_lent, asking, telling, api_visibility="undocumented", show_progress="hidden", concurrency_id="gpu")


def told(trained: Burst, asked: Any) -> Iterator[Answer]:
    """What the tab Train is told of a burst of `job` for its visitor: `{"ok", "job", "step", "last"}`, or why not.

    Args:
        trained: the burst on what is lent.
        asked: `{"mine", "job", "lang"}`; anybody may send anything here.
    """
    params = Params(asked if isinstance(asked, dict) else {})
    about: Answer = {"job": ""}
    try:
        about = {"job": params.word("job", 40)}
        for progress in lent.train(service.find(params.owner, about["job"]), trained):
            yield {"ok": True, "step": progress.step, "last": progress.last, "over": bool(progress.states)} | about
    except ExplorerError as error:
        yield {"ok": False, "code": error.code, "error": on_page(error, params.lang)} | about
    except gr.Error as error:
        refused = _refused(error)
        yield {"ok": False, "code": refused.code, "error": on_page(refused, params.lang)} | about


def answers(trained: Burst, settings: str, state: str, steps: int) -> Iterator[Answer]:
    """What the endpoint sends: `{"ok", "step", "last", "losses"}`, at last with `state`; or why there is nothing.

    What a lender of GPUs refuses, a used-up quota among it, is a sentence like every other refusal.
    """
    try:
        side, count = Side(_settings(settings), _state(state)), _steps(steps)
        for progress in trained([side], count):
            done = {"ok": True, "step": progress.step, "last": progress.last, "losses": progress.losses}
            yield done | ({"state": base64.b64encode(progress.states[0]).decode()} if progress.states else {})
    except ExplorerError as error:
        yield {"ok": False, "code": error.code, "error": str(error)}
    except gr.Error as error:
        refused = _refused(error)
        yield {"ok": False, "code": refused.code, "error": str(refused)}


def _refused(error: gr.Error) -> TrainingError:
    said = str(error.message)
    if found := QUOTA.search(said):
        return TrainingError("burst_quota", **found.groupdict())
    known = [TrainingError(code) for words, code in REASONS.items() if words in said]
    return TrainingError("burst_refused", reason=[*known, TrainingError("lender_said", said=said.rstrip(". "))][0])


def _settings(written: object) -> dict[str, Any]:
    try:
        found = json.loads(written) if isinstance(written, str) and len(written) <= LONGEST_SETTINGS else None
    except (ValueError, RecursionError):
        found = None
    (config,) = Params({"configs": [found]}).configs()
    check_limits(config, limits())
    return config.to_dict()


def _state(written: object) -> bytes:
    try:
        if not isinstance(written, str) or len(written) > LONGEST_STATE:
            raise ValueError
        return base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError) as error:
        raise TrainingError("burst_state") from error


def _steps(written: object) -> int:
    return 1 + Params({"steps": written - 1 if isinstance(written, int) else written}).integer("steps", MOST_STEPS)
