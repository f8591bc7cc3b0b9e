# SPDX-License-Identifier: GPL-3.0-or-later
"""A piece of work is stopped at each of its system calls in turn; nothing acknowledged is lost.

The work (`crash_driver work`) appends, seals, goes through several segments and hands over to a new
key. The shim stops it before a call, in the middle of a write, or with a power cut that takes back
what was not synced. Then the journal is opened again: every acknowledged entry is there once, the
published checkpoint holds at every moment, and the log grows on.
"""

import collections
import os
import subprocess
import sys

import harness
import tap

CRASHED = 99
RUNS = int(os.environ.get("SEKISHO_CRASH_SEEDS", "1"))  # power cuts per system call
STEP = int(os.environ.get("SEKISHO_CRASH_STEP", "5"))   # every which system call is tried

Outcome = collections.namedtuple("Outcome", "status acknowledged sealed errors")


def work(base, mode=None, at=0, seed=0):
    """Runs the work with a crash at a system call, and tells what it had acknowledged by then."""
    env = dict(os.environ, LD_PRELOAD=str(harness.CRASH_SHIM), CRASH_ROOT=str(base),
               CRASH_AT=str(at), CRASH_MODE=mode or "", CRASH_SEED=str(seed))
    result = subprocess.run([str(harness.CRASH_DRIVER), "work", str(base)], env=env,
                            capture_output=True, check=False)
    lines = result.stdout.decode().splitlines()
    acknowledged = max((int(x) for x in lines if x.isdecimal()), default=0)
    sealed = max((int(x[7:]) for x in lines if x.startswith("sealed ")), default=0)
    return Outcome(result.returncode, max(acknowledged, sealed), sealed, result.stderr.decode())


def fixture(base):
    """A journal with a little history, and its first key."""
    base.mkdir()
    harness.run(harness.CRASH_DRIVER, "create", base)
    harness.run(harness.CRASH_DRIVER, "seal", base, 20, 2)
    return harness.vkey(base)


def assert_survived(base, key, outcome, what):
    """The files as they are, and then the journal opened again, are whole and hold everything."""
    before = harness.verify(base / "journal", key)
    assert before["whole"], f"{what}: published log broken: {before['problems'][:2]}"
    output = harness.run(harness.CRASH_DRIVER, "seal", base, 5, 1)
    numbers = [int(x) for x in output.split() if x.isdecimal()]
    found = numbers[0] if numbers else 0
    assert found >= outcome.acknowledged, f"{what}: {outcome.acknowledged} acknowledged, {found} there"
    after = harness.verify(base / "journal", key)
    assert after["whole"], f"{what}: {after['problems'][:2]}"
    # Sequence numbers without a gap or a double are part of the verdict; count closes the proof.
    assert after["size"] == after["checked"] == found + 5 + after["handovers"], what


def crash_everywhere(mode, seeds=1):
    with harness.scratch() as scratch:
        key = fixture(scratch / "fixture")
        at, runs = 1, 0
        while True:
            for seed in range(seeds):
                base = harness.copy(scratch / "fixture", scratch / "run")
                outcome = work(base, mode, at, seed)
                if outcome.status == 0:
                    assert at > 100, "the work has more system calls than that"
                    print(f"# {mode}: {runs} runs")
                    return
                assert outcome.status == CRASHED, outcome
                assert_survived(base, key, outcome, f"{mode} at {at}, seed {seed}")
                runs += 1
            at += STEP


def fail_everywhere(mode, code):
    """From each system call on all fail: it says so, and everything that was there stays."""
    with harness.scratch() as scratch:
        key = fixture(scratch / "fixture")
        at = 1
        while True:
            base = harness.copy(scratch / "fixture", scratch / "run")
            outcome = work(base, mode, at)
            if outcome.status == 0:
                assert at > 100
                return
            assert outcome.status == 3 and outcome.errors.startswith(code + ":"), outcome
            assert_survived(base, key, outcome, f"{mode} at {at}")
            at += STEP


def test_work_without_a_crash_is_whole():
    with harness.scratch() as scratch:
        key = fixture(scratch / "fixture")
        outcome = work(scratch / "fixture")
        assert outcome.status == 0, outcome
        assert_survived(scratch / "fixture", key, outcome, "no crash")


def test_a_stop_before_any_system_call_loses_nothing():
    crash_everywhere("stop")


def test_a_write_torn_anywhere_loses_nothing():
    crash_everywhere("tear")


def test_a_power_cut_at_any_system_call_loses_nothing():
    crash_everywhere("power", RUNS)


def test_a_full_disk_is_refused_and_what_was_there_stays():
    fail_everywhere("ENOSPC", "disk_full")


def test_a_read_only_disk_is_refused_and_what_was_there_stays():
    fail_everywhere("EROFS", "file_read_only")


def test_a_failing_disk_is_refused_and_what_was_there_stays():
    fail_everywhere("EIO", "file_failed")


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
