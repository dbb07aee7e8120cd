"""What a reader is looking at, as ids and numbers, and its twin in the link."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from urllib.parse import urlencode

from explorer.errors import ViewError
from explorer.metrics import codebook_life
from explorer.ui import catalog
from explorer.ui.pairs import default_pair

DEFAULT_DATA = "fashion"
TABS = ("latent", "reconstruct", "codebook", "generate")
LANGUAGES = ("en", "zh")
MAPS = ("pca", "umap")

#: Longest latent vector a link may pin, and the largest value in it: far outside every prior.
MAX_Z = 64
MAX_ABS_Z = 100.0
MAX_STEP = 10_000_000
MAX_CODE = 1_048_576
MAX_SEED = 1_000_000

#: How the tab Codebook counts codes: which states are dead, over how many recorded windows, and below which percentage
#: of even use a code starves.
RULES = tuple(codebook_life.RULES)
WINDOWS = (1, 2, 4, 8)
MAX_STARVED = 100


@dataclass(frozen=True)
class View:
    """The selection that drives every tab.

    Attributes:
        data: image set.
        left: run on the left.
        right: run on the right.
        image: position within the test split of `data`.
        image_b: a second image to compare with.
        step: training step of the film; None for the final weights.
        code: pinned code of the right run; whether it has that many codes is the scene's business.
        z: pinned point of the left run's latent; empty for none.
        rule: which codes the tab Codebook counts as dead, one of `RULES`.
        windows: recorded windows that its counts are made over, one of `WINDOWS`.
        starved: a code starves below this percentage of even use.
        map: "pca" or "umap": how a latent of more than two numbers is drawn.
        seed: of everything that is drawn at random: the same seed shows the same pictures.
        tab: the open tab.
        lang: "en" or "zh".
    """

    data: str = DEFAULT_DATA
    left: str = "fashion-vae-z2-s0"
    right: str = "fashion-vqvae-d2-k256-ema-s0"
    image: int = 0
    image_b: int | None = None
    step: int | None = None
    code: int | None = None
    z: tuple[float, ...] = field(default=())
    rule: str = "stale"
    windows: int = 1
    starved: int = 10
    map: str = "pca"
    seed: int = 0
    tab: str = "latent"
    lang: str = "en"

    def to_query(self, browser_lang: str = "en") -> str:
        """The query of the link that restores this view, without `?`; empty for the default view.

        Args:
            browser_lang: the language the reader's browser asks for. English is left out of the link only if the
                page would come up in English anyway.
        """
        plain = default_view(self.data)
        values = {
            f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != getattr(plain, f.name)
        }
        if self.data != DEFAULT_DATA:
            values = {"data": self.data, **values}
        if self.lang != browser_lang:
            values["lang"] = self.lang
        if self.z:
            values["z"] = ",".join(f"{number:g}" for number in self.z)
        return urlencode(values, safe=",")


def default_view(data: str = DEFAULT_DATA, lang: str = "en") -> View:
    """What the page shows of a set before anything was chosen. A side without any run is the empty string."""
    return View(
        data=data,
        left=catalog.default_run(data, catalog.LEFT_KINDS) or "",
        right=catalog.default_run(data, catalog.RIGHT_KINDS) or "",
        image=default_pair(data)[0],
        lang=lang,
    )


def from_query(query: Mapping[str, object], browser_lang: str = "en") -> tuple[View, tuple[ViewError, ...]]:
    """The view of a link, and one note for each value that named nothing and fell back to its default.

    Args:
        query: parameters by name, from a link or from the client; keys that are no field of a View are ignored.
        browser_lang: the language when the link names none.
    """
    notes: list[ViewError] = []

    def read(key: str, parse: Callable[[str], object], fallback: object) -> object:
        value = _text(query.get(key))
        if not value:
            return fallback
        try:
            return parse(value)
        except ViewError as note:
            notes.append(note)
            return fallback

    lang = read("lang", _one_of("lang", LANGUAGES), browser_lang)
    data = read("data", _one_of("data", catalog.image_sets()), DEFAULT_DATA)
    plain = default_view(str(data), str(lang))
    count = catalog.test_count(plain.data)
    runs = tuple(summary.id for summary in catalog.runs_of(plain.data))
    parsers: dict[str, Callable[[str], object]] = {
        "left": _run("left", runs, plain.data),
        "right": _run("right", runs, plain.data),
        "image": _below("image", count),
        "image_b": _below("image_b", count),
        "step": _below("step", MAX_STEP),
        "code": _below("code", MAX_CODE),
        "z": _point,
        "rule": _one_of("rule", RULES),
        "windows": _number_of("windows", WINDOWS),
        "starved": _percent("starved", MAX_STARVED),
        "map": _one_of("map", MAPS),
        "seed": _below("seed", MAX_SEED),
        "tab": _one_of("tab", TABS),
    }
    values = {key: read(key, parse, getattr(plain, key)) for key, parse in parsers.items()}
    return replace(plain, **values), tuple(notes)  # type: ignore[arg-type]


def _text(value: object) -> str:
    """The client sends numbers, lists and null, a link sends text; all are read as text."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ",".join(str(item) for item in value[: MAX_Z + 1])
    return str(value)


def _one_of(key: str, known: tuple[str, ...]) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in known:
            raise ViewError("view_choice", key=key, got=catalog.readable(value), known=", ".join(known))
        return value

    return parse


def _number_of(key: str, known: tuple[int, ...]) -> Callable[[str], int]:
    among = _one_of(key, tuple(map(str, known)))
    return lambda value: int(among(value))


def _percent(key: str, most: int) -> Callable[[str], int]:
    below = _below(key, most + 1)
    return lambda value: max(1, below(value))


def _run(key: str, known: tuple[str, ...], data: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in known:
            raise ViewError("view_run", key=key, got=catalog.readable(value), data=data)
        return value

    return parse


def _below(key: str, limit: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        # int() would also take "1_000", " 7 " and digits of other scripts
        if not re.fullmatch(r"[0-9]{1,9}", value) or int(value) >= limit:
            raise ViewError("view_number", key=key, got=catalog.readable(value), last=limit - 1)
        return int(value)

    return parse


def _point(value: str) -> tuple[float, ...]:
    parts = value.split(",")
    number = r"-?[0-9]{0,6}(\.[0-9]{0,20})?(e-?[0-9]{1,3})?"
    plain = len(parts) <= MAX_Z and all(len(p) <= 40 and p and re.fullmatch(number, p) for p in parts)
    try:
        z = tuple(float(p) for p in parts) if plain else ()
    except ValueError:  # "-", "." and "e5" pass the pattern
        z = ()
    if not z or not all(math.isfinite(number) and abs(number) <= MAX_ABS_Z for number in z):
        raise ViewError("view_point", got=catalog.readable(value), limit=f"{MAX_ABS_Z:g}")
    return tuple(float(f"{number:g}") for number in z)  # as many digits as a link writes, so that it restores the same
