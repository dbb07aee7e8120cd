# Two commands are enough: `make app` serves the page, `make test` runs every check. Both make what they need.

# The first Python on PATH that is new enough; `make PYTHON=/path/to/python3.12 app` chooses another one.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	$$name -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$name && exit; done; echo python3)
PYTHON := $(PYTHON)
VENV_PYTHON := .venv/bin/python
# Processes that take whole files, every second one the browser tests from the start: three keep two cores busy, where there
# is memory for them (docs/decisions/0002-tests.md); `make PROCESSES=2 test` chooses.
PROCESSES := $(shell awk '/^MemTotal/ { print ($$2 > 15000000) ? 3 : 2 }' /proc/meminfo 2>/dev/null)
PARALLEL := -n $(or $(PROCESSES),2) --dist loadfile --no-loadscope-reorder
.DEFAULT_GOAL := help
# A gate starts some sixty interpreters, and each would compile all modules and rewrite all assertions anew.
unexport PYTHONDONTWRITEBYTECODE

help:  ## list the targets
	@awk -F ':.*## *' '/^[a-z-]+:.*##/ { printf "  make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

app: app-environment  ## serve the page (PORT=7861 chooses the port, ARGS="..." goes to app.py)
	@exec $(VENV_PYTHON) app.py $(if $(PORT),--port $(PORT)) $(ARGS)

test: check  ## every check, from a bare machine: the same as `make check`

check: test-environment  ## the one gate: format, lint, types, unit tests, browser tests
	@mkdir -p build && echo $$PPID > build/long.pause  # `make long` waits until this make has ended
	$(VENV_PYTHON) scripts/chromium.py
	$(VENV_PYTHON) -m ruff format --check .
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m mypy --num-workers 2
	$(VENV_PYTHON) -m pytest $(PARALLEL)

units: test-environment  ## the tests without a browser
	$(VENV_PYTHON) -m pytest $(PARALLEL) -m "not browser"

format: test-environment  ## rewrite the sources in the project's format and mend what lint can mend
	$(VENV_PYTHON) -m ruff format .
	$(VENV_PYTHON) -m ruff check --fix .

verify: check  ## heavier than the gate: also the tests without a browser in a shuffled order
	EXPLORER_PARTS=3 $(VENV_PYTHON) -m pytest -m "not browser" --shuffle

attack: test-environment  ## the attacks in their long form (minutes): every changed array of a sent run, on every tab
	EXPLORER_ATTACK=long $(VENV_PYTHON) -m pytest tests/attack -o faulthandler_timeout=0

mcp-test: app-environment  ## the endpoints as MCP tools, in an environment of their own (.venv-mcp, made on demand)
	$(PYTHON) -m scripts.mcp_environment
	.venv-mcp/bin/python scripts/mcp_test.py

zerogpu-test: app-environment  ## training on a lent GPU, against a stand-in of its lender (.venv-zerogpu, made on demand)
	$(PYTHON) -m scripts.zerogpu_environment
	.venv-zerogpu/bin/python -m scripts.zerogpu_test

mutants: test-environment  ## change models, metrics, training and run reading in small ways: do their tests notice? (2 h)
	$(PYTHON) -m scripts.mutants_environment
	.venv-mutants/bin/python scripts/mutants.py $(ARGS)

benchmarks: test-environment  ## every panel of every tab on a fresh server, held to 1 s from sight to filled (minutes, an idle machine)
	$(VENV_PYTHON) -m benchmarks.panels --bound $(ARGS)

classifiers: app-environment  ## train the small classifiers that are missing (minutes; resumable)
	$(VENV_PYTHON) -m explorer.classifier

checkpoints: classifiers  ## train the shipped runs and classifiers that are missing (hours; resumable)
	$(VENV_PYTHON) scripts/checkpoints.py

long: test-environment  ## train what takes hours, one thread, lowest priority, paused while the gate runs (resumable)
	$(VENV_PYTHON) -m scripts.long

study: app-environment  ## train the runs of the codebook study that are missing (hours; resumable)
	$(VENV_PYTHON) -m explorer study codebook

clean:  ## delete caches and build products; .venv stays (`make distclean` deletes it too)
	rm -rf build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name .venv -prune -o -name __pycache__ -type d -exec rm -rf {} +

distclean: clean
	rm -rf .venv .venv-mcp .venv-mutants .venv-zerogpu

# Not files: the script looks every time, in milliseconds, so that a changed or half-made environment is seen.
app-environment: python
	@$(PYTHON) scripts/environment.py requirements.txt

test-environment: python
	@$(PYTHON) scripts/environment.py requirements-test.txt

python:
	@command -v $(PYTHON) >/dev/null || \
		{ echo "error: there is no $(PYTHON): install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c '$(NEW_ENOUGH)' || \
		{ echo "error: $$($(PYTHON) --version 2>&1) is too old: install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3"; exit 1; }

.PHONY: help app test check units format verify attack mcp-test zerogpu-test mutants benchmarks classifiers checkpoints long study clean distclean python app-environment test-environment
