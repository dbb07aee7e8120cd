"""The priors of a run: fitted, kept in its folder, and read back as a ladder.

| file | holds |
|---|---|
| `prior.safetensors` | a learned prior's weights in float16, and the rung below: a VQ-VAE's counts, a VAE's Gaussians |
| `prior.json` | kind, sizes, settings, the validation bits on the way, SHA-256 of the model's weights |

    ladder(run)   {"uniform", "frequencies", "learned"} of a VQ-VAE: `CodePrior`s; without the last until it is trained
                  {"normal", "simple", "learned"} of a VAE, likewise; {"own_spread"} of an AE: `LatentPrior`s

A run without a prior has the rungs that need none: uniform, normal. A VAE's files of format 1 hold a mixture of ten
Gaussians in place of both; it is read as the rung "mixture".
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import save as save_tensors
from torch import Tensor

from explorer.data import ImageSet
from explorer.errors import ConfigError, RunError
from explorer.files.bounded_cache import newest
from explorer.files.zips import BROKEN_ARRAYS
from explorer.latent import encode_images
from explorer.latent.sample import drawn_rows
from explorer.metrics.rate import SMOOTHING
from explorer.models import VAE
from explorer.models.prior import (
    MOST_TUPLES,
    CodePrior,
    CodeSpace,
    GaussianMixture,
    LatentPrior,
    LatentSpace,
    LevelFrequencies,
    OwnSpread,
    PositionFrequencies,
    PositionGaussians,
    StandardNormal,
    TrainedLatentPrior,
    UniformPrior,
    build_latent_prior,
    build_prior,
    position_counts,
)
from explorer.models.weightless import weightless
from explorer.runs import Run, load_run
from explorer.runs.reading import LONGEST_JSON, check_fit, tensors_of
from explorer.streams import stream
from explorer.training.code_grids import CodeGrids
from explorer.training.latent_draws import LatentDraws, latent_space
from explorer.training.prior import PriorTrainer

Prior = CodePrior | LatentPrior
FORMAT = 2
FILES = ("prior.safetensors", "prior.json")
#: The kinds of what was counted or fitted and not trained: a VQ-VAE's and a VAE's second rung.
COUNTED, SIMPLE = "frequencies", PositionGaussians.kind
#: Names of that rung's tensors of a VAE; they stay in float32.
SIMPLE_PREFIX = "simple/"
#: Of each of a learned prior's sizes, and the labels it may know. Trained here it has 64 and 3.
LARGEST_SIZE, MOST_CLASSES = 1024, 100_000
#: Of a mixture, whose likelihood takes memory for each of them; fitted here it has up to 50.
MOST_COMPONENTS = 50


@dataclass(frozen=True)
class PriorFiles:
    """What goes into a run's folder.

    Attributes:
        tensors: by name; floats are kept in float16 where `half`, but for a VAE's Gaussians.
        facts: plain JSON values, among them "kind".
        half: whether float tensors are rounded to float16.
    """

    tensors: dict[str, Tensor]
    facts: dict[str, Any]
    half: bool = False

    def contents(self, run: Run) -> dict[str, bytes]:
        """File name -> bytes, for `update_run`."""
        kept = {name: _narrow(name, tensor, half=self.half).contiguous() for name, tensor in self.tensors.items()}
        facts = {"format": FORMAT, "model_sha256": run.weights_sha256} | self.facts
        text = json.dumps(facts, indent=2, sort_keys=True, allow_nan=False) + "\n"
        return {"prior.safetensors": save_tensors(kept), "prior.json": text.encode()}


def _narrow(name: str, tensor: Tensor, *, half: bool) -> Tensor:
    return tensor.half() if half and tensor.is_floating_point() and not name.startswith(SIMPLE_PREFIX) else tensor


def trained(trainer: PriorTrainer) -> PriorFiles:
    """A learned prior at its best step, and what the rung below it needs."""
    model, data = trainer.model, trainer.data
    facts = {
        "kind": model.kind,
        "space": model.space.to_dict(),
        "sizes": model.sizes(),
        "settings": trainer.config.to_dict(),
        "steps": trainer.step,
        "best_step": trainer.best_step,
        "parameters": sum(p.numel() for p in model.parameters()),
        "val_bits_per_code": trainer.val_bits,
    }
    weights = {f"model/{k}": v for k, v in trainer.best.items()}
    if isinstance(data, LatentDraws):
        return PriorFiles(_simple_tensors(data) | weights, facts, half=True)
    assert isinstance(data, CodeGrids) and isinstance(model, CodePrior)  # noqa: PT018
    counts = _counts(data.train, model.space)
    return PriorFiles({"counts": counts} | weights, facts | {"smoothing": SMOOTHING}, half=True)


def trained_mixture(mixture: GaussianMixture, draws: LatentDraws, facts: dict[str, Any]) -> PriorFiles:
    """A mixture that was chosen as the learned prior of a VAE with one vector; `facts` say among what."""
    tensors = {f"model/{name}": tensor for name, tensor in mixture.tensors().items()}
    kept = {"kind": mixture.kind, "space": draws.space.to_dict(), "parameters": mixture.parameters()}
    return PriorFiles(_simple_tensors(draws) | tensors, kept | facts)


def _simple_tensors(draws: LatentDraws) -> dict[str, Tensor]:
    assert draws.train.mean is not None and draws.train.logvar is not None  # noqa: PT018
    simple = PositionGaussians.fit(draws.space, draws.train.mean, draws.train.logvar)
    return {SIMPLE_PREFIX + name: tensor for name, tensor in simple.tensors().items()}


def fitted(run: Run, image_set: ImageSet, most: int | None = None) -> PriorFiles:
    """What needs no training: a VAE's Gaussians, an AE's spread, how often each code stands where.

    From the training latents, a VAE's as z ~ q(z|x); of at most `most` images, evenly drawn, where it is given.
    """
    rows = image_set.split("train")
    encoded = encode_images(run.model, image_set.images[rows if most is None else rows[drawn_rows(len(rows), most)]])
    if encoded.indices is not None:
        counts = _counts(encoded.indices, _code_space(run))
        return PriorFiles({"counts": counts}, {"kind": COUNTED, "smoothing": SMOOTHING, "n": len(encoded.indices)})
    assert encoded.mean is not None
    n = len(encoded.mean)
    if encoded.logvar is None:
        spread = OwnSpread.fit(encoded.mean.flatten(1))
        return PriorFiles(spread.tensors(), {"kind": spread.kind, "n": n})
    simple = PositionGaussians.fit(_latent_space(run), encoded.mean, encoded.logvar)
    tensors = {SIMPLE_PREFIX + name: tensor for name, tensor in simple.tensors().items()}
    return PriorFiles(tensors, {"kind": SIMPLE, "n": n})


def has_prior(run: Run) -> bool:
    """Whether a prior was trained or fitted for this run."""
    return all(name in run.files for name in FILES)


def ladder(run: Run) -> dict[str, Prior]:
    """Every prior the run has, the poorest first; learned ones in eval mode, shared by every reader.

    Raises:
        RunError: the prior is damaged, or belongs to other weights.
    """
    return dict(_ladder(run.folder.resolve(), *(run.files.get(name, "") for name in ("model.safetensors", *FILES))))


@newest(32, 300e6)
def _ladder(folder: Path, *_: str) -> dict[str, Prior]:
    """Kept for each content: the hashes make a rewritten folder a new entry."""
    return _rungs(load_run(folder))


def check_prior(run: Run) -> None:
    """Whether what a run brings as its prior is one: a likelihood of its latents, and something to draw from.

    Raises:
        RunError: it is damaged, belongs to other weights, or does not fit.
    """
    if not has_prior(run):
        return
    generator = stream(0, "check of a prior")
    for prior in _rungs(run).values():
        try:
            drawn = prior.sample(1, generator)
            likely = prior.log_prob(drawn)
        except (RuntimeError, TypeError, IndexError) as error:
            raise RunError("prior_weights_mismatch", folder=run.folder, name=run.id) from error
        if not bool(drawn.isfinite().all() and likely.isfinite().all()):
            raise RunError("run_damaged", path=run.folder / FILES[0])


def _rungs(run: Run) -> dict[str, Prior]:
    stored = _stored(run) if has_prior(run) else None
    if not run.config.is_vq:
        rungs: dict[str, Prior] = {}
        if run.config.model == "vae":
            rungs["normal"] = StandardNormal(latent_size(run))
        return rungs | (_latent_prior(run, *stored) if stored else {})
    space = _code_space(run)
    rungs = {"uniform": _uniform(space).eval()}
    if stored is None:
        return rungs
    facts, tensors = stored
    rungs["frequencies"] = _frequencies(run, space, facts, tensors)
    return rungs if facts.get("kind") == COUNTED else rungs | {"learned": _learned(run, facts, tensors)}


def learned_rung(run: Run) -> Prior | None:
    """The top rung of a run's ladder, if it was trained."""
    return ladder(run).get("learned")


def learned_prior(run: Run) -> CodePrior | None:
    """The top rung of a VQ-VAE's ladder, if it was trained."""
    learned = ladder(run).get("learned")
    return learned if isinstance(learned, CodePrior) else None


def latent_size(run: Run) -> int:
    """Numbers in one latent of an AE or a VAE."""
    return run.config.latent_dim * (run.model.shape.grid**2 if run.config.spatial else 1)


def prior_facts(run: Run) -> dict[str, Any]:
    """`prior.json`, {} without one."""
    return _stored(run)[0] if has_prior(run) else {}


def _stored(run: Run) -> tuple[dict[str, Any], dict[str, Tensor]]:
    path = run.folder / "prior.safetensors"
    try:
        facts = json.loads(run.read("prior.json")[: LONGEST_JSON + 1])
        tensors = tensors_of(run.read("prior.safetensors"))
        version = int(facts["format"])
        made_for = facts["model_sha256"]
    except (SafetensorError, *BROKEN_ARRAYS) as error:
        raise RunError("run_damaged", path=path) from error
    if version > FORMAT:
        raise RunError("run_too_new", path=path, version=version, known=FORMAT)
    if made_for != run.weights_sha256:
        raise RunError("prior_other_weights", folder=run.folder, name=run.id)
    return facts, tensors


def _frequencies(run: Run, space: CodeSpace, facts: dict[str, Any], tensors: dict[str, Tensor]) -> CodePrior:
    try:
        counts, smoothing = tensors["counts"], facts["smoothing"]
        if counts.shape != _counted_shape(space) or bool((counts < 0).any()) or not 0 < smoothing < 1e6:
            raise ValueError
        kind = LevelFrequencies if space.num_embeddings > MOST_TUPLES else PositionFrequencies
        return kind(space, counts, smoothing).eval()
    except (KeyError, TypeError, ValueError) as error:
        raise RunError("prior_weights_mismatch", folder=run.folder, name=run.id) from error


def _code_space(run: Run) -> CodeSpace:
    grid = run.model.shape.grid
    return CodeSpace(run.config.num_codes, grid, grid, levels=run.config.num_levels or 1)


def _uniform(space: CodeSpace) -> CodePrior:
    if space.num_embeddings <= MOST_TUPLES:
        return UniformPrior(space)
    return LevelFrequencies(space, torch.zeros(_counted_shape(space)), 1.0)


def _counted_shape(space: CodeSpace) -> tuple[int, ...]:
    """Of what is counted: each tuple at each position, or of many tuples each level's codes."""
    if space.num_embeddings <= MOST_TUPLES:
        return space.positions, space.num_embeddings
    return space.positions, space.levels, space.per_level


def _counts(indices: Tensor, space: CodeSpace) -> Tensor:
    if space.num_embeddings <= MOST_TUPLES:
        return position_counts(indices, space.num_embeddings).int()
    return position_counts(space.apart(indices.flatten(1)), space.per_level).int().view(_counted_shape(space))


def _learned(run: Run, facts: dict[str, Any], tensors: dict[str, Tensor]) -> CodePrior:
    try:
        kind, space, sizes = facts["kind"], CodeSpace(**facts["space"]), facts["sizes"]
        _check_sizes(run, space, sizes)
        weights = {name: tensor.float() for name, tensor in _under("model/", tensors).items()}
        # First without room for a single weight, as in `Run.model`.
        with weightless():
            described = build_prior(kind, space, sizes)
        check_fit(described, weights)
        prior = build_prior(kind, space, sizes)
        prior.load_state_dict(weights)
    except (KeyError, TypeError, ValueError, AttributeError, RuntimeError, ConfigError) as error:
        raise RunError("prior_weights_mismatch", folder=run.folder, name=run.id) from error
    prior.requires_grad_(False)
    return prior.eval()


def _check_sizes(run: Run, space: CodeSpace, sizes: dict[str, Any]) -> None:
    """Before a prior is built: grids of the run's own codes, and no size that would fill the memory.

    Raises:
        ValueError: they are not.
    """
    own = replace(_code_space(run), num_classes=space.num_classes)
    if space.levels == 1:  # a prior over whole tuples is one as well
        own = replace(own, levels=1)
    _check_numbers(space, own, sizes)


def _check_numbers(space: CodeSpace | LatentSpace, own: CodeSpace | LatentSpace, sizes: dict[str, Any]) -> None:
    numbers = [*space.to_dict().values(), *sizes.values()]
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in numbers):
        raise ValueError
    if space != own or not 0 <= space.num_classes <= MOST_CLASSES or max(sizes.values(), default=0) > LARGEST_SIZE:
        raise ValueError
    if sizes.get("components", 0) > MOST_COMPONENTS:
        raise ValueError


def _latent_space(run: Run, num_classes: int = 0) -> LatentSpace:
    assert isinstance(run.model, VAE)
    return latent_space(run.model, num_classes)


def _latent_prior(run: Run, facts: dict[str, Any], tensors: dict[str, Tensor]) -> dict[str, Prior]:
    if any(name.startswith(SIMPLE_PREFIX) for name in tensors) and run.config.model == "vae":
        return _vae_rungs(run, facts, tensors)
    z = latent_size(run)
    if facts.get("kind") == OwnSpread.kind and _shapes(tensors) == {"mean": (z,), "spread": (z,)}:
        return {OwnSpread.kind: OwnSpread(**tensors)}
    if facts.get("kind") == GaussianMixture.kind:
        return {GaussianMixture.kind: _mixture(run, tensors)}
    raise RunError("prior_weights_mismatch", folder=run.folder, name=run.id)


def _vae_rungs(run: Run, facts: dict[str, Any], tensors: dict[str, Tensor]) -> dict[str, Prior]:
    space, kind = _latent_space(run), facts.get("kind")
    simple, model = _under(SIMPLE_PREFIX, tensors), _under("model/", tensors)
    p, d = space.positions, space.dim
    if _shapes(simple) != {"means": (p, d), "factors": (p, d, d)} or len(simple) + len(model) != len(tensors):
        raise RunError("prior_weights_mismatch", folder=run.folder, name=run.id)
    rungs: dict[str, Prior] = {"simple": PositionGaussians(space, **simple)}
    if kind == SIMPLE and not model:
        return rungs
    return rungs | {"learned": _mixture(run, model) if kind == GaussianMixture.kind else _density(run, facts, model)}


def _mixture(run: Run, tensors: dict[str, Tensor]) -> GaussianMixture:
    z, m = latent_size(run), len(tensors["weights"]) if "weights" in tensors and tensors["weights"].ndim else 0
    if m > MOST_COMPONENTS or _shapes(tensors) != {"weights": (m,), "means": (m, z), "factors": (m, z, z)}:
        raise RunError("prior_weights_mismatch", folder=run.folder, name=run.id)
    return GaussianMixture(**tensors)


def _density(run: Run, facts: dict[str, Any], tensors: dict[str, Tensor]) -> TrainedLatentPrior:
    try:
        kind, space, sizes = facts["kind"], LatentSpace(**facts["space"]), facts["sizes"]
        _check_numbers(space, _latent_space(run, space.num_classes), sizes)
        weights = {name: tensor.float() for name, tensor in tensors.items()}
        with weightless():
            described = build_latent_prior(kind, space, sizes)
        check_fit(described, weights)
        prior = build_latent_prior(kind, space, sizes)
        prior.load_state_dict(weights)
    except (KeyError, TypeError, ValueError, AttributeError, RuntimeError, ConfigError) as error:
        raise RunError("prior_weights_mismatch", folder=run.folder, name=run.id) from error
    prior.requires_grad_(False)
    return prior.eval()


def _shapes(tensors: dict[str, Tensor]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in tensors.items()}


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
