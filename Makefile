# Everything runs through npm, whose scripts find the project's own Node 24 before the machine's.

# Arguments of a command: make demo ARGS="--for 30s"
ARGS ?=

# npm writes this file last, so it tells when an installation was complete.
INSTALLED := node_modules/.package-lock.json

VERSION = $(shell sed -n 's/^  "version": "\(.*\)",$$/\1/p' package.json)
REVISION = $(shell git rev-parse HEAD 2>/dev/null || echo unknown)

# The image that `make image` builds, and with what: the first of them that works here. localhost/ is what
# podman and buildah put before a name without a registry, so that the name is the same with each.
IMAGE ?= localhost/chaos-monkey:$(VERSION)
BASE ?= node:24-bookworm-slim
IMAGE_TOOL ?= $(firstword $(foreach tool,docker podman buildah,$(shell $(tool) info >/dev/null 2>&1 && echo $(tool))))

KIND_CLUSTER ?= chaos-monkey
KUBE_CONTEXT = --context kind-$(KIND_CLUSTER)

.DEFAULT_GOAL := help
.PHONY: help demo test lint format build image kind-up kind-install kind-down cluster-test soak bench generate clean

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

image: ## Build the image IMAGE=name:tag with docker, podman or buildah
	@test -n "$(IMAGE_TOOL)" || { echo "make image: expected docker, podman or buildah to work, found none that does" >&2; exit 1; }
	$(IMAGE_TOOL) build -t $(IMAGE) --build-arg BASE=$(BASE) --build-arg VERSION=$(VERSION) --build-arg REVISION=$(REVISION) .

kind-up: ## Start a cluster of three nodes with metrics-server in kind
	kind create cluster --name $(KIND_CLUSTER) --config kind-config.yaml --wait 3m
	kubectl $(KUBE_CONTEXT) apply -f kind/metrics-server.yaml
	kubectl $(KUBE_CONTEXT) -n kube-system rollout status deployment/metrics-server --timeout 3m

# The image's identity among the annotations of its pods: a new image under an old name is rolled out too.
kind-install: image ## Build the image and install the chart on that cluster, or upgrade it; ARGS="--set …"
	@mkdir -p .tmp
	$(IMAGE_TOOL) save -o .tmp/image.tar $(IMAGE)
	kind load image-archive --name $(KIND_CLUSTER) .tmp/image.tar
	@rm .tmp/image.tar
	helm upgrade --install chaos-monkey charts/chaos-monkey --take-ownership --wait --timeout 3m \
	  --kube-context kind-$(KIND_CLUSTER) --namespace chaosmonkey --create-namespace \
	  --set image.repository=$(shell echo '$(IMAGE)' | sed 's/:[^:]*$$//') --set-string image.tag=$(lastword $(subst :, ,$(IMAGE))) \
	  --set-string podAnnotations.image="$$($(IMAGE_TOOL) image inspect -f '{{.Id}}' $(IMAGE))" $(ARGS)

kind-down: ## Remove that cluster
	kind delete cluster --name $(KIND_CLUSTER)

cluster-test: $(INSTALLED) ## Test on the cluster that KUBECONFIG names
	@npm run -s cluster-test

soak: $(INSTALLED) ## Pause the leader 200 times and see that it does not act when it is woken
	@npm run -s soak

bench: $(INSTALLED) ## Measure speed and memory
	@npm run -s bench -- $(ARGS)

generate: $(INSTALLED) ## Write crds/ and the generated files of the chart
	@npm run -s generate

clean: ## Remove what was built
	@rm -rf dist coverage .tmp

$(INSTALLED): package-lock.json
	@npm ci --no-audit --no-fund
	@touch $@
