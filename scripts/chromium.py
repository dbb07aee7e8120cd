"""Find a Chromium that works, or install one, and print its path: `python scripts/chromium.py`.

In this order: the one named by `CHROMIUM`; the one found last time; one on PATH or in the usual places; the system
package manager's; and last Playwright's own build, which this project's tests have not been tried with. To count, a
browser has to draw a page: Ubuntu's `chromium-browser`, say, is a script that only asks for a snap. The headless shell
goes first: the same engine without windows, it opens a page in two thirds of the time (docs/decisions/0002-tests.md).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

REMEMBERED = Path(__file__).resolve().parent.parent / ".venv" / ".chromium"
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
STDERR = 2  # a command's chatter goes there, since this script's own output is the path
PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
# Manager -> its commands. fonts-noto-cjk, or its like, keeps the Chinese page from being drawn as boxes.
PACKAGE_MANAGERS = {
    "apt-get": (
        "apt-get update -q",
        "apt-get install -qy --no-install-recommends fonts-noto-cjk chromium-headless-shell",  # Debian has one
        "apt-get install -qy --no-install-recommends fonts-noto-cjk chromium",
    ),
    "dnf": ("dnf install -y chromium google-noto-sans-cjk-fonts",),
    "apk": ("apk add chromium font-noto-cjk",),
    "pacman": ("pacman -Sy --noconfirm chromium noto-fonts-cjk",),
    "zypper": ("zypper --non-interactive install chromium",),
}


def find() -> str | None:
    """The path of a Chromium that draws a page, installing nothing, or None.

    Raises:
        SystemExit: `CHROMIUM` names something else than a working browser; nothing is put in its place.
    """
    if named := os.environ.get("CHROMIUM"):
        if not draws(named):
            sys.exit(f"error: CHROMIUM is {named!r}, which does not draw a page: name a Chromium, or unset CHROMIUM")
        return named
    # What was remembered has drawn a page before; trying again would cost a second in every call.
    if REMEMBERED.exists() and os.access(remembered := REMEMBERED.read_text().strip(), os.X_OK):
        return remembered
    on_path = [path for name in NAMES if (path := shutil.which(name))]
    return next(filter(draws, [*on_path, *PLACES]), None)


def find_or_install() -> str:
    """As `find`, and then the package manager and Playwright's own build in turn."""
    path = find() or from_package_manager() or from_playwright()
    if path is None:
        sys.exit("error: no Chromium to run the browser tests with: install one and set CHROMIUM to its path")
    if "CHROMIUM" not in os.environ and REMEMBERED.parent.exists():
        REMEMBERED.write_text(path)
    return path


def draws(path: str) -> bool:
    """Whether `path` is a browser that renders a page without a display."""
    page = "data:text/html,<title>t</title><script>document.title=6*7</script>"
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--dump-dom")
    try:
        shown = subprocess.run([path, *flags, page], capture_output=True, text=True, timeout=60, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return False
    return "<title>42</title>" in shown


def from_package_manager() -> str | None:
    manager = next(filter(shutil.which, PACKAGE_MANAGERS), None)
    if manager is None:
        say("no package manager that this script knows")
        return None
    if (prefix := as_root()) is None:
        say(f"not root, and sudo would ask for a password: `{PACKAGE_MANAGERS[manager][-1]}` would install a browser")
        return None
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    for command in PACKAGE_MANAGERS[manager]:
        say(f"running {' '.join([*prefix, command])}")
        # A failed update may still leave a list that is good enough; only the browser decides.
        subprocess.run([*prefix, *command.split()], stdin=subprocess.DEVNULL, stdout=STDERR, check=False)
        if path := find():
            return path
    return None


def as_root() -> list[str] | None:
    """What to put before a command that needs root, or None if there is no way without a question."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    silent = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    return ["sudo", "-n"] if silent else None


def from_playwright() -> str | None:
    """Playwright's own build, fetched by its own installer (it may lack system libraries, which then is said)."""
    say("falling back to Playwright's own Chromium, which is untested here")
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], stdout=STDERR, check=False)
    ask = "from playwright.sync_api import sync_playwright as p\nwith p() as q: print(q.chromium.executable_path)"
    path = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=False).stdout.strip()
    return path if draws(path) else None


def say(sentence: str) -> None:
    print(f"[chromium] {sentence}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    print(find_or_install())
