# SPDX-License-Identifier: GPL-3.0-or-later
"""The store: durable changes and files, beside bare SQLite, bare writes and the cipher alone."""

import subprocess
import tempfile

from row import Row

SECONDS = "2"


def rows(build):
    with tempfile.TemporaryDirectory(prefix="sekisho-bench-", dir=build) as folder:
        command = [build / "bench/store_bench", folder, SECONDS]
        out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    measured = {name: float(value) for name, value in (line.split() for line in out.splitlines())}
    yield Row("store, durable change with its journal entry, one at a time", measured["changes"], "/s",
              more_is_better=True, peers=[("SQLite commit of one row", measured["sqlite"]),
                                          ("write+fdatasync", measured["fdatasync"])])
    yield Row("blob written, encrypted and durable, 8 MiB each", measured["blob_write"], "MB/s",
              more_is_better=True, peers=[("plain write+fsync", measured["plain_write"]),
                                          ("cipher and hash alone", measured["cipher"])])
    yield Row("blob read and verified, from memory", measured["blob_read"], "MB/s", more_is_better=True,
              peers=[("cipher and hash alone", measured["cipher"])])
