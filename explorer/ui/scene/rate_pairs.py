"""Pairs worth a look beside the one on screen: the classic one, and one at a known rate."""

from __future__ import annotations

from explorer.reports.matching import matched_vae, nearest_vae
from explorer.runs import Run
from explorer.ui.computed import catalog
from explorer.ui.scene.sharpness import name_of
from explorer.ui.text import text

Pair = dict[str, str]


def pairs_beside(pair: tuple[Run, Run], lang: str) -> list[Pair]:
    """`name`, `label`, `left` and `right` of every pair worth a look that is not on screen."""
    found = [classic(pair[0].config.data, lang), matched(pair, lang)]
    shown = [run.id for run in pair]
    return [each for each in found if each and [each["left"], each["right"]] != shown]


def classic(data: str, lang: str) -> Pair | None:
    """A set's 2-D VAE against its 2-D codebook; None where one of them is not here."""
    left, right = (catalog.default_run(data, kinds) for kinds in (catalog.LEFT_KINDS, catalog.RIGHT_KINDS))
    if left is None or right is None:
        return None
    return {"name": "classic", "label": text("sharpness.classic", lang), "left": left, "right": right}


def matched(pair: tuple[Run, Run], lang: str) -> Pair | None:
    """The VQ-VAE on screen, else the set's default one, against the VAE that was given as many bits, or nearly."""
    data = pair[0].config.data
    codes = [run for run in reversed(pair) if run.config.is_vq]
    known = tuple(catalog.read_runs(catalog.runs_of(data)))
    codes += [run for run in known if run.id == catalog.default_run(data, catalog.RIGHT_KINDS)]
    for key, find in (("matched", matched_vae), ("nearest", nearest_vae)):
        for run in codes:
            if found := find(run, known):
                partner = catalog.run(found.id)
                label = text(
                    f"sharpness.{key}", lang, left=name_of(partner, lang), right=name_of(run, lang),
                    apart=f"{100 * abs(found.apart):.1f}",
                )  # fmt: skip
                return {"name": "matched", "label": label, "left": partner.id, "right": run.id}
    return None
