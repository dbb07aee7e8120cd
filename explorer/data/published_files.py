"""The files that published sets come in: IDX, CIFAR's binary batches, MATLAB. None of them is a pickle."""

from __future__ import annotations

import gzip
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

CIFAR_RECORD = 1 + 3 * 32 * 32  # a label, then red, green and blue


@dataclass(frozen=True)
class Parts:
    """A set as it was published: images uint8 (N, C, H, W), labels (N,)."""

    train_images: NDArray[np.uint8]
    train_labels: NDArray[np.integer]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.integer]


def read_idx(path: Path) -> NDArray[np.uint8]:
    """The array of a gzipped IDX file of bytes: two zeros, the type 8, the number of sizes, the sizes, the values."""
    content = gzip.decompress(path.read_bytes())
    if content[:3] != b"\0\0\x08":
        raise ValueError("no IDX file of bytes")
    sizes = np.frombuffer(content, ">u4", count=content[3], offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * content[3]).reshape(sizes.tolist())


def read_mnist(folder: Path) -> Parts:
    """MNIST and the sets in its form: four gzipped IDX files."""
    train_images, train_labels, test_images, test_labels = (
        read_idx(folder / f"{part}-idx{sizes}-ubyte.gz")
        for part, sizes in (("train-images", 3), ("train-labels", 1), ("t10k-images", 3), ("t10k-labels", 1))
    )
    return Parts(train_images[:, None], train_labels, test_images[:, None], test_labels)


def read_cifar10(folder: Path) -> Parts:
    """CIFAR-10's binary version. The one that torchvision reads is pickled, and no pickle is ever loaded."""
    with tarfile.open(folder / "cifar-10-binary.tar.gz") as archive:
        train = np.concatenate([_batch(archive, f"data_batch_{number}.bin") for number in range(1, 6)])
        test = _batch(archive, "test_batch.bin")
    images = [records[:, 1:].reshape(-1, 3, 32, 32) for records in (train, test)]
    return Parts(images[0], train[:, 0], images[1], test[:, 0])


def _batch(archive: tarfile.TarFile, name: str) -> NDArray[np.uint8]:
    member = archive.extractfile(f"cifar-10-batches-bin/{name}")
    if member is None:
        raise ValueError(f"no file {name}")
    return np.frombuffer(member.read(), np.uint8).reshape(-1, CIFAR_RECORD)


def read_svhn(folder: Path) -> Parts:
    """SVHN's cropped digits in MATLAB's format 5: plain arrays, X (32, 32, 3, N) and y (N, 1), where 10 means 0."""
    from scipy.io import loadmat

    arrays = [loadmat(folder / f"{part}_32x32.mat", variable_names=["X", "y"]) for part in ("train", "test")]
    images = [np.ascontiguousarray(np.asarray(found["X"], np.uint8).transpose(3, 2, 0, 1)) for found in arrays]
    labels = [cast("NDArray[np.integer]", found["y"].ravel() % 10) for found in arrays]
    return Parts(images[0], labels[0], images[1], labels[1])
