# SPDX-License-Identifier: GPL-3.0-or-later
"""Killed at any moment while a policy is adopted and applied, all of the set-up is there or nothing.

SEKISHO_SIGKILL_RUNS sets the number of kills (10 unless told).
"""

import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402

RUNS = int(os.environ.get("SEKISHO_SIGKILL_RUNS", "10"))
SEED = int(os.environ.get("SEKISHO_SIGKILL_SEED", "20261127"))
SAMPLE = tap.SOURCE / "data/sample/policy.txt"
PARTS = ("zone", "conduit", "duty", "setting")


def run(*arguments):
    return subprocess.run([tap.SEKISHO, *map(str, arguments)], capture_output=True, text=True)


def counts(town):
    """Rows of what a set-up makes, and whether it says that it was done."""
    database = sqlite3.connect(f"file:{town}/sekisho.db?mode=ro", uri=True)
    try:
        rows = {part: database.execute(f"select count(*) from {part}").fetchone()[0] for part in PARTS}
        done = database.execute("select count(*) from policy_version where set_up is not null").fetchone()[0]
    finally:
        database.close()
    return rows, done


def test_a_set_up_is_whole_or_absent_after_a_kill():
    chance = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder:
        assert run("init", f"{folder}/empty").returncode == 0
        shutil.copytree(f"{folder}/empty", f"{folder}/whole")
        start = time.monotonic()
        assert run("policy", "adopt", f"{folder}/whole", SAMPLE).returncode == 0
        took = time.monotonic() - start
        whole, done = counts(f"{folder}/whole")
        assert done == 1 and whole["zone"] == 3 and whole["duty"] > 50, whole
        for number in range(RUNS):
            town = f"{folder}/town{number}"
            shutil.copytree(f"{folder}/empty", town)
            adopting = subprocess.Popen(
                [tap.SEKISHO, "policy", "adopt", town, SAMPLE], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            time.sleep(chance.uniform(0, took))
            adopting.send_signal(signal.SIGKILL)
            adopting.wait()
            rows, done = counts(town)
            expected = whole if done else {part: 0 for part in PARTS}
            assert rows == expected, (number, rows, done)
            checked = run("journal", "verify", f"{town}/journal", "--key", f"{town}/keys/journal.pub")
            assert checked.returncode == 0, checked.stdout
            if not done:
                assert run("policy", "adopt", town, SAMPLE).returncode == 0, number
                assert counts(town) == (whole, 1), number
            shutil.rmtree(town)


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
