# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Python tests of the journal share: making logs, and asking for a verdict on them."""

import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402

SEKISHO = tap.BUILD / "src/command/sekisho"
DRIVER = tap.BUILD / "test/journal/journal_driver"
CRASH_DRIVER = tap.BUILD / "test/journal/crash_driver"
CRASH_SHIM = tap.BUILD / "test/journal/libcrash_shim.so"
MEMORY = pathlib.Path("/dev/shm")


@contextlib.contextmanager
def scratch(in_memory=True):
    """A directory for one test; in memory where that exists, as most tests need no real disk."""
    base = MEMORY if in_memory and os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="sekisho-journal-", dir=base) as path:
        yield pathlib.Path(path)


def run(*command, status=0, env=None):
    """Runs a command, and gives its output; its exit status must be the expected one."""
    result = subprocess.run([str(c) for c in command], capture_output=True, env=env, check=False)
    assert result.returncode == status, (
        f"{' '.join(map(str, command))}: {result.returncode}\n"
        f"{result.stdout.decode()[-2000:]}{result.stderr.decode()[-2000:]}")
    return result.stdout.decode()


def make_log(base, *steps):
    """A log at base/journal with the given numbers of entries, a checkpoint behind each."""
    base.mkdir(exist_ok=True)
    run(DRIVER, "create", base)
    for count in steps:
        run(DRIVER, "seal", base, count, 1)
    return base / "journal"


def vkey(base):
    return (base / "journal.pub").read_text().strip()


def verify(journal, key, *options):
    """(whole, problems) as `sekisho journal verify --json` says."""
    command = [SEKISHO, "journal", "verify", journal, "--key", key, "--json", *options]
    result = subprocess.run([str(c) for c in command], capture_output=True, check=False)
    assert result.returncode in (0, 1), result.stderr.decode()
    report = json.loads(result.stdout)
    assert report["whole"] == (result.returncode == 0) == (not report["problems"])
    return report


def copy(source, target):
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(source, target, symlinks=True)
    return target
