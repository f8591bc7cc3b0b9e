# SPDX-License-Identifier: GPL-3.0-or-later
"""Transfers past a real clamd, started by the test with signatures of its own; and through a conduit
that closes."""

import atexit
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402
import small_town  # noqa: E402

CLAMD = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
EVIL = "SEKISHO-EVIL-OF-THE-TEST"


class Clamd:
    """In the foreground, under its own configuration: no service of the system has a part in it."""

    def __init__(self, folder):
        self.socket = folder / "clamd.socket"
        self.config = folder / "clamd.conf"
        signatures = folder / "signatures"
        signatures.mkdir()
        (signatures / "test.ndb").write_text(f"Sekisho.Evil:0:*:{EVIL.encode().hex()}\n")
        self.config.write_text(f"Foreground yes\nLocalSocket {self.socket}\n"
                               f"DatabaseDirectory {signatures}\nMaxThreads 2\n")
        self.process = None

    def start(self):
        self.process = subprocess.Popen([CLAMD, "--config-file", self.config],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not self.socket.exists():
            assert self.process.poll() is None, "clamd ended"
            time.sleep(0.05)

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.socket.unlink(missing_ok=True)
            self.process = None


TOWN = small_town.SmallTown()
SCANNER = Clamd(pathlib.Path(TOWN.folder.name))
TOWN.configure(general=f"scanner = {SCANNER.socket}")
TOWN.drive("demand")
TOWN.begin()
atexit.register(SCANNER.stop)
atexit.register(TOWN.stop)
SENDER = TOWN.changed("sender")


def needs_clamd():
    if not CLAMD:
        if os.environ.get("CI") == "true":
            raise AssertionError("clamd is absent, and CI needs it")
        raise tap.Skip("clamd is absent")


def test_while_a_scanner_that_is_demanded_is_away_transfers_wait_and_the_page_says_so():
    needs_clamd()
    path = TOWN.send(SENDER, "待つ.txt", "待っています\n".encode())
    TOWN.await_text(SENDER, path, "ウイルス検査が応答しない")
    SCANNER.start()
    text = TOWN.await_end(SENDER, path)  # by itself
    assert "受け取れます" in text and "見つかりませんでした" in text, text


def test_what_the_scanner_knows_is_refused_before_disarming():
    needs_clamd()
    path = TOWN.send(SENDER, "悪い.txt", f"x {EVIL} x\n".encode())
    text = TOWN.await_end(SENDER, path)
    assert "移せませんでした" in text and "ウイルス" in text, text
    journal = TOWN.journal("Sekisho.Evil")
    assert journal.count('"transfer.disarm"') == 1, "only the one before was disarmed"


def test_what_only_shows_after_disarming_is_refused_then():
    needs_clamd()
    hidden = EVIL.replace("EVIL", "EV\u202eIL")
    path = TOWN.send(SENDER, "隠した.txt", f"x {hidden} x\n".encode())
    text = TOWN.await_end(SENDER, path)
    assert "移せませんでした" in text and "ウイルス" in text, text
    inside = TOWN.changed("sender", TOWN.lgwan)
    assert "隠した" not in inside.get("/inbox").text


def test_where_it_is_not_demanded_it_goes_on_and_says_that_nothing_was_scanned():
    needs_clamd()
    SCANNER.stop()
    TOWN.drive("spare")
    path = TOWN.send(SENDER, "急ぐ.txt", "急ぎます\n".encode())
    text = TOWN.await_end(SENDER, path)
    assert "受け取れます" in text and "行っていません" in text, text


def test_closing_the_conduit_ends_what_waits_and_lets_nothing_new_in():
    TOWN.drive("demand")  # and the scanner is away: it waits
    path = TOWN.send(SENDER, "閉じる.txt", "閉じます\n".encode())
    TOWN.await_text(SENDER, path, "ウイルス検査が応答しない")
    TOWN.drive("close")
    text = SENDER.get(path).text  # at once
    assert "移せませんでした" in text, text
    form = SENDER.get("/send").text
    assert 'name="conduit" value="1"' not in form, form
    answer = SENDER.upload("/send", "files", "後.txt", b"x", conduit="1", recipients="",
                           purpose="x", classification="1", personal="no")
    assert answer.status in (409, 422, 403), (answer.status, answer.text)
    TOWN.drive("open")
    TOWN.drive("spare")
    assert "受け取れます" in TOWN.await_end(SENDER, TOWN.send(SENDER, "開く.txt", b"open\n"))


def test_every_accepted_transfer_ended_exactly_once():
    assert TOWN.stop() == 0, TOWN.messages()
    journal = TOWN.journal()
    ends = journal.count('"transfer.deliver"') + journal.count('"transfer.refuse"')
    assert ends == journal.count('"transfer.accept"') > 0, journal


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
