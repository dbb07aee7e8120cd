"""Chinese names of factors and of their values, by the image set's own English name."""

from __future__ import annotations

import re

from explorer.ui.text.classes import CLASS_NAMES

FACTOR_NAMES: dict[str, str] = {
    "skin": "肤色",
    "hair": "发型",
    "hair colour": "发色",
    "eyes": "眼型",
    "eye colour": "眼睛颜色",
    "mouth": "嘴形",
    "mood": "心情",
    "mouth colour": "嘴唇颜色",
    "glasses": "眼镜",
    "glasses style": "眼镜样式",
    "glasses colour": "眼镜颜色",
    "hat": "帽子",
    "hat style": "帽子样式",
    "hat colour": "帽子颜色",
    "beard": "胡须",
    "beard style": "胡须样式",
    "clothing": "服装",
    "clothing colour": "服装颜色",
}

VALUE_NAMES: dict[str, str] = {
    "none": "无",
    "hidden": "看不见",
    "happy": "高兴",
    "sad": "难过",
    "glasses": "有眼镜",
    "hat": "有帽子",
    "beard": "有胡须",
    "amber": "琥珀色",
    "auburn": "赤褐色",
    "black": "黑色",
    "blond": "金色",
    "blue": "蓝色",
    "blue grey": "蓝灰色",
    "brown": "棕色",
    "chestnut": "栗色",
    "coral": "珊瑚色",
    "cream": "奶油色",
    "crimson": "绯红色",
    "dark blond": "深金色",
    "dark brown": "深棕色",
    "dark grey": "深灰色",
    "dark red": "深红色",
    "green": "绿色",
    "grey": "灰色",
    "light brown": "浅棕色",
    "light green": "浅绿色",
    "light yellow": "浅黄色",
    "mahogany": "桃木色",
    "mint": "薄荷色",
    "navy": "藏青色",
    "pale": "浅色",
    "pink": "粉色",
    "red": "红色",
    "rose": "玫瑰色",
    "sea green": "海绿色",
    "sky blue": "天蓝色",
    "steel blue": "钢蓝色",
    "teal grey": "青灰色",
    "violet": "紫色",
}

#: Styles have a word and a number.
WORDS: dict[str, str] = {
    "short": "短发",
    "long": "长发",
    "eyes": "眼型",
    "happy": "高兴",
    "sad": "难过",
    "dark": "深色镜片",
    "light": "浅色镜片",
    "hat": "帽子",
    "beard": "胡须",
    "clothing": "服装",
}


def factor_name(name: str, language: str) -> str:
    """A factor's name as a person reads it; one of somebody's own set stays as it is."""
    return FACTOR_NAMES.get(name, name) if language == "zh" else name


def value_name(name: str, language: str) -> str:
    """The name of a factor's value as a person reads it."""
    if language != "zh":
        return name
    if name in VALUE_NAMES or name in CLASS_NAMES:
        return VALUE_NAMES.get(name) or CLASS_NAMES[name]
    numbered = re.fullmatch(r"(\w+) (\d+)", name)
    return f"{WORDS[numbered[1]]} {numbered[2]}" if numbered and numbered[1] in WORDS else name
