"""`scripts/environment.py` without installing anything: what it takes for installed, broken, changed or foreign."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import environment
from scripts.environment import PYTHON_VERSION, Environment, alone, digests, incomplete_packages


@pytest.fixture
def requirements(tmp_path):
    (tmp_path / "requirements.txt").write_text("left>=1  # why\n")
    (tmp_path / "requirements-test.txt").write_text("-r requirements.txt\nright>=2\n")
    return tmp_path / "requirements.txt"


@pytest.fixture
def installs(monkeypatch):
    """Commands that would have been run; making an environment is imitated by a link to this Python."""
    commands: list[tuple[str, ...]] = []

    def run(*command):
        commands.append(tuple(map(str, command)))
        if "venv" in command:
            furnish(Path(command[-1]))

    monkeypatch.setattr(environment, "run", run)
    return commands


def furnish(folder):
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(sys.executable)
    (folder / f"lib/python{PYTHON_VERSION}/site-packages").mkdir(parents=True)
    add_package(folder, "pip")


def add_package(folder, name):
    """A package of one file, with pip's record of it; returns that file."""
    site = folder / f"lib/python{PYTHON_VERSION}/site-packages"
    info = site / f"{name}-1.0.dist-info"
    info.mkdir()
    (site / f"{name}.py").write_text("x = 1\n")
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "RECORD").write_text(f"{name}.py,,6\n__pycache__/{name}.pyc,,\n{name}-1.0.dist-info/RECORD,,\n")
    return site / f"{name}.py"


def test_the_second_call_runs_nothing(requirements, installs, tmp_path):
    env = Environment(tmp_path / ".venv")
    env.ensure(requirements)
    assert [command[2] for command in installs] == ["venv", "pip"]
    installs.clear()
    env.ensure(requirements)
    assert installs == []


def test_the_test_requirements_include_the_app_s(requirements, installs, tmp_path):
    env = Environment(tmp_path / ".venv")
    env.ensure(requirements.with_name("requirements-test.txt"))
    installs.clear()
    env.ensure(requirements)
    assert installs == []


def test_the_app_s_requirements_are_not_the_tests(requirements, installs, tmp_path):
    env = Environment(tmp_path / ".venv")
    env.ensure(requirements)
    installs.clear()
    env.ensure(requirements.with_name("requirements-test.txt"))
    assert [command[2] for command in installs] == ["pip"]


@pytest.mark.parametrize("changed", ["requirements.txt", "requirements-test.txt"])
def test_a_changed_file_is_installed_on_top(requirements, installs, tmp_path, changed):
    tests = requirements.with_name("requirements-test.txt")
    env = Environment(tmp_path / ".venv")
    env.ensure(tests)
    installs.clear()
    with (tmp_path / changed).open("a") as file:
        file.write("more>=3\n")
    env.ensure(tests)
    assert [command[2] for command in installs] == ["pip"]


def test_an_environment_made_by_hand_is_taken_over(requirements, installs, tmp_path):
    furnish(tmp_path / ".venv")
    keep = add_package(tmp_path / ".venv", "keep")
    Environment(tmp_path / ".venv").ensure(requirements)
    assert [command[2] for command in installs] == ["pip"]
    assert keep.exists()


def test_an_environment_without_pip_gets_it_and_keeps_the_rest(requirements, monkeypatch, tmp_path):
    furnish(tmp_path / ".venv")
    keep = add_package(tmp_path / ".venv", "keep")
    (info := next((tmp_path / ".venv").glob("lib/*/*/pip-1.0.dist-info"))).rename(info.with_name("elsewhere"))
    commands: list[tuple[object, ...]] = []
    monkeypatch.setattr(environment, "run", lambda *command: commands.append(command))
    Environment(tmp_path / ".venv").ensure(requirements)
    assert [command[2] for command in commands] == ["venv", "pip"]
    assert keep.exists()


def test_an_install_that_failed_is_tried_again(requirements, installs, tmp_path, monkeypatch):
    env = Environment(tmp_path / ".venv")
    env.ensure(requirements)
    requirements.write_text("other>=1\n")
    with monkeypatch.context() as patch:
        patch.setattr(environment, "run", lambda *command: sys.exit("no network"))
        with pytest.raises(SystemExit, match="no network"):
            env.ensure(requirements)
    installs.clear()
    env.ensure(requirements)
    assert [command[2] for command in installs] == ["pip"]  # nothing was broken, so nothing is thrown away


@pytest.mark.parametrize("damage", [Path.unlink, lambda file: file.write_text("x")])
def test_a_package_half_written_has_the_environment_built_anew(requirements, installs, tmp_path, capsys, damage):
    env = Environment(tmp_path / ".venv")
    env.ensure(requirements)
    damage(add_package(tmp_path / ".venv", "half"))
    env.unfinished.touch()
    installs.clear()
    env.ensure(requirements)
    assert [command[2] for command in installs] == ["venv", "pip"]
    assert "interrupted within half" in capsys.readouterr().err
    assert env.holds(requirements)


def test_another_python_s_environment_is_built_anew(requirements, installs, tmp_path, capsys):
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    Environment(tmp_path / ".venv").ensure(requirements)
    assert [command[2] for command in installs] == ["venv", "pip"]
    assert f"not an environment of a working Python {PYTHON_VERSION}" in capsys.readouterr().err


def test_a_dead_link_to_python_is_built_anew(requirements, installs, tmp_path):
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(tmp_path / "gone")
    Environment(tmp_path / ".venv").ensure(requirements)
    assert [command[2] for command in installs] == ["venv", "pip"]


def test_a_python_without_ensurepip_gets_one_sentence_with_the_cure(requirements, tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        Environment(tmp_path / ".venv").ensure(requirements)


def test_a_package_without_a_record_is_incomplete(tmp_path):
    furnish(tmp_path)
    site = tmp_path / f"lib/python{PYTHON_VERSION}/site-packages"
    assert incomplete_packages(site) == []
    (site / "pip-1.0.dist-info" / "RECORD").unlink()
    assert incomplete_packages(site) == ["pip"]


def test_digests_follow_includes_and_ignore_nothing(requirements):
    tests = requirements.with_name("requirements-test.txt")
    before = digests(tests)
    assert set(before) == {"requirements.txt", "requirements-test.txt"}
    requirements.write_text("left>=1  # another reason\n")
    changed = {name for name, digest in digests(tests).items() if digest != before[name]}
    assert changed == {"requirements.txt"}


def test_only_one_at_a_time(tmp_path):
    other = os.open(tmp_path, os.O_RDONLY)
    with alone(tmp_path), pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(other)


def test_a_failing_command_ends_with_one_sentence():
    with pytest.raises(SystemExit, match="exit code 3; calling make again"):
        environment.run(sys.executable, "-c", "raise SystemExit(3)")


def make(*arguments):
    # Not as a part of the make that may be running these tests.
    clean = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    command = ["make", *arguments]
    return subprocess.run(command, cwd=environment.ROOT, env=clean, capture_output=True, text=True, check=False)


def test_make_names_a_python_that_is_not_there():
    result = make("PYTHON=no-such-python", "app")
    assert result.returncode != 0
    assert "there is no no-such-python: install Python 3.11 or newer" in result.stdout
    assert "Traceback" not in result.stdout + result.stderr


def test_make_names_a_python_that_is_too_old(tmp_path):
    old = tmp_path / "python3"
    believe = "import sys; sys.version_info = (3, 10, 14); exec(sys.argv[1])"
    old.write_text(f"""#!/bin/sh
[ "$1" = --version ] && echo 'Python 3.10.14' && exit
exec {sys.executable} -c '{believe}' "$2"
""")
    old.chmod(0o755)
    result = make(f"PYTHON={old}", "app")
    assert result.returncode != 0
    assert "Python 3.10.14 is too old: install Python 3.11 or newer" in result.stdout


def test_make_passes_the_port():
    assert ".venv/bin/python app.py --port 7861" in make("--dry-run", "app", "PORT=7861").stdout
    assert "--port" not in make("--dry-run", "app", "PORT=").stdout
