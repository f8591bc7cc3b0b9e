# SPDX-License-Identifier: GPL-3.0-or-later
"""The made-up town of `sekisho serve --demo`: what a visitor finds, and whose directory it may be."""

import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "web"))
import tap  # noqa: E402
import town  # noqa: E402

ENGLISH = {"LC_ALL": "en_US.UTF-8", "PATH": "/usr/bin:/bin"}


def read_sql(folder, question):
    """The rows of a question to the town's database, asked by another reader than our own."""
    with sqlite3.connect(f"file:{folder}/sekisho.db?mode=ro", uri=True) as database:
        return database.execute(question).fetchall()


def test_the_town_has_a_past_in_every_state_and_goes_on_when_started_again():
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch, "town")
        server = town.Server(folder)
        states = {state for (state,) in read_sql(folder, "select distinct state from transfer")}
        assert states == {"ready", "received", "refused", "pending", "held", "recalled",
                          "expired"}, states
        reasons = read_sql(folder, "select distinct why from transfer where state = 'refused'")
        assert len(reasons) >= 5, reasons
        people = read_sql(folder, "select count(*), sum(suspended is not null), "
                                  "sum(away_until is not null), sum(ends is not null) from person")
        assert people[0][0] >= 25 and min(people[0][1:]) >= 1, people
        inbox = server.changed("tanaka", server.lgwan).get("/inbox").text
        assert "職員への通知" in inbox or "全課への通知" in inbox, inbox
        first = dict(server.passwords)
        assert server.stop() == 0, server.messages()
        again = town.Server(folder)
        assert set(again.passwords) == set(first) and again.passwords["ito"] != first["ito"]
        again.changed("ito")
        assert again.stop() == 0
        assert read_sql(folder, "select count(*) from person") == [(people[0][0],)]


def test_the_journal_of_the_past_is_in_order_and_verifies():
    with tempfile.TemporaryDirectory() as scratch:
        server = town.Server(pathlib.Path(scratch, "town"))
        assert server.stop() == 0, server.messages()
        shown = subprocess.run([tap.SEKISHO, "journal", "show", server.data / "journal"], text=True,
                               capture_output=True, check=True).stdout.splitlines()
        times = [line.split("\t")[1] for line in shown]
        assert times == sorted(times), "a step comes before what it follows"
        assert len({time[:10] for time in times}) >= 15, "weeks"
        key = server.data / "keys/journal.first.pub"
        subprocess.run([tap.SEKISHO, "journal", "verify", "--key", key, server.data / "journal"],
                       check=True, capture_output=True)
        for password in server.passwords.values():
            assert password not in "\n".join(shown)


def test_a_directory_of_a_real_organization_is_refused():
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch, "real")
        subprocess.run([tap.SEKISHO, "init", folder, "--name", "真の団体"], check=True,
                       capture_output=True)
        done = subprocess.run([tap.SEKISHO, "serve", "--demo", "--data", folder], text=True,
                              capture_output=True, env=ENGLISH)
        assert done.returncode == 3 and "not a demo" in done.stderr, done.stderr
        assert not re.search(r"password", done.stdout)


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
