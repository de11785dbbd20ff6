# Each target sets up what it needs. `make demo` and `make test` are all that a reader has to know; `make help` lists the rest.
PYTHON ?= python3
# Test processes at a time; JOBS=0 runs the suite in one, which a debugger wants.
JOBS   ?= 2
VENV   := .venv
BIN    := $(VENV)/bin
# The locks are complete, so pip resolves nothing, and every file it installs has a hash that stands in them.
PIP     = $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps
LOCKED  = $(PIP) --require-hashes --no-build-isolation --use-pep517
export PYTHONUTF8 := 1
# Tests start hundreds of processes, and each would compile all of the package anew.
unexport PYTHONDONTWRITEBYTECODE

.DELETE_ON_ERROR:
.PHONY: help demo example test slow check lint format types contract mutants mutants-of-checks bench lock clean

help:                       ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile

demo: $(VENV)/run           ## build the example community in mingzhang-demo/, unless it stands there, and serve its pages
	@$(BIN)/mingzhang demo mingzhang-demo

example: $(VENV)/run        ## only build it, from raw files to a checked bundle
	@$(BIN)/mingzhang demo --build mingzhang-demo

test: $(VENV)/dev           ## the default suite with its coverage gate
	$(BIN)/python -m pytest -m "not slow" --numprocesses=$(JOBS) --dist=worksteal --cov --cov-report=term

slow: $(VENV)/dev           ## rounds of kills, power cuts, flipped bytes, load
	$(BIN)/python -m pytest -m slow

check: lint types contract test ## all that every change has to pass

lint: $(VENV)/dev           ## style and likely faults
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/dev         ## put the code in its form
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

types: $(VENV)/dev          ## mypy, strict
	$(BIN)/mypy

contract: $(VENV)/dev       ## who may import whom
	$(BIN)/lint-imports --no-cache --no-logo

# The published vectors lie beside the repository; mutmut runs the tests one folder deeper, so they need a second way there.
mutants: $(VENV)/dev        ## change the core line by line and see that a test notices
	ln -sfn ../shared shared
	$(BIN)/mutmut run; status=$$?; rm -f shared; exit $$status
	$(BIN)/mutmut results

mutants-of-checks: $(VENV)/dev ## change each check condition by condition and see that its own tests notice; ONLY="splits dates"
	$(BIN)/python tests/audit/checks/mutants.py $(ONLY)

bench: $(VENV)/run          ## speed, as ratios to the bare floor of this machine
	$(BIN)/mingzhang bench

lock:                       ## renew both locks; needs uv, and is the only target that does
	uv lock --upgrade
	uv export --quiet --format requirements.txt --no-header --no-emit-project --no-default-groups \
	  --extra serve --group second-opinion --group build --output-file requirements.lock
	uv export --quiet --format requirements.txt --no-header --no-emit-project --no-default-groups \
	  --all-extras --all-groups --output-file requirements-dev.lock

clean:                      ## back to a fresh clone
	rm -rf $(VENV) .venv-wheel build dist mingzhang-demo .mingzhang-demo.partial mutants shared htmlcov .coverage*

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Mingzhang needs Python 3.11 or newer, for example: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { rm -rf $(VENV); echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }

# setuptools first: merkletools comes as source and is built by the setuptools of the lock, not by the network's newest.
$(VENV)/run: $(VENV)/bin/python requirements.lock pyproject.toml
	@echo "setting up $(VENV)"
	@sed -n '/^setuptools==/,/# via/p' requirements.lock | $(PIP) --require-hashes --requirement /dev/stdin
	@$(LOCKED) --requirement requirements.lock
	@$(PIP) --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: $(VENV)/run requirements-dev.lock
	@$(LOCKED) --requirement requirements-dev.lock
	@touch $@
