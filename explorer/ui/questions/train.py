"""Trainings of a visitor: begun, asked about, steered. Everybody names themselves by a token that nobody guesses."""

from __future__ import annotations

import math
import shutil
from functools import partial
from typing import Any

from explorer import zerogpu
from explorer.errors import ExplorerError, TrainingError
from explorer.jobs import expiry, service, sets
from explorer.jobs import spool as spool
from explorer.jobs.home import own_id, visitor_folder
from explorer.jobs.limits import check_limits, check_pair, limits
from explorer.jobs.spool import Job, Phase
from explorer.jobs.states import history_of
from explorer.jobs.tokens import is_token
from explorer.jobs.turn import SLICE
from explorer.plots.training import MOST_COLUMNS, training_curves
from explorer.runs import RunInfo
from explorer.runs.naming import run_id
from explorer.runs.priors import ladder
from explorer.training.interventions import INTERVENTIONS, possible
from explorer.ui.computed import catalog, job_snapshot, records
from explorer.ui.computed.presets import PLANS, PRESETS
from explorer.ui.media.signed import zip_address
from explorer.ui.questions.fields import on_page
from explorer.ui.questions.params import Params
from explorer.ui.scene.changes import change_text
from explorer.ui.text import error_text, text

COMMANDS = ("pause", "resume", "keep", "discard", "intervene")
STEPS = 10_000_001


def check(params: Params) -> dict[str, Any]:
    """Whether the settings in `configs` can be trained: `names` and `remarks`, or the refusal as an error."""
    configs = params.configs()
    check_pair(configs)
    for config in configs:
        sets.check_set(params.mine, config.data)
        check_limits(config, limits())
    remarks = dict.fromkeys(on_page(remark, params.lang) for config in configs for remark in config.remarks())
    return {"names": [own_id(run_id(config), "…") for config in configs], "remarks": list(remarks)}


def start(params: Params) -> dict[str, Any]:
    """Queue `configs`, with the changes that a `preset` plans: `mine`, a new token for who has none, and `job`.

    One for a GPU that is lent (`where`) is paused at its beginning: the page asks for its bursts.
    """
    configs = params.configs()
    where = params.choice("where", ("cpu", *(("gpu",) if zerogpu.spaces() else ()))) if params.has("where") else "cpu"
    preset = params.choice("preset", ("", *PRESETS)) if params.has("preset") else ""
    expiry.expire()
    mine = params.owner
    begun = partial(service.begin, phase="paused" if where == "gpu" else "queued")
    return {"mine": mine, "job": begun(mine, configs, plan=PLANS.get(preset, ())).id}


def prior(params: Params) -> dict[str, Any]:
    """Queue the learned prior of the visitor's own `run`: its `job`."""
    return {"job": service.begin_prior(params.owner, params.word("run", 100)).id}


def jobs(params: Params) -> dict[str, Any]:
    """The visitor's `jobs`, newest first, and `runs`: those that are kept."""
    if not params.mine:
        return {"jobs": [], "runs": []}
    found = [summary(job, params.lang) for job in reversed(service.visit(params.mine))]
    return {"jobs": found, "runs": [_listed(info, params) for info in catalog.own_runs()]}


def state(params: Params) -> dict[str, Any]:
    """All there is to see of `job`.

    Asked for with `have`, the stamp of the snapshot that the client shows, and `after`, the last step of its curves;
    `first` asks for what never changes, too, with so many `columns` of curves side by side.
    """
    job = _job(params)
    spool.watch(job)
    if spool.phase_of(job).lively and not spool.alive(job):
        service.advance()
    said = summary(job, params.lang) | {"history": _history(job, params.lang)}
    if job.prior:  # there is no picture of a prior on its way
        return said | {"stamp": ""}
    if params.has("first"):
        columns = int(params.number("columns", 1, MOST_COLUMNS, MOST_COLUMNS))
        said |= {
            "originals": job_snapshot.originals(job.configs[0]),
            "figure": training_curves([config.model for config in job.configs], _labels(params.lang), columns),
            "possible": [list(possible(config)) for config in job.configs],
            "drawn": [_drawn(job, side, params.lang) for side in range(len(job.configs))],
        }
    shown = job_snapshot.snapshot(job)
    if shown is None:
        return said | {"stamp": ""}
    said |= _pace(job, shown)
    if params.has("have") and params.word("have", 60) == shown.stamp:
        return said
    after = params.integer("after", STEPS, 0)
    return said | {"sides": [job_snapshot.side_values(side, shown, after) for side in range(len(job.configs))]}


def command(params: Params) -> dict[str, Any]:
    """Do `do` to `job`; an intervention is `what`, to which `value`, on `side` or on both."""
    job, do = service.find(params.owner, params.word("job", 40)), params.choice("do", COMMANDS)
    if do != "intervene":
        service.command(job, do)
        return {}
    side = params.integer("side", len(job.configs)) if params.has("side") else None
    what = params.choice("what", tuple(INTERVENTIONS))
    service.command(job, do, what=what, value=params.plain("value"), side=side)
    return {}


def decoder(params: Params) -> dict[str, Any]:
    """The decoder of `side` of `job` as it is now, unless `have` names it."""
    job = _job(params)
    have = params.word("have", 40) if params.has("have") else ""
    return job_snapshot.decoder_values(job, params.integer("side", len(job.configs)), have)


def delete(params: Params) -> dict[str, Any]:
    """Delete the visitor's own run `run`, files and all; nothing brings it back."""
    name = params.word("run", 100)
    if params.mine and name in {info.id for info in catalog.own_runs()}:
        shutil.rmtree(visitor_folder(params.owner) / "runs" / name, ignore_errors=True)
        return {}
    raise TrainingError("train_job_unknown")


def delete_record(params: Params) -> dict[str, Any]:
    """Delete the visitor's own record `record`; nothing brings it back."""
    owner, name = params.owner, params.word("record", 100)
    if params.mine and name in records.own_records():
        records.forget(name, owner)
        return {}
    raise TrainingError("train_job_unknown")


def delete_set(params: Params) -> dict[str, Any]:
    """Delete the visitor's own image set `set`, whatever was trained on it."""
    sets.delete_set(params.owner, params.word("set", 60))
    return {}


def summary(job: Job, lang: str) -> dict[str, Any]:
    """A job in a few values."""
    phase = spool.phase_of(job)
    ahead = service.place_of(job) if phase.name == "queued" else 0
    return {
        "job": job.id,
        "phase": phase.name,
        "word": text(f"train.phase.{phase.name}", lang),
        "step": phase.step,
        "steps": job.steps,
        "ahead": ahead,
        "seconds_to_turn": SLICE * math.ceil(ahead / limits().at_once),  # nobody's turn is longer while others wait
        "error": _sentence(phase, lang),
        "created": job.created,
        "kinds": [config.model for config in job.configs],
        "labels": _job_labels(job, lang),
        "prior": job.run_ids[0] if job.prior else "",
        "data": job.configs[0].data,
        "runs": list(job.run_ids) if phase.name in ("kept", "finished") else [],
    }


def _job_labels(job: Job, lang: str) -> list[str]:
    labels = [catalog.run_label(config, lang) for config in job.configs]
    return [text("train.prior.of", lang, label=label) for label in labels] if job.prior else labels


def _listed(info: RunInfo, params: Params) -> dict[str, Any]:
    """A kept run; who may only look is given no address to take it home from."""
    config = info.config
    return {
        "id": info.id,
        "data": config.data,
        "kind": config.model,
        "label": catalog.label_of(info, params.lang),
        "step": info.step,
        "prior": info.config.model == "ae" or "learned" in ladder(catalog.run(info.id)),
        "zip": zip_address(info.id) if is_token(params.mine) else "",
    }


def _job(params: Params) -> Job:
    return service.find(params.mine, params.word("job", 40))


def _sentence(phase: Phase, lang: str) -> str:
    if not phase.code:
        return ""
    try:
        return error_text(ExplorerError(phase.code, **phase.params), lang)
    except (KeyError, TypeError):  # written by another version
        return phase.code


def _pace(job: Job, shown: job_snapshot.Snapshot) -> dict[str, Any]:
    step, rate = int(shown.said["step"]), float(shown.said["rate"])
    return {
        "stamp": shown.stamp,
        "step": max(step, spool.phase_of(job).step),  # what is saved is done, however old the snapshot is
        "images_per_second": round(rate * job.configs[0].batch_size),
        "seconds_left": round((job.configs[0].steps - step) / rate) if rate else None,
    }


def _drawn(job: Job, side: int, lang: str) -> dict[str, Any]:
    config = job.configs[side]
    size = config.embedding_dim if config.is_vq else config.latent_dim
    return {
        "kind": config.model,
        "label": catalog.run_label(config, lang),
        "size": size,
        "vector": not config.is_vq and not config.spatial,
        "codes": config.num_codes if config.is_vq else 0,
    }


def _history(job: Job, lang: str) -> list[dict[str, Any]]:
    """What was changed, oldest first, each with its sentence; what both sides had in common is said once."""
    found: dict[tuple[int, str, str], dict[str, Any]] = {}
    shown = job_snapshot.snapshot(job)
    done = max(spool.phase_of(job).step, int(shown.said["step"]) if shown else 0)
    for side in range(len(job.configs)):
        for change in history_of(job, side):
            if change.step > done:  # planned: it is no history yet
                continue
            key = (change.step, change.what, str(change.value))
            entry = found.setdefault(key, {"step": change.step, "what": change.what, "sides": []})
            entry["sides"].append(side)
            entry["sentence"] = change_text(change, lang)
    return sorted(found.values(), key=lambda entry: entry["step"])


def _labels(lang: str) -> dict[str, str]:
    names = ("mse", "loss", "kl", "nll", "commitment", "codebook", "used", "perplexity", "restarts", "step")
    kinds = {kind: text(f"kind.{kind}", lang) for kind in catalog.KINDS}
    return kinds | {name: text(f"train.curve.{name}", lang) for name in names}
