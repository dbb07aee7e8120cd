"""HTTP beside Gradio's own: media, assets and questions. GETs change nothing; anything unknown is a 404."""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cache, partial
from pathlib import Path
from weakref import WeakValueDictionary

import anyio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from explorer.data import image_set_names
from explorer.errors import ExplorerError, ViewError
from explorer.files.aside import Aside
from explorer.plots.library import plotly_js
from explorer.ui import questions
from explorer.ui.computed.catalog import readable
from explorer.ui.http import picture_upload, printed_guide, report_upload, run_zips
from explorer.ui.http.bodies import drop, whole
from explorer.ui.http.lanes import CHEAP, DEAR, Lane, SingleFlight
from explorer.ui.http.senders import sender_of, token_of
from explorer.ui.media import media, signed
from explorer.ui.questions import Answer, remembered
from explorer.ui.questions.params import Params
from explorer.ui.text import error_text
from explorer.ui.view.languages import browser_language

ASSETS = Path(__file__).parents[1] / "assets"
ASSET_TYPES = {".js": "text/javascript", ".css": "text/css"}
ASSET_PREFIX = "explorer/assets"
ASK_PREFIX = "explorer/ask"
LONGEST_QUESTION = 1_000_000  # bytes
MADE_AT_ONCE = 4  # of media; more wait: they must never take all threads that serve the page
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
#: Of gzip: scripts are packed once; numbers shrink by 2 % more in three times the time.
ASSET_LEVEL, MEDIUM_LEVEL = 6, 1
#: What belongs to one visitor stays in that browser, as long as its key opens it.
FOR_A_DAY = FOR_EVER | {"Cache-Control": "private, max-age=86400, immutable"}


def asset_address(name: str) -> str:
    """The URL of a script, relative to the page.

    All assets share one hash: scripts import each other by plain relative names, and a page never mixes versions.
    """
    return f"{ASSET_PREFIX}/{_assets()[0]}/{name}"


def routes() -> list[BaseRoute]:
    """For `launch(app_kwargs={"routes": routes()})`."""
    return [
        Route(f"/{media.PREFIX}/{{kind}}/{{key}}/{{name}}", _media),
        Route(f"/{ASSET_PREFIX}/{{key}}/{{name:path}}", _asset),
        Route(f"/{ASK_PREFIX}/{{name}}", _ask, methods=["POST"]),
        Route(f"/{run_zips.KEPT_PATH}/{{name}}.zip", run_zips.download),
        Route(f"/{run_zips.KEPT_PATH}", run_zips.upload, methods=["POST"]),
        Route(f"/{picture_upload.PICTURES_PATH}", picture_upload.upload, methods=["POST"]),
        Route(f"/{report_upload.REPORT_PATH}", report_upload.report, methods=["POST"]),
        Route(f"/{printed_guide.PATH}", _printed),
    ]


async def _media(request: Request) -> Response:
    """What was sent before comes at once; what is still to be made is made once, whoever asks for it."""
    key = f"{request.url.path} {_zips(request)}"
    if (sent := _SENT.get(key)) is not None:
        return Response(sent[0], headers=sent[1])
    answered = await _made(request)
    if answered.headers.get("cache-control") == FOR_EVER["Cache-Control"]:
        _SENT.put(key, bytes(answered.body), dict(answered.headers))
    return answered


#: Answers by path that are the same for everybody for good, since an address is a key of its content.
_SENT: Aside[str, dict[str, str]] = Aside(200_000_000)


async def _made(request: Request) -> Response:
    try:
        if (found := await anyio.to_thread.run_sync(_medium, request, media.known)) is not None:
            return found
        async with _alone(request.url.path):
            if (found := await anyio.to_thread.run_sync(_medium, request, media.known)) is not None:
                return found
            made = await anyio.to_thread.run_sync(_medium, request, media.content, limiter=_makers())
    except ExplorerError as error:
        return PlainTextResponse(str(error), status_code=404)
    assert made is not None
    return made


def _medium(request: Request, read: Callable[..., tuple[bytes, str] | None]) -> Response | None:
    found = read(**request.path_params)
    own = signed.is_own(request.path_params["name"])
    return None if found is None else _respond(request, *found, headers=FOR_A_DAY if own else FOR_EVER)


def _asset(request: Request) -> Response:
    key, name = request.path_params["key"], request.path_params["name"]
    current, files = _assets()
    if key != current or name not in files:
        return PlainTextResponse("no such asset: reload the page", status_code=404)
    return _respond(request, files[name], ASSET_TYPES[Path(name).suffix])


async def _printed(request: Request) -> Response:
    """The guide on paper; measured when it is asked for, once for all who ask for the same set."""
    asked, lang = dict(request.query_params), browser_language(request.headers.get("accept-language", ""))
    data = asked.get("data", "")
    style = f"../{asset_address('guide/printed.css')}"
    key = f"guide of {data if data in image_set_names() else 'any other'}"
    try:
        async with _alone(key), DEAR.turn(sender_of(request.scope)):
            body = await anyio.to_thread.run_sync(printed_guide.guide_page, asked, lang, style, limiter=_threads())
    except ViewError as error:
        return PlainTextResponse(str(error), status_code=429)
    return HTMLResponse(body, headers={"Cache-Control": "no-store"})


async def _ask(request: Request) -> Response:
    """A JSON object in, a JSON object out; what cannot be answered is data too, and one line in the log."""
    name = request.path_params["name"]
    asked: object = {}
    key: str | None = None
    try:
        asked = await _question(request)
        key = remembered.key_of(name, asked)
        if (known := remembered.recall(key)) is not None:
            return Response(known, media_type="application/json", headers={"Cache-Control": "no-store"})
        answered = await _unless_gone(request, partial(_answered, request, name, asked))
    except ClientDisconnect:
        answered = None
    except ViewError as error:
        await drop(request)
        answered = refused(error, asked)
    if answered is None:
        return Response(status_code=204)  # to nobody
    if not answered["ok"]:
        logging.getLogger(__name__).warning("ask %s: %s", readable(name), answered["code"])
    response = JSONResponse(answered, headers={"Cache-Control": "no-store"})  # a number that is none ends in `Guard`
    if answered["ok"]:
        remembered.remember(key, bytes(response.body))
    return response


async def _question(request: Request) -> object:
    body = await whole(request, LONGEST_QUESTION)
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ViewError("ask_parameter", name="the body", expected="a JSON object", got=readable(body[:60])) from error
    return asked | token_of(request) if isinstance(asked, dict) else asked


async def _answered(request: Request, name: str, asked: object) -> Answer:
    """In the lane of the question; what several ask at the same time is computed for all of them once."""
    sender = sender_of(request.scope)

    async def computed(lane: Lane) -> Answer:
        async with lane.turn(sender):
            return await anyio.to_thread.run_sync(questions.answer, name, asked, limiter=_threads())

    try:
        if name in questions.CHEAP or name not in questions.QUESTIONS or await _is_stored(name, asked):
            return await computed(CHEAP)
        return await _flights().once(json.dumps([name, asked], sort_keys=True), partial(computed, DEAR))
    except ViewError as error:
        return refused(error, asked)


async def _is_stored(name: str, asked: object) -> bool:
    """Looked up in a thread: it may read a run."""
    return name in questions.STORED and await anyio.to_thread.run_sync(questions.is_stored, name, asked)


def refused(error: ViewError, asked: object) -> Answer:
    """The answer to a question that was not put."""
    lang = Params(asked if isinstance(asked, dict) else {}).lang
    return {"ok": False, "code": error.code, "error": error_text(error, lang)}


async def _unless_gone(request: Request, work: Callable[[], Awaitable[Answer]]) -> Answer | None:
    """What `work` answers; None as soon as nobody is there any more, and then what waits is not begun."""
    answers: list[Answer] = []
    async with anyio.create_task_group() as group:

        async def watch() -> None:
            if (await request.receive())["type"] == "http.disconnect":
                group.cancel_scope.cancel()

        group.start_soon(watch)
        answers.append(await work())
        group.cancel_scope.cancel()
    return answers[0] if answers else None


#: A lock for each thing that is being computed, as long as somebody waits for it.
_WAITING: WeakValueDictionary[str, anyio.Lock] = WeakValueDictionary()


@asynccontextmanager
async def _alone(key: str) -> AsyncIterator[None]:
    """One at a time for the same `key`: whoever waits holds no thread and no place among the questions."""
    lock = _WAITING.setdefault(key, anyio.Lock())
    async with lock:
        yield


@cache
def _threads() -> anyio.CapacityLimiter:
    """As many as the lanes give turns."""
    return anyio.CapacityLimiter(CHEAP.at_once + DEAR.at_once)


@cache
def _flights() -> SingleFlight[Answer]:
    return SingleFlight()


@cache
def _makers() -> anyio.CapacityLimiter:
    """Apart from questions: what the planes wait for is made in milliseconds, while a question may take seconds."""
    return anyio.CapacityLimiter(MADE_AT_ONCE)


@cache
def _assets() -> tuple[str, dict[str, bytes]]:
    """One hash over all assets, and their contents by path below the folder. Read once: they belong to the process."""
    paths = sorted(path for path in ASSETS.rglob("*") if path.suffix in ASSET_TYPES)
    files = {path.relative_to(ASSETS).as_posix(): path.read_bytes() for path in paths}
    files["chart/plotly.min.js"] = plotly_js()  # beside chart.js, which fetches it when the first chart is shown
    digest = hashlib.sha256(b"".join(name.encode() + body for name, body in files.items()))
    return digest.hexdigest()[:16], files


def _respond(request: Request, body: bytes, media_type: str, headers: dict[str, str] = FOR_EVER) -> Response:
    if not media_type.startswith("image/") and _zips(request):
        body = _gzipped(body, ASSET_LEVEL if media_type in ASSET_TYPES.values() else MEDIUM_LEVEL)
        headers = headers | {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(body, media_type=media_type, headers=headers)


def _zips(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")


def _gzipped(body: bytes, level: int) -> bytes:
    key = hashlib.sha256(body).digest()  # and not the body, which would be kept with it
    if (known := _PACKED.get(key)) is not None:
        return known[0]
    packed = gzip.compress(body, level, mtime=0)
    _PACKED.put(key, packed, None)
    return packed


_PACKED: Aside[bytes, None] = Aside(64_000_000)
