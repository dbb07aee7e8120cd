"""The tab Train: what can be set, presets, limits, and every sentence its parts fill in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from explorer import zerogpu
from explorer.data import SetInfo
from explorer.data.own import SIZES
from explorer.jobs import lent
from explorer.jobs.limits import limits, on_a_space
from explorer.studies.remedies import REMEDIES
from explorer.training.config import CHOICES, RANGES, RunConfig
from explorer.training.interventions import INTERVENTIONS
from explorer.ui.computed import catalog
from explorer.ui.computed.presets import PRESETS
from explorer.ui.scene.bar import Option, set_label
from explorer.ui.text import templates, text
from explorer.ui.text.choices import choice_name
from explorer.ui.view import View


@dataclass(frozen=True)
class Setting:
    """One field of the form.

    Attributes:
        name: of `RunConfig`.
        label, tip: what it is called, and what it does.
        group: "shared" by both runs of a pair, "model", "codebook", or "more".
        kinds: model kinds that it means something for.
        choices: what can be chosen; empty for a number.
        low, high: of a number.
        whole: whether only whole numbers will do.
    """

    name: str
    label: str
    tip: str
    group: str
    kinds: tuple[str, ...]
    choices: tuple[Option, ...] = ()
    low: float = 0.0
    high: float = 0.0
    whole: bool = False


@dataclass(frozen=True)
class Preset:
    """A pair or a run to begin from, and what one will see."""

    id: str
    name: str
    promise: str
    configs: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Change:
    """What can be done to a run while it trains; `value` is "number", "share", "policy" or "none"."""

    what: str
    label: str
    tip: str
    value: str
    choices: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Own:
    """The visitor's own pictures.

    Attributes:
        sets: names of the sets that were made of them.
        sizes: pixels a side that they can be made.
        megabytes: a zip of them may have.
    """

    sets: tuple[str, ...]
    sizes: tuple[int, ...]
    megabytes: int


@dataclass(frozen=True)
class Train:
    """What the tab needs beside the trainings themselves, which it asks for.

    Attributes:
        plain: value of every setting before anything was chosen.
        images: training images of each set; a batch cannot be larger.
        space: whether this is a Space, where a run dies with its container.
        lent: steps of a burst on a GPU that is lent here; 0 where none is.
    """

    words: dict[str, str]
    settings: tuple[Setting, ...]
    presets: tuple[Preset, ...]
    changes: tuple[Change, ...]
    plain: dict[str, Any]
    images: dict[str, int]
    own: Own
    notes: tuple[str, ...]
    space: bool
    lent: int


ALL, VECTORS, VQ = ("ae", "vae", "vqvae"), ("ae", "vae"), ("vqvae",)
#: name, group, kinds; in the order of the form.
FIELDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("data", "shared", ALL),
    ("steps", "shared", ALL),
    ("batch_size", "shared", ALL),
    ("seed", "shared", ALL),
    ("model", "model", ALL),
    ("latent_dim", "model", VECTORS),
    ("beta", "model", ("vae",)),
    ("kl_policy", "model", ("vae",)),
    ("free_bits", "more", ("vae",)),
    ("kl_target", "more", ("vae",)),
    ("num_embeddings", "model", VQ),
    ("embedding_dim", "model", VQ),
    ("codebook_update", "codebook", VQ),
    ("ema_start", "codebook", VQ),
    ("decay", "codebook", VQ),
    ("codebook_init", "codebook", VQ),
    ("dead_codes", "codebook", VQ),
    ("commitment_cost", "codebook", VQ),
    ("lr", "model", ALL),
    ("width", "more", ALL),
    ("lr_schedule", "more", ALL),
    ("quantizer", "more", VQ),
    ("level_quantizer", "more", VQ),
    ("levels", "more", VQ),
    ("groups", "more", VQ),
    ("gradient_estimator", "more", VQ),
    ("distance", "more", VQ),
    ("regularizer", "more", VQ),
)


def train_of(view: View) -> Train:
    """The tab Train of a view."""
    bounds = limits()
    plain = RunConfig(data=view.data)
    notes = [text("train.note.link", view.lang, days=f"{bounds.days:g}")]
    if on_a_space():
        notes.append(text("train.note.space", view.lang, steps=bounds.steps, kept=bounds.kept))
    return Train(
        words=templates("train.", view.lang),
        settings=tuple(_setting(*field, view) for field in FIELDS),
        presets=tuple(
            Preset(name, text(f"train.preset.{name}", view.lang), text(f"train.preset.{name}.promise", view.lang), made)
            for name, made in PRESETS.items()
        ),
        changes=tuple(_change(what, view.lang) for what in INTERVENTIONS),
        plain=plain.to_dict(),
        images={each.name: each.train for each in catalog.trainable_sets()},
        own=Own(catalog.own_sets(), SIZES, bounds.zip_megabytes),
        notes=tuple(notes),
        space=on_a_space(),
        lent=lent.STEPS if zerogpu.spaces() else 0,
    )


def _setting(name: str, group: str, kinds: tuple[str, ...], view: View) -> Setting:
    label, tip = text(f"train.set.{name}", view.lang), _tip(name, view.lang)
    if name == "data":
        sets = tuple(Option(each.name, _counted(each, view.lang)) for each in catalog.trainable_sets())
        return Setting(name, label, tip, group, kinds, sets)
    if name in CHOICES:
        return Setting(name, label, tip, group, kinds, _options(name, view.lang))
    low, high = next(row[1:] for row in RANGES if row[0] == name)
    high = min(high, limits().sizes.get(name, high), limits().steps if name == "steps" else high)
    return Setting(name, label, tip, group, kinds, low=low, high=high, whole=isinstance(low, int))


def _tip(name: str, lang: str) -> str:
    """What a setting does; of its choices that are published remedies, which one and whose."""
    said = [
        text(
            "train.set.remedy",
            lang,
            choice=choice_name(name, remedy.setting[name], lang),
            remedy=text(f"codebook.remedy.{remedy.name}", lang),
        )
        for remedy in REMEDIES
        if name in CHOICES and name in remedy.setting
    ]
    return text(f"train.set.{name}.tip", lang) + "".join(said)


def _counted(info: SetInfo, lang: str) -> str:
    channels, height, width = info.shape
    colours = text("train.set.data.grey" if channels == 1 else "train.set.data.colour", lang)
    size = f"{width}×{height}"
    name = set_label(info.name, lang)
    return text("train.set.data.option", lang, name=name, n=f"{info.train:,}", size=size, colours=colours)


def _options(name: str, lang: str) -> tuple[Option, ...]:
    if name == "model":
        return tuple(Option(kind, text(f"kind.{kind}", lang)) for kind in ("vae", "vqvae", "ae"))
    return tuple(Option(choice, choice_name(name, choice, lang)) for choice in CHOICES[name])


def _change(what: str, lang: str) -> Change:
    kind = INTERVENTIONS[what].value
    choices = _options("dead_codes", lang) if kind == "policy" else ()
    return Change(what, text(f"train.do.{what}", lang), text(f"train.do.{what}.tip", lang), kind, choices)
