# Needs Python >= 3.11, pip and make. Every target makes .venv from requirements.lock first.
PYTHON ?= python3
CORES ?= all
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
SNAKEMAKE := PATH="$(BIN):$$PATH" $(BIN)/snakemake --cores $(CORES) --workflow-profile workflow/profiles/default

.PHONY: help reproduce extended demo test test-parts test-workflow torture lint bench clean
help: ## what each target does
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /: /'

reproduce: $(VENV)/.ready ## the whole study of config.yaml, to results/report.html
	$(SNAKEMAKE)

extended: $(VENV)/.ready ## all arms, the regime map and the second model, to results/extended/report.html
	$(SNAKEMAKE) extended

demo: $(VENV)/.ready ## a small complete study, to results/demo/report.html
	$(SNAKEMAKE) --configfile workflow/presets/demo.yaml

lint: $(VENV)/.ready ## ruff, mypy, snakefmt, snakemake --lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/snakefmt --check Snakefile workflow
	PATH="$(BIN):$$PATH" $(BIN)/snakemake --lint

test: lint ## lint, then unit, torture, integration and workflow tests, two at a time
	$(MAKE) --jobs=2 --no-print-directory test-parts test-workflow

# Tests that share a finished study, and take as long as all others together.
STUDIES := $(filter-out %/test_dry_run.py,$(wildcard tests/workflow/test_*.py)) \
  tests/workflow/drills/test_moved_results.py
test-parts test-workflow: $(VENV)/.ready
test-parts:
	PATH="$(BIN):$$PATH" $(BIN)/python -m pytest $(STUDIES:%=--ignore=%)

test-workflow:
	PATH="$(BIN):$$PATH" $(BIN)/python -m pytest $(STUDIES)

torture: $(VENV)/.ready ## every hostile program as every user; kills of every kind of arm; tables
	$(BIN)/python -m pytest tests/torture --torture=full

bench: $(VENV)/.ready ## speed beside what one would use instead
	for file in benchmarks/bench_*.py; do $(BIN)/python $$file || exit 1; done

clean: ## delete caches, never results or the progress of interrupted jobs
	rm -rf .crest/verdicts.sqlite* .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "crest needs Python >= 3.11; name one with: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) envs/make_venv.py $(VENV)
