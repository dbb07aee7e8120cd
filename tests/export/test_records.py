"""Somebody's own record in an exploration: named in the tab Collapse, with its diagnosis."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace

import torch

from explorer.export.asked import ASKED
from explorer.export.folder import contents
from explorer.export.selection import about_records, chosen
from explorer.recorder import Recorder
from explorer.ui.computed import records


def test_a_record_is_part_of_the_exploration(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "_FOLDERS", {})
    with Recorder(tmp_path / "mine", 16) as recorder:
        recorder.log(0, z_e=torch.randn(300, 4), indices=torch.arange(300) % 12, codebook=torch.zeros(16, 4))
    about_records([tmp_path / "mine"])
    (of_set,) = chosen(images=1, guide=False)
    little = replace(of_set, pairs=of_set.pairs[:1], images=of_set.images[:1])
    files = contents([little], tabs=("collapse",), asked={"collapse_record": ASKED["collapse_record"]})
    (answers,) = (json.loads(gzip.decompress(body)) for name, body in files.items() if "/collapse_record/" in name)
    assert answers["first"]["file"] == "mine"
    (scene,) = (json.loads(gzip.decompress(body)) for name, body in files.items() if "collapse.en.json" in name)
    assert scene["collapse"]["records"] == ["mine"]
