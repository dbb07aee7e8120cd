"""One codebook of the tab Codebook, as plain data: of a run, or of a record."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.ui.computed.motion import Motion


@dataclass(frozen=True)
class Moves:
    """How a codebook moves.

    Attributes:
        start: the EMA start, "" under a rule without EMA.
        store_smoothed: whether smoothed counts are stored back.
        decays: γ of the EMA in the update after each frame.
        epsilon: of the EMA.
        lr: Adam's rate of a gradient codebook when the run began.
        rates: its rate in the update after each frame.
    """

    start: str
    store_smoothed: bool
    decays: tuple[float, ...]
    epsilon: float
    lr: float
    rates: tuple[float, ...]


@dataclass(frozen=True)
class TwinSide:
    """One codebook.

    Attributes:
        run: id, "" if there is none.
        rule: whose colour it has, "gradient", "ema" or "vqvae".
        empty: a sentence in place of the film, "" if there is one.
        codes: (K, D).
        film, life: addresses; what their bytes mean stands in `explorer.ui.media.codebook`.
        steps: (T,) of the frames.
        drawn: P, encoder outputs drawn at each frame.
        fixed: whether they are the same vectors at every frame.
        projected: whether places are a projection: then there are no cells.
        batches: (T,) addresses of the frames' mini-batches.
        photos: addresses of the pictures that the drawn vectors come from: one, or (T,) if they are not `fixed`.
        grid: cells along one side of a picture.
        kept: steps whose whole mini-batch can be encoded again.
        width: steps of a recorded window.
        per_step: encoder outputs of one mini-batch.
        columns: of the grid that a sample of them comes from, 0 for all.
        evaluated: what the report says of the final weights.
        motion: how far codes went from frame to frame.
        recorded: whether it is the record of a training, and `run` that record's name.
    """

    run: str
    rule: str = "vqvae"
    title: str = ""
    label: str = ""
    chips: tuple[str, ...] = ()
    empty: str = ""
    codes: tuple[int, int] = (0, 0)
    film: str = ""
    life: str = ""
    steps: tuple[int, ...] = ()
    drawn: int = 0
    fixed: bool = True
    projected: bool = False
    caption: str = ""
    batches: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()
    grid: int = 0
    kept: tuple[int, ...] = ()
    width: int = 0
    per_step: int = 0
    columns: int = 0
    evaluated: str = ""
    moves: Moves | None = None
    motion: Motion | None = None
    recorded: bool = False
