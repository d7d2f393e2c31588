# `make app` and `make test`: everything a fresh machine with Python 3.11 or 3.12 needs.
PYTHON ?= $(shell command -v python3.12 || command -v python3.11 || command -v python3)
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: app test lint clean

app: $(VENV)/app.ready
	$(BIN)/python app.py

test: $(VENV)/test.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest

$(VENV)/app.ready: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q -r requirements.txt
	touch $@

$(VENV)/test.ready: $(VENV)/app.ready tests/requirements.txt
	$(BIN)/python -m pip install -q -r tests/requirements.txt
	touch $@

clean:
	rm -rf $(VENV)
