# The front door. `make help` lists what it opens.
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
NPM := renovate gitlab-ci-local
SCANNERS := safety wapiti
COVERED = COVERAGE_FILE=$(CURDIR)/.coverage-$@ $(BIN)/python -m pytest --cov --cov-report= --cov-fail-under=0
# Where Linux may, programs interrupt each other less often: a twentieth less to compute.
BATCH := $(shell chrt --batch 0 true 2> /dev/null && echo chrt --batch 0)
UV := $(BIN)/uv pip install --python $(BIN)/python
# A learner's process writes no bytecode, and would compile each tool anew at each of its runs.
# (What is no Python, in a package that has it for another purpose, is none here either.)
COMPILE := $(BIN)/python -m compileall -qq -j 0 .venv/lib || true
# Program:package, for those that some lessons and the browser tests need.
SYSTEM := git:git chromium:chromium chromium-headless-shell:chromium-headless-shell \
	chromedriver:chromium-driver bwrap:bubblewrap rsync:rsync

.PHONY: serve site tools lab lint graders lessons coverage proof notebooks browser page test bench lock
.PHONY: system help
.DELETE_ON_ERROR:

serve: site  ## Build the site and serve it on http://localhost:8000 (PORT=)
	@$(BIN)/python -m workbook.serve public --port $(PORT)

site: .venv/.site  ## Build the site into public/, warnings as errors
	@$(BIN)/python -m workbook.build

lab: .venv/.tools  ## Open JupyterLab on the notebooks
	@$(BIN)/jupyter lab notebooks

tools: .venv/.tools  ## Install every tool that the exercises and notebooks run

test:  ## Set up everything, run every check that CI runs
	@$(MAKE) --no-print-directory --jobs=4 site .venv/.test
	@echo "Now all checks, two at a time; what each said comes when it has ended (about 27 minutes on two cores)"
	@$(BATCH) $(MAKE) --no-print-directory --jobs=2 --output-sync=target TOGETHER=1 \
		proof notebooks browser lint lessons graders page coverage

# In an order that leaves no long one to the end, and has beside the proof what waits much. The page's
# verdicts are compared with those of the proof, and the ports of the notebooks' servers are free
# before other lessons take them.
ifdef TOGETHER
lessons: notebooks
page: proof
else
lessons browser page: site
endif

lint: .venv/.test  ## Check the style, the types and the pipeline's file
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy workbook
	# promises/ holds what the chapter on types finds fault with; Causeway has its own settings;
	# a reference that is a test imports what stands beside its start.
	$(BIN)/mypy --explicit-package-bases --exclude '/promises/|my-devops-project|/test_' solutions
	cd solutions/my-devops-project && ../../$(BIN)/mypy src
	# An environment's url may be a variable, which the schema's format does not know.
	$(BIN)/check-jsonschema --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci \
		--disable-formats uri .gitlab-ci.yml course/grading/.gitlab-ci.yml

lessons: .venv/.test  ## Test the rules that every module keeps, and what the lessons say of tools
	$(COVERED) tests/*.py tests/page tests/lessons
	cd solutions/my-devops-project && ../../$(BIN)/python -m pytest -q

graders: .venv/.test  ## Test the tool, attacks on the judge among it
	$(COVERED) tests/workbook

# The graders themselves are run by `proof`, behind walls.
coverage: lessons graders  ## Hold against what it has to be how much of the tool both have run
	$(BIN)/coverage combine --quiet --keep .coverage-lessons .coverage-graders
	$(BIN)/coverage report

proof: .venv/.test  ## Prove every exercise
	$(BIN)/workbook prove

notebooks: .venv/.test  ## Run every notebook afresh, compare strictly, write the manifest
	$(BIN)/python -m pytest --nbval notebooks

browser: .venv/.test  ## Test the built site in a real browser
	$(BIN)/node --test tests/page/*.test.mjs
	$(BIN)/python -m pytest tests/site

page: .venv/.test  ## Compare the page's verdicts with the proof's, in a real browser
	$(BIN)/workbook prove --browser

bench: .venv/.test site  ## Measure, and print the tables
	$(BIN)/python bench/course.py
	$(BIN)/python bench/page.py
	$(BIN)/python bench/grading/run.py
	$(BIN)/python bench/grading/whole_class.py

lock: .venv/.uv  ## Refresh requirements.txt within what pyproject.toml allows
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --group test \
		--generate-hashes --no-emit-index-url --no-header --output-file requirements.txt
	@for each in $(SCANNERS); do $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header --output-file tests/scanners/$$each.txt \
		tests/scanners/$$each.in; done

system:  ## Install the Debian packages that some lessons need, where they are missing
	@missing=; for pair in $(SYSTEM); do \
		command -v $${pair%:*} > /dev/null || missing="$$missing $${pair#*:}"; done; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	echo "Missing:$$missing"; \
	command -v apt-get > /dev/null || { echo "There is no apt-get here: install them your way."; exit 2; }; \
	root=; [ "$$(id -u)" = 0 ] || root=sudo; \
	$$root apt-get update -qq && $$root apt-get install -y -qq --no-install-recommends $$missing

help:  ## List these
	@sed -n 's/^\([a-z]*\):.*## */\1 /p' $(MAKEFILE_LIST) | while read -r name what; do \
		printf 'make %-10s %s\n' "$$name" "$$what"; done

# The environment, in steps: each is made once for a lock, and the site needs only the first two.

.venv/.uv: requirements.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; v >= (3, 11) or sys.exit( \
		"Found Python %d.%d, the course needs 3.11 or newer. Name one: make PYTHON=python3.12" % v)'
	@echo "Setting up .venv with $(PYTHON)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@awk '/^uv==/ {p = 1} p {print} p && !/\\$$/ {exit}' requirements.txt > .venv/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt
	@touch $@

.venv/.site: .venv/.uv pyproject.toml
	@echo "Installing what the site needs"
	@$(UV) --require-hashes --group site --constraint requirements.txt
	@$(UV) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.tools: .venv/.site $(NPM:%=.venv/.%) $(SCANNERS:%=.venv/.%)
	@echo "Installing the tools of the lessons (about a gigabyte)"
	@$(UV) --require-hashes --group tools --constraint requirements.txt
	@$(COMPILE)
	@touch $@

# These tools are npm's: whoever reads the site does without them. No script of a package is run, and
# what only those read who work on one goes: maps of sources, types, manuals.
$(NPM:%=.venv/.%): .venv/.%: .venv/.site tests/%/package-lock.json
	@echo "Installing $*"
	@mkdir -p .venv/$*
	@cp tests/$*/package.json tests/$*/package-lock.json .venv/$*
	@cd .venv/$* && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --loglevel error --omit=optional \
		--ignore-scripts --no-audit --no-fund
	@find .venv/$* -type f \( -name '*.map' -o -name '*.[mc]ts' -o -name '*.ts' -o -name '*.md' \) -delete
	@cd $(BIN) && ln -sf ../$*/node_modules/.bin/$** .
	@touch $@

# These want releases that the lock of the course cannot have: each has an environment of its own.
$(SCANNERS:%=.venv/.%): .venv/.%: .venv/.uv tests/scanners/%.txt
	@echo "Installing $*"
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv/$*
	@$(BIN)/uv pip install --quiet --python .venv/$*/bin/python --require-hashes \
		--requirement tests/scanners/$*.txt
	@cd $(BIN) && ln -sf ../$*/bin/$* .
	@touch $@

.venv/.test: .venv/.tools .venv/.system
	@echo "Installing what tests the course"
	@$(UV) --require-hashes --group test --constraint requirements.txt
	@$(COMPILE)
	@touch $@

.venv/.system: .venv/.uv
	@test -z "$$CI" || $(MAKE) --no-print-directory system
	@touch $@
