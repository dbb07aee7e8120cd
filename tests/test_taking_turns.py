"""Which process takes which file: every test once, whole files, and nothing else after a browser test."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

pytest.importorskip("xdist")

from tests.taking_turns import BROWSER, BrowserBeside


class Process:
    """One that tests, as the scheduler sees it; it does what it was sent at once, in turns with the others."""

    def __init__(self, tests: list[str]) -> None:
        self.gateway = SimpleNamespace(id="one")
        self.shutting_down = False
        self.tests, self.sent, self.done = tests, list[int](), list[str]()

    def send_runtest_some(self, places: list[int]) -> None:
        self.sent += places

    def shutdown(self) -> None:
        self.shutting_down = True


def played(files: dict[str, int], count: int) -> list[list[str]]:
    """What each of `count` processes did, of files with so many tests."""
    tests = [f"{file}::test_{k}" for file, number in files.items() for k in range(number)]
    config = SimpleNamespace(
        getvalue=lambda _: ["popen"] * count, option=SimpleNamespace(loadscopereorder=False), getoption=lambda *_: 0
    )
    log = SimpleNamespace(loadfilesched=lambda *_: None, loadscopesched=lambda *_: None)
    scheduler = BrowserBeside(cast(Any, config), cast(Any, log))
    processes = [Process(tests) for _ in range(count)]
    for process in processes:
        scheduler.add_node(cast(Any, process))
    for process in processes:
        scheduler.add_node_collection(cast(Any, process), tests)
    scheduler.schedule()
    while any(process.sent for process in processes):
        for process in processes:
            if process.sent:
                place = process.sent.pop(0)
                process.done.append(tests[place])
                scheduler.mark_test_complete(cast(Any, process), place)
    assert all(process.shutting_down for process in processes)
    return [process.done for process in processes]


OTHERS = {f"tests/test_{k}.py": 4 for k in range(7)}
IN_BROWSER = {f"{BROWSER}test_{k}.py": 3 for k in range(5)}


@pytest.mark.parametrize("count", [1, 2, 3, 4, 9])
@pytest.mark.parametrize("files", [OTHERS | IN_BROWSER, OTHERS, IN_BROWSER, OTHERS | {f"{BROWSER}test_0.py": 1}])
def test_every_test_is_taken_once_and_whole_files_by_one_process(files, count):
    done = played(files, count)
    assert sorted(test for tests in done for test in tests) == sorted(
        f"{file}::test_{k}" for file, number in files.items() for k in range(number)
    )
    for file in files:
        assert sum(any(test.startswith(f"{file}::") for test in tests) for tests in done) == 1


@pytest.mark.parametrize("count", [2, 3, 4])
def test_every_second_process_begins_with_the_browser_and_none_comes_back_from_there(count):
    done = played(OTHERS | IN_BROWSER, count)
    for k, tests in enumerate(done):
        kinds = [test.startswith(BROWSER) for test in tests]
        assert kinds == sorted(kinds)
        assert kinds[0] == (k % 2 == 1)


def test_without_browser_tests_all_processes_do_the_others():
    assert all(played(OTHERS, 3))


def test_the_first_file_of_a_kind_is_taken_first():
    one, other = played(OTHERS | IN_BROWSER, 2)
    assert one[0] == "tests/test_0.py::test_0"
    assert other[0] == f"{BROWSER}test_0.py::test_0"
