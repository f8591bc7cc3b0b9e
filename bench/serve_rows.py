# SPDX-License-Identifier: GPL-3.0-or-later
"""The server: transfers end to end, the mover alone, pages under load, start-up, memory.

SEKISHO_BENCH_SMALL=1 fills a tenth of the data.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "test"), str(HERE.parent / "test/gate"), str(HERE.parent / "test/web")]
import town as town_pages  # noqa: E402
import town_fill  # noqa: E402
from row import Row  # noqa: E402

CLIENTS, SECONDS, TRANSFERS, UPLOADERS = 64, 10, 300, 8
SHARE = 10 if os.environ.get("SEKISHO_BENCH_SMALL") else 1
PAGES = (("login", "internet", "/login"), ("home", "internet", "/"), ("inbox", "lgwan", "/inbox"),
         ("outbox", "internet", "/outbox"), ("people", "internet", "/people"),
         ("people, searched", "internet", "/people?search=0500"), ("journal", "internet", "/journal"))
P99 = 50  # ms, DESIGN.md section 12
LIMITS = "requests_per_second = 100000\nconnections_per_address = 1000\nthreads = 4"


def milliseconds(text):
    found = re.match(r"([\d.]+)(us|ms|s|m)$", text)
    assert found, text
    number, unit = found.groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[unit]


def warm(port, path, cookies):
    """Each page once by itself: it answers with 200, or the row would measure something else."""
    browser = town_pages.Browser(port)
    browser.cookies = dict(cookies)
    status = browser.get(path).status
    assert status == 200, (path, status)


def load(port, path, cookies):
    """p50 and p99 in milliseconds, and requests a second, of wrk's clients asking for one page."""
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    said = subprocess.run(["wrk", "-t2", f"-c{CLIENTS}", f"-d{SECONDS}s", "--latency", "-H", f"Cookie: {cookie}",
                           f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said and "Socket errors" not in said, said
    half, most = (milliseconds(re.search(rf"^\s+{share}%\s+(\S+)", said, re.M)[1]) for share in (50, 99))
    return half, most, float(re.search(r"Requests/sec:\s+(\S+)", said)[1])


def memory(town):
    """PSS and RSS in MB by role, the pools' zygotes among their own."""
    found = {}
    lines = [json.loads(line) for line in town.messages().splitlines() if line.startswith("{")]
    processes = {line["number"]: line["role"] for line in lines if line["event"] == "started"}
    for number, role in list(processes.items()):
        try:
            children = pathlib.Path(f"/proc/{number}/task/{number}/children").read_text().split()
        except OSError:
            continue
        processes.update({int(child): role + "'s pool" for child in children})
    for number, role in processes.items():
        try:
            text = pathlib.Path(f"/proc/{number}/smaps_rollup").read_text()
        except OSError:
            continue
        pss, rss = (int(re.search(rf"^{name}:\s+(\d+)", text, re.M)[1]) / 1024 for name in ("Pss", "Rss"))
        if role not in found or found[role][1] < rss:
            found[role] = pss, rss
    return found


def await_states(town, wanted):
    """Waits until so many transfers of the bench have left the mover."""
    base = sqlite3.connect(f"file:{town.data}/sekisho.db?mode=ro", uri=True)
    query = "select count(*) from transfer where purpose = '照会への回答' and state in ('ready', 'refused')"
    while base.execute(query).fetchone()[0] < wanted:
        time.sleep(0.02)
    base.close()


def end_to_end(town, sender):
    """Transfers a second from the first byte sent to the last one in the inbox."""
    content = "庁舎の電気設備点検のお知らせ\n".encode() * 100
    start = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(UPLOADERS) as pool:
        list(pool.map(lambda n: town.send(sender, f"{n}.txt", content), range(TRANSFERS)))
    await_states(town, TRANSFERS)
    return TRANSFERS / (time.monotonic() - start)


def mover_alone(build):
    """Transfers a second of a mover that finds them waiting."""
    driver = build / "test/transfer_driver"
    with tempfile.TemporaryDirectory(prefix="sekisho-bench-", dir=build) as folder:
        place = pathlib.Path(folder, "town")
        subprocess.run([driver, "setup", place], check=True)
        sender = subprocess.Popen([driver, "send", place], stdout=subprocess.PIPE, text=True)
        for _ in range(TRANSFERS):
            sender.stdout.readline()
        sender.kill()
        sender.wait()
        start = time.monotonic()
        subprocess.run([driver, "drain", place], check=True, stdout=subprocess.DEVNULL)
        return TRANSFERS / (time.monotonic() - start)


def await_sealed(town, entries):
    base = sqlite3.connect(f"file:{town.data}/sekisho.db?mode=ro", uri=True)
    while base.execute("select count(*) from outbox").fetchone()[0] > 1000:
        time.sleep(0.1)
    base.close()


def rows(build):
    if not shutil.which("wrk"):
        raise SystemExit("wrk is absent: make deps-long installs it")
    os.environ["SEKISHO_BUILD"] = str(build)
    import small_town
    yield Row("mover alone, transfers of 1 to 3 texts, with inbox and journal", mover_alone(build), "/s",
              more_is_better=True)
    town = small_town.SmallTown(general=LIMITS)
    town.begin()
    sender = town.changed("sender")
    yield Row("transfers end to end, HTTP to inbox, 3 KB text, 8 senders", end_to_end(town, sender), "/s",
              more_is_better=True)
    town.stop()
    start = time.monotonic()
    town_fill.fill(town.data, 1000, 100000 // SHARE, 1000000 // SHARE)
    yield Row("filling 1,000 staff, 100,000 transfers, 1 M entries", time.monotonic() - start, "s")
    town.begin()
    await_sealed(town, 1000000 // SHARE)
    town.stop()
    start = time.monotonic()
    town.begin()
    yield Row("start with that data, until every zone answers", time.monotonic() - start, "s", target=1)
    cookies = {zone: town.changed("sender", getattr(town, zone)).cookies for zone in ("internet", "lgwan")}
    for name, zone, path in PAGES:
        port, mine = getattr(town, zone), {} if path == "/login" else cookies[zone]
        warm(port, path, mine)
        half, most, rate = load(port, path, mine)
        yield Row(f"page {name}, p99, {CLIENTS} clients (p50 {half:.3g}, {rate:,.0f}/s)", most, "ms", target=P99)
    for role, (pss, rss) in sorted(memory(town).items()):
        yield Row(f"memory of {role}, RSS (PSS {pss:.3g})", rss, "MB")
    town.stop()
