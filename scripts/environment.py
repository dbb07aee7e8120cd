"""Make `.venv` and install a requirements file into it: `python scripts/environment.py requirements.txt`.

Needs nothing but the standard library, since it is what runs first on a bare machine. It runs before every make target,
so the usual case, "all is there", costs milliseconds: a stamp inside `.venv` holds the digests of what was installed. A
changed requirements file is installed on top; a virtual environment that somebody else made is taken over; an install
that was interrupted is checked file by file, and built anew if a package is not whole.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import Distribution, distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# In an activated environment `sys.executable` is the very Python that a rebuild deletes; its base outlives that.
BASE_PYTHON: str = getattr(sys, "_base_executable", None) or sys.executable
PYTHON_VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


class Environment:
    """A virtual environment in a folder, and what it knows of its own state."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "bin" / "python"
        self.site_packages = folder / f"lib/python{PYTHON_VERSION}/site-packages"
        self.stamp = folder / ".installed.json"
        self.unfinished = folder / ".unfinished"  # stands from before the first change until after the last

    def ensure(self, requirements: Path) -> None:
        """Installs what `requirements` asks for, unless that is what was installed last."""
        if self.holds(requirements):
            return
        if flaw := self.flaw():
            say(f"{flaw}: building {self.folder.name} anew")
            shutil.rmtree(self.folder)
        self.folder.mkdir(exist_ok=True)
        self.unfinished.touch()
        if not self.has_pip():
            self.create()
        say(f"installing {requirements.name} into {self.folder.name} (the first time: several GB, some minutes)")
        run(self.python, "-m", "pip", "install", "--disable-pip-version-check", "-r", requirements)
        self.stamp.write_text(json.dumps({**self.stamped(), **digests(requirements)}, indent=1))
        self.unfinished.unlink()

    def holds(self, requirements: Path) -> bool:
        """Whether the last install was completed and was of just these requirements."""
        if self.unfinished.exists() or not self.has_pip() or not self.runs():
            return False
        return digests(requirements).items() <= self.stamped().items()

    def flaw(self) -> str:
        """Why the folder cannot be built on, or "" if it can: a wrong or dead Python, or a package half written."""
        if self.python.is_symlink() or self.python.exists():
            if not self.runs():
                return f"{self.folder.name} is not an environment of a working Python {PYTHON_VERSION}"
            broken = incomplete_packages(self.site_packages) if self.unfinished.exists() else []
            if broken:
                return f"an earlier install was interrupted within {', '.join(broken[:3])}"
        return ""

    def runs(self) -> bool:
        """Whether its Python starts and is of the version that was asked for."""
        asked = f"import sys; sys.exit('%d.%d' % sys.version_info[:2] != '{PYTHON_VERSION}')"
        return self.python.exists() and subprocess.run([self.python, "-S", "-c", asked], check=False).returncode == 0

    def has_pip(self) -> bool:
        return any(self.site_packages.glob("pip-*.dist-info"))

    def stamped(self) -> dict[str, str]:
        """Digests of the requirements files installed so far, by file name."""
        return dict(json.loads(self.stamp.read_text())) if self.stamp.exists() else {}

    def create(self) -> None:
        if importlib.util.find_spec("ensurepip") is None:
            sys.exit(
                "error: this Python cannot make a virtual environment (its module ensurepip is missing): "
                "on Debian or Ubuntu run `apt-get install python3-venv`, then call make again"
            )
        say(f"making {self.folder.name} with Python {PYTHON_VERSION}")
        run(BASE_PYTHON, "-m", "venv", self.folder)


def digests(requirements: Path) -> dict[str, str]:
    """SHA-256 by file name, of `requirements` and of every file that it includes with `-r`."""
    lines = requirements.read_text().splitlines()
    included = [requirements.with_name(line.split()[1]) for line in lines if line.startswith("-r ")]
    own = {requirements.name: hashlib.sha256("\n".join(lines).encode()).hexdigest()}
    return own | {name: digest for file in included for name, digest in digests(file).items()}


def incomplete_packages(site_packages: Path) -> list[str]:
    """Names of the installed packages with a file missing or of another length than pip wrote down."""
    return [package.name for package in distributions(path=[str(site_packages)]) if not is_whole(package)]


def is_whole(package: Distribution) -> bool:
    """Compiled files are left out: any run may rewrite them."""
    files = [file for file in package.files or [] if file.suffix != ".pyc"]
    paths = [(Path(str(file.locate())), file.size) for file in files]
    return files != [] and all(path.exists() and size in (None, path.stat().st_size) for path, size in paths)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Holds a lock on `folder` itself, so that `make app` beside `make test` waits instead of installing twice."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def run(*command: str | Path) -> None:
    """Runs a command that prints for itself; if it fails, ends with its exit code."""
    code = subprocess.run(command, check=False).returncode
    if code != 0:
        line = " ".join(map(str, command))
        sys.exit(f"error: `{line}` ended with exit code {code}; calling make again goes on from here")


def say(sentence: str) -> None:
    print(f"[environment] {sentence}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    with alone(ROOT):
        Environment(ROOT / ".venv").ensure(ROOT / sys.argv[1])
