"""Formulas as trees, and as markup."""

from __future__ import annotations

from typing import Any

from explorer.ui.guide import STEPS
from explorer.ui.guide.formula import SYMBOLS, Node, formula, markup


def test_tokens_become_elements():
    tree: Any = formula("z_e = m_k/N_k + σ^2 · 7")
    assert [child.tag for child in tree.children] == ["msub", "mo", "mfrac", "mo", "msup", "mo", "mn"]
    assert tree.children[0] == Node("msub", (Node("mi", ("z",)), Node("mi", ("e",))), "ze")  # one colour
    assert [child.symbol for child in tree.children[2].children] == ["m", "n"]


def test_markup_escapes_what_is_not_markup():
    assert markup(formula("a < b")) == '<math display="block"><mi>a</mi><mo stretchy="false">&lt;</mo><mi>b</mi></math>'


def test_a_symbol_has_one_colour_wherever_it_stands():
    assert SYMBOLS["x"] == SYMBOLS["x̂"]
    assert len(set(SYMBOLS.values())) == 7
    used = {token for step in STEPS for tree in step.formulas for token in symbols(tree)}
    assert used == {*SYMBOLS.values(), "ae"}


def symbols(node):
    if isinstance(node, str):
        return set()
    return {node.symbol, *(symbol for child in node.children for symbol in symbols(child))} - {""}
