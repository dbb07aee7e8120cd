"""The sandbox's arithmetic in a browser against `explorer.models` in float64, rule by rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import torch
from torch import Tensor

from explorer.models.codebook_inits import DataInit, KMeansInit
from explorer.models.codebook_updates import EMAUpdate, GradientUpdate
from explorer.models.vector_quantizer import VectorQuantizer

CODES, BATCH, STEPS, LOOKED_AT, KILLED_AFTER = 64, 64, 200, (1, 50, 200), 60
DECAY, RATES = 0.95, {"sgd": 1.5, "adam": 0.02}
#: Of a row's length: what the browser and the package may differ by.
TOLERANCE = 1e-4
#: Between the squared distances to the nearest and the second nearest code: nearer ties could fall either way.
SMALLEST_GAP = 1e-9

LEARN = """
async ({rule, restart, codes, batches, sums, draws, decay, rate, kill, looked}) => {
  const { Learner } = await import("/sandbox/learner.js");
  const drawn = { normal: () => sums.shift() };
  const learner = new Learner({ rule, restart }, Float64Array.from(codes), { sums: drawn, restarts: null });
  const seen = [];
  for (const [i, points] of batches.entries()) {
    if (i === kill.after) learner.kill(kill.rows, Float64Array.from(kill.places), { decay });
    learner.step(Float64Array.from(points), { decay, rate }, (rows) => {
      if (String(rows) !== String(draws[i].rows)) throw new Error(`restarted ${rows} at ${i}, not ${draws[i].rows}`);
      return draws[i].places;
    });
    if (looked.includes(i + 1)) seen.push(Array.from(learner.codes));
  }
  return seen;
}
"""

LLOYD = """
async ({codes, cloud, looked}) => {
  const { Learner } = await import("/sandbox/learner.js");
  const learner = new Learner({ rule: "kmeans", restart: false }, Float64Array.from(codes), {});
  const seen = [];
  for (let step = 1; step <= looked.at(-1); step++) {
    learner.readCloud(Float64Array.from(cloud), cloud.length);
    if (looked.includes(step)) seen.push(Array.from(learner.codes));
  }
  return seen;
}
"""


@dataclass
class Learned:
    """What `explorer.models` made of a start and its batches."""

    start: Tensor
    sums: Tensor
    kill: dict[str, Any]
    batches: list[Tensor] = field(default_factory=list)
    draws: list[dict[str, Any]] = field(default_factory=list)
    seen: list[Tensor] = field(default_factory=list)
    gap: float = float("inf")


def cloud() -> Tensor:
    """(1000, 2) float64: three clumps of unequal weight, as encoder outputs lie."""
    generator = torch.Generator().manual_seed(5)
    middles = torch.tensor([[-1.5, 0.4], [0.3, -0.9], [1.6, 1.1]], dtype=torch.float64)
    which = torch.multinomial(torch.tensor([0.6, 0.3, 0.1]), 1000, replacement=True, generator=generator)
    return middles[which] + 0.5 * torch.randn(1000, 2, generator=generator, dtype=torch.float64)


def quantizer(rule: str, restart: bool) -> VectorQuantizer:
    update = GradientUpdate() if rule in RATES else EMAUpdate(DECAY, start=rule, store_smoothed=rule == "snippet")
    generators = [torch.Generator().manual_seed(seed) for seed in (1, 2)]
    made = VectorQuantizer(
        CODES,
        2,
        update=update,
        dead_codes="restart" if restart else "keep",
        generator=generators[0],
        ema_generator=generators[1],
    )
    made.restart_generator.manual_seed(3)
    return made.double().train()


def optimizer(rule: str, made: VectorQuantizer) -> torch.optim.Optimizer | None:
    kinds: dict[str, Callable[..., torch.optim.Optimizer]] = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}
    return kinds[rule]([made.codebook], lr=RATES[rule]) if rule in kinds else None


def learned(rule: str, restart: bool) -> Learned:
    made, points = quantizer(rule, restart), cloud()
    moving, generator = optimizer(rule, made), torch.Generator().manual_seed(4)
    rows = torch.randperm(CODES, generator=generator)[: CODES // 2]
    places = 12 * torch.nn.functional.normalize(torch.randn(len(rows), 2, generator=generator, dtype=torch.float64))
    begun = made.codebook.detach().clone()
    sums = getattr(made, "ema_sum", torch.zeros(0)).clone()
    kill = {"after": KILLED_AFTER, "rows": rows.tolist(), "places": places.flatten().tolist()}
    found = Learned(begun, sums, kill)
    for step in range(STEPS):
        if step == KILLED_AFTER:
            made.place(rows, places)
            if moving is not None:
                made.reset_optimizer_rows(moving, rows)
        batch = points[torch.randint(len(points), (BATCH,), generator=generator)]
        codes = torch.unique(made.codebook.detach(), dim=0)  # of equal codes the first is meant, on both sides
        nearest = torch.cdist(batch, codes).square().topk(2, largest=False).values
        found.gap = min(found.gap, float((nearest[:, 1] - nearest[:, 0]).min()))
        learn(made, batch, moving, found)
        if step + 1 in LOOKED_AT:
            found.seen.append(made.codebook.detach().clone())
    return found


def learn(made: VectorQuantizer, batch: Tensor, moving: torch.optim.Optimizer | None, found: Learned) -> None:
    out = made(batch)
    restarted = out.restarted
    placed = made.codebook.detach()[restarted]
    found.batches.append(batch)
    found.draws.append({"rows": restarted.tolist(), "places": placed.tolist()})
    if moving is not None:
        moving.zero_grad()
        out.loss.backward()
        made.reset_optimizer_rows(moving, restarted)
        moving.step()


def assert_rows_agree(seen: list[list[float]], expected: list[Tensor]) -> None:
    assert len(seen) == len(expected) == len(LOOKED_AT)
    for mine, theirs in zip(seen, expected, strict=True):
        away = (torch.tensor(mine, dtype=torch.float64).view(-1, 2) - theirs).norm(dim=1)
        assert bool((away <= TOLERANCE * theirs.norm(dim=1)).all()), float(away.max())


@pytest.mark.parametrize(
    "rule, restart",
    [
        *((rule, True) for rule in ("sgd", "adam", "hold", "ones", "sonnet", "snippet")),
        ("ones", False),
        ("snippet", False),
    ],
)
def test_every_row_is_where_the_package_has_it(scripts, rule, restart):
    found = learned(rule, restart)
    assert found.gap > SMALLEST_GAP
    assert any(draw["rows"] for draw in found.draws) == restart
    seen = scripts.evaluate(
        LEARN,
        {
            "rule": rule,
            "restart": restart,
            "codes": found.start.flatten().tolist(),
            "batches": [batch.flatten().tolist() for batch in found.batches],
            "sums": found.sums.flatten().tolist(),
            "draws": found.draws,
            "decay": DECAY,
            "rate": RATES.get(rule, 0),
            "kill": found.kill,
            "looked": list(LOOKED_AT),
        },
    )
    assert_rows_agree(seen, found.seen)


def test_k_means_is_the_packages_own(scripts):
    points = cloud()
    begun = DataInit().fit(points, CODES, torch.Generator().manual_seed(6))
    expected = [
        KMeansInit(iterations=steps).fit(points, CODES, torch.Generator().manual_seed(6)) for steps in LOOKED_AT
    ]
    given = {"codes": begun.flatten().tolist(), "cloud": points.flatten().tolist(), "looked": list(LOOKED_AT)}
    assert_rows_agree(scripts.evaluate(LLOYD, given), expected)
