"""Make `.venv-mcp`: Gradio with MCP, whose packages hold others back, over what `.venv` has (torch and all that).

Its own packages come first on its path; what it lacks is read from `.venv`, so that nothing large is installed twice.
"""

from __future__ import annotations

from scripts.environment import ROOT, Environment, alone

BORROWED = "borrowed.pth"

if __name__ == "__main__":
    with alone(ROOT):
        mine = Environment(ROOT / ".venv-mcp")
        mine.ensure(ROOT / "requirements-mcp.txt")
        (mine.site_packages / BORROWED).write_text(f"{Environment((ROOT / '.venv').resolve()).site_packages}\n")
