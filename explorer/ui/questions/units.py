"""The VAE's side of the tab Codebook's film: the KL of each unit at each frame, and posteriors beside the prior."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from explorer.metrics.posterior import SILENT_NATS
from explorer.studies.silent import AVERAGED, UNIT_REMEDIES
from explorer.ui.computed import catalog
from explorer.ui.computed.units import STUDY, UnitFilm, films_of, study_record, unit_film, without
from explorer.ui.questions.params import Params
from explorer.ui.text import templates, text


def answer(params: Params) -> dict[str, Any]:
    """`films` as (name, label) and the `film` shown, "" where there is none; `words`, those with holes for the client.

    Of a film also its `steps` (T,), `kl` (T, units) in nats, `silent` (T,) units below `least` nats, `sentences` (T,),
    a `caption`, and `ellipses` {mean, sigma} (T, P, 2) where the latent has two numbers, else None. `note` says that
    the VAE that was asked for kept no film.

    Asked for with `data`, `film` (a name of `films`, "" for the first) and `left`, the run that a reader looks at.
    """
    data, lang = params.choice("data", catalog.image_sets()), params.lang
    names = films_of(data)
    left = params.word("left", 200) if params.has("left") else ""
    asked = params.choice("film", ("", *names)) if params.has("film") else ""
    name = asked or (left if left in names else next(iter(names), ""))
    film = unit_film(name) if name else None
    missing = without(data, left)
    shown = {
        "films": [[each, film_label(each, lang)] for each in names],
        "film": name if film else "",
        "note": text("units.without", lang, run=missing.id) if missing else "",
        "words": templates("units.", lang) | {"units.what": text("units.what", lang, least=f"{SILENT_NATS:g}")},
    }
    return shown | (_told(film, name, lang) if film else {"note": shown["note"] or text("units.none", lang, data=data)})


def _told(film: UnitFilm, name: str, lang: str) -> dict[str, Any]:
    silent = (film.kl < SILENT_NATS).sum(1)
    ellipses = None
    if film.mean is not None and film.sigma is not None:
        ellipses = {"mean": np.round(film.mean, 3).tolist(), "sigma": np.round(film.sigma, 3).tolist()}
    return {
        "steps": film.steps.tolist(),
        "kl": np.round(film.kl, 4).tolist(),
        "least": SILENT_NATS,
        "silent": silent.tolist(),
        "sentences": [_sentence(film, frame, int(silent[frame]), lang) for frame in range(len(film.steps))],
        "caption": _caption(film, name, lang),
        "ellipses": ellipses,
    }


def _sentence(film: UnitFilm, frame: int, silent: int, lang: str) -> str:
    nats = film.kl[frame]
    return text(
        "units.now",
        lang,
        step=f"{film.steps[frame]:,}",
        last=f"{film.steps[-1]:,}",
        silent=silent,
        units=len(nats),
        nats=f"{nats.sum():.2f}",
        bits=f"{nats.sum() / math.log(2):.2f}",
        most=f"{nats.max():.2f}",
    )


def _caption(film: UnitFilm, name: str, lang: str) -> str:
    spatial = not name.startswith(STUDY) and catalog.run(name).config.spatial
    parts = [text("units.probed" if film.probed else "units.measured", lang, images=f"{film.images:,}")]
    parts += [text("units.channels", lang)] if spatial else []
    if film.mean is not None:
        parts.append(text("units.ellipses", lang, drawn=film.mean.shape[1]))
    elif not spatial:
        parts.append(text("units.no_plane", lang, units=film.kl.shape[1]))
    if name.startswith(STUDY):
        parts.append(
            text("units.study", lang, cell=study_record(name)["cell"], beta=study_record(name)["config"]["beta"])
        )
    return ("" if lang == "zh" else " ").join(parts)


def film_label(name: str, lang: str) -> str:
    """A film's name for a reader."""
    if not name.startswith(STUDY):
        return catalog.label_of(catalog.run(name).info, lang)
    record = study_record(name)
    what = next(each.title for each in (AVERAGED, *UNIT_REMEDIES) if each.cell == record["cell"])
    return text("units.member", lang, what=what[lang == "zh"], seed=record["seed"])
