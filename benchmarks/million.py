"""A million pictures of 32×32, in a file of 3 GB that is mapped and never read into memory: what training holds.

    python -m benchmarks.million [--steps 300] [--images 1000000] [--full]

The file is sparse: a thousand drawn pictures, and holes that read as black, so that it takes little space; with --full
every picture is written, and the system maps more around each, as much as it read at once. Prints the memory of the
process (RSS, and the part of it that is mapped files) before, while it trains, and while every picture is read once in
a random order; and pictures per second of that. "without letting go" is the same pass, pages left mapped.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import torch

from explorer.data.memory_map import MappedImageSet, mapped_set
from explorer.reports.evaluation import BATCH
from explorer.training.config import RunConfig
from explorer.training.loop import Trainer

SHAPE = (3, 32, 32)
DRAWN = 1000
TOLD = 4  # times, over a pass


def sparse_file(path: Path, images: int) -> None:
    """`images` pictures, of which the first in every `images / DRAWN` is noise."""
    size = SHAPE[0] * SHAPE[1] * SHAPE[2]
    generator = torch.Generator().manual_seed(0)
    with path.open("wb") as file:
        file.truncate(images * size)
        for k in range(DRAWN):
            file.seek(k * (images // DRAWN) * size)
            file.write(torch.randint(256, (size,), generator=generator, dtype=torch.uint8).numpy().tobytes())


def full_file(path: Path, images: int) -> None:
    """`images` pictures of noise, a thousand different ones."""
    noise = torch.randint(256, (DRAWN, *SHAPE), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)
    with path.open("wb") as file:
        for start in range(0, images, DRAWN):
            file.write(noise[: images - start].numpy().tobytes())


def memory() -> str:
    """RSS of this process, and how much of that is files."""
    lines = dict(line.split(":") for line in Path("/proc/self/status").read_text().splitlines() if ":" in line)
    rss, files = (int(lines[name].split()[0]) / 1024 for name in ("VmRSS", "RssFile"))
    return f"RSS {rss:6.0f} MB, of which files {files:6.0f} MB"


def train(images: MappedImageSet, steps: int) -> None:
    """Some steps of a VQ-VAE, with batches from all over the file."""
    config = RunConfig(model="vqvae", steps=steps, trace="scalars")
    for record in Trainer(config, images).run():
        if record.step % (steps // TOLD) == 0:
            print(f"  step {record.step:6}   {memory()}   {record.images_per_second:8.0f} images/s", flush=True)


def read_once(images: MappedImageSet) -> None:
    """Every picture, in a random order, a batch at a time."""
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(1))
    began, told = time.perf_counter(), 0
    for k, ids in enumerate(order.split(BATCH), 1):
        images.batch(ids)
        if k * BATCH * TOLD // len(images) > told:
            told += 1
            rate = k * BATCH / (time.perf_counter() - began)
            print(f"  {k * BATCH:8} read   {memory()}   {rate:8.0f} images/s", flush=True)


def main() -> None:
    """Make the file, train from it, read it, and delete it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=1_000_000)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--full", action="store_true", help="write every picture: 3 GB for a million")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "images.u8"
        (full_file if chosen.full else sparse_file)(path, chosen.images)
        stat = path.stat()
        print(f"{chosen.images} images, {stat.st_size / 1e9:.2f} GB, {stat.st_blocks * 512 / 1e6:.0f} MB on the disk")
        ids = torch.arange(chosen.images)
        splits = {"train": ids[1500:], "val": ids[:1000], "test": ids[1000:1500]}
        images = mapped_set("million", path, SHAPE, splits, "")
        print(f"before\n  {memory()}\ntraining")
        train(images, chosen.steps)
        print("reading all of it")
        read_once(images)
        assert images.pages is not None
        images.pages.most = 1 << 60
        print("reading all of it without letting go")
        read_once(images)


if __name__ == "__main__":
    main()
