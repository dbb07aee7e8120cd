"""A visitor's runs leave and come back as zips: `GET explorer/kept/ID.zip?key=KEY`, `POST explorer/kept?asked=JSON`.

What comes back is somebody's file: only files that a run has are read out of it, each bounded before it is unpacked and
checked against the run's own hashes, and the run gets a new id that nobody guesses. No pickle is read.
"""

from __future__ import annotations

import io
import logging
import zipfile
from functools import cache
from typing import Any

import anyio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from explorer.data import load_image_set
from explorer.errors import ExplorerError, FileError, RunError, TrainingError
from explorer.files.zips import BROKEN_ZIP, UnpacksTooLargeError, entries, opened_zip
from explorer.files.zips import unpacked as unpacked_entry
from explorer.jobs import expiry
from explorer.jobs.home import kept_run, own_id, visitor_folder
from explorer.jobs.limits import check_limits, limits
from explorer.jobs.room import check_room
from explorer.jobs.sets import is_hidden_from
from explorer.models import ImageShape
from explorer.runs import PARTS, Run, adopt_run, list_runs, load_run
from explorer.runs.check import check_content
from explorer.runs.foreign import known_of
from explorer.runs.priors import check_prior
from explorer.ui.computed import catalog
from explorer.ui.http.bodies import chunks, drop
from explorer.ui.http.lanes import UPLOADS
from explorer.ui.http.report_upload import asked_of
from explorer.ui.http.senders import Sender, sender_of, token_of
from explorer.ui.media import signed
from explorer.ui.questions.params import Params
from explorer.ui.text import error_text

KEPT_PATH = "explorer/kept"
MEGABYTE = 1_000_000
LONGEST = 64 * MEGABYTE
#: All files of a run together, unpacked; and again what is packed inside its npz files.
UNPACKED = 256 * MEGABYTE
AT_ONCE = 2


async def download(request: Request) -> Response:
    """The folder of a run as a zip, for whoever was given its address; to others there is no such run."""
    name = request.path_params["name"]
    try:
        if not signed.opens_zip(request.query_params.get("key", ""), name):
            raise TrainingError("train_job_unknown")
        content = await anyio.to_thread.run_sync(zipped, name, limiter=_turn())
    except ExplorerError as error:
        return PlainTextResponse(str(error), status_code=404)
    headers = {"Content-Disposition": "attachment", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type="application/zip", headers=headers)


def zipped(name: str) -> bytes:
    """The zip of a run of this spool, its files verified on the way."""
    folder = kept_run(name)
    if folder is None:
        raise TrainingError("train_job_unknown")
    run, buffer = load_run(folder), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as out:
        out.writestr(f"{name}/run.json", (folder / "run.json").read_bytes())
        for file in run.files:
            out.writestr(f"{name}/{file}", run.read(file))
        if (folder / "README.md").exists():
            out.writestr(f"{name}/README.md", (folder / "README.md").read_bytes())
    return buffer.getvalue()


async def upload(request: Request) -> JSONResponse:
    """`{"ok": True, "mine", "run"}`, or `{"ok": False, "code", "error"}`."""
    params = Params(asked_of(request) | token_of(request))
    try:
        size, owner = params.integer("size", LONGEST + 1), params.owner
        async with UPLOADS["kept"].turn(Sender(sender_of(request.scope).address)):
            content = await _body(request, size)
            answered = await anyio.to_thread.run_sync(_kept, content, owner, limiter=_turn())
    except ClientDisconnect:
        answered = {"ok": False, "code": "gone", "error": ""}
    except ExplorerError as error:
        await drop(request)
        logging.getLogger(__name__).warning("upload of a run: %s", error.code)
        answered = {"ok": False, "code": error.code, "error": error_text(error, params.lang)}
    return JSONResponse(answered, headers={"Cache-Control": "no-store"})


def _kept(content: bytes, mine: str) -> dict[str, Any]:
    expiry.expire()  # what is gone leaves room
    return {"ok": True, "mine": mine, "run": adopt(content, mine).id}


def adopt(content: bytes, token: str) -> Run:
    """Take in the zip of a run for the visitor who holds `token`.

    Raises:
        ExplorerError: it is no zip of a run, a damaged one, one of other images, or one too many.
    """
    runs = visitor_folder(token) / "runs"
    if len(list_runs([runs])) >= limits().kept:
        raise TrainingError("train_too_many_runs", most=limits().kept)
    check_room()

    def welcome(run: Run) -> None:
        if not catalog.is_here(run.config.data) or is_hidden_from(token, run.config.data):
            raise FileError("run_zip_images", name=catalog.readable(run.config.data))
        check_limits(run.config, limits())
        images = load_image_set(run.config.data)
        shape = ImageShape(images.channels, images.height, images.width)
        if run.info.shape != shape or run.info.data_sha256 != images.sha256:
            raise RunError("run_other_images", folder=run.id, name=run.config.data)

    return adopt_run(unpacked(content), runs, own_id, welcome, _complete)


def _complete(run: Run) -> None:
    check_content(run, known_of(run))
    check_prior(run)


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of a run in a zip, by name; everything else in it is left where it is."""
    try:
        with opened_zip(io.BytesIO(content)) as archive:
            named = {entry.filename.rpartition("/")[2]: entry for entry in entries(archive, UNPACKED)}
            files = {name: unpacked_entry(archive, entry) for name, entry in named.items() if name in PARTS}
        inner = UNPACKED
        for file in (file for name, file in files.items() if name.endswith(".npz")):
            with opened_zip(io.BytesIO(file)) as archive:
                inner -= sum(entry.file_size for entry in entries(archive, inner))
    except UnpacksTooLargeError as error:
        raise FileError("run_zip_large", limit=UNPACKED // MEGABYTE) from error
    except BROKEN_ZIP as error:
        raise FileError("run_zip_damaged") from error
    if "run.json" not in files or "model.safetensors" not in files:
        raise FileError("run_zip_foreign")
    return files


async def _body(request: Request, size: int) -> bytes:
    body = bytearray()
    async for chunk in chunks(request):
        body += chunk
        if len(body) > size:
            raise FileError("upload_not_as_announced")
    if len(body) != size:
        raise FileError("upload_not_as_announced")
    return bytes(body)


@cache
def _turn() -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(AT_ONCE)
