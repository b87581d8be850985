# Everything a person types on the way from a fresh clone. `make` alone explains itself.
#
# The set-up lives in .venv, with exactly the packages whose hashes stand in requirements/. Stamp
# files in it say what is installed, so that a second run starts at once; whatever was interrupted
# is done again.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.SUFFIXES:
.PHONY: help demo test check bench faults simulate mutants nightly pictures lock clean browser force

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input
WORKERS ?= 4
PYTEST := $(PY) -m pytest -n $(WORKERS) --dist worksteal
# What decides about credits and about every change of state: no branch of it goes untested.
PROVEN := bot/domain/**,bot/service/**,bot/storage/**
LOCK_OPTIONS := --quiet --universal --upgrade --no-strip-extras --generate-hashes --no-header --python-version 3.11
CLEANED := .venv build dist .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache \
	.ruff_cache

# Taken as they were typed: a prompt may hold quotes, dollars and number signs.
export DEMO_ONCE := $(value ONCE)
export DEMO_IMAGES := $(value IMAGES)

help: ## show this
	@echo "Ketchup Bot. Needs Python 3.11 or newer and make; everything else is set up in $(VENV)."
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo
	@echo "  make demo ONCE=\"a lighthouse at dawn\"  one picture without a browser, saved in demo-output/"
	@echo "  … IMAGES=\"a.png b.png\"                 with reference pictures"
	@echo "  … CALLBACKS=0                          polling instead of callbacks"
	@echo "  make demo OPEN=0                       does not open a browser"
	@echo "  make demo RESET=1                      forgets what the last demo left in demo-data/"
	@echo "  make test WORKERS=8                    tests in so many processes (4)"
	@echo "  make bench ONLY=throughput             one of the benches alone"
	@echo "  PYTHON=/path/to/python3                the Python to set up with (the newest that is found)"

demo: $(VENV)/.run ## try the whole bot on this machine: no token, no key, no account
	@exec $(PY) -m sandbox \
		$(if $(value ONCE),--once="$$DEMO_ONCE") $(if $(value IMAGES),--images="$$DEMO_IMAGES") \
		$(if $(CALLBACKS),--callbacks=$(CALLBACKS)) $(if $(OPEN),--open=$(OPEN)) \
		$(if $(filter-out 0,$(RESET)),--reset)

test: $(VENV)/.dev browser ## run every test
	$(PYTEST) --cov --cov-report=term --cov-fail-under=90
	@untested=$$($(PY) -m coverage report --include='$(PROVEN)' --fail-under=100 2>&1) || { \
		echo "$$untested"; \
		echo "Every branch of bot/domain, bot/service and bot/storage has a test, but for those above."; \
		exit 1; } >&2

check: $(VENV)/.dev ## formatting, lint, types, import contracts, and the fast part of the tests
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(PYTEST) -m "not slow and not browser"

bench: $(VENV)/.dev ## measure speed and memory against a bare bot: a table of ratios
	$(PY) -m bench $(if $(ONLY),--only "$(ONLY)")

faults: $(VENV)/.dev ## kill -9 at every failpoint, and everything else that can go wrong (SEED, KILLS)
	$(PY) -m tests.faults $(if $(SEED),--seed $(SEED)) $(if $(KILLS),--kills $(KILLS)) \
		$(if $(ONLY),--only "$(ONLY)") $(if $(filter-out 0,$(WRITE)),--write)

simulate: $(VENV)/.dev ## random schedules on virtual time, in which everything goes wrong (SEED, SCHEDULES)
	$(PY) -m tests.simulation $(if $(SEED),--seed $(SEED)) $(if $(SCHEDULES),--schedules $(SCHEDULES)) \
		$(if $(filter-out 0,$(TRACE)),--trace)

mutants: $(VENV)/.dev ## seed mistakes in the ledger and the stages; a test must catch each
	$(PY) -m tests.mutants $(if $(ONLY),"$(ONLY)")

nightly: $(VENV)/.dev ## random histories of the ledger, over 10,000 steps
	HYPOTHESIS_PROFILE=nightly $(PY) -m pytest tests/service/test_ledger_machine.py

pictures: $(VENV)/.dev browser ## take the pictures in docs/pictures/ anew, with the bot as it is
	$(PY) -m tests.browser.pictures

lock: $(VENV)/.made ## pin the newest packages that pyproject.toml allows, with their hashes
	$(PIP) install --quiet --target build/lock uv
	PYTHONPATH=build/lock $(PY) -m uv pip compile $(LOCK_OPTIONS) --output-file requirements/run.txt \
		pyproject.toml
	PYTHONPATH=build/lock $(PY) -m uv pip compile $(LOCK_OPTIONS) --output-file requirements/dev.txt \
		--extra dev --constraint requirements/run.txt pyproject.toml

clean: ## remove the set-up and everything else that is made again; demo-data/ and data/ stay
	rm -rf $(CLEANED)
	find bot cogs sandbox tests bench -type d -name __pycache__ -prune -exec rm -rf {} +

# ---- The set-up --------------------------------------------------------------------------------

# The newest Python that runs, is new enough and can make virtual environments; failing that, one
# that lacks only the last, so that the remedy can name it.
FIND_PYTHON = for p in $${PYTHON:-python3.14 python3.13 python3.12 python3.11 python3 python}; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	found="$${found:-$$p}"; \
	"$$p" -c 'import venv, ensurepip' 2>/dev/null || continue; \
	found="$$p"; able=1; break; done

# A Python that has gone, or an environment whose making was interrupted, is made anew.
USABLE := import sys, pip; print(sys.version_info >= (3, 11))

$(VENV)/.made: $(if $(filter True,$(shell $(PY) -c '$(USABLE)' 2>/dev/null)),,force)
	@if [ "$$($(PY) -c '$(USABLE)' 2>/dev/null)" = True ]; then touch $@; exit 0; fi; \
	$(FIND_PYTHON); \
	if [ -z "$$found" ]; then \
		echo "Python 3.11 or newer is needed, and none was found." >&2; \
		echo "Install it (Debian, Ubuntu: sudo apt install python3 python3-venv), or name one:" >&2; \
		echo "    make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; exit 1; fi; \
	if [ -z "$$able" ]; then \
		version=$$("$$found" -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
		echo "Python $$version is here, but without its venv module." >&2; \
		echo "Debian, Ubuntu: sudo apt install python$$version-venv" >&2; \
		echo "Then again: make $(MAKECMDGOALS)" >&2; exit 1; fi; \
	echo "[1/2] a virtual environment of $$("$$found" --version) in $(VENV)"; \
	trap 'rm -rf $(VENV); exit 130' INT TERM HUP; \
	"$$found" -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }; \
	touch $@

# Installs a lock file, which is complete: a hash is required for every package, and nothing is
# looked for beyond it, so that no later release can get in the way. Says what comes as it comes, and all
# that pip said if it fails. The bot itself runs from this folder.
define INSTALL
@{ $(PIP) install --no-deps --require-hashes --requirement $(1) 2>&1; echo $$? >$(VENV)/.status; } \
	| tee $(VENV)/install.log \
	| { count=0; while read -r word name _; do case "$$word" in \
		Collecting) count=$$((count + 1)); [ $$((count % 6)) = 1 ] && printf '\n     '; \
			printf ' %s' "$${name%%[=;]*}";; \
		Installing) printf '\n      unpacking …\n';; \
	esac; done; }
@[ "$$(cat $(VENV)/.status)" = 0 ] || { cat $(VENV)/install.log >&2; exit 1; }
endef

$(VENV)/.run: $(VENV)/.made requirements/run.txt
	@printf '[2/2] the packages of requirements/run.txt (once; about a minute)'
	$(call INSTALL,requirements/run.txt)
	@touch $@

$(VENV)/.dev: $(VENV)/.made requirements/dev.txt
	@printf '[2/2] the packages of requirements/dev.txt (once; a minute or two)'
	$(call INSTALL,requirements/dev.txt)
	@touch $@ $(VENV)/.run

# Chromium and Japanese letters for the browser tests, where Debian's package manager can be used.
# Elsewhere those tests say what they lack.
browser:
	@if command -v chromium >/dev/null && [ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && command -v timeout >/dev/null; then \
		echo "Installing Chromium and Japanese fonts for the browser tests (once)"; \
		DEBIAN_FRONTEND=noninteractive timeout 300 sh -c 'apt-get -qq update && \
			apt-get -qq install --yes --no-install-recommends chromium fonts-noto-cjk \
			fonts-noto-color-emoji' \
			>/dev/null 2>&1 || echo "That did not work; the browser tests say what they lack."; \
	fi

force:
