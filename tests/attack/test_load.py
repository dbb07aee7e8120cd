"""Much at once, by counts and not by the clock: what one sender asks for and abandons leaves others what is theirs."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import anyio
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Message

from explorer.ui import questions
from explorer.ui.http import lanes, routes
from explorer.ui.http.guard import Guard

ATTACKER, ABANDONED, TOGETHER = "10.9.9.9", 150, 40
VISITORS = [f"10.0.0.{n}" for n in range(1, 11)]
EVENT = "/gradio_api/run/predict"


class Work:
    """Questions that are computed until `end` is set; cheap ones at once."""

    def __init__(self) -> None:
        self.end, self._lock = threading.Event(), threading.Lock()
        self.begun: list[tuple[str, int]] = []

    def __call__(self, name: str, asked: Any) -> dict[str, Any]:
        with self._lock:
            self.begun.append((name, asked["image"]))
        if name not in questions.CHEAP:
            assert self.end.wait(60)
        return {"ok": True, "image": asked["image"]}


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    found = Work()
    monkeypatch.setattr(questions, "answer", found)
    monkeypatch.setattr(lanes.DEAR, "at_once", 1)
    return found


class Client:
    """One request to a server in this process; it waits for its answer until it hangs up."""

    def __init__(self, app: Any, address: str, path: str, asked: dict[str, Any]) -> None:
        self._app, self._gone = app, anyio.Event()
        self.scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "client": (address, 1)}
        self.scope["headers"] = [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")]
        self._body = [json.dumps(asked).encode()]
        self._sent: list[Message] = []

    async def ask(self) -> None:
        await self._app(self.scope, self._receive, self._send)

    def hang_up(self) -> None:
        self._gone.set()

    async def _receive(self) -> Message:
        if self._body:
            return {"type": "http.request", "body": self._body.pop(), "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self._sent.append(message)

    @property
    def said(self) -> str:
        """What came: nothing yet, "gone" where nobody waited for it, "served", or the code of a refusal."""
        if not self._sent:
            return ""
        if self._sent[0]["status"] == 204:
            return "gone"
        body = b"".join(message.get("body", b"") for message in self._sent[1:])
        answered = json.loads(body) if body.startswith(b"{") else {"ok": True}
        return "served" if answered["ok"] else str(answered["code"])


def question(app: Any, address: str, name: str, image: int) -> Client:
    return Client(app, address, f"/explorer/ask/{name}", {"run": "a", "image": image, "parts": 1})


async def until(holds: Callable[[], bool]) -> None:
    with anyio.fail_after(60):
        while not holds():
            await anyio.sleep(0.002)


def tickets(lane: lanes.Lane) -> Counter[str]:
    """By address, of those who wait or have a turn."""
    return Counter(ticket.sender.address for ticket in (*lane._inside, *lane._waiting))


def test_150_abandoned_questions_leave_nothing_and_hold_up_nobody(work: Work):
    app = Starlette(routes=routes.routes(), middleware=[Middleware(Guard, loopback=False)])
    attacks: list[Client] = []
    cheap = [question(app, address, "decode", n) for n, address in enumerate(VISITORS)]
    dear = [question(app, address, "sharpness", 1000 + n) for n, address in enumerate(VISITORS)]

    async def wave(group: anyio.abc.TaskGroup, numbers: range) -> None:
        sent = [question(app, ATTACKER, "sharpness", n) for n in numbers]
        attacks.extend(sent)
        for each in sent:
            group.start_soon(each.ask)
        await until(lambda: sum(map(bool, (each.said for each in sent))) >= len(sent) - lanes.DEAR.of_page)
        assert tickets(lanes.DEAR)[ATTACKER] <= lanes.DEAR.of_page
        for each in sent:
            each.hang_up()
        await until(lambda: len(lanes.DEAR._waiting) == len(waiting()))

    def waiting() -> list[Client]:
        return [each for each in dear if each.said == "" and each in started]

    started: list[Client] = []

    async def scenario() -> None:
        async with anyio.create_task_group() as group:
            await wave(group, range(TOGETHER))
            for each in (*cheap, *dear):
                group.start_soon(each.ask)
            started.extend(dear)
            await until(lambda: len(lanes.DEAR._waiting) == len(dear))
            for first in range(TOGETHER, ABANDONED, TOGETHER):
                await wave(group, range(first, min(first + TOGETHER, ABANDONED)))
            await until(lambda: all(each.said for each in cheap))  # while the dear lane is held
            work.end.set()

    anyio.run(scenario)
    assert Counter(each.said for each in cheap) == Counter(each.said for each in dear) == {"served": len(VISITORS)}
    # of each wave at most what the lane takes of one page was let in; it was dropped, and the rest was told at once
    said = Counter(each.said for each in attacks)
    waves = -(-ABANDONED // TOGETHER)
    assert said["ask_busy"] >= ABANDONED - waves * lanes.DEAR.of_page
    assert said["ask_busy"] + said["gone"] + said["served"] == ABANDONED
    assert said["served"] <= 1
    # only what was begun before anybody else came was computed for nobody
    computed = [image for name, image in work.begun if name == "sharpness"]
    assert [image for image in computed if image < 1000] == [0]
    assert sorted(computed[1:]) == [1000 + n for n in range(len(VISITORS))]
    for lane in (lanes.CHEAP, lanes.DEAR, lanes.BODIES, lanes.EVENTS):
        assert (lane._inside, lane._waiting, lane._served) == ([], [], {})
    assert routes._flights()._under_way == {}


def test_40_scenes_of_one_sender_leave_a_turn_for_another():
    running, most, order = Counter[str](), Counter[str](), []
    go = anyio.Event()

    async def event(request: Request) -> PlainTextResponse:
        address = request.client.host if request.client else ""
        running[address] += 1
        most[address] = max(most[address], running[address])
        order.append(address)
        await go.wait()
        running[address] -= 1
        return PlainTextResponse("scene")

    app = Starlette(routes=[Route(EVENT, event, methods=["POST"])], middleware=[Middleware(Guard, loopback=False)])
    greedy = [Client(app, ATTACKER, EVENT, {"n": n}) for n in range(TOGETHER)]
    modest = [Client(app, address, EVENT, {"n": 0}) for address in VISITORS]

    async def scenario() -> None:
        async with anyio.create_task_group() as group:
            for each in greedy:
                group.start_soon(each.ask)
            await until(lambda: tickets(lanes.EVENTS)[ATTACKER] == TOGETHER)
            assert running[ATTACKER] == lanes.EVENTS.side_by_side < lanes.EVENTS.at_once
            for each in modest:
                group.start_soon(each.ask)
            await until(lambda: sum(tickets(lanes.EVENTS).values()) == TOGETHER + len(VISITORS))
            assert running.total() == lanes.EVENTS.at_once  # one of them did not wait at all
            go.set()

    anyio.run(scenario)
    assert {each.said for each in (*greedy, *modest)} == {"served"}
    assert most[ATTACKER] == lanes.EVENTS.side_by_side
    # everybody else was served before the greedy one had a turn for each of them
    assert order[: lanes.EVENTS.side_by_side] == [ATTACKER] * lanes.EVENTS.side_by_side
    assert max(order.index(address) for address in VISITORS) < 2 * len(VISITORS) + lanes.EVENTS.side_by_side
    assert (lanes.EVENTS._inside, lanes.EVENTS._waiting) == ([], [])
