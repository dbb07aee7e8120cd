"""Writes requirements.txt and requirements-test.txt from pyproject.toml, where the versions stand.

python scripts/requirements.py          # after a change of pyproject.toml
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WRITTEN = "# Written from pyproject.toml by scripts/requirements.py: change them there."


def listed(pyproject: str, name: str) -> list[str]:
    """The lines of one list of requirements, each with the reason beside it."""
    block = re.search(rf"^{name} = \[\n(.*?)^\]", pyproject, re.MULTILINE | re.DOTALL)
    assert block is not None, name
    return [f"{spec}  # {why}" for spec, why in re.findall(r'^    "([^"]+)",  # (.+)$', block[1], re.MULTILINE)]


def files(pyproject: str) -> dict[str, str]:
    """File name -> what it holds."""
    app = ["# What the app needs to run.", *listed(pyproject, "dependencies"), *listed(pyproject, "app")]
    test = ["# What `make test` needs beyond the app.", "-r requirements.txt", *listed(pyproject, "test")]
    mcp = ["# What `python app.py --mcp` needs beyond the app.", *listed(pyproject, "mcp")]
    mutants = ["# What `make mutants` needs beyond the tests.", *listed(pyproject, "mutants")]
    zerogpu = ["# What `make zerogpu-test` needs beyond the app.", *listed(pyproject, "zerogpu")]
    named = {
        "requirements.txt": app,
        "requirements-test.txt": test,
        "requirements-mcp.txt": mcp,
        "requirements-mutants.txt": mutants,
        "requirements-zerogpu.txt": zerogpu,
    }
    return {name: "\n".join([WRITTEN, *lines, ""]) for name, lines in named.items()}


if __name__ == "__main__":
    for name, text in files((ROOT / "pyproject.toml").read_text(encoding="utf-8")).items():
        (ROOT / name).write_text(text, encoding="utf-8")
