"""Make `.venv-zerogpu`: the package `spaces` over what `.venv` has (torch, Gradio), as on a ZeroGPU Space."""

from __future__ import annotations

from scripts.environment import ROOT, Environment, alone

BORROWED = "borrowed.pth"

if __name__ == "__main__":
    with alone(ROOT):
        mine = Environment(ROOT / ".venv-zerogpu")
        mine.ensure(ROOT / "requirements-zerogpu.txt")
        (mine.site_packages / BORROWED).write_text(f"{Environment((ROOT / '.venv').resolve()).site_packages}\n")
