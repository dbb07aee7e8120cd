"""How the page is served: launch settings with their reasons, theme, scripts."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Any

import gradio as gr
from starlette.middleware import Middleware

from explorer import zerogpu
from explorer.data import image_set_names
from explorer.data.memory_map import let_go
from explorer.errors import ExplorerError
from explorer.files.released import release
from explorer.jobs import expiry, service
from explorer.ui import questions
from explorer.ui.computed import encoded
from explorer.ui.computed.records import serve_records
from explorer.ui.http import connections
from explorer.ui.http.guard import Guard, on_loopback
from explorer.ui.http.routes import ASSETS, asset_address, routes
from explorer.ui.media import media
from explorer.ui.page import layout
from explorer.ui.page.tabs import TABS
from explorer.ui.scene import scene
from explorer.ui.view import default_view

RELEASE_EVERY = 5.0  # seconds
RELEASES = 240  # between two times of tidying
#: Media of which a film has one for each frame.
BY_FRAME = ("step", "photos")
#: Folders of what is fetched when it is visited, and what of them only waits, with the page.
LATER = (
    *(
        "chart/",
        "codebook/",
        "collapse/",
        "elbo/",
        "generate/",
        "guide/",
        "reconstruct/",
        "sandbox/",
        "sharpness/",
        "train/",
        "workbench/",
    ),
    *("core/sheet.js", "core/symbols.js", "page/class_link.js"),
)
WAITING = ("guide/guide.js",)

#: Questions that a tab asks as it opens, and that measure shipped runs for a second or more.
OPENING = ("compare", "sharpness", "rate_distortion", "study", "sweep")

FONT = (
    gr.themes.LocalFont("IBM Plex Sans", weights=(400, 700)),  # the 600 that Gradio bundles has no Latin letters
    "ui-sans-serif",
    "system-ui",
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "sans-serif",
)


def launch(host: str, port: int | None, *, mcp: bool = False, records: Sequence[Path] = (), **more: Any) -> None:
    """Build the page and serve it until it is stopped.

    Args:
        host: address to listen on.
        port: None takes the first free one from 7860.
        mcp: serve the endpoints of `explorer.ui.page.endpoints` as tools of a Model Context Protocol server too.
        records: folders of records that everybody may see in the tab Collapse.
        more: further arguments of `gr.Blocks.launch`.
    """
    if mcp and find_spec("mcp") is None:
        raise SystemExit('error: tools for models need another package: pip install "gradio[mcp]"')
    serve_records(records)
    demo = layout.build()
    queue(demo)
    chosen = settings(host) | {"mcp_server": mcp}
    demo.launch(server_name=host, server_port=port, prevent_thread_lock=True, **chosen, **more)
    connections.bound(demo.server.config)
    Thread(target=tend, daemon=True, name="tend").start()  # before, it would keep the page from being served
    demo.block_thread()


def queue(demo: gr.Blocks) -> None:
    """One event of a kind at a time. Idle, Gradio would look for one every millisecond, 4 % of a core."""
    demo.queue(max_size=32, default_concurrency_limit=1)
    demo._queue.sleep_when_free = 0.01  # seconds
    demo._queue.progress_update_sleep_when_free = 0.1  # as Gradio has it on Windows; nothing here tells its progress


def settings(host: str | None = None) -> dict[str, Any]:
    """Arguments of `gr.Blocks.launch` for a server that listens on `host`."""
    return {
        "app_kwargs": {"routes": routes(), "middleware": [Middleware(Guard, loopback=on_loopback(host))]},
        "theme": theme(),
        "css": (ASSETS / "page" / "explorer.css").read_text(encoding="utf-8"),
        "head": preloads(),
        "run_history": False,  # it keeps every event of a visitor in the browser, and slows each one down
        "ssr_mode": False,  # needs a second server
        "enable_monitoring": False,  # open to everybody otherwise
        "max_file_size": "5mb",
        "footer_links": [],
        "strict_cors": True,
        "show_error": False,  # our own errors travel as sentences; others belong in the log
        "pwa": False,
        "mcp_server": False,
    }


def theme() -> gr.themes.Base:
    """Quiet chrome: neutral greys, so that the models' own colours are the only ones."""
    return gr.themes.Base(
        primary_hue="slate",
        secondary_hue="slate",
        neutral_hue="slate",
        radius_size="md",
        font=FONT,
        font_mono=(gr.themes.LocalFont("IBM Plex Mono", weights=(400,)), "ui-monospace", "Consolas", "monospace"),
    ).set(
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
        # Gradio's own is slate 400, which is 2.6 : 1 on white
        body_text_color_subdued="#566378",
    )


def preloads() -> str:
    """All scripts at once: without it each import waits for the file that names it."""
    names = sorted(path.relative_to(ASSETS).as_posix() for path in Path(ASSETS).rglob("*.js"))
    first = (name for name in names if not name.startswith(LATER) or name in WAITING)
    return "".join(f'<link rel="modulepreload" href="{asset_address(name)}">' for name in first)


def tend() -> None:
    """Bring back at the start what was killed with a server, make ready what first visitors need, and keep order."""
    with suppress(ExplorerError, OSError):
        expiry.recover_runs()
    tidy()
    if zerogpu.spaces() is None:  # a lent GPU's worker is forked, and a lock that is held then is held there for ever
        warm()
    for turn in itertools.count(1):
        release()
        let_go()
        time.sleep(RELEASE_EVERY)
        if turn % RELEASES == 0:
            tidy()


def tidy() -> None:
    """Delete what is left of killed processes and of visitors who are gone; bring killed trainings back."""
    with suppress(ExplorerError, OSError):
        expiry.sweep_left()
        expiry.expire()
        service.advance()


def warm() -> None:
    """Encode what the first planes ask for, measure what the tabs show, make what they fetch, and read all sets."""
    view = default_view()
    for run in filter(None, (view.left, view.right)):
        with suppress(ExplorerError):  # the page itself says what is wrong with a run
            encoded.encoded_test(run)
    addresses: dict[str, None] = {}
    for tab in TABS:  # what every tab measures once, so that no reader waits for it
        with suppress(ExplorerError):
            shown = scene(replace(view, tab=tab.name))
            addresses |= dict.fromkeys(media.addresses_in(shown.to_json()))
    for name in OPENING:
        questions.answer(name, {"left": view.left, "right": view.right, "data": view.data, "size": ""})
    for kind, key, name in fetched_at_once(addresses):
        with suppress(ExplorerError):
            media.content(kind, key, name)
    for data in image_set_names():  # another set is read before somebody chooses it
        with suppress(ExplorerError):
            encoded.test_images(data)


def fetched_at_once(addresses: Iterable[str]) -> list[tuple[str, str, str]]:
    """Kind, key and name of the media that tabs fetch as they open: of a film, whose frames are large, the last one."""
    found: dict[tuple[str, str], tuple[str, str, str]] = {}
    for address in addresses:
        kind, key, name = address.removeprefix(media.PREFIX).strip("/").split("/")
        found[kind, name.rpartition(".")[0] if kind in BY_FRAME else name] = kind, key, name
    return list(found.values())
