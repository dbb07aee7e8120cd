"""What one code draws, against the decoder itself, and in the sentences that say so."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import torch

from explorer.ui import questions
from explorer.ui.computed import catalog
from explorer.ui.computed.patch import Patch, draws_text, patch_of
from explorer.ui.scene import scene
from explorer.ui.view import LANGUAGES, default_view
from tests.ui.conftest import EMA, FACES_VQ, fashion_view


@pytest.mark.parametrize("run", [EMA, FACES_VQ])
def test_a_code_changes_no_pixel_beyond_its_field_and_reaches_both_ends(run):
    model = catalog.run(run).model
    found = patch_of(catalog.run(run))
    assert (found.cell * found.grid, found.size) == (found.size, model.shape.height)
    z = torch.rand(1, 2, found.grid, found.grid, generator=torch.Generator().manual_seed(1), requires_grad=True)
    middle = found.size // 2
    model.decoder(z)[0, :, middle, middle].sum().backward()
    assert z.grad is not None
    heard = z.grad[0].abs().sum(0).nonzero()
    # the pixel hears so many codes in a row: each of them reaches it, and the next ones do not
    cells = int(heard[:, 0].max() - heard[:, 0].min()) + 1
    assert cells in (found.field // found.cell, -(-found.field // found.cell))


def test_a_field_is_no_larger_than_its_picture():
    assert patch_of(catalog.run(FACES_VQ)) == Patch(cell=4, field=26, size=32, grid=8)
    assert patch_of(catalog.run(EMA)) == Patch(cell=4, field=26, size=28, grid=7)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sentence_stands_wherever_one_code_is_shown(lang):
    said = draws_text(catalog.run(EMA), lang)
    assert [int(number) for number in re.findall(r"\d+ × (\d+)", said)] == (
        [4, 28, 7, 26] if lang == "en" else [28, 4, 7, 26]
    )
    assert questions.answer("patches", {"run": EMA, "code": 3, "lang": lang})["draws"] == said
    shown = scene(fashion_view(tab="latent", lang=lang))
    assert shown.workbench is not None
    assert shown.workbench.draws == said
    start = scene(replace(default_view("faces"), tab="start", lang=lang)).start
    assert start is not None
    said = start.screens[1].say  # 26² of 32² pixels; a face's own squares are 2 × 2 pixels, so none are counted here
    assert "8 × 8" in said
    assert re.findall(r"(\d+) (?:squares|块)", said) == ["64"]
    assert re.findall(r"(\d+) %", said) == ["66"]
