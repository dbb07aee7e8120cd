"""What lies between two pictures; and, as the last step, in what the two models differ at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from explorer.classifier import load_classifier
from explorer.runs import Run
from explorer.runs.priors import latent_size
from explorer.ui.computed import catalog
from explorer.ui.computed.between import FADE, Seen, between
from explorer.ui.computed.halfway import model_name, said_of, third_classes
from explorer.ui.computed.pairs import CAPTIONS, default_pair, shown_pair
from explorer.ui.computed.pictured import pictured
from explorer.ui.guide.formula import formula
from explorer.ui.guide.reports import bits, figure, rate, rung_named, written
from explorer.ui.guide.runs import RunsByRole
from explorer.ui.guide.step import Answer, Line, Place, Question, Step, line
from explorer.ui.guide.steps import blur
from explorer.ui.text import text


def _place(roles: RunsByRole) -> Place:
    pair = default_pair(roles.view.data)
    return {"left": roles.usual("vae"), "right": roles.usual("vq"), "image": pair[0], "image_b": None}


def _pair(roles: RunsByRole) -> tuple[int, int]:
    return shown_pair(roles.view.data, roles.view.image, roles.view.image_b)


def _facts(roles: RunsByRole) -> dict[str, object]:
    return {"dog": partial(_dog, roles.view.data)}


def _dog(data: str, lang: str) -> str:
    """Where the pair of the notes is, for who does not see it."""
    return "" if data in CAPTIONS else text("guide.between.dog", lang)


def _question(roles: RunsByRole) -> Question:
    (image, other), data = _pair(roles), roles.view.data
    ways = _ways(roles)
    asked = line("guide.between.ask", a=pictured(data, image), b=pictured(data, other), names=partial(_named, ways))
    return Question(asked, high=len(ways), about=(*ways.values(), image, other))


def _ways(roles: RunsByRole) -> dict[str, str]:
    """Kind -> run of each row of the panel: the cross-fade's, an AE's where there is one, and those of the two."""
    ae = catalog.choose(roles.view.left, roles.view.data, ("ae",)).run
    ways = {FADE: FADE, "ae": ae or "", "vae": roles.id("vae"), "vqvae": roles.id("vq")}
    return {kind: run for kind, run in ways.items() if run}


def _named(ways: Iterable[str], lang: str) -> str:
    return text("between.comma", lang).join(model_name(kind, lang) for kind in ways)


def _seen(roles: RunsByRole) -> dict[str, Seen]:
    """The rows of the panel as the classifier sees them.

    Raises:
        RunError: the set has no classifier.
    """
    data, pair = roles.view.data, _pair(roles)
    load_classifier(data)
    rows = {kind: between(data, run, pair).seen for kind, run in _ways(roles).items()}
    return {kind: seen for kind, seen in rows.items() if seen is not None}


def _answer(roles: RunsByRole) -> Answer:
    seen, data, pair = _seen(roles), roles.view.data, _pair(roles)
    said: Callable[[str], str] = partial(said_of, seen, data, pair)
    return Answer(len(third_classes(seen, data, pair)), (line("guide.between.measured", said=said),))


def _doubt(roles: RunsByRole) -> tuple[Line, ...]:
    """In one breath: what is the same, what differs, and what is left of that at the same rate."""
    vae, vq = roles.run("vae"), roles.run("vq")
    return _trunk(vae, vq), _parted(vae, vq), *_matched(vq)


def _trunk(vae: Run, vq: Run) -> Line:
    widths = [(run.config.width, run.config.decoder_width or run.config.width) for run in (vae, vq)]
    same = widths[0] == widths[1]
    return line(f"guide.between.{'trunk' if same else 'trunks'}", vae=_parameters(vae), vq=_parameters(vq))


def _parameters(run: Run) -> str:
    """Of encoder and decoder, their heads included: a codebook belongs to neither."""
    return f"{sum(p.numel() for part in (run.model.encoder, run.model.decoder) for p in part.parameters()):,}"


def _parted(vae: Run, vq: Run) -> Line:
    cells, codes = vq.model.shape.grid**2, vq.config.num_embeddings
    return line("guide.between.parted", numbers=f"{latent_size(vae):,}", cells=f"{cells:,}", codes=f"{codes:,}")


def _matched(vq: Run) -> tuple[Line, ...]:
    near, rung = blur.nearest(vq)
    rates = {"near_bits": bits(rate(near, rung)), "vq_bits": bits(rate(vq, rung)), "rung": rung_named(rung)}
    px = {name: written(blur.blur_of(run), 2) for name, run in (("near", near), ("vq", vq))}
    db = {f"{name}_db": written(figure(run, "psnr_db"), 1) for name, run in (("near", near), ("vq", vq))}
    told = line("guide.between.told", run=near.id, **rates, **px, **db)
    return told, *blur.verdicts(near, vq, rung)


STEP = Step(
    name="between",
    tab="latent",
    place=_place,
    look=".ex-btw-rows",
    formulas=(
        formula("z_t = ( 1 − t ) · z_a + t · z_b"),
        formula("k_t = argmin_j ‖ ( 1 − t ) · z_e^a + t · z_e^b − e_j ‖^2"),
    ),
    question=_question,
    answer=_answer,
    facts=_facts,
    doubt=_doubt,
    note="question",
)
