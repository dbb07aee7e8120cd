"""What holds the project together beyond its code: the front page, the requirements, the error sentences, the sizes."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from explorer.errors import MESSAGES

ROOT = Path(__file__).resolve().parent.parent
SETUP_FILES = ["Makefile", "pyproject.toml", "requirements.txt", "requirements-test.txt", ".ci/run"]
NOT_SHIPPED = {"runs", "build", "__pycache__"}
MEGABYTE = 10**6

ADDRESS = re.compile(
    r"https?://(?!127\.0\.0\.1|localhost)|\b[a-z0-9-]+\.(?:com|org|net|io|co|cn|dev|ai)\b", re.IGNORECASE
)
INDEX_OPTION = re.compile(r"--(?:extra-)?index-url|--find-links|--trusted-host|(?:^|\s)-[if]\s")


# --- setup -----------------------------------------------------------------------------------------------------------


def addresses(text: str) -> list[str]:
    """Lines that name a host or choose a package index: both are the machine's business."""
    return [line for line in text.splitlines() if ADDRESS.search(line) or INDEX_OPTION.search(line)]


@pytest.mark.parametrize("name", [*SETUP_FILES, *(f"scripts/{file.name}" for file in (ROOT / "scripts").glob("*.py"))])
def test_setup_names_no_host_and_no_index(name):
    assert addresses((ROOT / name).read_text()) == []


@pytest.mark.parametrize(
    "line",
    [
        "curl https://example.com/x",
        "--index-url ${MIRROR}",
        "-f /wheels",
        "pip install -i mirror x",
        "wget files.example.org/x",
    ],
)
def test_a_host_or_an_index_is_seen(line):
    assert addresses(f"# fine\n{line}\nhttp://127.0.0.1:7860/\n") == [line]


def requirements(name: str) -> dict[str, Requirement]:
    lines = [line for line in (ROOT / name).read_text().splitlines() if line and line[0].isalpha()]
    return {parsed.name: parsed for parsed in (Requirement(line.split("#")[0].strip()) for line in lines)}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt"])
def test_every_requirement_has_a_range_and_a_reason(name):
    lines = [line for line in (ROOT / name).read_text().splitlines() if line and line[0].isalpha()]
    assert [line for line in lines if not re.search(r">=[\d.]+\S*\s+# \w", line)] == []
    assert [line for line in lines if "==" in line] == []


def test_ci_runs_make_test_and_stops_at_any_failure():
    lines = (ROOT / ".ci/run").read_text().splitlines()
    assert "make test" in lines
    assert "set -euo pipefail" in lines
    assert (ROOT / ".ci/run").stat().st_mode & 0o111


# --- the front page --------------------------------------------------------------------------------------------------


def front_matter(readme: str) -> dict[str, object]:
    """What a Space reads from the top of README.md."""
    _, block, _ = readme.split("---\n", 2)
    return dict(yaml.safe_load(block))


def test_the_space_gets_a_gradio_that_the_requirements_accept():
    space = front_matter((ROOT / "README.md").read_text())
    assert space["sdk"] == "gradio"
    assert str(space["sdk_version"]) in requirements("requirements.txt")["gradio"].specifier
    assert (ROOT / str(space["app_file"])).is_file()
    assert space["license"] == "mit"
    assert (ROOT / "LICENSE").read_text().startswith("MIT License")


def missing_files(text: str, root: Path) -> list[str]:
    """Relative paths that are not there, of those `text` links to or names in backticks or at the start of a code line.

    In backticks and code a name counts as a path if it ends in "/" or in a suffix that this project's files have.
    """
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text)
    code = re.findall(r"`([^`\s]+)`", text) + re.findall(r"^([\w.][\w./-]*)(?=\s{2,}|$)", fenced(text), re.MULTILINE)
    named = [word for word in code if re.fullmatch(r"[\w./-]+(?:/|\.(?:py|md|txt|toml|json|js|css|png|svg))", word)]
    return sorted({path for path in [*links, *named] if not (root / path).exists()})


def fenced(text: str) -> str:
    return "\n".join(re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize(
    "document",
    [
        "README.md",
        "README.zh.md",
        "CHANGELOG.md",
        *(f"docs/decisions/{f.name}" for f in (ROOT / "docs/decisions").glob("*")),
    ],
)
def test_every_file_that_a_document_names_exists(document):
    assert missing_files((ROOT / document).read_text(), ROOT) == []


def commands(text: str) -> set[str]:
    """What a reader could type or look up: lines of code without their comments, and what stands in backticks."""
    lines = {re.split(r"\s{2,}|(?<=\.md) |$", line.strip(), maxsplit=1)[0] for line in fenced(text).splitlines()}
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return (lines | set(re.findall(r"`([^`\n]+)`", prose))) - {""}


def test_the_front_page_names_the_same_commands_in_both_languages():
    english, chinese = (commands((ROOT / name).read_text()) for name in ("README.md", "README.zh.md"))
    assert english == chinese
    assert {"make app", "python -m explorer train-prior RUN", "docs/scaling.md"} <= english


def test_the_front_pages_link_to_each_other():
    assert "[简体中文](README.zh.md)" in (ROOT / "README.md").read_text()
    assert "[English](README.md)" in (ROOT / "README.zh.md").read_text()


def test_a_missing_file_is_seen(tmp_path):
    (tmp_path / "here.md").touch()
    text = "[a](here.md) [b](gone.png) `gone.py` `here.md` `word` `a.b(c)`\n"
    text += "```\nlost/      a folder\nhere.md   a file\n```\n"
    assert missing_files(text, tmp_path) == ["gone.png", "gone.py", "lost/"]


# --- the error sentences ---------------------------------------------------------------------------------------------


def raised(source: str) -> Iterator[tuple[int, str, set[str] | None]]:
    """Line, code and parameters (None if they are not spelled out) of every `XError("code", ...)` in `source`."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
            continue
        if re.fullmatch(
            r"(?:Explorer|Config|Data|Quantizer|Run|File|View)Error", ast.unparse(node.func).split(".")[-1]
        ):
            given = {keyword.arg for keyword in node.keywords}
            yield node.lineno, str(node.args[0].value), None if None in given else {name for name in given if name}


def placeholders(template: str) -> set[str]:
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in string.Formatter().parse(template) if name}


def wrong_errors(source: str, messages: dict[str, str]) -> list[str]:
    found = []
    for line, code, given in raised(source):
        if code not in messages:
            found.append(f"{line}: no sentence for {code!r}")
        elif given is not None and given != placeholders(messages[code]):
            found.append(f"{line}: {code!r} takes {sorted(placeholders(messages[code]))}, got {sorted(given)}")
    return found


@pytest.mark.parametrize(
    "file", sorted((ROOT / "explorer").rglob("*.py")), ids=lambda file: str(file.relative_to(ROOT))
)
def test_every_raised_code_has_its_sentence_and_its_parameters(file):
    assert wrong_errors(file.read_text(), MESSAGES) == []


@pytest.mark.parametrize(
    "source, sentence",
    [
        ("raise RunError('gone', name='x')", "1: no sentence for 'gone'"),
        ("raise RunError('known')", "1: 'known' takes ['a', 'b'], got []"),
        ("raise errors.RunError('known', a=1, c=2)", "1: 'known' takes ['a', 'b'], got ['a', 'c']"),
    ],
)
def test_a_wrong_error_is_seen(source, sentence):
    assert wrong_errors(source, {"known": "{a!r} and {b.c}"}) == [sentence]
    assert wrong_errors("raise RunError('known', a=1, b=2)", {"known": "{a!r} and {b.c}"}) == []


def test_every_sentence_is_used():
    """A sentence nobody raises is a check that was dropped, or a code misspelt in one of the two places."""
    defined = ("explorer/errors.py", "explorer/ui/text")
    files = (ROOT / "explorer").rglob("*.py")
    sources = [file for file in files if not file.relative_to(ROOT).as_posix().startswith(defined)]
    strings = {
        node.value
        for file in sources
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant)
    }
    assert [code for code in MESSAGES if code not in strings] == []


# --- sizes -----------------------------------------------------------------------------------------------------------


def shipped_files(folder: Path) -> list[Path]:
    """The files of a checkout, without asking git: a bare machine may have none."""
    children = [child for child in folder.iterdir() if child.name not in NOT_SHIPPED and child.name[0] != "."]
    return [file for child in children for file in (shipped_files(child) if child.is_dir() else [child])]


def test_no_file_is_too_large_for_git_and_a_space():
    assert [str(file) for file in shipped_files(ROOT) if file.stat().st_size > 10 * MEGABYTE] == []


def test_the_shipped_runs_keep_their_budget():
    files = [file for file in shipped_files(ROOT) if file.is_relative_to(ROOT / "checkpoints")]
    assert sum(file.stat().st_size for file in files) <= 150 * MEGABYTE
