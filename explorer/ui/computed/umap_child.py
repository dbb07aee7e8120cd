"""UMAP on request: one child process at a time for the whole server, with its epochs, and killed when nobody waits.

A map takes up to minutes of one core. So a second visitor who asks for the same run waits for the same map, and one who
asks for another run is told to come back. Whoever started a map may cancel it; whoever waits asks for its state every
second or so, and a map that nobody has asked about for `PATIENCE` seconds is given up.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import secrets
import subprocess
import sys
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread
from zipfile import BadZipFile

from explorer.data.places import compiled_folder
from explorer.errors import ViewError
from explorer.files.passing import PREFIX, Passing, passing
from explorer.latent.projection import LatentMap
from explorer.runs import Run, arrays_of

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 90.0  # seconds; a hidden tab asks once a minute
LONGEST = 900.0  # seconds
KEPT = 8  # maps in memory, 24 kB each
COMPLAINTS = "stderr"  # a file beside the map
COMMAND = (sys.executable, "-m", "explorer", "map")


@dataclass
class Job:
    """A map that is being made.

    Attributes:
        token: whoever holds it may cancel.
        epoch: epochs done, 0 while neighbours are searched.
        asked: when somebody last asked about it, monotonic seconds.
        end: "", or why there is no process any more: "made", "failed", "cancelled", "abandoned".
    """

    run_id: str
    key: str
    process: subprocess.Popen[str]
    folder: Passing
    token: str = field(default_factory=lambda: secrets.token_hex(8))
    epoch: int = 0
    epochs: int = 0
    asked: float = field(default_factory=time.monotonic)
    began: float = field(default_factory=time.monotonic)
    end: str = ""


_LOCK = Lock()
_MADE: OrderedDict[str, LatentMap] = OrderedDict()
_jobs: list[Job] = []  # the newest; a list, so that it can be replaced under the lock


def made(run: Run) -> LatentMap | None:
    """A map that was made since the server started."""
    return _MADE.get(_key(run))


def state(run: Run) -> Job | None:
    """The newest job if it maps this run. Asking keeps it alive."""
    with _LOCK:
        job = _jobs[-1] if _jobs else None
        if job is None or job.key != _key(run):
            return None
        job.asked = time.monotonic()
        return job


def start(run: Run) -> Job:
    """Begin to map a run, or join the one who has begun already.

    Raises:
        ViewError: another run is being projected, or this one cannot be.
    """
    with _LOCK:
        job = _jobs[-1] if _jobs else None
        if job is not None and not job.end:
            if job.key == _key(run):
                job.asked = time.monotonic()
                return job
            raise ViewError("umap_busy", epoch=job.epoch, epochs=job.epochs)  # not which: it may be a visitor's own
        try:
            job = _begin(run)
        except OSError as error:
            raise ViewError("umap_not_begun", reason=error.strerror or type(error).__name__) from error
        _jobs[:] = [job]
    Thread(target=_follow, args=(job,), daemon=True, name="map").start()
    Thread(target=_watch, args=(job,), daemon=True, name="map watch").start()
    return job


def cancel(run: Run, token: str) -> None:
    """End the job of this run; a wrong token changes nothing."""
    job = state(run)
    if job is not None and secrets.compare_digest(job.token.encode(), token.encode()):
        _end(job, "cancelled")


def _key(run: Run) -> str:
    return f"{run.id} {run.weights_sha256}"


def _begin(run: Run) -> Job:
    passing_by = passing(f"{PREFIX}map-")
    folder = passing_by.path
    try:
        return Job(run.id, _key(run), _child(run, folder), passing_by)
    except OSError:
        passing_by.close()
        raise


def _child(run: Run, folder: Path) -> subprocess.Popen[str]:
    words = [*COMMAND, str(run.folder.resolve()), "--json", "--out", str(folder / "map.npz")]
    # numba keeps what it compiles beside its own files, which may be read-only
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    settings = {"OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1", "PYTHONPATH": paths}
    cache = {"NUMBA_CACHE_DIR": str(compiled_folder(folder))}
    with (folder / COMPLAINTS).open("wb") as complaints:  # a pipe that nobody reads meanwhile would fill, and stop it
        return subprocess.Popen(
            words, env=os.environ | cache | settings, stdout=subprocess.PIPE, stderr=complaints, text=True
        )


def _follow(job: Job) -> None:
    """Read epochs until the child ends, then take the map. However it ends, the next map can begin."""
    try:
        with job.process as process:
            _read_epochs(job)
        if process.returncode == 0 and not job.end:
            _keep(job)
            _end(job, "made")
        elif not job.end:
            logging.getLogger(__name__).warning("map of %s: %s", job.run_id, _complaint(job))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:  # the child said it made what it did not
        logging.getLogger(__name__).warning("map of %s: %s", job.run_id, error)
    finally:
        _end(job, "failed")  # unless it has an end
        job.folder.close()


def _read_epochs(job: Job) -> None:
    assert job.process.stdout is not None
    for line in job.process.stdout:
        if line.startswith('{"epoch"'):
            values = json.loads(line)
            job.epoch, job.epochs = values["epoch"], values["epochs"]


def _complaint(job: Job) -> str:
    """The last line that the child had to say."""
    said = (job.folder.path / COMPLAINTS).read_text(errors="replace")
    return (said.strip().splitlines() or ["no message"])[-1]


def _keep(job: Job) -> None:
    _MADE[job.key] = LatentMap.from_arrays(arrays_of((job.folder.path / "map.npz").read_bytes()))
    while len(_MADE) > KEPT:
        _MADE.popitem(last=False)


def _watch(job: Job) -> None:
    """Give up what nobody waits for."""
    while not job.end:
        now = time.monotonic()
        if now - job.asked > PATIENCE or now - job.began > LONGEST:
            _end(job, "abandoned")
        try:
            job.process.wait(1)
        except subprocess.TimeoutExpired:
            continue
        return


def _end(job: Job, why: str) -> None:
    with _LOCK:
        job.end = job.end or why
    if job.process.poll() is None:
        job.process.kill()


@atexit.register
def _end_all() -> None:
    """A child outlives its server otherwise."""
    for job in _jobs:
        _end(job, "abandoned")
