"""`POST explorer/report?asked=JSON`: the report of files or a record that a visitor sends, which nobody else sees.

The body is the files' bytes one after the other; `asked` names them and their sizes. They are written to a folder of
their own while they come, read once, and deleted before the answer leaves, whatever happens.
"""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import anyio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse

from explorer.collapse.counting import MOST_LEVELS
from explorer.collapse.reporting import collapse_report
from explorer.errors import ExplorerError, FileError, RecordError
from explorer.files.passing import PREFIX, passing_folder
from explorer.files.tensors import check_suffix
from explorer.jobs import expiry
from explorer.reports.diagnosis import diagnose
from explorer.runs.record_zip import unpack_record
from explorer.runs.recorded import load_record
from explorer.ui.collapse.reader_diagnosis import said_of_record
from explorer.ui.collapse.reader_report import MEGABYTE, UNPACKED_BYTES, said, upload_megabytes
from explorer.ui.computed import records
from explorer.ui.computed.catalog import readable
from explorer.ui.http.bodies import chunks, drop
from explorer.ui.http.lanes import UPLOADS
from explorer.ui.http.senders import Sender, sender_of, token_of
from explorer.ui.questions.params import Params
from explorer.ui.text import error_text

REPORT_PATH = "explorer/report"
MOST_FILES = 2
LONGEST_NAME = 200
MOST_K = 1 << 20
AT_ONCE = 2  # reports read and computed side by side; more wait


@dataclass(frozen=True)
class Upload:
    """What a visitor sends.

    Attributes:
        files: names and sizes in bytes, in the order of the body.
        keys: of the tensors to take, () leaves it to the report.
        num_embeddings, ignore, levels, cosine: as on the command line.
        keep: whether a record is kept for its visitor.
    """

    files: tuple[tuple[str, int], ...]
    keys: tuple[str, ...]
    num_embeddings: int | None
    ignore: int | None
    levels: int | None
    cosine: bool
    keep: bool


async def report(request: Request) -> JSONResponse:
    """`{"ok": True, ...}` as `explorer.ui.collapse.reader_report.said` has it, or `{"ok": False, "code", "error"}`.

    Of a record that is kept also `mine`, the token of its visitor, and `kept`, its name.
    """
    params = Params(asked_of(request) | token_of(request))
    try:
        upload = read_upload(params)
        owner = params.owner if upload.keep else ""
        async with UPLOADS["report"].turn(Sender(sender_of(request.scope).address)):
            with passing_folder(f"{PREFIX}report-") as folder:
                paths = await receive(chunks(request), upload.files, folder)
                made = await anyio.to_thread.run_sync(_reported, upload, paths, params.lang, owner, limiter=_turn())
        answered = {"ok": True} | made
    except ClientDisconnect:
        answered = {"ok": False, "code": "gone", "error": ""}
    except ExplorerError as error:
        await drop(request)
        logging.getLogger(__name__).warning("report: %s", error.code)
        answered = {"ok": False, "code": error.code, "error": error_text(error, params.lang)}
    return JSONResponse(answered, headers={"Cache-Control": "no-store"})


def read_upload(params: Params) -> Upload:
    """What is to come, checked before a byte of it is read.

    Raises:
        ViewError: a parameter that cannot be.
        FileError: too large, or of a kind that is never read.
    """
    files = params.files("files", MOST_FILES, LONGEST_NAME)
    for name, _ in files:
        if not _is_record(name):
            check_suffix(name)
    if sum(size for _, size in files) > upload_megabytes() * MEGABYTE:
        raise FileError("upload_too_large", limit=upload_megabytes())
    return Upload(
        files=files,
        keys=tuple(filter(None, map(str.strip, params.word("key", LONGEST_NAME).split(","))))
        if params.has("key")
        else (),
        num_embeddings=int(params.number("num_embeddings", 1, MOST_K)) if params.has("num_embeddings") else None,
        ignore=int(params.number("ignore", -(2**31), 2**31)) if params.has("ignore") else None,
        levels=int(params.number("levels", 1, MOST_LEVELS)) if params.has("levels") else None,
        cosine=bool(params.number("cosine", 0, 1, 0)),
        keep=bool(params.number("keep", 0, 1, 0)),
    )


async def receive(stream: AsyncIterator[bytes], files: tuple[tuple[str, int], ...], folder: Path) -> list[Path]:
    """Write a body to one file after the other, and never more than was announced.

    Args:
        stream: the body.
        files: names, which are not used, and sizes in bytes.
        folder: to write to.

    Raises:
        FileError: `upload_not_as_announced`.
    """
    paths = [folder / f"file{number}" for number in range(len(files))]
    for path in paths:
        path.touch()
    number, left = 0, files[0][1]
    async for chunk in stream:
        rest = memoryview(chunk)
        while rest:
            while left == 0 and number + 1 < len(paths):
                number, left = number + 1, files[number + 1][1]
            if left == 0:
                raise FileError("upload_not_as_announced")
            with paths[number].open("ab") as out:
                out.write(rest[:left])
            written = min(left, len(rest))
            left, rest = left - written, rest[written:]
    if any(path.stat().st_size != size for path, (_, size) in zip(paths, files, strict=True)):
        raise FileError("upload_not_as_announced")
    return paths


def _is_record(name: str) -> bool:
    """Whether a file is read as the record of a training."""
    return name.lower().endswith(".zip")


def _reported(upload: Upload, paths: list[Path], lang: str, owner: str) -> dict[str, Any]:
    for path, (name, _) in zip(paths, upload.files, strict=True):
        if _is_record(name):
            folder = unpack_record(path, path.with_name("record"))
            answer = said_of_record(diagnose(load_record(folder)), lang, name)
            return answer | _kept(folder, name, owner) if upload.keep else answer
    made = collapse_report(
        [(path, name) for path, (name, _) in zip(paths, upload.files, strict=True)],
        keys=upload.keys,
        num_embeddings=upload.num_embeddings,
        ignore=upload.ignore,
        levels=upload.levels,
        cosine=upload.cosine,
        most_bytes=UNPACKED_BYTES,
    )
    return said(made, lang, ", ".join(name for name, _ in upload.files))


def _kept(folder: Path, name: str, owner: str) -> dict[str, str]:
    expiry.expire()  # what is gone leaves room
    try:
        return {"mine": owner, "kept": records.keep(folder, name, owner)}
    except OSError as error:
        raise RecordError(
            "record_not_kept", reason=readable(error.strerror or "no folder can be written to")
        ) from error


def asked_of(request: Request) -> dict[str, Any]:
    """The parameters beside an upload, `?asked=JSON`; {} for anything that is none."""
    try:
        asked = json.loads(request.query_params.get("asked", ""))
    except (ValueError, RecursionError):
        return {}
    return asked if isinstance(asked, dict) else {}


@cache
def _turn() -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(AT_ONCE)
