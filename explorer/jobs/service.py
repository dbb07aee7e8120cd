"""Training beside the page: jobs are begun, steered and found again here, and their processes are started here.

A trainer is a process of its own (`python -m explorer background FOLDER`), detached from the server: it survives a
closed tab and a killed server. Whoever starts it takes the job's lock and one of the machine's turns and hands both
down, so they are free again when the trainer ends, however it ends. Whoever looks at a job sees whether its trainer
still lives, and starts a new one where it was killed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from explorer.data import load_image_set
from explorer.errors import ConfigError, TrainingError
from explorer.jobs import spool as spool
from explorer.jobs import stalled
from explorer.jobs.home import greet, home, own_id, visitor_folder
from explorer.jobs.limits import check_limits, check_pair, limits
from explorer.jobs.room import check_queue, check_room, sender
from explorer.jobs.sets import check_set
from explorer.jobs.spool import Job, Phase
from explorer.jobs.states import history_file
from explorer.runs import list_runs, load_run
from explorer.runs.naming import run_id
from explorer.training.config import RunConfig
from explorer.training.interventions import Intervention, check, possible
from explorer.training.prior_config import PriorConfig

ROOT = Path(__file__).resolve().parents[2]
#: A job whose trainers die this often without saving a state is given up.
MOST_STARTS = 3
#: Of a prior that is trained from the page: a minute or two on two cores, and it stops where validation does.
PAGE_PRIOR = PriorConfig(steps=1000)
JOB_ID = re.compile(r"[0-9a-f]{16}")


# --- begin


def begin(
    token: str,
    configs: Sequence[RunConfig],
    threads: int | None = None,
    plan: Sequence[Intervention] = (),
    phase: str = "queued",
) -> Job:
    """Queue a run, or a pair in lock-step, and start it if there is room.

    Args:
        token: of the visitor.
        configs: of one run or two.
        threads: of the trainer; None for all cores but one.
        plan: interventions that will happen on every side that can be changed so, each at its step.
        phase: "paused" for one that its trainer leaves alone until it is told to go on.

    Raises:
        ExplorerError: the settings contradict each other, are over a limit, or nothing can be written.
    """
    bounds = limits()
    check_pair(configs)
    for config in configs:
        check_set(token, config.data)
        check_limits(config, bounds)
    visitor = visitor_folder(token)
    if len(list_runs([visitor / "runs"])) + len(configs) > bounds.kept:
        raise TrainingError("train_too_many_runs", most=bounds.kept)
    _check_place(visitor)
    image_set = load_image_set(configs[0].data)
    ids = tuple(own_id(run_id(config)) for config in configs)
    made = tuple(configs), ids, threads or budget(), image_set.sha256, sender()
    job = spool.create_job(visitor, *made, phase=phase)
    for side, config in enumerate(configs):
        _plan(job, side, [change for change in plan if change.what in possible(config)])
    advance()
    return job


def begin_prior(token: str, run_id: str, config: PriorConfig = PAGE_PRIOR, threads: int | None = None) -> Job:
    """Queue the training of a learned prior for a run that the visitor keeps: a job like any other.

    Args:
        token: of the visitor.
        run_id: of the run, which gets the prior when it is ready.
        config: settings of the prior.
        threads: of the trainer; None for all cores but one.

    Raises:
        ExplorerError: there is no such run, nothing to learn, one is under way, or a limit is reached.
    """
    visitor = visitor_folder(token)
    if run_id not in {info.id for info in list_runs([visitor / "runs"])}:
        raise TrainingError("train_prior_unknown", run=run_id[:100])
    run = load_run(visitor / "runs" / run_id)
    if run.config.model == "ae":
        raise TrainingError("train_prior_ae", run=run_id)
    waiting = [job for job in spool.jobs_of(visitor) if job.prior and job.run_ids == (run_id,)]
    if any(spool.phase_of(job).lively for job in waiting):
        raise TrainingError("train_prior_waits", run=run_id)
    _check_place(visitor)
    sha256 = load_image_set(run.config.data).sha256
    job = spool.create_job(visitor, (run.config,), (run_id,), threads or budget(), sha256, sender(), config)
    advance()
    return job


def _check_place(visitor: Path) -> None:
    """Whether a visitor, and this machine, take one job more.

    Raises:
        TrainingError: they do not.
    """
    most = limits().jobs
    if sum(spool.phase_of(job).lively for job in spool.jobs_of(visitor)) >= most:
        raise TrainingError("train_too_many_jobs", most=most)
    check_queue()
    check_room()


def _plan(job: Job, side: int, changes: Sequence[Intervention]) -> None:
    """Written down before the trainer begins, which finds them there as it would find those of an earlier one."""
    for change in sorted(changes, key=lambda change: change.step):
        value = check(job.configs[side], change.what, change.value)
        spool.append_line(history_file(job, side), replace(change, value=value).to_dict())


def budget() -> int:
    """Threads of a trainer: all cores but one, which the pages keep."""
    return max(1, (os.cpu_count() or 2) - 1)


# --- find again


def visit(token: str) -> list[Job]:
    """A visitor's jobs, oldest first; looking at them keeps them from expiring and brings killed trainers back."""
    greet(token)
    advance()
    return spool.jobs_of(visitor_folder(token))


def find(token: str, job_id: str) -> Job:
    """One job of a visitor.

    Raises:
        TrainingError: there is none.
    """
    folder = visitor_folder(token) / "jobs" / job_id
    if not JOB_ID.fullmatch(job_id) or not (folder / "job.json").is_file():
        raise TrainingError("train_job_unknown")
    try:
        return spool.read_job(folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingError("train_damaged", folder=folder) from error


def place_of(job: Job) -> int:
    """How many jobs of this machine are computed before this queued one."""
    lively = [other for other in spool.all_jobs() if spool.phase_of(other).lively]
    running = sum(spool.alive(other) for other in lively)
    queue = _queue(lively)
    return running + next((k for k, other in enumerate(queue) if other.folder == job.folder), 0)


# --- steer


def command(job: Job, do: str, **more: Any) -> None:
    """Pause, go on, stop and keep, change something, or throw away.

    Raises:
        ExplorerError: it cannot be done now, or not to this run.
    """
    phase = spool.phase_of(job)
    if do == "discard":
        discard(job)
    elif do == "intervene":
        _intervene(job, phase, **more)
    elif do == "pause" and phase.name == "training":
        spool.send(job, {"do": "pause"})
    elif do == "pause" and phase.name == "queued" and phase.step:
        _pause_waiting(job, phase)
    elif do == "resume" and phase.name in ("paused", "failed"):
        check_queue()
        _go_on(job, phase)
    elif do == "keep" and (phase.name in ("training", "paused", "failed") or (phase.name == "queued" and phase.step)):
        spool.send(job, {"do": "keep"})
        if phase.name in ("paused", "failed"):
            _go_on(job, phase)
    else:
        raise TrainingError("train_not_now", do=do, phase=phase.name)


def _intervene(job: Job, phase: Phase, *, what: str, value: object, side: int | None = None) -> None:
    if job.prior or phase.name not in ("queued", "training", "paused", "failed"):
        raise TrainingError("train_not_now", do="intervene", phase=phase.name)
    fitting = []
    for config in job.configs if side is None else [job.configs[side]]:
        try:
            check(config, what, value)
            fitting.append(config)
        except ConfigError as error:
            refused = error
    if not fitting:
        raise refused
    spool.send(job, {"do": "intervene", "what": what, "value": value, "side": side})


def _pause_waiting(job: Job, phase: Phase) -> None:
    """Between two of its turns a job has no trainer that could be told."""
    with spool.held(_turns() / "door", patience=2.0) as ours:
        if ours and not spool.alive(job):
            spool.set_phase(job, Phase("paused", phase.step))
        else:
            spool.send(job, {"do": "pause"})  # its next turn has just begun


def _go_on(job: Job, phase: Phase) -> None:
    try:
        spool.set_phase(job, Phase("queued", phase.step))
        spool.clear_end(job)
    except OSError as error:
        raise TrainingError("train_not_writable", folder=job.folder, reason=error.strerror or error) from error
    advance()


def discard(job: Job) -> None:
    """Throw a job away; its trainer notices and leaves. Runs that it kept stay."""
    with suppress(OSError):
        (job.folder / "job.json").unlink()
    shutil.rmtree(job.folder, ignore_errors=True)
    advance()


# --- processes


def advance() -> None:
    """Give free turns to the jobs that wait longest; a job whose trainer was killed waits again, before all others."""
    door = _turns() / "door"
    with spool.held(door, patience=2.0) as ours:
        if not ours:
            return
        _reap()
        stalled.end_stalled()
        lively = [job for job in spool.all_jobs() if spool.phase_of(job).lively]
        for job in _queue(lively):
            with suppress(OSError):  # discarded meanwhile, or not writable: whoever called asked about another
                _give_turn(job)


def _give_turn(job: Job) -> None:
    files = _locks(job)
    try:
        if len(files) == 2:
            _revive(job, files)
    finally:
        for file in files:  # the trainer has them too, and keeps the locks
            os.close(file)


def _queue(lively: list[Job]) -> list[Job]:
    """Jobs without a trainer, by who goes first.

    What was killed; then those of the address that had a turn longest ago, of one address those of the visitor, and of
    one visitor by the time of queueing, which begins anew after each turn.
    """
    waiting = [job for job in lively if not spool.alive(job)]
    last: dict[str, float] = {}
    for job in lively:
        for whose in (job.sender, _visitor_of(job)):
            last[whose] = max(last.get(whose, 0.0), spool.served(job))

    def rank(job: Job) -> tuple[bool, float, float, float, str]:
        with suppress(OSError):
            since = (job.folder / "phase.json").stat().st_mtime
            new = spool.phase_of(job).name == "queued"
            return new, last[job.sender], last[_visitor_of(job)], since, job.id
        return True, 0.0, 0.0, 0.0, job.id

    return sorted(waiting, key=rank)


def _visitor_of(job: Job) -> str:
    return job.folder.parent.parent.name


def _revive(job: Job, files: list[int]) -> None:
    phase = spool.phase_of(job)
    if phase.starts >= MOST_STARTS:
        spool.set_phase(job, Phase("failed", phase.step, "train_died", {"times": phase.starts}))
        return
    if phase.name != "queued":
        spool.note(job, "killed", step=phase.step)
    name = "training" if phase.name == "queued" else phase.name
    spool.set_phase(job, replace(phase, name=name, starts=phase.starts + 1))
    (job.folder / "served").touch()
    start(job, files)


def start(job: Job, files: list[int]) -> None:
    """A detached trainer, which inherits the open `files` and with them their locks."""
    words = [sys.executable, "-m", "explorer", "background", str(job.folder), *map(str, files)]
    threads = {"OMP_NUM_THREADS": str(job.threads), "MKL_NUM_THREADS": str(job.threads)}
    with (job.folder / "log").open("ab") as log:
        process = subprocess.Popen(
            words,
            cwd=ROOT,
            env=os.environ | threads,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=files,
        )
    _children.append(process)


def hand_on(files: Sequence[int]) -> None:
    """At the end of a trainer: let go of its locks, and let the next job have the turn."""
    for file in files:
        with suppress(OSError):
            os.close(file)
    advance()


_children: list[subprocess.Popen[bytes]] = []


def _reap() -> None:
    """Take note of children that ended, so that they do not stay as zombies."""
    _children[:] = [child for child in _children if child.poll() is None]


def _turns() -> Path:
    folder = home() / "turns"
    folder.mkdir(exist_ok=True)
    return folder


def _locks(job: Job) -> list[int]:
    """The locks of the job and of a turn, as open files; fewer if the job lives already or no turn is free."""
    files = _locked([job.folder / "alive"])
    return files + _locked([_turns() / str(number) for number in range(limits().at_once)]) if files else []


def _locked(paths: list[Path]) -> list[int]:
    for path in paths:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if spool.lock(file):
            return [file]
        os.close(file)
    return []
