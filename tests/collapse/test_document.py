"""A report as one file: whole, without an address, with nothing of its own read as markup."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from explorer import cli
from explorer.collapse.document import Document, Item, Section, to_html, to_markdown
from explorer.collapse.sketch import WORDS, Sketch, series, sketch_svg
from explorer.collapse.snippets import snippets
from explorer.data import examples
from explorer.ui import questions

NASTY = "<script>alert(1)</script> & `x` | *y*"


def document() -> Document:
    items = (Item(NASTY, (NASTY,), code='a = "<b>"'),)
    sections = (Section(NASTY, items), Section("empty", ()))
    return Document("en", NASTY, (NASTY,), ("collapse", NASTY, NASTY), ((NASTY, NASTY),), sections)


def test_names_and_sentences_are_text_in_every_format():
    page = to_html(document())
    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(1)") == 10
    assert "empty" not in page
    assert "&lt;b&gt;" in page
    lines = to_markdown(document())
    assert "<script" not in lines.replace("\\<", "")
    assert "\\| \\*y\\*" in lines
    assert '  a = "<b>"' in lines, "code stays as it is"


def test_a_sketch_is_well_formed_and_leaves_out_what_cannot_be_drawn():
    drawn = Sketch("step", "hits", (series("used", [1, 2, 3], [1, 10, 0]), series("dead", [1, 2], [float("nan"), 5])))
    svg = sketch_svg(drawn, WORDS, 'a "label"')
    root = ElementTree.fromstring(svg)
    assert root.attrib["aria-label"] == 'a "label"'
    lines = [node.attrib["points"].split() for node in root.iter("polyline")]
    assert [len(points) for points in lines] == [3, 1]
    logarithmic = sketch_svg(Sketch("step", "hits", drawn.series, log_y=True), WORDS, "x")
    assert [len(node.attrib["points"].split()) for node in ElementTree.fromstring(logarithmic).iter("polyline")] == [
        2,
        1,
    ]
    bars = sketch_svg(Sketch("step", "hits", (series("used", [0, 1], [1, 2], "bars"),)), WORDS, "x")
    heights = [float(node.attrib["height"]) for node in ElementTree.fromstring(bars).iter("rect")]
    assert heights[1] == pytest.approx(2 * heights[0])
    assert sketch_svg(Sketch("step", "hits", ()), WORDS, "x") == ""


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", examples.NAMES)
def test_the_page_s_reports_are_whole(name: str, lang: str):
    made = questions.answer("collapse_example", {"example": name, "lang": lang})
    page, lines, values = (made["files"][kind] for kind in ("html", "md", "json"))
    assert not re.search(r"(src|href)=|url\(|@import|https?://", page)
    assert page.startswith(f'<!doctype html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}"')
    assert page.count("<svg") == sum(map(bool, made["charts"].values())) + len(made["findings"])
    assert made["verdict"][1] in lines
    assert all(f"- {sentence[:20]}" in lines for sentence in made["cannot_tell"])
    assert json.loads(values)["verdict"] == made["verdict"][0]
    for key, *_ in made["tries"]:
        if key in ("restart", "rotation", "kmeans"):
            assert snippets(key, *made["size"])["package"].splitlines()[2] in lines


def test_the_command_writes_each_format_and_refuses_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    np.save(tmp_path / "ids.npy", np.arange(900) % 30)
    words = ["report", str(tmp_path / "ids.npy"), "--num-embeddings", "64", "--out"]
    for ending, begins in ((".html", "<!doctype html>"), (".md", "# Report of ids.npy"), (".json", "{")):
        assert cli.main([*words, str(tmp_path / f"r{ending}")]) == 3
        assert (tmp_path / f"r{ending}").read_text().startswith(begins)
    assert "34 of 64 codes" in (tmp_path / "r.html").read_text()
    capsys.readouterr()
    for name in ("r.pdf", "nowhere/r.md"):
        assert cli.main([*words, str(tmp_path / name)]) == 2
        assert capsys.readouterr().err.count("\n") == 1
