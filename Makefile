# The commands of the project. `make` alone lists them.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
RUN_LOCK := config/requirements.lock
DEV_LOCK := config/requirements-dev.lock
T ?= tests
UV := $(shell command -v uv 2>/dev/null || echo $(BIN)/uv)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check lint types bench faults soak migration lock vendor screens clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.run ## a whole mall on this machine, no root; VISITORS=1 lets simulated visitors come
	@exec $(BIN)/mpp demo $(if $(VISITORS),--visitors)

test: $(VENV)/.dev ## all tests, or T=tests/domain for some; installs Debian packages when root
	@.ci/debian
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(T)

check: lint types test ## what every change must pass

lint: $(VENV)/.dev ## style, order of imports, traps
	@$(BIN)/ruff check .

types: $(VENV)/.dev ## types of all code outside tests
	@$(BIN)/mypy

bench: $(VENV)/.dev ## speed and memory on this machine, with the bounds they must keep
	@.ci/debian
	@$(BIN)/python -m tests.bench

faults: $(VENV)/.dev ## the long version: more power cuts, more kills, both databases
	@.ci/debian
	@$(BIN)/python -m tests.faults

soak: $(VENV)/.dev ## load and kills for HOURS=8, memory and log watched
	@.ci/debian
	@$(BIN)/python -m tests.faults.soak --hours $(or $(HOURS),8)

migration: $(VENV)/.dev ## the next numbered migration from the models, NAME=add_quota
	@test -n "$(NAME)" || { echo "Say what it does: make migration NAME=add_quota" >&2; exit 1; }
	@$(BIN)/python -m tests.architecture.new_migration $(NAME)

lock: ## refresh both lock files from pyproject.toml; needs uv
	@$(UV) pip compile $(LOCKING) --group build pyproject.toml -o $(RUN_LOCK)
	@$(UV) pip compile $(LOCKING) --group build --group dev -c $(RUN_LOCK) pyproject.toml -o $(DEV_LOCK)
LOCKING := --quiet --generate-hashes --no-annotate --no-header --no-emit-index-url --universal --python-version 3.11

vendor: $(VENV)/.run ## refresh the vendored fonts, icons and scripts; needs npm and a network
	@$(BIN)/python -m display.vendor

screens: $(VENV)/.dev ## new pictures of every screen for the README
	@.ci/debian
	@$(BIN)/python -m tests.screens

clean: ## remove the environment and what tools left; the mall's data in var/ stays
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.run: $(RUN_LOCK) pyproject.toml .ci/venv
	@[ $(VENV)/.dev -nt $(RUN_LOCK) ] || .ci/venv $(RUN_LOCK)
	@touch $@

$(VENV)/.dev: $(DEV_LOCK) pyproject.toml .ci/venv
	@.ci/venv $(DEV_LOCK)
	@touch $@
