"""One word for one thing in everything that is shown in Chinese: page, charts, reports, README."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHINESE = re.compile("[一-鿿]")

#: What must not occur -> what is said instead.
REPLACED = {
    r"码点": "码向量",
    r"小 ?[\d{][^，。；]{0,12}倍": "为前者的 1/n",
    r"一个运行|该运行|个运行": "模型, or 一次训练",
    r"坍缩|塌缩|崩塌": "坍塌",
    r"码格(?!子)": "码网格",
    r"变分下界|变分下限": "证据下界（ELBO）",
    r"真后验": "真实后验",
    r"(?<!即可)(?<!已)选中": "命中 (a code is hit; an image is 选)",
    r"饥饿": "命中过少",
    r"停滞": "久未命中",
    r"正确率": "准确率",
    r"承诺(?!损失|系数|项)": "承诺损失, 承诺系数",
    r"95 % 的质量": "概率质量",
    r"学得的": "学到的",
    r"小批次": "小批量",
    r"使用中": "在用",
    r"除去一半": "杀死一半",
    r"在手下|摆在明处": "plain words",
    r"(?<![\d.}\w)/*:+\]~])\.\d": "0.40",
    r"(?<=[一-鿿])\s?[,;:!?()](?=\s?[一-鿿])|(?<=[一-鿿])\s?\([A-Za-z]{2,}\)": "full-width punctuation",
    r"孪生": "对照训练, 对照模型: of equal beginning, with one setting changed",
    r"沉默": "失活 (of a unit; of the whole: 坍塌)",
    r"免费比特": "自由比特",
    # The rows of a codebook are 码向量. 码 alone stands in compounds (死码, 码本, 码网格, 码索引, 码数, 码率, 逐码,
    # 每码, 取码) and before a number: 码 12.
    r"(?<![编解代死逐每源密掩字号取(])码(?!本|网格|率|索引|数|维数|向量|\s?[{\d]|点|\))": "码向量",
}


@cache
def written() -> tuple[tuple[str, str], ...]:
    """What `shown` finds: read once, and only by the process that asks."""
    return tuple(shown())


def shown() -> Iterator[tuple[str, str]]:
    """Where, and what is written there."""
    for path in sorted((ROOT / "explorer").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CHINESE.search(node.value):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node.value
    for path in sorted((ROOT / "explorer" / "ui" / "assets").rglob("*.js")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if CHINESE.search(line):
                yield f"{path.relative_to(ROOT)}:{number}", line
    for number, line in enumerate((ROOT / "README.zh.md").read_text(encoding="utf-8").splitlines(), 1):
        yield f"README.zh.md:{number}", line


def test_there_is_something_to_read():
    assert len(written()) > 1500


@pytest.mark.parametrize("pattern", REPLACED)
def test_a_replaced_word_does_not_come_back(pattern):
    found = [f"{where}: {text}" for where, text in written() if re.search(pattern, text)]
    assert not found, f"say {REPLACED[pattern]}"


BAD = (
    "每个码点|小 6.8 倍|一个运行|坍缩|码格里|变分下界|真后验|有选中的码|正确率|承诺与误差|约 .40|码,向量"
    "|误差 (MSE)|码(本)|孪生模型|沉默的单元|一个码在"
)


@pytest.mark.parametrize("text", BAD.split("|"))
def test_the_patterns_find_what_they_are_for(text):
    assert any(re.search(pattern, text) for pattern in REPLACED)


@pytest.mark.parametrize(
    "text",
    [
        "0.40",
        "码网格",
        "真实后验",
        "承诺损失",
        "即可选中它所在的图",
        "v2.5 版",
        "{low}–{high}",
        "码 {code}",
        "每码 10 个",
        "log P(码)：和",
    ],
)
def test_the_patterns_let_good_chinese_pass(text):
    assert not any(re.search(pattern, text) for pattern in REPLACED)
