"""States of a job: everything that a killed trainer needs to go on bit for bit, in one checked file.

A file is written whole, and named by its step and the SHA-256 of its content. The two newest are kept: if the newest
cannot be read, the one before it is taken, and if there is none the run begins again from its seed and ends the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

from explorer.errors import ConfigError, ExplorerError
from explorer.files.checksums import sha256
from explorer.jobs.spool import Job, append_line, lines_of, note, write_whole
from explorer.training import packed
from explorer.training.interventions import Intervention, check, setting_after
from explorer.training.loop import Trainer

KEPT = 2


def save_state(job: Job, trainers: Sequence[Trainer]) -> bool:
    """Write the state of a job's trainers; False, and nothing is written, if a weight is no number any more.

    Raises:
        OSError: it cannot be written; the states before it are as they were.
    """
    if not all(bool(weight.isfinite().all()) for trainer in trainers for weight in trainer.model.state_dict().values()):
        return False
    tensors: dict[str, Tensor] = {}
    for side, trainer in enumerate(trainers):
        tensors |= {f"{side}/{name}": value for name, value in packed.tensors_of(trainer).items()}
    content = save_tensors(tensors)
    folder = job.folder / "states"
    name = f"{trainers[0].step:010d}-{sha256(content)[:32]}.safetensors"
    write_whole(folder / name, content, durable=True)
    for old in [path for path in states_of(job) if path.name != name][KEPT - 1 :]:
        old.unlink(missing_ok=True)
    return True


def states_of(job: Job) -> list[Path]:
    """The files, newest first."""
    return sorted((job.folder / "states").glob("[0-9]*.safetensors"), reverse=True)


def restore(job: Job, trainers: Sequence[Trainer]) -> tuple[int, list[str]]:
    """Bring new trainers where the newest good state was; with none they stay at their beginning.

    Returns:
        The step, and the names of files that were damaged; those are gone.
    """
    for side, trainer in enumerate(trainers):
        trainer.interventions = history_of(job, side)
    groups, damaged = newest(job)
    for trainer, tensors in zip(trainers, groups, strict=False):
        packed.resume(trainer, tensors)
    return trainers[0].step, damaged


def newest(job: Job) -> tuple[list[dict[str, Tensor]], list[str]]:
    """The newest good state, one group of tensors a side and none before there is one; and what `restore` returns."""
    damaged: list[str] = []
    for path in states_of(job):
        tensors = _read(path)
        if tensors is not None:
            return [_group(tensors, f"{side}/") for side in range(len(job.configs))], damaged
        damaged.append(path.name)
        path.unlink(missing_ok=True)
    return [], damaged


def history_of(job: Job, side: int) -> list[Intervention]:
    """The interventions of one side, by step: those that happened, and those that were planned for later."""
    found = []
    for line in lines_of(history_file(job, side)):
        with suppress(ConfigError, KeyError, TypeError, ValueError, AttributeError):  # a line that this never wrote
            found.append(Intervention.from_dict(line))
    return sorted(found, key=lambda change: change.step)


def write_change(job: Job, side: int, command: tuple[str, dict[str, Any]], step: int) -> Intervention | None:
    """Write down, once, what a command changes on one side after `step`; None where it was there or does not fit.

    Raises:
        OSError: it cannot be written, and must not happen then.
    """
    name, wanted = command
    file, config = history_file(job, side), job.configs[side]
    if any(line.get("command") == name for line in lines_of(file)):
        return None
    try:
        value = check(config, wanted["what"], wanted.get("value"))
    except ExplorerError:  # the other side of a pair may be of another kind
        return None
    past = [change for change in history_of(job, side) if change.step <= step]
    change = Intervention(step, wanted["what"], value, setting_after(config, past, wanted["what"]))
    append_line(file, change.to_dict() | {"command": name})
    note(job, "intervened", side=side, change=change.to_dict())
    return change


def history_file(job: Job, side: int) -> Path:
    """Where the interventions of one side are written down."""
    return job.folder / f"history-{side}.jsonl"


def _read(path: Path) -> dict[str, Tensor] | None:
    try:
        content = path.read_bytes()
        if sha256(content)[:32] != path.stem.partition("-")[2]:
            return None
        return load_tensors(content)
    except (OSError, SafetensorError, ValueError):
        return None


def _group(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
