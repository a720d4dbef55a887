# The few commands a person types. Each installs what it needs and is missing, says what it does, and skips what is done.
# Times are for 2 cores; "first" is a bare machine.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
HOST := -p bigiq -p curfew-core -p bigiq-simulator
PORT ?= 8080
export PORT

.PHONY: pictures help setup demo bench test lint test-host test-browser test-e2e test-proxy test-full chaos fuzz test-firefox release test-release dev

help: ## shows this list
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /\1\t/' | expand -t 16

setup: ## installs all tools (10 minutes the first time)
	@scripts/setup.sh build browser e2e proxy

demo: ## builds the app and serves it with a simulated BIG-IQ on http://127.0.0.1:8080/ (10 minutes the first time)
	@scripts/demo.sh

test: lint test-host test-browser test-e2e test-proxy ## all tests that CI runs (30 minutes the first time, then 14)

lint: ## format, clippy, rustdoc, and the rules of scripts/check.mjs
	@scripts/lint.sh

test-host: ## the rules, BIG-IQ's contract and the simulator, without a browser
	@. scripts/lib.sh; scripts/setup.sh rust; use_toolchain; say "host tests (2 minutes the first time)"; \
	cargo test --locked --quiet $(HOST)

test-browser: ## the app's parts in headless Chromium, against no server
	@scripts/test-browser.sh

test-e2e: ## the release bundle in Chromium against the simulator; GREP= filters by title
	@scripts/test-e2e.sh

test-proxy: ## nginx, Caddy, HAProxy and httpd with the configs of proxy/; PROXY=nginx takes one
	@scripts/test-proxy.sh

test-full: test ## also all cells of the fault matrix, long chaos, the broken safeguards, Firefox, the release twice (2 hours)
	@scripts/test-full.sh

chaos: ## 400 random actions of an operator while one call in five fails; CHAOS_ACTIONS=, CHAOS_SEED= (printed, replays)
	@CHAOS_ACTIONS=$${CHAOS_ACTIONS:-400} CHAOS_SEED=$${CHAOS_SEED:-$$RANDOM} scripts/test-e2e.sh chaos.spec.ts

fuzz: ## gives each fuzz target FUZZ_SECONDS (60); findings are kept in fuzz/seeds and repeated by every test run
	@scripts/fuzz.sh

test-firefox: ## the main flow and its faults in Debian's Firefox ESR
	@scripts/test-firefox.sh

bench: ## measures speed and size against their goals; see docs/performance.md (15 minutes; GREP= filters)
	@scripts/bench.sh

release: ## the tarball: bundle, proxy configs, licences, bill of materials, sums; the same bytes in any folder
	@scripts/setup.sh build; scripts/release.sh

test-release: ## makes the release twice, in different folders, and compares the bytes (10 minutes)
	@scripts/setup.sh build; scripts/test-release.sh

pictures: ## draws docs/pictures anew from the release bundle and the simulator
	@PICTURES=1 scripts/test-e2e.sh pictures.spec.ts

dev: ## the app rebuilt on each change, on http://127.0.0.1:8080/; BIGIQ=https://... takes a real BIG-IQ in place of the simulator
	@scripts/dev.sh
