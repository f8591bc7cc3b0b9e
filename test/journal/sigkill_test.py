# SPDX-License-Identifier: GPL-3.0-or-later
"""A writer is killed at random moments under load; whatever it acknowledged is there, once.

SEKISHO_SIGKILL_RUNS sets how often (10). The log grows over all runs. After each kill the files are
judged as they lie, then the next writer opens them and goes on.
"""

import os
import random
import signal
import subprocess
import sys
import time

import harness
import tap

RUNS = int(os.environ.get("SEKISHO_SIGKILL_RUNS", "10"))
SEED = int(os.environ.get("SEKISHO_SIGKILL_SEED", "1"))


def acknowledged(output):
    """The last number of the last whole line that tells one."""
    lines = output.decode().split("\n")[:-1]
    return max((int(line.removeprefix("sealed ")) for line in lines), default=0)


def write_and_kill(base, seed, seconds):
    writer = subprocess.Popen([str(harness.DRIVER), "write", str(base), str(seed)],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
    first = writer.stdout.read(1)  # it has opened the journal, and is at work
    time.sleep(seconds)
    writer.send_signal(signal.SIGKILL)
    output, errors = writer.communicate()
    assert writer.returncode == -signal.SIGKILL, errors.decode()
    return acknowledged(first + output)


def test_sigkill_loses_nothing_and_doubles_nothing():
    chance = random.Random(SEED)
    with harness.scratch(in_memory=False) as base:
        harness.make_log(base, 1)
        key, kept = harness.vkey(base), base / "kept"
        for run in range(1, RUNS + 1):
            promised = write_and_kill(base, run, chance.uniform(0, 0.5))
            lying = harness.verify(base / "journal", key)
            assert lying["whole"], lying["problems"][:2]
            harness.run(harness.DRIVER, "seal", base, 1, 1)
            options = ["--since", kept] if kept.exists() else []
            report = harness.verify(base / "journal", key, *options)
            # Entry n carries n; numbers without gap or double are part of the verdict.
            assert report["whole"], report["problems"][:2]
            assert report["size"] == report["checked"] and report["size"] - 1 >= promised, (
                f"run {run}: {promised} acknowledged, {report['size'] - 1} there")
            kept.write_bytes((base / "journal/checkpoint").read_bytes())
            print(f"# run {run}: acknowledged {promised}, sealed as found {lying['size']}, "
                  f"there after restart {report['size'] - 1}, whole")


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
