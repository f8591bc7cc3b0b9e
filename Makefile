# SPDX-License-Identifier: GPL-3.0-or-later
# The front door. `make help` lists what it can do.

BUILD ?= build
BUILD_SANITIZED ?= build-sanitized
BUILD_FUZZ ?= build-fuzz
BUILD_COVERAGE ?= build-coverage
JOBS ?= $(shell nproc)
# Debian's own comes first: the packages that the tests need are installed for it.
PYTHON ?= $(or $(wildcard /usr/bin/python3),python3)
TIME ?= 60
MESON_TEST = meson test --no-rebuild --print-errorlogs --num-processes $(JOBS)

.PHONY: all help deps deps-long run show browser check check-long bench fuzz lint coverage format clean

all: $(BUILD)/build.ninja ## build the program
	meson compile -C $(BUILD) -j $(JOBS)

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

$(BUILD)/build.ninja:
	meson setup $(BUILD)

$(BUILD_SANITIZED)/build.ninja:
	CC=clang meson setup $(BUILD_SANITIZED) -Db_sanitize=address,undefined

$(BUILD_FUZZ)/build.ninja:
	CC=clang meson setup $(BUILD_FUZZ) -Dfuzz=true -Db_sanitize=address,undefined

$(BUILD_COVERAGE)/build.ninja:
	meson setup $(BUILD_COVERAGE) -Db_coverage=true -Dbuildtype=debug

deps: ## install the Debian packages that are missing
	@tools/deps.sh tools/packages.txt

# What the browser tests drive. Without it (no registry within reach) they say that they were skipped.
node_modules/.package-lock.json: package-lock.json | deps
	npm ci --ignore-scripts || echo "npm ci failed: the browser tests will be skipped" >&2

browser: deps all node_modules/.package-lock.json ## only the tests in the browser; pictures in out/screenshots
	meson test -C $(BUILD) --no-rebuild --print-errorlogs browser

deps-long: deps ## also install what only the long tests and the benchmark compare with
	@tools/deps.sh tools/packages-long.txt

run: deps all ## a made-up town with three zones in your browser (DATA=folder keeps it)
	@mkdir -p out
	@$(BUILD)/src/command/sekisho serve --demo $(if $(DATA),--data $(DATA)) 2>out/serve.log || { cat out/serve.log; exit 1; }

show: deps all ## disarm the sample documents before your eyes
	@$(PYTHON) tools/show.py $(BUILD) out

check: deps all node_modules/.package-lock.json $(BUILD_SANITIZED)/build.ninja ## build twice and run every test
	meson compile -C $(BUILD_SANITIZED) -j $(JOBS) unit-programs
	@rm -f $(BUILD)/meson-logs/testlog.json $(BUILD_SANITIZED)/meson-logs/testlog.json
	$(MESON_TEST) -C $(BUILD_SANITIZED) --suite unit --suite replay || true
	$(MESON_TEST) -C $(BUILD) --no-suite long || true
	@$(PYTHON) tools/summary.py $(BUILD_SANITIZED) $(BUILD)

check-long: deps-long all ## the slow tests: more documents, more readers, more runs
	@rm -f $(BUILD)/meson-logs/testlog.json
	$(MESON_TEST) -C $(BUILD) --suite long --num-processes 1 || true
	@$(PYTHON) tools/summary.py $(BUILD)

bench: deps-long all ## measure, beside the peers, against the targets of the design
	@$(PYTHON) bench/run.py $(BUILD)

fuzz: deps $(BUILD_FUZZ)/build.ninja ## fuzz every parser for TIME seconds each (TIME=60)
	meson compile -C $(BUILD_FUZZ) -j $(JOBS) fuzzers
	@$(PYTHON) tools/fuzz.py $(BUILD_FUZZ) $(TIME)

lint: deps all ## cppcheck and gcc -fanalyzer over the sources
	@$(PYTHON) tools/lint.py $(BUILD)

coverage: deps $(BUILD_COVERAGE)/build.ninja ## which lines the unit tests reach, as out/coverage/index.html
	meson compile -C $(BUILD_COVERAGE) -j $(JOBS)
	$(MESON_TEST) -C $(BUILD_COVERAGE) --suite unit --suite replay
	@mkdir -p out/coverage
	gcovr --root . --filter src/ --print-summary --html-details out/coverage/index.html $(BUILD_COVERAGE)

format: ## lay out the C code as .clang-format says
	git ls-files '*.c' '*.h' | xargs clang-format -i

clean: ## remove what was built
	rm -rf $(BUILD) $(BUILD_SANITIZED) $(BUILD_FUZZ) $(BUILD_COVERAGE) out
