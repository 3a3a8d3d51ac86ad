# Everything a person or a CI does here. POSIX sh and GNU make 3.81 suffice.

# Servers that may keep their compiled modules start in half the time.
unexport PYTHONDONTWRITEBYTECODE

SHELL = /bin/sh
VENV = .venv/bin/python
PREPARE = python=$$(sh tools/python.sh) && "$$python" tools/environment.py

.DEFAULT_GOAL = help
.PHONY: help run reset test test-long lint format bench pictures

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Start the three sites on this machine (WHATISTHETIME_PORT, MYCLOTHES_PORT, MYWORDPRESS_PORT); Ctrl-C stops them
	@$(PREPARE) .venv requirements.txt && exec $(VENV) -m beanstalk local

reset: ## Empty var/: all orders, posts, pictures and mail of this machine
	@python=$$(sh tools/python.sh) && exec "$$python" -m beanstalk reset

test: .dev lint ## Lint, type-check and test, on the other Pythons too; at most 10 minutes
	@$(PREPARE) .venv-ministack tests/services/ministack.txt
	@$(VENV) tools/programs.py
	@$(VENV) tools/pythons.py
	@TEST_SERVICES=required $(VENV) -m pytest -m "not long" --numprocesses auto --maxprocesses 4 --dist loadfile

test-long: .dev ## The tests that take minutes
	@$(PREPARE) .venv-ministack tests/services/ministack.txt
	@$(VENV) tools/programs.py
	@TEST_SERVICES=required $(VENV) -m pytest -m long

lint: .dev ## Check style and types
	@$(VENV) -m ruff check --quiet .
	@$(VENV) -m ruff format --quiet --check .
	@$(VENV) -m mypy --no-error-summary

format: .dev ## Put the source into its standard form
	@$(VENV) -m ruff check --quiet --fix . && $(VENV) -m ruff format --quiet .

bench: .dev ## Measure start, memory and overhead
	@$(VENV) -m lab.boot
	@$(VENV) -m lab.overhead

pictures: .dev ## Take the README's pictures of the sites that `make run` serves
	@$(VENV) tools/pictures.py

.PHONY: .dev
.dev:
	@$(PREPARE) .venv requirements.txt requirements-test.txt requirements-dev.txt
