# SPDX-License-Identifier: GPL-3.0-or-later
"""A scanner that takes its time over one file, or never ends with it, holds up nothing else: other
transfers arrive, a conduit closes at once, and the server ends when it is told to."""

import atexit
import pathlib
import sqlite3
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402
import scanner  # noqa: E402
import small_town  # noqa: E402

SLOW, HANG = "点検に時間がかかる".encode(), "点検が終わらない".encode()


GO = threading.Event()  # what waits for it goes on
ASKED = []  # the contents that the scanner got, in order


def ponder(content):
    ASKED.append(content)
    return HANG not in content and (SLOW not in content or GO.wait())


TOWN = small_town.SmallTown()
PATH = pathlib.Path(TOWN.folder.name, "scanner.socket")
scanner.Scanner(PATH, ponder)
TOWN.configure(general=f"scanner = {PATH}")
TOWN.drive("demand")
TOWN.begin()
atexit.register(TOWN.stop)
SENDER = TOWN.changed("sender")


def send_and_await_scanner(name, content):
    """The path of its page, once the scanner has it."""
    path = TOWN.send(SENDER, name, content)
    for _ in range(600):
        if content in ASKED:
            return path
        time.sleep(0.05)
    raise AssertionError("it was not scanned " + TOWN.messages())


def state_of(path):
    with sqlite3.connect(TOWN.data / "sekisho.db") as database:
        number = path.rsplit("/", 1)[1]
        return database.execute("select state, scan from transfer where id = ?", [number]).fetchone()


def test_while_one_file_is_scanned_others_arrive():
    slow = send_and_await_scanner("遅い.txt", SLOW + b" one\n")
    quick = TOWN.send(SENDER, "速い.txt", b"quick\n")
    assert "受け取れます" in TOWN.await_end(SENDER, quick)
    assert state_of(quick) == ("ready", "clean")
    assert state_of(slow)[0] == "working"
    GO.set()
    assert "受け取れます" in TOWN.await_end(SENDER, slow)
    assert state_of(slow) == ("ready", "clean")
    assert ASKED.count(SLOW + b" one\n") == 2, "before disarming and after it, once each"


def test_a_conduit_closes_at_once_while_a_file_of_it_is_scanned():
    GO.clear()
    path = send_and_await_scanner("閉じる.txt", SLOW + b" two\n")
    TOWN.drive("close")
    assert "移せませんでした" in SENDER.get(path).text
    GO.set()
    TOWN.drive("open")
    assert "受け取れます" in TOWN.await_end(SENDER, TOWN.send(SENDER, "後.txt", b"after\n"))
    assert state_of(path)[0] == "refused"


def test_the_server_ends_while_the_scanner_hangs_and_goes_on_afterwards():
    GO.clear()
    slow = send_and_await_scanner("待つ.txt", SLOW + b" three\n")
    hanging = send_and_await_scanner("終わらない.txt", HANG)
    start = time.monotonic()
    assert TOWN.stop() == 0, TOWN.messages()
    took = time.monotonic() - start
    assert took < 10, f"{took:.1f} s"
    assert state_of(slow)[0] == state_of(hanging)[0] == "waiting"
    GO.set()
    TOWN.begin()
    sender = TOWN.changed("sender")
    assert "受け取れます" in TOWN.await_end(sender, slow)
    assert state_of(hanging)[0] == "working"
    print(f"# ended in {took:.2f} s while the scanner had two files")


def test_what_ended_ended_exactly_once():
    assert TOWN.stop() == 0, TOWN.messages()
    journal = TOWN.journal()
    ends = journal.count('"transfer.deliver"') + journal.count('"transfer.refuse"')
    assert ends == journal.count('"transfer.accept"') - 1 == 5, journal  # one waits for the scanner


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
