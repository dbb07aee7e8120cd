"""The priors of a run: fitted, kept in its folder, and read back as a ladder.

| file | holds |
|---|---|
| `prior.safetensors` | a learned prior's weights in float16 and the training codes' counts, or what was fitted |
| `prior.json` | kind, sizes, settings, the validation bits on the way, SHA-256 of the model's weights |

    ladder(run)   {"uniform", "frequencies", "learned"} of a VQ-VAE: `CodePrior`s
                  {"normal", "mixture"} of a VAE, {"own_spread"} of an AE: `LatentPrior`s

A run without a prior has the rungs that need none: uniform, normal.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

from explorer.data import ImageSet
from explorer.errors import ConfigError, RunError
from explorer.latent import encode_images
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
from explorer.streams import stream
from explorer.training.prior import PriorTrainer

Prior = CodePrior | LatentPrior
FORMAT = 1
FILES = ("prior.safetensors", "prior.json")


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


def fitted(run: Run, image_set: ImageSet, seed: int = 0) -> PriorFiles:
    """The mixture of a VAE, the spread of an AE; both from the training latents, a VAE's drawn from q(z|x)."""
    encoded = encode_images(run.model, image_set.images[image_set.split("train")])
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


@lru_cache(maxsize=32)
def _ladder(folder: Path, *_: str) -> dict[str, Prior]:
    """Kept for each content: the hashes make a rewritten folder a new entry."""
    run = load_run(folder)
    stored = _stored(run) if has_prior(run) else None
    if not run.config.is_vq:
        rungs: dict[str, Prior] = {}
        if run.config.model == "vae":
            rungs["normal"] = StandardNormal(latent_size(run))
        return rungs | ({stored[0]["kind"]: _latent_prior(*stored)} if stored else {})
    space = CodeSpace(run.config.num_embeddings, run.model.shape.grid, run.model.shape.grid)
    rungs = {"uniform": UniformPrior(space).eval()}
    if stored is None:
        return rungs
    facts, tensors = stored
    rungs["frequencies"] = PositionFrequencies(space, tensors["counts"], facts["smoothing"]).eval()
    return rungs | {"learned": _learned(run, facts, tensors)}


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
        facts = json.loads(run.read("prior.json"))
        tensors = load_tensors(run.read("prior.safetensors"))
        version = int(facts["format"])
        made_for = facts["model_sha256"]
    except (ValueError, KeyError, TypeError, SafetensorError) as error:
        raise RunError("run_damaged", path=path) from error
    if version > FORMAT:
        raise RunError("run_too_new", path=path, version=version, known=FORMAT)
    if made_for != run.weights_sha256:
        raise RunError("prior_other_weights", folder=run.folder, name=run.id)
    return facts, tensors


def _learned(run: Run, facts: dict[str, Any], tensors: dict[str, Tensor]) -> CodePrior:
    try:
        prior = build_prior(facts["kind"], CodeSpace(**facts["space"]), facts["sizes"])
        weights = {name.removeprefix("model/"): t.float() for name, t in tensors.items() if name.startswith("model/")}
        prior.load_state_dict(weights)
    except (KeyError, TypeError, RuntimeError, ConfigError) as error:
        raise RunError("prior_weights_mismatch", folder=run.folder, name=run.id) from error
    prior.requires_grad_(False)
    return prior.eval()


def _latent_prior(facts: dict[str, Any], tensors: dict[str, Tensor]) -> LatentPrior:
    kinds: dict[str, type[GaussianMixture] | type[OwnSpread]] = {"mixture": GaussianMixture, "own_spread": OwnSpread}
    return kinds[facts["kind"]](**tensors)
