"""Writes the tables of docs/sharpness-study.md anew from the shipped runs: `python scripts/sharpness_study.py`.

Nothing is trained or decoded here: bits, curves and means stand in the runs' reports, the measures of single images in
their measures.npz. The prose around the tables is written by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from torch import nn

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from explorer.metrics.paired import PairedDifference, paired_difference  # noqa: E402
from explorer.metrics.rate import RUNGS  # noqa: E402
from explorer.metrics.rate_match import CLOSE  # noqa: E402
from explorer.reports.comparison import siblings  # noqa: E402
from explorer.reports.matching import bits_on, common_rung, rates_of, trained_alike  # noqa: E402
from explorer.runs import SHIPPED, Run, list_runs, load_run  # noqa: E402
from explorer.runs.priors import learned_rung, prior_facts  # noqa: E402
from scripts.checkpoints import STEPS, planned  # noqa: E402
from scripts.marked_tables import refreshed, table  # noqa: E402

DOCUMENT = ROOT / "docs/sharpness-study.md"
SETS = {"fashion": "Fashion-MNIST", "emoji": "emoji", "faces": "faces"}
#: Measures of a comparison: unit and digits.
MEASURES = {"sigma_eq_px": ("σ_eq (px)", 3), "psnr_db": ("PSNR (dB)", 2), "ssim": ("SSIM", 3)}
#: Frequencies, cycles per pixel, at which curves are read.
FREQUENCIES = (0.1, 0.2, 0.3, 0.4, 0.5)
#: A VAE further from a VQ-VAE than this share of its bits stands beside it only where no lower rung has a nearer one.
FAR = 0.2
NOT_YET = "None of the runs that this table needs is here yet."
HEADLINE = "{data}-vqvae-d2-k256-ema-s0"
CLASSIC = "{data}-vae-z2-s0"


@cache
def shipped_runs(data: str) -> tuple[Run, ...]:
    """Every shipped run of an image set that has been measured."""
    runs = [load_run(info.id) for info in list_runs([SHIPPED]) if info.config.data == data]
    return tuple(run for run in runs if run.measures is not None)


def by_id(run_id: str) -> Run | None:
    """A shipped run, None if it is not here."""
    return next((run for run in shipped_runs(run_id.partition("-")[0]) if run.id == run_id), None)


@cache
def difference(first: str, second: str, measure: str) -> PairedDifference:
    """Second minus first, image by image."""
    one, other = by_id(first), by_id(second)
    assert one is not None and other is not None  # noqa: PT018
    assert one.measures is not None and other.measures is not None  # noqa: PT018
    return paired_difference(one.measures[measure], other.measures[measure])


def mean(run: Run, measure: str) -> float:
    """Over the test images that have a value."""
    assert run.measures is not None
    return float(np.nanmean(run.measures[measure].astype(np.float64)))


def signed(value: float, digits: int) -> str:
    """With its sign."""
    return f"{value:+.{digits}f}".replace("-", "−")


def gap(first: Run, second: Run, measure: str) -> str:
    """Second minus first with its interval over images."""
    found, digits = difference(first.id, second.id, measure), MEASURES[measure][1]
    return f"{signed(found.mean, digits)} [{signed(found.low, digits)}, {signed(found.high, digits)}]"


@dataclass(frozen=True)
class Partner:
    """The VAE that stands beside a VQ-VAE.

    Attributes:
        run: of it, on the codes' own grid, of their seed if there is one.
        rung: on which both are counted, the highest that the codes share with such a VAE that is not `FAR`.
        apart: its bits over the codes', minus 1.
    """

    run: Run
    rung: str
    apart: float

    @property
    def matched(self) -> bool:
        """Within 5 % on the learned rung."""
        return self.rung == "learned" and abs(self.apart) <= CLOSE


def bits(run: Run, rung: str) -> str:
    """What a run is counted at."""
    value = bits_on(run, rung)
    return "–" if np.isnan(value) else f"{value:.1f}"


def partner(codes: Run) -> Partner | None:
    """The VAE on the codes' grid that is nearest to them in rate."""
    vaes = [run for run in shipped_runs(codes.config.data) if run.config.spatial and trained_alike(codes, run)]
    for rung in reversed(RUNGS):
        rated = [run for run in vaes if run.config.seed == codes.config.seed and rung in rates_of(run)]
        if rung in rates_of(codes) and rated:
            found = [Partner(run, rung, bits_on(run, rung) / bits_on(codes, rung) - 1) for run in rated]
            best = min(found, key=lambda each: abs(each.apart))
            if rung == RUNGS[0] or abs(best.apart) <= FAR:
                return best
    return None


# --- tables


def standing() -> str:
    """Which runs are there, of those that the study asks for."""
    lines = []
    for data, name in SETS.items():
        plan = planned(data)
        missing = [run_id for run_id in plan if by_id(run_id) is None]
        lines.append(f"- {name}: {len(plan) - len(missing)} of {len(plan)} runs are here, {STEPS[data]:,} steps each.")
        if missing:
            lines.append(f"  Not here: {', '.join(f'`{run_id}`' for run_id in missing)}.")
    return "\n".join(lines)


def rungs() -> str:
    """What every run on a grid costs on each rung, and what it gives for it."""
    rows = []
    for data in SETS:
        grids = [run for run in shipped_runs(data) if not run.config.seed and (run.config.is_vq or run.config.spatial)]
        rows += [_rungs_of(run) for run in sorted(grids, key=lambda run: (run.config.is_vq, run.report["psnr_db"]))]
    head = " | ".join(
        [
            "run",
            *(f"bits, {rung}" for rung in RUNGS),
            "learned prior: steps, parameters",
            "PSNR (dB)",
            "σ_eq (px)",
            "ELBO, fixed (nats)",
            "ELBO, learned (nats)",
        ]
    )
    return table(head, rows, NOT_YET)


def _rungs_of(run: Run) -> list[str]:
    return [
        f"`{run.id}`",
        *(bits(run, rung) for rung in RUNGS),
        prior_of(run),
        f"{run.report['psnr_db']:.2f}",
        f"{mean(run, 'sigma_eq_px'):.3f}",
        *(elbo(run, rung) for rung in ("fixed", "learned")),
    ]


def prior_of(run: Run) -> str:
    """How long a run's learned prior was trained, and how many numbers it has."""
    if "learned" not in rates_of(run):
        return "not trained"
    facts = prior_facts(run)
    prior = learned_rung(run)
    assert isinstance(prior, nn.Module)
    size = sum(parameter.numel() for parameter in prior.parameters())
    return f"{facts['steps']:,}, {size:,}"


def elbo(run: Run, rung: str) -> str:
    """The bound with the prior of a rung, and what one draw of z an image leaves open."""
    value, error = (run.report.get(key, {}).get(rung) for key in ("elbo_nats", "elbo_draw_error"))
    return "–" if value is None else f"{value:.0f}" + ("" if error is None else f" ± {error:.1f}")


def matched() -> str:
    """Every VQ-VAE of seed 0 beside the VAE nearest in rate on its own grid."""
    rows = []
    for data in SETS:
        for codes in shipped_runs(data):
            found = None if not codes.config.is_vq or codes.config.seed else partner(codes)
            if found is None:
                continue
            vae = found.run
            verdict = "matched" if found.matched else "not matched" if found.rung == "learned" else "lower rung"
            rows.append(
                [
                    f"`{codes.id}`",
                    f"`{vae.id}`",
                    found.rung,
                    bits(codes, found.rung),
                    bits(vae, found.rung),
                    f"{signed(100 * found.apart, 1)} %",
                    verdict,
                    *(gap(vae, codes, measure) for measure in MEASURES),
                ]
            )
    head = "VQ-VAE | VAE | rung | bits, VQ-VAE | bits, VAE | VAE over VQ-VAE | | " + " | ".join(
        f"Δ {label}" for label, _ in MEASURES.values()
    )
    return table(head, rows, NOT_YET)


#: VQ-VAE, the VAE that it was called matched to while that paid its KL to N(0, I), and one that costs no more now.
TURNED = (
    ("fashion-vqvae-d2-k256-ema-s0", "fashion-vae-z2-spatial-b1.25-s0", "fashion-vae-z2-spatial-b0.28-s0"),
    ("fashion-vqvae-d2-k16-ema-s0", "fashion-vae-z2-spatial-b4-s0", "fashion-vae-z2-spatial-b2.4-s0"),
)


def turned() -> str:
    """The published match of one learned and one fixed prior, and what both cost on one rung."""
    rows = []
    for codes_id, old_id, new_id in TURNED:
        codes = by_id(codes_id)
        for vae_id in (old_id, new_id):
            vae = by_id(vae_id)
            if codes is None or vae is None:
                continue
            counts = [f"{bits(vae, rung)} / {bits(codes, rung)}" for rung in RUNGS]
            rows.append([f"`{codes.id}`", f"`{vae.id}`", *counts, *(gap(vae, codes, measure) for measure in MEASURES)])
    head = " | ".join(
        ["VQ-VAE", "VAE", *(f"{rung}: bits, VAE / VQ-VAE" for rung in RUNGS)]
        + [f"Δ {label}" for label, _ in MEASURES.values()]
    )
    return table(head, rows, NOT_YET)


#: PSNR at which bits are compared, dB.
AT_DB = {"fashion": 22.0, "emoji": 17.5, "faces": 22.0}


def distortion() -> str:
    """The match the other way round: bits for the same PSNR, between the two runs of a family that stand around it."""
    rows = []
    for data, name in SETS.items():
        runs = [run for run in shipped_runs(data) if not run.config.seed]
        families = {
            "VAE on the grid, by β": [run for run in runs if run.config.spatial],
            "VQ-VAE D = 2, EMA, by K": [run for run in runs if "-vqvae-d2-" in run.id and "-ema-" in run.id],
        }
        for family, members in families.items():
            rows.append([name, f"{AT_DB[data]:g} dB", family, *(needed(members, rung, AT_DB[data]) for rung in RUNGS)])
    return table(" | ".join(["set", "at", "family", *(f"bits, {rung}" for rung in RUNGS)]), rows, NOT_YET)


def needed(runs: list[Run], rung: str, psnr_db: float) -> str:
    """Bits at a PSNR, log bits interpolated between neighbours that both have the rung; and between which."""
    rated = sorted((run.report["psnr_db"], bits_on(run, rung), run.id) for run in runs if rung in rates_of(run))
    for below, above in pairwise(rated):
        if below[0] <= psnr_db <= above[0]:
            share = (psnr_db - below[0]) / (above[0] - below[0])
            return f"{below[1] ** (1 - share) * above[1] ** share:.0f}"
    return "–"


#: K of the codebooks whose pairs are shown training by training.
SEEDED = (256, 16)


def seed_pairs(data: str, k: int = SEEDED[0]) -> Iterator[tuple[int, Run, Run]]:
    """Seed, VAE and VQ-VAE of the pair of K codes, for each seed that both have."""
    codes = by_id(HEADLINE.format(data=data).replace("k256", f"k{k}"))
    found = partner(codes) if codes else None
    if codes is None or found is None:
        return
    vaes = {run.config.seed: run for run in siblings(found.run, shipped_runs(data))}
    for other in siblings(codes, shipped_runs(data)):
        if other.config.seed in vaes:
            yield other.config.seed, vaes[other.config.seed], other


def seeds() -> str:
    """The headline pair of each set, and the pair of few codes, training by training."""
    rows = [row for data in SETS for k in SEEDED for row in _seed_rows(data, k)]
    head = "set | K | seed | bits, VAE against VQ-VAE | " + " | ".join(label for label, _ in MEASURES.values())
    return table(head, rows, NOT_YET)


def _seed_rows(data: str, k: int) -> Iterator[list[str]]:
    pairs = list(seed_pairs(data, k))
    for seed, vae, codes in pairs:
        values = [
            f"{mean(vae, measure):.{digits}f} → {mean(codes, measure):.{digits}f}, {gap(vae, codes, measure)}"
            for measure, (_, digits) in MEASURES.items()
        ]
        rung = common_rung(vae, codes)
        yield [SETS[data], f"{k}", f"{seed}", f"{bits(vae, rung)} against {bits(codes, rung)} ({rung})", *values]
    if len(pairs) > 1:
        spans = [span([difference(v.id, c.id, m).mean for _, v, c in pairs], d) for m, (_, d) in MEASURES.items()]
        yield [SETS[data], f"{k}", f"all {len(pairs)}: lowest to highest", "", *spans]


def span(values: list[float], digits: int) -> str:
    """Lowest to highest."""
    return f"{signed(min(values), digits)} to {signed(max(values), digits)}"


@dataclass(frozen=True)
class Parted:
    """A gap between two runs, parted at a third.

    Attributes:
        whole: last minus first.
        to_middle: of it, middle minus first.
    """

    whole: float
    to_middle: float

    @property
    def share(self) -> float:
        """Of the whole that lies before the middle."""
        return self.to_middle / self.whole


def parted(first: Run, middle: Run, last: Run, measure: str) -> Parted:
    """The gap from `first` to `last` at `middle`, means over images."""
    return Parted(difference(first.id, last.id, measure).mean, difference(first.id, middle.id, measure).mean)


def rate() -> str:
    """How much of the classic gap a VAE makes up for once it has the bits."""
    rows = []
    for data, name in SETS.items():
        codes, vae = by_id(HEADLINE.format(data=data)), by_id(CLASSIC.format(data=data))
        found = partner(codes) if codes else None
        if codes is None or vae is None or found is None:
            continue
        middle = found.run
        for measure, (label, _) in MEASURES.items():
            rows.append(
                [
                    name,
                    label,
                    gap(vae, codes, measure),
                    gap(vae, middle, measure),
                    gap(middle, codes, measure),
                    f"{100 * parted(vae, middle, codes, measure).share:.0f} %",
                ]
            )
    head = (
        "set | measure | classic pair | of it, VAE to matched VAE | of it, matched VAE to VQ-VAE | share of the first"
    )
    return table(head, rows, NOT_YET)


def blur() -> str:
    """What is kept and what is drawn of each frequency, of models that differ in kind and in rate."""
    rows = []
    for data in SETS:
        codes = by_id(HEADLINE.format(data=data))
        found = partner(codes) if codes else None
        wanted = [f"{data}-ae-z2-s0", CLASSIC.format(data=data), f"{data}-vae-z16-s0"]
        wanted += [found.run.id] if found else []
        wanted += [HEADLINE.format(data=data), f"{data}-vqvae-d64-k512-ema-restart-s0"]
        rows += [_curves(run) for run_id in wanted if (run := by_id(run_id))]
    head = " | ".join(
        [
            "run",
            "bits, fixed",
            "bits, learned",
            *(f"f = {f:g}" for f in FREQUENCIES),
            "largest abs(G − H) to f = ½",
            "MTF50",
        ]
    )
    return table(head, rows, NOT_YET)


def _curves(run: Run) -> list[str]:
    found = run.report["sharpness"]
    f, kept, drawn = (
        np.array([np.nan if value is None else value for value in found[name]], np.float64)
        for name in ("frequencies", "detail_kept", "detail_drawn")
    )
    rings = [int(np.abs(f - at).argmin()) for at in FREQUENCIES]
    read = [f"{round(kept[ring], 2) + 0:.2f} / {round(drawn[ring], 2) + 0:.2f}" for ring in rings]  # no −0.00
    apart = float(np.nanmax(np.abs(drawn - kept)[f <= 0.5]))
    mtf50 = found["mtf50"]
    return [
        f"`{run.id}`",
        *(bits(run, rung) for rung in ("fixed", "learned")),
        *read,
        f"{apart:.2f}",
        "> .707" if mtf50 is None else f"{mtf50:.3f}",
    ]


def vectors(data: str) -> list[Run]:
    """AEs and VAEs with one vector, of seed 0: by its length, then the strongest prior first, an AE last."""
    found = [run for run in shipped_runs(data) if run.config.model in ("ae", "vae") and not run.config.spatial]
    return sorted((run for run in found if run.config.seed == 0), key=lambda run: (run.config.latent_dim, -weight(run)))


def weight(run: Run) -> float:
    """Of the KL; an AE has none."""
    return run.config.beta if run.config.model == "vae" else 0.0


def betas() -> str:
    """Latents of one vector: what its length and the weight of the KL do."""
    rows = []
    for data in SETS:
        for run in vectors(data):
            centre = run.report["psnr_of_mean_db"]
            rows.append(
                [
                    f"`{run.id}`",
                    f"{run.config.latent_dim}",
                    f"{weight(run):g}" if weight(run) else "no KL",
                    bits(run, "fixed"),
                    bits(run, "learned"),
                    f"{mean(run, 'sigma_eq_px'):.3f}",
                    f"{run.report['psnr_db']:.2f}",
                    f"{centre:.2f}",
                ]
            )
    head = "run | d | β | bits, fixed | bits, learned | σ_eq (px), z ~ q | PSNR (dB), z ~ q | PSNR of the mean"
    return table(head, rows, NOT_YET)


def shares() -> str:
    """A VAE's blur at β = 1: what goes without the KL, what goes with the sharpest vector of any size, and the rest."""
    rows = []
    for data, name in SETS.items():
        runs = vectors(data)
        free = {d: run for run in runs if (d := run.config.latent_dim) and weight(run) < 1}  # the weakest KL comes last
        if not free:
            continue
        sharpest = min(runs, key=lambda run: mean(run, "sigma_eq_px"))
        for vae in runs:
            if vae.config.model != "vae" or weight(vae) != 1 or vae.config.latent_dim not in free:
                continue
            bare = free[vae.config.latent_dim]
            whole, kl = mean(vae, "sigma_eq_px"), difference(bare.id, vae.id, "sigma_eq_px").mean
            length = difference(sharpest.id, bare.id, "sigma_eq_px").mean
            left = whole - kl - length
            rows.append(
                [
                    name,
                    f"{vae.config.latent_dim}",
                    f"{whole:.3f}",
                    f"{gap(bare, vae, 'sigma_eq_px')} to `{bare.id}`",
                    "–" if bare is sharpest else f"{gap(sharpest, bare, 'sigma_eq_px')} to `{sharpest.id}`",
                    f"{left:.3f}",
                    " / ".join(f"{100 * part / whole:.0f}" for part in (kl, length, left)) + " %",
                ]
            )
    head = "set | d | σ_eq of the VAE, β = 1 | with the KL | with the size of z | left | KL / size / left"
    return table(head, rows, NOT_YET)


TABLES = {
    "standing": standing,
    "turned": turned,
    "rungs": rungs,
    "distortion": distortion,
    "matched": matched,
    "seeds": seeds,
    "rate": rate,
    "blur": blur,
    "betas": betas,
    "shares": shares,
}

if __name__ == "__main__":
    DOCUMENT.write_text(refreshed(DOCUMENT.read_text(), TABLES))
