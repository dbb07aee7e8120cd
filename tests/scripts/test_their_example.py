"""Somebody else's script is recorded without a word of it being changed."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from explorer.runs.recorded import load_record
from scripts import their_example

SCRIPT = """
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms
from vector_quantize_pytorch import VectorQuantize

transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
loader = DataLoader(datasets.FashionMNIST(root="x", train=True, download=True, transform=transform), batch_size=8)
encoder, quantizer = nn.Conv2d(1, 4, 4, 4), VectorQuantize(dim=4, codebook_size=16, accept_image_fmap=True)
for pictures, _ in loader:
    assert -1 <= pictures.min() < pictures.max() <= 1
    quantizer(encoder(pictures))
"""


def test_it_is_recorded_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("torchvision", "torchvision.datasets", "torchvision.transforms"):
        monkeypatch.setitem(sys.modules, name, sys.modules.get(name))
    images = np.random.default_rng(0).integers(0, 256, (24, 1, 28, 28), dtype=np.uint8)
    labels = np.zeros(24, np.int64)
    np.savez(tmp_path / "images.npz", train_images=images, train_labels=labels)
    monkeypatch.setattr(their_example.FashionMNIST, "file", tmp_path / "images.npz")
    (tmp_path / "theirs.py").write_text(SCRIPT)
    their_example.run(tmp_path / "theirs.py", tmp_path / "mine")
    record = load_record(tmp_path / "mine")
    assert (record.num_embeddings, record.embedding_dim) == (16, 4)
    assert [frame.step for frame in record.frames] == [0, 1, 2]
    assert sum(int(frame.hits.sum()) for frame in record.frames) == 24 * 49
