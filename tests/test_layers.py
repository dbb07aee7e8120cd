"""The imports of `explorer/` go one way, and what is heavy or draws stays where it belongs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# A module imports its own layer and those further down. The names are the children of explorer/.
LAYERS = (
    {
        "ui",
        "cli",
        "cli_background",
        "cli_card",
        "cli_compare",
        "cli_data",
        "cli_evidence",
        "cli_hub",
        "cli_prior",
        "cli_report",
        "cli_study",
        "__main__",
    },
    {"plots"},
    {"comparison", "matching"},
    {"evaluation", "evidence", "generation", "hub", "model_card", "studies", "collapse_report", "collapse"},
    {"priors", "foreign_runs"},
    {"metrics", "latent", "training", "run_info", "run_reading", "run_report", "run_writing", "runs", "classifier"},
    {"models", "data"},
    {"errors", "streams", "sealed", "tensor_files", "zip_files", "__init__"},
)
DEPTH = {name: depth for depth, layer in enumerate(LAYERS) for name in layer}
# Metrics know no model: tensors in, numbers out. The command line knows no page. Nobody knows the command line.
FORBIDDEN = {
    ("metrics", "latent"),
    ("metrics", "training"),
    ("metrics", "runs"),
    ("metrics", "classifier"),
    ("metrics", "models"),
    ("metrics", "data"),
    ("cli", "ui"),
    ("__main__", "ui"),
    ("ui", "cli"),
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
    layer = "app" if path.name == "app.py" else Path(path.parts[1]).stem
    if file.name in NO_NAMES:
        yield ": name the file by its concept"
    if layer != "app" and layer not in DEPTH:
        yield f": {layer} stands in no layer; give it one in LAYERS"
        return
    tree = ast.parse(file.read_text())
    for item in imports(tree, path):
        if sentence := breach_of(layer, item):
            yield f":{item.line}: {sentence}"
    if layer in SILENT:
        yield from (f":{line}: {layer} does not print" for line in prints(tree))


def breach_of(layer: str, item: Import) -> str | None:
    package, *rest = item.name.split(".")
    if package in ONLY_IN and layer not in (ONLY_IN[package], "app" if package == "gradio" else ""):
        return f"{package} is for {ONLY_IN[package]} only"
    if package in IMPORTED_WHERE_USED and item.at_import:
        return f"{package} is imported inside the function that uses it"
    # `from explorer import name` may name no module at all, and then is the package's own.
    target = rest[0] if package == "explorer" and rest and rest[0] in DEPTH else None
    if layer == "app" or target is None:
        return None
    if DEPTH[target] < DEPTH[layer] or (layer, target) in FORBIDDEN:
        return f"{layer} must not import {target}"
    return None


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
    ("evaluation.py", "from explorer.plots import theme", "evaluation must not import plots"),
    ("plots/curves.py", "from explorer.ui import text", "plots must not import ui"),
    ("cli.py", "from explorer.ui import text", "cli must not import ui"),
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
    ("elsewhere.py", "", "elsewhere stands in no layer"),
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
        ("explorer/ui/view.py", "import gradio as gr\nfrom explorer.plots import theme\nfrom . import text"),
        ("explorer/plots/theme.py", "import plotly.graph_objects as go\nfrom explorer.evaluation import evaluate"),
        ("explorer/training/loop.py", "from explorer import errors, runs\nfrom ..models.trunk import Encoder"),
        ("explorer/runs.py", "from explorer.training.trace import Trace\nfrom .errors import RunError"),
        ("explorer/models/vq.py", "def f():\n    import sklearn\n    return sklearn"),
        ("explorer/latent/maps.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import umap"),
        ("explorer/cli.py", "from explorer.evaluation import evaluate\nprint('{}')"),
        ("explorer/__main__.py", "from explorer.cli import main"),
        ("app.py", "import gradio as gr\nfrom explorer.ui.page import build"),
    ],
)
def test_what_is_allowed_is_no_breach(tmp_path, file, source):
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
    assert breaches(tmp_path) == []
