# SPDX-License-Identifier: GPL-3.0-or-later
"""Killed at any moment, the gate loses no accepted transfer, delivers none twice, and never shows a
file at its destination that was not disarmed.

Two senders send, a mover moves, a recipient opens what arrives; at a random moment some of them and
then all are killed. Afterwards the rest is moved, and each transfer must have ended exactly once, in
its state and in the journal. In every second town antivirus is demanded, by a scanner that takes up
to a tenth of a second for a file: so movers die over files that are being scanned.

SEKISHO_SIGKILL_RUNS sets the number of kills (5 unless told).
"""

import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import drained  # noqa: E402
import scanner  # noqa: E402
import tap  # noqa: E402

RUNS = int(os.environ.get("SEKISHO_SIGKILL_RUNS", "5"))
SEED = int(os.environ.get("SEKISHO_SIGKILL_SEED", "20261120"))
ENVIRONMENT = dict(os.environ)
FRESH_EVERY = 10  # runs before a new town is made, so that checking stays quick
DRIVER = tap.BUILD / "test/transfer_driver"


def start(role, place):
    return subprocess.Popen([DRIVER, role, place], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            env=ENVIRONMENT)


def kill(process):
    """Kills it; returns what it said. It must not have ended by itself."""
    process.send_signal(signal.SIGKILL)
    said, complaint = process.communicate()
    assert process.returncode == -signal.SIGKILL, complaint.decode()
    return said.decode().split("\n")[:-1]


def run_and_kill(place, chance):
    """Lets the town work for a random while; returns the numbers of the transfers accepted."""
    processes = [start(role, place) for role in ("send", "send", "move", "watch")]
    time.sleep(chance.uniform(0.3, 1.2))
    accepted = set()
    if chance.random() < 0.5:  # the mover alone dies and another one comes
        kill(processes.pop(2))
        processes.append(start("move", place))
        time.sleep(chance.uniform(0.1, 0.6))
    chance.shuffle(processes)
    for process in processes:
        accepted |= {int(line) for line in kill(process)}
    return accepted


def check(place, accepted):
    """Everything accepted so far ended exactly once; returns how many transfers there are."""
    done = subprocess.run([DRIVER, "drain", place], capture_output=True, text=True, env=ENVIRONMENT)
    assert done.returncode == 0, done.stderr
    states, files, entries = drained.read(done.stdout)
    ends = drained.count_ends(entries)
    lost = accepted - set(states)
    assert not lost, f"accepted and gone: {sorted(lost)[:5]}"
    for number, state in states.items():
        if state == "uploading":
            assert number not in accepted, f"{number} was accepted and is not"
            assert ends[number] == 0, f"{number} ended before it began"
            continue
        assert state in ("ready", "received", "refused"), f"{number} did not end: {state}"
        assert ends[number] == 1, f"{number} ended {ends[number]} times"
        assert (number in files) == (state != "refused"), f"{number}: {state}, file {number in files}"
    return states


def demand_antivirus(place, scans):
    """From now on the movers have a scanner."""
    path = place.parent / "scanner.socket"

    def ponder(content):
        scans.append(len(content))
        time.sleep(random.uniform(0, 0.1))
        return True

    scanner.Scanner(path, ponder)
    subprocess.run([DRIVER, "demand", place], check=True)
    ENVIRONMENT["SEKISHO_SCANNER"] = str(path)


def test_every_accepted_transfer_ends_exactly_once():
    chance = random.Random(SEED)
    done = total = refused = 0
    with_scanner = True
    scans = []  # their sizes
    print(f"# seed {SEED}, {RUNS} kills")
    while done < RUNS:
        with tempfile.TemporaryDirectory(prefix="sekisho-transfers-") as folder:
            place = pathlib.Path(folder, "town")
            subprocess.run([DRIVER, "setup", place], check=True)
            if with_scanner:
                demand_antivirus(place, scans)
            else:
                ENVIRONMENT.pop("SEKISHO_SCANNER", None)
            with_scanner = not with_scanner
            accepted = set()
            for _ in range(min(FRESH_EVERY, RUNS - done)):
                accepted |= run_and_kill(place, chance)
                states = check(place, accepted)
                done += 1
                print(f"# kill {done}: {len(accepted)} accepted, all ended once")
                sys.stdout.flush()
            total += len(accepted)
            refused += sum(state == "refused" for state in states.values())
    print(f"# {total} accepted transfers over {done} kills; {refused} given up after crashes; "
          f"{len(scans)} scans")
    assert total > 0 and scans, "nothing was accepted or scanned: the test did not test"


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
