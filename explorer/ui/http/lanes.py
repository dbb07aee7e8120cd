"""Turns that are fair: however much one sender asks for, the others wait for one of their things at most, not for all.

A lane has a few turns. When one is free, it goes to the sender who was served longest ago: first among addresses, then
among the pages of that address, and of one page to what came first. What a sender has in a lane is bounded too, and
the excess is refused in a sentence at once. Whoever stops waiting (a client that is gone) leaves no trace.

Lanes belong to one event loop, and need no locks.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import anyio

from explorer.errors import ViewError
from explorer.ui.http.senders import Sender

T = TypeVar("T")


@dataclass(eq=False)
class Ticket:
    """Of one who waits, or has a turn."""

    sender: Sender
    called: anyio.Event = field(default_factory=anyio.Event)


@dataclass(eq=False)
class Lane:
    """Turns of one kind.

    Attributes:
        at_once: turns.
        side_by_side: of one page, or of one address without a page, at a time.
        of_page: turns and waiting of one page at most.
        of_address: of all pages of an address.
        in_all: of everybody.
    """

    at_once: int
    side_by_side: int = 1
    of_page: int = 8
    of_address: int = 64
    in_all: int = 1000
    _inside: list[Ticket] = field(default_factory=list)
    _waiting: list[Ticket] = field(default_factory=list)
    _served: dict[Sender | str, int] = field(default_factory=dict)
    _turns: int = 0

    @asynccontextmanager
    async def turn(self, sender: Sender) -> AsyncIterator[None]:
        """Wait for a turn, and keep it inside the block.

        Raises:
            ViewError: `ask_busy`, the sender or everybody together wait for too much already.
        """
        self._check(sender)
        ticket = Ticket(sender)
        self._waiting.append(ticket)
        try:
            self._call()
            await ticket.called.wait()
            yield
        finally:
            (self._inside if ticket in self._inside else self._waiting).remove(ticket)
            self._call()

    def _check(self, sender: Sender) -> None:
        tickets = [ticket.sender for ticket in (*self._inside, *self._waiting)]
        page, address = tickets.count(sender), sum(each.address == sender.address for each in tickets)
        if page >= self.of_page or address >= self.of_address or len(tickets) >= self.in_all:
            raise ViewError("ask_busy")

    def _call(self) -> None:
        """Give free turns to whoever was served longest ago."""
        while len(self._inside) < self.at_once:
            inside = [ticket.sender for ticket in self._inside]
            may = [ticket for ticket in self._waiting if inside.count(ticket.sender) < self.side_by_side]
            if not may:
                break
            ticket = min(may, key=self._rank)
            self._waiting.remove(ticket)
            self._inside.append(ticket)
            self._turns += 1
            self._served[ticket.sender] = self._served[ticket.sender.address] = self._turns
            ticket.called.set()
        if not self._waiting and not self._inside:
            self._served.clear()  # nobody here whom it could matter to

    def _rank(self, ticket: Ticket) -> tuple[int, int]:
        """The smallest goes first; of equals the first in the queue does."""
        return self._served.get(ticket.sender.address, 0), self._served.get(ticket.sender, 0)


@dataclass(eq=False)
class _Flight(Generic[T]):
    done: anyio.Event = field(default_factory=anyio.Event)
    answers: list[T] = field(default_factory=list)


class SingleFlight(Generic[T]):
    """One computation for all who ask for the same thing meanwhile; they wait for it and take no turn of their own."""

    def __init__(self) -> None:
        self._under_way: dict[str, _Flight[T]] = {}

    async def once(self, key: str, make: Callable[[], Awaitable[T]]) -> T:
        """What `make` gives, or gives somebody else who asked for the same before.

        If that one is refused, or gone, the next one makes it.
        """
        while (other := self._under_way.get(key)) is not None:
            await other.done.wait()
            if other.answers:
                return other.answers[0]
        mine = self._under_way[key] = _Flight()
        try:
            mine.answers.append(await make())
        finally:
            del self._under_way[key]
            mine.done.set()
        return mine.answers[0]


#: Questions that are answered in milliseconds: a picture for a point, a list. Never more than a few threads of Python
#: beside each other, which only take the one interpreter from each other.
CHEAP = Lane(at_once=3, side_by_side=2, of_page=16)
#: Questions that compute: one of a page at a time, and half of the cores at most.
DEAR = Lane(at_once=max(1, (os.cpu_count() or 2) // 2))
#: Events of Gradio's that run at once: scenes. Its own client names no page.
EVENTS = Lane(at_once=3, side_by_side=2, of_page=64)
#: Bodies of questions and events on their way.
BODIES = Lane(at_once=32, side_by_side=4, of_page=64)
#: Uploads of each kind, from the first byte until the answer is known: one of an address.
UPLOADS = {kind: Lane(at_once=4, of_page=4, of_address=4) for kind in ("report", "pictures", "kept")}
