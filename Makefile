# What a newcomer needs: `make demo`, then `make test`. Everything is installed in .venv/.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000

.PHONY: demo test check bench browser

demo: $(VENV)/run
	@PORT=$(PORT) $(BIN)/vigie demo

test: $(VENV)/dev browser
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

check: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vigie check

bench: $(VENV)/dev
	@for file in benchmarks/bench_*.py; do $(BIN)/python $$file || exit 1; done

browser: $(VENV)/dev
	@$(BIN)/python tests/browser.py

$(VENV)/bin/python:
	@echo "Vigie : environnement Python dans $(VENV)/…"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run: pyproject.toml | $(VENV)/bin/python
	@echo "Vigie : installation des bibliothèques (une minute environ la première fois)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/dev: pyproject.toml | $(VENV)/bin/python
	@echo "Vigie: installing what the tests need…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/run
