"""Published sets from a stand-in server on this machine: progress, hashes, mirrors, and what is said when it fails."""

import gzip
import hashlib
import io
import socket
import tarfile
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
import torch

from explorer import cli
from explorer.data import PUBLISHED, available, bytes_to_fetch, describe_set, fetch, fetching, load_image_set
from explorer.data.places import downloads_folder, sets_folder
from explorer.data.progress import Progress
from explorer.data.published import MNIST_FORM, RemoteFile
from explorer.data.published_files import read_svhn
from explorer.errors import DataError

RNG = np.random.default_rng(3)
TRAIN, TEST = 60, 20
LABELS = {"train": np.arange(TRAIN) % 10, "t10k": np.arange(TEST) % 10}
GREY = {part: RNG.integers(0, 256, (len(labels), 28, 28), np.uint8) for part, labels in LABELS.items()}
COLOUR = {part: RNG.integers(0, 256, (len(labels), 3, 32, 32), np.uint8) for part, labels in LABELS.items()}


def idx(values):
    sizes = b"".join(size.to_bytes(4, "big") for size in values.shape)
    return gzip.compress(b"\0\0\x08" + bytes([values.ndim]) + sizes + values.astype(np.uint8).tobytes())


def mnist_files():
    arrays = (GREY["train"], LABELS["train"], GREY["t10k"], LABELS["t10k"])
    return {name: idx(values) for name, values in zip(MNIST_FORM, arrays, strict=True)}


def cifar_files():
    """As its author describes it: a label, then 1,024 red, green and blue values, row by row."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for number in range(1, 7):
            part, here = ("train", slice(12 * number - 12, 12 * number)) if number < 6 else ("t10k", slice(None))
            rows = zip(LABELS[part][here], COLOUR[part][here], strict=True)
            records = b"".join(bytes([label]) + picture.tobytes() for label, picture in rows)
            name = f"data_batch_{number}.bin" if number < 6 else "test_batch.bin"
            member = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
            member.size = len(records)
            archive.addfile(member, io.BytesIO(records))
    return {"cifar-10-binary.tar.gz": buffer.getvalue()}


def svhn_files():
    from scipy.io import savemat

    files = {}
    for part, name in (("train", "train_32x32.mat"), ("t10k", "test_32x32.mat")):
        buffer = io.BytesIO()
        labels = np.where(LABELS[part] == 0, 10, LABELS[part]).astype(np.uint8)[:, None]
        savemat(buffer, {"X": COLOUR[part].transpose(2, 3, 1, 0), "y": labels})
        files[name] = buffer.getvalue()
    return files


FILES = {"mnist": mnist_files, "kmnist": mnist_files, "cifar10": cifar_files, "svhn": svhn_files}


class Stand(ThreadingHTTPServer):
    """Serves `files` by name and remembers what was asked for; a name in `spoilt` is cut, changed or refused."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.files: dict[str, bytes] = {}
        self.spoilt: dict[str, str] = {}
        self.asked: list[str] = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/"


class Answer(BaseHTTPRequestHandler):
    server: Stand

    def do_GET(self):
        name = self.path.rpartition("/")[2]
        self.server.asked.append(self.path)
        content, spoilt = self.server.files.get(name), self.server.spoilt.get(name)
        if content is None or spoilt == "refused" or self.path.startswith("/gone/"):
            self.send_error(404, "Not Found")
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        changed = content[:-1] + bytes([content[-1] ^ 1])
        endless = content + b"\0" * 10**6
        self.wfile.write({"cut": content[:-9], "changed": changed, "endless": endless}.get(spoilt or "", content))

    def log_message(self, *_):
        pass


@pytest.fixture
def stand(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "cache"))
    with Stand() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()


def state_of(name):
    described = describe_set(name)
    assert described is not None
    return described.state


def publish(stand, monkeypatch, name, addresses=None):
    """Let the stand-in server have the files of a set, in small."""
    stand.files = FILES[name]()
    files = tuple(RemoteFile(file, len(c), hashlib.sha256(c).hexdigest()) for file, c in stand.files.items())
    where = addresses or (lambda file: [stand.url + file])
    small = replace(PUBLISHED[name], files=files, train=TRAIN, test=TEST, addresses=where)
    monkeypatch.setitem(PUBLISHED, name, small)
    return sum(file.size for file in files)


@pytest.mark.parametrize("name", list(FILES))
def test_a_fetched_set_holds_what_was_published(stand, monkeypatch, name):
    total = publish(stand, monkeypatch, name)
    assert bytes_to_fetch(name) == total
    assert state_of(name) == "downloadable"
    seen: list[Progress] = []
    image_set = fetch(name, seen.append)
    assert [progress.done for progress in seen] == sorted(progress.done for progress in seen)
    assert (seen[0].stage, seen[-1].done, seen[-1].total) == ("fetch", total, total)
    assert {split: len(image_set.split(split)) for split in image_set.splits} == {"train": 54, "val": 6, "test": 20}
    pictures = GREY if name.endswith("mnist") else COLOUR
    for part, splits in (("train", ("train", "val")), ("t10k", ("test",))):
        places = torch.cat([image_set.split(split) for split in splits])
        found = {image_set.images[i].numpy().tobytes(): int(image_set.labels[i]) for i in places}
        published = zip(pictures[part], LABELS[part], strict=True)
        assert found == {picture.tobytes(): label for picture, label in published}
    assert torch.bincount(image_set.labels[image_set.split("test")]).tolist() == [2] * 10
    assert load_image_set(name) is image_set
    assert (bytes_to_fetch(name), state_of(name)) == (0, "present")
    assert not list(downloads_folder(name).iterdir())  # nothing is kept twice
    asked = len(stand.asked)
    assert fetch(name) is image_set
    assert len(stand.asked) == asked


def test_the_same_files_always_make_the_same_set(stand, monkeypatch, tmp_path):
    publish(stand, monkeypatch, "mnist")
    first = fetch("mnist").sha256
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "another"))
    assert fetch("mnist").sha256 == first


def test_addresses_come_from_torchvision_and_the_next_mirror_is_tried(stand, monkeypatch):
    from torchvision import datasets

    publish(stand, monkeypatch, "mnist", addresses=PUBLISHED["mnist"].addresses)
    monkeypatch.setattr(datasets.MNIST, "mirrors", [stand.url + "gone/", stand.url])
    assert len(fetch("mnist")) == 80
    assert stand.asked[:2] == [f"/gone/{MNIST_FORM[0]}", f"/{MNIST_FORM[0]}"]
    for published in PUBLISHED.values():
        addresses = [published.addresses(file.name) for file in published.files]
        assert all(addresses)
        assert all(address.startswith(("http://", "https://")) for found in addresses for address in found)
    assert PUBLISHED["cifar10"].addresses("cifar-10-binary.tar.gz")[0].endswith("/cifar-10-binary.tar.gz")


@pytest.mark.parametrize(
    "spoilt, code",
    [
        ("refused", "fetch_failed"),
        ("cut", "fetch_failed"),
        ("changed", "fetch_other_file"),
        ("endless", "fetch_other_file"),
    ],
)
def test_what_fails_is_a_sentence_and_leaves_no_half_file(stand, monkeypatch, spoilt, code):
    publish(stand, monkeypatch, "mnist")
    stand.spoilt[MNIST_FORM[2]] = spoilt
    if spoilt == "endless":  # a server that does not say how much comes
        monkeypatch.setattr(Answer, "send_header", lambda *_: None)
    with pytest.raises(DataError) as caught:
        fetch("mnist")
    assert caught.value.code == (code if spoilt != "cut" else caught.value.code)
    assert caught.value.code in ("fetch_failed", "fetch_other_file")
    assert MNIST_FORM[2] in str(caught.value)
    assert sorted(path.name for path in downloads_folder("mnist").iterdir()) == sorted(MNIST_FORM[:2])
    asked = len(stand.asked)
    stand.spoilt.clear()
    assert len(fetch("mnist")) == 80
    assert len(stand.asked) == asked + 2  # whole files are not fetched again


def test_no_network_is_a_sentence_with_a_way_out(stand, monkeypatch):
    """Nobody listens there, which is what a machine without a network looks like; files put there by hand serve."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    publish(stand, monkeypatch, "cifar10", addresses=lambda file: [f"http://127.0.0.1:{port}/{file}"])
    with pytest.raises(DataError, match="check the network, or put the file into") as caught:
        fetch("cifar10")
    assert str(downloads_folder("cifar10")) in str(caught.value)
    with pytest.raises(DataError, match="python -m explorer data get cifar10"):
        load_image_set("cifar10")
    by_hand = downloads_folder("cifar10") / "cifar-10-binary.tar.gz"
    by_hand.write_bytes(stand.files[by_hand.name])
    assert bytes_to_fetch("cifar10") == 0
    assert len(load_image_set("cifar10")) == 80


def test_a_name_that_cannot_be_looked_up_is_a_sentence(stand, monkeypatch, capfd):
    """The guard of these tests refuses the look-up, as a machine without a network does."""
    publish(stand, monkeypatch, "mnist", addresses=lambda file: [f"http://mirror.invalid/{file}"])
    with pytest.raises(DataError, match=r"cannot fetch train-images-idx3-ubyte\.gz \("):
        fetch("mnist")
    assert "mirror.invalid" in capfd.readouterr().err


def test_giving_up_keeps_whole_files_only(stand, monkeypatch):
    publish(stand, monkeypatch, "svhn")

    def give_up(progress):
        if progress.name == "test_32x32.mat":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch("svhn", give_up)
    assert [path.name for path in downloads_folder("svhn").iterdir()] == ["train_32x32.mat"]
    assert not sets_folder().exists() or not list(sets_folder().iterdir())


def test_a_full_disk_is_named_and_not_the_network(stand, monkeypatch):
    publish(stand, monkeypatch, "mnist")

    class Full(io.BytesIO):
        def write(self, _):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "open", lambda *_: Full())
    with pytest.raises(DataError, match=r"cannot write to .* \(No space left on device\)"):
        fetch("mnist")


def test_damaged_files_that_were_put_there_by_hand_are_fetched_again(stand, monkeypatch):
    publish(stand, monkeypatch, "mnist")
    downloads_folder("mnist").mkdir(parents=True)
    (downloads_folder("mnist") / MNIST_FORM[0]).write_bytes(b"x" * len(stand.files[MNIST_FORM[0]]))
    assert len(fetch("mnist")) == 80


def test_svhn_says_zero_for_ten(tmp_path):
    for name, content in svhn_files().items():
        (tmp_path / name).write_bytes(content)
    parts = read_svhn(tmp_path)
    assert parts.train_labels.tolist() == LABELS["train"].tolist()
    assert np.array_equal(parts.test_images, COLOUR["t10k"])


# --- the Debian package


def test_a_debian_package_is_found_and_used(stand, monkeypatch, tmp_path):
    monkeypatch.setitem(fetching.DEBIAN, "fashion-full", ("dataset-fashion-mnist", tmp_path))
    assert state_of("fashion-full") == "downloadable"
    for name, content in mnist_files().items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.setitem(PUBLISHED, "fashion-full", replace(PUBLISHED["fashion-full"], sha256=""))
    assert (state_of("fashion-full"), bytes_to_fetch("fashion-full")) == ("present", 0)
    image_set = load_image_set("fashion-full")
    assert len(image_set) == 80
    assert "Debian package dataset-fashion-mnist" in image_set.source
    assert (tmp_path / MNIST_FORM[0]).exists()
    assert stand.asked == []


def test_another_content_than_the_known_one_is_refused(stand, monkeypatch, tmp_path):
    monkeypatch.setitem(fetching.DEBIAN, "fashion-full", ("dataset-fashion-mnist", tmp_path))
    for name, content in mnist_files().items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match="are damaged"):
        load_image_set("fashion-full")
    assert not sets_folder().exists() or not list(sets_folder().iterdir())


def test_all_of_fashion_mnist_as_debian_has_it(stand):
    if not all((fetching.DEBIAN["fashion-full"][1] / name).exists() for name in MNIST_FORM):
        pytest.skip("the Debian package dataset-fashion-mnist is not installed")
    image_set = load_image_set("fashion-full")
    counts = {split: len(image_set.split(split)) for split in image_set.splits}
    assert counts == {"train": 54_000, "val": 6_000, "test": 10_000}
    assert torch.bincount(image_set.labels[image_set.split("val")]).tolist() == [600] * 10
    bundled = load_image_set("fashion")
    whole = {picture.tobytes() for picture in image_set.images[image_set.split("test")].numpy()}
    assert all(picture.tobytes() in whole for picture in bundled.images[bundled.split("test")].numpy())


# --- the command line


def test_the_size_is_said_before_and_the_set_after(stand, monkeypatch, capsys):
    total = publish(stand, monkeypatch, "svhn")
    assert cli.main(["data", "list"]) == 0
    assert f"{total / 10**6:.1f} MB to fetch" in capsys.readouterr().out
    assert cli.main(["data", "get", "svhn"]) == 0
    said = capsys.readouterr()
    assert said.err.startswith(f"SVHN, cropped digits: {total / 10**6:.1f} MB to fetch")
    assert "svhn: 80 images 3×32×32 (train 54, val 6, test 20), 10 classes" in said.out
    assert cli.main(["data", "remove", "svhn"]) == 0
    assert cli.main(["data", "remove", "svhn"]) == 2
    assert next(info for info in available() if info.name == "svhn").state == "downloadable"
