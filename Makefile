# SPDX-License-Identifier: GPL-3.0-or-later
# The front door. `make help` lists what it can do.

BUILD ?= build
BUILD_SANITIZED ?= build-sanitized
JOBS ?= $(shell nproc)

.PHONY: all help deps run check bench fuzz format clean

all: $(BUILD)/build.ninja ## build the program
	meson compile -C $(BUILD)

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/'

$(BUILD)/build.ninja:
	meson setup $(BUILD)

$(BUILD_SANITIZED)/build.ninja:
	CC=clang meson setup $(BUILD_SANITIZED) -Db_sanitize=address,undefined -Dbuildtype=debugoptimized

check: deps all $(BUILD_SANITIZED)/build.ninja ## build twice and run every test
	meson compile -C $(BUILD_SANITIZED)
	meson test -C $(BUILD) --no-rebuild --print-errorlogs || true
	meson test -C $(BUILD_SANITIZED) --no-rebuild --print-errorlogs --suite unit || true
	@python3 tools/summary.py $(BUILD) $(BUILD_SANITIZED)

deps: ## install the Debian and npm packages that are missing
	@tools/deps.sh

format: ## lay out the C code as .clang-format says
	git ls-files '*.c' '*.h' | xargs clang-format -i

clean: ## remove what was built
	rm -rf $(BUILD) $(BUILD_SANITIZED) out
