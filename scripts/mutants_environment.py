"""Make `.venv-mutants`: cosmic-ray over what `.venv` has (torch, pytest), so that the gate needs none of it."""

from __future__ import annotations

from scripts.environment import ROOT, Environment, alone

BORROWED = "borrowed.pth"

if __name__ == "__main__":
    with alone(ROOT):
        mine = Environment(ROOT / ".venv-mutants")
        mine.ensure(ROOT / "requirements-mutants.txt")
        (mine.site_packages / BORROWED).write_text(f"{Environment((ROOT / '.venv').resolve()).site_packages}\n")
