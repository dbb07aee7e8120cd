"""Published sets that can be fetched. Addresses come from torchvision; what is fetched is checked by SHA-256.

torchvision's own loaders are not used: CIFAR-10's unpickles, and none of them reports progress or checks more than MD5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from explorer.data.published_files import Parts, read_cifar10, read_mnist, read_svhn

MNIST_FORM = (
    *("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"),
    *("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"),
)
FASHION_CLASSES = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)
DIGITS = tuple("0123456789")


@dataclass(frozen=True)
class RemoteFile:
    """A file to fetch: its name, its size in bytes, its SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class PublishedSet:
    """A set that others publish.

    Attributes:
        title: the name a person reads.
        files: all of them are needed.
        addresses: where a file may be, best first.
        read: the files' folder -> images and labels.
        train, test: published pictures.
        shape: (C, H, W).
        class_names: in label order.
        licence: its name, or what its authors say.
        source: whose it is.
        sha256: of the image set made of it, where that is known; it then has to come out.
    """

    title: str
    files: tuple[RemoteFile, ...]
    addresses: Callable[[str], list[str]]
    read: Callable[[Path], Parts]
    train: int
    test: int
    shape: tuple[int, int, int]
    class_names: tuple[str, ...]
    licence: str
    source: str
    sha256: str = ""


def _mnist_addresses(name: str) -> Callable[[str], list[str]]:
    def addresses(file: str) -> list[str]:
        from torchvision import datasets

        return [mirror + file for mirror in getattr(datasets, name).mirrors]

    return addresses


def _cifar_addresses(file: str) -> list[str]:
    """The binary version lies beside the pickled one."""
    from torchvision.datasets import CIFAR10

    return [CIFAR10.url.rpartition("/")[0] + "/" + file]


def _svhn_addresses(file: str) -> list[str]:
    from torchvision.datasets import SVHN

    return [url for url, name, _ in SVHN.split_list.values() if name == file]


def _mnist_files(*sizes_and_hashes: tuple[int, str]) -> tuple[RemoteFile, ...]:
    return tuple(RemoteFile(name, *known) for name, known in zip(MNIST_FORM, sizes_and_hashes, strict=True))


PUBLISHED: dict[str, PublishedSet] = {
    "mnist": PublishedSet(
        title="MNIST",
        files=_mnist_files(
            (9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
            (28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
            (1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
            (4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
        ),
        addresses=_mnist_addresses("MNIST"),
        read=read_mnist,
        train=60_000,
        test=10_000,
        shape=(1, 28, 28),
        class_names=DIGITS,
        licence="CC BY-SA 3.0",
        source="MNIST, Y. LeCun, C. Cortes and C. Burges",
    ),
    "fashion-full": PublishedSet(
        title="Fashion-MNIST, all of it",
        files=_mnist_files(
            (26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
            (29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
            (4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
            (5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
        ),
        addresses=_mnist_addresses("FashionMNIST"),
        read=read_mnist,
        train=60_000,
        test=10_000,
        shape=(1, 28, 28),
        class_names=FASHION_CLASSES,
        licence="MIT",
        source="Fashion-MNIST, Zalando SE",
        sha256="311b4e3ee59308ad6e6895197269f4c78db26aef46e5d6317671c767a61c8f59",
    ),
    "kmnist": PublishedSet(
        title="Kuzushiji-MNIST",
        files=_mnist_files(
            (18_165_135, "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4"),
            (29_497, "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17"),
            (3_041_136, "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5"),
            (5_120, "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c"),
        ),
        addresses=_mnist_addresses("KMNIST"),
        read=read_mnist,
        train=60_000,
        test=10_000,
        shape=(1, 28, 28),
        class_names=("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
        licence="CC BY-SA 4.0",
        source="KMNIST, made by CODH from Kuzushiji of NIJL and others",
    ),
    "cifar10": PublishedSet(
        title="CIFAR-10",
        files=(
            RemoteFile(
                "cifar-10-binary.tar.gz",
                170_052_171,
                "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
            ),
        ),
        addresses=_cifar_addresses,
        read=read_cifar10,
        train=50_000,
        test=10_000,
        shape=(3, 32, 32),
        class_names=("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
        licence="not stated; its author asks to be cited (Krizhevsky 2009)",
        source="CIFAR-10, A. Krizhevsky",
    ),
    "svhn": PublishedSet(
        title="SVHN, cropped digits",
        files=(
            RemoteFile(
                "train_32x32.mat", 182_040_794, "435e94d69a87fde4fd4d7f3dd208dfc32cb6ae8af2240d066de1df7508d083b8"
            ),
            RemoteFile(
                "test_32x32.mat", 64_275_384, "cdce80dfb2a2c4c6160906d0bd7c68ec5a99d7ca4831afa54f09182025b6a75b"
            ),
        ),
        addresses=_svhn_addresses,
        read=read_svhn,
        train=73_257,
        test=26_032,
        shape=(3, 32, 32),
        class_names=DIGITS,
        licence="for non-commercial use only",
        source="The Street View House Numbers, Y. Netzer and others 2011",
    ),
}
"""By the name that `load_image_set` knows, smallest first."""
