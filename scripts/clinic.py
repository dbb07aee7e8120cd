"""How often a diagnosis is right: trainings broken on purpose, and healthy ones (docs/clinic.md).

    python scripts/clinic.py train [--minutes 60]   # writes records to build/clinic; goes on where it was stopped
    python scripts/clinic.py table                  # diagnoses them and writes the tables into docs/clinic.md

A training is a VQ-VAE of width 16 on a bundled set, 100 steps of 16 images as an
autoencoder and 200 with its codebook. Its *configuration* is the set, D and K;
half of them are the seen ones, by which thresholds may be chosen, and the others are looked at in the table alone, but
for the first round.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from explorer.data import load_image_set  # noqa: E402
from explorer.metrics import interval  # noqa: E402
from explorer.models import VQVAE, ImageShape, VectorQuantizer  # noqa: E402
from explorer.models.codebook_updates import EMAUpdate  # noqa: E402
from explorer.recorder import Recorder  # noqa: E402
from explorer.reports.diagnosis import diagnose  # noqa: E402
from explorer.runs.recorded import load_record  # noqa: E402
from explorer.streams import stream  # noqa: E402
from explorer.training.batches import BatchPlan  # noqa: E402

FOLDER = ROOT / "build" / "clinic"
STEPS, WARM, BATCH, WIDTH, RATE = 200, 100, 16, 16, 1e-3
SETS, DIMS, SIZES = ("fashion", "emoji"), (4, 16), (64, 256)
#: Left out until the table is made, but for the first round, one training a plant, which thresholds were chosen by.
UNSEEN = {("fashion", 16, 64), ("fashion", 4, 256), ("emoji", 4, 64), ("emoji", 16, 256)}
CONFIGURATIONS = tuple((data, dim, size) for data in SETS for dim in DIMS for size in SIZES)
SEEDS = (0, 1, 2, 3)
DOCUMENT = ROOT / "docs" / "clinic.md"
MARKS = ("<!-- table -->", "<!-- end of table -->")


@dataclass
class Training:
    """One training while it runs; a plant changes it before the first step, or at any later one.

    Attributes:
        data, dim, size, seed: what it is trained on, D, K, and the seed of everything.
        model: encoder, quantizer and decoder.
        weights: of the reconstruction, codebook and commitment terms.
        codebook_rate: over the encoder's rate; 1 is the same.
        record_as: what the record is given in place of the codebook, by step.
    """

    data: str
    dim: int
    size: int
    seed: int
    model: VQVAE
    weights: tuple[float, float, float] = (1.0, 1.0, 0.25)
    codebook_rate: float = 1.0
    encoder_rate: float = 1.0
    change_images: Callable[[Tensor, Tensor], Tensor] = lambda images, _: images
    change_outputs: Callable[[Tensor], Tensor] = lambda z: z
    after: Callable[[Training, int, Tensor, Tensor], None] = lambda *_: None
    settings: dict[str, float | str] | None = None

    @property
    def quantizer(self) -> VectorQuantizer:
        """The model's."""
        assert isinstance(self.model.quantizer, VectorQuantizer)
        return self.model.quantizer


Plant = Callable[[Training], None]


def spread_of(z_e: Tensor) -> float:
    """Root mean squared distance from the mean of (N, D)."""
    return float((z_e - z_e.mean(0)).square().sum(1).mean().sqrt())


def first_outputs(training: Training) -> Tensor:
    """(N, D) of the encoder on 64 pictures, before the first step that is recorded."""
    images = load_image_set(training.data)
    with torch.no_grad():
        z = training.model.features(images.batch(images.split("train")[:64]))
    return training.change_outputs(z).movedim(1, -1).reshape(-1, training.dim)


def begin_at_outputs(training: Training) -> None:
    """A start that gives each code its part of the outputs."""
    training.quantizer.initialize(first_outputs(training), stream(training.seed, "init"))


def begin_elsewhere(training: Training, width: float, away: float) -> None:
    """Codes of `width` times the outputs' spread, `away` spreads from their mean."""
    z_e = first_outputs(training)
    generator = stream(training.seed, "init")
    codes = torch.randn(training.size, training.dim, generator=generator)
    codes = codes / spread_of(codes) * width * spread_of(z_e)
    direction = torch.randn(training.dim, generator=generator)
    training.quantizer.load_codebook(z_e.mean(0) + codes + away * spread_of(z_e) * direction / direction.norm())


def narrow(training: Training) -> None:
    """A ball of a fiftieth of the outputs' width beside them."""
    begin_elsewhere(training, 0.02, 0.5)


def wide(training: Training) -> None:
    """A cloud thirty times as wide as the outputs."""
    begin_elsewhere(training, 30.0, 0.0)


def drift(training: Training) -> None:
    """A codebook that all but stands still, under an encoder that runs."""
    begin_at_outputs(training)
    training.quantizer.update = EMAUpdate(decay=0.9999)
    training.weights = (1.0, 1.0, 0.0)
    training.encoder_rate = 3.0


def loss_scale(training: Training) -> None:
    """The commitment term summed over all numbers of a batch, the others averaged."""
    begin_at_outputs(training)
    cells = training.model.shape.grid**2
    training.weights = (1.0, 1.0, 0.25 * BATCH * cells * training.dim)


def commitment(training: Training) -> None:
    """The weight on the codebook's side: 1 for the encoder, 0.25 for the codes, that learn by gradient."""
    begin_at_outputs(training)
    training.weights = (1.0, 0.25, 1.0)


def restart(training: Training) -> None:
    """Codes below twice the hits that there are for each are put on outputs at every step."""
    begin_at_outputs(training)
    vectors = BATCH * training.model.shape.grid**2
    below = 2.0 * vectors / training.size
    training.settings = {"restart_below": below}

    def after(one: Training, _: int, z_e: Tensor, __: Tensor) -> None:
        state = one.quantizer
        count = state.get_buffer("ema_count")
        due = (count < below).nonzero()[:, 0]
        rows = torch.randperm(len(z_e), generator=stream(one.seed, "restart", _))[: len(due)]
        one.quantizer.place(due[: len(rows)], z_e[rows])

    training.after = after


def carried(training: Training) -> None:
    """Half of the codes get lost; every 15 steps they are put on outputs, and their EMA sums are left as they were."""
    begin_at_outputs(training)

    def after(one: Training, step: int, z_e: Tensor, indices: Tensor) -> None:
        if step == 30:
            kill_half(one, 30.0)
        if step > 30 and step % 15 == 0:
            hit = torch.bincount(indices, minlength=one.size) > 0
            due = (~hit).nonzero()[:, 0]
            rows = torch.randperm(len(z_e), generator=stream(one.seed, "restart", step))[: len(due)]
            with torch.no_grad():
                one.quantizer.stored[due[: len(rows)]] = z_e[rows]
            one.quantizer._remember()  # the fault: sums are not told

    training.after = after


def kill_half(training: Training, spreads: float) -> None:
    """Put every second code so many spreads away."""
    z_e = first_outputs(training)
    rows = torch.arange(0, training.size, 2)
    away = torch.randn(len(rows), training.dim, generator=stream(training.seed, "kill"))
    training.quantizer.place(rows, z_e.mean(0) + away / away.norm(dim=1, keepdim=True) * spreads * spread_of(z_e))


def killed(training: Training) -> None:
    """Two thirds of the codes are thrown away after a third of the training."""
    begin_at_outputs(training)

    def after(one: Training, step: int, z_e: Tensor, _: Tensor) -> None:
        if step == STEPS // 3:
            rows = torch.randperm(one.size, generator=stream(one.seed, "kill"))[: 2 * one.size // 3]
            away = torch.randn(len(rows), one.dim, generator=stream(one.seed, "kill", 1))
            far = 50 * spread_of(z_e) * away / away.norm(dim=1, keepdim=True)
            one.quantizer.place(rows, z_e.mean(0) + far)

    training.after = after


def identical(training: Training) -> None:
    """All codes one point, but for rounding."""
    z_e = first_outputs(training)
    codes = z_e.mean(0) + 1e-6 * torch.randn(training.size, training.dim, generator=stream(training.seed, "init"))
    training.quantizer.load_codebook(codes)


def encoder(training: Training) -> None:
    """Outputs on a line: all but the first direction is taken out of them."""
    axis = torch.nn.functional.normalize(torch.randn(training.dim, generator=stream(training.seed, "axis")), dim=0)

    def on_a_line(z: Tensor) -> Tensor:
        return (z * axis[None, :, None, None]).sum(1, keepdim=True) * axis[None, :, None, None]

    training.change_outputs = on_a_line
    begin_at_outputs(training)


def classes(training: Training) -> None:
    """Pictures of the first class are empty: all of them are one vector."""
    begin_at_outputs(training)
    training.change_images = lambda images, labels: images * (labels != 0)[:, None, None, None]


def healthy_start(training: Training) -> None:
    """A start from data."""
    begin_at_outputs(training)


def healthy_restart(training: Training) -> None:
    """A start from data and patient restarts."""
    begin_at_outputs(training)
    training.quantizer.follow("restart")


#: Name -> what is done, under which rule. Those that begin with "healthy" are not broken.
PLANTS: dict[str, tuple[str, Plant]] = {
    "narrow": ("ema", narrow),
    "wide": ("ema", wide),
    "drift": ("ema", drift),
    "loss_scale": ("ema", loss_scale),
    "commitment": ("gradient", commitment),
    "restart": ("ema", restart),
    "carried": ("ema", carried),
    "killed": ("ema", killed),
    "identical": ("ema", identical),
    "encoder": ("ema", encoder),
    "class": ("ema", classes),
    "healthy-ema": ("ema", healthy_start),
    "healthy-restart": ("ema", healthy_restart),
    "healthy-gradient": ("gradient", healthy_start),
}


def jobs() -> list[tuple[str, str, int, int, int]]:
    """(plant, set, D, K, seed), so that any beginning of the list is spread over plants and configurations."""
    found = []
    for seed in SEEDS:
        for turn in range(len(CONFIGURATIONS)):
            for number, plant in enumerate(PLANTS):
                found.append((plant, *CONFIGURATIONS[(turn + number) % len(CONFIGURATIONS)], seed))
    return found


def name_of(plant: str, data: str, dim: int, size: int, seed: int) -> str:
    """The folder of a record."""
    return f"{plant}-{data}-d{dim}-k{size}-s{seed}"


def train(plant: str, data: str, dim: int, size: int, seed: int, folder: Path) -> None:
    """One training, recorded; `truth.json` beside the record says what was planted and how it ended."""
    images = load_image_set(data)
    rule, act = PLANTS[plant]
    variance = float(images.batch(images.split("train")[:1000]).var())
    quantizer = VectorQuantizer(
        size,
        dim,
        update=EMAUpdate(decay=0.95) if rule == "ema" else rule,
        init="kmeans",
        generator=stream(seed, "codebook"),
    )
    shape = ImageShape(images.channels, images.height, images.width)
    training = Training(data, dim, size, seed, VQVAE(shape, quantizer, data_variance=variance, width=WIDTH, seed=seed))
    warm_up(training)
    act(training)
    losses = run(training, folder)
    last, before = losses[-STEPS // 5 :], losses[-2 * STEPS // 5 : -STEPS // 5]
    moved = abs(sum(last) / len(last) / (sum(before) / len(before)) - 1)
    truth = {"plant": plant, "data": data, "dim": dim, "size": size, "seed": seed, "moved": moved}
    (folder / "truth.json").write_text(json.dumps(truth) + "\n", encoding="utf-8")


def warm_up(training: Training) -> None:
    """Train as an autoencoder for a while: the codebook begins beside outputs that do not run away by themselves."""
    images, model = load_image_set(training.data), training.model.train()
    plan = BatchPlan(images.split("train"), BATCH, training.seed + 1000)
    optimizer = torch.optim.Adam([*model.encoder.parameters(), *model.decoder.parameters()], RATE)
    for step in range(WARM):
        x = images.batch(plan.batch(step + 1))
        loss = (model.decode(model.features(x)) - x).square().mean() / model.data_variance
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()


def run(training: Training, folder: Path) -> list[float]:
    """Train and record; the reconstruction error of each step."""
    images, model, quantizer = load_image_set(training.data), training.model.train(), training.quantizer
    plan = BatchPlan(images.split("train"), BATCH, training.seed)
    trunk = [parameter for module in (model.encoder, model.decoder) for parameter in module.parameters()]
    groups: list[dict[str, object]] = [{"params": trunk, "lr": RATE * training.encoder_rate}]
    if isinstance(quantizer.stored, nn.Parameter):
        groups.append({"params": [quantizer.stored], "lr": RATE * training.codebook_rate})
    optimizer = torch.optim.Adam(groups)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
    reconstruction, codebook, commitment_weight = training.weights
    found = []
    with Recorder(folder, training.size, settings=training.settings) as recorder:
        for step in range(STEPS):
            ids = plan.batch(step + 1)
            x = training.change_images(images.batch(ids), images.labels[ids])
            z_e = training.change_outputs(model.features(x))
            before = quantizer.codebook.detach().clone()
            out = quantizer(z_e)
            mse = (model.decode(out.quantized) - x).square().mean()
            parameter = quantizer.stored if isinstance(quantizer.stored, nn.Parameter) else None
            losses = {"mse": mse, "commitment": out.commitment_loss, "codebook": out.codebook_loss}
            recorder.log(
                step, z_e=z_e, indices=out.indices, codebook=before, losses=losses, labels=images.labels[ids],
                quantized=out.quantized, parameter=parameter,
            )  # fmt: skip
            loss = reconstruction * mse / model.data_variance + commitment_weight * out.commitment_loss
            loss = loss + codebook * out.codebook_loss if parameter is not None else loss
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            schedule.step()
            rows = z_e.detach().movedim(1, -1).reshape(-1, training.dim)
            training.after(training, step, rows, out.indices.reshape(-1))
            found.append(float(mse.detach()))
    return found


def train_all(minutes: float) -> None:
    """Those that are missing, until the time is up."""
    until = time.monotonic() + 60 * minutes
    for job in jobs():
        folder = FOLDER / name_of(*job)
        if (folder / "truth.json").exists():
            continue
        if time.monotonic() > until:
            return
        begun = time.monotonic()
        train(*job, folder=folder)
        print(f"{folder.name}: {time.monotonic() - begun:.0f} s", flush=True)


@dataclass(frozen=True)
class Answer:
    """What was said of one training.

    Attributes:
        plant: what was done to it.
        unseen: whether it was left out until now.
        first: the first finding, "" for none.
        fit: of a healthy one, whether it counts: usage at least .9, and the error moving by less than 5 %.
    """

    plant: str
    unseen: bool
    first: str
    fit: bool

    @property
    def right(self) -> bool:
        """The planted cause is the first finding; of a healthy one there is none."""
        return self.first == ("" if self.plant.startswith("healthy") else self.plant)


def answers() -> list[Answer]:
    """Of every record that is there."""
    found, looked_at = [], set(jobs()[: len(PLANTS)])
    for folder in sorted(path.parent for path in FOLDER.glob("*/truth.json")):
        truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        made = diagnose(load_record(folder))
        usage = 1 - made.codebooks[0].dead_share
        configuration = (truth["data"], truth["dim"], truth["size"])
        first = made.causes[0].cause if made.causes else ""
        unseen = configuration in UNSEEN and (truth["plant"], *configuration, truth["seed"]) not in looked_at
        found.append(Answer(truth["plant"], unseen, first, usage >= 0.9 and truth["moved"] < 0.05))
    return found


def share(good: int, n: int) -> str:
    """Of n, with Wilson's interval of 95 %."""
    if not n:
        return "none"
    found = interval.share(torch.arange(n) < good)
    return f"{good} of {n} ({found.low:.0%} to {found.high:.0%})"


def table() -> str:
    """Markdown: right and false alarms by half, and what was said of each plant."""
    all_found = answers()
    lines = ["| | broken, planted cause said first | healthy, something said |", "|---|---|---|"]
    for name, unseen in (("looked at while thresholds were chosen", False), ("left out until now", True)):
        half = [one for one in all_found if one.unseen == unseen]
        broken = [one for one in half if not one.plant.startswith("healthy")]
        healthy = [one for one in half if one.plant.startswith("healthy") and one.fit]
        alarms = sum(bool(one.first) for one in healthy)
        right = share(sum(one.right for one in broken), len(broken))
        lines.append(f"| {name} | {right} | {share(alarms, len(healthy))} |")
    lines += ["", "| planted | seen: said first | unseen: said first |", "|---|---|---|"]
    for plant in PLANTS:
        cells = []
        for unseen in (False, True):
            said = Counter(
                one.first or "no clear cause" for one in all_found if (one.plant, one.unseen) == (plant, unseen)
            )
            cells.append(", ".join(f"{name} {count}" for name, count in said.most_common()) or "not trained")
        lines.append(f"| {plant} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines)


def main() -> None:
    """Train, or make the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("act", choices=("train", "table"))
    parser.add_argument("--minutes", type=float, default=60)
    args = parser.parse_args()
    torch.set_num_threads(1)
    if args.act == "train":
        train_all(args.minutes)
        return
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(MARKS[0])
    DOCUMENT.write_text(f"{before}{MARKS[0]}\n{table()}\n{MARKS[1]}{rest.partition(MARKS[1])[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
