"""The legend: what points are coloured by, and the features one can colour them by."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.data import load_image_set
from explorer.ui.computed.colouring import colour_names, factor_names
from explorer.ui.scene.bar import Option
from explorer.ui.text import class_name, text
from explorer.ui.text.factors import factor_name, value_name
from explorer.ui.view import View


@dataclass(frozen=True)
class Legend:
    """Names and choices.

    Attributes:
        title: of the names, or of the list of features.
        names: of classes or values, in the order of their numbers.
        chosen: the feature, "" for the class.
        factors: what can be chosen, the class first; the class alone where no feature is known.
        hidden: how many pictures do not show the feature, "" if all do.
    """

    title: str
    names: tuple[str, ...]
    chosen: str
    factors: tuple[Option, ...]
    hidden: str


def legend_of(view: View) -> Legend:
    """The legend of a view."""
    known, lang = factor_names(view.data), view.lang
    naming = value_name if view.factor else class_name
    return Legend(
        title=text("latent.coloured_by" if known else "latent.classes", lang),
        names=tuple(naming(name, lang) for name in colour_names(view.data, view.factor)),
        chosen=view.factor,
        factors=(
            Option("", text("latent.class", lang)),
            *(Option(name, factor_name(name, lang)) for name in known),
        ),
        hidden=_hidden(view),
    )


def _hidden(view: View) -> str:
    if not view.factor:
        return ""
    image_set = load_image_set(view.data)
    seen = image_set.factors[view.factor].seen[image_set.split("test")]
    share = 1 - float(seen.double().mean())
    return text("latent.unseen", view.lang, share=f"{share:.1%}") if share else ""
