"""The README.md of a run: what it is and what was measured, in the Hub's model-card form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from explorer.data import ImageSet
from explorer.metrics.rate import RUNGS
from explorer.runs import RunInfo
from explorer.training.config import RunConfig

#: In both languages of the page: whoever opens a card finds the way in either.
HEADINGS = {
    "measured": "## Measured on {n} test images · 在 {n} 张测试图像上测得",
    "settings": "## Settings · 设置",
    "data": "## Data · 数据",
    "use": "## Use · 用法",
}
#: In which order rows of one kind stand, simple ones first; a report on disk has them by their names.
ORDER = (
    *("uniform", "frequencies", "normal", "simple", "mixture", "learned", "own_spread"),
    *("encoder", "codebook", "decoder"),
)
KINDS = {"ae": "Autoencoder", "vae": "VAE", "vqvae": "VQ-VAE"}


def model_card(info: RunInfo, report: dict[str, Any], image_set: ImageSet) -> str:
    """Markdown with the Hub's front matter; every figure comes from `report`."""
    lines = [
        *_front(info, image_set),
        *_made_of(report),
        "",
        HEADINGS["measured"].format(n=report["n"]),
        "",
        *_table("figure", _figures(report)),
        "",
        "z is drawn from q(z|x) where the model has one. Fidelity is not sharpness.",
        *_rest(report),
        "",
        HEADINGS["settings"],
        "",
        *_table("setting", _settings(info)),
        *_changes(info),
        "",
        HEADINGS["data"],
        "",
        f"{image_set.source}. Licence: {image_set.licence}. SHA-256 of the decoded set: `{info.data_sha256}`.",
        "",
        HEADINGS["use"],
        "",
        "```python",
        "from explorer.runs import load_run",
        "",
        f'model = load_run("{info.id}").model',
        "```",
    ]
    return "\n".join(lines) + "\n"


def _front(info: RunInfo, image_set: ImageSet) -> list[str]:
    """Front matter, name, and what was trained on what."""
    config, shape = info.config, info.shape
    return [
        "---",
        "license: mit",
        "library_name: pytorch",
        "pipeline_tag: unconditional-image-generation",
        f"tags: [{config.model}, image-reconstruction]",
        "---",
        f"# {info.id}",
        "",
        f"{KINDS[config.model]} for {image_set.name} images of {shape.channels}×{shape.height}×{shape.width}, "
        f"trained for {info.step} steps of {config.batch_size} images (seed {config.seed}).",
        *([f"Twin of `{info.twin_of}`: same first weights, same batches."] if info.twin_of else []),
    ]


def _table(of: str, rows: Sequence[tuple[str, Any]]) -> list[str]:
    return [f"| {of} | value |", "|---|---|", *[f"| {name} | {value} |" for name, value in rows]]


def _made_of(report: dict[str, Any]) -> list[str]:
    """Of a run that was made of another one, and not trained."""
    found = report.get("gaussian_quantization")
    if not found:
        return []
    return [
        f"Not trained itself: the VAE `{found['run']}`, whose posterior means are replaced by the nearest of "
        f"2^{found['bits']} {found['codes']} codes a channel (Gaussian quantization, arXiv 2512.06609). Over "
        f"{found['draws']} such codebooks: PSNR {found['psnr_db']['low']:.2f} to {found['psnr_db']['high']:.2f} dB, "
        f"decoding the mean {found['psnr_of_mean_db']:.2f} dB; {found['missed']['value']:.1%} of numbers off by more "
        f"than σ, where theory allows {found['bound']:.1%}."
    ]


def _figures(report: dict[str, Any]) -> list[tuple[str, str]]:
    rows = [
        ("PSNR, pooled", f"{report['psnr_db']:.2f} dB"),
        ("SSIM", f"{report['ssim']:.3f}"),
        ("−log p(x given z), fixed s²", f"{report['nll_nats']:.1f} nats"),
        ("s²", f"{report['s2']:.5f}"),
    ]
    rows += [(f"rate, {rung} prior", f"{bits:.1f} bits/image") for rung, bits in _rates(report)]
    if "active_units" in report:
        rows.append(("active units", str(report["active_units"])))
    if "codebook" in report:
        health = report["codebook"]
        rows.append(("codes used", f"{health['used']} ({health['usage']:.1%})"))
        rows.append(("codes dead", str(health["dead"])))
        rows.append(("perplexity", f"{health['perplexity']:.1f} (n = {health['num_vectors']} vectors)"))
        rows += _levels(report)
    rows += _evidence(report)
    rows += _generation(report)
    rows += [(f"parameters, {part}", f"{count:,}") for part, count in _in_order(report["parameters"])]
    return rows


def _levels(report: dict[str, Any]) -> list[tuple[str, str]]:
    """Of a model of several codebooks: each of them, and whole tuples."""
    rows = []
    for number, level in enumerate(report.get("levels", []), 1):
        adds = f", +{level['adds_db']:.2f} dB" if "adds_db" in level else ""
        picture = f", {level['psnr_db']:.2f} dB up to here{adds}" if "psnr_db" in level else ""
        rows.append((f"codebook {number}", f"{level['used']} used, perplexity {level['perplexity']:.1f}{picture}"))
    if "tuples" in report:
        rows.append(("tuples in use", f"{report['tuples']['distinct']}"))
    return rows


def _changes(info: RunInfo) -> list[str]:
    """What the settings, which say how the run began, do not say."""
    stopped = [f"Stopped at step {info.step} of {info.config.steps}."] if info.step < info.config.steps else []
    changes = [
        f"- after step {change.step}: {change.what}"
        + ("" if change.value is None else f" {'' if change.before is None else f'{change.before} → '}{change.value}")
        for change in info.history
    ]
    return [*(["", *stopped] if stopped else []), *(["", "Changed while it trained:", "", *changes] if changes else [])]


def _rest(report: dict[str, Any]) -> list[str]:
    """Whether training had come to rest: without that, a figure belongs to a step and not to a model."""
    rest = report.get("last_fifth")
    if not rest:
        return []
    mse, loss = (f"{rest[f'{name}_change']:.2%}" for name in ("val_mse", "val_loss"))
    line = f"Over the last fifth of the steps (from {rest['from_step']}) the validation images' MSE moved by {mse}"
    return ["", f"{line}, their loss by {loss}: the farthest from the last value, as a share of it."]


def _evidence(report: dict[str, Any]) -> list[tuple[str, str]]:
    """Bounds on log p(x) with the standard error over images; β = 1 and one fixed s² in all of them."""
    found = report.get("evidence", {})
    over = f"n = {found.get('n')}"
    if "bounds" in found:
        return [
            (f"bound on log p(x), {name} codes", f"{bound['nats']:.1f} ± {bound['image_error']:.1f} nats ({over})")
            for name, bound in _in_order(found["bounds"])
        ]
    curve = found.get("iwae", {"k": []})
    rows = [
        ("ELBO" if k == 1 else f"IWAE-{k}", f"{nats:.1f} ± {error:.1f} nats ({over})")
        for k, nats, error in zip(curve["k"], curve.get("nats", []), curve.get("image_error", []), strict=True)
        if k in (1, 1000)
    ]
    if "log_px" in found:
        exact = found["log_px"]
        rows.append(("log p(x), integrated", f"{exact['nats']:.1f} ± {exact['image_error']:.1f} nats ({over})"))
    return rows


def _generation(report: dict[str, Any]) -> list[tuple[str, str]]:
    """The headline of each prior's samples; no FID, since the features are the small classifier's."""
    if "generation" not in report:
        return []
    figures = report["generation"]
    rows = dict(_in_order(figures["rows"])) | {"real half": figures["calibration"]["real_half"]}
    return [
        (f"KID-clf of samples, {name.replace('_', ' ')}", f"{row['kid_clf']['value']:.3f} ± {row['kid_clf']['sd']:.3f}")
        for name, row in rows.items()
    ]


def _rates(report: dict[str, Any]) -> list[tuple[str, float]]:
    rates = report.get("rates", {})
    return [(rung, rates[rung]) for rung in RUNGS if rates.get(rung) is not None]


def _in_order(values: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted(values.items(), key=lambda item: (ORDER.index(item[0]) if item[0] in ORDER else len(ORDER), item[0]))


_VQ_ONLY = (
    *("num_embeddings", "embedding_dim", "commitment_cost", "codebook_update", "codebook_init", "dead_codes"),
    *("quantizer", "gradient_estimator", "distance", "regularizer"),
)
_LEVELS = {
    "residual": ("level_quantizer", "levels", "shared_codebook", "quantize_dropout"),
    "grouped": ("level_quantizer", "groups", "shared_codebook"),
}
_EMA_ONLY = ("ema_start", "decay", "epsilon")
_SHARED = ("model", "data", "seed", "steps", "batch_size", "lr", "lr_schedule", "width", "augment")


def _kl_settings(config: RunConfig) -> tuple[str, ...]:
    if config.model != "vae":
        return ()
    numbers = {"warm-up": ("warm_up",), "cyclical": ("kl_cycles",), "free-bits": ("free_bits",)}
    numbers |= {"target": ("kl_target",)}
    names = ("beta", *(("kl_policy", *numbers[config.kl_policy]) if config.kl_policy in numbers else ()))
    return names + (("decoder_width",) if config.decoder_width else ())


def _settings(info: RunInfo) -> list[tuple[str, Any]]:
    config = info.config
    names: tuple[str, ...] = _SHARED
    if config.is_vq:
        names += _VQ_ONLY
        names += _LEVELS[config.quantizer] if config.num_levels else ()
        names += {"gradient": ("codebook_lr",), "fixed": ()}.get(config.codebook_update, _EMA_ONLY)
    else:
        names += ("latent_dim", "spatial", *_kl_settings(config))
    names += ("precision",) if config.precision != "fp32" else ()
    return [(name, getattr(config, name)) for name in names] + [("threads", info.threads)]
