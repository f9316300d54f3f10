# Every target installs what it needs (Debian packages, a Docker engine, base images), says so,
# and does nothing twice. All that must be there is make and the Swift toolchain.

PREFIX ?= /usr/local
# Measured on 2 cores, every dependency included; told before the first build.
FIRST_BUILD_MINUTES := 5

export PATH := $(PATH):/opt/swift/usr/bin
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test lint looks build install bench engine

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

demo: ## from nothing to a running deployment, in this terminal (CHECK=1: ends by itself)
	@scripts/install-packages.sh build engine images python
	@scripts/engine.sh
	@scripts/base-images.sh python:3.11-slim-bookworm & image=$$!; \
		scripts/build.sh $(FIRST_BUILD_MINUTES) --product slipway; wait $$image
	@python3 scripts/demo.py $(if $(CHECK),--check)

test: looks ## everything that is checked: style, all tests, on a real engine, in a real browser
	@scripts/install-packages.sh build engine images python browser remotes
	@scripts/engine.sh
	@scripts/browser.sh
	@scripts/remotes.sh
	@scripts/base-images.sh & images=$$!; \
		scripts/build.sh $(FIRST_BUILD_MINUTES) --build-tests; wait $$images
	@.build/debug/slipway lint
	@scripts/python-tests.sh
	@scripts/swift-tests.sh

lint: looks build ## the formatter's word on looks, and our own linter's on our own pipelines
	@.build/debug/slipway lint

looks: ## only the formatter's word on looks
	swift format lint --strict --recursive --parallel Package.swift Sources Tests

build: ## .build/debug/slipway
	@scripts/install-packages.sh build
	@scripts/build.sh $(FIRST_BUILD_MINUTES) --product slipway

install: ## an optimized slipway in PREFIX/bin (default /usr/local)
	@scripts/install-packages.sh build
	@scripts/build.sh 13 --configuration release --product slipway
	install -D -m 0755 "$$(swift build -c release --show-bin-path)/slipway" \
		"$(DESTDIR)$(PREFIX)/bin/slipway"

bench: ## the figures, as a table (BUILDBOT=1 PEERS=DIR: Buildbot's beside them)
	@scripts/install-packages.sh build engine images bench
	@scripts/engine.sh
	@scripts/base-images.sh busybox:1
	@scripts/build.sh 13 --configuration release --product slipway
	@python3 bench/bench.py $(if $(BUILDBOT),--buildbot "$(PEERS)/buildbot")

engine: ## only a Docker engine and the base images
	@scripts/engine.sh
	@scripts/base-images.sh
