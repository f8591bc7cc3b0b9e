# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever fails between upload and inbox: nothing that was accepted is lost, nothing comes twice,
nothing undisarmed and nothing half shows at the destination, the sender reads why, and it goes on by
itself once the fault is over.

A full disk is tried at every call that changes a file, of the sender's process, of the mover's and
of the sealer's: it stays full, or has room again some calls later. Then in the served program on a
small file system of its own, in a mount namespace (skipped where the kernel allows none, a failure
there when CI=true). And workers are killed, never end, or lie about what they made.

SEKISHO_FAULT_STEP: every which call is tried (25 unless told); SEKISHO_FAULT_ROOMS: how many
amounts of room are tried on the small file system (2).
"""

import contextlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import drained  # noqa: E402
import scanner  # noqa: E402
import tap  # noqa: E402

STEP = int(os.environ.get("SEKISHO_FAULT_STEP", "25"))
ROOMS = int(os.environ.get("SEKISHO_FAULT_ROOMS", "2"))
DRIVER = tap.BUILD / "test/transfer_driver"
SHIM = tap.BUILD / "test/journal/libcrash_shim.so"
SAID = (("disk_full", "no space left"),
        # SQLite does not say why it could not make or sync a file
        ("store_failed", "unable to open"), ("store_failed", "disk I/O error"))
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def drive(what, town, **shim):
    environment = dict(os.environ)
    if shim:
        environment |= {"LD_PRELOAD": str(SHIM), "CRASH_ROOT": str(town), "CRASH_MODE": "ENOSPC"}
        environment |= {key: str(value) for key, value in shim.items()}
    return subprocess.run([DRIVER, what, town], capture_output=True, text=True, env=environment,
                          timeout=120)


def must(what, town):
    done = drive(what, town)
    assert done.returncode == 0, (what, done.returncode, done.stderr)
    return done.stdout


def seen(town, output):
    """What a `drain` or `list` said: (state by transfer, transfers whose files can be opened, number
    of ends by transfer). An entry may stand in the journal already, in the database still, or both."""
    states, files, entries = drained.read(output)
    shown = subprocess.run([tap.SEKISHO, "journal", "show", "--json", town / "journal"],
                           capture_output=True, text=True)
    for line in shown.stdout.splitlines():
        entry = json.loads(line)["entry"]
        entries[entry["sequence"]] = entry
    return states, files, drained.count_ends(entries)


def look(town):
    """What can be seen while the fault is there: nothing but what is whole (the driver ends with 3
    on a file that was not disarmed, with 1 on one that is not all there)."""
    states, files, ends = seen(town, must("list", town))
    for number in states:
        assert (number in files) == (ends[number] == 1), (states, files, ends)
    return states


def finish(town, accepted):
    """The fault is over: all that was accepted ends, once."""
    states, files, ends = seen(town, must("drain", town))
    assert accepted <= set(states), f"accepted and gone: {accepted - set(states)}"
    for number, state in states.items():
        if state == "uploading":
            assert number not in accepted and not ends[number], (number, "was accepted and is not")
        else:
            assert state in ("ready", "received"), (number, state)
            assert ends[number] == 1 and number in files, (number, ends[number], number in files)
    must("seal", town)
    whole = subprocess.run([tap.SEKISHO, "journal", "verify", town / "journal", "--key",
                            (town / "keys/journal.pub").read_text().strip()], capture_output=True,
                           text=True)
    assert whole.returncode == 0, whole.stdout + whole.stderr
    return states


def leave_one_attempt(town):
    """As if movers had died over the transfer before: once more, and it is given up."""
    with sqlite3.connect(town / "sekisho.db") as database:
        database.execute("update transfer set attempts = 4")
    database.close()


def full_everywhere(what, before):
    """The disk is full from each call of `what` on, for good or for some calls; `before` is done
    first without a fault. How many runs of it said so, and how many went on nevertheless."""
    if not SHIM.exists():
        raise tap.Skip("built without the program that takes the disk away")
    told = silent = at = 0
    with tempfile.TemporaryDirectory(prefix="sekisho-faults-", dir=MEMORY) as folder:
        template, town = pathlib.Path(folder, "template"), pathlib.Path(folder, "town")
        must("setup", template)
        accepted = {int(line) for step in before for line in must(step, template).split()}
        at = 1
        while True:
            reached = False
            for shim in ({"CRASH_AT": at}, {"CRASH_AT": at, "CRASH_FOR": 1},
                         {"CRASH_AT": at, "CRASH_FOR": 9}):
                shutil.rmtree(town, ignore_errors=True)
                shutil.copytree(template, town, symlinks=True)
                if "CRASH_FOR" in shim:  # a full disk is no attempt
                    leave_one_attempt(town)
                done = drive(what, town, **shim)
                assert done.returncode in (0, 1), (at, shim, done)
                if done.returncode == 1:
                    assert any(done.stderr.startswith(code + ":") and words in done.stderr
                               for code, words in SAID), (shim, done)
                    reached = True
                    told += 1
                else:
                    silent += 1
                said = {int(line) for line in done.stdout.split("\n") if line.isdigit()}
                look(town)
                finish(town, accepted | said)
            if not reached:
                break
            at += STEP
    print(f"# full disk at every {STEP}th call of '{what}', {at} calls: {told} times it said so, "
          f"{silent} times it went on; nothing lost, nothing half")
    assert at > 40, "there are more calls than that"


def test_a_disk_that_is_full_at_any_call_of_the_sender_loses_nothing():
    full_everywhere("once", [])


def test_a_disk_that_is_full_at_any_call_of_the_mover_loses_nothing():
    full_everywhere("drain", ["once"])


def test_a_disk_that_is_full_at_any_call_of_a_mover_with_a_scanner_loses_nothing():
    with tempfile.TemporaryDirectory(prefix="sekisho-faults-") as folder:
        os.environ["SEKISHO_SCANNER"] = str(pathlib.Path(folder, "scanner.socket"))
        scanner.Scanner(os.environ["SEKISHO_SCANNER"], lambda content: True)
        try:
            full_everywhere("drain", ["demand", "once"])
        finally:
            del os.environ["SEKISHO_SCANNER"]


def test_a_disk_that_is_full_at_any_call_of_the_sealer_loses_nothing():
    full_everywhere("seal", ["once"])


def test_a_worker_that_dies_hangs_or_lies_lets_nothing_through():
    with tempfile.TemporaryDirectory(prefix="sekisho-faults-", dir=MEMORY) as folder:
        town = pathlib.Path(folder, "town")
        must("setup", town)
        numbers = {how: int(must(how, town)) for how in ("crash", "slow", "lie")}
        must("hurry", town)
        numbers["once"] = int(must("once", town))
        states, files, ends = seen(town, must("drain", town))
        for how, number in numbers.items():
            assert states[number] == ("ready" if how == "once" else "refused"), (how, states)
            assert (number in files) == (how == "once") and ends[number] == 1, how
        with sqlite3.connect(town / "sekisho.db") as database:
            why = dict(database.execute("select id, why from transfer"))
        assert why[numbers["slow"]] == "limit_time", why
        print("# refused:", ", ".join(f"{how} ({why[number]})" for how, number in numbers.items()
                                      if how != "once"))


# ---- the served program on a small file system ----

SIZE = 96 << 20  # room for the journal's write-ahead log, which takes its room beforehand
WAITS = "順番待ち", "無害化"


def filled(place, room):
    """A file that leaves so many bytes of a file system."""
    filler = pathlib.Path(place, "filler")
    free = os.statvfs(place)
    with open(filler, "wb", buffering=0) as file, contextlib.suppress(OSError):  # others write too
        left = free.f_bavail * free.f_frsize - room
        while left > 0:
            left -= file.write(bytes(min(left, 1 << 20)))
    return filler


def inner_served(place):
    tempfile.tempdir = place
    import small_town  # its directories are to be on that file system
    town = small_town.SmallTown()
    town.begin()
    sender = town.changed("sender")
    inside = town.changed("sender", town.lgwan)
    content = ("庁舎の\u202e点検\n" * 20000).encode()  # 0.4 MB
    form = sender.get("/send")
    conduit = small_town.re.search(r'name="conduit" value="(\d+)"', form.text)[1]
    rooms = [0, 4096, 32768, 131072, 262144, 400000, 800000, 500000, 600000, 1000000, 1200000, 1600000]
    told = went = 0
    for room in rooms[::max(1, len(rooms) // ROOMS)]:
        sender.get("/send")
        filler = filled(place, room)
        answer = sender.upload("/send", "files", f"残り{room}.txt", content, conduit=conduit,
                               recipients="", purpose="点検", classification="1", personal="no")
        path = answer.location if answer.status == 303 else None
        if path is None:
            told += 1
            assert "空き" in answer.text, (room, answer.status, answer.text)
        time.sleep(2)
        if path is not None:
            page = sender.get(path).text
            assert any(word in page for word in ("空き", "受け取れます", *WAITS)), page
        os.remove(filler)
        if path is None:
            continue
        went += 1
        town.await_text(sender, path, "受け取れます")  # by itself
        number = path.rsplit("/", 1)[1]
        arrived = inside.get(f"/inbox/{number}/items/1")
        assert arrived.status == 200, (arrived.status, arrived.text)
        assert arrived.bytes == content.replace("\u202e".encode(), b""), "not whole or not disarmed"
        print(f"# room for {room} bytes: accepted, and arrived once there was room")
    path = town.send(sender, "終わり.txt", content)
    town.await_text(sender, path, "受け取れます")
    for _ in range(600):  # the sealer that found no room starts again by and by
        journal = town.journal()
        sealed = journal.count('"transfer.accept"'), journal.count('"transfer.deliver"')
        if sealed == (went + 1, went + 1):
            break
        time.sleep(0.1)
    assert sealed == (went + 1, went + 1), (sealed, went, town.messages())
    assert told and went, "one of both was not tried"
    assert town.stop() == 0, town.messages()
    subprocess.run([tap.SEKISHO, "journal", "verify", town.data / "journal", "--key",
                    (town.data / "keys/journal.pub").read_text().strip()], check=True,
                   capture_output=True)
    print(f"# {told} uploads refused with the reason on the page, {went} accepted and delivered")
    town.folder.cleanup()


def inner_folder(place):
    import small_town
    town = small_town.SmallTown()
    inlet = pathlib.Path(town.folder.name, "scan")
    inlet.mkdir()
    town.configure(more=f"[folder scan]\npath = {inlet}\noutput = {place}\nowner = sender\n"
                        "source = internet\ndestination = lgwan\nclassification = 1\n"
                        "purpose = 複合機からの取込み\nquiet = 1\n")
    filler = filled(place, 200000)
    with sqlite3.connect(town.data / "sekisho.db") as database:
        database.execute("update person set language = 'en' where login = 'sender'")
    database.close()
    town.begin()
    text = "庁舎の\u202e点検\n" * 20000  # 0.4 MB
    (inlet / ".writing").write_text(text)
    (inlet / ".writing").rename(inlet / "案内.txt")
    time.sleep(0.1)
    town.journal('"transfer.deliver"')
    for _ in range(100):
        assert sorted(p.name for p in pathlib.Path(place).iterdir()) == [".sekisho", "filler"]
        if "disk_full" in town.messages():
            break
        time.sleep(0.1)
    assert "disk_full" in town.messages(), town.messages()
    time.sleep(1)
    assert list(pathlib.Path(place, ".sekisho").iterdir()) == [], "something half written"
    assert '"transfer.open"' not in town.journal(), "opened in vain"
    os.remove(filler)
    arrived = pathlib.Path(place, "案内.txt")
    for _ in range(1200):
        if arrived.exists():
            break
        time.sleep(0.05)
    assert arrived.read_text() == text.replace("\u202e", ""), "not whole or not disarmed"
    receipt = pathlib.Path(place, "案内.txt.receipt.txt").read_text()
    assert receipt.startswith("Receipt of disarming") and "無害化票" not in receipt, receipt
    assert town.stop() == 0, town.messages()
    print("# a folder whose output was full: nothing half there, and all of it once there was room")


def test_a_watched_folder_whose_output_is_full_goes_on_by_itself():
    in_namespace("inner_folder", 4 << 20)


def test_a_served_town_with_a_full_disk_says_so_and_goes_on_by_itself():
    in_namespace("inner_served", SIZE)


def in_namespace(inner, size):
    """Runs a function of this file with a place that is a file system of its own."""
    tap.need_mount_namespace()
    with tempfile.TemporaryDirectory(prefix="sekisho-faults-") as place:
        # mounted as root of the namespace; served as somebody, as everywhere
        mount = f"mount -t tmpfs -o size={size},mode=1777 tmpfs {place}"
        again = f"exec unshare -U --map-user=1000 --map-group=1000 {sys.executable} {__file__} {inner} {place}"
        done = subprocess.run(["unshare", "-rm", "sh", "-c", f"{mount} && {again}"],
                              capture_output=True, text=True)
    print(done.stdout, end="")
    assert done.returncode == 0, done.stderr


if __name__ == "__main__":
    if len(sys.argv) > 1:
        globals()[sys.argv[1]](sys.argv[2])
    else:
        tap.run(sys.modules[__name__])
