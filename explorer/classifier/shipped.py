"""Classifiers on disk: save, load, verify. No pickle is written or read.

A classifier is a folder `checkpoints/classifiers/NAME/`, where NAME is the image set's:

| file | holds |
|---|---|
| `classifier.json` | settings, classes, accuracy with n, SHA-256 of the image set, of the weights and of itself |
| `model.safetensors` | weights |
| `README.md` | the model card, for people; not verified |
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

from explorer.classifier.fit import Fit, judged, measure
from explorer.classifier.network import Network
from explorer.data import ImageSet, image_set_names, load_image_set
from explorer.data.factors import HIDDEN
from explorer.errors import ConfigError, RunError
from explorer.files.checksums import json_bytes, sealed, sha256
from explorer.files.shipped import shipped_folder
from explorer.metrics.calibration import calibration
from explorer.models import ImageShape

SHIPPED = shipped_folder() / "classifiers"
FORMAT = 1
AT_ONCE = 500


@dataclass(frozen=True, eq=False)
class Classifier:
    """A small classifier of one image set, in eval mode; shared by every reader, so never train it.

    Attributes:
        data: name of the image set.
        class_names: in label order.
        accuracy: share of the test split that it gets right.
        n: images in the test split.
        sha256: of its weights.
        info: all of `classifier.json`.
        factors: names of each factor's values, by the factor; none for a set without.
    """

    data: str
    class_names: tuple[str, ...]
    accuracy: float
    n: int
    sha256: str
    network: Network = field(repr=False)
    info: dict[str, Any] = field(repr=False)
    factors: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    @torch.no_grad()
    def features(self, images: Tensor) -> Tensor:
        """The last layer's inputs, (N, F) float32, at least 0.

        Args:
            images: (N, C, H, W) float; what lies outside of [0, 1], as decoded images may, is clipped.

        Raises:
            ConfigError: `batch_shape`.
        """
        shape = self.network.shape
        expected = (shape.channels, shape.height, shape.width)
        if tuple(images.shape[1:]) != expected:
            raise ConfigError("batch_shape", got=tuple(images.shape), expected=("N", *expected))
        parts = [part.clamp(0, 1).contiguous(memory_format=torch.channels_last) for part in images.split(AT_ONCE)]
        return torch.cat([self.network.features(part) for part in parts])

    @torch.no_grad()
    def probabilities_of(self, features: Tensor) -> Tensor:
        """Class probabilities, (N, classes), of features (N, F)."""
        return self.network.head(features).softmax(1)

    def probabilities(self, images: Tensor) -> Tensor:
        """Class probabilities, (N, classes), of images as `features` takes them."""
        return self.probabilities_of(self.features(images))

    @torch.no_grad()
    def factor_probabilities(self, images: Tensor) -> dict[str, Tensor]:
        """Probabilities of each factor's values, (N, values), of images as `features` takes them."""
        parts = [part.clamp(0, 1).contiguous(memory_format=torch.channels_last) for part in images.split(AT_ONCE)]
        logits = [torch.cat(each) for each in zip(*(self.network.all_logits(part) for part in parts), strict=True)]
        return {name: each.softmax(1) for name, each in zip(self.factors, logits[1:], strict=True)}


def has_classifier(data: str) -> bool:
    """Whether an image set should have one: only the bundled sets do."""
    return data in image_set_names()


def load_classifier(data: str, root: Path = SHIPPED) -> Classifier:
    """The classifier of an image set, verified, read once per process.

    Raises:
        DataError: there is no such image set.
        RunError: `classifier_none`, `classifier_missing`, `classifier_damaged` or `classifier_other_images`.
    """
    image_set = load_image_set(data)
    if not has_classifier(data):
        raise RunError("classifier_none", name=data)
    return _load(root / image_set.name, image_set.sha256)


@lru_cache(maxsize=8)
def _load(folder: Path, data_sha256: str) -> Classifier:
    path = folder / "classifier.json"
    info = _read_info(path)
    if info["data_sha256"] != data_sha256:
        raise RunError("classifier_other_images", folder=folder, name=info["data"])
    try:
        factors = {name: tuple(names) for name, names in info.get("factors", [])}
        sizes = [len(names) for names in factors.values()]
        network = Network(
            ImageShape(**info["shape"]), len(info["class_names"]), 0, sizes, info["config"].get("cell", 1)
        )
        network.load_state_dict(load_tensors(_read(folder / "model.safetensors", info["weights_sha256"])))
    except (RuntimeError, SafetensorError) as error:
        raise RunError("classifier_damaged", path=folder / "model.safetensors") from error
    network.requires_grad_(False).eval().to(memory_format=torch.channels_last)
    return Classifier(
        data=info["data"],
        class_names=tuple(info["class_names"]),
        accuracy=info["test"]["accuracy"],
        n=info["test"]["n"],
        sha256=info["weights_sha256"],
        network=network,
        info=info,
        factors=factors,
    )


def _read_info(path: Path) -> dict[str, Any]:
    content = _read(path)
    try:
        info = json.loads(content)
        whole = info["format"] == FORMAT and sealed(info) == info
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RunError("classifier_damaged", path=path) from error
    if not whole:
        raise RunError("classifier_damaged", path=path)
    return dict(info)


def _read(path: Path, expected: str | None = None) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RunError("classifier_missing", path=path) from error
    if expected is not None and sha256(content) != expected:
        raise RunError("classifier_damaged", path=path)
    return content


def save_classifier(folder: Path, fit: Fit) -> dict[str, Any]:
    """Write the best epoch of a finished fit, and measure it on the test split; returns `classifier.json`."""
    fit.network.load_state_dict(fit.best_weights)
    image_set, shape = fit.image_set, fit.network.shape
    weights = save_tensors({name: tensor.contiguous() for name, tensor in fit.best_weights.items()})
    values = {
        "format": FORMAT,
        "data": image_set.name,
        "data_sha256": image_set.sha256,
        "class_names": list(image_set.class_names),
        "shape": {"channels": shape.channels, "height": shape.height, "width": shape.width},
        "config": fit.config.to_dict(),
        "epochs": fit.last.epoch,
        "best_epoch": fit.last.best,
        "threads": torch.get_num_threads(),
        "parameters": sum(p.numel() for p in fit.network.parameters()),
        "weights_sha256": sha256(weights),
        **{split: _figures(fit, split) for split in ("val", "test")},
    }
    if image_set.factors:
        # in the order of their heads, which a JSON object with sorted keys would lose
        values["factors"] = [[name, list(factor.names)] for name, factor in image_set.factors.items()]
        values["factor_test"] = _factor_figures(fit)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.safetensors").write_bytes(weights)
    (folder / "README.md").write_text(_card(values, image_set), encoding="utf-8")
    (folder / "classifier.json").write_bytes(json_bytes(sealed(values)))
    return values


def _figures(fit: Fit, split: str) -> dict[str, Any]:
    loss, accuracy = measure(fit.network, fit.image_set, split)
    return {"n": len(fit.image_set.split(split)), "accuracy": accuracy, "cross_entropy_nats": loss}


def _factor_figures(fit: Fit) -> dict[str, dict[str, float]]:
    """Of each factor on the test images that show it: accuracy, confidence against it, and what guessing gives."""
    image_set = fit.image_set
    ids = image_set.split("test")
    figures = {}
    logits = judged(fit.network, image_set, "test")[1:]
    for (name, factor), each in zip(image_set.factors.items(), logits, strict=True):
        values = factor.values[ids]
        seen = values != HIDDEN
        right = calibration(each.softmax(1)[seen], values[seen])
        commonest = torch.bincount(factor.values[image_set.split("train")].clamp(min=0)).argmax()
        guessing = float((values[seen] == commonest).double().mean())
        figures[name] = {"n": int(seen.sum()), "guessing": guessing} | asdict(right)
    return figures


def _card(values: dict[str, Any], image_set: ImageSet) -> str:
    lines = [
        "---",
        "license: mit",
        "library_name: pytorch",
        "pipeline_tag: image-classification",
        "---",
        f"# Small classifier of {values['data']}",
        "",
        f"Five convolutions, {values['parameters']:,} numbers, {len(values['class_names'])} classes. It serves as an",
        "eye: its features and its opinion say how far pictures lie apart. It is no benchmark entry.",
        "",
        "| split | n | accuracy | cross-entropy |",
        "|---|---|---|---|",
        *[_row(split, values[split]) for split in ("val", "test")],
        "",
        *_factor_rows(values),
        f"Trained on {len(image_set.split('train'))} images{_augmented(values)} (seed"
        f" {values['config']['seed']}). Epoch {values['best_epoch']} of {values['epochs']} was kept, which has the",
        "lowest cross-entropy on val; the test images were measured once, afterwards.",
        "",
        f"{image_set.source}. Licence: {image_set.licence}. SHA-256 of the decoded set: `{values['data_sha256']}`.",
    ]
    return "\n".join(lines) + "\n"


def _augmented(values: dict[str, Any]) -> str:
    return " with small shifts and mirror images" if values["config"]["augment"] else " as they are"


def _factor_rows(values: dict[str, Any]) -> list[str]:
    """The table of factors, nothing for a set without."""
    if "factors" not in values:
        return []
    measured = [(name, len(names), values["factor_test"][name]) for name, names in values["factors"]]
    rows = [
        f"| {name} | {names} | {row['n']} | {row['guessing']:.1%} | {row['accuracy']:.2%}"
        f" | {row['confidence']:.2%} | {row['error']:.2%} | {row['doubtful']:.2%} |"
        for name, names, row in measured
    ]
    return [
        "The figures above are means over class and factors. Of each factor, on the test images that show it:",
        "",
        "| factor | values | n | guessing | accuracy | mean confidence | calibration error | doubtful |",
        "|---|---|---|---|---|---|---|---|",
        *rows,
        "",
        "Guessing always names the commonest value. Calibration error: mean distance of confidence and accuracy over",
        "ten bins of confidence (Guo et al. 2017, eq. 3). Doubtful: no value is likelier than .8.",
        "",
    ]


def _row(split: str, figures: dict[str, Any]) -> str:
    accuracy, loss = figures["accuracy"], figures["cross_entropy_nats"]
    return f"| {split} | {figures['n']} | {accuracy:.1%} | {loss:.3f} nats |"
