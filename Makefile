# Two commands matter: `make run` starts the app, `make test` runs every check and test.
# Both set up what they need on a fresh machine; only Python 3.11 or newer must be there.

PYTHON ?= python3
PORT ?= 8501
ADDRESS ?= localhost
HOSTS ?= $(if $(filter localhost,$(ADDRESS)),localhost,*)
BIN := .venv/bin

.PHONY: run test check audit lint types format golden samples lock clean

run: .venv/run
	$(BIN)/streamlit run app.py --server.port $(PORT) --server.address $(ADDRESS) \
	  $(foreach host,$(HOSTS),--server.allowedHosts '$(host)')

test: .venv/dev .venv/chromium .venv/nginx lint types
	$(BIN)/python -m pytest

check: test audit

audit: .venv/dev  ## known vulnerabilities of the pinned packages, where the index tells them
	$(BIN)/python .ci/audit.py

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/dev
	$(BIN)/mypy

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

golden: .venv/dev  ## write the golden verdicts of sample_data/ again; review the difference
	$(BIN)/python -m tests.golden.regenerate

samples: .venv/dev  ## make sample_data/ again
	$(BIN)/python sample_data/make.py

lock: requirements.txt requirements-dev.txt  ## resolve everything anew into constraints.txt
	rm -rf .venv/lock
	$(PYTHON) -m venv .venv/lock
	.venv/lock/bin/python -m pip install --quiet -r requirements-dev.txt
	.venv/lock/bin/python -m pip freeze --exclude pip > constraints.txt
	rm -rf .venv/lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Goldilocks needs Python 3.11 or newer; name one: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/run: .venv/python requirements.txt constraints.txt
	$(BIN)/python -m pip install --quiet -r requirements.txt -c constraints.txt
	@touch $@

.venv/dev: .venv/run requirements-dev.txt
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt -c constraints.txt
	@touch $@

.venv/chromium: .venv/dev
	$(BIN)/python -m tests.journeys.chromium
	@touch $@

# Without nginx the journeys through deploy/nginx.conf are skipped, and say so.
.venv/nginx: .venv/dev
	$(BIN)/python -m tests.journeys.nginx
	@touch $@
