"""The tab Start: what each of its five screens says, and where each of them leads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from explorer.errors import ExplorerError
from explorer.reports.matching import PairRates, pair_rates
from explorer.runs.priors import ladder
from explorer.ui.computed import catalog, encoded
from explorer.ui.computed.colouring import colour_names
from explorer.ui.computed.patch import draws_text
from explorer.ui.scene.rate_pairs import matched
from explorer.ui.text import TEXTS, class_name, templates, text
from explorer.ui.text.factors import factor_name, value_name
from explorer.ui.view import SCREENS, View, default_view
from explorer.ui.view.sandbox import How, Sandbox

#: Where "More of this" leads: what of the View changes, and which part is then scrolled to.
MORE: tuple[tuple[dict[str, Any], str], ...] = (
    ({"tab": "latent"}, ""),
    ({"tab": "latent"}, "#ex-workbench"),
    ({"tab": "codebook"}, "#ex-sandbox"),
    ({"tab": "codebook"}, "#ex-sandbox"),
    ({"tab": "generate"}, ""),
)

#: What the first screen's sentence speaks of, where a set has one of its own: its points are coloured by that.
FACTORS = {"faces": "glasses"}
#: Of points, by class.
COLOURS = 10
#: The screen that takes a picture apart into codes.
APART = 2
#: Many codes are never chosen: all of them begin within ±1/K, and a few at the rim win the whole cloud.
DIE = Sandbox(How("adam"), How("hold"), "uniform", 256, 64)
#: All codes begin on encoder outputs, so that those that are dead later were killed.
BACK = Sandbox(How("hold"), How("hold", restart=True), "data", 128, 128)


@dataclass(frozen=True)
class Screen:
    """One screen: a title, its sentence, and where more of it is."""

    title: str
    say: str
    place: dict[str, Any]
    part: str


@dataclass(frozen=True)
class Start:
    """What the tab says.

    Attributes:
        screens: all five, so that the next one needs no answer.
        settings: of the sandboxes "die" and "back".
        priors: what can be drawn from, of both runs on screen.
        words: sentences by key.
        legend: of the first screen's points, a title and what their colours stand for, in that order; () where there
            are more classes than colours.
    """

    screens: tuple[Screen, ...]
    settings: dict[str, Sandbox]
    priors: tuple[str, ...]
    words: dict[str, str]
    legend: tuple[str, ...] = ()


def start_runs(view: View) -> View:
    """The view with runs that a plane can be drawn of: the chosen ones, else the set's own."""
    plain = default_view(view.data)
    return replace(
        view,
        factor=FACTORS.get(view.data, view.factor),
        left=_planar(view.left, plain.left, catalog.LEFT_KINDS),
        right=_planar(view.right, plain.right, catalog.RIGHT_KINDS),
    )


def start_of(view: View, left: str, right: str) -> Start:
    """The tab for a view whose sides show the runs `left` and `right`."""
    shown = [_screen(number, right, view) for number in range(1, SCREENS + 1)]
    if (rates := _apart(left, right)) is not None:
        times, rung = rates.bits[1] / rates.bits[0], text(f"start.5.rung.{rates.rung}", view.lang)
        said = text("start.5.say.rates", view.lang, times=f"{times:.0f}", rung=rung)
        shown[-1] = replace(shown[-1], say=said, place=_fair(left, right) or shown[-1].place)
    return Start(
        screens=tuple(shown),
        settings={"die": DIE, "back": BACK},
        priors=tuple(name for run in (left, right) for name in _priors(run)),
        words=templates("start.", view.lang),
        legend=_legend(view),
    )


def _legend(view: View) -> tuple[str, ...]:
    factor = FACTORS.get(view.data, "")
    if not factor:
        classes = encoded.class_names(view.data)
        return ("", *(class_name(name, view.lang) for name in classes)) if len(classes) <= COLOURS else ()
    title = text("start.legend.title", view.lang, name=factor_name(factor, view.lang))
    worn = text("start.legend.worn", view.lang)
    return title, *(worn if name == factor else value_name(name, view.lang) for name in colour_names(view.data, factor))


def _fair(left: str, right: str) -> dict[str, Any] | None:
    """Reconstruct with the right side's codes beside a VAE of as many bits; None without such a VAE."""
    found = matched((catalog.run(left), catalog.run(right)), "en")
    return found and {"tab": "reconstruct", "left": found["left"], "right": found["right"]}


def _screen(number: int, right: str, view: View) -> Screen:
    place, part = MORE[number - 1]
    key = f"start.{number}.say"
    own = f"{key}.{view.data}"
    said = text(own if own in TEXTS else key, view.lang)
    if number == APART and right:
        said = draws_text(catalog.run(right), view.lang, "start.2.say.draws")
    return Screen(text(f"start.{number}.title", view.lang), said, place, part)


def _apart(left: str, right: str) -> PairRates | None:
    """What both runs cost on their highest common rung, if the right one costs at least twice as much."""
    try:
        rates = pair_rates(catalog.run(left), catalog.run(right)) if left and right else None
    except ExplorerError:
        return None
    return rates if rates is not None and rates.bits[0] > 0 and rates.bits[1] >= 2 * rates.bits[0] else None


def _planar(chosen: str, plain: str, kinds: tuple[str, ...]) -> str:
    try:
        run = catalog.run(chosen) if chosen else None
    except ExplorerError:
        return chosen  # its side says what is wrong with it
    return chosen if run is not None and run.config.model in kinds and encoded.planar(run) else plain


def _priors(run: str) -> tuple[str, ...]:
    try:
        return tuple(ladder(catalog.run(run))) if run else ()
    except ExplorerError:
        return ()
