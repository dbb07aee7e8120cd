"""Threads share blocks and wait for none; every way gives the same bits."""

from __future__ import annotations

import math
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from explorer.models import threads
from explorer.models.nearest import nearest
from explorer.models.threads import Way, _Pace, in_blocks, in_turn, one_thread, threads_if_idle
from explorer.models.vector_quantizer import VectorQuantizer

PATIENCE = 30.0  # seconds after which something that should come never will


class Meeting:
    """Lets two threads begin their first blocks together."""

    def __init__(self) -> None:
        self._barrier, self._been = threading.Barrier(2, timeout=PATIENCE), threading.local()

    def wait(self) -> None:
        if not hasattr(self._been, "here"):
            self._been.here = True
            self._barrier.wait()


@pytest.fixture(autouse=True)
def two_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


@pytest.fixture(params=list(Way), ids=[way.name.lower() for way in Way])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Way:
    chosen: Way = request.param
    take(chosen, monkeypatch)
    return chosen


def take(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let that be the quickest way."""
    monkeypatch.setattr(_Pace, "choose", lambda _: way)
    monkeypatch.setattr(_Pace, "is_idle", way is Way.TORCH)
    monkeypatch.setattr(threads._CREW, "is_idle", way is Way.TORCH)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("count", [1, 2, 7, 200])
def test_results_come_in_order(count: int) -> None:
    assert in_blocks(lambda number: number * number, count, (count,)) == [n * n for n in range(count)]


def test_on_how_many_threads_a_block_is_computed(way: Way) -> None:
    inside = in_blocks(lambda _: torch.get_num_threads(), 8, (8,))
    assert set(inside) == {2 if way is Way.TORCH else 1}
    assert torch.get_num_threads() == 2


@pytest.mark.usefixtures("way")
def test_inside_a_part_on_one_thread_too() -> None:
    """What was made to wait for nobody still shares its blocks, and is on one thread again afterwards."""
    with one_thread():
        assert in_blocks(lambda number: number, 8, (8,)) == list(range(8))
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == 2


def test_nobody_waits_for_a_thread_that_was_pushed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The helper begins a block and never gets on: the block is done again."""
    take(Way.SHARED, monkeypatch)
    asked, begun, go_on = threading.current_thread(), threading.Event(), threading.Event()
    done: list[tuple[int, bool]] = []

    def compute(number: int) -> int:
        helps = threading.current_thread() is not asked
        if helps:
            begun.set()
            assert go_on.wait(PATIENCE)
        else:
            assert begun.wait(PATIENCE)
        done.append((number, helps))
        return number

    try:
        assert in_blocks(compute, 5, (5,)) == list(range(5))
        assert sorted(number for number, _ in done) == list(range(5))
        assert not any(helps for _, helps in done)
    finally:
        go_on.set()


def test_both_compute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two threads that begin together have been two."""
    take(Way.SHARED, monkeypatch)
    meet = Meeting()
    names = set()

    def compute(_number: int) -> None:
        meet.wait()
        names.add(threading.current_thread().name)

    in_blocks(compute, 2, (2,))
    assert len(names) == 2


def test_gradients_are_off(monkeypatch: pytest.MonkeyPatch) -> None:
    take(Way.SHARED, monkeypatch)
    meet = Meeting()
    weight = torch.ones(3, requires_grad=True)

    def compute(_number: int) -> Tensor:
        meet.wait()
        return weight.sum()

    with torch.no_grad():
        sums = in_blocks(compute, 2, (2,))
    assert not any(each.requires_grad for each in sums)


@pytest.mark.parametrize("who", ["helper", "asker"])
def test_an_error_is_raised_and_leaves_no_trace(who: str, monkeypatch: pytest.MonkeyPatch) -> None:
    take(Way.SHARED, monkeypatch)
    asked, meet = threading.current_thread(), Meeting()

    def compute(_number: int) -> int:
        meet.wait()
        if (threading.current_thread() is asked) == (who == "asker"):
            raise ZeroDivisionError("so it is")
        return 1

    with pytest.raises(ZeroDivisionError, match="so it is"):
        in_blocks(compute, 2, (2,))
    assert torch.get_num_threads() == 2
    assert in_blocks(lambda number: number, 9, (9,)) == list(range(9))


def test_one_thread_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Pace, "choose", lambda _: pytest.fail("there is nothing to choose"))
    torch.set_num_threads(1)
    assert in_blocks(lambda number: number, 4, (4,)) == list(range(4))
    assert in_turn(lambda number: -number, 3) == [0, -1, -2]


def test_the_quickest_way_is_taken_and_others_are_looked_at() -> None:
    pace = _Pace()
    for way, seconds in zip(Way, (30.0, 3.0, 5.0), strict=True):
        assert pace.choose() is way  # each is tried
        pace.note(way, seconds)
    took = dict.fromkeys(Way, 0.0)
    for _ in range(2000):
        took[way := pace.choose()] += (seconds := pace.seconds[way])
        pace.note(way, seconds)
    assert took[Way.SHARED] > 0.9 * sum(took.values())
    assert 0 < took[Way.TORCH] <= 0.05 * sum(took.values())  # though each look takes ten times as long
    assert 0 < took[Way.ALONE] <= 0.05 * sum(took.values())


def test_a_shorter_time_is_believed_at_once_and_a_longer_one_slowly() -> None:
    pace = _Pace()
    for seconds, average in ((8.0, 8.0), (2.0, 2.0), (6.0, 3.0)):
        pace.note(Way.SHARED, seconds)
        assert pace.seconds[Way.SHARED] == average
    assert math.isnan(pace.seconds[Way.TORCH])


def test_the_rest_of_a_step_is_on_one_thread_where_torchs_were_slower(monkeypatch: pytest.MonkeyPatch) -> None:
    crew = threads._Crew()
    monkeypatch.setattr(threads, "_CREW", crew)
    for idle in (True, False, True):
        crew.is_idle = idle
        with threads_if_idle():
            assert torch.get_num_threads() == (2 if idle else 1)


def test_what_was_slower_is_remembered_by_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    crew = threads._Crew()
    clock = iter(float(2**n) for n in range(100))
    monkeypatch.setattr(time, "perf_counter", lambda: next(clock))  # each takes twice as long as the one before
    monkeypatch.setattr(threads, "SHAPES", 2)
    for _ in Way:
        with crew.timed((1,)):
            pass
    assert crew.is_idle  # torch's threads came first
    with crew.timed((2,)) as way:
        assert way is Way.TORCH
    with crew.timed((3,)):
        pass
    assert list(crew._paces) == [(2,), (3,)]


def outcome(way: Way, monkeypatch: pytest.MonkeyPatch, update: str) -> list[Tensor]:
    """All that a training step gives, and leaves."""
    with monkeypatch.context() as patched:
        take(way, patched)
        seeded = torch.Generator().manual_seed(0)
        z_e = torch.randn(2, 64, 48, 48, generator=seeded).requires_grad_()
        quantizer = VectorQuantizer(512, 64, update=update, init="normal", generator=seeded)
        out = quantizer(z_e)
        (out.quantized.square().mean() + out.loss).backward()
    assert z_e.grad is not None
    left = [value.grad if value.grad is not None else value for value in quantizer.state_dict(keep_vars=True).values()]
    return [out.quantized, out.indices, out.codebook_loss, out.commitment_loss, out.loss, z_e.grad, *left]


@pytest.mark.parametrize("update", ["ema", "gradient"])
def test_every_way_gives_the_same_bits(update: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first, *others = (outcome(way, monkeypatch, update) for way in Way)
    for other in others:
        for own, its in zip(first, other, strict=True):
            assert torch.equal(own, its)


@pytest.mark.usefixtures("way")
def test_a_search_after_one_in_inference_mode() -> None:
    """What a thread keeps for its searches can be written to in every mode."""
    vectors, codebook = torch.randn(8192, 64), torch.randn(512, 64)
    with torch.inference_mode():
        first = nearest(vectors, codebook)
    assert torch.equal(nearest(vectors, codebook), first)


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)


SHARED = """
import os, time, torch
from explorer.models import threads
torch.set_num_threads(2)
threads._Pace.choose = lambda self: threads.Way.SHARED
assert threads.in_blocks(lambda number: number, 50, (50,)) == list(range(50))
"""


def test_the_process_ends_while_a_helper_computes() -> None:
    ended = run(SHARED + "threads.in_blocks(lambda number: torch.randn(700, 700) @ torch.randn(700, 700), 40, (40,))")
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="nothing forks there")
def test_a_forked_process_has_helpers_of_its_own() -> None:
    ended = run(
        SHARED + "if os.fork() == 0:\n"
        "    os._exit(7 if threads.in_blocks(lambda number: -number, 9, (9,)) == [-n for n in range(9)] else 1)\n"
        "assert os.waitstatus_to_exitcode(os.wait()[1]) == 7"
    )
    assert (ended.returncode, ended.stderr) == (0, "")
