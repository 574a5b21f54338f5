# The verbs of the project. Python >= 3.11 and make are all they need; docs/running.md tells more.

PYTHON ?= python3
BIN := .venv/bin
PIP_INSTALL = $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes
# For tools that read the settings and connect to nothing.
NO_SERVERS := SECRET_KEY=check DATABASE_URL=postgresql:///check REDIS_URL=unix:///check

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench texts lock

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

setup: .venv/run ## the environment that `make run` needs, in .venv
.venv/run: requirements.txt requirements-old-python.txt
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed: make PYTHON=…")'
	$(PYTHON) -m venv .venv
	$(PIP_INSTALL) --requirement requirements.txt --requirement requirements-old-python.txt
	@touch $@

.venv/dev: requirements-dev.txt .venv/run
	$(PIP_INSTALL) --requirement requirements-dev.txt
	@touch $@

run: .venv/run ## the whole site; Ctrl-C stops it
	@exec $(BIN)/python manage.py up

test: .venv/dev ## every test, those in a browser too
	@tests/find-chromium
	$(BIN)/python -m pytest $(TESTS)

check: .venv/dev ## lint, types, import contracts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(NO_SERVERS) $(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/dev ## benchmarks: ratios, taken in one run
	$(BIN)/python -m pytest tests/benchmarks tests/browser --capture=no -p no:randomly -o python_files='bench_*.py'

texts: .venv/run ## scancode-toolkit's license texts (130 MB), as data files for `manage.py texts --package`
	$(PIP_INSTALL) --no-deps --requirement requirements-texts.txt

COMPILE = .venv/lock/bin/pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-options

lock: ## pin the newest versions that pyproject.toml allows, hashed and without addresses
	$(PYTHON) -m venv .venv/lock && .venv/lock/bin/pip install --quiet pip-tools
	$(COMPILE) --upgrade --output-file requirements.txt pyproject.toml
	$(COMPILE) --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml
