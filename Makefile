# The documented commands. Each makes what it needs first. Those of a site take PROJECT=, the folder
# of a site begun elsewhere, whose own Makefile leads here (site_build/authoring/new_project.py).
PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
# Two more than there are processors: tests wait for a third of their time, for browsers, mail and
# machines.
WORKERS ?= $(shell expr $$(nproc 2>/dev/null || echo 1) + 2)
MAILBOX_PORT ?= 8025
EDITOR_PORT ?= 8010
LETTERS ?= 10000
SEED ?= 1
SAMPLE ?= 40
MINUTES ?= 60
DATABASE ?= sqlite
SECONDS_EACH ?= 10
CENTRES ?= 10 100 1000
INSTALL = $(VENV)/bin/python .ci/install
RUN_NEEDS = $(VENV)/run-installed
DEV_NEEDS = $(VENV)/dev-installed
IN_PROJECT = $(if $(PROJECT),--project "$(PROJECT)")
# Tests start Python thousands of times: its byte code must be kept, wherever that is forbidden.
PYTEST = env -u PYTHONDONTWRITEBYTECODE $(VENV)/bin/python -m pytest
ON_EVERY_CORE = --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder
CODE = site_model site_build contact_service service_admin site_editor tools tests
SITE = $(VENV)/bin/python -m site_build
GOALS := $(or $(MAKECMDGOALS),help)
OF_A_SITE = $(shell sed -nE 's/^([a-z0-9-]+):.*\#\#! .*/\1/p' $(firstword $(MAKEFILE_LIST)))

ifneq ($(PROJECT),)
ifneq ($(filter-out $(OF_A_SITE),$(GOALS)),)
$(error „$(firstword $(filter-out $(OF_A_SITE),$(GOALS)))“ не е команда за сайт в друга папка (PROJECT). Има: $(OF_A_SITE))
endif
endif

.PHONY: help run edit build serve new-centre photograph spreadsheet schema check report format test test-quick a11y-report accept-forms remember review words mutants torture bench flood bench-build install-check fuzz generated lock licences sbom audit release publish clean

help: ##! този списък
	@$(if $(PROJECT),,echo "За сайта (PROJECT=папка: за сайт в друга папка):")
	@sed -nE 's/^([a-z0-9-]+):.*##! /  \1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16
	@$(if $(PROJECT),,echo "For developers:")
	@$(if $(PROJECT),,sed -nE 's/^([a-z0-9-]+):.*## /  \1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16)

run: $(RUN_NEEDS) ##! сайтът на този компютър, с формулярите и пощенска кутия за проба (PORT, MAILBOX_PORT)
	@PROJECT="$(PROJECT)" PORT=$(PORT) MAILBOX_PORT=$(MAILBOX_PORT) $(VENV)/bin/python -m tools.demo

edit: $(RUN_NEEDS) ##! фактите в браузър: сменяне, преглед, публикуване (EDITOR_PORT)
	@$(VENV)/bin/python -m site_editor --port $(EDITOR_PORT) $(IN_PROJECT)

build: $(RUN_NEEDS) ##! прави готовия сайт в site/
	@$(if $(PUBLIC),$(SITE) check --to-publish $(IN_PROJECT))
	@$(SITE) $(IN_PROJECT)

ifneq ($(PROJECT),)
check: $(RUN_NEEDS)
	@$(SITE) check $(IN_PROJECT)
else
check: $(DEV_NEEDS) ##! преглежда фактите и казва какво не е наред
	$(VENV)/bin/ruff format --check $(CODE)
	$(VENV)/bin/ruff check $(CODE)
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo
	$(VENV)/bin/python -m site_build check
	$(VENV)/bin/python -m site_build check-words
endif

report: $(RUN_NEEDS) ##! какво да се попита центърът, какво е за нова проверка
	@$(SITE) report $(IN_PROJECT)

new-centre: $(RUN_NEEDS) ##! нов център: с въпроси или от таблица (FROM, URL, YES)
	@$(SITE) new-centre $(if $(FROM),--from "$(FROM)") $(if $(YES),--yes) $(if $(URL),--url "$(URL)") $(IN_PROJECT)

photograph: $(RUN_NEEDS) ##! снимка за сайта: намалена и без скрити данни (FILE)
	@$(if $(FILE),$(SITE) photograph "$(FILE)" $(IN_PROJECT),echo "Кажете коя снимка: make photograph FILE=снимка.jpg" >&2; exit 1)

spreadsheet: $(RUN_NEEDS) ##! таблица за фактите на център, празна или с тях (FILE, CENTRE)
	@$(SITE) spreadsheet "$(or $(FILE),tsentar.xlsx)" $(if $(CENTRE),--centre "$(CENTRE)") $(IN_PROJECT)

accept-forms: $(RUN_NEEDS) ##! приема въпросите на формулярите под техния номер (FORM)
	@$(SITE) accept-forms $(FORM) $(IN_PROJECT)

remember: $(RUN_NEEDS) ##! запомня новите преводи и факти, и верните във FILE
	@$(SITE) remember $(FILE) $(IN_PROJECT)

review: $(RUN_NEEDS) ##! преводите на един език за прочит, и отговорите обратно (LANGUAGE, FILE, APPLY, READ)
	@$(SITE) review "$(LANGUAGE)" $(if $(FILE),"$(FILE)") $(if $(APPLY),--apply="$(APPLY)") $(if $(READ),--read-by-native="$(READ)") $(IN_PROJECT)

schema: $(RUN_NEEDS) ##! файловете, по които редакторите подсказват, в schema/
	@$(SITE) schema $(IN_PROJECT)

publish: $(RUN_NEEDS) ##! праща готовия сайт в клон на Git хостинга, който го показва (BRANCH)
	@$(SITE) check --to-publish $(IN_PROJECT)
	@.ci/publish "$(BRANCH)" "$(PROJECT)"

serve: $(RUN_NEEDS) ## live preview of the pages (PORT)
	@NO_MKDOCS_2_WARNING=1 $(VENV)/bin/mkdocs serve --dev-addr 127.0.0.1:$(PORT)

format: $(DEV_NEEDS) ## fix what can be fixed by itself
	$(VENV)/bin/ruff format $(CODE)
	$(VENV)/bin/ruff check --fix $(CODE)

test: $(DEV_NEEDS) ## every test; installs what they need with apt and npm where it may (WORKERS)
	@tests/install-tools
	$(PYTEST) $(ON_EVERY_CORE)

test-quick: $(DEV_NEEDS) ## tests that need no browser, no server and no second build (WORKERS, TESTS)
	$(PYTEST) $(ON_EVERY_CORE) -m "not browser and not system and not slow" $(TESTS)

a11y-report: $(DEV_NEEDS) ## run the accessibility checks; their results for the declaration
	@tests/install-tools
	$(PYTEST) $(ON_EVERY_CORE) \
	  -m accessibility -p tests.support.accessibility_report \
	  --accessibility-report content/accessibility_results.yml

words: $(RUN_NEEDS) ## bring locale/, and the table of safety sentences in docs/, up to their sources
	$(VENV)/bin/python -m site_build words

mutants: $(DEV_NEEDS) ## faults put into a copy of the tree: would the tests notice? (ONLY, SEED, SAMPLE, MINUTES)
	@tests/install-tools
	@$(VENV)/bin/python -m tools.mutants.run --only "$(ONLY)" --seed $(SEED) --sample $(SAMPLE) --minutes $(MINUTES)

torture: $(DEV_NEEDS) ## letters while everything breaks: none may be lost (LETTERS, SEED, DATABASE)
	$(VENV)/bin/python -m tools.torture.run --letters $(LETTERS) --seed $(SEED) --database $(DATABASE)

bench: $(DEV_NEEDS) ## what one letter costs, beside an empty handler (SECONDS_EACH)
	$(VENV)/bin/python -m tools.bench.bench --seconds $(SECONDS_EACH)

flood: $(DEV_NEEDS) ## how long letters take while somebody sends what is nasty (SECONDS_EACH)
	@tests/install-tools
	$(VENV)/bin/python -m tools.bench.flood --seconds $(SECONDS_EACH)

bench-build: $(DEV_NEEDS) ## how long sites of many centres take, beside other engines (CENTRES)
	@tests/install-tools
	$(VENV)/bin/python -m tools.bench.build --centres $(CENTRES)

install-check: $(DEV_NEEDS) ## follow the guide for servers on an empty Debian machine (OPORA_DEBIAN=trixie: Debian 13)
	@tests/install-tools
	$(VENV)/bin/python -m pytest tests/system/test_install.py

fuzz: $(DEV_NEEDS) ## 50,000 generated inputs and requests
	OPORA_FUZZ_EXAMPLES=50000 $(VENV)/bin/python -m pytest tests/fuzz

lock: $(DEV_NEEDS) ## pin the newest versions that pyproject.toml allows, with hashes
	tests/lock-requirements

generated: $(DEV_NEEDS) ## 200 projects with every optional field empty or full: each builds, or is refused
	OPORA_GENERATED=200 $(VENV)/bin/python -m pytest tests/site_build/pipeline/test_generated.py

licences: $(DEV_NEEDS) ## licences of what a server runs; fails if Opora may not go out with one
	@$(VENV)/bin/python -m tools.release licences

sbom: $(DEV_NEEDS) ## the list of parts, CycloneDX, in dist/
	@$(VENV)/bin/python -m tools.release sbom dist/sbom.cdx.json

audit: $(DEV_NEEDS) ## known vulnerabilities: found, nothing found, or could not ask (UNASKED=ok)
	@$(VENV)/bin/python -m tools.release audit $(if $(filter ok,$(UNASKED)),--unasked-is-ok)

release: $(DEV_NEEDS) ## archive, licences, list of parts, check sums in dist/, from a clean tree
	@$(VENV)/bin/python -m tools.release archive

clean: ## remove what the other commands made
	rm -rf .venv .venv-3.13 dist dist.new tests/engines/.venv build/site build/made build/kept build/headers build/paper build/pages build/*.yml .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	rm -rf instance/demo # and nothing else there: settings, keys and letters are an operator's
	find site -mindepth 1 ! -name .gitkeep -delete 2>/dev/null || true

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Трябва Python 3.11 или по-нов. С друг: make … PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
	  { echo "Липсва частта venv на Python. На Debian и Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(RUN_NEEDS): requirements.txt tools/demo/requirements.txt | $(VENV)/bin/python
	@$(INSTALL) requirements.txt tools/demo/requirements.txt
	@touch $@

$(DEV_NEEDS): $(RUN_NEEDS) tests/requirements.txt
	@$(INSTALL) tests/requirements.txt
	@touch $@
