"""A stand-in for the Hugging Face Hub on 127.0.0.1 that speaks as much of its protocol as pushing and pulling need.

Repositories in memory, models' and Spaces': create, validate a card, preupload, LFS batch and upload, commit
(NDJSON), information about a repository, and `resolve` with the headers that huggingface_hub reads. Tokens: "good"
may do everything, "read" may not write, none reads public repositories, any other is refused.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LFS_ENDINGS = (".safetensors", ".npz")


class Hub(ThreadingHTTPServer):
    """Repositories: name -> path -> content. `asked` lists method, path and token of every request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.repositories: dict[str, dict[str, bytes]] = {}
        self.private: set[str] = set()
        self.made: dict[str, dict[str, Any]] = {}  # what a Space was made with: sdk, hardware
        self.large: dict[str, bytes] = {}
        self.asked: list[tuple[str, str, str]] = []
        self.status = 0  # what every request is answered with, if not 0

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def running_hub() -> Iterator[Hub]:
    """A hub that answers until the end of the block."""
    hub = Hub()
    thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        hub.shutdown()
        thread.join()
        hub.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Hub

    def do_POST(self) -> None:
        if not self.admitted(writes=True):
            return
        path, body = self.path.partition("?")[0], self.body()
        if path == "/api/validate-yaml":
            self.send({"errors": [], "warnings": []})
        elif path == "/api/repos/create":
            self.create(json.loads(body))
        elif path.endswith("/duplicate"):
            self.duplicate(self.name_in(path).removesuffix("/duplicate"), json.loads(body))
        elif path.endswith(".git/info/lfs/objects/batch"):
            self.batch(
                path.removeprefix("/").removeprefix("spaces/").removesuffix(".git/info/lfs/objects/batch"),
                json.loads(body),
            )
        elif "/preupload/" in path:
            self.preupload(json.loads(body))
        elif "/commit/" in path:
            self.commit(self.name_in(path).partition("/commit/")[0], body)
        else:
            self.fail(404, "")

    def do_PUT(self) -> None:
        content = self.body()
        oid = self.path.rpartition("/")[2]
        if hashlib.sha256(content).hexdigest() != oid:
            self.fail(400, "")
            return
        self.server.large[oid] = content
        self.send({})

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        if not self.admitted(writes=False):
            return
        path = self.path.partition("?")[0]
        if "/tree/" in path:
            self.tree(self.name_in(path).partition("/tree/")[0])
        elif path.startswith(("/api/models/", "/api/spaces/")):
            self.information(self.name_in(path).partition("/revision/")[0])
        else:
            name, _, rest = path.removeprefix("/").partition("/resolve/")
            self.resolve(name, rest.partition("/")[2])

    def admitted(self, *, writes: bool) -> bool:
        token = self.headers.get("authorization", "").removeprefix("Bearer ")
        self.server.asked.append((self.command, self.path, token))
        if self.server.status:
            self.fail(self.server.status, "")
        elif token not in ("", "good", "read") or (writes and not token):
            self.fail(401, "", "Invalid username or password.")
        elif writes and token != "good":
            self.fail(403, "")
        else:
            return True
        return False

    def create(self, asked: dict[str, Any]) -> None:
        name = f"{asked['organization']}/{asked['name']}"
        if asked.get("visibility") == "private":
            self.server.private.add(name)
        known = name in self.server.repositories
        self.server.made.setdefault(name, asked)
        self.server.repositories.setdefault(name, {})
        self.send({"url": f"{self.server.endpoint}/{name}"}, 409 if known else 200)

    def duplicate(self, name: str, asked: dict[str, Any]) -> None:
        if not self.hidden(name):
            copy = asked["repository"]
            self.server.repositories[copy] = dict(self.server.repositories[name])
            self.server.made[copy] = self.server.made.get(name, {}) | asked
            self.send({"url": f"{self.server.endpoint}/spaces/{copy}"})

    def preupload(self, asked: dict[str, Any]) -> None:
        modes = ["lfs" if file["path"].endswith(LFS_ENDINGS) else "regular" for file in asked["files"]]
        files = [
            {"path": file["path"], "uploadMode": mode, "shouldIgnore": False}
            for file, mode in zip(asked["files"], modes, strict=True)
        ]
        self.send({"files": files})

    def batch(self, name: str, asked: dict[str, Any]) -> None:
        assert name in self.server.repositories
        objects = [
            {
                "oid": file["oid"],
                "size": file["size"],
                "actions": {"upload": {"href": f"{self.server.endpoint}/lfs/{file['oid']}"}},
            }
            for file in asked["objects"]
        ]
        self.send({"transfer": "basic", "objects": objects})

    def commit(self, name: str, body: bytes) -> None:
        files = self.server.repositories[name]
        for line in body.splitlines():
            entry = json.loads(line)
            value = entry["value"]
            if entry["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif entry["key"] == "lfsFile":
                files[value["path"]] = self.server.large[value["oid"]]
            elif entry["key"] == "deletedFile":
                del files[value["path"]]
        self.send({"commitUrl": f"{self.server.endpoint}/{name}/commit/{COMMIT}", "commitOid": COMMIT})

    def name_in(self, path: str) -> str:
        return path.removeprefix("/api/models/").removeprefix("/api/spaces/")

    def tree(self, name: str) -> None:
        if not self.hidden(name):
            files = self.server.repositories[name]
            self.send([{"type": "file", "path": path, "size": len(body), "oid": "0"} for path, body in files.items()])

    def information(self, name: str) -> None:
        if self.hidden(name):
            return
        files = self.server.repositories[name]
        siblings = [{"rfilename": path, "size": len(content)} for path, content in files.items()]
        self.send({"id": name, "modelId": name, "sha": COMMIT, "private": False, "tags": [], "siblings": siblings})

    def resolve(self, name: str, path: str) -> None:
        if self.hidden(name):
            return
        content = self.server.repositories[name].get(path)
        if content is None:
            self.fail(404, "EntryNotFound")
            return
        headers = {"X-Repo-Commit": COMMIT, "ETag": f'"{hashlib.sha256(content).hexdigest()}"'}
        self.answer(200, content, "application/octet-stream", headers)

    def hidden(self, name: str) -> bool:
        """Answer as the Hub does where there is nothing to see: private is no different from not there."""
        token = self.headers.get("authorization", "").removeprefix("Bearer ")
        if name in self.server.repositories and (name not in self.server.private or token):
            return False
        self.fail(404 if token else 401, "RepoNotFound", "Repository Not Found")
        return True

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("content-length", 0)))

    def send(self, values: Any, status: int = 200) -> None:
        self.answer(status, json.dumps(values).encode(), "application/json", {})

    def fail(self, status: int, code: str, message: str = "no") -> None:
        if "content-length" in self.headers and self.command != "PUT":
            self.close_connection = True  # its body was not read
        self.answer(status, json.dumps({"error": message}).encode(), "application/json", {"X-Error-Code": code})

    def answer(self, status: int, content: bytes, kind: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": kind, "Content-Length": str(len(content))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""
