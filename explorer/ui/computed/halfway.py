"""What the set's classifier says of the pictures half way, in the reader's language."""

from __future__ import annotations

from explorer.ui.computed import encoded
from explorer.ui.computed.between import FADE, Seen
from explorer.ui.computed.pictured import image_name
from explorer.ui.text import class_name, text

KINDS = ("ae", "vae", "vqvae")
#: How much surer the classifier has to be of a middle before it counts as the more definite picture.
CLEARLY = 0.1
#: How sure it has to be that a middle shows what neither end does.
SURE = 0.5


def said_of(seen: dict[str, Seen], data: str, pair: tuple[int, int], lang: str) -> str:
    """From the numbers at hand: who is sure half way, whose middle is something of its own, and what follows.

    Args:
        seen: of the cross-fade, and of the models that are there.
    """
    names = encoded.class_names(data)
    comma = text("between.comma", lang)
    opinions = [
        text("between.seen", lang, model=model_name(kind, lang), **_opinion(of_row, names, lang))
        for kind, of_row in seen.items()
    ]
    sentences = [text("between.halfway", lang, seen=comma.join(opinions))]
    ends = set(encoded.test_labels(data)[list(pair)].tolist())
    shows = {kind: _shows(seen, kind, ends) for kind in seen}
    thirds = [kind for kind, what in shows.items() if what == "third"]
    shared = len(thirds) > 1 or FADE in thirds
    for kind in ("vae", "vqvae"):
        if kind in seen and not (shared and kind in thirds):
            said = {"model": model_name(kind, lang), "fade": percent(seen[FADE].middle)}
            sentences.append(text(f"between.middle.{shows[kind]}", lang, **said, **_opinion(seen[kind], names, lang)))
    if shared and len(seen) > 1:
        sentences.append(text("between.middle.thirds", lang, ways=_names(thirds, lang)))
        sentences.append(text(f"between.answer.{'mixed' if FADE in thirds else 'shared'}", lang))
    elif seen.keys() >= {"vae", "vqvae"}:
        sentences.append(_learnt(shows, lang))
    sentences += _mistaken(seen[FADE], data, pair, lang)
    return text("between.space", lang).join(sentences)


def _learnt(shows: dict[str, str], lang: str) -> str:
    """Which models have half way what mixed pixels do not show; no other way shows a class of neither picture."""
    beyond = [kind for kind in KINDS if shows.get(kind, "fade") != "fade"]
    if "ae" in beyond:
        return text("between.answer.ways", lang, ways=_names(beyond, lang))
    return text(f"between.answer.{'vae' in beyond:d}{'vqvae' in beyond:d}", lang)


def _names(kinds: list[str], lang: str) -> str:
    return text("between.comma", lang).join(model_name(kind, lang) for kind in kinds)


def _shows(seen: dict[str, Seen], kind: str, ends: set[int]) -> str:
    """What a way has half way: "third", another class altogether; "surer", a more definite picture; or "fade"."""
    row, fade = seen[kind], seen[FADE]
    expected = ends | {found.classes[place] for found in (row, fade) for place in (0, -1)}
    if _middle_class(row) not in expected and row.middle >= SURE:
        return "third"
    return "surer" if row.middle > fade.middle + CLEARLY else "fade"


def _mistaken(fade: Seen, data: str, pair: tuple[int, int], lang: str) -> list[str]:
    """The ends of the cross-fade are the originals: where the classifier is wrong about them, it has to be said."""
    names, labels = encoded.class_names(data), encoded.test_labels(data)[list(pair)].tolist()
    wrong = [
        text("between.taken_for", lang, image=image_name(data, image, lang), cls=class_name(names[found], lang))
        for image, label, found in zip(pair, labels, (fade.classes[0], fade.classes[-1]), strict=True)
        if found != label
    ]
    return [text("between.mistaken", lang, wrong=text("between.comma", lang).join(wrong))] if wrong else []


def _middle_class(seen: Seen) -> int:
    return seen.classes[len(seen.classes) // 2]


def _opinion(seen: Seen, names: tuple[str, ...], lang: str) -> dict[str, str]:
    return {"confidence": percent(seen.middle), "cls": class_name(names[_middle_class(seen)], lang)}


def percent(share: float) -> str:
    """A share as it is written, without its sign."""
    return f"{100 * share:.0f}"


def model_name(kind: str, lang: str) -> str:
    """A row's name: its model's, or that of the cross-fade."""
    return text("between.fade" if kind == FADE else f"kind.{kind}", lang)
