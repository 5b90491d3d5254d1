# What a newcomer needs: `make demo`, then `make test`. Everything is installed in .venv/.

SHELL := bash
.SHELLFLAGS := -o pipefail -c
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
# Of the tests, on two processors: they often wait, for a server, a disk or a clock.
WORKERS ?= 3
INSTALL = $(BIN)/python -m pip install --disable-pip-version-check -e
DOTS = { while read -r line; do case $$line in Collecting*) printf .;; esac; done; echo; }

unexport PYTHONDONTWRITEBYTECODE # the tests start hundreds of processes that read the same code

.PHONY: demo test check bench browser description validator

demo: $(VENV)/run
	@PORT=$(PORT) $(BIN)/vigie demo

test: $(VENV)/dev browser description
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

check: $(VENV)/dev validator
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vigie check
	$(BIN)/python -m pytest tests/test_docs.py
	$(BIN)/python -m tests.site

bench: $(VENV)/dev
	@for file in benchmarks/bench_*.py; do PYTHONPATH=. $(BIN)/python $$file || exit 1; done

browser: $(VENV)/dev
	@$(BIN)/python tests/browser.py

description: $(VENV)/dev
	@$(BIN)/python -m tests.github.fetch

validator: $(VENV)/dev
	@$(BIN)/python -m tests.site.validity

$(VENV)/bin/python:
	@echo "Vigie : environnement Python dans $(VENV)/…"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run: pyproject.toml | $(VENV)/bin/python
	@printf "Vigie : installation des bibliothèques, une fois pour toutes "
	@$(INSTALL) . | $(DOTS)
	@$(BIN)/python -m plugins.typeface
	@touch $@

$(VENV)/dev: pyproject.toml | $(VENV)/bin/python
	@printf "Vigie: installing what the tests need "
	@$(INSTALL) '.[dev]' | $(DOTS)
	@$(BIN)/python -m plugins.typeface
	@touch $@ $(VENV)/run
