"""Both languages are complete and take the same parameters."""

from __future__ import annotations

import re
import string
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from explorer.data import image_set_names, load_image_set
from explorer.errors import MESSAGES, RunError
from explorer.ui import text as text_package
from explorer.ui.tabs import TABS as BUILT_TABS
from explorer.ui.text import TEXTS, class_name, error_text, live_texts, text
from explorer.ui.text.classes import CLASS_NAMES
from explorer.ui.text.errors import CHINESE_MESSAGES
from explorer.ui.view import TABS

UI = Path(text_package.__file__).parents[1]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: Words that Chinese readers write in Latin letters too.
SAME_IN_BOTH = {"KID-clf", "PSNR", "PSNR (dB)", "SSIM", "VAE", "VQ-VAE", "Fashion-MNIST"}


def placeholders(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_take_the_same_parameters(key):
    english, chinese = TEXTS[key]
    assert placeholders(english) == placeholders(chinese)
    has_words = re.search(r"[A-Za-z]{3,}", re.sub(r"\{\w*\}", "", english)) and english not in SAME_IN_BOTH
    assert CHINESE.search(chinese) or not has_words
    assert not CHINESE.search(english)


def test_areas_do_not_overwrite_each_other():
    modules = [import_module(f"{text_package.__name__}.{m.name}") for m in iter_modules(text_package.__path__)]
    areas = [value for module in modules for name, value in vars(module).items() if name.isupper() and is_area(value)]
    assert len(areas) > 4
    assert len(TEXTS) == sum(map(len, areas))


def is_area(value):
    return isinstance(value, dict) and all(isinstance(pair, tuple) and len(pair) == 2 for pair in value.values())


def test_every_error_has_a_chinese_twin():
    assert CHINESE_MESSAGES.keys() == MESSAGES.keys()


@pytest.mark.parametrize("code", MESSAGES)
def test_an_error_takes_the_same_parameters_in_both_languages(code):
    assert placeholders(CHINESE_MESSAGES[code]) == placeholders(MESSAGES[code])
    assert CHINESE.search(CHINESE_MESSAGES[code])


def test_an_error_in_the_readers_language():
    error = RunError("run_not_found", name="x")
    assert error_text(error, "en") == str(error)
    assert error_text(error, "zh").startswith("没有运行 x")


@pytest.mark.parametrize("data", image_set_names())
def test_every_class_has_a_chinese_name(data):
    assert set(load_image_set(data).class_names) <= CLASS_NAMES.keys()
    assert class_name("Bag", "en") == "Bag"
    assert class_name("Bag", "zh") == "包"
    assert class_name("Kite", "zh") == "Kite"


def test_every_key_that_the_sources_name_exists_and_is_used():
    """`text("a.b", ...)` in Python and `t("live.x")` in JavaScript; keys built from a name count by their prefix."""
    sources = "".join(p.read_text() for p in UI.rglob("*") if p.suffix in (".py", ".js") and p.parent.name != "text")
    areas = "|".join(sorted({key.split(".")[0] for key in TEXTS}))
    named = {
        key for key in re.findall(rf'"((?:{areas})\.[\w.]+)"', sources) if not key.endswith((".js", ".css", ".py"))
    }
    assert named <= TEXTS.keys()
    built = tuple(prefix + "." for prefix in re.findall(r'(?:f"|`)([a-z.]+)\.\$?\{', sources))
    per_tab = {f"{tab}.{part}" for tab in TABS for part in ("see", "try")}
    assert {key for key in TEXTS if key not in named | per_tab and not key.startswith(built)} == set()


def test_each_tab_has_its_words():
    assert tuple(tab.name for tab in BUILT_TABS) == TABS
    for tab in TABS:
        assert text(f"tab.{tab}", "zh") != text(f"tab.{tab}", "en")


def test_live_texts_carry_no_format_specification():
    """The browser knows `{name}` only."""
    for lang in ("en", "zh"):
        for template in live_texts(lang).values():
            assert all(not spec and not conversion for _, _, spec, conversion in string.Formatter().parse(template))
