"""Record somebody else's training script, unchanged: that of vector_quantize_pytorch on Fashion-MNIST.

    python scripts/their_example.py images.npz                          # here: this project's Fashion-MNIST as a file
    ENV/bin/python scripts/their_example.py images.npz EXAMPLE RECORD   # there: the wheel and that package alone

EXAMPLE is `examples/autoencoder.py` of that package's sources (lucidrains/vector-quantize-pytorch). It is run as it is,
but for two things from outside: stand-ins for `torchvision`, which gives out the pictures of that file in place of a
download, and for `tqdm` where it is not installed; and `Recorder.attach` on the first model that is trained. Then:

    explorer diagnose RECORD
"""

from __future__ import annotations

import argparse
import importlib.util
import runpy
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from explorer.recorder import Recorder


class FashionMNIST(torch.utils.data.Dataset[tuple[Tensor, int]]):
    """The pictures of a file, through the arguments that torchvision's class takes."""

    file = Path("images.npz")

    def __init__(self, root: str, train: bool = True, transform: Callable[[Any], Any] | None = None, **_: object):
        with np.load(self.file) as arrays:
            self.images, self.labels = (
                torch.from_numpy(arrays[f"{part}_{name}"])
                for part in ("train" if train else "test",)
                for name in ("images", "labels")
            )
        self.transform = transform

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, number: int) -> tuple[Tensor, int]:
        picture = self.images[number]
        return (self.transform(picture) if self.transform else picture), int(self.labels[number])


def write_images(file: Path) -> None:
    """This project's Fashion-MNIST: uint8 (N, 1, 28, 28) and labels of both splits."""
    from explorer.data import load_image_set

    images = load_image_set("fashion")
    arrays: dict[str, Any] = {}
    for part in ("train", "test"):
        rows = images.split(part)
        arrays |= {f"{part}_images": images.images[rows].numpy(), f"{part}_labels": images.labels[rows].numpy()}
    np.savez_compressed(file, **arrays)


class Compose:
    """One after the other."""

    def __init__(self, parts: Iterable[Callable[[Any], Any]]) -> None:
        self.parts = list(parts)

    def __call__(self, value: Any) -> Any:
        for part in self.parts:
            value = part(value)
        return value


class ToTensor:
    """uint8 (C, H, W) to [0, 1]."""

    def __call__(self, picture: Tensor) -> Tensor:
        return picture.float() / 255


class Normalize:
    """(x - mean) / std."""

    def __init__(self, mean: Iterable[float], std: Iterable[float]) -> None:
        self.mean, self.std = (torch.tensor(list(values)).view(-1, 1, 1) for values in (mean, std))

    def __call__(self, picture: Tensor) -> Tensor:
        return (picture - self.mean) / self.std


class trange:
    """A range that takes a description."""

    def __init__(self, count: int) -> None:
        self.count, self.said = count, ""

    def __iter__(self) -> Iterator[int]:
        for step in range(self.count):
            yield step
            if step % 100 == 99:
                print(f"step {step + 1}: {self.said}", flush=True)

    def set_description(self, said: str) -> None:
        """What the next line says."""
        self.said = said


def module(name: str, **parts: object) -> ModuleType:
    """A module of these parts, to be imported by name."""
    made = ModuleType(name)
    made.__spec__ = ModuleSpec(name, None)
    vars(made).update(parts)
    sys.modules[name] = made
    return made


def stand_in() -> None:
    """What the example imports beside torch and its own package; the pictures are ours even where torchvision is."""
    datasets = module("torchvision.datasets", FashionMNIST=FashionMNIST)
    transforms = module("torchvision.transforms", Compose=Compose, ToTensor=ToTensor, Normalize=Normalize)
    module("torchvision", datasets=datasets, transforms=transforms)
    if importlib.util.find_spec("tqdm") is None:
        module("tqdm", auto=module("tqdm.auto", trange=trange))


def run(example: Path, record: Path) -> None:
    """Run the example; the record begins with the first pass in training of a model that holds a quantizer."""
    stand_in()
    recorder: list[Recorder] = []

    def before(seen: nn.Module, _: object) -> None:
        sizes = [getattr(part, "codebook_size", None) for part in seen.modules()] if seen.training else []
        size = next((size for size in sizes if isinstance(size, int)), None)
        if not recorder and size is not None:
            recorder.append(Recorder(record, num_embeddings=size))
            recorder[0].attach(seen)

    handle = nn.modules.module.register_module_forward_pre_hook(before)
    try:
        runpy.run_path(str(example), run_name="__main__")
    finally:
        handle.remove()
        for one in recorder:
            one.close()


def main() -> None:
    """Write the pictures, or run the example on them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("images", type=Path)
    parser.add_argument("example", type=Path, nargs="?")
    parser.add_argument("record", type=Path, nargs="?")
    args = parser.parse_args()
    if args.example is None or args.record is None:
        write_images(args.images)
        return
    FashionMNIST.file = args.images
    run(args.example, args.record)


if __name__ == "__main__":
    main()
