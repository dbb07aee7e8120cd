"""Blocks of one computation shared by threads, none of which has to be waited for.

torch shares each operation among its threads and waits for all of them at its end. On an idle machine that is quick.
Where other processes hold the cores, a thread that was pushed out is waited for at every operation: hundreds of waits
of milliseconds in one search. So there are three ways (`Way`), and the quickest of late is taken. In one of them a
thread takes a whole block, then the next one that nobody has finished, also one that another has begun: what a thread
that was pushed out holds is done again by one that runs ("backup tasks": Dean & Ghemawat, MapReduce, OSDI 2004, section
3.6). All threads then take as long as one alone and a block at most, whatever else the machine does.

Which way is taken depends on the clock, so only what gives the same bits in all of them may be asked for here: blocks
that do not touch each other, operations element by element, sums on one thread. `torch.get_num_threads()` says how many
threads there are; while one works alone or has a block that number is 1, for the whole process.
"""

from __future__ import annotations

import atexit
import enum
import math
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import torch

T = TypeVar("T")


class Way(enum.IntEnum):
    """How blocks are computed.

    TORCH: one after the other, each operation by all of torch's threads.
    SHARED: each by one thread, by several at a time.
    ALONE: one after the other, by one thread.
    """

    TORCH = 0
    SHARED = 1
    ALONE = 2


#: How much the latest time of a way counts in the average of its times.
WEIGHT = 0.25
#: Looking whether a slower way is the quicker one by now takes at most this share of the time.
LOOKING = 0.04
#: Shapes whose times are remembered.
SHAPES = 64


class _Before(threading.local):
    """How many threads torch had before this thread asked for one; 0 while it does not."""

    threads = 0


_BEFORE = _Before()


@contextmanager
def one_thread() -> Iterator[None]:
    """torch works on one thread inside."""
    threads = torch.get_num_threads()
    if threads == 1:
        yield
        return
    _BEFORE.threads = threads
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        _BEFORE.threads = 0


@contextmanager
def all_threads() -> Iterator[None]:
    """torch works on as many threads inside as before `one_thread`."""
    threads = _BEFORE.threads
    if not threads:
        yield
        return
    torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(1)


@contextmanager
def threads_if_idle() -> Iterator[None]:
    """torch works on one thread inside if that was quicker than all of them lately."""
    if _CREW.is_idle:
        yield
        return
    with one_thread():
        yield


def in_blocks(compute: Callable[[int], T], count: int, shape: tuple[int, ...]) -> list[T]:
    """`compute(0)` to `compute(count - 1)`, in the way that was quickest lately; without gradients.

    Args:
        compute: gives equal results for equal numbers, and may be called twice for one, by two threads at a time.
        count: of the blocks.
        shape: what takes equally long has an equal one.

    Raises:
        whatever `compute` raises.
    """
    threads = max(torch.get_num_threads(), _BEFORE.threads)
    if threads == 1 or count == 1 or torch.compiler.is_compiling():
        return in_turn(compute, count)
    with _CREW.timed(shape) as way:
        if way is Way.ALONE:
            return in_turn(compute, count)
        if way is Way.TORCH:
            with all_threads():
                return [compute(number) for number in range(count)]
        with one_thread():
            return _CREW.share(_Blocks(compute, count), min(threads, count) - 1)


def in_turn(compute: Callable[[int], T], count: int) -> list[T]:
    """The same by one thread alone: for what is done sooner than others are called."""
    with one_thread():
        return [compute(number) for number in range(count)]


@dataclass(eq=False)
class _Pace:
    """What one computation takes in each way.

    seconds: averages; nan before the first time.
    since: seconds that the computation took, in whatever way, since each way was tried.
    """

    seconds: list[float] = field(default_factory=lambda: [math.nan] * len(Way))
    since: list[float] = field(default_factory=lambda: [0.0] * len(Way))

    def choose(self) -> Way:
        """The quickest, or one that is due to be tried again."""
        for way in Way:
            if math.isnan(self.seconds[way]) or self.since[way] * LOOKING > self.seconds[way]:
                return way
        return min(Way, key=lambda way: self.seconds[way])

    def note(self, way: Way, seconds: float) -> None:
        """Remember a time. A shorter one is believed at once: a way that is not taken is seldom seen again."""
        before = self.seconds[way]
        self.seconds[way] = before + WEIGHT * (seconds - before) if seconds > before else seconds
        self.since = [each + seconds for each in self.since]
        self.since[way] = 0.0

    @property
    def is_idle(self) -> bool:
        """Whether all of torch's threads are quicker than one, or nobody knows."""
        return not self.seconds[Way.TORCH] > self.seconds[Way.ALONE]


@dataclass(eq=False)
class _Blocks(Generic[T]):
    """The blocks of one computation, and who takes which."""

    compute: Callable[[int], T]
    count: int
    found: dict[int, T] = field(default_factory=dict)
    error: BaseException | None = None
    _begun: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def work(self) -> None:
        """Take blocks until all are done."""
        while (number := self._take()) is not None:
            try:
                self._keep(number, self.compute(number))
            except BaseException as error:  # noqa: BLE001 - whoever asked raises it
                self.error = self.error or error

    def _take(self) -> int | None:
        """A block that nobody has finished: first those that nobody has begun, then in turns."""
        with self._lock:
            if self.error is not None or len(self.found) == self.count:
                return None
            while self._begun % self.count in self.found:
                self._begun += 1
            self._begun += 1
            return (self._begun - 1) % self.count

    def _keep(self, number: int, result: T) -> None:
        with self._lock:
            self.found.setdefault(number, result)


@dataclass(eq=False)
class _Crew:
    """Threads that help whoever computes.

    is_idle: whether all of torch's threads were quicker than one lately.
    """

    is_idle: bool = True
    _paces: dict[tuple[int, ...], _Pace] = field(default_factory=dict)
    _waiting: list[_Blocks[object]] = field(default_factory=list)
    _helpers: list[threading.Thread] = field(default_factory=list)
    _ended: bool = False
    _called: threading.Condition = field(default_factory=threading.Condition)

    @contextmanager
    def timed(self, shape: tuple[int, ...]) -> Iterator[Way]:
        """In which way to do what takes as long as everything of this shape; how long it takes is noted."""
        with self._called:
            pace = self._paces.pop(shape, None) or _Pace()
            self._paces[shape] = pace  # the newest last
            if len(self._paces) > SHAPES:
                del self._paces[next(iter(self._paces))]
            way = pace.choose()
        began = time.perf_counter()
        yield way
        with self._called:
            pace.note(way, time.perf_counter() - began)
            self.is_idle = pace.is_idle

    def share(self, blocks: _Blocks[T], helpers: int) -> list[T]:
        """Work on `blocks`, with up to so many others beside."""
        with self._called:
            self._grow(helpers)
            self._waiting += [blocks] * helpers  # type: ignore[list-item]
            self._called.notify(helpers)
        blocks.work()
        with self._called:
            self._waiting = [each for each in self._waiting if each is not blocks]
        if blocks.error is not None:
            raise blocks.error
        return [blocks.found[number] for number in range(blocks.count)]

    def _grow(self, helpers: int) -> None:
        for _ in range(helpers - len(self._helpers)):
            helper = threading.Thread(target=self._help, name="explorer-blocks", daemon=True)
            helper.start()
            self._helpers.append(helper)

    def _help(self) -> None:
        while (blocks := self._next()) is not None:
            with torch.no_grad():
                blocks.work()
            del blocks  # a helper that waits holds nothing

    def _next(self) -> _Blocks[object] | None:
        """Wait for blocks to help with; None at the end."""
        with self._called:
            self._called.wait_for(lambda: self._waiting or self._ended)
            return None if self._ended else self._waiting.pop()

    def end(self) -> None:
        """Let the helpers go: a thread that computes must not outlive the interpreter."""
        with self._called:
            self._ended = True
            self._called.notify_all()
        for helper in self._helpers:
            helper.join()


_CREW = _Crew()


def _begin_anew() -> None:
    """A forked process has none of the threads, and locks as they were."""
    _CREW.__init__()  # type: ignore[misc]


atexit.register(_CREW.end)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)
