# `make app` and `make test`: everything a fresh machine with Python 3.11 or 3.12 needs.
SUPPORTED = import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))
PYTHON ?= $(shell for p in python3 python3.12 python3.11; do $$p -c '$(SUPPORTED)' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
CLIPS ?= ../shared/clips
BIN = $(VENV)/bin

.PHONY: app test bench soak audit clean

app: $(VENV)/app.ready
	$(BIN)/python app.py

test: $(VENV)/test.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest

# Figures want a quiet machine. They are written into benchmarks/README.md.
bench: $(VENV)/test.ready
	$(BIN)/python benchmarks/ratios.py $(CLIPS)
	$(BIN)/python benchmarks/growth.py $(CLIPS)/real_shinzo.mp4
	$(BIN)/python benchmarks/torch_free.py

soak: $(VENV)/test.ready  # five minutes; the tests hold a short version
	$(BIN)/python -m benchmarks.soak

# pip-audit is no part of the app: it comes when it is asked for, where there is a network.
audit: $(VENV)/app.ready
	@$(BIN)/python -m pip install -q pip-audit 2>/dev/null || true
	@$(BIN)/python tests/repository/audit.py

# Both OpenCV packages provide cv2; the headless one goes last, because a bare machine has no libGL.
$(VENV)/app.ready: requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or 3.12 is needed; install one or name it: make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q -r requirements.txt
	$(BIN)/python -m pip install -q --no-deps --force-reinstall $$(grep ^opencv-python-headless requirements.txt)
	touch $@

$(VENV)/test.ready: $(VENV)/app.ready train/requirements.txt tests/requirements.txt
	$(BIN)/python -m pip install -q -r tests/requirements.txt
	touch $@

clean:
	rm -rf $(VENV)
