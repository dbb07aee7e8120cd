"""What holds for every test: one thread, no network, no analytics; long files first, browser tests last."""

from __future__ import annotations

import gc
import json
import os
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

# Before anything imports torch, gradio or hypothesis. One thread: the server runs so, and sums come out the same.
os.environ.update(OMP_NUM_THREADS="1", GRADIO_ANALYTICS_ENABLED="False", HF_HUB_OFFLINE="1")
ROOT = Path(__file__).resolve().parent.parent
# A cache folder of their own: what this machine's user fetched or added must not change a test.
os.environ["EXPLORER_CACHE"] = tempfile.mkdtemp(prefix="explorer-tests-")
os.environ["EXPLORER_HOME"] = tempfile.mkdtemp(prefix="explorer-tests-home-")
os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(ROOT / "build" / "hypothesis")

import pytest
from hypothesis import settings

from tests import event_loops
from tests.browser.shared_app import SharedApp
from tests.offline import sitecustomize  # noqa: F401  importing it holds this process on this machine

event_loops.watch()

# The same examples in every run, and no limit on time, so that a busy machine fails nothing.
settings.register_profile("project", deadline=None, derandomize=True, database=None)
settings.load_profile("project")


#: What each file took, in seconds, when the whole suite ran alone on two cores: a copy of build/seconds.json, which
#: every whole run writes. Two processes that take whole files end together if the long ones come first.
SECONDS = ROOT / "tests" / "seconds.json"
TAKEN = pytest.StashKey[defaultdict[str, float]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--shuffle", metavar="SEED", help="run the tests in an order drawn from SEED (browser tests last)")


def pytest_report_header(config: pytest.Config) -> str | None:
    seed = config.getoption("--shuffle")
    return f"shuffled: --shuffle={seed} runs this order again" if seed else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks the browser tests and puts them last; before and among them the files that take longest come first.

    Last, because a failing unit test should be seen in seconds, and because Playwright leaves an event loop running in
    the main thread, in which no later test could use asyncio.
    """
    if seed := config.getoption("--shuffle"):
        random.Random(seed).shuffle(items)
    for item in items:
        if is_browser_test(item):
            item.add_marker("browser")
    known: dict[str, float] = {} if seed or not SECONDS.exists() else json.loads(SECONDS.read_text())
    unknown = max(known.values(), default=0.0)
    items.sort(key=lambda item: (is_browser_test(item), -known.get(file_of(item.nodeid), unknown)))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Whatever is imported and collected stays: looking through it for garbage meanwhile takes a sixth of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish() -> None:
    """What was collected lives to the end: the garbage collector need not walk all of it again and again."""
    gc.collect()
    gc.freeze()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TAKEN] = defaultdict(float)
    config.pluginmanager.register(Stopwatch(config), "stopwatch")
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(SharedApp(), "shared app")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object | None:
    """Where whole files go to several processes, some of them begin with the browser tests."""
    if config.getoption("dist") != "loadfile":
        return None
    from tests.taking_turns import BrowserBeside  # here, since a run in one process does without pytest-xdist

    return BrowserBeside(config, log)


class Stopwatch:
    """Adds up what each file takes; where several processes test, in the one that they report to."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.config.stash[TAKEN][file_of(report.nodeid)] += report.duration

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        asked = self.config.getoption("markexpr") or self.config.getoption("keyword")
        whole = self.config.args_source is pytest.Config.ArgsSource.TESTPATHS and not asked
        if whole and exitstatus == 0 and not hasattr(self.config, "workerinput"):
            seconds = {file: round(taken, 1) for file, taken in sorted(self.config.stash[TAKEN].items())}
            (ROOT / "build").mkdir(exist_ok=True)
            (ROOT / "build" / SECONDS.name).write_text(json.dumps(seconds, indent=1) + "\n")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        slowest = sorted(self.config.stash[TAKEN].items(), key=lambda pair: -pair[1])[:10]
        if slowest and slowest[0][1] >= 10:
            terminalreporter.section("slowest 10 files")
            for file, taken in slowest:
                terminalreporter.line(f"{taken:.1f}s {file}")


@pytest.fixture(scope="module", autouse=True)
def _no_loop_outlives_its_module() -> Iterator[None]:
    yield
    event_loops.close()


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    if (remembered := sys.modules.get("explorer.ui.questions.remembered")) is not None:
        remembered.forget()


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """A command that was run in this process may have taken more, and sums would come out otherwise in later tests."""
    yield
    if (torch := sys.modules.get("torch")) is not None and torch.get_num_threads() != 1:
        torch.set_num_threads(1)


def file_of(nodeid: str) -> str:
    return nodeid.partition("::")[0]


def is_browser_test(item: pytest.Item) -> bool:
    return item.nodeid.startswith("tests/browser/")
