"""Pairs of codebooks that differ in exactly one setting, and what came of it.

Read from the runs: one that is added later brings its pairs along.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np

from explorer.errors import RunError
from explorer.runs import Run, RunInfo
from explorer.training.config import RunConfig
from explorer.ui.computed import catalog
from explorer.ui.computed.catalog import Choice

#: Settings of the film and of other models: they train the same codebook.
BESIDE = ("trace", "kept_weights", "latent_dim", "spatial", "beta")
#: Settings that mean nothing under an update rule.
IDLE = {
    "gradient": ("ema_start", "decay", "epsilon"),
    "ema": ("codebook_lr",),
    "snippet": ("ema_start", "codebook_lr", "codebook_init"),
    "fixed": ("ema_start", "decay", "epsilon", "codebook_lr"),
}


@dataclass(frozen=True)
class Case:
    """Two finished trainings with films, of one image set, that differ in one setting.

    Attributes:
        left, right: ids; where the counts differ, the right one has fewer dead codes.
        setting: the field of `RunConfig` that differs.
        dead: (left, right), of the final weights over the whole test split.
        codes: K.
    """

    left: str
    right: str
    setting: str
    dead: tuple[int, int]
    codes: int

    @property
    def gap(self) -> int:
        """Codes by which the two differ."""
        return self.dead[0] - self.dead[1]


def rule_of(config: RunConfig) -> str:
    """Whose colour a codebook has: "gradient", "ema" (whatever its start), else that of a VQ-VAE."""
    update = config.codebook_update
    return "gradient" if update == "gradient" else "ema" if update in ("ema", "snippet") else "vqvae"


def return_step(config: RunConfig) -> int:
    """The step at which the snippet's never-hit codes are back at their first length.

    After t steps their length over the first is `γ^t (1 − γ) / (ε (1 − γ^t))`, with smoothed counts stored back.
    """
    return math.ceil(math.log(1 + (1 - config.decay) / config.epsilon) / -math.log(config.decay))


def thrown(run: Run) -> float | None:
    """How many times as long the median code without a hit was after the first step, by the film; None without one."""
    trace = run.trace
    if "norm_median_stale" not in trace.curves or "codebook" not in trace.frames:
        return None
    first = float(np.median(np.linalg.norm(trace.frames["codebook"][0].astype(np.float32), axis=1)))
    longest = float(trace.curves["norm_median_stale"][0])
    return longest / first if first > 0 and math.isfinite(longest) else None


def apart(first: RunConfig, second: RunConfig) -> tuple[str, ...]:
    """Names of the settings by which two codebooks were trained differently, in the order of `RunConfig`.

    A setting that has no effect under the rule of either run is no difference: a snippet draws its codebook from
    N(0, 1) whatever `codebook_init` says, and a gradient knows no decay.
    """
    one, other = first.to_dict(), second.to_dict()
    if "snippet" in (first.codebook_update, second.codebook_update):
        one, other = ({**each, "codebook_init": _init(config)} for each, config in ((one, first), (other, second)))
    idle = {*BESIDE, *_idle(first, second)}
    return tuple(name for name in one if name not in idle and one[name] != other[name])


def _init(config: RunConfig) -> str:
    return "normal" if config.codebook_update == "snippet" else config.codebook_init


def _idle(first: RunConfig, second: RunConfig) -> set[str]:
    """What means nothing to one of the two; another rule already says that its own settings differ."""
    return {name for config in (first, second) for name in IDLE[config.codebook_update]} - {"codebook_init"}


def cases_of(data: str) -> tuple[Case, ...]:
    """Every case of an image set, the most telling first: none of a visitor's own runs."""
    own = {info.id for info in catalog.own_runs()}
    return _cases(tuple(info for info in catalog.runs_of(data) if info.id not in own and _fit(info)))


def opening_case(data: str) -> Case | None:
    """What the tab Codebook opens on: EMA beside itself with a cure for dead codes, where that made the most of it."""
    cures = [case for case in cases_of(data) if case.setting == "dead_codes"]
    return max(cures, key=lambda case: (_is_ema(case), case.gap), default=None)


def case_of(left: str, right: str, data: str) -> Case | None:
    """The case of two runs in this order, or None if they are none."""
    return next((case for case in cases_of(data) if (case.left, case.right) == (left, right)), None)


def rule_case(data: str) -> Case | None:
    """The gradient beside EMA, where they differ most; None where no such pair kept its films."""
    return max((case for case in cases_of(data) if _is_of_rules(case)), key=lambda case: case.gap, default=None)


def shown_pair(left: str, right: str, data: str) -> tuple[Choice, Choice]:
    """The two codebooks of the tab Codebook when the View asks for `left` and `right`.

    While nobody has chosen one (the right is the set's usual one, the left is no codebook), the opening case, since two
    codebooks without a dead code show nothing of what the tab is about.
    """
    known = {info.id for info in catalog.runs_of(data) if info.config.is_vq}
    chosen = left in known or right != catalog.default_run(data, catalog.RIGHT_KINDS)
    case = None if chosen else opening_case(data)
    if case is None:
        return catalog.codebook_pair(left, right, data)
    return Choice(case.left, left), Choice(case.right, right)


def _fit(info: RunInfo) -> bool:
    return info.config.is_vq and info.plain and not catalog.is_sweep(info.config)


@lru_cache(maxsize=16)
def _cases(infos: tuple[RunInfo, ...]) -> tuple[Case, ...]:
    return tuple(sorted(_found(infos), key=lambda case: (-case.gap / case.codes, case.left, case.right)))


def _found(infos: tuple[RunInfo, ...]) -> Iterator[Case]:
    for first, second in combinations(infos, 2):
        if catalog.root_of(first) != catalog.root_of(second):
            continue
        differing = apart(first.config, second.config)
        dead = {info.id: _dead(info.id) for info in (first, second)} if len(differing) == 1 else {}
        if dead and None not in dead.values():
            left, right = sorted(
                (first, second), key=lambda info: (-(dead[info.id] or 0), info.config.codebook_update != "gradient")
            )
            counts = (dead[left.id] or 0, dead[right.id] or 0)
            yield Case(left.id, right.id, differing[0], counts, left.config.num_embeddings)


def _dead(run_id: str) -> int | None:
    """Dead codes of a run's report; None where it was not measured."""
    try:
        count = catalog.run(run_id).report.get("codebook", {}).get("dead")
    except RunError:
        return None
    return count if isinstance(count, int) else None


def _is_ema(case: Case) -> bool:
    return catalog.run(case.left).config.codebook_update == "ema"


def _is_of_rules(case: Case) -> bool:
    rules = {catalog.run(run).config.codebook_update for run in (case.left, case.right)}
    return rules == {"gradient", "ema"}
