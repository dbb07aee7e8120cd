"""What holds for every test: one thread, no network, no analytics, browser tests last."""

from __future__ import annotations

import os
import random
import tempfile
from pathlib import Path

# Before anything imports torch, gradio or hypothesis. One thread: the server runs so, and sums come out the same.
os.environ.update(OMP_NUM_THREADS="1", GRADIO_ANALYTICS_ENABLED="False", HF_HUB_OFFLINE="1")
ROOT = Path(__file__).resolve().parent.parent
# A cache folder of their own: what this machine's user fetched or added must not change a test.
os.environ["EXPLORER_CACHE"] = tempfile.mkdtemp(prefix="explorer-tests-")
os.environ["EXPLORER_HOME"] = tempfile.mkdtemp(prefix="explorer-tests-home-")
os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(ROOT / "build" / "hypothesis")

import pytest
from hypothesis import settings

from tests.offline import sitecustomize  # noqa: F401  importing it holds this process on this machine

# The same examples in every run, and no limit on time, so that a busy machine fails nothing.
settings.register_profile("project", deadline=None, derandomize=True, database=None)
settings.load_profile("project")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--shuffle", metavar="SEED", help="run the tests in an order drawn from SEED (browser tests last)")


def pytest_report_header(config: pytest.Config) -> str | None:
    seed = config.getoption("--shuffle")
    return f"shuffled: --shuffle={seed} runs this order again" if seed else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks the browser tests and puts them last.

    Last, because a failing unit test should be seen in seconds, and because Playwright leaves an event loop running in
    the main thread, in which no later test could use asyncio.
    """
    if seed := config.getoption("--shuffle"):
        random.Random(seed).shuffle(items)
    for item in items:
        if is_browser_test(item):
            item.add_marker("browser")
    items.sort(key=is_browser_test)


def is_browser_test(item: pytest.Item) -> bool:
    return item.path.is_relative_to(ROOT / "tests" / "browser")
