"""Colours pass WCAG AA on every ground that they stand on, light and dark: from the style sheet and the theme."""

from __future__ import annotations

import re

import pytest

from explorer.plots.theme import INKS, SERIES, SERIES_DARK
from explorer.ui.guide.formula import SYMBOLS
from explorer.ui.http.routes import ASSETS
from explorer.ui.page.server import theme

TEXT, MARK = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11
SCHEMES = ("light", "dark")
KINDS = ("vae", "vqvae", "ae")
RULES = ("gradient", "ema")
TINT = 0.12  # of a kind's colour, under chips and pressed tools


def channels(colour):
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def luminance(colour):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(colour)]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def mixed(colour, ground, share):
    pairs = zip(channels(colour), channels(ground), strict=True)
    return "#" + "".join(f"{round(255 * (share * a + (1 - share) * b)):02x}" for a, b in pairs)


def variables(scheme):
    """`--ex-NAME` of the style sheet; dark ones over light ones."""
    sheet = (ASSETS / "page" / "explorer.css").read_text()
    blocks = [
        re.search(rf"^{re.escape(head)} {{(.*?)^}}", sheet, re.MULTILINE | re.DOTALL) for head in (":root", ".dark")
    ]
    found: dict[str, str] = {}
    for block in blocks[: 1 + SCHEMES.index(scheme)]:
        assert block is not None
        found |= dict(re.findall(r"--ex-([\w-]+): (#[0-9a-f]{6});", block[1]))
    return found


def token(name, scheme):
    """A variable of Gradio's theme as a colour."""
    look = theme()
    value = getattr(look, f"{name}_dark" if scheme == "dark" else name, None) or getattr(look, name)
    while value.startswith("*"):
        value = getattr(look, value[1:] + ("_dark" if scheme == "dark" else ""), None) or getattr(look, value[1:])
    return "#ffffff" if value == "white" else value


def grounds(scheme):
    return [
        token(name, scheme) for name in ("background_fill_primary", "background_fill_secondary", "body_background_fill")
    ]


def test_the_measure_is_the_standards():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # WCAG's own example of just too little


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", ["body_text_color", "body_text_color_subdued"])
def test_letters(scheme, name):
    colour, found = token(name, scheme), variables(scheme)
    tinted = [mixed(found[kind], token("background_fill_primary", scheme), TINT) for kind in KINDS]
    assert {
        ground: contrast(colour, ground) for ground in (*grounds(scheme), *tinted) if contrast(colour, ground) < TEXT
    } == {}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("kind", [*KINDS, *RULES])
def test_a_kinds_letters_and_marks(scheme, kind):
    found = variables(scheme)
    plain, ink = found[kind], found[f"{kind}-ink"]
    tinted = mixed(plain, token("background_fill_primary", scheme), TINT)
    assert min(contrast(ink, ground) for ground in (*grounds(scheme), found["plane"], tinted)) >= TEXT
    assert min(contrast(plain, ground) for ground in (*grounds(scheme), found["plane"])) >= MARK


@pytest.mark.parametrize("scheme", SCHEMES)
def test_symbols_can_be_read_where_formulas_and_code_stand(scheme):
    found = variables(scheme)
    symbols = {*SYMBOLS.values(), "ae"}
    assert {name for name in found if name.startswith("sym-")} == {f"sym-{symbol}" for symbol in symbols}
    on = (*grounds(scheme), found["plane"])
    worst = {s: min(contrast(found[f"sym-{s}"], ground) for ground in on) for s in symbols}
    assert {symbol: value for symbol, value in worst.items() if value < TEXT} == {}
    assert (found["sym-z"], found["sym-e"], found["sym-ae"]) == tuple(found[f"{kind}-ink"] for kind in KINDS)


def test_paper_has_the_light_symbols():
    printed = dict(re.findall(r"--ex-(sym-\w+): (#[0-9a-f]{6});", (ASSETS / "guide" / "printed.css").read_text()))
    assert printed == {name: value for name, value in variables("light").items() if name.startswith("sym-")}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_dots_of_every_class(scheme):
    found = variables(scheme)
    assert {
        k: contrast(found[f"class-{k}"], found["plane"])
        for k in range(10)
        if contrast(found[f"class-{k}"], found["plane"]) < MARK
    } == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_charts(scheme):
    ground = token("background_fill_primary", scheme)
    inks = {name: getattr(ink, scheme) for name, ink in INKS.items()}
    assert min(contrast(inks[name], ground) for name in ("text", "muted")) >= TEXT
    lines = [
        *(inks[name] for name in (*KINDS, *RULES, "good", "bad")),
        *(SERIES if scheme == "light" else SERIES_DARK),
    ]
    assert {line: contrast(line, ground) for line in lines if contrast(line, ground) < MARK} == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_charts_and_page_have_the_same_colours(scheme):
    names = (*KINDS, *RULES)
    assert {name: getattr(INKS[name], scheme) for name in names} == {name: variables(scheme)[name] for name in names}


def test_type_follows_the_readers_own_size():
    """In rem it grows with the browser's setting, and for a projector; in pixels it would not."""
    sheets = {path.name: path.read_text() for path in ASSETS.rglob("*.css")}
    assert {name: found for name, sheet in sheets.items() if (found := re.findall(r"font-size: [\d.]+px", sheet))} == {}
