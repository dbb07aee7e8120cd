"""The imports of `explorer/` go one way, and what is heavy or draws stays where it belongs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# A package imports those that stand below it, and none above: no two share a place, so that no circle can hide.
ORDER = (
    *(
        "__main__",
        "serve",
        "cli",
        "export",
        "ui",
        "plots",
        "jobs",
        "studies",
        "reports",
        "runs",
        "classifier",
        "training",
        "latent",
    ),
    *(
        "collapse",
        "metrics",
        "models",
        "data",
        "files",
        "streams",
        "recorder",
        "recording",
        "errors",
        "zerogpu",
        "__init__",
    ),
)
# The rooms of the page, likewise.
UI_ORDER = (
    *("page", "http", "questions", "scene", "guide", "collapse", "media", "view", "computed", "text", "__init__"),
)
# Metrics know no model: tensors in, numbers out. The command line knows no page. Only the page draws.
FORBIDDEN = {
    ("metrics", "models"),
    ("metrics", "data"),
    ("cli", "plots"),
    ("cli", "ui"),
    ("__main__", "ui"),
}
ONLY_IN = {"gradio": "ui", "plotly": "plots"}
IMPORTED_WHERE_USED = {"umap", "sklearn", "torchvision", "skimage"}
SILENT = {"models", "metrics", "latent", "plots"}
# Each becomes the file that everything imports.
NO_NAMES = {"utils.py", "helpers.py", "common.py", "types.py"}
FINDERS = {"import_module", "__import__", "find_spec", "files"}


@dataclass(frozen=True)
class Import:
    """One imported name, absolute ("explorer.models.vq"), and whether importing the file runs it."""

    name: str
    line: int
    at_import: bool


def breaches(root: Path) -> list[str]:
    """Every breach under `root`, as "file:line: sentence"."""
    files = [root / "app.py", *sorted((root / "explorer").rglob("*.py"))]
    return [
        f"{file.relative_to(root)}{breach}" for file in files if file.exists() for breach in breaches_of(file, root)
    ]


def breaches_of(file: Path, root: Path) -> Iterator[str]:
    path = file.relative_to(root)
    package = "app" if path.name == "app.py" else Path(path.parts[1]).stem
    room = Path(path.parts[2]).stem if package == "ui" and len(path.parts) > 2 else None
    if file.name in NO_NAMES:
        yield ": name the file by its concept"
    if package != "app" and package not in ORDER:
        yield f": {package} stands nowhere in ORDER; give it a place"
        return
    if room is not None and room not in UI_ORDER:
        yield f": {room} stands nowhere in UI_ORDER; give it a place"
        return
    tree = ast.parse(file.read_text())
    for item in imports(tree, path):
        if sentence := breach_of(package, room, item):
            yield f":{item.line}: {sentence}"
    if package in SILENT:
        yield from (f":{line}: {package} does not print" for line in prints(tree))


def breach_of(package: str, room: str | None, item: Import) -> str | None:
    other, *rest = item.name.split(".")
    if other in ONLY_IN and package not in (ONLY_IN[other], "app" if other == "gradio" else ""):
        return f"{other} is for {ONLY_IN[other]} only"
    if other in IMPORTED_WHERE_USED and item.at_import:
        return f"{other} is imported inside the function that uses it"
    # `from explorer import name` may name no module at all, and then is the package's own.
    target = rest[0] if other == "explorer" and rest and rest[0] in ORDER else None
    if package == "app" or target is None:
        return None
    if target == "ui" == package and room and len(rest) > 1 and rest[1] in UI_ORDER:
        return above(UI_ORDER, room, rest[1], "ui.")
    return above(ORDER, package, target)


def above(order: tuple[str, ...], package: str, target: str, prefix: str = "") -> str | None:
    if package == target or (order.index(target) > order.index(package) and (package, target) not in FORBIDDEN):
        return None
    return f"{prefix}{package} must not import {prefix}{target}"


def imports(tree: ast.Module, path: Path) -> Iterator[Import]:
    deferred = {id(inner) for node in ast.walk(tree) if runs_later(node) for inner in ast.walk(node)} - {id(tree)}
    for node in ast.walk(tree):
        for name in names(node, path):
            yield Import(name, getattr(node, "lineno", 0), id(node) not in deferred)


def runs_later(node: ast.AST) -> bool:
    """Bodies that importing the file does not run: functions, and what only a type checker reads."""
    if isinstance(node, ast.If):
        return ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)


def names(node: ast.AST, path: Path) -> list[str]:
    """What a node imports, absolute: by statement, or by a call that names a module in a string."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        start = path.with_suffix("").parts[: -node.level] if node.level else ()
        base = ".".join([*start, *([node.module] if node.module else [])])
        return [f"{base}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        called = ast.unparse(node.func).split(".")[-1]
        return [str(node.args[0].value)] if called in FINDERS else []
    return []


def prints(tree: ast.Module) -> list[int]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]


def test_the_project_keeps_its_layers():
    assert breaches(ROOT) == []


BREACHES = [
    ("models/trunk.py", "from explorer.metrics import rate", "models must not import metrics"),
    ("models/trunk.py", "import explorer.training.loop", "models must not import training"),
    ("models/trunk.py", "from explorer import runs", "models must not import runs"),
    ("models/trunk.py", "from ..ui import view", "models must not import ui"),
    ("models/trunk.py", "def f():\n    from explorer import plots", "models must not import plots"),
    ("errors.py", "from .models import trunk", "errors must not import models"),
    ("streams.py", "import importlib\nimportlib.import_module('explorer.data')", "streams must not import data"),
    ("metrics/codebook.py", "from explorer.models import VQVAE", "metrics must not import models"),
    ("metrics/codebook.py", "from explorer.data import ImageSet", "metrics must not import data"),
    ("reports/evaluation.py", "from explorer.plots import theme", "reports must not import plots"),
    ("plots/curves.py", "from explorer.ui import text", "plots must not import ui"),
    ("cli/commands.py", "from explorer.ui import text", "cli must not import ui"),
    ("ui/view.py", "from explorer import cli", "ui must not import cli"),
    ("plots/curves.py", "import gradio as gr", "gradio is for ui only"),
    ("ui/view.py", "from plotly import graph_objects", "plotly is for plots only"),
    ("ui/view.py", "from importlib.resources import files\nfiles('plotly')", "plotly is for plots only"),
    ("latent/maps.py", "import umap", "umap is imported inside the function that uses it"),
    ("metrics/ssim.py", "from skimage.metrics import structural_similarity", "skimage is imported inside the function"),
    (
        "metrics/ssim.py",
        "try:\n    import sklearn\nexcept ImportError:\n    pass",
        "sklearn is imported inside the function",
    ),
    ("models/trunk.py", "def f():\n    print('x')", "models does not print"),
    ("plots/curves.py", "print('x')", "plots does not print"),
    ("models/utils.py", "", "name the file by its concept"),
    ("elsewhere.py", "", "elsewhere stands nowhere in ORDER"),
]


@pytest.mark.parametrize("file, source, sentence", BREACHES)
def test_a_breach_is_seen(tmp_path, file, source, sentence):
    path = tmp_path / "explorer" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
    found = breaches(tmp_path)
    assert len(found) == 1
    assert found[0].startswith(f"explorer/{file}:")
    assert sentence in found[0]


@pytest.mark.parametrize(
    "file, source",
    [
        ("explorer/ui/view/state.py", "import gradio as gr\nfrom explorer.plots import theme\nfrom .. import text"),
        (
            "explorer/plots/theme.py",
            "import plotly.graph_objects as go\nfrom explorer.reports.evaluation import evaluate",
        ),
        ("explorer/training/loop.py", "from explorer import errors, latent\nfrom ..models.trunk import Encoder"),
        ("explorer/runs/reading.py", "from explorer.training.trace import Trace\nfrom ..errors import RunError"),
        ("explorer/models/vq.py", "def f():\n    import sklearn\n    return sklearn"),
        ("explorer/latent/maps.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import umap"),
        ("explorer/cli/report.py", "from explorer.reports.evaluation import evaluate\nprint('{}')"),
        ("explorer/__main__.py", "from explorer.cli import main"),
        ("app.py", "import gradio as gr\nfrom explorer.ui.page.layout import build"),
    ],
)
def test_what_is_allowed_is_no_breach(tmp_path, file, source):
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
    assert breaches(tmp_path) == []


def test_the_readme_draws_this_order():
    drawn = re.findall(r"^  (\w+)(?:/|\.py) ", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert drawn == [name for name in ORDER if name not in ("__main__", "__init__", "recording")]
