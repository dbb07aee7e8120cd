"""Gradio, imported without what it does for editors.

Each class of a component that Gradio defines is read, parsed and written again as a type stub beside its file
(`.pyi`), whenever Gradio is imported: two fifths of the processor time of `import gradio`, before a server can answer.
Stubs change nothing that runs, and where the folder cannot be written Gradio itself goes on without them.
"""

from __future__ import annotations

import importlib.machinery
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from types import ModuleType

WRITER = "gradio.component_meta"


def leave() -> None:
    """Let a later `import gradio` write no stubs; without effect once it was imported."""
    if WRITER not in sys.modules and not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder):
    """Finds the one module that writes stubs, wherever it would have been found, and looks for nothing else."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != WRITER:
            return None
        sys.meta_path.remove(self)
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader)
        return spec


class _Loader(Loader):
    """Runs the module as its own loader does; then the function that writes a stub does nothing."""

    def __init__(self, own: Loader) -> None:
        self.own = own

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self.own.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self.own.exec_module(module)
        if "create_or_modify_pyi" in vars(module):
            vars(module)["create_or_modify_pyi"] = lambda *_: None
