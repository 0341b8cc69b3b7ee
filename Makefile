# Thin: CMakePresets.json and scripts/ do the work. `make help` lists the targets.
.DEFAULT_GOAL := help
PROGRAMS = sallyport sallyport-provider-kube-apiserver
JOBS ?= $(shell nproc)
CONFIGURE = cmake --preset $(1) --log-level=WARNING $(if $(shell command -v ccache),-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)

.PHONY: help run test build bench fmt lint fuzz clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

run: ## install, build and start Sallyport with a real kube-apiserver behind it
	@scripts/install-deps run
	@$(call CONFIGURE,release) -DSALLYPORT_TESTS=OFF
	@cmake --build --preset release -j $(JOBS) --target $(PROGRAMS)
	@scripts/quickstart

build: ## install what is missing and build build/release/sallyport and its provider
	@scripts/install-deps build
	@$(call CONFIGURE,release) -DSALLYPORT_TESTS=OFF
	@cmake --build --preset release -j $(JOBS) --target $(PROGRAMS)

test: ## install what is missing, build, run every test
	@scripts/install-deps test
	@scripts/test

bench: ## cost of a decision by CIDR blocks, time of a change by clusters and blocks
	@scripts/install-deps bench
	@$(call CONFIGURE,release) -DSALLYPORT_TESTS=OFF -DSALLYPORT_BENCH=ON
	@cmake --build --preset release -j $(JOBS) --target decide_bench enforce_bench
	@build/release/decide_bench
	@build/release/enforce_bench

fmt: ## format the sources
	@scripts/install-deps lint
	@git ls-files 'src/*.cc' 'src/*.h' 'src/*.c' 'fuzz/*.cc' | xargs clang-format-16 -i

lint: ## clang-format and clang-tidy
	@scripts/install-deps lint
	@scripts/lint

fuzz: ## a minute of each fuzz target, starting from its corpus
	@scripts/install-deps test
	@scripts/fuzz

clean: ## remove build/
	rm -rf build
