"""Writes the table of docs/reproductions.md anew from the finished runs: `python scripts/reproductions.py`.

Published figures beside ours. The verdict is computed: nothing here says by hand what a run showed.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from explorer.studies.remedies import REMEDIES  # noqa: E402
from explorer.studies.summary import CellSummary, summaries  # noqa: E402
from scripts.codebook_study import said  # noqa: E402
from scripts.marked_tables import refreshed, table  # noqa: E402

DOCUMENT = ROOT / "docs/reproductions.md"
HEAD = "what | published | its setting | ours, without → with | seeds | verdict"
#: Ours is the published usage if it is at most this much below.
NEAR = 0.05


@dataclass(frozen=True)
class Published:
    """A figure of somebody else's, and the remedy of the study that it is compared with.

    Attributes:
        what: of whom.
        figure: as published.
        setting: where.
        source: which text says so.
        remedy: a name of `REMEDIES`.
        usage: the published share of codes in use; None where only a direction is claimed.
    """

    what: str
    figure: str
    setting: str
    source: str
    remedy: str
    usage: float | None = None


README = "youngsheen/SimVQ, README at 0a86d8c, table 1"
CVQ = "lyndonzheng/CVQ-VAE, README at d8614f0"
CVQ_SETTING = "MNIST among others, K = 512, D = 64, 500 epochs of batches of 1,024"
PUBLISHED = (
    Published(
        "Rotation trick",
        "usage, reconstruction and quantization error all better, in 11 settings",
        "ImageNet and video, much larger models",
        "arXiv:2410.06424, abstract",
        "rotation",
    ),
    Published("SimVQ", "1.4 % → 100 % in use", "ImageNet 128², K = 65,536", README, "simvq", 1.0),
    Published("SimVQ, begun too wide", "1.4 % → 100 % in use", "not its authors' start", README, "simvq-wide", 1.0),
    Published("FSQ", "100 % in use", "ImageNet 128², K = 64,000", README, "fsq", 1.0),
    Published("OptVQ", "100 % in use", "ImageNet, MNIST, CIFAR-10", "arXiv:2412.15195, abstract", "transport", 1.0),
    Published(
        "Wasserstein VQ", "near 100 % in use", "FFHQ, ImageNet", "arXiv:2506.15078, abstract", "wasserstein", 1.0
    ),
    Published(
        "BSQ",
        "best reconstruction among tokenizers",
        "images and video, a transformer",
        "arXiv:2406.07548, abstract",
        "bsq",
    ),
    Published(
        "Affine codes",
        "with the two other parts of VQ-STE++: better models",
        "AlexNet, ResNet, ViT; classification and generation",
        "arXiv:2305.08842, abstract",
        "affine",
    ),
    Published(
        "DiVeQ",
        "better reconstruction than other estimators",
        "a VQ-VAE and a VQGAN, several image sets",
        "arXiv:2509.26469, abstract",
        "diveq",
    ),
    Published("CVQ, cosine, closest", "100 % in use", CVQ_SETTING, CVQ, "anchors-closest", 1.0),
    Published("CVQ, cosine, probrandom", "100 % in use", CVQ_SETTING, CVQ, "anchors-probable", 1.0),
    Published("CVQ, Euclidean, unique", "100 % in use", CVQ_SETTING, CVQ, "anchors", 1.0),
)


def better(own: CellSummary, plain: CellSummary) -> list[str]:
    """In which of three measures every seed with the remedy beats every seed without it."""
    found = []
    if max(own.dead) < min(plain.dead):
        found.append("usage")
    if min(own.psnr_db) > max(plain.psnr_db):
        found.append("PSNR")
    if max(own.distortion) < min(plain.distortion):
        found.append("quantization error")
    return found


def verdict(published: Published, own: CellSummary, plain: CellSummary) -> str:
    """What our runs say of a published figure."""
    if not own.seeds:
        return "not trained yet"
    used = 1 - median(own.dead) / own.cell.num_embeddings
    gains = better(own, plain) if plain.seeds else []
    if published.usage is None and not plain.seeds:
        return "its twin is not trained yet"
    if published.usage is None:
        return f"holds here in {len(gains)} of 3: {', '.join(gains)}" if gains else "does not hold here"
    if used >= published.usage - NEAR:
        return f"holds here: {used:.0%} in use"
    if "usage" in gains:
        return f"the direction holds, not the figure: {used:.0%} in use"
    missing = "" if plain.seeds else "; its twin is not trained yet"
    return f"{'does not hold here: ' if plain.seeds else ''}{used:.0%} in use{missing}"


def row(published: Published, cells: dict[str, CellSummary]) -> list[str]:
    """One line of the table."""
    remedy = next(each for each in REMEDIES if each.name == published.remedy)
    own, plain = cells[remedy.cell], cells[remedy.plain]
    before, after = (said(each.dead) or "?" for each in (plain, own))
    of = f"of {own.cell.num_embeddings} dead at step {own.cell.config(0).steps:,}"
    seeds = f"{len(plain.seeds)}, {len(own.seeds)}"
    return [
        published.what,
        f"{published.figure} ({published.source})",
        published.setting,
        f"{before} → {after} {of}",
        seeds,
        verdict(published, own, plain),
    ]


def written(found: list[CellSummary]) -> str:
    """The table."""
    cells = {summary.cell.id: summary for summary in found}
    return table(HEAD, [row(published, cells) for published in PUBLISHED], "Nothing is finished yet.")


if __name__ == "__main__":
    DOCUMENT.write_text(refreshed(DOCUMENT.read_text(), {"published": partial(written, summaries())}))
