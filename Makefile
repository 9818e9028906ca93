# Lionrock: `make run` shows a living city, `make test` proves it. Everything lands in .venv and ./data.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TEST_PROCESSES ?= 2
STATIC := src/lionrock/app/pages/static/manifest.json
WEB := $(shell find web -name node_modules -prune -o -type f -print 2>/dev/null)

.PHONY: run test check soak bench install web wheel clean

run: $(VENV)/.run $(STATIC)  ## the simulated city, on http://127.0.0.1:8000
	@$(BIN)/lionrock up

test: install  ## the whole suite, in two processes side by side
	@OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses $(TEST_PROCESSES) --no-loadscope-reorder

check: install  ## linters, types, import contracts, dead code, generated pages
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture
	$(BIN)/python -m lionrock.app.generated --check

soak: install  ## long runs: kill storms, a twin day, evaluations
	@$(BIN)/python -m pytest -m soak

bench: install  ## every benchmark
	@$(BIN)/python -m benchmarks all

install: $(VENV)/.dev $(STATIC)  ## all that test and bench need
	@./browser.sh
	@./pytorch.sh $(BIN)/python

web: $(STATIC)

wheel: $(VENV)/.dev $(STATIC)
	$(BIN)/python -m build --wheel

$(BIN)/python:
	@echo "Making a virtual environment in $(VENV) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Lionrock needs Python 3.11 or newer; say which with PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "python3-venv is missing: apt-get install python3-venv"; exit 1; }

$(VENV)/.run: pyproject.toml | $(BIN)/python
	@echo "Installing what Lionrock needs (one to three minutes the first time) ..."
	@$(BIN)/python -m pip install --disable-pip-version-check -e '.[build,evaluate,recordings]'
	@touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	@echo "Installing what the tests need (one to three minutes the first time) ..."
	@$(BIN)/python -m pip install --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/.run

$(STATIC): $(WEB) | $(VENV)/.run
	@echo "Building the web assets ..."
	@$(BIN)/python web/build.py

clean:  ## forget the environment and what was built; ./data stays
	rm -rf $(VENV) build dist src/lionrock/app/pages/static web/node_modules
