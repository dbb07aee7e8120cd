"""What the page can show: image sets and runs, and which run stands in where a tab needs another kind."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from weakref import WeakValueDictionary

from explorer.data import SetInfo, available, describe_set, image_set_names, load_image_set
from explorer.errors import RunError
from explorer.jobs.home import greet, kept_run, visitor_folder
from explorer.jobs.sets import is_hidden_from, sets_of
from explorer.runs import Run, RunInfo, list_runs, load_run, run_roots
from explorer.training.config import RunConfig
from explorer.ui.text import TEXTS, text

LEFT_KINDS = ("vae", "ae")
RIGHT_KINDS = ("vqvae",)
KINDS = (*LEFT_KINDS, *RIGHT_KINDS)
#: Points that codes in levels may name together, where all of them are drawn.
MOST_POINTS = 65_536


#: Whose trained runs are listed beside the shipped ones; set where a View or a question comes in.
_VISITOR: ContextVar[str] = ContextVar("visitor", default="")
#: What `_stamp` said inside the present `visiting`, by whose runs: a scene asks for it 70 times, and each takes the
#: system a dozen calls. A question or a scene is also answered from one listing, and not from two.
_STAMPS: ContextVar[dict[str, tuple[tuple[str, int], ...]] | None] = ContextVar("stamps", default=None)


@dataclass(frozen=True)
class Choice:
    """The run one side of a tab shows.

    Attributes:
        run: id, or None when the set has no run of a kind that the side takes.
        asked: the id the View names, when it is of another kind and `run` stands in for it.
    """

    run: str | None
    asked: str | None = None


def image_sets() -> tuple[str, ...]:
    """Names of the bundled sets, the default first, then of those that a run here or of the visitor was trained on."""
    everybodys = {info.config.data for info in _listing(_stamp())}
    own = {name for name in {info.config.data for info in own_runs()} if not is_hidden_from(_VISITOR.get(), name)}
    trained_on = (everybodys | own) - set(image_set_names())
    return (*image_set_names(), *(name for name in sorted(trained_on) if is_here(name)))


def trainable_sets() -> tuple[SetInfo, ...]:
    """What can be trained on: bundled sets, fetched ones, those that were added, the visitor's, and all that is shown.

    Nothing is read but manifests, so that it is quick however large the sets are.
    """
    listed = [info for info in available() if info.state != "downloadable"]
    known = {info.name for info in listed}
    more = [describe_set(name) for name in dict.fromkeys((*own_sets(), *image_sets())) if name not in known]
    return (*listed, *(info for info in more if info is not None))


def is_here(data: str) -> bool:
    """Whether an image set can be shown. To whom is another question: `image_sets` and media's keys answer it."""
    info = describe_set(data)
    return info is not None and info.state != "downloadable"


def test_count(data: str) -> int:
    """Images in the test split of a set: image ids run below it."""
    return len(load_image_set(data).split("test"))


@contextmanager
def visiting(token: str) -> Iterator[None]:
    """Inside the block the runs of the visitor who holds `token` are listed too; "" is nobody.

    Whoever looks at anything with a token is here: nothing of theirs expires.
    """
    if token:
        greet(token)
    before, stamps = _VISITOR.set(token), _STAMPS.set({})
    try:
        yield
    finally:
        _STAMPS.reset(stamps)
        _VISITOR.reset(before)


def visitor() -> str:
    """The token of whoever looks; "" is nobody."""
    return _VISITOR.get()


def runs_of(data: str) -> tuple[RunInfo, ...]:
    """Runs trained on a set, those with a film first; by kind (vae, ae, vqvae), then the smallest latent first.

    A visitor's own come last.
    """
    return tuple(info for info in (*_listing(_stamp()), *own_runs()) if info.config.data == data)


def own_runs() -> tuple[RunInfo, ...]:
    """Runs that the visitor trained or brought."""
    root = _own_root()
    return _own_listing(root, root.stat().st_mtime_ns) if root is not None and root.is_dir() else ()


def own_sets() -> tuple[str, ...]:
    """Names of the image sets that the visitor sent."""
    return sets_of(_VISITOR.get())


def _own_root() -> Path | None:
    token = _VISITOR.get()
    return visitor_folder(token) / "runs" if token else None


@lru_cache(maxsize=16)
def _own_listing(root: Path, stamp: int) -> tuple[RunInfo, ...]:  # noqa: ARG001
    return tuple(sorted(_drawable(list_runs([root])), key=_order))


def shown_to_everybody() -> tuple[tuple[str, int], ...]:
    """Changes when a run that everybody sees comes, goes or is replaced."""
    return tuple((str(root), root.stat().st_mtime_ns) for root in run_roots() if root.is_dir())


def _stamp() -> tuple[tuple[str, int], ...]:
    """Changes when a run comes, goes or is replaced (by renaming): the folders' own modification times."""
    known = _STAMPS.get()
    if known is None:
        return _stamp_now()
    return known.get(_VISITOR.get()) or known.setdefault(_VISITOR.get(), _stamp_now())


def _stamp_now() -> tuple[tuple[str, int], ...]:
    own = _own_root()
    roots = [*run_roots(), *([] if own is None else [own])]
    return tuple((str(root), root.stat().st_mtime_ns) for root in roots if root.is_dir())


@lru_cache(maxsize=16)
def _listing(stamp: tuple[tuple[str, int], ...]) -> tuple[RunInfo, ...]:  # noqa: ARG001
    return tuple(sorted(_drawable(list_runs()), key=_order))


def _drawable(infos: Iterable[RunInfo]) -> Iterator[RunInfo]:
    """All but those whose levels name more points than a page can hold."""
    return (info for info in infos if info.config.num_levels is None or info.config.num_codes <= MOST_POINTS)


def run(run_id: str) -> Run:
    """A run of the set it was trained on, read once until runs come or go.

    Whether the visitor may see it is for the caller to know: `runs_of` lists those, and a medium has its key.

    Raises:
        RunError: it is missing, damaged, too new, or its image set has changed since.
    """
    known = _known(_stamp())
    if (found := known.get(run_id)) is not None:
        return found
    found = load_run(kept_run(run_id) or run_id)
    if found.info.data_sha256 != load_image_set(found.config.data).sha256:
        raise RunError("run_other_images", folder=found.id, name=found.config.data)
    return known.setdefault(run_id, found)


@lru_cache(maxsize=16)
def _known(stamp: tuple[tuple[str, int], ...]) -> WeakValueDictionary[str, Run]:  # noqa: ARG001
    """Runs that were looked at since runs last came or went, as long as `explorer.runs.reading` keeps them."""
    return WeakValueDictionary()


def default_run(data: str, kinds: tuple[str, ...]) -> str | None:
    """What a side shows before anything was chosen: the set's 2-D pair, else its first run of a fitting kind."""
    fitting = [candidate.id for candidate in runs_of(data) if candidate.config.model in kinds]
    preferred = (f"{data}-vae-z2-s0", f"{data}-vqvae-d2-k256-ema-s0")
    return next((name for name in preferred if name in fitting), fitting[0] if fitting else None)


def choose(asked: str, data: str, kinds: tuple[str, ...]) -> Choice:
    """The run that a side showing `kinds` draws when the View asks for `asked`.

    A run of another kind is replaced by its twin, then by one of its family, then by the set's default.
    """
    runs = {candidate.id: candidate for candidate in runs_of(data)}
    wanted = runs.get(asked)
    if wanted is None:
        return Choice(default_run(data, kinds))
    if wanted.config.model in kinds:
        return Choice(asked)
    return Choice(_stand_in(wanted, runs.values(), kinds) or default_run(data, kinds), asked)


def codebook_pair(left: str, right: str, data: str) -> tuple[Choice, Choice]:
    """The two VQ-VAEs of a tab that compares codebooks, when the View asks for `left` and `right`.

    A run that is one stays. In place of another stands the partner of the VQ-VAE on the other side: its twin with the
    other rule (gradient against EMA), then one of its family, then any.
    """
    known = {info.id: info for info in runs_of(data) if info.config.is_vq}
    if right in known:
        second = Choice(right)
    elif left in known:
        second = Choice(_partner(known[left], known.values()), right)
    else:
        second = Choice(default_run(data, RIGHT_KINDS), right)
    if left in known:
        return Choice(left), second
    return Choice(_partner(known[second.run], known.values()) if second.run else None, left), second


def are_twins(first: str, second: str, data: str) -> bool:
    """Whether two runs began from equal weights and saw equal batches."""
    roots = {info.id: root_of(info) for info in runs_of(data)}
    return roots[first] == roots[second]


def root_of(info: RunInfo) -> str:
    """The id that a run and all its twins share."""
    return info.twin_of or info.id


def _partner(run: RunInfo, others: Iterable[RunInfo]) -> str:
    wanted = "ema" if run.config.codebook_update == "gradient" else "gradient"

    def distance(other: RunInfo) -> tuple[bool, ...]:
        config = other.config
        return (
            other.id == run.id,
            (other.twin_of or other.id) != (run.twin_of or run.id),
            other.family != run.family,
            config.codebook_update != wanted,
            config.dead_codes != run.config.dead_codes,
        )

    return min(others, key=distance).id


def _stand_in(wanted: RunInfo, runs: Iterable[RunInfo], kinds: tuple[str, ...]) -> str | None:
    fitting = [candidate for candidate in runs if candidate.config.model in kinds]
    twins = [c.id for c in fitting if c.id == wanted.twin_of or c.twin_of == wanted.id]
    family = [c.id for c in fitting if c.family == wanted.family]
    return next(iter([*twins, *family]), None)


def is_sweep(config: RunConfig) -> bool:
    """Whether a run kept no film: one of many that vary a size, a weight or a seed, listed behind the others."""
    return config.trace == "scalars"


def _order(summary: RunInfo) -> tuple[bool, int, bool, int, float, int, str]:
    config = summary.config
    size, codes = (config.embedding_dim, config.num_codes) if config.is_vq else (config.latent_dim, 0)
    grid = config.spatial and not config.is_vq
    beta = -config.beta if config.model == "vae" else 0.0
    return is_sweep(config), KINDS.index(config.model), grid, size, beta, codes, summary.id


def siblings_of(*runs: Run, films: bool = False) -> list[Run]:
    """Runs that differ from one of `runs`, of one set, in their seed alone; among them these."""
    alike = [info for info in runs_of(runs[0].config.data) if any(info.same_but_for_seed(r.info) for r in runs)]
    return read_runs(alike, films=films)


def read_runs(infos: Iterable[RunInfo], *, films: bool = False) -> list[Run]:
    """Those of `infos` that can be read, `films` too if asked: one damaged run takes nothing from the others."""
    found = []
    for info in infos:
        with contextlib.suppress(RunError):
            one = run(info.id)
            if films:
                _ = one.trace
            found.append(one)
    return found


def label_of(info: RunInfo, lang: str = "en") -> str:
    """`run_label`, and what its settings do not say: `✎ 2`, changed twice as it trained; `300/8000` steps."""
    changed = [f"✎ {len(info.history)}"] if info.history else []
    stopped = [f"{info.step}/{info.config.steps}"] if info.step < info.config.steps else []
    return " · ".join([run_label(info.config, lang), *changed, *stopped])


def run_label(config: RunConfig, lang: str = "en") -> str:
    """A run's name in a few symbols, with words of `lang`: `z = 2`, `D 2 · K 256 · EMA`, `D 64 · 梯度 · 重启`."""
    words = _label(config).split(" ")
    return " ".join(text(f"label.{word}", lang) if f"label.{word}" in TEXTS else word for word in words)


def _label(config: RunConfig) -> str:
    if not config.is_vq:
        parts = [f"{config.latent_dim} × grid" if config.spatial else f"z = {config.latent_dim}"]
        if config.model == "vae" and config.beta != 1:
            parts.append(f"β {config.beta:g}")
    else:
        levels = f"{config.num_levels} × " if config.num_levels else ""
        parts = [f"D {config.embedding_dim}", f"{levels}K {config.num_embeddings}", _update_label(config)]
        parts += [config.quantizer] if config.num_levels else []
        if config.dead_codes != "keep":
            parts.append(config.dead_codes)
    return " · ".join(parts if config.seed == 0 else [*parts, f"seed {config.seed}"])


def _update_label(config: RunConfig) -> str:
    if config.codebook_update != "ema":
        return config.codebook_update
    return "EMA" if config.ema_start == "hold" else f"EMA {config.ema_start}"


def readable(value: object, limit: int = 40) -> str:
    """A value of unknown origin, cut and stripped of control characters, for a sentence."""
    cut = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", "", str(value))
    return cut if len(cut) <= limit else cut[: limit - 1] + "…"
