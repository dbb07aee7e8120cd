"""log p(x) of one test image by integration, and the true posterior beside q(z|x)."""

from __future__ import annotations

from typing import Any, cast

from torch import Tensor

from explorer.errors import ViewError
from explorer.metrics.evidence import MOVED
from explorer.plots.elbo import PosteriorLabels, TruePosterior, posterior_figure
from explorer.reports.evidence import integrable
from explorer.runs import Run
from explorer.ui.computed import catalog, encoded, posteriors
from explorer.ui.questions.params import Params
from explorer.ui.text import text


def is_stored(params: Params) -> bool:
    """Whether the answer needs no integral.

    Raises:
        ExplorerError: the question will be refused.
    """
    return posteriors.is_stored(*_asked(params))


def _asked(params: Params) -> tuple[Run, int]:
    run = params.run(kinds=("vae",))
    if not integrable(run):
        raise ViewError("evidence_no_plane", run=run.id)
    return run, params.integer("image", catalog.test_count(run.config.data))


def answer(params: Params) -> dict[str, Any]:
    """The `figure` of both posteriors, `log_px` and `gap` as numbers, and a `sentence` about the integral.

    Asked for with `run`, a VAE with two numbers for an image, and `image`.

    Raises:
        ViewError: `evidence_no_plane`, the latent has more numbers.
    """
    run, image = _asked(params)
    found, lang = posteriors.posterior(run, image), params.lang
    latent = encoded.single(run, image).latent
    mean, logvar = cast(Tensor, latent.mean), cast(Tensor, latent.logvar)
    field = found.grid
    true = TruePosterior(field.x.numpy(), field.y.numpy(), field.density.numpy(), field.levels)
    labels = PosteriorLabels(
        true=text("elbo.posterior.true", lang),
        q=text("elbo.posterior.q", lang),
        first=text("elbo.axis", lang, number=1),
        second=text("elbo.axis", lang, number=2),
    )
    said = "elbo.posterior.accepted" if found.accepted else "elbo.posterior.refused"
    return {
        "figure": posterior_figure(true, mean.tolist(), (0.5 * logvar).exp().tolist(), labels),
        "log_px": found.log_px,
        "gap": found.gap,
        "accepted": found.accepted,
        "sentence": text(
            said,
            lang,
            step=f"{found.step:.4f}",
            moved=f"{found.moved:.4f}",
            limit=f"{MOVED:g}",
            decoded=f"{found.decoded:,}",
        ),
    }
