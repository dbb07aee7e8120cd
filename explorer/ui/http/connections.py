"""Connections before anything is asked over them: headers have to come soon, and one peer has not all of them."""

from __future__ import annotations

import asyncio
import resource
from collections import Counter
from typing import Any, cast

from explorer.jobs.limits import on_a_space
from explorer.ui.http.senders import network_of

#: Seconds from the opening of a connection, or the first byte of a further request, to the end of its headers.
HEADERS = 15.0
GRACE = 0.5
#: Connections of one peer, by its address or network.
_OPEN: Counter[str] = Counter()


def most_of_a_peer() -> int:
    """Half of the files that this process may have open: the rest is for the others."""
    return max(64, min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 65_536) // 2)


class Timely(asyncio.Protocol):
    """Beside one of uvicorn's protocols for HTTP, which waits for headers for ever."""

    cycle: Any  # the request under way, or the last one
    _transport: asyncio.Transport | None = None
    _peer = ""
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the event loop."""
        super().connection_made(transport)
        self._transport = cast(asyncio.Transport, transport)
        self._peer = network_of(str((transport.get_extra_info("peername") or ("",))[0]))
        _OPEN[self._peer] += 1
        if _OPEN[self._peer] > most_of_a_peer() and not on_a_space():  # there everybody comes from one proxy
            self._transport.abort()
        else:
            self._expect_headers()

    def data_received(self, data: bytes) -> None:
        """Called by the event loop."""
        super().data_received(data)
        if self._asked():
            self._expect_nothing()
        elif self._late is None:
            self._expect_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the event loop."""
        self._expect_nothing()
        _OPEN[self._peer] -= 1
        _OPEN[self._peer] or _OPEN.pop(self._peer)
        super().connection_lost(exc)

    def _asked(self) -> bool:
        """Whether there are headers whose request is not answered yet."""
        return self.cycle is not None and not self.cycle.response_complete

    def _expect_headers(self) -> None:
        self._late = asyncio.get_running_loop().call_later(HEADERS, self._look_again)

    def _expect_nothing(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _look_again(self) -> None:
        """A server that was kept from its work reads first what came meanwhile."""
        self._late = asyncio.get_running_loop().call_later(GRACE, self._give_up)

    def _give_up(self) -> None:
        self._late = None
        if self._transport is not None and not self._asked():
            self._transport.abort()


def bound(config: Any) -> None:
    """Hold the connections that a server takes from now on to this.

    Args:
        config: of uvicorn, which asks it for a protocol at each connection.
    """
    config.http_protocol_class = type("TimelyProtocol", (Timely, config.http_protocol_class), {})
