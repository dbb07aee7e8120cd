"""How the terms of the loss are weighed at the encoder: one summed where the others are means, or on the wrong side."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from explorer.collapse.sketch import Sketch, series
from explorer.recording.gradients import CODEBOOK_WEIGHT, SHARE, WEIGHT
from explorer.reports.diagnosis.causes.sign import Sign
from explorer.reports.diagnosis.evidence import Array, Evidence


class LossScale:
    """The commitment term is a sum beside means: it drowns what the decoder asks of the encoder."""

    name: ClassVar[str] = "loss_scale"
    least_weight, least_share = 5.0, 0.8

    def sign(self, evidence: Evidence) -> Sign | None:
        weight, share = evidence.curve(WEIGHT), evidence.curve(SHARE)
        if weight is None or share is None:
            return self._by_values(evidence)
        number, part = float(np.median(weight[1])), float(np.median(share[1]))
        if number < self.least_weight or part < self.least_share:
            return None
        return Sign(number, 0.9, Sketch("step", "gradient", (series("gradient", *_lists(share), role="bad"),)))

    def _by_values(self, evidence: Evidence) -> Sign | None:
        """Without gradients: the logged commitment over the mean that the recorded vectors have."""
        logged, frames = evidence.named_curve("commit"), evidence.having("z_e", "codebook", "indices")
        if logged is None or not frames:
            return None
        steps, values = logged
        ratios = []
        for frame in frames:
            at = np.flatnonzero(steps == frame.step)
            mean = evidence.distortion(frame)
            if len(at) and mean:
                ratios.append((frame.step, float(values[at[0]]) / mean))
        scale = float(np.median([ratio for _, ratio in ratios])) if ratios else 0.0
        if scale < max(self.least_weight, evidence.record.embedding_dim / 2):
            return None
        line = series("weight_axis", [step for step, _ in ratios], [ratio for _, ratio in ratios], role="bad")
        return Sign(scale, 0.6, Sketch("step", "weight_axis", (line,)))


class CommitmentSide:
    """The encoder is pulled toward its code harder than the code toward it: the weight stands on the wrong side."""

    name: ClassVar[str] = "commitment"
    most, least = 2.0, 1 / 40

    def sign(self, evidence: Evidence) -> Sign | None:
        pair = self._weights(evidence)
        if pair is None:
            return None
        steps, ratios = pair
        ratio = float(np.median(ratios))
        if self.least < ratio < self.most:
            return None
        lines = (series("weight", steps.tolist(), ratios.tolist(), role="bad"),)
        return Sign(ratio, 0.75, Sketch("step", "weight", lines))

    def _weights(self, evidence: Evidence) -> tuple[Array, Array] | None:
        """Commitment over codebook by their gradients, or as they were logged, weighed, or None."""
        encoder, codebook = evidence.curve(WEIGHT), evidence.curve(CODEBOOK_WEIGHT)
        if encoder is not None and codebook is not None:
            steps = np.intersect1d(encoder[0], codebook[0])
            over = encoder[1][np.isin(encoder[0], steps)] / np.maximum(codebook[1][np.isin(codebook[0], steps)], 1e-12)
            return (steps, over) if len(steps) else None
        commitment, learned = evidence.named_curve("commit"), evidence.named_curve("codebook")
        if encoder is not None or commitment is None or learned is None:
            return None
        steps = np.intersect1d(commitment[0], learned[0])
        below = learned[1][np.isin(learned[0], steps)]
        ratios = commitment[1][np.isin(commitment[0], steps)] / np.maximum(below, 1e-12)
        unweighed = not len(ratios) or abs(float(np.median(ratios)) - 1) < 0.1  # then both have one value
        return None if unweighed else (steps, ratios)


def _lists(curve: tuple[Array, Array]) -> tuple[list[float], list[float]]:
    return curve[0].tolist(), curve[1].tolist()
