"""The tab Collapse opens on the images that are on the screen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from explorer.data import examples
from explorer.ui import questions
from explorer.ui.computed import catalog
from explorer.ui.computed.example_run import IMAGES, example_run
from explorer.ui.scene import scene
from explorer.ui.view import LANGUAGES, default_view
from tests.ui.conftest import EMOJI_VQ, FACES_VQ


@pytest.mark.parametrize("data, run", [("faces", FACES_VQ), ("emoji", EMOJI_VQ), ("fashion", None)])
def test_a_set_that_no_file_is_of_has_a_run_for_an_example(data, run):
    found = example_run(data)
    assert (None if found is None else found.id) == run


@pytest.mark.parametrize("lang", LANGUAGES)
def test_its_report_is_of_its_codebook_and_codes(lang):
    answer = questions.answer("collapse_example", {"example": "run", "data": "faces", "lang": lang})
    config = catalog.run(FACES_VQ).config
    assert answer["file"] == FACES_VQ
    numbers = {value for _, value, _ in answer["numbers"]}
    assert f"{config.num_embeddings} × {config.embedding_dim}" in numbers
    assert f"{IMAGES * 64:,}" in numbers, "each image is 8 × 8 codes"


def test_the_files_stand_in_where_there_is_none():
    answer = questions.answer("collapse_example", {"example": "run", "data": "fashion"})
    assert answer["file"] == examples.NAMES["gradient"].file


@pytest.mark.parametrize("data, named", [("faces", "Faces, EMA, D = 2: codebook and indices"), ("fashion", "")])
def test_the_tab_names_it(data, named):
    tab = scene(replace(default_view(data), tab="collapse")).collapse
    assert tab is not None
    assert tab.run == named
