"""Gradio is imported without the type stubs that it writes for editors, and is otherwise the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
WATCH = """
import sys
from pathlib import Path
opened = []
def hook(event, args):
    if event == "open" and str(args[0]).endswith(".pyi"):
        opened.append(args[0])
sys.addaudithook(hook)
{first}
import gradio
with gradio.Blocks() as page:
    gradio.Slider()
print(len(opened), len(page.get_config_file()["components"]))
"""


def counted(first: str) -> list[int]:
    """How many stubs importing Gradio after `first` opened, and how many components a page with a slider has then."""
    words = [sys.executable, "-c", WATCH.format(first=first)]
    said = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120, cwd=ROOT)
    assert said.returncode == 0, said.stderr
    return [int(number) for number in said.stdout.split()]


def test_no_stub_is_opened_and_components_work() -> None:
    assert counted("import explorer.ui.page") == [0, 2]


def test_without_it_gradio_opens_some() -> None:
    """If a later Gradio writes none, or elsewhere, the module has had its day."""
    stubs, components = counted("")
    assert stubs > 0
    assert components == 2
