# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal: durable appends by batch size beside SQLite and a bare loop; verifying; proofs.

SEKISHO_BENCH_DIR says on which disk (default: the build directory). What was written stays until the
end: a file system that has just freed many files makes new ones more slowly.
"""

import os
import pathlib
import subprocess
import tempfile

from row import Row

SECONDS = "3"
TARGETS = {1: 4000, 256: None, 1024: 400000, 4096: None}
PROOF_ENTRIES = int(os.environ.get("SEKISHO_BENCH_PROOF_ENTRIES", "10000000"))
VERIFY_ENTRIES = 300000


def rows(build):
    program = build / "bench/journal_bench"

    def measure(what, *arguments):
        measure.count += 1
        command = [str(program), what, str(scratch / f"{what}-{measure.count}"), *map(str, arguments)]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return [float(word) for word in output.split()]

    measure.count = 0
    base = os.environ.get("SEKISHO_BENCH_DIR", build)
    with tempfile.TemporaryDirectory(prefix="journal-bench-", dir=base) as name:
        scratch = pathlib.Path(name)
        for batch, target in TARGETS.items():
            ours, = measure("append", batch, SECONDS)
            raw, = measure("raw", batch, SECONDS)
            database, = measure("sqlite", batch, SECONDS)
            yield Row(f"journal, durable and sealed, batches of {batch:,} x 272 B", ours, "/s", target,
                      True, [("write+fdatasync alone", raw), ("SQLite commits", database)])
        schema, anything = measure("verify", VERIFY_ENTRIES)
        yield Row("journal verify, entries of our schema", schema, "/s", None, True)
        yield Row("journal verify, hashes and signatures alone", anything, "/s", None, True)
        median, slowest = measure("proof", PROOF_ENTRIES)
        yield Row(f"journal proof, {PROOF_ENTRIES:,} entries, median", median, "us")
        yield Row(f"journal proof, {PROOF_ENTRIES:,} entries, p99", slowest, "us")
