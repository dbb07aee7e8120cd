"""The study's remedies on the page: the order that what they did gives them, and the lines that make each of them."""

from __future__ import annotations

import shlex
from dataclasses import fields, replace

from explorer import cli
from explorer.collapse.snippets import SNIPPETS
from explorer.studies.plan import codebook_cells
from explorer.studies.remedies import REMEDIES
from explorer.training.config import RunConfig
from explorer.ui.collapse.studied import remedy_rows


def test_what_brought_most_codes_back_comes_first():
    rows = remedy_rows("zh")
    assert [row["remedy"] for row in rows[:4]] == ["restart", "expire", "anchors", "replace"]
    assert "0 (0–0)" in rows[0]["dead"]
    assert {row["remedy"] for row in rows} == {remedy.name for remedy in REMEDIES} == set(SNIPPETS)


def test_each_has_its_lines_for_the_reader_s_sizes():
    for row in remedy_rows("en", 1000, 7):
        assert set(row["code"]) <= {"package", "torch", "vector_quantize_pytorch", "flags"}
        assert "$" not in "".join(row["code"].values())
    first = remedy_rows("en", 1000, 7)[0]["code"]
    assert 'VectorQuantizer(1000, 7, update="ema", dead_codes="restart")' in first["package"]


def test_the_line_of_a_study_trains_its_cell():
    cells = {cell.id: cell for cell in codebook_cells()}
    commands = {row["remedy"]: row["code"]["flags"] for row in remedy_rows("en")}
    for remedy in REMEDIES:
        words = shlex.split(commands[remedy.name])
        assert words[:3] == ["python", "-m", "explorer"]
        args = vars(cli.parser("train").parse_args(words[3:]))
        config = RunConfig(**{field.name: args[field.name] for field in fields(RunConfig)})
        wanted = cells[remedy.cell].config(0)
        assert replace(config, trace=wanted.trace, kept_weights=wanted.kept_weights) == wanted


def test_a_remedy_says_its_flags_and_what_its_twin_had():
    rows = {row["remedy"]: row for row in remedy_rows("en")}
    assert rows["kmeans"]["flags"] == "--codebook-init kmeans"
    assert rows["simvq"]["flags"] == "--quantizer simvq"
    assert rows["fsq"]["flags"] == "--quantizer fsq"
    assert rows["fsq"]["without"] == "without: gradient, from uniform, D = 3"
    assert rows["anchors-closest"]["without"] == "without: gradient, from uniform, --distance cosine"
    assert rows["restart"]["without"] == "without: EMA hold, from normal"
    assert rows["simvq"]["without"] == "without: gradient, from linear"
    assert rows["simvq-wide"]["without"] == "without: gradient, from normal"
