"""Both languages are complete and take the same parameters."""

from __future__ import annotations

import ast
import re
import string
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from explorer.data import image_set_names, load_image_set
from explorer.errors import MESSAGES, RunError, ViewError
from explorer.runs.card import HEADINGS
from explorer.ui import text as text_package
from explorer.ui.page.tabs import TABS as BUILT_TABS
from explorer.ui.text import TEXTS, class_name, client_texts, error_text, merged, text
from explorer.ui.text.classes import CLASS_NAMES
from explorer.ui.text.errors import CHINESE_MESSAGES
from explorer.ui.text.expected import expected_in_chinese
from explorer.ui.text.factors import factor_name, value_name
from explorer.ui.view import TABS

UI = Path(text_package.__file__).parents[1]
ROOT = UI.parents[1]
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
    assert merged(*areas) == TEXTS
    with pytest.raises(ValueError, match=r"for tab\.start: rename one"):
        merged(*areas, {"tab.start": ("Begin", "开始")})


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
    assert error_text(error, "zh").startswith("没有模型 x")


@pytest.mark.parametrize("data", image_set_names())
def test_every_class_has_a_chinese_name(data):
    assert set(load_image_set(data).class_names) <= CLASS_NAMES.keys()
    assert class_name("Bag", "en") == "Bag"
    assert class_name("Bag", "zh") == "包"
    assert class_name("Kite", "zh") == "Kite"


@pytest.mark.parametrize("data", image_set_names())
def test_every_factor_and_each_of_its_values_has_a_chinese_name(data):
    for name, factor in load_image_set(data).factors.items():
        assert CHINESE.search(factor_name(name, "zh")), name
        assert factor_name(name, "en") == name
        said = [value_name(value, "zh") for value in factor.names]
        assert all(CHINESE.search(value) for value in said), said
        assert len(set(said)) == len(said), said


def test_a_factor_of_somebody_s_own_keeps_its_name():
    assert factor_name("petals", "zh") == "petals"
    assert value_name("petals 3", "zh") == "petals 3"


def test_every_key_that_the_sources_name_exists_and_is_used():
    """`text("a.b", ...)` in Python and `t("client.x")` in JavaScript; keys built from a name count by their prefix."""
    sources = "".join(p.read_text() for p in UI.rglob("*") if p.suffix in (".py", ".js") and p.parent.name != "text")
    areas = "|".join(sorted({key.split(".")[0] for key in TEXTS}))
    named = {
        key for key in re.findall(rf'"((?:{areas})\.[\w.]+)"', sources) if not key.endswith((".js", ".css", ".py"))
    }
    assert named <= TEXTS.keys()
    built = tuple(prefix + "." for prefix in re.findall(r'(?:f"|`)([a-z.]+)\.\$?\{', sources))
    per_tab = {f"{tab}.{part}" for tab in TABS for part in ("see", "try")}
    assert {key for key in TEXTS if key not in named | per_tab and not key.startswith(built)} == set()


#: Strings of code that look like words: names, not sentences; and two complaints for whoever reads a console.
CODE_WORDS = {"dog face", "cat face", "second higher"}
CONSOLE = re.compile(r"decoder expects")
WORDS = re.compile(r"[A-Za-z]{3,} [a-z]{2,}")
#: Where a person would read a literal in a module of the page.
READ_IN_JS = re.compile(r'(?:"?(?:aria-label|title|alt|placeholder)"?: |textContent = )["`][^"`$]*[A-Za-z]{3}')


def literals(path):
    """Strings of a source that somebody might read."""
    source = path.read_text()
    if path.suffix == ".js":
        source = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
        source = re.sub(r"(^|[^:])//.*$", r"\1", source, flags=re.MULTILINE)
        return {re.sub(r"\$\{[^}]*\}", "", found) for found in re.findall(r'["`]([^"`\n]*)["`]', source)}
    tree = ast.parse(source)
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    }


def is_words(literal):
    markup = re.search(r"[<>{}#=;]|--|\bex-|\bpx|python -m|%s", literal)
    return bool(WORDS.search(literal)) and not markup and literal not in CODE_WORDS and not CONSOLE.search(literal)


SPEAKING = [
    *(path for part in ("scene", "tabs", "guide") for path in (UI / part).rglob("*.py")),
    *(UI.parent / "plots").glob("*.py"),
    *(UI / "assets").rglob("*.js"),
]


@pytest.mark.parametrize("path", SPEAKING, ids=lambda path: str(path.relative_to(UI.parent)))
def test_no_sentence_bypasses_the_texts(path):
    """Axis titles, legends, labels: what a person reads stands in `explorer/ui/text`, in both languages."""
    assert {literal for literal in literals(path) if is_words(literal)} == set()
    if path.suffix == ".js":
        assert READ_IN_JS.findall(path.read_text()) == []


def test_a_sentence_that_bypasses_them_is_seen(tmp_path):
    (tmp_path / "a.py").write_text('"""A docstring of words."""\nfigure(xaxis="training step", key="dog face")\n')
    (tmp_path / "a.js").write_text('// not this one here\nh("p", {}, `step ${n} of the run`);\n')
    assert [{x for x in literals(tmp_path / name) if is_words(x)} for name in ("a.py", "a.js")] == [
        {"training step"},
        {"step  of the run"},
    ]
    assert READ_IN_JS.search('h("img", { alt: "A picture" })')


def test_a_model_cards_headings_stand_in_both_languages():
    for heading in HEADINGS.values():
        english, chinese = heading.split(" · ")
        assert english.startswith("## ")
        assert CHINESE.search(chinese)


#: What the field calls things, and what it does not.
TERMS = (
    *("隐空间", "码本", "死码", "码向量", "码网格", "重参数化", "证据下界（ELBO）", "真实后验"),
    *("命中", "命中过少", "久未命中", "准确率", "概率质量", "承诺损失", "坍塌"),
)
OTHER_WORDS = (
    *("潜", "密码本", "代码本", "再参数化", "变分下界", "码点", "坍缩", "塌缩", "饥饿", "停滞", "正确率"),
    *("更不模糊", "的质量在", "承诺距离", "在手下", "摆在明处"),
)


def test_the_terms_are_the_fields_own():
    """One word for one thing, on the page and in README.zh.md."""
    front = (UI.parents[1] / "README.zh.md").read_text()
    chinese = "".join(pair[1] for pair in TEXTS.values()) + "".join(CHINESE_MESSAGES.values()) + front
    assert {term for term in TERMS if term not in chinese} == set()
    assert {other for other in OTHER_WORDS if other in chinese} == set()
    assert re.findall(r"(?<!码)码格|(?<!实)真后验|(?:一|个|孪生)运行(?!`)|小 ?\{\w+\} ?倍", chinese) == []


def test_chinese_punctuation_is_full_width():
    for key, (_, chinese) in TEXTS.items():
        half = re.findall(r"[\u4e00-\u9fff][,;:?!](?!\w)|[\u4e00-\u9fff]\.(?:\s|$)", chinese)
        assert half == [], key
        assert not re.search(r"(?<![\d\w{}\]])\.\d", chinese), key  # 0.40, not .40


def test_what_a_parameter_takes_is_said_in_chinese_too():
    """Every phrase that the questions' parameters can be refused with."""
    sources = "".join(path.read_text() for path in (UI / "questions").glob("*.py"))
    phrases = re.findall(r'(?:self\._refused\(\w+, |expected=)f?"([^"]+)"', sources)
    assert len(phrases) > 8
    for phrase in phrases:
        filled = re.sub(r"\{[^}]*\}", "7", phrase + ("x" if phrase.endswith(" ") else ""))
        assert CHINESE.search(expected_in_chinese(filled)), phrase
    error = ViewError("ask_parameter", name="cell", expected="a whole number from 0 to 48", got="x")
    assert "0 到 48 的整数" in error_text(error, "zh")


def test_each_tab_has_its_words():
    assert tuple(tab.name for tab in BUILT_TABS) == TABS
    for tab in TABS:
        assert text(f"tab.{tab}", "zh") != text(f"tab.{tab}", "en")


def test_client_texts_carry_no_format_specification():
    """The browser knows `{name}` only."""
    for lang in ("en", "zh"):
        for template in client_texts(lang).values():
            assert all(not spec and not conversion for _, _, spec, conversion in string.Formatter().parse(template))


@pytest.mark.parametrize("lang, name", [("en", "README.md"), ("zh", "README.zh.md")])
def test_the_readme_tells_of_every_tab_in_its_order(lang: str, name: str):
    told = re.findall(r"^- \*\*(.+?)\*\*", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
    assert told == [text(f"tab.{tab}", lang) for tab in TABS]
