"""Trains the runs that are shipped in checkpoints/: `make checkpoints`.

After training a run gets its prior, the figures of what the prior draws, bounds on its evidence, and, if its latent has
more than two numbers, its UMAP, map.npz. Resumable: a finished run is kept at once, a stopped one goes on where it was,
and a run that is there already is left alone. `--only TEXT` takes the runs whose id holds TEXT, `--list` prints the
commands, `--jobs N` trains N at a time, one thread each, which on a CPU is faster than one run on N threads.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "checkpoints"
BUILDING = ROOT / "build" / "checkpoints"

STEPS = {"fashion": 8000, "emoji": 3000, "faces": 3000}
#: Of every prior of a set, on both sides; the learning rate falls to zero with them, and so do the gains. Some shipped
#: ones had half as many (docs/decisions/0009); `make long` trains those anew.
PRIOR_STEPS = {"fashion": 2700, "emoji": 1200, "faces": 1200}
PLANE: dict[str, object] = {"num_embeddings": 256, "embedding_dim": 2}
#: As the snippet begins: the rules then differ in nothing else, and none still spreads out of a clump when it stops
#: (docs/decisions/0013).
NORMAL: dict[str, object] = {"codebook_init": "normal"}
#: KL's weight at which a VAE on the grid costs what the EMA twin's codes cost under its learned prior, within 5 %.
MATCHED_BETA = {"fashion": 0.28, "emoji": 0.82, "faces": 1.77}
#: K of the codebooks and weights of KL that are trained from three seeds, beside K = 256. Weights of 1.25 and 2.6 were
#: the partners while the VAE was charged for N(0, I).
MORE_SEEDS: dict[str, tuple[tuple[int, ...], tuple[float, ...]]] = {
    "fashion": ((16,), (0.28, 2.4, 1.25)),
    "emoji": ((), (2.6,)),
    "faces": ((), (1.77,)),
}
#: More of KL's weights, so that every VQ-VAE of the set has a VAE on the grid within 5 % of its bits, or another VAE.
BETAS = {
    "fashion": (4.0, 1.0, 2.0, 0.5, 8.0, 1.5, 2.4, 1.25),
    "emoji": (4.0, 1.0, 2.0, 0.5, 8.0, 1.6, 2.3, 2.9, 3.3, 2.6),
    "faces": (4.0, 1.0, 2.0, 0.5),
}
#: Of the plan of faces, what the budget of training has paid for so far (`make long` goes on); the rest is not trained.
FACES_TRAINED: tuple[str, ...] = (
    *("faces-vae-z2-s0", "faces-vqvae-d2-k256-ema-s0"),
    *("faces-vqvae-d2-k256-gradient-s0", "faces-ae-z2-s0", "faces-vqvae-d2-k16-grouped2-ema-s0"),
    *("faces-vqvae-d2-k4-residual4-ema-s0", "faces-vqvae-d2-k16-residual4-ema-s0"),
    *("faces-vqvae-d64-k512-ema-s0", "faces-vqvae-d64-k512-ema-restart-s0", "faces-vae-z2-spatial-b1-s0"),
    *("faces-vqvae-d64-k512-gradient-s0", "faces-vae-z2-spatial-b1.77-s0", "faces-vae-z2-spatial-b2-s0"),
    *("faces-vae-z16-s0", "faces-vqvae-d2-k16-ema-s0", "faces-vqvae-d2-k256-snippet-s0"),
    *("faces-vqvae-d2-k256-ema-s1", "faces-vqvae-d2-k256-ema-s2", "faces-vae-z2-spatial-b4-s0"),
    *("faces-vae-z2-spatial-b1.77-s1", "faces-vae-z2-spatial-b1.77-s2"),
)
#: Shown for its codebook alone: it gets a map, and nothing that its samples or its rate would need.
CODEBOOK_ALONE = (
    *("fashion-vqvae-d64-k512-gradient-restart-s0", "faces-vqvae-d2-k256-gradient-s0"),
    *(f"fashion-vqvae-d2-k256-{rule}-uniform-s1" for rule in ("ema", "gradient")),
    *(f"faces-vqvae-d64-k512-{rule}-s0" for rule in ("ema", "ema-restart", "gradient")),
)
#: pythae's start, U(-1/K, 1/K): a clump 1/256 wide. Under the gradient it spreads, under the EMA most codes are never
#: chosen; narrow and short, since the difference is there after 2,000 steps.
CLUMP: dict[str, object] = {"codebook_init": "uniform", "steps": 2000, "width": 16, "seed": 1}
DEEP: dict[str, object] = {"num_embeddings": 512, "embedding_dim": 64, "trace": "codebook"}


def shipped(data: str) -> dict[str, dict[str, object]]:
    """id -> settings of every shipped run of an image set, the default pair first."""
    plane, deep = f"{data}-vqvae-d2-k256", f"{data}-vqvae-d64-k512"
    vq, wide = PLANE | {"model": "vqvae"}, DEEP | {"model": "vqvae"}
    runs: dict[str, dict[str, object]] = {
        f"{data}-vae-z2-s0": {"model": "vae", "latent_dim": 2, "kept_weights": 6},
        f"{plane}-ema-s0": vq | NORMAL | {"codebook_update": "ema", "kept_weights": 6},
        f"{plane}-gradient-s0": vq
        | NORMAL
        | {"codebook_update": "gradient", "kept_weights": 6, "twin_of": f"{plane}-ema-s0"},
        f"{data}-ae-z2-s0": {"model": "ae", "latent_dim": 2},
        f"{plane}-snippet-s0": vq | {"codebook_update": "snippet", "twin_of": f"{plane}-ema-s0"},
        f"{data}-vae-z16-s0": {"model": "vae", "latent_dim": 16, "trace": "codebook"},
        f"{deep}-ema-s0": wide | {"codebook_update": "ema"},
        f"{deep}-gradient-s0": wide | {"codebook_update": "gradient", "twin_of": f"{deep}-ema-s0"},
        f"{deep}-ema-restart-s0": wide
        | {"codebook_update": "ema", "dead_codes": "restart", "twin_of": f"{deep}-ema-s0"},
    }
    if data == "fashion":  # the same cure under the other rule: one set is enough to show it
        runs[f"{deep}-gradient-restart-s0"] = wide | {
            "codebook_update": "gradient",
            "dead_codes": "restart",
            "twin_of": f"{deep}-ema-s0",
        }
        clump, start = vq | CLUMP, f"{plane}-ema-uniform-s1"
        runs[start] = clump | {"codebook_update": "ema"}
        runs[f"{plane}-gradient-uniform-s1"] = clump | {"codebook_update": "gradient", "twin_of": start}
    return {name: common(data) | settings for name, settings in runs.items()}


def sweep(data: str) -> dict[str, dict[str, object]]:
    """id -> settings of the runs that only sharpness and the ELBO need: rates above and below, without a film.

    VQ-VAEs by K, VAEs on the same grid by beta, VAEs with one vector by its length and by beta, and more seeds of the
    pair whose rates agree.
    """
    vae: dict[str, object] = {"model": "vae"}
    vq = PLANE | NORMAL | {"model": "vqvae", "codebook_update": "ema"}
    ema, matched = f"{data}-vqvae-d2-k{{}}-ema-s{{}}", MATCHED_BETA[data]
    sizes, betas = MORE_SEEDS[data]
    runs: dict[str, dict[str, object]] = {ema.format(256, seed): vq | {"seed": seed} for seed in (1, 2)}
    runs |= {ema.format(k, seed): vq | {"num_embeddings": k, "seed": seed} for k in sizes for seed in (1, 2)}
    for beta in (matched, *BETAS[data]):
        spatial: dict[str, object] = {"model": "vae", "latent_dim": 2, "spatial": True, "beta": beta}
        seeds = (0, 1, 2) if beta in betas else (0,)
        runs |= {f"{data}-vae-z2-spatial-b{beta:g}-s{seed}": spatial | {"seed": seed} for seed in seeds}
    runs |= {ema.format(k, 0): vq | {"num_embeddings": k} for k in (64, 16, 4, 1024)}
    for size, beta in ((2, 0.01), (16, 0.1), (16, 10.0)):
        runs[f"{data}-vae-z{size}-b{beta:g}-s0"] = vae | {"latent_dim": size, "beta": beta}
    runs |= {f"{data}-vae-z{size}-s0": vae | {"latent_dim": size} for size in (32, 8, 64)}
    return {name: common(data) | {"trace": "scalars"} | settings for name, settings in runs.items()}


def levels(data: str) -> dict[str, dict[str, object]]:
    """id -> settings of codes in levels and in groups, 8 bits a position each as with K = 256, and one of 16 bits."""
    if data != "faces":
        return {}
    ema = NORMAL | {"model": "vqvae", "embedding_dim": 2, "codebook_update": "ema"}
    # N(0, 1) is wide for what a level leaves over, and most of its codes die; from data a level begins on its residual.
    begun = {"codebook_init": "data"}
    runs = {
        f"{data}-vqvae-d2-k4-residual4-ema-s0": ema
        | begun
        | {"num_embeddings": 4, "quantizer": "residual", "levels": 4},
        f"{data}-vqvae-d2-k16-grouped2-ema-s0": ema | {"num_embeddings": 16, "quantizer": "grouped", "groups": 2},
        # 16 bits: as a plain codebook it would have 65,536 codes, and no set here has vectors enough to train those
        f"{data}-vqvae-d2-k16-residual4-ema-s0": ema
        | begun
        | {"num_embeddings": 16, "quantizer": "residual", "levels": 4},
    }
    return {name: common(data) | settings for name, settings in runs.items()}


def common(data: str) -> dict[str, object]:
    """What every run of an image set shares."""
    settings: dict[str, object] = {"data": data, "steps": STEPS[data], "lr": 2e-3, "lr_schedule": "cosine", "seed": 0}
    return settings | ({"augment": True} if data == "emoji" else {})


def planned(data: str) -> dict[str, dict[str, object]]:
    """Every run of an image set, the spine first."""
    return shipped(data) | levels(data) | sweep(data)


def kept(data: str) -> dict[str, dict[str, object]]:
    """The runs of the plan that are in checkpoints/, or are missing there."""
    runs = planned(data)
    return {name: runs[name] for name in FACES_TRAINED} if data == "faces" else runs


def command(name: str, settings: dict[str, object]) -> list[str]:
    """The training command of one run."""
    words = [sys.executable, "-m", "explorer", "train", "--out", str(BUILDING / name), "--id", name]
    for key, value in settings.items():
        option = "--" + key.replace("_", "-")
        words += [option] if value is True else [option, str(value)]
    return words


def train(name: str, settings: dict[str, object]) -> str:
    """Train one run, or go on with it; move it to checkpoints/ when it is finished, and complete it there."""
    began = time.monotonic()
    words = command(name, settings)
    if (BUILDING / name / "run.json").exists():
        words = [sys.executable, "-m", "explorer", "train", "--resume", str(BUILDING / name)]
    if not is_finished(SHIPPED / name):
        error = "" if is_finished(BUILDING / name) else run(words)
        if error:
            return f"{name}: {error}"
        SHIPPED.mkdir(exist_ok=True)
        shutil.move(BUILDING / name, SHIPPED / name)
    for words in after(name, settings):
        if error := run([sys.executable, "-m", "explorer", *words]):
            return f"{name}: {error}"
    return f"{name}: {time.monotonic() - began:.0f} s"


def run(words: list[str]) -> str:
    """Run a command on one thread; the last line of what went wrong, or ""."""
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    result = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return (result.stderr or result.stdout).strip().splitlines()[-1] if result.returncode else ""


def is_projected(settings: dict[str, object]) -> bool:
    """Whether a run's latent needs a map to be drawn."""
    return settings.get("latent_dim", settings.get("embedding_dim")) != 2


def after(name: str, settings: dict[str, object]) -> list[list[str]]:
    """The commands that a shipped run still needs: its map, its prior, what its samples are worth, its evidence."""
    folder = SHIPPED / name
    files = json.loads((folder / "run.json").read_text())["files"]
    report = json.loads((folder / "report.json").read_text())
    measured = "generation" in report
    of_sweep = settings.get("trace") == "scalars"  # these need no map, no samples, and a prior only for their rate
    words = []
    if is_projected(settings) and "map.npz" not in files and not of_sweep:
        words.append(["map", str(folder), "--write"])
    if name in CODEBOOK_ALONE:
        return words
    if "prior.json" not in files and not (of_sweep and settings["model"] != "vqvae"):
        words.append(prior_words(name, settings))
        measured = False
    if not measured and not of_sweep:
        words.append(["generation", str(folder)])
    if settings["model"] != "ae" and ("evidence" not in report or prior_words(name, settings) in words):
        words.append(["evidence", str(folder), "--write"])
    return words


def prior_words(name: str, settings: dict[str, object]) -> list[str]:
    """The command that trains a run's prior."""
    return ["train-prior", str(SHIPPED / name), "--steps", str(PRIOR_STEPS[str(settings["data"])]), "--json"]


def is_finished(folder: Path) -> bool:
    """Whether the run in `folder` was trained to its last step."""
    path = folder / "run.json"
    if not path.exists():
        return False
    values = json.loads(path.read_text())
    return bool(values["step"] >= values["config"]["steps"] and values["s2"] is not None)


def is_whole(name: str, settings: dict[str, object]) -> bool:
    """Whether a shipped run lacks nothing."""
    return is_finished(SHIPPED / name) and not after(name, settings)


def main() -> int:
    """Train what is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", default="", metavar="TEXT")
    parser.add_argument("--list", action="store_true")
    args = parser.parse_args()
    runs = {name: settings for data in STEPS for name, settings in planned(data).items() if args.only in name}
    if args.list:
        print("\n".join(" ".join(command(name, settings)[1:]) for name, settings in runs.items()))
        return 0
    missing = {name: settings for name, settings in runs.items() if not is_whole(name, settings)}
    with ThreadPoolExecutor(args.jobs) as pool:
        for line in pool.map(lambda item: train(*item), missing.items()):
            print(line, flush=True)
    left = [name for name, settings in runs.items() if not is_whole(name, settings)]
    if left:
        print(f"not finished: {', '.join(left)}; the same command goes on with them", file=sys.stderr)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
