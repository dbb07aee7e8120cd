"""One run of a study: trained, measured, and checked to be its twins' twin."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from explorer.data import ImageSet
from explorer.errors import RunError
from explorer.models import GRADIENT_ESTIMATORS, QUANTIZERS, VQVAE, Autoencoder, Quantizer, VectorQuantizer
from explorer.studies.measured import measure, silent_of
from explorer.studies.plan import StudyCell
from explorer.training.batches import BatchPlan
from explorer.training.loop import Trainer
from explorer.training.trace import Array

#: Of a film's frames: what a study does not keep, since it is half of a member's bytes and nobody reads it there.
UNREAD = frozenset(("batch_latents", "batch_ids"))


@dataclass(frozen=True)
class Member:
    """A finished run of a study.

    Attributes:
        record: plain JSON values: cell, seed, config, fingerprints, what was measured.
        arrays: `curves/*` over `curve_steps`; of codes the last `codebook` (K, D) and test `counts` (K,), with an axis
            of levels before them where there are several; `frames/*` over `frame_steps` where a film was kept.
    """

    record: dict[str, Any]
    arrays: dict[str, Array]


def train_member(cell: StudyCell, seed: int, image_set: ImageSet) -> Member:
    """Train one member of `cell` and measure it on the test split."""
    began = time.perf_counter()
    trainer = Trainer(cell.config(seed), image_set)
    trainer.start_codebook()
    fingerprints = fingerprints_of(trainer.model, trainer.plan, trainer.config.steps)
    for _ in trainer.run():
        pass
    model = trainer.model.eval()
    measured, counted = measure(model, image_set)
    trace = trainer.recorder.trace()
    record = {
        "cell": cell.id,
        "group": cell.group,
        "rule": cell.rule,
        "variant": cell.variant,
        "seed": seed,
        "config": trainer.config.to_dict(),
        "data_sha256": image_set.sha256,
        "fingerprints": fingerprints | {"first_mse": float(trace.curves["mse"][0]).hex()},
        "test": measured,
        "restarts": trainer.restarts,
        "seconds": round(time.perf_counter() - began, 1),
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
    }
    arrays = {"curve_steps": trace.curve_steps, "frame_steps": trace.frame_steps}
    arrays |= {f"curves/{name}": values for name, values in trace.curves.items()}
    arrays |= {f"frames/{name}": values for name, values in trace.frames.items() if name not in UNREAD}
    return Member(record, arrays | counted)


def outcome_of(record: dict[str, Any]) -> str:
    """What was measured, in a line."""
    test = record["test"]
    lost = f"{silent_of(test)} of {test['units']} silent" if "silent" in test else f"{test['dead']} dead"
    return f"{lost}, PSNR {test['psnr_db']:.2f} dB, {record['seconds']} s"


def fingerprints_of(model: Autoencoder, plan: BatchPlan, steps: int) -> dict[str, str]:
    """SHA-256 of what twins must share: first weights of encoder and decoder, first codebook, every batch's images."""
    batches = hashlib.sha256()
    for step in range(1, steps + 1):
        batches.update(plan.batch(step).numpy().tobytes())
    found = {"encoder": _hash(model.encoder), "decoder": _hash(model.decoder), "batches": batches.hexdigest()}
    if isinstance(model, VQVAE):
        found["codebook"] = hashlib.sha256(model.quantizer.codebook.detach().numpy().tobytes()).hexdigest()
    return found


def _hash(module: nn.Module) -> str:
    digest = hashlib.sha256()
    for name, value in module.state_dict().items():
        digest.update(name.encode() + value.contiguous().numpy().tobytes())
    return digest.hexdigest()


def assert_twins(records: list[dict[str, Any]]) -> int:
    """Raise unless all twins among `records` began alike; return how many pairs were compared.

    Of one image set, size, width, batch size and seed: encoder, decoder and batches are equal. Of one init too: so is
    the codebook, and with it the first step's error, bit for bit, where the decoder gets the codes themselves.

    Raises:
        RunError: two members that should be twins are not.
    """
    pairs = 0
    first: dict[tuple[Any, ...], dict[str, Any]] = {}
    for record in records:
        for key, names in _shared(record):
            other = first.setdefault(key, record)
            pairs += other is not record and key[0] != "first step"
            for name in names:
                if record["fingerprints"][name] != other["fingerprints"][name]:
                    raise RunError("study_not_twins", one=_name(other), other=_name(record), what=name)
    return pairs


def _shared(record: dict[str, Any]) -> list[tuple[tuple[Any, ...], tuple[str, ...]]]:
    """Whom a record is a twin of, by what is equal among them, and the fingerprints that have to be."""
    config = record["config"]
    if config["model"] == "vae":
        return _shared_of_vae(config)
    shared = ("data", "embedding_dim", "width", "batch_size", "augment", "steps", "seed")
    trunk = tuple(config[name] for name in shared)
    codebook = (config["num_embeddings"], _init_of(record), *trunk)
    found: list[tuple[tuple[Any, ...], tuple[str, ...]]] = [
        (("trunk", *trunk), ("encoder", "decoder", "batches")),
        (("codebook", *codebook), ("codebook",)),
    ]
    quantizer = QUANTIZERS.get(config.get("quantizer", "vq"), Quantizer)
    estimator = GRADIENT_ESTIMATORS[config.get("gradient_estimator", "straight-through")]
    if estimator.passes_codes and quantizer.takes_nearest:
        found.append((("first step", *codebook), ("first_mse",)))
    return found


def _shared_of_vae(config: dict[str, Any]) -> list[tuple[tuple[Any, ...], tuple[str, ...]]]:
    """Whatever is paid for the KL, the first step's error is the same, unless decoders differ."""
    shared = ("data", "latent_dim", "width", "batch_size", "augment", "steps", "seed")
    trunk = tuple(config[name] for name in shared)
    return [
        (("trunk", *trunk), ("encoder", "batches")),
        (("first step", config["decoder_width"], *trunk), ("decoder", "first_mse")),
    ]


def _init_of(record: dict[str, Any]) -> str:
    """Twins by codebook: the same init, read by quantizers that read a codebook in the same way."""
    config = record["config"]
    init = "normal" if config["codebook_update"] == "snippet" else config["codebook_init"]
    quantizer = config.get("quantizer", "vq")
    reads_as = "vq" if issubclass(QUANTIZERS.get(quantizer, Quantizer), VectorQuantizer) else quantizer
    return "/".join([init, reads_as, config.get("distance", "euclidean")])


def _name(record: dict[str, Any]) -> str:
    return f"{record['cell']}-s{record['seed']}"
