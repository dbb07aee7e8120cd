"""The trainer of a prior for a run that is kept: steps, commands and states like those of a run's own training."""

from __future__ import annotations

import json
import time
from pathlib import Path

from explorer.data import ImageSet
from explorer.errors import RunError
from explorer.jobs import spool as spool
from explorer.jobs.spool import Job
from explorer.jobs.turn import Turn
from explorer.reports.prior import attach, finished, learned_files, prior_trainer
from explorer.training.prior_state import load_state, save_state

STATE = "prior.safetensors"
#: Seconds between two words about the step, while nothing else is written.
SAY_EVERY = 0.5


class PriorWork(Turn):
    """The steps of one prior.

    Args:
        job: whose `prior` is not None; its one run is in the visitor's folder.
        image_set: that the run was trained on.
    """

    def __init__(self, job: Job, image_set: ImageSet) -> None:
        assert job.prior is not None
        super().__init__(job)
        self.run_now, _ = finished(job.runs / job.run_ids[0])
        if image_set.sha256 != job.data_sha256:
            raise RunError("run_other_images", folder=job.run_ids[0], name=image_set.name)
        self.image_set = image_set
        self.trainer = prior_trainer(self.run_now, image_set, job.prior)
        self.told = self.began

    @property
    def step(self) -> int:
        """Updates done."""
        return self.trainer.step

    def run(self) -> None:
        """Go on from the last state to the end, or to where validation stopped improving."""
        if state := load_state(self._path, self._key):
            self.trainer.resume(state)
        spool.note(self.job, "resumed" if self.step else "started", step=self.step)
        self.say("training", starts=spool.phase_of(self.job).starts)
        self.obey()
        self.begins()
        if not self.keep:
            for _ in self.trainer.run():
                self.between_steps(time.monotonic())
                if self.keep:
                    break
        self._close()

    def between_steps(self, now: float) -> None:
        """As ever, and the step is said often: there is no picture of a prior on its way."""
        super().between_steps(now)
        if now - self.told > SAY_EVERY:
            self.told = now
            self.say("training", starts=spool.phase_of(self.job).starts)

    def save(self) -> bool:
        """The whole training, and nothing beside it."""
        save_state(self._path, self._key, self.trainer.state())
        return True

    @property
    def _path(self) -> Path:
        return self.job.folder / STATE

    @property
    def _key(self) -> str:
        return json.dumps([self.trainer.config.to_dict(), self.run_now.weights_sha256], sort_keys=True)

    def _close(self) -> None:
        """Put it into its run's folder; killed in between, the next trainer begins here again."""
        if self.keep:
            self.trainer.look()  # the newest weights may be the best
        self.keep_state()
        self.say("measuring")
        files = learned_files(self.run_now, self.trainer)
        fresh, _ = finished(self.run_now.folder)  # other files of the run may have changed meanwhile
        if fresh.weights_sha256 != self.run_now.weights_sha256:
            raise RunError("prior_other_weights", folder=fresh.folder, name=fresh.id)
        attach(fresh, self.image_set, files)
        self.ends(self.step if self.trainer.finished else self.job.steps)
