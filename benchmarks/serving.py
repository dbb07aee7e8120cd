"""How long visitors wait when there are many of them, one training runs, and one of them abandons what they ask for.

    python -m benchmarks.serving [--visitors 50] [--seconds 180] [--short]

Starts the app, a training at full speed beside it, as nice as the page starts one, and visitors on the loopback
interface, each with an address of its own (127.1.x.y): each asks something cheap every 2 seconds and something dear
every 30, in the mix of a walk through all tabs (`benchmarks.visitors`), and fetches what a scene names and it has not
yet, as a browser does. They arrive during the first sixth. After a third one more sender asks 150 different dear
questions and hangs up on each. A failure counts as 60 seconds. Everything shares this machine's cores, the visitors
too: what each takes of them is printed. `--short` is half a minute.

Asked: cheap p95 at most 0.5 s, dear at most 10 s, nothing above 15 s.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import ssl
import tempfile
import time
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, field

import httpx
import numpy as np

from benchmarks.processes import cpu_seconds, serving, training
from benchmarks.visitors import VAE, Request, cheap, commit_number, dear, media_of, question
from explorer.cli.background import NICER

FAILED = 60.0
#: One for all clients, who use none: each would read the machine's certificates, 20 ms in which nobody is served.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
CHEAP_EVERY, DEAR_EVERY = 2.0, 30.0
ABANDONED, PATIENCE = 150, 0.3
ASKED = {"cheap p95": 0.5, "dear p95": 10.0, "longest": 15.0}


@dataclass
class Waits:
    """Seconds that visitors waited, by kind and by what for, and what came instead of an answer."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    by_name: dict[str, list[float]] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)

    def add(self, kind: str, name: str, seconds: float, failure: str = "") -> None:
        """One of them."""
        seconds = FAILED if failure else seconds
        self.seconds.setdefault(kind, []).append(seconds)
        self.by_name.setdefault(name, []).append(seconds)
        if failure:
            self.failures[f"{name}: {failure}"] = self.failures.get(f"{name}: {failure}", 0) + 1


class Visitor:
    """Somebody with an address and an open page."""

    def __init__(self, url: str, number: int, commit: int, waits: Waits) -> None:
        # like a browser, take no connection up again that the server is about to close: it keeps them for 5 seconds
        kept = httpx.Limits(keepalive_expiry=2.0)
        address = f"127.1.{number // 250}.{1 + number % 250}"
        transport = httpx.AsyncHTTPTransport(local_address=address, limits=kept, verify=NO_TLS)
        headers = {"X-Explorer-Page": f"page{number}", "Accept-Encoding": "gzip"}
        self.client = httpx.AsyncClient(base_url=url, transport=transport, timeout=FAILED, headers=headers)
        self.number, self.waits = number, waits
        self.has: set[str] = set()  # media, as a browser keeps them
        self.cheap, self.dear = cheap(commit, number), dear(number)

    async def stay(self, late: float, until: float) -> None:
        """Come late, and ask both kinds side by side; who waits longer than the pause asks again at once."""
        await asyncio.sleep(late)
        async with asyncio.TaskGroup() as group:
            group.create_task(self.asks(self.cheap, "cheap", CHEAP_EVERY, until))
            group.create_task(self.asks(self.dear, "dear", DEAR_EVERY, until))
        await self.client.aclose()

    async def asks(self, requests: Iterator[Request], kind: str, every: float, until: float) -> None:
        """One thing every so often, at times of one's own; who is late asks at once and comes back to them.

        A pause after each answer instead would let one stall bring everybody into step for the rest of the time.
        """
        planned = time.monotonic() + random.Random(f"{self.number} {kind}").random() * every
        while planned < until:
            await asyncio.sleep(planned - time.monotonic())
            await self.waited(next(requests), kind)
            planned += every * max(1, int((time.monotonic() - planned) / every))

    async def waited(self, request: Request, kind: str) -> None:
        """Ask for one thing and note how long it took; fetch what a scene names."""
        answer = await self.noted(kind, request.name, self.client.post(request.path, json=request.asked))
        if answer is not None and request.name.startswith("scene"):
            new = [address for address in media_of(answer.content) if address not in self.has]
            self.has |= set(new)
            await asyncio.gather(*(self.noted("media", "media", self.client.get(address)) for address in new))

    async def noted(self, kind: str, name: str, asked: Awaitable[httpx.Response]) -> httpx.Response | None:
        """An answer, None where it failed."""
        began, failure, answer = time.monotonic(), "", None
        try:
            answer = await asked
            failure = failed(answer)
        except httpx.HTTPError as error:
            failure = type(error).__name__
        self.waits.add(kind, name, time.monotonic() - began, failure)
        return None if failure else answer


def failed(answer: httpx.Response) -> str:
    """Why an answer is none, "" if it is one."""
    if answer.status_code != 200:
        return str(answer.status_code)
    if "json" not in answer.headers.get("content-type", ""):
        return ""
    value = answer.json()
    return str(value.get("code", "")) if value.get("ok") is False else ""


async def abandon(url: str) -> None:
    """Ask, and hang up: each question another one, each on a connection of its own."""

    async def one(number: int) -> None:
        request = question("iwae", run=VAE, image=number, parts=3)
        transport = httpx.AsyncHTTPTransport(local_address="127.2.0.1", verify=NO_TLS)
        async with httpx.AsyncClient(base_url=url, transport=transport, timeout=PATIENCE) as client:
            with contextlib.suppress(httpx.HTTPError):
                await client.post(request.path, json=request.asked)

    await asyncio.gather(*map(one, range(ABANDONED)))


async def measured(url: str, visitors: int, seconds: float) -> Waits:
    """All of them, for a while."""
    waits = Waits()
    async with httpx.AsyncClient(base_url=url, timeout=FAILED) as client:
        commit = commit_number((await client.get("config")).json())
    until = time.monotonic() + seconds
    async with asyncio.TaskGroup() as group:
        for number in range(visitors):
            group.create_task(Visitor(url, number, commit, waits).stay(seconds / 6 * number / visitors, until))
        await asyncio.sleep(seconds / 3)
        group.create_task(abandon(url))
    return waits


def told(waits: Waits) -> None:
    """Print it."""
    for kind, seconds in sorted(waits.seconds.items()):
        p50, p95 = np.percentile(seconds, (50, 95))
        print(f"{kind:6} n {len(seconds):5}   p50 {p50:6.2f} s   p95 {p95:6.2f} s   longest {max(seconds):6.2f} s")
    slowest = sorted(waits.by_name.items(), key=lambda each: -float(np.percentile(each[1], 95)))[:8]
    print("slowest, by p95: " + " · ".join(f"{name} {np.percentile(each, 95):.2f} s" for name, each in slowest))
    print(f"failures: {json.dumps(waits.failures)}")
    print("asked: " + ", ".join(f"{name} {seconds:g} s" for name, seconds in ASKED.items()))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=180.0)
    parser.add_argument("--short", action="store_true", help="half a minute")
    args = parser.parse_args()
    seconds = 30.0 if args.short else args.seconds
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EXPLORER_HOME"] = folder
        with serving("app.py", "--port", "{port}") as (url, pid), training(1, NICER) as (trainer,):
            spent = [cpu_seconds(pid), time.process_time(), cpu_seconds(trainer)]
            load = os.getloadavg()[0]
            waits = asyncio.run(measured(url, args.visitors, seconds))
            now = [cpu_seconds(pid), time.process_time(), cpu_seconds(trainer)]
    told(waits)
    server, own, trained = (after - before for before, after in zip(spent, now, strict=True))
    print(f"CPU: server {server:.0f} s, visitors {own:.0f} s, training {trained:.0f} s of {seconds:.0f}")
    print(f"load before {load:.1f} and after {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
