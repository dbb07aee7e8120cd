"""The wheel: what it holds, and that it works where the checkout is not."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import sysconfig
import time
import tomllib
import urllib.request
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from explorer import __version__
from explorer.cli import COMMANDS, main
from explorer.ui.view import default_view
from scripts.requirements import files

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
MEGABYTE = 10**6
#: What `explorer report` and `list` do without.
APP_ONLY = ("PIL", "gradio", "plotly", "scipy", "skimage", "sklearn", "torchvision", "umap", "huggingface_hub")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of an environment of its own with the wheel; what the wheel needs is borrowed from this one."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    site = folder / f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    command = [sys.executable, "-m", "pip", "--python", str(folder / "bin/python"), "install"]
    options = ["--no-deps", "--no-index", "--disable-pip-version-check", "-q", str(wheel)]
    subprocess.run([*command, *options], check=True, capture_output=True)
    (site / "borrowed.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return folder / "bin"


def run(installed: Path, *words: str, cwd: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | settings
    command = [str(installed / "explorer"), *words]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=200, check=False)


def without_the_app(folder: Path) -> str:
    """A folder for PYTHONPATH in which the page's packages cannot be imported."""
    code = "\n".join(
        [
            "import sys",
            "class Absent:",
            "    def find_spec(self, name, path=None, target=None):",
            f"        if name.partition('.')[0] in {APP_ONLY!r}:",
            "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)",
            "sys.meta_path.insert(0, Absent())",
        ]
    )
    (folder / "sitecustomize.py").write_text(code)
    return str(folder)


def test_requirements_are_those_of_the_package():
    written = files((ROOT / "pyproject.toml").read_text())
    assert {name: (ROOT / name).read_text() for name in written} == written
    assert len(written["requirements.txt"].splitlines()) > 10


def test_base_packages_are_three():
    names = [re.split(r"[<>=]", spec)[0] for spec in PYPROJECT["project"]["dependencies"]]
    assert sorted(names) == ["numpy", "safetensors", "torch"]


def test_one_version():
    assert PYPROJECT["project"]["version"] == __version__
    assert f"version: {__version__}\n" in (ROOT / "CITATION.cff").read_text()


def test_the_wheel_holds_what_the_page_opens_with(wheel: Path):
    assert wheel.stat().st_size <= 60 * MEGABYTE
    names = set(ZipFile(wheel).namelist())
    view = default_view()
    for run_id in (view.left, view.right):
        assert f"explorer/checkpoints/{run_id}/run.json" in names
    assert {"explorer/py.typed", "explorer/ui/assets/core/store.js", "explorer/data/bundled/fashion/train.png"} <= names
    assert not [
        name for name in names if name.startswith(("tests/", "scripts/", "benchmarks/", "explorer/data/build/"))
    ]
    assert {name.split("/")[0] for name in names} <= {"explorer", f"vae_vq_vae_explorer-{__version__}.dist-info"}


def test_it_lists_and_trains_where_the_checkout_is_not(installed: Path, tmp_path: Path):
    listed = run(installed, "list", "--json", cwd=tmp_path)
    assert listed.returncode == 0, listed.stderr
    assert default_view().left in {info["id"] for info in json.loads(listed.stdout)}
    assert "in checkpoints/" in listed.stderr
    small = ["--data", "emoji", "--steps", "20", "--width", "8", "--num-embeddings", "16"]  # few images to measure
    trained = run(installed, "train", "--model", "vqvae", *small, "--out", "mine", cwd=tmp_path)
    assert trained.returncode == 0, trained.stderr
    assert (tmp_path / "mine" / "report.json").is_file()


def test_it_serves_the_page(installed: Path, tmp_path: Path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [str(installed / "explorer"), "app", "--port", str(port), "--host", "127.0.0.1"]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=log)
    try:
        assert "explorer/assets/" in answered(f"http://127.0.0.1:{port}/", server), (tmp_path / "log").read_text()
    finally:
        server.terminate()
        server.wait(20)


def answered(address: str, server: subprocess.Popen[bytes], patience: float = 120) -> str:
    """The page, as soon as there is one; "" if the server ended or stayed silent."""
    until = time.monotonic() + patience
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=10) as response:
                return str(response.read().decode())
        except OSError:
            time.sleep(0.2)
    return ""


def test_without_the_app_lists_and_reports_work_and_the_rest_is_one_sentence(installed: Path, tmp_path: Path):
    absent = without_the_app(tmp_path)
    example = next((ROOT / "explorer/data/examples").glob("*.npy"))
    assert run(installed, "list", cwd=tmp_path, PYTHONPATH=absent).returncode == 0
    report = run(
        installed,
        "report",
        str(example),
        "--num-embeddings",
        "512",
        "--ignore-id",
        "-1",
        cwd=tmp_path,
        PYTHONPATH=absent,
    )
    assert report.returncode in (0, 3), report.stderr
    for command in ("train", "app"):
        refused = run(installed, command, cwd=tmp_path, PYTHONPATH=absent)
        assert refused.returncode == 2
        assert re.fullmatch(rf"explorer: {command} needs packages [^\n]+\[app\]'\n", refused.stderr), refused.stderr


def test_every_command_is_in_the_help(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["--help"])
    said = capsys.readouterr().out
    assert [name for name in (*COMMANDS, "app") if not re.search(rf"^    {name}\s", said, re.MULTILINE)] == []
