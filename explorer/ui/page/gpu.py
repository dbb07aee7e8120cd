"""Training on a GPU that a ZeroGPU Space lends for a minute: one endpoint, there alone.

The tab Train stays with the CPU: this one is for programs, which keep the state between two bursts.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr
from gradio import events

from explorer import zerogpu
from explorer.errors import ExplorerError, TrainingError
from explorer.jobs.limits import check_limits, limits
from explorer.training.burst import MOST_STEPS, Progress, burst, seconds
from explorer.ui.questions.params import Params

Burst = Callable[[dict[str, Any], bytes, int], Iterator[Progress]]
Answer = dict[str, Any]
#: Of a state in base64.
LONGEST_STATE = 64_000_000
LONGEST_SETTINGS = 4000


def publish() -> None:
    """Add the endpoint to the open Blocks, if this is a ZeroGPU Space."""
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

    events.api(train_on_gpu, api_name="train_on_gpu", api_description=train_on_gpu.__doc__, concurrency_id="gpu")


def answers(trained: Burst, settings: str, state: str, steps: int) -> Iterator[Answer]:
    """What the endpoint sends: `{"ok", "step", "last", "losses"}`, at last with `state`; or why there is nothing.

    What a lender of GPUs refuses, a used-up quota among it, is a sentence like every other refusal.
    """
    try:
        asked = _settings(settings), _state(state), _steps(steps)
        for progress in trained(*asked):
            done = {"ok": True, "step": progress.step, "last": progress.last, "losses": progress.losses}
            yield done | ({"state": base64.b64encode(progress.state).decode()} if progress.state else {})
    except ExplorerError as error:
        yield {"ok": False, "code": error.code, "error": str(error)}
    except gr.Error as error:
        refused = TrainingError("burst_refused", reason=str(error.message).rstrip("."))
        yield {"ok": False, "code": refused.code, "error": str(refused)}


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
