"""Tab ELBO: the VAE's loss in two parts, what β does to it, and how far the bound is from log p(x)."""

from __future__ import annotations

from explorer.ui.page.parts import part


def build() -> None:
    """Loss and units, the posterior under the hand, the sweep, bounds and evidence, codes without training, codes."""
    part(
        "elbo/loss.js",
        '<section class="ex-box ex-elbo-panel ex-elbo-loss" data-part="loss"></section>',
        elem_id="ex-elbo-loss",
    )
    part(
        "elbo/posterior.js",
        '<section class="ex-box ex-elbo-panel ex-elbo-draw" data-part="draw"></section>',
        elem_id="ex-elbo-posterior",
    )
    part(
        "elbo/sweep.js",
        '<section class="ex-box ex-elbo-panel ex-elbo-sweep" data-part="sweep"></section>',
        elem_id="ex-elbo-sweep",
    )
    part(
        "elbo/evidence.js",
        '<section class="ex-box ex-elbo-panel ex-elbo-evidence" data-part="evidence"></section>',
        elem_id="ex-elbo-evidence",
    )
    part(
        "elbo/quantize.js",
        '<section class="ex-box ex-elbo-panel ex-elbo-quantize" data-part="quantize" data-expert></section>',
        elem_id="ex-elbo-quantize",
    )
    part(
        "elbo/codes.js",
        '<section class="ex-box ex-elbo-panel ex-elbo-codes" data-part="codes"></section>',
        elem_id="ex-elbo-codes",
    )
