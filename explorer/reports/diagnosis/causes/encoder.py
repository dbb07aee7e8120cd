"""What is wrong before the codebook: outputs that lie on a line, or a class whose outputs are nearly one."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import torch

from explorer.collapse.sketch import Sketch, series
from explorer.metrics.codebook import perplexity
from explorer.reports.diagnosis.causes.sign import Sign
from explorer.reports.diagnosis.evidence import Evidence, directions, variances


class EncoderCollapsed:
    """The encoder's outputs lie on a line, or on a point."""

    name: ClassVar[str] = "encoder"
    most = 1.01

    def sign(self, evidence: Evidence) -> Sign | None:
        frame = evidence.last("z_e")
        if frame is None or evidence.record.embedding_dim < 3:
            return None
        found = directions(np.asarray(frame.z_e))
        if found > self.most:
            return None
        values = variances(np.asarray(frame.z_e))[::-1][:32]
        total = max(float(values.sum()), 1e-30)
        bars = series("variance", np.arange(1, len(values) + 1).tolist(), (values / total).tolist(), "bars", "bad")
        return Sign(found, 0.9, Sketch("direction", "variance", (bars,)))


class OneClass:
    """Codes live, and the vectors of one class use next to none of them."""

    name: ClassVar[str] = "class"
    most, vectors = 0.15, 100

    def sign(self, evidence: Evidence) -> Sign | None:
        frames = evidence.having("labels", "indices")
        frames = frames[len(frames) // 2 :]
        if not frames:
            return None
        labels = np.concatenate([np.asarray(frame.labels) for frame in frames])
        chosen = np.concatenate([np.asarray(frame.indices)[:, evidence.level] for frame in frames])
        kept = (chosen >= 0) & (chosen < evidence.codes)
        labels, chosen = labels[kept], chosen[kept]
        names = [name for name in np.unique(labels).tolist() if (labels == name).sum() >= self.vectors]
        if len(names) < 3:
            return None
        used = np.array([self._codes(chosen[labels == name], evidence.codes) for name in names])
        poorest = int(used.argmin())
        usual = float(np.median(np.delete(used, poorest)))
        if used[poorest] > self.most * usual:
            return None
        bars = series("codes_used", names, used.tolist(), "bars")
        return Sign(float(used[poorest]), 0.7, Sketch("class", "codes_used", (bars,)), other=float(names[poorest]))

    def _codes(self, chosen: np.ndarray, codes: int) -> float:
        return perplexity(torch.from_numpy(np.bincount(chosen, minlength=codes)))
