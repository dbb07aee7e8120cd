"""Nothing in `explorer/` is there for its tests alone."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: Called by name from outside, or what tests need of a process and cannot have from without.
CALLED_ELSEWHERE = {
    "validate_inputs": "Gradio calls it",
    "extra_repr": "torch calls it",
    "lightning_callback": "for users, in the README",
    "trainer_callback": "for users, in the README",
    "UnitRecorder": "for users, in docs/clinic.md",
    "miss_probability": "what `miss_bound` bounds",
    "forget_runs": "a test plays another process",
    "forget_stored": "a test plays another process",
}
#: A string that may name something, as registries and annotations do.
LONGEST_NAME = 60


def trees() -> Iterator[tuple[Path, ast.Module]]:
    """Every source file but the tests, parsed."""
    for folder in ("explorer", "scripts", "benchmarks"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def used(tree: ast.Module) -> Iterator[str]:
    """Every name that is read, and every word of a short string; what is only imported is not used yet."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < LONGEST_NAME:
            yield from (word for word in node.value.replace(":", " ").replace(".", " ").split() if word.isidentifier())


def defined(tree: ast.Module) -> Iterator[str]:
    """Functions, classes, methods and constants of a module, but those that a decorator registers."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield node.name
            yield from (part.name for part in node.body if isinstance(part, ast.FunctionDef))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.decorator_list:
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def test_everything_defined_is_used_outside_of_tests() -> None:
    known = list(trees())
    reads = Counter(name for _, tree in known for name in used(tree))
    idle = [
        f"{path}: {name}"
        for path, tree in known
        if path.parts[0] == "explorer"
        for name in defined(tree)
        if not name.startswith("__") and not reads[name] and name not in CALLED_ELSEWHERE
    ]
    assert idle == []


def test_what_is_called_elsewhere_is_still_there() -> None:
    names = {name for _, tree in trees() for name in defined(tree)}
    assert names >= CALLED_ELSEWHERE.keys()
