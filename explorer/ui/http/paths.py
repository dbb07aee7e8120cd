"""What may be asked for at all: of Gradio's routes those that the page and a program behind it use; the others are 404.

Gradio answers under many more: it stores uploads, fetches files and addresses for others, takes recordings, runs
functions of components, edits its own source in development. Whatever a later version adds is closed here until
somebody needs it.
"""

from __future__ import annotations

import re

#: Of the routes of `explorer.ui.http.routes`, which check the rest themselves.
OWN = "/explorer/"
API = "/gradio_api"
#: Events that are answered at once, without Gradio's queue.
RUN = f"{API}/run/"
READ = (
    # the page with its scripts, styles, and what a browser asks every page for
    *("/", "/config/?", r"/theme\.css", r"/(?:favicon\.ico|robots\.txt|manifest\.json)"),
    "/(?:assets|static|svelte)/.+",
    # what it is and that it is still there
    *(f"{API}/(?:info|openapi\\.json|app_id|startup-events)/?", f"{API}/theme\\.css", f"{API}/heartbeat/[^/]+"),
    # answers of events
    *(f"{API}/queue/data", f"{API}/call/(?:v2/)?[^/]+/[^/]+"),
)
WRITTEN = (f"{API}/(?:queue/join|cancel|reset)/?", f"{RUN}[^/]+/?", f"{API}/call/(?:v2/)?[^/]+/?")
#: Served with `--mcp` alone; otherwise Gradio has no such route.
TOOLS = f"{API}/mcp(?:/.*)?"

_MAY = {
    "GET": re.compile("|".join((*READ, TOOLS))),
    "HEAD": re.compile("|".join(READ)),
    "POST": re.compile("|".join((*WRITTEN, TOOLS))),
    "DELETE": re.compile(TOOLS),
}


def may_be_asked_for(method: str, path: str) -> bool:
    """Whether a request goes any further than `Guard`.

    Args:
        method: of HTTP.
        path: below the root of the app, decoded.
    """
    return path.startswith(OWN) or (method in _MAY and _MAY[method].fullmatch(path) is not None)
