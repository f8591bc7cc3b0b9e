# SPDX-License-Identifier: GPL-3.0-or-later
"""Killed at any moment, store and journal keep everything that was acknowledged, and nothing twice.

Three workers change the store, each change with a journal entry and a file, while a sealer seals and
a backup may run; at a random moment some or all of them are killed. Then the directory must prove
itself: every acknowledged change has its row, its file and exactly one entry; nothing has an entry
without its row, or two.

SEKISHO_SIGKILL_RUNS sets the number of kills (10 unless told); the output of a long run is kept in
doc/evidence/store-sigkill.txt.
"""

import collections
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import tap

RUNS = int(os.environ.get("SEKISHO_SIGKILL_RUNS", "10"))
SEED = int(os.environ.get("SEKISHO_SIGKILL_SEED", "20261120"))
FRESH_EVERY = 20  # runs before a new organization is begun, so that checking stays quick
WORKERS = 3
DRIVER = tap.BUILD / "test/load_driver"
SEKISHO = tap.BUILD / "src/command/sekisho"


class Town:
    """One organization, and what its workers were told is safe."""

    def __init__(self, folder):
        self.place = os.path.join(folder, "town")
        self.backups = os.path.join(folder, "backups")
        self.acknowledged = set()
        self.started = 0
        subprocess.run([SEKISHO, "init", self.place], check=True, capture_output=True)

    def run_and_kill(self, chance):
        """Lets it work for a random while; kills; returns how many changes were acknowledged."""
        workers = []
        for _ in range(WORKERS):
            self.started += 1
            command = [DRIVER, "work", self.place, f"w{self.started}"]
            workers.append(subprocess.Popen(command, stdout=subprocess.PIPE))
        others = [subprocess.Popen([DRIVER, "seal", self.place])]
        if chance.random() < 0.3:
            command = [SEKISHO, "backup", self.place, "--to", self.backups]
            others.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))
            if chance.random() < 0.5:
                assert others[-1].wait() == 0, "a backup under load failed"
        time.sleep(chance.uniform(0.02, 0.8))
        if chance.random() < 0.3:  # the sealer alone dies and comes back
            others[0].kill()
            others[0].wait()
            others.append(subprocess.Popen([DRIVER, "seal", self.place]))
            time.sleep(chance.uniform(0.02, 0.4))
        processes = workers + others
        chance.shuffle(processes)
        for process in processes:
            process.send_signal(signal.SIGKILL)
        names = set()
        for worker in workers:
            lines = worker.stdout.read().decode().split("\n")
            names.update(lines[:-1])  # what is behind the last line end was not said
            worker.stdout.close()
        for process in processes:
            status = process.wait()
            assert status in (0, -signal.SIGKILL), f"it ended by itself with {status}"
        self.acknowledged |= names
        return len(names)

    def check(self):
        """The directory proves itself and holds what it must; returns what it holds."""
        done = subprocess.run([DRIVER, "check", self.place], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        found = collections.defaultdict(list)
        for line in done.stdout.splitlines():
            kind, _, rest = line.partition(" ")
            found[kind].append(rest)
        settings, files = set(found["setting"]), set(found["file"])
        entries = [json.loads(text) for text in found["entry"]]
        changes = [entry["object"] for entry in entries if entry["action"] == "test.change"]
        numbers = [entry["sequence"] for entry in entries if "sequence" in entry]
        missing = self.acknowledged - settings
        assert not missing, f"acknowledged and gone: {sorted(missing)[:5]}"
        assert settings == files, f"without their file: {sorted(settings - files)[:5]}"
        assert len(changes) == len(set(changes)), "an entry stands in the journal twice"
        assert set(changes) == settings, "rows and entries differ"
        assert numbers == list(range(1, len(numbers) + 1)), "numbers with a gap or out of order"
        return len(settings), len(entries)


def restore_newest(town, folder):
    """Any set that got its name can be restored."""
    if not os.path.isdir(os.path.join(town.backups, "sets")):
        return False
    sets = [name for name in os.listdir(os.path.join(town.backups, "sets")) if name[0].isdigit()]
    if not sets:
        return False
    target = os.path.join(folder, "restored")
    command = [SEKISHO, "restore", town.backups, target]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    shutil.rmtree(target)
    return True


def test_nothing_acknowledged_is_lost_and_nothing_comes_twice():
    chance = random.Random(SEED)
    total = restored = done = 0
    print(f"# seed {SEED}, {RUNS} kills, {WORKERS} workers, one sealer, now and then a backup")
    while done < RUNS:
        with tempfile.TemporaryDirectory(prefix="sekisho-sigkill-") as folder:
            town = Town(folder)
            for _ in range(min(FRESH_EVERY, RUNS - done)):
                told = town.run_and_kill(chance)
                rows, entries = town.check()
                done += 1
                total += told
                print(f"# kill {done}: {told} acknowledged, {rows} rows and files, {entries} entries, "
                      "verified")
                sys.stdout.flush()
            restored += restore_newest(town, folder)
    print(f"# {total} acknowledged changes over {done} kills: none lost, none twice; "
          f"{restored} backups restored")
    assert total > 0, "nothing was acknowledged: the test did not test"


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
