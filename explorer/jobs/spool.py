"""The spool: a folder for each training job, written by its trainer and read by the page.

    HOME/turns/0                    held by the one trainer that may compute; more of them if more may
    HOME/visitors/VISITOR/runs/     finished runs of a visitor, folders as `explorer.runs` writes them
    HOME/visitors/VISITOR/jobs/JOB/
        job.json                    what was asked for; written once
        phase.json                  where the job stands
        end                         why it ended, in blocks that were claimed at the start: a full disk cannot refuse it
        commands/NUMBER.json        what the page wants of the trainer, oldest first
        history-SIDE.jsonl          interventions; a line is on disk before its change happens
        states/STEP-SHA.safetensors the newest states, each complete and checked by its name
        live.safetensors            what the page shows, written while somebody watches
        watched                     touched by whoever watches
        alive                       locked by the living trainer, which touches it while it works
        served                      touched when the job gets a turn
        pid                         of the newest trainer
        events.jsonl, log           what happened; what the trainer printed

VISITOR is a hash of the visitor's token, so that the spool gives nobody's token away.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from explorer.errors import ConfigError, TrainingError
from explorer.files.checksums import json_bytes
from explorer.jobs.home import home
from explorer.training.config import RunConfig
from explorer.training.prior_config import PriorConfig

#: Phases in which a trainer lives, or should.
LIVELY = ("queued", "training", "measuring")
END_BYTES = 4096


@dataclass(frozen=True)
class Job:
    """What was asked for.

    Attributes:
        folder: of the job; its name is the job's id.
        configs: of one run, or of the two that train in lock-step.
        run_ids: the names they will have.
        threads: of the trainer; stored, so that a resumed run repeats the bits.
        data_sha256: of the image set at the start.
        created: seconds since 1970.
        sender: of whom it was asked for, a word for an address.
        prior: of a job that trains the prior of a run that is there: its settings.
    """

    folder: Path
    configs: tuple[RunConfig, ...]
    run_ids: tuple[str, ...]
    threads: int
    data_sha256: str
    created: float
    sender: str = ""
    prior: PriorConfig | None = None

    @property
    def steps(self) -> int:
        """The last step."""
        return self.prior.steps if self.prior else self.configs[0].steps

    @property
    def id(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def runs(self) -> Path:
        """Where its runs go."""
        return self.folder.parent.parent / "runs"


@dataclass(frozen=True)
class Phase:
    """Where a job stands.

    Attributes:
        name: "queued", "training", "measuring", "paused", "kept" (stopped early), "finished" or "failed".
        step: updates done.
        code: of the error that ended it, "" if none did.
        params: of that error's sentence.
        starts: trainers that were started since the last state was saved.
    """

    name: str
    step: int = 0
    code: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    starts: int = 0

    @property
    def lively(self) -> bool:
        """Whether a trainer lives for it, or should."""
        return self.name in LIVELY


# --- jobs


def jobs_of(visitor: Path) -> list[Job]:
    """The jobs of a visitor, oldest first; damaged folders are passed over."""
    found = []
    for path in (visitor / "jobs").glob("*/job.json"):
        with suppress(OSError, ValueError, KeyError, TypeError, ConfigError):
            found.append(read_job(path.parent))
    return sorted(found, key=lambda job: (job.created, job.id))


def all_jobs() -> list[Job]:
    """Everybody's jobs, oldest first."""
    found = [job for visitor in (home() / "visitors").glob("*") for job in jobs_of(visitor)]
    return sorted(found, key=lambda job: (job.created, job.id))


# --- files of a job


def create_job(
    visitor: Path,
    configs: tuple[RunConfig, ...],
    run_ids: tuple[str, ...],
    threads: int,
    data_sha256: str,
    sender: str = "",
    prior: PriorConfig | None = None,
    phase: str = "queued",
) -> Job:
    """A new folder for a job, complete before it can be seen, at its first `phase`.

    Raises:
        TrainingError: it cannot be written.
    """
    job = Job(
        visitor / "jobs" / secrets.token_hex(8), configs, run_ids, threads, data_sha256, time.time(), sender, prior
    )
    values = {
        "configs": [config.to_dict() for config in configs],
        "run_ids": list(run_ids),
        "threads": threads,
        "data_sha256": data_sha256,
        "created": job.created,
        "sender": sender,
        "prior": prior.to_dict() if prior else None,
    }
    try:
        (job.folder / "commands").mkdir(parents=True, mode=0o700)
        (job.folder / "states").mkdir()
        (job.folder / "alive").touch()
        (job.folder / "end").write_bytes(b" " * END_BYTES)
        set_phase(job, Phase(phase))
        write_whole(job.folder / "job.json", json_bytes(values))
    except OSError as error:
        raise TrainingError("train_not_writable", folder=job.folder, reason=error.strerror or error) from error
    return job


def read_job(folder: Path) -> Job:
    """What was asked for in a folder."""
    values = json.loads((folder / "job.json").read_bytes())
    return Job(
        folder=folder,
        configs=tuple(RunConfig.from_dict(config) for config in values["configs"]),
        run_ids=tuple(values["run_ids"]),
        threads=values["threads"],
        data_sha256=values["data_sha256"],
        created=values["created"],
        sender=str(values.get("sender", "")),
        prior=PriorConfig.from_dict(values["prior"]) if values.get("prior") else None,
    )


def phase_of(job: Job) -> Phase:
    """Where a job stands; its end, if the trainer could write nothing else, counts before everything."""
    with suppress(OSError, ValueError, TypeError):
        if said := (job.folder / "end").read_bytes().strip():
            return Phase(**json.loads(said))
    with suppress(OSError, ValueError, TypeError):
        return Phase(**json.loads((job.folder / "phase.json").read_bytes()))
    return Phase("failed", code="train_damaged", params={"folder": str(job.folder)})


def set_phase(job: Job, phase: Phase) -> None:
    """Say where a job stands."""
    write_whole(job.folder / "phase.json", json.dumps(vars(phase)).encode())


def clear_end(job: Job) -> None:
    """A job that goes on has no end yet; the blocks stay claimed."""
    (job.folder / "end").write_bytes(b" " * END_BYTES)


def write_end(file: int, phase: Phase) -> None:
    """Write the end into blocks that are there already, through a file that is open already."""
    content = json.dumps(vars(phase)).encode()[:END_BYTES]
    os.pwrite(file, content.ljust(END_BYTES), 0)
    os.fsync(file)


def write_whole(path: Path, content: bytes, *, durable: bool = False) -> None:
    """Put a file there all at once: a reader, and a crash, sees the old one or the new one."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with fresh.open("wb") as out:
            out.write(content)
            if durable:
                out.flush()
                os.fsync(out.fileno())
        fresh.rename(path)
    finally:
        fresh.unlink(missing_ok=True)


def append_line(path: Path, values: dict[str, Any]) -> None:
    """One JSON value more, on disk before this returns. What a crash left of a last line is closed off first."""
    with path.open("ab") as out:
        torn = out.tell() and path.read_bytes()[-1:] != b"\n"
        out.write((b"\n" if torn else b"") + json.dumps(values).encode() + b"\n")
        out.flush()
        os.fsync(out.fileno())


def lines_of(path: Path) -> list[dict[str, Any]]:
    """What `append_line` wrote; a line that a crash tore is left out."""
    found = []
    for line in path.read_bytes().splitlines() if path.exists() else []:
        with suppress(ValueError):
            found.append(json.loads(line))
    return found


def note(job: Job, what: str, **values: object) -> None:
    """A line in the job's log of events; one that cannot be written is let go."""
    with suppress(OSError):
        append_line(job.folder / "events.jsonl", {"time": round(time.time(), 1), "what": what, **values})


# --- commands


def send(job: Job, command: dict[str, Any]) -> None:
    """Want something of a job's trainer, now or when it lives again."""
    folder = job.folder / "commands"
    name = f"{time.time_ns():020d}-{secrets.token_hex(2)}.json"
    try:
        write_whole(folder / name, json.dumps(command).encode(), durable=True)
    except OSError as error:
        raise TrainingError("train_not_writable", folder=folder, reason=error.strerror or error) from error


def commands_of(job: Job) -> list[tuple[Path, dict[str, Any]]]:
    """What is wanted, oldest first; what cannot be read is thrown away."""
    found = []
    for path in sorted((job.folder / "commands").glob("*.json")):
        try:
            found.append((path, dict(json.loads(path.read_bytes()))))
        except (OSError, ValueError, TypeError):
            path.unlink(missing_ok=True)
    return found


# --- locks


@contextmanager
def held(path: Path, patience: float = 0.0) -> Iterator[bool]:
    """Whether the lock at `path` is ours inside the block. It dies with its process, however that ends."""
    with path.open("ab") as file:
        deadline = time.monotonic() + patience
        while not (ours := lock(file.fileno())) and time.monotonic() < deadline:
            time.sleep(0.05)
        try:
            yield ours
        finally:
            if ours:  # a process that was forked meanwhile has the file open too, and would keep the lock
                fcntl.flock(file, fcntl.LOCK_UN)


def lock(file: int) -> bool:
    """Lock an open file if nobody else has; the lock goes with the file to whoever inherits it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def alive(job: Job) -> bool:
    """Whether a trainer lives for this job."""
    try:
        with held(job.folder / "alive") as free:
            return not free
    except OSError:
        return False


def served(job: Job) -> float:
    """When the job last got a turn, seconds since 1970; 0 if it never did."""
    try:
        return (job.folder / "served").stat().st_mtime
    except OSError:
        return 0.0


def waits(job: Job) -> bool:
    """Whether the job waits for a turn."""
    return phase_of(job).lively and not alive(job)


def watch(job: Job) -> None:
    """Somebody watches: for the next seconds the trainer writes what there is to see."""
    with suppress(OSError):
        (job.folder / "watched").touch()
