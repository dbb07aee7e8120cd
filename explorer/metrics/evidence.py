"""The evidence `log p(x)` itself, by numerical integration over a latent of two numbers.

`p(x) = ∫ N(x; f(z), s²I) N(z; 0, I) dz`. The decoder's picture of a coarse grid over the plane is shared by all images;
for each image, squares near the maximum are then split in four, again and again, since a posterior is far narrower than
the plane: a plain grid would be wrong by nats. Sums are log-sum-exp in float64.

How fine is fine enough is for the true posterior to say, and not for q: trained with a small β, q is a tenth as wide as
p(z|x) and lies many of its own σ away. What is asked of q, its distance from p(z|x), is summed on a grid of q's own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

import torch
from torch import Tensor

from explorer.metrics.elbo import log_likelihood

#: (n, 2) float32 -> (n, d): the mean of `p(x|z)`.
Decode = Callable[[Tensor], Tensor]

#: The plane reaches to this in every direction, and to this many σ around every posterior mean.
REACH = 6.0
#: Side of a square of the coarse grid, unless that made more than `MOST_SQUARES`.
COARSE = 0.125
MOST_SQUARES = 40_000
#: Squares within this many nats of the maximum are split.
NEAR = 20.0
#: An integral is accepted when halving the squares' side moved `log p(x)` by less than this, nats.
MOVED = 0.01
#: It has also to lie on this many squares, counted where the density is highest until they hold as much as a Gaussian's
#: ellipse of 1 σ. For a round posterior that is a side of half of σ; with several peaks each has its share of them.
RING, LEAST_SQUARES = 1 - math.exp(-0.5), math.ceil(4 * math.pi)
#: And no side may be longer than the posterior's narrow σ: of a lattice's sum over a Gaussian, 2·exp(−2π²σ²/side²) is
#: missing or too much, 5e-9 of it there, however it lies and however long it is; counting alone takes an ellipse of
#: 30 : 1 for resolved along its length (.86 nat). σ is read from the curvature at this many of the highest squares.
PEAKS, PEAK_NATS = 9, 1.0
#: Side, in σ, of the rectangles of q's own grid, which reaches to `REACH`.
OWN_STEP = 0.5
#: Squares of one size for one image; beyond it the integral is given up as not accepted.
MOST_SPLIT = 250_000
#: Points decoded at once: larger blocks make the memory manager slow.
BLOCK = 500


@dataclass(frozen=True)
class CoarseGrid:
    """Equal squares over the whole plane, decoded.

    Attributes:
        centres: (M, 2) float64, row by row from the lowest z₂.
        columns: squares in a row.
        step: their side.
        decoded: (M, d) float16: it says where to look closer, and what lies there is decoded again.
    """

    centres: Tensor
    columns: int
    step: float
    decoded: Tensor


@dataclass(frozen=True)
class Squares:
    """Squares of one size, for one image.

    Attributes:
        centres: (n, 2) float64.
        log_joint: (n,) `log p(x, z)` at the centres, nats.
        step: their side.
    """

    centres: Tensor
    log_joint: Tensor
    step: float


@dataclass(frozen=True)
class Evidence:
    """`log p(x)` of one image.

    Attributes:
        log_px: nats.
        gap: `KL(q(z|x) ‖ p(z|x))` in nats: what the ELBO lacks of `log_px`.
        moved: how far the last halving moved `log_px`, nats.
        accepted: whether the squares resolve the posterior and `moved` is below `MOVED`.
        decoded: points that were decoded for this image alone.
        finest: the smallest squares: those near the posterior's maximum, perhaps others around q.
    """

    log_px: float
    gap: float
    moved: float
    accepted: bool
    decoded: int
    finest: Squares


def coarse_grid(decode: Decode, mean: Tensor, logvar: Tensor) -> CoarseGrid:
    """Decode a grid over ±6 and over every μ ± 6σ of posteriors (N, 2), once for a run."""
    sigma = (0.5 * logvar.double()).exp()
    low = torch.minimum((mean - REACH * sigma).amin(0), torch.full((2,), -REACH))
    high = torch.maximum((mean + REACH * sigma).amax(0), torch.full((2,), REACH))
    step = max(COARSE, math.sqrt(float((high - low).prod()) / MOST_SQUARES))
    x, y = (torch.arange(math.ceil(span / step)) for span in (high - low).tolist())
    rows, columns = torch.meshgrid(y, x, indexing="ij")
    centres = low + step * (torch.stack([columns, rows], -1).flatten(0, 1).double() + 0.5)
    decoded = torch.cat([decode(block.float()).half() for block in centres.split(BLOCK)])
    return CoarseGrid(centres, len(x), step, decoded)


def integrate(
    images: Tensor, grid: CoarseGrid, decode: Decode, mean: Tensor, logvar: Tensor, variance: float
) -> Iterator[Evidence]:
    """`log p(x)` of images (N, d), one after the other.

    Args:
        images: in [0, 1], flat.
        grid: of the same decoder.
        decode: pictures of latents.
        mean: (N, 2) of q(z|x): it says where to look closer too, and how close.
        logvar: (N, 2).
        variance: the fixed s².
    """
    for rows in torch.arange(len(images)).split(256):
        errors = _coarse_errors(images[rows], grid)
        for row, error in zip(rows.tolist(), errors, strict=True):
            start = Squares(grid.centres, _log_joint(error, grid.centres, images.shape[1], variance), grid.step)
            sigma = (0.5 * logvar[row].double()).exp()
            refining = _Refining(images[row], decode, mean[row].double(), sigma, variance)
            yield refining.run(start, _every_other(start, grid.columns))


def _coarse_errors(images: Tensor, grid: CoarseGrid) -> Tensor:
    """SSE of every image at every square, (N, M), by one matrix product for each block of squares."""
    parts = []
    for decoded in grid.decoded.split(BLOCK):
        f = decoded.float()
        parts.append(images.square().sum(1, keepdim=True) + f.square().sum(1) - 2 * images @ f.T)
    return torch.cat(parts, 1)


def _log_joint(squared_error: Tensor, z: Tensor, values: int, variance: float) -> Tensor:
    log_prior = -0.5 * z.square().sum(1) - math.log(2 * math.pi)
    return log_likelihood(squared_error, values, variance) + log_prior


def _every_other(squares: Squares, columns: int) -> float:
    """The integral at twice the side: every second centre of every second row."""
    kept = squares.log_joint.view(-1, columns)[::2, ::2]
    return float(torch.logsumexp(kept.flatten(), 0)) + 2 * math.log(2 * squares.step)


@dataclass(frozen=True)
class _Refining:
    """One image's squares, split until its integral can be accepted."""

    image: Tensor
    decode: Decode
    mean: Tensor
    sigma: Tensor
    variance: float

    def run(self, squares: Squares, previous: float) -> Evidence:
        own = self._own_grid()
        seen = float(torch.logsumexp(own.log_joint, 0)) + own.log_area
        settled: list[Tensor] = []  # log masses of squares that are not split any more
        top, decoded = float(squares.log_joint.max()), len(own.log_joint)
        for _ in count():
            masses = torch.cat([*settled, squares.log_joint + 2 * math.log(squares.step)])
            log_px = float(torch.logsumexp(masses, 0))
            moved = abs(log_px - previous)
            narrow = self._narrow(squares)
            settles = _resolved(squares.log_joint) and moved < MOVED and squares.step <= narrow
            # A peak around q that squares so coarse have missed. Where q is wide, its own grid is the coarse one.
            blind = squares.step > OWN_STEP * float(self.sigma.min())
            missed = blind and seen > log_px + MOVED
            split = self._near_mean(squares) if blind else torch.zeros_like(squares.log_joint, dtype=torch.bool)
            if not (settles and missed):
                split |= squares.log_joint > top - _reach(squares.step, narrow)
            fine = settles and not missed
            if fine or 4 * int(split.sum()) > MOST_SPLIT:
                break
            settled.append(squares.log_joint[~split] + 2 * math.log(squares.step))
            squares, previous = self._halved(squares, split), log_px
            decoded += len(squares.centres)
            top = max(top, float(squares.log_joint.max()))
        finest = Squares(squares.centres[split], squares.log_joint[split], squares.step)
        gap = float((own.mass * (own.log_q - own.log_joint)).sum() / own.mass.sum()) + log_px
        return Evidence(log_px, gap, moved, fine, decoded, finest)

    def _narrow(self, squares: Squares) -> float:
        """The posterior's smallest σ near its maximum, by the curvature of log p(x, z); inf if it is nowhere concave.

        Differences over half a side are exact for a Gaussian, however far from its mean, and wide enough for float32.
        """
        near = squares.log_joint > squares.log_joint.max() - PEAK_NATS
        order = squares.log_joint[near].argsort(descending=True)
        peaks, h = squares.centres[near][order[:: math.ceil(len(order) / PEAKS)]], squares.step / 2
        stencil = h * torch.cartesian_prod(*[torch.tensor([-1.0, 0.0, 1.0], dtype=torch.float64)] * 2)
        f = self._joint((peaks[:, None] + stencil).flatten(0, 1)).view(-1, 3, 3)
        xx = f[:, 2, 1] - 2 * f[:, 1, 1] + f[:, 0, 1]
        yy = f[:, 1, 2] - 2 * f[:, 1, 1] + f[:, 1, 0]
        xy = (f[:, 2, 2] - f[:, 2, 0] - f[:, 0, 2] + f[:, 0, 0]) / 4
        hessian = torch.stack([torch.stack([xx, xy], -1), torch.stack([xy, yy], -1)], -2) / h**2
        sharpest = float(torch.linalg.eigvalsh(-hessian)[:, -1].max())
        return 1 / math.sqrt(sharpest) if sharpest > 0 else math.inf

    def _near_mean(self, squares: Squares) -> Tensor:
        """Squares that touch q's box of ±6σ: a narrow posterior may lie between the centres of coarse ones."""
        return ((squares.centres - self.mean).abs() <= REACH * self.sigma + squares.step / 2).all(1)

    def _halved(self, squares: Squares, split: Tensor) -> Squares:
        half = squares.step / 2
        corners = torch.tensor([[-1, -1], [1, -1], [-1, 1], [1, 1]], dtype=torch.float64) * (half / 2)
        centres = (squares.centres[split, None] + corners).flatten(0, 1)
        return Squares(centres, self._joint(centres), half)

    def _own_grid(self) -> _OwnGrid:
        side = torch.arange(-REACH + OWN_STEP / 2, REACH, OWN_STEP, dtype=torch.float64)
        u = torch.cartesian_prod(side, side)
        log_density = -0.5 * u.square().sum(1) - math.log(2 * math.pi)  # of u; that of z is smaller by σ₁σ₂
        log_scale = float(self.sigma.log().sum())
        joint = self._joint(self.mean + self.sigma * u)
        return _OwnGrid(
            log_q=log_density - log_scale,
            log_joint=joint,
            mass=OWN_STEP**2 * log_density.exp(),
            log_area=2 * math.log(OWN_STEP) + log_scale,
        )

    def _joint(self, centres: Tensor) -> Tensor:
        errors = [(self.decode(z.float()) - self.image).square().sum(1) for z in centres.split(BLOCK)]
        return _log_joint(torch.cat(errors), centres, len(self.image), self.variance)


@dataclass(frozen=True)
class _OwnGrid:
    """q's box of ±6σ in equal rectangles.

    Attributes:
        log_q: (n,) of q(z|x) at the centres, nats.
        log_joint: (n,) `log p(x, z)` there, nats.
        mass: (n,) q's, of each rectangle.
        log_area: of a rectangle.
    """

    log_q: Tensor
    log_joint: Tensor
    mass: Tensor
    log_area: float


def _reach(step: float, narrow: float) -> float:
    """How many nats below the maximum a square's centre may lie when some of the square is within `NEAR` of it.

    A long ridge passes coarse centres at many of its σ: for a Gaussian, `(√(2·NEAR) + r/σ)²/2` at half a diagonal r.
    """
    return (math.sqrt(2 * NEAR) + step / (math.sqrt(2) * narrow)) ** 2 / 2


def _resolved(log_joint: Tensor) -> bool:
    """Whether equal areas with these densities are many enough where the density is high."""
    ranked = log_joint.sort(descending=True).values.softmax(0).cumsum(0)
    return int((ranked < RING).sum()) + 1 >= LEAST_SQUARES


@dataclass(frozen=True)
class PosteriorGrid:
    """The true posterior's density around its maximum.

    Attributes:
        x: (columns,) z₁ of the columns.
        y: (rows,) z₂ of the rows.
        density: (rows, columns) of `p(z|x)`; 0 where no square was split.
        levels: for each of `masses`, the density whose region of higher density holds that mass.
        masses: those of the rings at 1, 2, 3 σ of a 2-D Gaussian.
    """

    x: Tensor
    y: Tensor
    density: Tensor
    levels: tuple[float, ...]
    masses: tuple[float, ...] = tuple(1 - math.exp(-(r**2) / 2) for r in (1, 2, 3))


def posterior_grid(found: Evidence) -> PosteriorGrid:
    """The finest squares with some density, as one rectangle."""
    squares = found.finest
    log_density = squares.log_joint - found.log_px
    kept = log_density > log_density.max() - NEAR
    centres, density = squares.centres[kept], log_density[kept].exp()
    place = ((centres - centres.amin(0)) / squares.step).round().long()
    columns, rows = (place.amax(0) + 1).tolist()
    field = torch.zeros(rows, columns, dtype=torch.float64)
    field[place[:, 1], place[:, 0]] = density
    low = centres.amin(0)
    x, y = (low[axis] + squares.step * torch.arange(size) for axis, size in enumerate((columns, rows)))
    ranked = density.sort(descending=True).values
    running = ranked.cumsum(0) * squares.step**2
    wanted = torch.tensor(PosteriorGrid.masses, dtype=torch.float64)
    levels = ranked[torch.searchsorted(running, wanted).clamp_max(len(ranked) - 1)]
    return PosteriorGrid(x, y, field, tuple(levels.tolist()))
