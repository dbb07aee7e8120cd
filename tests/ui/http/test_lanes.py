"""Turns go round among senders, what several ask is computed once, and nobody computes for a client that is gone."""

from __future__ import annotations

import json
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import pytest
from starlette.applications import Starlette
from starlette.types import Message

from explorer.errors import ViewError
from explorer.ui import questions
from explorer.ui.http import lanes, routes
from explorer.ui.http.lanes import Lane, SingleFlight
from explorer.ui.http.senders import Sender, sender_of

GREEDY, MODEST, OTHER = Sender("10.0.0.1", "a"), Sender("10.0.0.2", "b"), Sender("10.0.0.1", "c")


async def order_of(lane: Lane, senders: list[Sender]) -> list[Sender]:
    """Who has a turn after whom, when all ask in this order and each turn takes a moment."""
    found: list[Sender] = []

    async def ask(sender: Sender) -> None:
        async with lane.turn(sender):
            found.append(sender)
            for _ in range(5):
                await anyio.lowlevel.checkpoint()

    async with anyio.create_task_group() as group:
        for sender in senders:
            group.start_soon(ask, sender)
    return found


def test_turns_go_round_among_addresses_and_their_pages():
    asked, lane = [GREEDY] * 4 + [OTHER] * 2 + [MODEST] * 2, Lane(1)
    assert anyio.run(order_of, lane, asked) == [GREEDY, MODEST, OTHER, MODEST, GREEDY, OTHER, GREEDY, GREEDY]
    assert lanes_are_empty(lane)


def lanes_are_empty(*each: Lane) -> bool:
    return not any(lane._inside or lane._waiting or lane._served for lane in each)


def test_of_one_page_so_many_have_a_turn_at_a_time():
    together: list[int] = []

    async def scenario(lane: Lane, senders: list[Sender]) -> None:
        async def ask(sender: Sender) -> None:
            async with lane.turn(sender):
                together.append(len(lane._inside))
                await anyio.lowlevel.checkpoint()

        async with anyio.create_task_group() as group:
            for sender in senders:
                group.start_soon(ask, sender)

    anyio.run(scenario, Lane(3), [GREEDY] * 6)
    assert max(together) == 1
    anyio.run(scenario, Lane(3), [GREEDY, MODEST, OTHER, Sender("10.0.0.3")])
    assert max(together) == 3


@pytest.mark.parametrize(
    "lane, inside, refused, welcome",
    [
        (Lane(1, of_page=2), [GREEDY] * 2, GREEDY, OTHER),
        (Lane(1, of_address=2), [GREEDY, OTHER], Sender("10.0.0.1", "d"), MODEST),
        (Lane(1, in_all=2), [GREEDY, OTHER], MODEST, None),
    ],
)
def test_the_excess_is_refused_at_once(lane: Lane, inside: list[Sender], refused: Sender, welcome: Sender | None):
    async def hold(sender: Sender) -> None:
        async with lane.turn(sender):
            await anyio.sleep_forever()

    async def scenario() -> None:
        async with anyio.create_task_group() as group:
            for sender in inside:
                group.start_soon(hold, sender)
            await anyio.wait_all_tasks_blocked()
            with pytest.raises(ViewError, match="wait for an answer"):
                async with lane.turn(refused):
                    pass
            if welcome is not None:
                group.start_soon(hold, welcome)
                await anyio.wait_all_tasks_blocked()
            group.cancel_scope.cancel()

    anyio.run(scenario)
    assert lanes_are_empty(lane)


def test_who_stops_waiting_leaves_no_trace():
    async def scenario(lane: Lane) -> None:
        async with lane.turn(GREEDY):
            with anyio.move_on_after(0.01):
                async with lane.turn(MODEST):
                    raise AssertionError
            assert lane._waiting == []
        assert lanes_are_empty(lane)

    anyio.run(scenario, Lane(1))


def test_one_computes_for_all_who_ask_meanwhile():
    made = 0

    async def make() -> int:
        nonlocal made
        made += 1
        await anyio.wait_all_tasks_blocked()
        return made

    async def scenario() -> list[int]:
        flights, found = SingleFlight[int](), []

        async def ask(key: str) -> None:
            found.append(await flights.once(key, make))

        async with anyio.create_task_group() as group:
            for key in ("a", "a", "a"):
                group.start_soon(ask, key)
        await ask("a")  # later: computed again
        return found

    assert anyio.run(scenario) == [1, 1, 1, 2]


def test_where_the_first_is_refused_or_gone_the_next_one_computes():
    async def scenario() -> None:
        flights, found = SingleFlight[str](), []

        async def refused() -> str:
            await anyio.lowlevel.checkpoint()
            raise ViewError("ask_busy")

        async def made() -> str:
            return "made"

        async def first() -> None:
            with pytest.raises(ViewError):
                await flights.once("a", refused)

        async def gone(scope: anyio.CancelScope) -> None:
            with scope:
                await flights.once("b", anyio.sleep_forever)  # type: ignore[arg-type]

        async def second(key: str) -> None:
            found.append(await flights.once(key, made))

        async with anyio.create_task_group() as group:
            scope = anyio.CancelScope()
            group.start_soon(first)
            group.start_soon(gone, scope)
            await anyio.lowlevel.checkpoint()
            group.start_soon(second, "a")
            group.start_soon(second, "b")
            await anyio.lowlevel.checkpoint()
            scope.cancel()
        assert found == ["made", "made"]

    anyio.run(scenario)


# --- over HTTP


async def put(name: str, asked: dict[str, Any], gone: anyio.Event, page: str = "") -> list[Message]:
    """A question whose client is gone when `gone` is set."""
    body, sent = [json.dumps(asked).encode()], []

    async def receive() -> Message:
        if body:
            return {"type": "http.request", "body": body.pop(), "more_body": False}
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"x-explorer-page", page.encode())]
    scope = {"type": "http", "method": "POST", "path": f"/explorer/ask/{name}", "query_string": b"", "headers": headers}
    await Starlette(routes=routes.routes())(scope, receive, send)
    return sent


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, list[tuple[str, int]]]:
    """Questions that end when the event is set, and those that were begun."""
    end, begun = threading.Event(), []

    def answer(name: str, asked: Any) -> dict[str, Any]:
        begun.append((name, asked.get("image", 0)))
        assert end.wait(30)
        return {"ok": True, "image": asked.get("image", 0)}

    monkeypatch.setattr(questions, "answer", answer)
    monkeypatch.setattr(lanes.DEAR, "at_once", 1)
    return end, begun


Scenario = Callable[[], Awaitable[None]]


def test_a_question_whose_client_is_gone_is_not_begun(held: tuple[threading.Event, list[tuple[str, int]]]):
    end, begun = held
    answers: list[Any] = []

    async def scenario() -> None:
        async def ask(number: int, gone: anyio.Event, page: str) -> None:
            answers.append((number, await put("sharpness", {"image": number}, gone, page)))

        async with anyio.create_task_group() as group:
            gone, stays = anyio.Event(), anyio.Event()
            group.start_soon(ask, 0, stays, "a")
            await _until(lambda: begun == [("sharpness", 0)])
            for number in range(1, 6):
                group.start_soon(ask, number, gone, "b")
            group.start_soon(ask, 9, stays, "c")
            await _until(lambda: len(lanes.DEAR._waiting) == 6)
            gone.set()
            await _until(lambda: len(lanes.DEAR._waiting) == 1)
            end.set()

    anyio.run(scenario)
    assert sorted(begun) == [("sharpness", 0), ("sharpness", 9)]
    assert {number for number, sent in answers if sent[0]["status"] == 200} == {0, 9}
    assert lanes_are_empty(lanes.DEAR)


def test_a_cheap_question_does_not_wait_for_dear_ones(held: tuple[threading.Event, list[tuple[str, int]]]):
    end, begun = held

    async def scenario() -> None:
        async with anyio.create_task_group() as group:
            for number in range(4):
                group.start_soon(put, "sharpness", {"image": number}, anyio.Event(), "a")
            await _until(lambda: len(begun) == 1)
            group.start_soon(put, "decode", {}, anyio.Event(), "b")
            await _until(lambda: len(begun) == 2)
            end.set()

    anyio.run(scenario)
    assert begun[:2] == [("sharpness", 0), ("decode", 0)]


def test_a_posterior_is_cheap_only_where_it_is_stored(
    held: tuple[threading.Event, list[tuple[str, int]]], monkeypatch: pytest.MonkeyPatch
):
    end, begun = held
    monkeypatch.setitem(questions.STORED, "posterior", lambda params: params.integer("image", 9) == 1)

    async def scenario() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(put, "sharpness", {"image": 7}, anyio.Event(), "a")
            await _until(lambda: len(begun) == 1)
            group.start_soon(put, "posterior", {"image": 2}, anyio.Event(), "b")
            group.start_soon(put, "posterior", {"image": 99}, anyio.Event(), "c")  # refused: not worth a free turn
            await _until(lambda: len(lanes.DEAR._waiting) == 2)
            group.start_soon(put, "posterior", {"image": 1}, anyio.Event(), "d")
            await _until(lambda: len(begun) == 2)
            end.set()

    anyio.run(scenario)
    assert begun[:2] == [("sharpness", 7), ("posterior", 1)]


def test_equal_questions_are_computed_once_and_take_one_place(held: tuple[threading.Event, list[tuple[str, int]]]):
    end, begun = held
    answers: list[Any] = []

    async def scenario() -> None:
        async def ask(page: str) -> None:
            answers.append(json.loads((await put("sharpness", {"image": 3}, anyio.Event(), page))[1]["body"]))

        async with anyio.create_task_group() as group:
            for number in range(30):
                group.start_soon(ask, str(number % 2))
            await _until(lambda: len(begun) == 1)
            await anyio.wait_all_tasks_blocked()
            end.set()

    anyio.run(scenario)
    assert begun == [("sharpness", 3)]
    assert answers == [{"ok": True, "image": 3}] * 30


def test_too_many_dear_questions_of_one_page_are_refused_in_its_language(
    held: tuple[threading.Event, list[tuple[str, int]]],
):
    end, _ = held
    refused: list[Any] = []

    async def scenario() -> None:
        async def ask(number: int) -> None:
            sent = await put("sharpness", {"image": number, "lang": "zh"}, anyio.Event(), "a")
            answered = json.loads(sent[1]["body"])
            if not answered["ok"]:
                refused.append(answered)

        async with anyio.create_task_group() as group:
            for number in range(lanes.DEAR.of_page + 3):
                group.start_soon(ask, number)
            await _until(lambda: len(refused) == 3)
            end.set()

    anyio.run(scenario)
    assert {(each["code"], "请" in each["error"]) for each in refused} == {("ask_busy", True)}


async def _until(holds: Callable[[], bool]) -> None:
    with anyio.fail_after(30):
        while not holds():
            await anyio.sleep(0.005)


# --- senders


@pytest.mark.parametrize(
    "space, client, forwarded, address",
    [
        (False, "10.0.0.1", "1.2.3.4", "10.0.0.1"),  # anybody can write that line
        (True, "10.0.0.1", "1.2.3.4, 10.9.9.9", "1.2.3.4"),  # the last hop, and a proxy inside
        (True, "10.0.0.1", "8.8.8.8, 1.2.3.4", "1.2.3.4"),  # the first one is forged
        (True, "10.0.0.1", "1.2.3.4, nobody", "10.0.0.1"),
        (True, "10.0.0.1", "1.2.3.4," + "10.9.9.9," * 4 + "10.9.9.9", "10.0.0.1"),
        (True, "10.0.0.1", "", "10.0.0.1"),
        (False, "2001:db8:1:2:3::4", "", "2001:db8:1:2::/64"),
        (False, "::ffff:10.0.0.1", "", "10.0.0.1"),
        (False, "testclient", "", "testclient"),
    ],
)
def test_a_sender_is_an_address_or_a_network(
    monkeypatch: pytest.MonkeyPatch, space: bool, client: str, forwarded: str, address: str
):
    monkeypatch.setenv("SPACE_ID", "a/b") if space else monkeypatch.delenv("SPACE_ID", raising=False)
    headers = [(b"x-forwarded-for", forwarded.encode()), (b"x-explorer-page", b"p" * 99)]
    found = sender_of({"type": "http", "client": (client, 1), "headers": headers})
    assert found == Sender(address, "p" * 32)


def test_every_question_has_a_lane():
    assert questions.QUESTIONS.keys() > questions.CHEAP | questions.STORED.keys()
    assert not questions.CHEAP & questions.STORED.keys()
