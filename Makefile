# The documented commands. Each makes what it needs first.
PYTHON ?= python3
PORT ?= 8000
WORKERS ?= auto
MAILBOX_PORT ?= 8025
LETTERS ?= 10000
SEED ?= 1
DATABASE ?= sqlite
SECONDS_EACH ?= 10
CENTRES ?= 10 100 1000
PIP = .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes
RUN_NEEDS = .venv/run-installed
DEV_NEEDS = .venv/dev-installed
IN_PROJECT = $(if $(PROJECT),--project "$(PROJECT)")
CODE = site_model site_build contact_service demo release tests

.PHONY: help run build serve new-centre spreadsheet schema check format test a11y-report accept-forms words torture bench bench-build install-check fuzz lock licences sbom audit release publish clean

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(RUN_NEEDS) ## the whole demo: site, service, delivery, mailbox (PORT, MAILBOX_PORT, PROJECT)
	@PROJECT="$(PROJECT)" PORT=$(PORT) MAILBOX_PORT=$(MAILBOX_PORT) .venv/bin/python -m demo

build: $(RUN_NEEDS) ## the finished site in site/ (PROJECT)
	@.venv/bin/python -m site_build $(IN_PROJECT)

serve: $(RUN_NEEDS) ## live preview of the pages (PORT)
	@NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs serve --dev-addr 127.0.0.1:$(PORT)

new-centre: $(RUN_NEEDS) ## begin a centre: asks, or takes a spreadsheet (FROM, REPLACE, PROJECT)
	@.venv/bin/python -m site_build new-centre $(if $(FROM),--from "$(FROM)") $(if $(REPLACE),--replace) $(IN_PROJECT)

spreadsheet: $(RUN_NEEDS) ## a spreadsheet for a centre's facts, or with them (FILE, CENTRE, PROJECT)
	@.venv/bin/python -m site_build spreadsheet "$(or $(FILE),tsentar.xlsx)" $(if $(CENTRE),--centre "$(CENTRE)") $(IN_PROJECT)

schema: $(RUN_NEEDS) ## what editors complete and check YAML from, in schema/ (PROJECT)
	@.venv/bin/python -m site_build schema $(IN_PROJECT)

check: $(DEV_NEEDS) ## format, lint, types, import contracts, facts, catalogues
	.venv/bin/ruff format --check $(CODE)
	.venv/bin/ruff check $(CODE)
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo
	.venv/bin/python -m site_build check
	.venv/bin/python -m site_build check-words

format: $(DEV_NEEDS) ## mend what can be mended by itself
	.venv/bin/ruff format $(CODE)
	.venv/bin/ruff check --fix $(CODE)

test: $(DEV_NEEDS) ## every test; installs what they need with apt and npm where it may (WORKERS)
	@tests/install-tools
	.venv/bin/python -m pytest --numprocesses $(WORKERS) --dist loadfile -m "not alone"
	.venv/bin/python -m pytest -m alone

a11y-report: $(DEV_NEEDS) ## run the accessibility checks; their results for the declaration
	@tests/install-tools
	PYTHONPATH=tests .venv/bin/python -m pytest --numprocesses $(WORKERS) --dist loadfile \
	  -m accessibility -p accessibility_report \
	  --accessibility-report content/accessibility_results.yml

accept-forms: $(RUN_NEEDS) ## accept the questions of forms under their versions (FORM)
	.venv/bin/python -m site_build accept-forms $(FORM)

words: $(RUN_NEEDS) ## bring the translators' files in locale/ up to code and templates
	.venv/bin/python -m site_build words

torture: $(DEV_NEEDS) ## letters while everything breaks: none may be lost (LETTERS, SEED, DATABASE)
	.venv/bin/python tests/torture/run.py --letters $(LETTERS) --seed $(SEED) --database $(DATABASE)

bench: $(DEV_NEEDS) ## what one letter costs, beside an empty handler (SECONDS_EACH)
	.venv/bin/python tests/bench/bench.py --seconds $(SECONDS_EACH)

bench-build: $(DEV_NEEDS) ## how long sites of many centres take, beside other engines (CENTRES)
	@tests/install-tools
	.venv/bin/python tests/bench/build.py --centres $(CENTRES)

install-check: $(DEV_NEEDS) ## follow the guide for servers on an empty Debian machine
	@tests/install-tools
	.venv/bin/python -m pytest tests/deploy/test_install.py

fuzz: $(DEV_NEEDS) ## 50,000 generated inputs and requests
	OPORA_FUZZ_EXAMPLES=50000 .venv/bin/python -m pytest tests/fuzz

lock: $(DEV_NEEDS) ## pin the newest versions that pyproject.toml allows, with hashes
	tests/lock-requirements

licences: $(DEV_NEEDS) ## licences of what a server runs; fails if Opora may not go out with one
	@.venv/bin/python -m release licences

sbom: $(DEV_NEEDS) ## the list of parts, CycloneDX, in dist/
	@.venv/bin/python -m release sbom dist/sbom.cdx.json

audit: $(DEV_NEEDS) ## known vulnerabilities: found, nothing found, or could not ask (UNASKED=ok)
	@.venv/bin/python -m release audit $(if $(filter ok,$(UNASKED)),--unasked-is-ok)

release: $(DEV_NEEDS) ## archive, licences, list of parts, check sums in dist/, from a clean tree
	@.venv/bin/python -m release archive

publish: ## push site/ as it is to a branch of origin that a Git host shows (BRANCH)
	@.ci/publish "$(BRANCH)"

clean: ## remove what the other commands made
	rm -rf .venv dist dist.new tests/engines/.venv build/site build/made build/kept build/headers build/paper build/*.yml .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find build/pages site instance -mindepth 1 ! -name .gitkeep -delete 2>/dev/null || true

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Opora needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv

$(RUN_NEEDS): requirements.txt demo/requirements.txt | .venv/bin/python
	$(PIP) -r requirements.txt -r demo/requirements.txt
	@touch $@

$(DEV_NEEDS): $(RUN_NEEDS) tests/requirements.txt
	$(PIP) -r tests/requirements.txt
	@touch $@
