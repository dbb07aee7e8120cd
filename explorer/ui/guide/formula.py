"""Formulas as MathML trees, written in a line: `formula("z = μ + σ · ε")`.

Browsers draw MathML by themselves, so nothing has to be fetched. Tokens stand between spaces: a letter or a word is an
identifier, digits are a number, anything else an operator; `z_e` is a subscript, `σ^2` a power, `m_k/N_k` a fraction.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

#: Symbols that have a colour, the same in formulas, in the opened update's code and, where they are drawn, in figures.
SYMBOLS = {
    **dict.fromkeys(("x", "x̂"), "x"),
    **dict.fromkeys(("z", "μ", "σ", "KL"), "z"),
    "ε": "eps",
    "z_e": "ze",
    **dict.fromkeys(("e", "e_k", "∂e_k", "Δe_k", "z_q", "e_1", "e_j", "e_P", "e_L"), "e"),
    **dict.fromkeys(("n_k", "N_k"), "n"),
    "m_k": "m",
}


@dataclass(frozen=True)
class Node:
    """An element of MathML.

    Attributes:
        tag: its name.
        children: elements, or one text.
        symbol: which colour it has, a value of `SYMBOLS`; "" for the text's own.
    """

    tag: str
    children: tuple[Node | str, ...]
    symbol: str = ""


def formula(line: str, latent: str = "z") -> Node:
    """The tree of a formula, see above; `latent` is the colour of z, "ae" where it is an autoencoder's."""
    colours = SYMBOLS | {"z": latent}
    return Node("math", tuple(_token(token, colours) for token in line.split()))


def markup(node: Node | str) -> str:
    """HTML of a tree, for a page without scripts."""
    if isinstance(node, str):
        return escape(node)
    symbol = f' class="ex-sym-{node.symbol}"' if node.symbol else ""
    own = {"math": ' display="block"', "mo": ' stretchy="false"'}.get(node.tag, "")
    return f"<{node.tag}{symbol}{own}>{''.join(map(markup, node.children))}</{node.tag}>"


def _token(token: str, colours: dict[str, str]) -> Node:
    """Inside a symbol of its own colour nothing has another."""
    symbol = colours.get(token, "")
    inner = {} if symbol else colours
    for mark, tag in (("/", "mfrac"), ("_", "msub"), ("^", "msup")):
        if mark in token[1:-1]:
            base, _, other = token.partition(mark)
            return Node(tag, tuple(_token(part, inner) for part in (base, other)), symbol)
    if token.isdigit():
        return Node("mn", (token,))
    return Node("mi" if token[0].isalpha() else "mo", (token,), symbol)
