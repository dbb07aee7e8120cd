"""Every sentence a person reads, in English and 简体中文, by key.

Each area of the page has a file of its own here, with both languages of a sentence side by side. Errors have their
English in `explorer.errors.MESSAGES` and their Chinese in `errors.py` here, under the same code.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from explorer.errors import MESSAGES, ExplorerError
from explorer.ui.text.between import BETWEEN
from explorer.ui.text.cases import CASES
from explorer.ui.text.class_link import CLASS_LINK
from explorer.ui.text.classes import CAPTION_NAMES, CLASS_NAMES
from explorer.ui.text.client import CLIENT
from explorer.ui.text.codebook import CODEBOOK
from explorer.ui.text.collapse import COLLAPSE
from explorer.ui.text.elbo import ELBO
from explorer.ui.text.errors import CHINESE_MESSAGES
from explorer.ui.text.expected import expected_in_chinese
from explorer.ui.text.export import EXPORT
from explorer.ui.text.features import FEATURES
from explorer.ui.text.generate import GENERATE
from explorer.ui.text.guide import GUIDE
from explorer.ui.text.guide_answers import GUIDE_ANSWERS
from explorer.ui.text.guide_last import GUIDE_LAST, GUIDE_LAST_ANSWERS
from explorer.ui.text.guide_more import GUIDE_MORE
from explorer.ui.text.latent import LATENT
from explorer.ui.text.levels import LEVELS
from explorer.ui.text.page import PAGE
from explorer.ui.text.parts import PARTS_LINE
from explorer.ui.text.reconstruct import RECONSTRUCT
from explorer.ui.text.sandbox import SANDBOX
from explorer.ui.text.sharpness import SHARPNESS
from explorer.ui.text.start import START
from explorer.ui.text.study import STUDY
from explorer.ui.text.train import TRAIN
from explorer.ui.text.units import UNITS
from explorer.ui.text.waste import WASTE
from explorer.ui.text.workbench import WORKBENCH

Area = Mapping[str, tuple[str, str]]


def merged(*areas: Area) -> dict[str, tuple[str, str]]:
    """The sentences of all areas.

    Raises:
        ValueError: a key stands in two of them, and one sentence would silently replace the other.
    """
    found: dict[str, tuple[str, str]] = {}
    for area in areas:
        if twice := sorted(found.keys() & area.keys()):
            raise ValueError(f"two areas of the page have sentences of their own for {', '.join(twice)}: rename one")
        found.update(area)
    return found


#: key -> (English, Chinese), `str.format` templates.
TEXTS: dict[str, tuple[str, str]] = merged(
    *(
        PAGE,
        CLASS_LINK,
        PARTS_LINE,
        LATENT,
        LEVELS,
        FEATURES,
        BETWEEN,
        RECONSTRUCT,
        SHARPNESS,
        CODEBOOK,
        UNITS,
        WASTE,
        CASES,
        SANDBOX,
        START,
        GENERATE,
        ELBO,
    ),
    *(CLIENT, WORKBENCH),
    *(COLLAPSE, STUDY, GUIDE, GUIDE_ANSWERS, GUIDE_MORE, GUIDE_LAST, GUIDE_LAST_ANSWERS, TRAIN, EXPORT),
)

_COLUMN = {"en": 0, "zh": 1}
#: Between what is put together of several texts.
COMMA = {"en": ", ", "zh": "，"}
COLON = {"en": ": ", "zh": "："}
SEMICOLON = {"en": "; ", "zh": "；"}


def text(key: str, lang: str, **params: object) -> str:
    """The sentence of a key, filled in. `lang`: "en" or "zh"."""
    return TEXTS[key][_COLUMN[lang]].format(**params)


def error_text(error: ExplorerError, lang: str) -> str:
    """An error in the reader's language."""
    if lang == "en":
        return MESSAGES[error.code].format(**error.params)
    params = {
        name: error_text(value, lang) if isinstance(value, ExplorerError) else value
        for name, value in error.params.items()
    }
    said = {name: expected_in_chinese(str(value)) for name, value in params.items() if name == "expected"}
    return CHINESE_MESSAGES[error.code].format(**(params | said))


def class_name(english: str, lang: str) -> str:
    """A class of an image set; one that has no Chinese name yet keeps its own."""
    return english if lang == "en" else CLASS_NAMES.get(english, english)


@cache
def templates(prefix: str, lang: str) -> dict[str, str]:
    """The sentences whose keys begin with `prefix`, with their holes: the client fills those in."""
    return {key: pair[_COLUMN[lang]] for key, pair in TEXTS.items() if key.startswith(prefix)}


def caption_name(english: str, lang: str) -> str | None:
    """A picture's own name, None where the reader's language has none for it."""
    return english if lang == "en" else CAPTION_NAMES.get(english)


@cache
def client_texts(lang: str) -> dict[str, str]:
    """Sentences the client fills in by itself, for what changes under the pointer."""
    return {key: pair[_COLUMN[lang]] for key, pair in CLIENT.items()}


@cache
def workbench_texts(lang: str) -> dict[str, str]:
    """The workbench's sentences, which its parts fill in, by key."""
    return {key: pair[_COLUMN[lang]] for key, pair in WORKBENCH.items()}
