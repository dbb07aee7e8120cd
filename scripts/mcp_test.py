"""The endpoints as tools: starts the app with `--mcp`, lists its tools and calls some, as a model's program would.

Run by `make mcp-test` in `.venv-mcp`; ends with an error if a tool is missing, undescribed, or answers wrongly.
"""

from __future__ import annotations

import ast
import asyncio
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
START_SECONDS = 180
VAE, EMA, COLLAPSED = "fashion-vae-z2-s0", "fashion-vqvae-d2-k256-ema-s0", "fashion-vqvae-d64-k512-gradient-s0"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until_it_answers(url: str, app: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and app.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    sys.exit("error: app.py --mcp does not answer")


async def call(session: ClientSession, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await session.call_tool(tool, arguments)
    return dict(ast.literal_eval(result.content[0].text))  # Gradio writes an object as Python does


async def check(url: str) -> None:
    from explorer.ui.page.endpoints import ENDPOINTS

    async with streamablehttp_client(url) as (read, write, _), ClientSession(read, write) as session:
        await session.initialize()
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}
        for name, tool in sorted(tools.items()):
            print(f"{name}({', '.join(tool.inputSchema['properties'])}): {tool.description.splitlines()[0]}")
        names = {
            endpoint.__name__: next((n for n in tools if n.endswith(endpoint.__name__)), "") for endpoint in ENDPOINTS
        }
        assert all(names.values()), f"missing tools: {names}"
        assert len(tools) == len(ENDPOINTS), "a tool that is no endpoint"
        schema = tools[names["encode_image"]].inputSchema
        assert schema["properties"]["image"]["type"] == "integer", schema
        assert schema["required"] == ["run"], schema
        latent = await call(session, names["encode_image"], run=EMA, image=3)
        picture = await call(session, names["decode_latent"], run=EMA, codes=latent["codes"])
        assert picture["ok"]
        assert picture["png"]
        assert (await call(session, names["codebook_health"], run=COLLAPSED))["dead"] > 0
        assert "psnr_db" in (await call(session, names["compare_runs"], left=VAE, right=EMA))["measures"]
        refused = await call(session, names["decode_latent"], run=VAE, z=[0])
        assert (refused["ok"], refused["code"]) == (False, "ask_parameter"), refused
    print("all tools are there and answer")


if __name__ == "__main__":
    port = free_port()
    app = subprocess.Popen([sys.executable, "app.py", "--mcp", "--port", str(port)], cwd=ROOT)
    try:
        wait_until_it_answers(f"http://127.0.0.1:{port}/", app)
        asyncio.run(check(f"http://127.0.0.1:{port}/gradio_api/mcp/"))
    finally:
        app.terminate()
        app.wait()
