# The commands a person types. Each installs what it needs, once, prints what it does, and skips what is done.
# Times are for 2 cores; "the first time" means on a bare machine.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
HOST := -p timestamp -p bigiq -p curfew-core -p curfew-client -p text -p bigiq-simulator -p curfew-container
PORT ?= 8080
export PORT
# When make began, for the row of `make bench` on the tests' time.
BEGUN := $(shell date +%s)

.PHONY: pictures help setup demo bench test lint test-host test-browser test-e2e test-proxy image test-image packages test-packages test-deploy test-clients test-full chaos fuzz test-webkit test-firefox release sign test-release dev

help: ## show this list
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /\1\t/' | expand -t 16

setup: ## install all tools (8 minutes the first time)
	@scripts/setup.sh build browser e2e proxy

demo: ## build the app and serve it with a simulated BIG-IQ on http://127.0.0.1:8080/ (6 minutes the first time)
	@scripts/demo.sh

test: lint test-host test-browser test-e2e test-proxy test-image ## run all tests that CI runs (35 minutes the first time, then 20)
	@mkdir -p target/bench; echo "$$(($$(date +%s) - $(BEGUN)))" >target/bench/test.seconds

lint: ## check format, clippy, rustdoc, and the rules of scripts/check.mjs
	@scripts/lint.sh

test-host: ## test the rules, BIG-IQ's contract and the simulator, without a browser
	@. scripts/lib.sh; scripts/setup.sh rust; use_toolchain; say "host tests (2 minutes the first time)"; \
	cargo test --locked --quiet $(HOST)

test-browser: ## test the app's components in headless Chromium, without a server
	@scripts/test-browser.sh

test-e2e: ## test the release bundle in Chromium against the simulator; GREP= filters by title
	@scripts/test-e2e.sh

test-proxy: ## test nginx, Caddy, HAProxy and httpd with the configs in proxy/, and the rule for a BIG-IP under tclsh; PROXY=nginx tests one
	@scripts/test-proxy.sh

image: ## make the container images curfew and curfew-demo in target/image, for docker load or podman load (4 minutes the first time)
	@scripts/setup.sh build image; scripts/build.sh; scripts/image.sh target/image

test-image: ## make both container images twice, compare the bytes, and test them with runc: a kill in Chromium, headers, refusals (1 minute)
	@scripts/test-image.sh

packages: ## make curfew_VERSION_all.deb and curfew-VERSION.noarch.rpm in target/packages
	@scripts/setup.sh build packages; scripts/build.sh; scripts/packages.sh target/packages

test-packages: ## install, upgrade and remove the .deb in a bare Debian, with a kill through its nginx; the .rpm in an empty root (4 minutes)
	@scripts/test-packages.sh

test-deploy: ## validate the compose file, the Helm chart and the Kubernetes manifests with validators from PyPI (1 minute)
	@scripts/test-deploy.sh

test-clients: ## test the simulator with BIGREST, f5-sdk and F5's Ansible modules, unmodified, from PyPI (3 minutes)
	@scripts/test-clients.sh

test-full: test ## also run the whole fault matrix, long chaos, the engine in a larger world, line coverage, broken safeguards, known vulnerabilities, current nginx and Caddy, other clients, all of the tests in WebKit and Firefox, and the release twice (3 hours)
	@scripts/test-full.sh

chaos: ## run 400 random operator actions while one call in five fails; CHAOS_ACTIONS= sets the number, CHAOS_SEED= replays a printed seed
	@CHAOS_ACTIONS=$${CHAOS_ACTIONS:-400} CHAOS_SEED=$${CHAOS_SEED:-$$RANDOM} scripts/test-e2e.sh chaos.spec.ts

fuzz: ## run each fuzz target for FUZZ_SECONDS (60); findings go to fuzz/seeds, and every test run repeats them
	@scripts/fuzz.sh

test-webkit: ## test the release bundle in WebKitGTK, which has Safari's engine: a selection, or with ENGINE=all all of tests/e2e/engines.ts; GREP= filters by title
	@scripts/test-webkit.sh

test-firefox: ## the same in Debian's Firefox ESR
	@scripts/test-firefox.sh

bench: ## measure speed and size against their goals; see docs/performance.md (15 minutes; GREP= filters)
	@scripts/bench.sh

release: ## make the release: bundle with proxy configs, demo, licences, bill of materials, provenance, checksums; the same bytes in any folder
	@scripts/release.sh

sign: ## sign the release with KEY=, an SSH key; see docs/releasing.md
	@scripts/sign.sh "$(KEY)"

test-release: ## make the release twice, in different folders, compare the bytes, and use the demo archive (10 minutes)
	@scripts/test-release.sh

pictures: ## draw every page and state into target/pictures, and update those in docs/pictures
	@PICTURES=1 scripts/test-e2e.sh pictures.spec.ts

dev: ## rebuild the app on each change, on http://127.0.0.1:8080/; BIGIQ=https://... uses a real BIG-IQ instead of the simulator
	@scripts/dev.sh
