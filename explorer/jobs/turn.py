"""A turn of a job: what every trainer does between two steps, whatever it trains.

It looks for commands, saves, says that it lives, and gives the turn on when it is over and others wait.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from explorer.errors import TrainingError
from explorer.jobs import spool as spool
from explorer.jobs.limits import limits
from explorer.jobs.spool import Job, Phase
from explorer.jobs.stalled import BEAT_EVERY, beat

#: Seconds between two states: what a killed trainer loses at most, with room for a slow step and a slow disk.
SAVE_EVERY = 6.0
#: Seconds between two looks for commands.
LOOK_EVERY = 0.1
#: Seconds of a turn while others wait for one, and between two looks whether they do.
SLICE, SLICE_LOOK = 60.0, 3.0
#: Steps and seconds after which it is known how long a step takes.
KNOWN_STEPS, KNOWN_SECONDS = 20, 5.0


class Leave(Exception):
    """The trainer's work is over for now; the phase says why."""


class Turn(ABC):
    """One job in its trainer's hands.

    Args:
        job: whose locks the trainer holds.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.keep: Path | None = None  # the command to stop here and keep what there is
        self.saved = self.looked = self.beaten = self.asked = time.monotonic()
        self.first = 0  # step at which this turn began
        self.began = self.saved
        self.is_known = False

    @property
    @abstractmethod
    def step(self) -> int:
        """Updates done."""

    @abstractmethod
    def save(self) -> bool:
        """Write down where it stands; whether that was worth keeping."""

    def show(self) -> None:  # noqa: B027  a prior on its way has no picture
        """Write what a watcher sees, now. Nothing by itself."""

    def intervene(self, name: str, command: dict[str, Any]) -> None:  # noqa: B027
        """Change something as the command `name` wants. Nothing by itself."""

    def begins(self) -> None:
        """From here on the steps of this turn are counted."""
        self.first, self.began = self.step, time.monotonic()

    def between_steps(self, now: float) -> None:
        """Whatever is due at `now`, in monotonic seconds.

        Raises:
            Leave: this turn is over.
            TrainingError: `train_too_long`.
        """
        if now - self.saved > SAVE_EVERY:
            self.keep_state()
        if now - self.looked > LOOK_EVERY:
            self.looked = now
            self.obey()
            self._share(now)

    def _share(self, now: float) -> None:
        """Say that this lives; give the turn on when it is over and others wait; end what would take too long."""
        if now - self.beaten > BEAT_EVERY:
            self.beaten = now
            beat(self.job)
        if not self.is_known and self.step - self.first >= KNOWN_STEPS and now - self.began >= KNOWN_SECONDS:
            self.is_known = True
            check_seconds((now - self.began) / (self.step - self.first), self.job.steps)
        if now - self.began > SLICE and now - self.asked > SLICE_LOOK:
            self.asked = now
            if any(spool.waits(other) for other in spool.all_jobs()):
                self.keep_state()
                self.say("queued")
                spool.note(self.job, "yielded", step=self.step)
                raise Leave

    def keep_state(self) -> None:
        """Save, and say at which step."""
        if self.save():
            self.say("training")
        self.saved = time.monotonic()

    def say(self, name: str, **more: Any) -> None:
        """Where the job stands."""
        spool.set_phase(self.job, Phase(name, self.step, **more))

    def obey(self) -> None:
        """Do what the page wants, oldest first.

        Raises:
            Leave: paused, or thrown away.
        """
        if not (self.job.folder / "job.json").exists():  # the visitor threw the job away
            raise Leave
        for path, command in spool.commands_of(self.job):
            wanted = command.get("do")
            if wanted == "keep":
                self.keep = path
                return
            if wanted == "intervene":
                self.intervene(path.name, command)
            path.unlink(missing_ok=True)
            if wanted == "pause":
                self.keep_state()
                self.show()
                self.say("paused")
                spool.note(self.job, "paused", step=self.step)
                raise Leave

    def ends(self, last: int) -> None:
        """What was kept is in its place: `last` is the step it was meant to reach."""
        if self.keep:
            self.keep.unlink(missing_ok=True)
        name = "kept" if self.step < last else "finished"
        self.say(name)
        spool.note(self.job, name, step=self.step)


def check_seconds(step: float, steps: int) -> None:
    """Whether a job's steps take no longer than this machine gives one.

    Args:
        step: seconds of one, as measured.
        steps: of the job.

    Raises:
        TrainingError: `train_too_long`.
    """
    most = limits().seconds
    if step * steps > most:
        minutes, fit = round(step * steps / 60), int(most / step)
        raise TrainingError("train_too_long", steps=steps, minutes=minutes, most=f"{most / 60:g}", fit=fit)
