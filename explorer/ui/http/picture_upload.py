"""`POST explorer/pictures?asked=JSON`: a zip of pictures becomes an image set that only its sender finds.

`asked` holds `files`, the zip's name and size, `pixels` a side, `colours`, how pictures are `split`, the encoding of
`names` that do not say, and the visitor's token `mine`. The zip is
written to a folder of its own while it comes, and deleted before the answer leaves.
"""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path
from typing import Any

import anyio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse

from explorer.data.own import ImportFailed, Refused
from explorer.data.own.names import readable
from explorer.data.own.splitting import SPLITTINGS
from explorer.data.own.zip_names import ENCODINGS
from explorer.errors import DataError, ExplorerError, FileError
from explorer.files.passing import PREFIX, passing_folder
from explorer.jobs import expiry
from explorer.jobs.limits import MEGABYTE, limits
from explorer.jobs.sets import add_set
from explorer.ui.http.bodies import chunks, drop
from explorer.ui.http.lanes import UPLOADS
from explorer.ui.http.report_upload import LONGEST_NAME, asked_of, receive
from explorer.ui.http.senders import Sender, sender_of, token_of
from explorer.ui.questions.params import Params
from explorer.ui.text import error_text

PICTURES_PATH = "explorer/pictures"
COLOURS = {"colour": 3, "grey": 1}
#: Refused files that are named one by one; the others are counted.
SHOWN = 20


async def upload(request: Request) -> JSONResponse:
    """`{"ok": True, "mine", "set", "title", "kept", "files"}`, or `{"ok": False, "code", "error"}`.

    Both with `refused`, sentences about files that were not taken, and `more`, how many are not named; the first with
    `remarks`, sentences on how files, folders and values were read.
    """
    params = Params(asked_of(request) | token_of(request))
    try:
        files, _ = params.files("files", 1, LONGEST_NAME), params.owner
        if files[0][1] > limits().zip_megabytes * MEGABYTE:
            raise FileError("pictures_too_large", limit=limits().zip_megabytes)
        async with UPLOADS["pictures"].turn(Sender(sender_of(request.scope).address)):
            with passing_folder(f"{PREFIX}pictures-") as folder:
                paths = await receive(chunks(request), files, folder)
                answered = await anyio.to_thread.run_sync(added, paths[0], files[0][0], params, limiter=_turn())
    except ClientDisconnect:
        answered = {"ok": False, "code": "gone", "error": ""}
    except ExplorerError as error:
        await drop(request)
        logging.getLogger(__name__).warning("upload of pictures: %s", error.code)
        answered = {"ok": False, "code": error.code, "error": error_text(error, params.lang)}
    return JSONResponse(answered, headers={"Cache-Control": "no-store"})


def added(path: Path, file: str, params: Params) -> dict[str, Any]:
    """What is answered about the zip at `path`, which its sender calls `file`.

    Raises:
        ExplorerError: a parameter that cannot be, too many sets, or no set can be made of it; of the last kind those
            that name refused files are answered and not raised.
    """
    title = readable(Path(file).stem) or "pictures"
    channels = COLOURS[params.choice("colours", tuple(COLOURS))]
    split = params.choice("split", SPLITTINGS) if params.has("split") else SPLITTINGS[0]
    encoding = params.choice("names", tuple(ENCODINGS)) if params.has("names") else ""
    expiry.expire()  # what is gone leaves room
    mine = params.owner
    try:
        report = add_set(mine, path, title, params.integer("pixels", 65), channels, encoding=encoding, split=split)
    except ImportFailed as error:
        told = error_text(_called(error, file), params.lang)
        return {"ok": False, "code": error.code, "error": told} | _told(error.refused, params.lang)
    except DataError as error:
        raise _called(error, file) from error
    made = {"ok": True, "mine": mine, "set": report.image_set.name, "title": title}
    counted = {"kept": report.kept, "files": report.kept + len(report.refused)}
    remarks = [error_text(remark, params.lang) for remark in report.remarks]
    return made | counted | {"remarks": remarks} | _told(report.refused, params.lang)


def _called(error: DataError, file: str) -> DataError:
    """The error about the file as its sender calls it: where it lay here is nobody's business."""
    return DataError(error.code, **error.params | ({"path": readable(file)} if "path" in error.params else {}))


def _told(refused: tuple[Refused, ...], lang: str) -> dict[str, Any]:
    sentences = [error_text(one.error, lang) for one in refused[:SHOWN]]
    return {"refused": sentences, "more": len(refused) - len(sentences)}


@cache
def _turn() -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(1)  # each may take a picture of 50 million pixels
