# SPDX-License-Identifier: GPL-3.0-or-later
"""Fills a town with staff, transfers and journal entries, so that pages have a real load.

Rows are written straight into the database and carry no files: enough for pages, not for opening.
"""

import datetime
import json
import sqlite3

DAY = 86400 * 1000000
STATES = ("received",) * 7 + ("ready", "refused", "expired")


def fill(place, staff=1000, transfers=100000, entries=1000000):
    base = sqlite3.connect(place / "sekisho.db")
    base.execute("pragma synchronous = off")
    now = int(datetime.datetime.now().timestamp() * 1e6)
    with base:
        fill_staff(base, staff, now)
        base.executemany("insert into role_holder (person_id, role, starts) select id, ?, ? from person"
                         " where login = 'sender'", (("auditor", now), ("system_manager", now)))
        fill_transfers(base, staff, transfers, now)
        fill_outbox(base, entries, now)
    base.execute("analyze")
    base.close()


def fill_staff(base, staff, now):
    base.executemany("insert into department (code, name) values (?, ?)",
                     ((f"9{n:03d}", f"見本{n}課") for n in range(40)))
    departments = [row[0] for row in base.execute("select id from department order by id")]
    base.executemany(
        "insert into person (login, name, kana, mail, department_id, employment, language, starts, created)"
        " values (?, ?, ?, '', ?, 'regular', 'ja', ?, ?)",
        ((f"staff{n:04d}", f"見本 {n}", f"ミホン {n:04d}", departments[n % len(departments)], now - 400 * DAY,
          now - 400 * DAY) for n in range(staff)))


def fill_transfers(base, staff, transfers, now):
    """Each of the two people of the town has five times as many as one of the staff."""
    people = [row[0] for row in base.execute("select id from person order by id")]
    first = 1 + (base.execute("select max(id) from transfer").fetchone()[0] or 0)

    def rows():
        for n in range(transfers):
            moment = now - (transfers - n) * 200 * 1000000
            person = people[n // 100 % 2] if n % 100 == 0 else people[2 + n % staff]
            state = STATES[n // 200 % len(STATES)]
            arrived = state in ("ready", "received")
            yield (first + n, person, f"照会への回答 {n}", state, "gate_virus" if state == "refused" else "",
                   moment, moment, moment if arrived else None,
                   None if state == "ready" else moment, moment + (14 + 400 * arrived) * DAY,
                   state == "expired")

    base.executemany(
        "insert into transfer (id, conduit_id, source, destination, sender_id, department_id, purpose,"
        " classification, personal_data, treatment, state, why, emergency, lease, attempts, try_after,"
        " created, accepted, ready, ended, expires, released)"
        " values (?, 1, 'internet', 'lgwan', ?, 1, ?, 'I', 0, 0, ?, ?, 0, 0, 0, 0, ?, ?, ?, ?, ?, ?)", rows())
    base.execute("update transfer set released = 1 where expires < ? and released = 0", (now,))
    base.execute("insert into transfer_recipient select id, sender_id, case state when 'received' then ended end"
                 " from transfer where id >= ?", (first,))
    base.execute("insert into transfer_item (transfer_id, number, name, size, state, why, output_name, output_size)"
                 " select id, 1, 'memo.txt', 1000, 'refused', 'gate_virus', '', 0 from transfer where id >= ?",
                 (first,))


def fill_outbox(base, entries, now):
    """The sealer takes them from here into the journal."""
    first = base.execute("select value from counter where name = 'journal'").fetchone()[0] + 1

    def moment(n):
        utc = datetime.datetime.fromtimestamp((now - (entries - n) * 20 * 1000000) // 1000000,
                                              datetime.timezone.utc)
        tokyo = utc + datetime.timedelta(hours=9)
        return {"tokyo": tokyo.strftime("%Y-%m-%dT%H:%M:%S.000000+09:00"),
                "utc": utc.strftime("%Y-%m-%dT%H:%M:%S.000000Z")}

    kinds = (("transfer.create", {"classification": "1", "destination": "lgwan", "personal_data": "no",
                                  "source": "internet", "treatment": "rebuild"}),
             ("transfer.accept", None), ("login.accept", {"password": "own", "second_factor": "none"}))

    def rows():
        for n in range(entries):
            action, facts = kinds[n % 3]
            entry = {"action": action, "actor": f"person/{n % 1000 + 1}", "object": f"transfer/{n % 100000 + 1}",
                     "origin": {"address": "10.0.0.1", "zone": "internet"},
                     "schema": "sekisho.entry/1", "sequence": first + n, "time": moment(n)}
            if facts:
                entry["facts"] = facts
            yield first + n, json.dumps(entry, separators=(",", ":"), sort_keys=True).encode()

    base.executemany("insert into outbox (sequence, entry) values (?, ?)", rows())
    base.execute("update counter set value = value + ? where name = 'journal'", (entries,))
