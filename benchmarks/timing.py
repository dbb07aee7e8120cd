"""Fair ratios on a shared machine: the contestants take turns, and medians over rounds are compared."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import torch

Row = TypeVar("Row", bound=tuple[int, ...])


@dataclass(frozen=True)
class Timing:
    """Seconds per call: the median over rounds of each contestant, in the order in which they were given.

    ratios: contestant -> the median over rounds of its time over the first one's time in that same round.
    """

    seconds: dict[str, float]
    ratios: dict[str, float]


def interleaved(
    contestants: Mapping[str, Callable[[], object]],
    rounds: int,
    least: float = 0.1,
    clock: Callable[[], float] = time.perf_counter,
) -> Timing:
    """Time every contestant once per round, each for at least `least` seconds, after one round to warm up.

    `time.process_time` as the clock counts what all threads of this process computed: that is what to compare where
    others hold the cores most of the time.
    """
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for turn in range(rounds + 1):
        for name, run in contestants.items():
            calls, begin = 0, clock()
            while calls == 0 or clock() - begin < least:
                run()
                calls += 1
            if turn:
                times[name].append((clock() - begin) / calls)
    first = times[next(iter(times))]
    ratios = {name: statistics.median(t / f for t, f in zip(own, first, strict=True)) for name, own in times.items()}
    return Timing({name: statistics.median(own) for name, own in times.items()}, ratios)


def options(description: str) -> argparse.Namespace:
    """The command line that all benchmarks share."""
    return parser_of(description).parse_args()


def parser_of(description: str) -> argparse.ArgumentParser:
    """The same, for a benchmark that adds to it."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--rounds", type=int, default=7, help="medians over this many rounds")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2], help="torch threads, one run each")
    parser.add_argument("--only", type=int, nargs="+", help="numbers of the sizes to run, from 0")
    add_clock(parser)
    return parser


def add_clock(parser: argparse.ArgumentParser) -> None:
    """Add the choice of the clock, as `clock`."""
    parser.add_argument(
        "--cpu",
        dest="clock",
        action="store_const",
        const=time.process_time,
        default=time.perf_counter,
        help="count CPU seconds, where others hold the cores",
    )


def sizes(table: tuple[Row, ...], only: list[int] | None) -> list[Row]:
    """The chosen rows, as (K, D, N), of a table."""
    return [row for number, row in enumerate(table) if only is None or number in only]


def use_threads(number: int) -> None:
    """Let torch use `number` threads, and say so."""
    torch.set_num_threads(number)
    print(f"\n{number} thread{'s' * (number > 1)}")
