# Everything runs in .venv with the locked dependencies of requirements/; nothing outside this directory changes.
# make help lists the targets. PYTHON=… names the interpreter (3.11 or newer), PORT=… where to serve.

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := build
.DELETE_ON_ERROR:
.PHONY: help setup build serve test check coverage mutants docs screenshots bench bench-serve bench-search bench-pages bench-answers bench-scale lock clean

JOBS ?= 2
PORT ?= 8000
RUN := .venv/bin/python -m
PIP := $(RUN) pip --quiet --disable-pip-version-check
CODE := src tests docs hatch_build.py $(wildcard bench)

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name what; do \
	  printf '%-22s%s\n' "$$name" "$$what"; done

# The query page has a plain text area where this file is not: it works without.
BUNDLE := $(if $(shell command -v npm),src/kg/pages/static/editor.js)

setup: .venv/.run ## Make .venv and install the locked dependencies

build: .venv/.run $(BUNDLE) ## Set up, then build and validate the collection into build/ (what make alone does)
	@$(RUN) kg build

serve: .venv/.run $(BUNDLE) ## Set up, build, and serve the collection on this machine (PORT=8000, or the next free one)
	@$(RUN) kg build --quiet
	@$(RUN) kg serve --port $(PORT)

# A machine without npm has no need of it: the test that does says that it was skipped.
NODE := $(if $(shell command -v npm),tests/node/node_modules/.stamp)

test: .venv/.dev $(NODE) $(BUNDLE) ## Run all tests that this machine can run, and say what was skipped and why (ARGS=… for pytest)
	@$(RUN) pytest -n $(JOBS) --dist loadgroup $(ARGS)

check: .venv/.dev ## Check format, style and types, and the format of the Turtle files
	@$(RUN) ruff format --check --quiet $(CODE) || { $(RUN) ruff format --diff --quiet $(CODE); exit 1; }
	@$(RUN) ruff check --quiet $(CODE)
	@$(RUN) mypy
	@$(RUN) kg fmt --diff

coverage: .venv/.dev ## Run all tests, and show how much of core, build and read they run (less than 90 % is an error)
	@$(RUN) pytest -n $(JOBS) --dist loadgroup --cov --cov-report= $(ARGS)
	@.venv/bin/python bench/covered.py

mutants: .venv/.dev ## Put small faults into a copy of the code, and list those that no test notices (ARGS=checks)
	@.venv/bin/python bench/mutations.py --jobs $(JOBS) $(ARGS)

docs: .venv/.dev ## Write docs/library.md from the docstrings, and the outputs of docs/tour.ipynb
	@$(RUN) kg build --quiet
	@.venv/bin/python docs/generate.py

screenshots: .venv/.dev ## Write docs/screenshots/ with Chromium: eight pages, wide, narrow and dark
	@$(RUN) kg build --quiet
	@.venv/bin/python docs/screenshots.py

bench: .venv/.dev ## Measure build, queries and memory
	@.venv/bin/python bench/run.py $(ARGS)

bench-serve: .venv/.dev ## Measure kg serve beside other servers, at a million quads too (ARGS=--write; 15 minutes)
	@.venv/bin/python bench/serve.py $(ARGS)

bench-search: .venv/.dev ## Measure search among a million labels, beside two peers (ARGS=--write; 5 minutes)
	@.venv/bin/python bench/search.py $(ARGS)

bench-pages: .venv/.dev ## Measure pages and lists at a million quads, beside the same by SPARQL (ARGS=--write; 5 minutes)
	@.venv/bin/python bench/pages.py $(ARGS)

bench-answers: .venv/.dev ## Measure every question, lists, search, documents and pages on a made archive (ARGS=--write; 15 minutes at a million quads)
	@.venv/bin/python bench/answers.py $(ARGS)

bench-scale: .venv/.dev ## Measure load, export, queries and validation beside seven tools (ARGS="--sizes 1M,10M --write"; hours: pySHACL takes minutes at 100k)
	@.venv/bin/python bench/scale.py $(ARGS)

lock: .venv/.dev ## Choose the newest dependencies that fit and lock them, with hashes
	@$(PIP) install 'uv>=0.9'
	@compile='uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --upgrade \
	  --no-header --no-annotate --no-emit-index-url pyproject.toml requirements/build.in'; \
	$(RUN) $$compile --output-file requirements/run.txt && \
	$(RUN) $$compile --group dev --output-file requirements/dev.txt

clean: ## Remove all that make made: .venv, build/ and caches
	rm -rf .venv .bench build dist src/kg/pages/static/editor.js src/kg/pages/editor/node_modules tests/node/node_modules .hypothesis .mypy_cache .pytest_cache .ruff_cache .coverage
	find src tests -name __pycache__ -type d -exec rm -rf {} +

# A stamp says that an installation went through, so that the next make has nothing to do.
.venv/.run: requirements/run.txt pyproject.toml hatch_build.py | .venv/bin/python
	@echo 'installing the dependencies into .venv'
	@$(PIP) install --require-hashes --requirement requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.run
	@echo 'installing what the tests need into .venv'
	@$(PIP) install --require-hashes --requirement requirements/dev.txt
	@touch $@

# By the versions and digests of package-lock.json; no script of a package runs.
tests/node/node_modules/.stamp: tests/node/package.json tests/node/package-lock.json
	@echo 'installing what tests run with Node.js into tests/node'
	@cd tests/node && npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

# Without a network there is none this time, and the next make tries again.
src/kg/pages/static/editor.js: $(wildcard src/kg/pages/editor/*.js*)
	@echo 'bundling the editor of the query page'
	@cd src/kg/pages/editor && { npm ci --ignore-scripts --no-audit --no-fund --silent && npm run build --silent; } \
	  || echo 'the editor cannot be bundled: the query page has a plain text area'

# The first interpreter that is new enough and can make an environment; a name on PATH may be a shim that cannot run.
.venv/bin/python:
	@for python in $(if $(PYTHON),'$(PYTHON)',python3.14 python3.13 python3.12 python3.11 python3); do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue; \
	  new="$$python"; \
	  "$$python" -c 'import venv, ensurepip' >/dev/null 2>&1 || continue; \
	  echo "making .venv with $$("$$python" --version)"; \
	  exec "$$python" -m venv --clear .venv; \
	done; \
	if [ -n "$$new" ]; then \
	  echo "$$new cannot make an environment, because its module ensurepip is absent;" \
	    "on Debian and Ubuntu: apt-get install python3-venv" >&2; \
	else \
	  echo "no Python 3.11 or newer was found$(if $(PYTHON), under the name $(PYTHON));" \
	    "install one, or name it: make PYTHON=/path/to/python3" >&2; \
	fi; exit 1
