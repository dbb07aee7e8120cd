"""`scripts/chromium.py` with made-up browsers: which one it takes, and when it installs one."""

from __future__ import annotations

import sys

import pytest

from scripts import chromium

DRAWS = "#!/bin/sh\necho '<title>42</title>'\n"
DOES_NOT_DRAW = "#!/bin/sh\necho 'this needs a snap'\n"


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine with an empty PATH, no browser and nothing remembered."""
    (tmp_path / "bin").mkdir()
    (tmp_path / ".venv").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(chromium, "REMEMBERED", tmp_path / ".venv" / ".chromium")
    monkeypatch.setattr(chromium, "PLACES", ())
    return tmp_path


def add(machine, name, script):
    path = machine / "bin" / name
    path.write_text(script)
    path.chmod(0o755)
    return str(path)


def test_one_on_path_is_taken_and_remembered(machine):
    path = add(machine, "chromium", DRAWS)
    assert chromium.find_or_install() == path
    assert (machine / ".venv" / ".chromium").read_text() == path


def test_one_that_draws_nothing_is_passed_over(machine):
    add(machine, "chromium-browser", DOES_NOT_DRAW)
    path = add(machine, "google-chrome", DRAWS)
    assert chromium.find() == path


def test_what_is_remembered_is_not_tried_again(machine):
    path = add(machine, "elsewhere", DOES_NOT_DRAW)
    (machine / ".venv" / ".chromium").write_text(path)
    assert chromium.find() == path


def test_what_is_remembered_and_gone_is_looked_for(machine):
    (machine / ".venv" / ".chromium").write_text(str(machine / "gone"))
    assert chromium.find() is None
    path = add(machine, "chromium", DRAWS)
    assert chromium.find() == path


def test_the_named_one_comes_first_and_is_not_remembered(machine, monkeypatch):
    add(machine, "chromium", DRAWS)
    named = add(machine, "mine", DRAWS)
    monkeypatch.setenv("CHROMIUM", named)
    assert chromium.find_or_install() == named
    assert not (machine / ".venv" / ".chromium").exists()


def test_a_named_one_that_draws_nothing_is_said(machine, monkeypatch):
    add(machine, "chromium", DRAWS)
    monkeypatch.setenv("CHROMIUM", add(machine, "mine", DOES_NOT_DRAW))
    with pytest.raises(SystemExit, match="does not draw a page"):
        chromium.find_or_install()


def test_root_installs_by_the_package_manager(machine, monkeypatch):
    bin_ = machine / "bin"
    log = machine / "log"
    install = f'#!/bin/sh\necho "$*" >> {log}\n[ $1 = install ] || exit 100\n/bin/cp {bin_}/new {bin_}/chromium\n'
    add(machine, "new", DRAWS)
    add(machine, "apt-get", install)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert chromium.find_or_install() == str(bin_ / "chromium")
    update, install = log.read_text().splitlines()
    assert update.startswith("update")
    assert install.startswith("install")
    assert " chromium" in install


def test_a_system_without_the_headless_shell_gets_the_whole_browser(machine, monkeypatch):
    bin_ = machine / "bin"
    known = f'case "$*" in *shell) exit 100;; install*) /bin/cp {bin_}/new {bin_}/chromium;; esac'
    add(machine, "new", DRAWS)
    add(machine, "apt-get", f"#!/bin/sh\n{known}\n")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert chromium.find_or_install() == str(bin_ / "chromium")


@pytest.mark.parametrize(
    "sudo, asked", [('#!/bin/sh\n[ $1 = -n ] && shift\nexec "$@"\n', True), ("#!/bin/sh\nexit 1\n", False)]
)
def test_sudo_is_used_only_without_a_password(machine, monkeypatch, capsys, sudo, asked):
    bin_ = machine / "bin"
    add(machine, "new", DRAWS)
    add(machine, "true", "#!/bin/sh\n")
    add(machine, "apt-get", f"#!/bin/sh\n/bin/cp {bin_}/new {bin_}/chromium\n")
    add(machine, "sudo", sudo)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr(chromium, "from_playwright", lambda: None)
    if asked:
        assert chromium.find_or_install() == str(bin_ / "chromium")
    else:
        with pytest.raises(SystemExit, match="no Chromium"):
            chromium.find_or_install()
        assert "would ask for a password" in capsys.readouterr().err


def test_playwright_comes_last_and_says_that_it_is_untested(machine, monkeypatch, capsys):
    ran = []
    monkeypatch.setattr(chromium, "from_package_manager", lambda: ran.append("package manager"))
    monkeypatch.setattr("sys.executable", add(machine, "python", f"#!/bin/sh\necho {machine}/bin/own\n"))
    path = add(machine, "own", DRAWS)
    assert chromium.find_or_install() == path
    assert ran == ["package manager"]
    assert "untested" in capsys.readouterr().err


def test_a_browser_that_cannot_start_draws_nothing(machine):
    assert not chromium.draws(str(machine / "gone"))
    assert not chromium.draws(sys.executable)
