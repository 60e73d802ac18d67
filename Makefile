# SPDX-License-Identifier: Apache-2.0
# The entry point: each target is one step of scripts/ or CMake, and works on a fresh machine.
# It assumes make and bash; scripts/setup.sh installs the rest.
SHELL := bash
.DEFAULT_GOAL := help
BUILD := build/release
JOBS ?= $(shell nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2)
PREFIX ?= /usr/local
DESTDIR ?=
# Whether warnings in our own code are errors: always in `make check`, on request elsewhere (`make test WERROR=ON`).
WERROR ?= OFF

# Prefix for recipes that need what scripts/setup.sh has put into .deps.
ENV := source scripts/env.sh
CONFIGURE := cmake --preset release \
  -DCHATVIM_NVIM="$$CHATVIM_NVIM" -DCHATVIM_NVIM_OLD="$$CHATVIM_NVIM_OLD" \
  -DCHATVIM_MINI_TEST="$$CHATVIM_MINI_TEST"

.PHONY: help try build standin test clients sanitize fuzz soak check bench doc package install clean

help: ## this list
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

try: ## install what is missing, build, and open Neovim on a chat with the plugin loaded
	@scripts/try.sh

build: ## the program, build/release/chatvim
	@scripts/setup.sh
	@$(ENV) && $(CONFIGURE) && cmake --build $(BUILD) -j $(JOBS) --target chatvim

# The program and the stand-in server, which scripts use when no other server is available.
standin:
	@scripts/setup.sh --with-standin
	@$(ENV) && $(CONFIGURE) -DCHATVIM_STANDIN=ON && cmake --build $(BUILD) -j $(JOBS) --target chatvim chatvim-standin

test: ## every test, in the newest Neovim available and in 0.10
	@scripts/setup.sh --with-tests
	@$(ENV) && $(CONFIGURE) -DCHATVIM_TESTS=ON -DCHATVIM_WERROR=$(WERROR) \
	  && cmake --build $(BUILD) -j $(JOBS) \
	  && ctest --test-dir $(BUILD) --output-on-failure -j $(JOBS) --no-tests=error

clients: ## the language server driven by Neovim, VS Code's libraries, Helix and Emacs; skips what cannot be had
	@scripts/setup.sh --with-tests
	@$(ENV) && $(CONFIGURE) -DCHATVIM_STANDIN=ON && cmake --build $(BUILD) -j $(JOBS) --target chatvim chatvim-standin \
	  && scripts/clients.sh $(BUILD)

sanitize: ## every test with clang's address, leak and undefined behaviour sanitizers, in the program under Neovim too
	@scripts/setup.sh --with-sanitizers
	@$(ENV) && $(subst --preset release,--preset sanitize,$(CONFIGURE)) \
	  && cmake --build build/sanitize -j $(JOBS) \
	  && JOBS=$(JOBS) scripts/sanitize.sh build/sanitize

fuzz: ## fuzz every parser of untrusted bytes, FUZZ_MINUTES (10) in total; FUZZ_TARGET for a single one
	@scripts/setup.sh --with-sanitizers
	@$(ENV) && cmake --preset fuzz \
	  && cmake --build build/fuzz -j $(JOBS) --target chatvim_fuzz chatvim_fuzz_replay \
	  && JOBS=$(JOBS) scripts/fuzz.sh build/fuzz

soak: ## the long runs: every byte, 100 kills of each kind, SOAK_MINUTES (10) of eight chats; SOAK_SEED repeats a run
	@scripts/setup.sh --with-soak
	@$(ENV) && $(CONFIGURE) -DCHATVIM_TESTS=ON \
	  && cmake --build $(BUILD) -j $(JOBS) --target chatvim chatvim-standin chatvim_program_tests \
	  && scripts/soak.sh $(BUILD)

check: ## format, lint, clang-tidy, warnings as errors, shell scripts, help tags
	@scripts/setup.sh --with-checks
	@$(ENV) && $(CONFIGURE) -DCHATVIM_TESTS=ON -DCHATVIM_WERROR=ON
	@$(ENV) && cmake --preset tidy >/dev/null
	@$(ENV) && JOBS=$(JOBS) scripts/check.sh $(BUILD)

bench: ## the measurements of doc/performance.md
	@scripts/setup.sh --with-tests
	@$(ENV) && $(CONFIGURE) -DCHATVIM_STANDIN=ON \
	  && cmake --build $(BUILD) -j $(JOBS) --target chatvim chatvim-standin chatvim-mcp-standin \
	  && bench/run.sh $(BUILD)

doc: ## check that :help finds its tags
	@scripts/setup.sh
	@$(ENV) && scripts/check.sh $(BUILD) help

package: ## the self-contained program, as in a release, as a .deb and a .tar.gz; tries each
	@scripts/setup.sh --with-packages
	@$(ENV) && $(CONFIGURE) -DCHATVIM_STANDIN=ON && cmake --build $(BUILD) -j $(JOBS) --target chatvim-standin \
	  && scripts/release.sh asset \
	  && scripts/package.sh build/package $(BUILD)/chatvim-standin

install: build ## program, plugin and help into PREFIX (/usr/local), below DESTDIR if set
	@DESTDIR="$(DESTDIR)" cmake --install $(BUILD) --prefix "$(PREFIX)"

clean: ## remove build/; keeps what setup.sh downloaded (.deps/)
	rm -rf build
