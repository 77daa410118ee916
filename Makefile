# make demo    everything from a bare Debian/Ubuntu machine to records of the sample scans
# make setup   install into .venv
# make check   install what tests need, then lint, types, import contracts and all tests: what CI runs
# make bundle  one archive that installs on a machine without any network, into out/bundle
# make check-bundle  install it on a bare Debian without any network and read samples there (root, debootstrap, minutes)
# make bench   speed and memory beside two other recognizers
# make pictures  the pictures of the documents
# make lock    resolve dependencies anew, with hashes

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
SAMPLES := $(sort $(wildcard samples/*.pdf samples/*.jpg))
ONE_THREAD := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 OPENCV_FOR_THREADS_NUM=1
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --upgrade

.PHONY: setup demo check lint test bundle check-bundle bench pictures lock clean

setup: $(VENV)/installed

$(VENV)/bin/python:
	@PYTHON=$(PYTHON) scripts/system-packages setup
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "$(PYTHON) is too old: FormTally needs Python 3.11 or newer. Install one and run: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	@PYTHON=$(PYTHON) scripts/system-packages setup
	@echo "Installing the packages of requirements.lock into $(VENV) (about 1 GB; minutes on a slow line)"
	$(PIP) install --require-hashes --only-binary :all: -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
	@echo "Installed: $(BIN)/formtally"

$(VENV)/installed-dev: requirements-dev.lock $(VENV)/installed
	@scripts/system-packages check
	$(PIP) install --require-hashes --only-binary :all: -r requirements-dev.lock
	@touch $@

demo: setup
	$(BIN)/formtally doctor --out out/demo
	$(BIN)/formtally digitize $(SAMPLES) --out out/demo --table

check: lint test

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Files in their order: else xdist ends with those that have the fewest tests, and one that takes minutes would run alone.
test: $(VENV)/installed-dev
	$(ONE_THREAD) $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

bundle: $(VENV)/installed
	@PYTHON=$(BIN)/python scripts/bundle/build out/bundle

check-bundle: bundle
	@FORMTALLY=$(BIN)/formtally scripts/bundle/check "$$(ls -t out/bundle/*.tar | head -n 1)"

bench: $(VENV)/installed-dev
	$(ONE_THREAD) $(BIN)/python -m bench.throughput samples

pictures: $(VENV)/installed-dev
	@scripts/system-packages check
	$(BIN)/formtally digitize samples/self_evaluation_office.pdf --out out/pictures
	$(BIN)/python -m bench.pictures samples/self_evaluation_office.pdf out/pictures/self_evaluation_office.json docs/images/scan-and-record.png
	$(BIN)/python -m pytest -q tests/service/web/pages/test_pictures.py --pictures docs/images

lock:
	$(LOCK) --extra build --output-file requirements.lock
	$(LOCK) --extra build --extra dev --extra bench --constraints requirements.lock --output-file requirements-dev.lock

clean:
	rm -rf $(VENV) out
