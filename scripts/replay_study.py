"""How well a replay predicts a real retraining (docs/clinic.md): rank correlation and error, on small trainings.

    python scripts/replay_study.py train [--minutes 6]   # records to build/replay; goes on where it was stopped
    python scripts/replay_study.py table                 # replays, compares, writes the figures

Of each configuration (set, D, K) one training is recorded: EMA from N(0, 1). Its record is replayed under every one of
`RETRAININGS`, and a real training from the same weights on the same batches is made of each. Trainings are those of
scripts/clinic.py: width 16, warmed up as an autoencoder.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import mean, median

import torch

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from explorer.data import load_image_set  # noqa: E402
from explorer.models import VQVAE, ImageShape, VectorQuantizer  # noqa: E402
from explorer.models.codebook_updates import EMAUpdate, GradientUpdate  # noqa: E402
from explorer.models.dead_codes import RestartDead  # noqa: E402
from explorer.reports.replay import Replayed, Settings, happened, replay  # noqa: E402
from explorer.reports.replay_measured import MEASURED, PredictedBy, ranks_agree, written  # noqa: E402
from explorer.runs.recorded import load_record  # noqa: E402
from explorer.streams import stream  # noqa: E402
from scripts import clinic  # noqa: E402
from scripts.marked_tables import refreshed  # noqa: E402

FOLDER = ROOT / "build" / "replay"
DOCUMENT = ROOT / "docs" / "clinic.md"
CONFIGURATIONS = (("fashion", 4, 64), ("emoji", 16, 64), ("emoji", 4, 256), ("fashion", 16, 256))
RECORDED = Settings(init="normal")
RETRAININGS: dict[str, Settings] = {
    "EMA, k-means": Settings(init="kmeans"),
    "EMA, k-means, γ = .9": Settings(init="kmeans", decay=0.9),
    "EMA, U(±1/K)": Settings(init="uniform"),
    "EMA, N(0, 1), restarts": Settings(init="normal", restart=True),
    "EMA, k-means, half of K": Settings(init="kmeans", num_embeddings=-2),
    "gradient, k-means": Settings(rule="gradient", init="kmeans"),
    "gradient, N(0, 1)": Settings(rule="gradient", init="normal"),
}


@dataclass(frozen=True)
class Pair:
    """A replay beside the training that it stands for."""

    configuration: tuple[str, int, int]
    name: str
    replayed: Replayed
    trained: Replayed


def settings_of(name: str, size: int) -> Settings:
    """Those of a retraining; a K of -2 is half of the recorded one."""
    settings = RETRAININGS.get(name, RECORDED)
    return replace(settings, num_embeddings=size // 2) if settings.num_embeddings == -2 else settings


def folder_of(name: str, data: str, dim: int, size: int) -> Path:
    """Where the record of a training lies; "" is the one that is replayed."""
    number = list(RETRAININGS).index(name) if name else "recorded"
    return FOLDER / f"{data}-d{dim}-k{size}-{number}"


def train(name: str, data: str, dim: int, size: int) -> None:
    """One training, recorded."""
    settings, images = settings_of(name, size), load_image_set(data)
    quantizer = VectorQuantizer(
        settings.num_embeddings or size,
        dim,
        update=EMAUpdate(decay=settings.decay) if settings.rule == "ema" else GradientUpdate(),
        init=settings.init,
        dead_codes=RestartDead(vectors_per_code=10, steps=20) if settings.restart else "keep",
        generator=stream(0, "codebook"),
    )
    shape = ImageShape(images.channels, images.height, images.width)
    variance = float(images.batch(images.split("train")[:1000]).var())
    model = VQVAE(shape, quantizer, data_variance=variance, width=clinic.WIDTH, seed=0)
    training = clinic.Training(data, dim, settings.num_embeddings or size, 0, model)
    clinic.warm_up(training)
    if quantizer.needs_data:
        clinic.begin_at_outputs(training)
    folder = folder_of(name, data, dim, size)
    clinic.run(training, folder)
    (folder / "done").touch()


def train_all(minutes: float) -> None:
    """Those that are missing, until the time is up."""
    until = time.monotonic() + 60 * minutes
    for configuration in CONFIGURATIONS:
        for name in ("", *RETRAININGS):
            if (folder_of(name, *configuration) / "done").exists():
                continue
            if time.monotonic() > until:
                return
            begun = time.monotonic()
            train(name, *configuration)
            print(f"{configuration} {name or 'recorded'}: {time.monotonic() - begun:.0f} s", flush=True)


def pairs() -> list[Pair]:
    """Of every training that was made beside its record."""
    found = []
    for configuration in CONFIGURATIONS:
        for name in RETRAININGS:
            recorded, trained = (folder_of(each, *configuration) for each in ("", name))
            if (recorded / "done").exists() and (trained / "done").exists():
                made = replay(load_record(recorded), settings_of(name, configuration[2]))
                found.append(Pair(configuration, name, made, happened(load_record(trained))))
    return found


def dead_share(one: Replayed) -> float:
    """Dead codes over K."""
    return one.dead / one.num_embeddings


def predicted(found: list[Pair]) -> PredictedBy:
    """Rank correlations within configurations, errors over all."""
    groups = [[pair for pair in found if pair.configuration == each] for each in CONFIGURATIONS]
    groups = [group for group in groups if len(group) > 2]

    def agreement(value: str) -> float:
        of = dead_share if value == "dead" else lambda one: one.distortion
        return mean(ranks_agree([of(p.replayed) for p in group], [of(p.trained) for p in group]) for group in groups)

    errors = sorted(abs(dead_share(pair.replayed) - dead_share(pair.trained)) for pair in found)
    return PredictedBy(
        trainings=len(found),
        configurations=len(groups),
        rank_dead=agreement("dead"),
        rank_distortion=agreement("distortion"),
        error_dead=median(errors),
        worst_dead=errors[-1],
        error_distortion=median(abs(p.replayed.distortion / p.trained.distortion - 1) for p in found),
    )


def table(found: list[Pair], measured: PredictedBy) -> str:
    """Markdown: the measures, and dead codes replayed and trained by setting."""
    titles = [f"{data}, D {dim}, K {size}" for data, dim, size in CONFIGURATIONS]
    lines = [
        f"{measured.trainings} trainings of {measured.configurations} configurations. Rank correlation (Spearman over "
        f"the settings of a configuration, mean of configurations): dead codes {measured.rank_dead:.2f}, distortion "
        f"{measured.rank_distortion:.2f}. Median error: {measured.error_dead:.0%} of K dead (at most "
        f"{measured.worst_dead:.0%}), distortion {measured.error_distortion:.0%}.",
        "",
        f"| dead of K: replayed → trained | {' | '.join(titles)} |",
        "|---" * (len(titles) + 1) + "|",
    ]
    for name in RETRAININGS:
        cells = []
        for configuration in CONFIGURATIONS:
            pair = next((p for p in found if (p.name, p.configuration) == (name, configuration)), None)
            cells.append(f"{pair.replayed.dead} → {pair.trained.dead}" if pair else "not trained")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Train, or compare."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("act", choices=("train", "table"))
    parser.add_argument("--minutes", type=float, default=6)
    args = parser.parse_args()
    torch.set_num_threads(1)
    if args.act == "train":
        train_all(args.minutes)
        return
    found = pairs()
    measured = predicted(found)
    MEASURED.write_text(written(measured), encoding="utf-8")
    text = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(refreshed(text, {"replay": lambda: table(found, measured)}), encoding="utf-8")
    print(json.dumps(asdict(measured), indent=1))


if __name__ == "__main__":
    main()
