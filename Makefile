# Thin: CMakePresets.json and scripts/ do the work. `make help` lists the targets.
.DEFAULT_GOAL := help
PROGRAMS = sallyport sallyport-provider-kube-apiserver
JOBS ?= $(shell nproc)
VENV = $(or $(SALLYPORT_CACHE),$(HOME)/.cache/sallyport)/venv
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

bench: ## the gateway beside HAProxy and nginx, DNS beside Knot; OPTIONS="--quick --only tls" and others: bench/run --help
	@scripts/install-deps bench >&2
	@$(call CONFIGURE,release) -DSALLYPORT_TESTS=OFF -DSALLYPORT_BENCH=ON >&2
	@cmake --build --preset release -j $(JOBS) --target sallyport bench_load bench_origin bench_seed decide_bench enforce_bench dns_bench_server >&2
	@build/release/decide_bench >&2
	@build/release/enforce_bench >&2
	@$(VENV)/bin/python -B bench/dns_run >&2
	@bench/run $(OPTIONS)

fmt: ## format the sources
	@scripts/install-deps lint
	@git ls-files 'src/*.cc' 'src/*.h' 'src/*.c' 'fuzz/*.cc' 'bench/*.cc' 'bench/*.h' | xargs clang-format-16 -i

lint: ## clang-format and clang-tidy
	@scripts/install-deps lint
	@scripts/lint

fuzz: ## a minute of each fuzz target, starting from its corpus
	@scripts/install-deps test
	@scripts/fuzz

clean: ## remove build/
	rm -rf build
