# `make app` and `make test`: everything a fresh machine with Python 3.11, 3.12 or 3.13 needs.
SUPPORTED = import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do $$p -c '$(SUPPORTED)' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
CLIPS ?= ../shared/clips
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu# empty for the builds with CUDA
LOCK ?= lock
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip install -q --no-deps

.PHONY: app device check quick test slow bench soak audit lock clean

app: $(VENV)/app.ready
	$(BIN)/python app.py

# What the page at /device/ needs: onnxruntime-web by npm, and MTCNN's graphs, once, into the cache.
device: $(VENV)/app.ready
	$(BIN)/python -m explorer.device.parts

check: $(VENV)/test.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/mypy --cache-dir $(VENV)/mypy

# What starts no browser and no server and takes no time: under a minute, while one works.
quick: $(VENV)/test.ready
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto -m "not browser and not server and not heavy and not slow"

# Pages and servers are tested file by file on each core; those that watch the clock come alone, last.
test: check
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto -m "not browser and not server and not slow"
	$(BIN)/python -m pytest -n auto --dist loadfile -m "(browser or server) and not alone and not slow"
	$(BIN)/python -m pytest -m "alone and not slow"

slow: $(VENV)/test.ready
	$(BIN)/python -m pytest -m slow

# Figures want a quiet machine. They are written into docs/results.md.
bench: $(VENV)/test.ready
	$(BIN)/python benchmarks/ratios.py $(CLIPS)
	$(BIN)/python benchmarks/growth.py $(CLIPS)/real_shinzo.mp4
	$(BIN)/python benchmarks/torch_free.py

soak: $(VENV)/test.ready  # ten minutes; the tests hold a short version
	$(BIN)/python -m benchmarks.soak

# pip-audit is no part of the app: it comes when it is asked for, where there is a network. So does uv.
audit: $(VENV)/app.ready
	@$(BIN)/python -m pip install -q pip-audit 2>/dev/null || true
	@$(BIN)/python tests/repository/audit.py

lock: $(VENV)/torch.ready
	$(BIN)/python -m pip install -q uv
	PATH="$(BIN):$$PATH" $(BIN)/python lock/resolve.py

# Without --require-hashes for these two: PyTorch's own index, tried first, has smaller builds with other hashes.
$(VENV)/torch.ready: $(LOCK)/torch.txt $(LOCK)/cuda.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 to 3.13 is needed; install one or name it: make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@$(PIP) --retries 0 --timeout 5 --index-url "$(TORCH_INDEX)" -r $(LOCK)/torch.txt >/dev/null 2>&1 || $(PIP) -r $(LOCK)/torch.txt
	@! grep -qi "^Requires-Dist: nvidia" $(VENV)/lib/python*/site-packages/torch-*.dist-info/METADATA \
	  || $(PIP) --require-hashes -r $(LOCK)/cuda.txt
	@touch $@

$(VENV)/app.ready: $(VENV)/torch.ready $(LOCK)/app.txt
	$(PIP) --require-hashes -r $(LOCK)/app.txt
	@touch $@

$(VENV)/test.ready: $(VENV)/app.ready $(LOCK)/test.txt
	$(PIP) --require-hashes -r $(LOCK)/test.txt
	@touch $@

clean:
	rm -rf $(VENV)
