"""What a question's parameter takes, in Chinese: `explorer.ui.questions` says it in English within an error."""

from __future__ import annotations

import re

#: Patterns of the English phrases, and what they are in Chinese.
EXPECTED_PHRASES: tuple[tuple[str, str], ...] = (
    (r"the id of a run of (.+)", r"\1 的一个模型的 id"),
    (r"the id of a (.+) run", r"一个 \1 模型的 id"),
    (r"a run of (.+)", r"\1 的一个模型"),
    (r"one of (.+)", r"\1 之一"),
    (r"at most (\d+) letters and digits", r"最多 \1 个字母和数字"),
    (r"1 to (\d+) pairs of a file's name and size", r"1 到 \1 对文件名和大小"),
    (r"a whole number from (\S+) to (\S+)", r"\1 到 \2 的整数"),
    (r"(\d+) whole numbers from (\S+) to (\S+)", r"\1 个 \2 到 \3 的整数"),
    (r"a number from (\S+) to (\S+)", r"\1 到 \2 的数"),
    (r"(\d+) numbers within (\S+)", r"\1 个在 \2 之内的数"),
    (r"the settings of one run or two", r"一个或两个模型的设置"),
    (r"a number or a word", r"一个数或一个词"),
    (r"a JSON object", r"一个 JSON 对象"),
)


def expected_in_chinese(phrase: str) -> str:
    """The phrase in Chinese; one that is not known stays as it is."""
    for pattern, chinese in EXPECTED_PHRASES:
        if match := re.fullmatch(pattern, phrase):
            return match.expand(chinese).replace(" or ", " 或 ")
    return phrase
