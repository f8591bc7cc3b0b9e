# SPDX-License-Identifier: GPL-3.0-or-later
"""The adopted policy: how every clause stands with a long journal, and a set-up out of its text."""

import pathlib
import subprocess
import tempfile

from row import Row

ENTRIES = "1000000"
SOURCE = pathlib.Path(__file__).resolve().parents[1]


def longest():
    """The longest policy at hand."""
    policies = [SOURCE / "data/sample/policy.txt", *(SOURCE.parent / "shared/policies").glob("*.txt")]
    return max(policies, key=lambda path: path.stat().st_size)


def rows(build):
    with tempfile.TemporaryDirectory(prefix="sekisho-bench-", dir=build) as folder:
        command = [build / "bench/adoption_bench", folder, longest(), ENTRIES]
        out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    measured = {name: float(value) for name, value in (line.split() for line in out.splitlines())}
    yield Row("state of all clauses, 1,000,000 entries, median", measured["standings_ms"], "ms", target=50)
    yield Row("state of all clauses, 1,000,000 entries, p99", measured["standings_p99_ms"], "ms", target=50)
    yield Row("policy stored, adopted and set up", measured["setup_ms"], "ms",
              peers=[("compiling it once", measured["compile_ms"])])
