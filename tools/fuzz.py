#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run every fuzz target for some seconds, two at a time.

usage: fuzz.py BUILD_DIR SECONDS [TARGET...]

New inputs are kept below BUILD_DIR/fuzz-corpus, findings below BUILD_DIR/fuzz-findings. Exits 1 when
there is a finding. A finding is kept for good by mending the code and copying its file into
fuzz/corpus/<target>/.
"""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[1]


def run(build, target, seconds):
    """(target, executions, coverage, [findings])"""
    grown = build / "fuzz-corpus" / target
    findings = build / "fuzz-findings" / target
    for folder in (grown, findings):
        folder.mkdir(parents=True, exist_ok=True)
    command = [str(build / f"fuzz/{target}_fuzz"), f"-max_total_time={seconds}", "-timeout=10",
               "-rss_limit_mb=3000", "-malloc_limit_mb=2000", "-max_len=65536",
               "-print_final_stats=1", "-verbosity=1", f"-artifact_prefix={findings}/",
               str(grown), str(SOURCE / "fuzz/corpus" / target)]
    environment = dict(os.environ, ASAN_OPTIONS="detect_leaks=1:allocator_may_return_null=1",
                       UBSAN_OPTIONS="halt_on_error=1:print_stacktrace=1")
    log = build / f"fuzz-findings/{target}.log"
    with log.open("wb") as stream:
        subprocess.run(command, stdout=stream, stderr=stream, env=environment)
    said = log.read_text(encoding="utf-8", errors="replace")
    executions = re.findall(r"number_of_executed_units: (\d+)", said) or ["0"]
    coverage = re.findall(r"cov: (\d+)", said) or ["0"]
    return target, int(executions[-1]), int(coverage[-1]), sorted(findings.iterdir())


def main():
    build, seconds = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    targets = sys.argv[3:] or sorted(path.name.removesuffix("_fuzz")
                                     for path in (build / "fuzz").glob("*_fuzz"))
    found = 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for target, executions, coverage, findings in pool.map(
                lambda name: run(build, name, seconds), targets):
            print(f"{target:12} {executions:>10} runs {coverage:>6} edges {len(findings):>3} findings",
                  flush=True)
            for path in findings:
                print(f"  {path}")
            found += len(findings)
    sys.exit(1 if found or not targets else 0)


if __name__ == "__main__":
    main()
