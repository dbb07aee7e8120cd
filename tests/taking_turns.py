"""Which of several processes takes which file: some begin with the browser tests while the others do the rest.

A browser test waits about as long as it works, so that processes that all do browser tests leave cores idle, and those
that all do other tests have more to do than cores. Beside each other they fill them.
"""

from __future__ import annotations

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

BROWSER = "tests/browser/"


class BrowserBeside(LoadFileScheduling):
    """Whole files, as `--dist loadfile` has them. Every second process begins with the browser tests.

    It does nothing else afterwards: Playwright leaves an event loop running in the main thread, in which no other test
    could use asyncio. Those that begin with the rest go over to the browser tests when that is done.
    """

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        super().__init__(config, log)
        self.in_browser: set[WorkerController] = set()
        self.places: dict[WorkerController, dict[str, int]] = {}

    def schedule(self) -> None:
        if self.collection is None:
            collected = next(iter(self.registered_collections.values()))
            files = {self._split_scope(test) for test in collected if test.startswith(BROWSER)}
            self.in_browser = set(self.nodes[1::2][: len(files)])
        super().schedule()

    def next_for(self, node: WorkerController) -> str | None:
        """The first file in the queue that this process may take, of its own kind if there is one."""
        browser = [file for file in self.workqueue if file.startswith(BROWSER)]
        others = [file for file in self.workqueue if not file.startswith(BROWSER)]
        return next(iter(browser if node in self.in_browser else others + browser), None)

    def _assign_work_unit(self, node: WorkerController) -> None:
        """Without looking each test up in the whole list, as the class above does: ten thousand times ten thousand."""
        file = self.next_for(node)
        if file is None:
            return node.shutdown()
        if file.startswith(BROWSER):
            self.in_browser.add(node)
        tests = self.workqueue.pop(file)
        self.assigned_work[node][file] = tests
        places = self.places.setdefault(node, {name: k for k, name in enumerate(self.registered_collections[node])})
        return node.send_runtest_some([places[name] for name, done in tests.items() if not done])
