# Everything a person or a CI does here. POSIX sh and GNU make 3.81 suffice.

# Servers that may keep their compiled modules start in half the time.
unexport PYTHONDONTWRITEBYTECODE

SHELL = /bin/sh
VENV = .venv/bin/python
PREPARE = python=$$(sh tools/python.sh) && "$$python" tools/environment.py

TEST = TEST_SERVICES=required $(VENV) -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal -m

.DEFAULT_GOAL = help
.PHONY: help run reset compose test test-long compose-test lint format bench bundle lab translations pictures

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Start the three sites on this machine (WHATISTHETIME_PORT, MYCLOTHES_PORT, MYWORDPRESS_PORT); Ctrl-C stops them
	@$(PREPARE) .venv requirements.txt && exec $(VENV) -m beanstalk local

reset: ## Empty var/: all orders, posts, pictures and mail of this machine
	@python=$$(sh tools/python.sh) && exec "$$python" -m beanstalk reset

compose: ## Start the whole architecture in containers: balancer, zones, databases (INSTANCES, STICKY, STORAGE, ...)
	@$(PREPARE) .venv requirements.txt && $(VENV) -m tools.docker prepare && exec $(VENV) -m compose up

bundle: ## Make dist/APP-TIER.zip of what is committed, which is what Beanstalk is given
	@python=$$(sh tools/python.sh) && "$$python" -m beanstalk bundle

test: ## Lint, type-check, and run all tests but the long ones; at most 10 minutes
	@$(MAKE) --no-print-directory -j2 lint .programs
	@$(TEST) "not long and not compose"

test-long: ## The tests that take minutes, and the unit tests on the other Pythons
	@$(MAKE) --no-print-directory -j2 .dev .checker .pythons
	@$(VENV) tools/pythons.py test
	@$(TEST) "long and not compose"

compose-test: ## Start the whole architecture, use it, break it; needs Docker, or root on Debian
	@$(MAKE) --no-print-directory -j2 .dev .programs
	@TEST_SERVICES=required $(VENV) -m tools.docker run $(VENV) -m pytest --durations=15 -m compose

lint: .dev ## Check style and types
	@$(VENV) -m ruff check --quiet .
	@$(VENV) -m ruff format --quiet --check .
	@$(VENV) -m mypy --no-error-summary

format: .dev ## Put the source into its standard form
	@$(VENV) -m ruff check --quiet --fix . && $(VENV) -m ruff format --quiet .

bench: .dev ## Measure start, memory, overhead, the time API, the shop, the journal, its renditions and fast start
	@$(VENV) -m lab.boot
	@$(VENV) -m lab.overhead
	@$(VENV) -m lab.timeapi
	@$(VENV) -m lab.shop
	@$(VENV) -m lab.blog
	@$(VENV) -m lab.renditions
	@$(VENV) -m lab.faststart

lab: .dev ## Try every claim of the course: load, fault, verdict; reports are in var/lab (NAMES="..." for some of them)
	@$(VENV) -m tools.docker prepare && exec $(VENV) -m lab run $(or $(NAMES),--all)

translations: .dev ## Bring the catalogues of the languages up to date with the texts
	@$(VENV) -m tools.translations

pictures: .dev ## Take the README's pictures of the sites that `make run` serves
	@$(VENV) -m tools.pictures

# Called with -j2, each of these is made beside .dev.
.PHONY: .dev .programs .checker .ministack .schemathesis .cfn-lint .awsebcli .pythons
.programs: .ministack .schemathesis .cfn-lint .awsebcli
	@python=$$(sh tools/python.sh) && "$$python" tools/programs.py

# Behind .programs, for both may ask apt.
.checker: .programs
	@python=$$(sh tools/python.sh) && "$$python" -m tools.checker

.ministack .schemathesis .cfn-lint .awsebcli:
	@$(PREPARE) --no-compile .venv-$(@:.%=%) tests/services/$(@:.%=%).txt

.pythons:
	@python=$$(sh tools/python.sh) && "$$python" tools/pythons.py prepare

.dev:
	@$(PREPARE) .venv requirements.txt requirements-test.txt requirements-dev.txt
