# Everything runs through npm, whose scripts find the project's own Node 24 before the machine's.

# Arguments of a command: make demo ARGS="--for 30s"
ARGS ?=

# npm writes this file last, so it tells when an installation was complete.
INSTALLED := node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help demo test lint format build cluster-test bench generate clean

help: ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

demo: $(INSTALLED) ## Watch a chaos monkey at work on a simulated cluster; ARGS="--for 30s" ends it
	@npm run -s chaos-monkey -- playground $(ARGS)

test: $(INSTALLED) ## Lint, check types, run unit and integration tests
	@npm run -s test

lint: $(INSTALLED) ## Check style and format
	@npm run -s lint

format: $(INSTALLED) ## Fix what can be fixed of them
	@npm run -s format

build: $(INSTALLED) ## Bundle the program into dist/chaos-monkey.js
	@npm run -s build

cluster-test: $(INSTALLED) ## Test on the cluster that KUBECONFIG names
	@npm run -s cluster-test

bench: $(INSTALLED) ## Measure speed and memory
	@npm run -s bench -- $(ARGS)

generate: $(INSTALLED) ## Write crds/ from the schema
	@npm run -s generate

clean: ## Remove what was built
	@rm -rf dist coverage .tmp

$(INSTALLED): package-lock.json
	@npm ci --no-audit --no-fund
	@touch $@
