"""The priors of a run: fitted, kept in its folder, and read back as a ladder.

| file | holds |
|---|---|
| `prior.safetensors` | a learned prior's weights in float16 and the training codes' counts, or what was fitted |
| `prior.json` | kind, sizes, settings, the validation bits on the way, SHA-256 of the model's weights |

    ladder(run)   {"uniform", "frequencies", "learned"} of a VQ-VAE: `CodePrior`s; without the last until it is trained
                  {"normal", "mixture"} of a VAE, {"own_spread"} of an AE: `LatentPrior`s

A run without a prior has the rungs that need none: uniform, normal.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
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
from explorer.models.prior import (
    CodePrior,
    CodeSpace,
    GaussianMixture,
    LatentPrior,
    OwnSpread,
    PositionFrequencies,
    StandardNormal,
    UniformPrior,
    build_prior,
    position_counts,
)
from explorer.runs import Run, load_run
from explorer.runs.reading import LONGEST_JSON, check_fit, tensors_of
from explorer.streams import stream
from explorer.training.prior import PriorTrainer

Prior = CodePrior | LatentPrior
FORMAT = 1
FILES = ("prior.safetensors", "prior.json")
#: The kind of a VQ-VAE's prior that was counted and not trained.
COUNTED = "frequencies"
#: Of each of a learned prior's sizes, and the labels it may know. Trained here it has 64 and 3.
LARGEST_SIZE, MOST_CLASSES = 1024, 100_000
#: Of a mixture, whose likelihood takes memory for each of them; fitted here it has 10.
MOST_COMPONENTS = 32


@dataclass(frozen=True)
class PriorFiles:
    """What goes into a run's folder.

    Attributes:
        tensors: by name; floats are kept in float16 where `half`.
        facts: plain JSON values, among them "kind".
        half: whether float tensors are rounded to float16.
    """

    tensors: dict[str, Tensor]
    facts: dict[str, Any]
    half: bool = False

    def contents(self, run: Run) -> dict[str, bytes]:
        """File name -> bytes, for `update_run`."""
        kept = {name: _narrow(tensor, half=self.half).contiguous() for name, tensor in self.tensors.items()}
        facts = {"format": FORMAT, "model_sha256": run.weights_sha256} | self.facts
        text = json.dumps(facts, indent=2, sort_keys=True, allow_nan=False) + "\n"
        return {"prior.safetensors": save_tensors(kept), "prior.json": text.encode()}


def _narrow(tensor: Tensor, *, half: bool) -> Tensor:
    return tensor.half() if half and tensor.is_floating_point() else tensor


def trained(trainer: PriorTrainer) -> PriorFiles:
    """A learned prior at its best step, and the counts that `PositionFrequencies` needs."""
    model, grids = trainer.model, trainer.grids
    counts = position_counts(grids.train, model.space.num_embeddings).int()
    facts = {
        "kind": model.kind,
        "space": model.space.to_dict(),
        "sizes": model.sizes(),
        "settings": trainer.config.to_dict(),
        "steps": trainer.step,
        "best_step": trainer.best_step,
        "val_bits_per_code": trainer.val_bits,
        "smoothing": SMOOTHING,
    }
    return PriorFiles({"counts": counts} | {f"model/{k}": v for k, v in trainer.best.items()}, facts, half=True)


def fitted(run: Run, image_set: ImageSet, seed: int = 0, most: int | None = None) -> PriorFiles:
    """What needs no training: a VAE's mixture, an AE's spread, how often each code stands where.

    From the training latents, a VAE's drawn from q(z|x); of at most `most` images, evenly drawn, where it is given.
    """
    rows = image_set.split("train")
    encoded = encode_images(run.model, image_set.images[rows if most is None else rows[drawn_rows(len(rows), most)]])
    if encoded.indices is not None:
        counts = position_counts(encoded.indices, run.config.num_embeddings).int()
        return PriorFiles({"counts": counts}, {"kind": COUNTED, "smoothing": SMOOTHING, "n": len(encoded.indices)})
    assert encoded.mean is not None
    z = encoded.mean.flatten(1)
    if encoded.logvar is not None:
        noise = torch.empty_like(z).normal_(generator=stream(seed, "mixture latents"))
        z = z + (0.5 * encoded.logvar.flatten(1)).exp() * noise
        prior: LatentPrior = GaussianMixture.fit(z, seed=seed)
    else:
        prior = OwnSpread.fit(z)
    return PriorFiles(prior.tensors(), {"kind": prior.kind, "seed": seed, "n": len(z)})


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
    space = CodeSpace(run.config.num_embeddings, run.model.shape.grid, run.model.shape.grid)
    rungs = {"uniform": UniformPrior(space).eval()}
    if stored is None:
        return rungs
    facts, tensors = stored
    rungs["frequencies"] = _frequencies(run, space, facts, tensors)
    return rungs if facts.get("kind") == COUNTED else rungs | {"learned": _learned(run, facts, tensors)}


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
        if (
            counts.shape != (space.positions, space.num_embeddings)
            or bool((counts < 0).any())
            or not 0 < smoothing < 1e6
        ):
            raise ValueError
        return PositionFrequencies(space, counts, smoothing).eval()
    except (KeyError, TypeError, ValueError) as error:
        raise RunError("prior_weights_mismatch", folder=run.folder, name=run.id) from error


def _learned(run: Run, facts: dict[str, Any], tensors: dict[str, Tensor]) -> CodePrior:
    try:
        kind, space, sizes = facts["kind"], CodeSpace(**facts["space"]), facts["sizes"]
        _check_sizes(run, space, sizes)
        weights = {name.removeprefix("model/"): t.float() for name, t in tensors.items() if name.startswith("model/")}
        # First without room for a single weight, as in `Run.model`.
        with torch.device("meta"):
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
    grid = run.model.shape.grid
    own = CodeSpace(run.config.num_embeddings, grid, grid, space.num_classes)
    numbers = [*space.to_dict().values(), *sizes.values()]
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in numbers):
        raise ValueError
    if space != own or not 0 <= space.num_classes <= MOST_CLASSES or max(sizes.values(), default=0) > LARGEST_SIZE:
        raise ValueError


def _latent_prior(run: Run, facts: dict[str, Any], tensors: dict[str, Tensor]) -> dict[str, Prior]:
    kinds: dict[str, type[GaussianMixture] | type[OwnSpread]] = {"mixture": GaussianMixture, "own_spread": OwnSpread}
    z, m = latent_size(run), len(tensors["weights"]) if "weights" in tensors and tensors["weights"].ndim else 0
    shapes: dict[str, dict[str, tuple[int, ...]]] = {
        "mixture": {"weights": (m,), "means": (m, z), "factors": (m, z, z)},
        "own_spread": {"mean": (z,), "spread": (z,)},
    }
    kind = str(facts.get("kind"))
    sent = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    if m > MOST_COMPONENTS or sent != shapes.get(kind):
        raise RunError("prior_weights_mismatch", folder=run.folder, name=run.id)
    return {kind: kinds[kind](**tensors)}
