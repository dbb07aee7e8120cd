"""Files of Debian packages: where they are, and which version they come from."""

from __future__ import annotations

import subprocess
from pathlib import Path

from explorer.errors import DataError


def package_file(package: str, path: str) -> Path:
    """The path of a file that `package` installs.

    Raises:
        DataError: `debian_package_missing`, which says how to install it.
    """
    if not Path(path).is_file():
        raise DataError("debian_package_missing", path=path, package=package)
    return Path(path)


def package_version(package: str) -> str:
    """The installed version, for the manifest."""
    try:
        command = ["dpkg-query", "--show", "--showformat=${Version}", package]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"  # the files are there, but dpkg did not put them there


def licence_text(package: str) -> str:
    """The package's copyright file: holders and the full text of every licence in it."""
    return package_file(package, f"/usr/share/doc/{package}/copyright").read_text(encoding="utf-8")
