# The house's front door. Everything below needs Python 3.11 or newer, make and a network; what else
# is missing (Node, Go, LiveKit, Chromium) is set up in here, in .venv, .tools and the user's cache.

PYTHON ?= python3
SETUP  := $(PYTHON) setup/bootstrap.py
BIN    := .venv/bin
NPM    := $(PYTHON) setup/bootstrap.py npm
DATA   ?= $(or $(TONGTAI_DATA),data)

# Compiled modules are kept in .venv: compiling thousands of them anew takes every process seconds.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test e2e check format verify bench screenshots clean

help: ## list these targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20

run: ## set up and start the product with its demonstration on http://127.0.0.1:8000
	@$(SETUP) run
	@exec $(BIN)/tongtai up --demo --data "$(DATA)" $(if $(DEMO_MEDIA),--demo-media "$(DEMO_MEDIA)")

check: ## linters, types, import contracts and formatting
	@$(SETUP) check
	@$(MAKE) $(SIDE_BY_SIDE) $(CHECKS)

test: ## the checks and all tests, Chromium end to end included
	@$(SETUP) test
	@$(MAKE) $(SIDE_BY_SIDE) $(CHECKS) vitest
	@$(MAKE) --no-print-directory --jobs=2 pytest one-to-many

# Two at a time, the longest first, because each of these keeps one core busy; each says what it has to say in one piece.
SIDE_BY_SIDE := --no-print-directory --jobs=2 --output-sync=target
CHECKS       := eslint mypy typescript ruff contracts prettier

.PHONY: $(CHECKS) vitest pytest one-to-many
ruff:
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
mypy:
	@$(BIN)/mypy
contracts:
	@$(BIN)/lint-imports
eslint:
	@$(NPM) run --silent lint
typescript:
	@$(NPM) run --silent typecheck
prettier:
	@$(NPM) run --silent format:check
vitest:
	@$(NPM) run --silent test
# Side by side too: a browser waits for pictures most of the time, and many of pytest's tests for a process.
pytest:
	@$(SETUP) with-chromium $(BIN)/pytest --complete -n 2 -m "not long_proof" $(PYTEST_ARGS)
one-to-many:
	@$(SETUP) with-chromium $(NPM) run --silent test -w @tongtai/e2e

e2e: ## one expert and three operating rooms in Chromium, against the real product (part of make test)
	@$(SETUP) test
	@$(MAKE) --no-print-directory one-to-many

format: ## put every file into the house's format
	@$(SETUP) check
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .
	@$(NPM) run --silent format

verify: ## longer proofs: every browser session, all integration tests on PostgreSQL, published truths, the audit chain of DATA
	@$(SETUP) test
	@$(SETUP) with-chromium $(NPM) run --silent verify -w @tongtai/e2e
	@$(SETUP) with-chromium $(BIN)/pytest -q -n 2 --database postgresql -m "not long_proof" tests/integration
	$(BIN)/pytest -q -s tests/verification
	$(BIN)/pytest -q tests/unit/core tests/unit/formats tests/contract
	@if [ -e "$(DATA)/tongtai.sqlite3" ]; then $(BIN)/tongtai audit verify --data "$(DATA)"; fi

bench: ## measure the product against its targets
	@$(SETUP) test
	@$(SETUP) with-chromium $(BIN)/tongtai bench all

screenshots: ## take the documentation's pictures again (docs/images)
	@$(SETUP) test
	@$(SETUP) with-chromium $(NPM) run --silent screenshots -w @tongtai/e2e
	$(BIN)/python setup/small_pictures.py docs/images

clean: ## remove what the set-up and the tests made; DATA stays
	rm -rf .venv .tools web/node_modules web/apps/*/dist web/apps/*/node_modules web/packages/*/node_modules
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage* coverage test-results
	find src migrations setup tests -name __pycache__ -prune -exec rm -rf {} +
	find . -name '*.tsbuildinfo' -not -path './data/*' -delete
