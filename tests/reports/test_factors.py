"""What a run's report says of known features: keeping, half-way pictures, units, and exchanged features."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from explorer.classifier import load_classifier
from explorer.data import Factor, load_image_set
from explorer.data.factors import HIDDEN
from explorer.errors import DataError
from explorer.latent import EncodedSet
from explorer.metrics.doubt import neither
from explorer.reports.factors import factors_report
from explorer.reports.factors.apart import features_apart
from explorer.reports.factors.between import doubts_between
from explorer.reports.factors.keeping import kept_features
from explorer.reports.factors.swap import copied, features_swapped, related
from explorer.reports.factors.units import Units, units_of
from tests.tiny import tiny_set

FEW = 300


@pytest.fixture(scope="module")
def faces():
    """The set with a test split of 300 faces."""
    whole = load_image_set("faces")
    return dataclasses.replace(whole, splits={**whole.splits, "test": whole.split("test")[:FEW]})


@pytest.fixture(autouse=True)
def less(monkeypatch):
    """Fewer pictures for trees and exchanges: what is told apart here is told apart by a few."""
    monkeypatch.setattr("explorer.reports.factors.swap.PAIRS", 60)
    monkeypatch.setattr("explorer.reports.factors.apart.GROWN_ON", 500)


class Copy:
    """A model whose latent is the picture and whose decoder gives it back."""

    spatial = False
    device = torch.device("cpu")

    @property
    def shape(self):
        return load_image_set("faces").images.shape[1:]

    def encode(self, x):
        from explorer.models import PointLatent

        return PointLatent(x)

    def decode(self, z):
        return z


def copying(faces):
    """That model as a run, and all pictures encoded by it, blank where a test does not look."""
    pictures = torch.zeros(len(faces), *faces.images.shape[1:])
    pictures[faces.split("test")] = faces.batch(faces.split("test"))
    return stand_in(), EncodedSet(mean=pictures)


def stand_in(model: Any = None) -> Any:
    """As much of a run, or of a model, as is looked at."""
    return SimpleNamespace(model=model or Copy())


def test_a_model_that_gives_its_input_back_keeps_every_feature(faces):
    run, encoded = copying(faces)
    rows = kept_features(run, faces, load_classifier("faces"), encoded)
    assert rows["kept"] == rows["original"]
    assert min(kept - chance for kept, chance in zip(rows["kept"], rows["chance"], strict=True)) > 0.1
    hair = list(faces.factors).index("hair")
    assert rows["n"][hair] == int(faces.factors["hair"].seen[faces.split("test")].sum()) < FEW


def test_a_model_that_draws_one_face_keeps_nothing(faces):
    run, encoded = copying(faces)
    encoded.mean[:] = encoded.mean[faces.split("test")[0]].clone()
    rows = kept_features(run, faces, load_classifier("faces"), encoded)
    skin = list(faces.factors).index("skin")
    assert rows["kept"][skin] < 0.3 < rows["original"][skin]


def test_its_row_between_two_is_the_cross_fade_and_its_ends_are_originals(faces):
    run, _ = copying(faces)
    found = doubts_between(run, faces, load_classifier("faces"))
    assert found["row"] == found["fade"]
    assert found["rebuilt"] == found["original"]
    assert found["sigma_px"] == pytest.approx(0, abs=0.02)
    glasses = list(faces.factors).index("glasses")
    assert found["fade"][glasses] > found["original"][glasses]
    assert 0 < found["n"][glasses] < found["pairs"] == FEW // 2


def test_neither_is_between_two_and_eight_tenths():
    p = torch.tensor([0.19, 0.2, 0.5, 0.8, 0.81], dtype=torch.float64)
    assert neither(torch.stack([p, 1 - p], 1)).tolist() == [False, True, True, True, False]


def test_units_that_know_one_feature_each(faces):
    """Three numbers of which the first is glasses, the second hat with noise, the third nothing."""
    generator = torch.Generator().manual_seed(1)
    known = {name: faces.factors[name] for name in ("glasses", "hat")}
    some = dataclasses.replace(faces, factors=known)
    noise = torch.rand(len(faces), 3, generator=generator)
    numbers = 0.3 * noise + torch.stack([known["glasses"].values, known["hat"].values, torch.zeros(len(faces))], 1)
    units = units_of(stand_in(), EncodedSet(mean=numbers))
    assert units is not None
    found = features_apart(units, some, trees=10)
    assert found["grid"] is None
    assert [row.index(max(row)) for row in found["bits"]] == [0, 1]
    assert found["above_chance"][0][2] == found["above_chance"][1][2] == 0
    assert min(found["mig"]) > 0.5
    assert found["dci"]["disentanglement"] > 0.95
    assert [row[0][:2] for row in found["best"]] == [[1, [0]], [1, [1]]]
    assert min(row[0][2] for row in found["best"]) == 1 > max(found["guessing"])


def test_a_grid_has_cells_no_gap_and_long_vectors_are_shortened(faces):
    generator = torch.Generator().manual_seed(2)
    grid = units_of(stand_in(), EncodedSet(mean=torch.randn(50, 2, 3, 3, generator=generator)))
    assert grid is not None
    assert (grid.grid, grid.symbols.shape, grid.numbers.shape) == ((3, 3), (50, 9), (50, 9, 2))
    assert int(grid.symbols.max()) < 256
    deep = units_of(stand_in(), EncodedSet(mean=torch.randn(50, 6, 3, 3, generator=generator)))
    assert deep is not None
    assert (deep.components, deep.numbers.shape) == (True, (50, 9, 4))
    hats = dataclasses.replace(faces, factors={"hat": faces.factors["hat"]})
    cells = Units(
        torch.zeros(len(faces), 2, dtype=torch.int64), torch.zeros(len(faces), 2, 1), (1, 2), components=False
    )
    cells.symbols[:, 1] = faces.factors["hat"].values
    cells.numbers[:, 1, 0] = faces.factors["hat"].values
    found = features_apart(cells, hats, trees=5)
    assert found["mig"] is None
    assert found["bits"][0][1] == pytest.approx(found["entropy_bits"][0], abs=0.01)


def test_what_is_copied_with_a_feature():
    assert copied([0.1, 0.9, 0.3, 0.0], grid=True) == [1, 2]
    assert copied([0.1, 0.9, 0.3, 0.0], grid=False) == [1]
    assert copied([-0.1, 0.0], grid=True) == [1]
    assert related("glasses", "glasses colour")
    assert related("mouth", "mood")
    assert not related("hair", "hat")


def test_exchanging_the_whole_latent_exchanges_every_feature(faces):
    """Pictures as latents of one cell: the other image comes whole."""
    known = dataclasses.replace(faces, factors={name: faces.factors[name] for name in ("glasses", "hat")})
    images = torch.zeros(len(faces), 3 * 32 * 32)
    images[faces.split("test")] = faces.batch(faces.split("test")).flatten(1)

    class Whole(Copy):
        def decode(self, z):
            return z.flatten(1).view(-1, *self.shape)

    everything = {"bits": [[1.0], [1.0]], "grid": [1, 1]}
    run = stand_in(Whole())
    found = features_swapped(
        run, known, load_classifier("faces"), EncodedSet(mean=images[:, :, None, None]), everything
    )
    assert min(found["became"]) > 0.98
    assert found["other_features"] == [1, 1]
    assert min(found["others"]) > 0.2  # the other's hat comes along
    nothing = EncodedSet(mean=images[faces.split("test")[0]].repeat(len(faces), 1)[:, :, None, None])
    assert max(features_swapped(run, known, load_classifier("faces"), nothing, everything)["others"]) == 0


def test_a_set_without_features_is_refused_in_a_sentence():
    with pytest.raises(DataError, match=r"factors\.csv"):
        factors_report(stand_in(), tiny_set(), None)


def test_without_a_judge_units_are_measured_alone():
    tiny = tiny_set()
    values = tiny.labels.clone()
    values[:5] = HIDDEN
    known = dataclasses.replace(tiny, factors={"size": Factor(values, tiny.class_names)})

    class Labels(Copy):
        def encode(self, x):
            from explorer.models import PointLatent

            return PointLatent(x.mean((1, 2, 3))[:, None])

    section = factors_report(stand_in(Labels()), known, None)
    assert set(section) == {"names", "apart"}
    assert section["apart"]["bits"][0][0] > 0.5
