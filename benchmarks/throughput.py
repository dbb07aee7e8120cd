"""A training step, and the time to a picture quality or to no dead code, against two packages that people would use.

`pythae` is that package's VQVAE (EMA) or VAE around this project's encoder and decoder; `package` is this project's
model around vector-quantize-pytorch. Both train as their examples do: contiguous tensors, Adam's default loop.
`package, tuned` has this project's memory format and fused Adam as well, so that only the quantizer differs. All take
the same batches, on the same number of threads, by turns. They cut them from one tensor, as ours does: pythae's own
loader would cost it more.

    pip install --target build/pythae --no-deps pythae     # its dependencies are old, and all it needs here is present
    python -m benchmarks.throughput [--rounds 5] [--threads 1] [--only 0 1] [--psnr 0] [--alive 0] [--cpu]
    python -m benchmarks.throughput --rounds 0 --only 1 --psnr 1 --to 22 --most 8000     # half an hour

`--alive` races to a codebook of which every code is chosen for some of 500 validation images: ours with its restarts,
the package with the expiry that its documentation turns on (`threshold_ema_dead_code=2`), pythae as it is, without any.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn

from benchmarks.timing import add_clock, interleaved, use_threads
from explorer.data import ImageSet, load_image_set
from explorer.models import VAE, VQVAE, Autoencoder, CodeLatent
from explorer.training.batches import BatchPlan
from explorer.training.config import RunConfig
from explorer.training.loop import Trainer

PYTHAE = Path(__file__).resolve().parent.parent / "build" / "pythae"
LR, DECAY, COST = 1e-3, 0.99, 0.25
STEPS = 4  # per turn, so that no contestant is charged for the other's cache
PRICE_EVERY = 20  # steps between two looks at the validation images, which are not timed
MOST_STEPS = 240
ALIVE_EVERY, ALIVE_STEPS = 50, 3000
#: Of the package: a code with fewer hits, smoothed, is put onto a vector of the batch.
EXPIRES_BELOW = 2


@dataclass(frozen=True)
class Case:
    """One model, what is asked of it, and the validation PSNR that has to be reached."""

    name: str
    config: RunConfig
    asked: float
    psnr: float


CASES = (
    Case("VQ-VAE, K 512, D 64", RunConfig(model="vqvae", num_embeddings=512, embedding_dim=64, lr=LR), 1.3, 16.0),
    Case("VQ-VAE, K 256, D 2", RunConfig(model="vqvae", num_embeddings=256, embedding_dim=2, lr=LR), 1.3, 15.0),
    Case("VAE, Z 16", RunConfig(model="vae", latent_dim=16, lr=LR), 1.0, 15.0),
)


@dataclass
class Contestant:
    """Something that trains: `step` is one update, `reconstruct` gives what it makes of images, `codes` their codes."""

    step: Callable[[], object]
    reconstruct: Callable[[Tensor], Tensor]
    model: nn.Module
    codes: Callable[[Tensor], Tensor] | None = None


def ours(config: RunConfig, image_set: ImageSet, precision: str = "fp32") -> Contestant:
    """This project's trainer, without its film."""
    trainer = Trainer(RunConfig(**config.to_dict() | {"precision": precision, "trace": "scalars"}), image_set)

    def step() -> None:
        trainer.step += 1
        trainer._update(trainer.step)

    model = trainer.model
    return Contestant(
        step, lambda x: _reconstruct(model, x), model, lambda x: cast(CodeLatent, model.encode(x)).indices
    )


def _reconstruct(model: Autoencoder, x: Tensor) -> Tensor:
    if isinstance(model, VAE):
        return model.decode(model.encode(x).mean)
    assert isinstance(model, VQVAE)
    return model.decode(model.encode(x).quantized)


def plain(
    model: nn.Module,
    loss: Callable[[Tensor], Tensor],
    config: RunConfig,
    image_set: ImageSet,
    *,
    tuned: bool,
    device: torch.device | str = "cpu",
) -> Callable[[], None]:
    """A step as tutorials write it; `tuned` with this project's memory format and optimizer."""
    layout = torch.channels_last if tuned else torch.contiguous_format
    model.to(device).to(memory_format=layout)
    optimizer = torch.optim.Adam(model.parameters(), LR, fused=tuned)
    plan = BatchPlan(image_set.split("train"), config.batch_size, config.seed)
    taken = 0

    def step() -> None:
        nonlocal taken
        taken += 1
        x = image_set.batch(plan.batch(taken)).contiguous(memory_format=layout).to(device)
        value = loss(x)
        optimizer.zero_grad(set_to_none=True)
        value.backward()
        optimizer.step()
        float(value.detach())  # every trainer reports it

    return step


def around_package(
    config: RunConfig, image_set: ImageSet, *, tuned: bool, device: torch.device | str = "cpu", expires: int = 0
) -> Contestant:
    """Encoder and decoder of this project around vector-quantize-pytorch; the loss is the VQ-VAE's."""
    from vector_quantize_pytorch import VectorQuantize

    trunk = Trainer(config, image_set).model
    quantizer = VectorQuantize(
        dim=config.embedding_dim,
        codebook_size=config.num_embeddings,
        decay=DECAY,
        commitment_weight=COST,
        rotation_trick=False,
        accept_image_fmap=True,
        threshold_ema_dead_code=expires,
    )
    model = nn.ModuleDict({"encoder": trunk.encoder, "quantizer": quantizer, "decoder": trunk.decoder})

    def loss(x: Tensor) -> Tensor:
        quantized, _, commitment = quantizer(trunk.encoder(x))
        return (trunk.decoder(quantized) - x).square().mean() / image_set.variance + commitment.sum()

    step = plain(model, loss, config, image_set, tuned=tuned, device=device)

    def both(x: Tensor) -> Any:
        return quantizer(trunk.encoder(x))

    return Contestant(step, lambda x: trunk.decoder(both(x)[0]), model, lambda x: both(x)[1])


def around_pythae(config: RunConfig, image_set: ImageSet) -> Contestant:
    """pythae's model around encoder and decoder of this project."""
    sys.path.insert(0, str(PYTHAE))
    try:
        from pythae.models import VAE as PythaeVAE
        from pythae.models import VQVAE as PythaeVQVAE
        from pythae.models import VAEConfig, VQVAEConfig
        from pythae.models.base.base_utils import ModelOutput
        from pythae.models.nn import BaseDecoder, BaseEncoder
    except ImportError as error:
        sys.exit(f"{error}: install pythae with\n  pip install --target {PYTHAE} --no-deps pythae")

    trunk = Trainer(config, image_set).model

    class Encoder(BaseEncoder):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.trunk = trunk.encoder

        def forward(self, x: Tensor) -> Any:
            features = self.trunk(x)
            if config.is_vq:
                return ModelOutput(embedding=features)
            mean, logvar = features.chunk(2, dim=1)
            return ModelOutput(embedding=mean, log_covariance=logvar)

    class Decoder(BaseDecoder):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.trunk = trunk.decoder

        def forward(self, z: Tensor) -> Any:
            return ModelOutput(reconstruction=self.trunk(z))

    shape = (image_set.channels, image_set.height, image_set.width)
    if config.is_vq:
        settings = VQVAEConfig(
            input_dim=shape,
            num_embeddings=config.num_embeddings,
            use_ema=True,
            decay=DECAY,
            commitment_loss_factor=COST,
        )
        model = PythaeVQVAE(settings, Encoder(), Decoder())
    else:
        model = PythaeVAE(VAEConfig(input_dim=shape, latent_dim=config.latent_dim), Encoder(), Decoder())

    def reconstruct(x: Tensor) -> Tensor:
        if config.is_vq:
            return model({"data": x}).recon_x
        return trunk.decoder(trunk.encoder(x).chunk(2, dim=1)[0])

    step = plain(model, lambda x: model({"data": x}).loss, config, image_set, tuned=False)
    return Contestant(step, reconstruct, model, lambda x: model({"data": x}).quantized_indices)


def contestants(config: RunConfig, image_set: ImageSet) -> dict[str, Contestant]:
    """Everyone who trains this model, ours first."""
    found = {"ours": ours(config, image_set), "pythae": around_pythae(config, image_set)}
    if config.is_vq:
        found["package"] = around_package(config, image_set, tuned=False)
        found["package, tuned"] = around_package(config, image_set, tuned=True)
    return found | {"ours, bf16": ours(config, image_set, "bf16")}


@torch.no_grad()
def psnr(contestant: Contestant, image_set: ImageSet) -> float:
    """Of up to 500 validation images, clipped; a VAE decodes its mean."""
    contestant.model.eval()
    x = image_set.batch(image_set.split("val")[:500])
    mse = float((contestant.reconstruct(x).clamp(0, 1) - x).square().mean())
    contestant.model.train()
    return -10 * math.log10(mse)


def throughput(case: Case, image_set: ImageSet, rounds: int, clock: Callable[[], float]) -> None:
    """Print milliseconds a step, images a second, and how many times slower the others are."""

    def several(contestant: Contestant) -> Callable[[], None]:
        return lambda: [contestant.step() for _ in range(STEPS)] and None

    racing = {name: several(contestant) for name, contestant in contestants(case.config, image_set).items()}
    timing = interleaved(racing, rounds, clock=clock)
    for name, seconds in timing.seconds.items():
        each = seconds / STEPS
        asked = f"(asked {case.asked:g}x)" if name in ("pythae", "package") else ""
        images = case.config.batch_size / each
        print(f"  {name:15} {1e3 * each:7.1f} ms  {images:7.0f} images/s  {timing.ratios[name]:5.2f}x {asked}")


@torch.no_grad()
def dead(contestant: Contestant, image_set: ImageSet, num_embeddings: int) -> int:
    """Codes that none of up to 500 validation images chooses."""
    contestant.model.eval()
    assert contestant.codes is not None
    chosen = contestant.codes(image_set.batch(image_set.split("val")[:500]))
    contestant.model.train()
    return num_embeddings - len(chosen.unique())


def race(
    racing: dict[str, Contestant], measure: Callable[[Contestant], float], every: int, most: int, goal: str
) -> None:
    """Print the CPU seconds of training that it takes each until `measure` is 0 or less, and where each stands then.

    It ends when all are there, or after `most` steps.
    """
    seconds = dict.fromkeys(racing, 0.0)
    values: dict[str, list[float]] = {name: [] for name in racing}
    reached: dict[str, float] = {}
    while len(reached) < len(racing) and len(values["ours"]) < most // every:
        for name, contestant in racing.items():
            began = time.process_time()
            for _ in range(every):
                contestant.step()
            seconds[name] += time.process_time() - began
            values[name].append(measure(contestant))
            if values[name][-1] <= 0:
                reached.setdefault(name, seconds[name])
    there = next((k for k, value in enumerate(values["ours"]) if value <= 0), -1)
    for name, found in values.items():
        spent = reached.get(name)
        note = f"{spent:6.1f} CPU s  {spent / reached['ours']:5.2f}x" if spent and "ours" in reached else "not reached"
        at = f"{found[there]:.4g} short when ours is there, {found[-1]:.4g} after {len(found) * every} steps"
        print(f"  {name:15} {goal}: {note}  ({at})", flush=True)


def time_to_psnr(case: Case, image_set: ImageSet, goal: float, most: int) -> None:
    """Race to a PSNR on the validation images; what each is short of it, in dB."""
    racing = contestants(case.config, image_set)
    racing.pop("package, tuned", None)  # learns as the plain one does, step by step
    every = PRICE_EVERY * max(1, most // MOST_STEPS // 4)
    race(racing, lambda one: goal - psnr(one, image_set), every, most, f"{goal:g} dB on val")


def time_to_alive(case: Case, image_set: ImageSet) -> None:
    """Race to a codebook without a dead code; how many each has left."""
    config = RunConfig(**case.config.to_dict() | {"dead_codes": "restart"})
    racing = {
        "ours": ours(config, image_set),
        "package": around_package(config, image_set, tuned=False, expires=EXPIRES_BELOW),
        "pythae": around_pythae(config, image_set),
    }
    codes = config.num_embeddings
    race(racing, lambda one: dead(one, image_set, codes), ALIVE_EVERY, ALIVE_STEPS, "no dead code on val")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="medians over this many rounds; 0 times no steps")
    parser.add_argument("--threads", type=int, nargs="+", default=[1], help="torch threads, one run each")
    parser.add_argument("--only", type=int, nargs="+", default=range(len(CASES)), help="numbers of the cases, from 0")
    parser.add_argument("--psnr", type=int, nargs="*", default=[], help="cases to be trained to their PSNR, too")
    parser.add_argument("--to", type=float, default=0, help="that PSNR in dB; 0 is each case's own")
    parser.add_argument("--most", type=int, default=MOST_STEPS, help="steps of such a race")
    parser.add_argument("--alive", type=int, nargs="*", default=[], help="cases to be trained until no code is dead")
    add_clock(parser)
    chosen = parser.parse_args()
    image_set = load_image_set("fashion")
    for threads in chosen.threads:
        use_threads(threads)
        for number in chosen.only:
            case = CASES[number]
            print(f"{case.name}, batch {case.config.batch_size}, 28×28", flush=True)
            torch.manual_seed(0)
            if chosen.rounds:
                throughput(case, image_set, chosen.rounds, chosen.clock)
            if number in chosen.psnr:
                time_to_psnr(case, image_set, chosen.to or case.psnr, chosen.most)
            if number in chosen.alive:
                time_to_alive(case, image_set)


if __name__ == "__main__":
    main()
