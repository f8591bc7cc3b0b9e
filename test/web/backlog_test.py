# SPDX-License-Identifier: GPL-3.0-or-later
"""A sealer that finds thousands of entries waiting, as after a long time without one."""

import pathlib
import sqlite3
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "gate"))
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "bench"))
import small_town  # noqa: E402
import tap  # noqa: E402
import town_fill  # noqa: E402

ENTRIES = 20000  # so many that the sealer settles the whole file system instead of each file


def test_thousands_of_waiting_entries_are_sealed():
    town = small_town.SmallTown()
    base = sqlite3.connect(town.data / "sekisho.db")
    with base:
        town_fill.fill_outbox(base, ENTRIES, time.time_ns() // 1000)
    base.close()
    town.begin()
    try:
        base = sqlite3.connect(f"file:{town.data}/sekisho.db?mode=ro", uri=True)
        for _ in range(600):
            if base.execute("select count(*) from outbox").fetchone()[0] == 0:
                break
            time.sleep(0.1)
        else:
            raise AssertionError(town.messages())
        base.close()
        assert '"event":"ended","role":"sealer"' not in town.messages(), town.messages()
    finally:
        assert town.stop() == 0
    sealed = int((town.data / "journal/checkpoint").read_text().splitlines()[1])
    assert sealed >= ENTRIES, sealed


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
