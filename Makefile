# Thin aliases; every tool behind them is an npm script or a keelson command.
.PHONY: up test test-browser sim bench conformance build clean

ARGS ?=
BLUEPRINT ?= local-first
ENV ?= dev
KEELSON = node dist/cli/main.js
EXAMPLE = examples/storefront

up: dist/.built $(EXAMPLE)/node_modules/.package-lock.json
	@$(KEELSON) up --blueprint $(BLUEPRINT) --env $(ENV) $(ARGS)

test: node_modules/.package-lock.json $(EXAMPLE)/node_modules/.package-lock.json
	@npm run --silent gate

test-browser: dist/.built $(EXAMPLE)/node_modules/.package-lock.json
	@npm run --silent test-browser -- $(ARGS)

sim: node_modules/.package-lock.json
	@npm run --silent sim -- $(ARGS)

bench: dist/.built
	@npm run --silent bench -- $(ARGS)

conformance: dist/.built
	@npm run --silent conformance -- $(ARGS)

build: dist/.built

node_modules/.package-lock.json: package-lock.json
	@npm ci --no-audit --no-fund --loglevel=error >&2
	@touch $@

# The app of the blueprint, which really runs under `make up`.
$(EXAMPLE)/node_modules/.package-lock.json: $(EXAMPLE)/package-lock.json
	@npm ci --prefix $(EXAMPLE) --ignore-scripts --no-audit --no-fund --loglevel=error >&2
	@touch $@

dist/.built: node_modules/.package-lock.json package.json tsconfig.json tsconfig.build.json $(shell find src scripts -name '*.ts' -o -name '*.json' 2>/dev/null)
	@npm run --silent build

clean:
	@rm -rf dist
