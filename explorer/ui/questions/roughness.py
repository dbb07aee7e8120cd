"""The same step in an AE's and a VAE's latent: how often the classifier changes its mind, how far pixels move."""

from __future__ import annotations

from typing import Any

from explorer.errors import ViewError
from explorer.metrics.smoothness import Estimate
from explorer.runs import Run
from explorer.ui.computed import roughness
from explorer.ui.computed.roughness import HEADLINE, SIZES, Compared, compared, spread_of
from explorer.ui.questions.params import Params
from explorer.ui.text import text


def is_stored(params: Params) -> bool:
    """Whether the answer needs no step.

    Raises:
        ExplorerError: the question will be refused.
    """
    return roughness.is_stored(*_asked(params))


def _asked(params: Params) -> tuple[Run, Run]:
    ae, vae = params.run("ae", ("ae",)), params.run("vae", ("vae",))
    if ae.config.data != vae.config.data:
        raise ViewError("ask_parameter", name="vae", expected=f"the id of a run of {ae.config.data}", got=vae.id)
    return ae, vae


def answer(params: Params) -> dict[str, Any]:
    """Runs `ae` and `vae` of one image set under steps of size number `size` (of `SIZES`; the last is a jump).

    Answers with `size` and `label`; texts `ae` and `vae`, each {mind, pixels} of a value and its interval; `mind` and
    `pixels`, the plain values by kind; and `spreads`, a step of 1 in units of each latent. The size of the headline
    also has a `sentence`.
    """
    ae, vae = _asked(params)
    size = SIZES[params.integer("size", len(SIZES))]
    found = compared(ae.id, vae.id, size)
    lang = params.lang
    answered: dict[str, Any] = {
        "size": size,
        "label": text("value.percent", lang, value=f"{100 * size:.0f}") if size else text("between.ae.jump", lang),
        "mind": {"ae": found.ae.mind.value, "vae": found.vae.mind.value},
        "pixels": {"ae": found.ae.pixels.value, "vae": found.vae.pixels.value},
        "spreads": {"ae": spread_of(ae), "vae": spread_of(vae)},
    }
    for kind, rough in (("ae", found.ae), ("vae", found.vae)):
        answered[kind] = {"mind": _written(rough.mind, lang), "pixels": _written(rough.pixels, lang)}
    if size == HEADLINE:
        answered["sentence"] = _sentence(found, compared(ae.id, vae.id, 0.0), lang)
        if ae.config.latent_dim != vae.config.latent_dim:
            sizes = {"ae": ae.config.latent_dim, "vae": vae.config.latent_dim}
            answered["sentence"] += text("between.space", lang) + text("between.ae.sizes_differ", lang, **sizes)
    return answered


def _sentence(found: Compared, jump: Compared, lang: str) -> str:
    """What was measured, whether it says that the AE is the rougher one, and whether that makes it unorganised."""
    mind, difference = found.ae.mind, found.difference.mind
    measured = text(
        "between.ae.measured",
        lang,
        steps=f"{found.steps:,}",
        size=f"{100 * HEADLINE:.0f}",
        images=f"{found.images:,}",
        ae=_percent(mind.value),
        vae=_percent(found.vae.mind.value),
        difference=_signed(difference.value),
        low=_signed(difference.low),
        high=_signed(difference.high),
    )
    verdict = "rougher" if difference.low > 0 else "smoother" if difference.high < 0 else "unsettled"
    # "a small step may land anywhere" would change the mind about as often as a jump does
    order = "ordered" if mind.high < jump.ae.mind.value / 2 else "anywhere"
    sentences = [
        measured,
        text(f"between.ae.{verdict}", lang),
        text(
            "between.ae.pixel_verdict",
            lang,
            ae=_percent(found.ae.pixels.value),
            vae=_percent(found.vae.pixels.value),
        ),
        text(f"between.ae.{order}", lang, jump=_percent(jump.ae.mind.value)),
        text("between.ae.one_run", lang),
    ]
    return text("between.space", lang).join(sentences)


def _written(found: Estimate, lang: str) -> tuple[str, str]:
    """A share, or a distance as a share of the full range, and its interval."""
    value, low, high = (_percent(share) for share in (found.value, found.low, found.high))
    return text("value.percent", lang, value=value), text("value.interval", lang, low=low, high=high)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _signed(share: float) -> str:
    return f"{100 * share:+.1f}".replace("-", "−")
