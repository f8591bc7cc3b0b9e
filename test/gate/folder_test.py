# SPDX-License-Identifier: GPL-3.0-or-later
"""Watched folders of a served town: what appears in one network appears disarmed in the other, with
its receipts, once, whatever is killed meanwhile.

SEKISHO_SIGKILL_RUNS sets the number of kills (5 unless told).
"""

import atexit
import json
import os
import pathlib
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402
import small_town  # noqa: E402

RUNS = int(os.environ.get("SEKISHO_SIGKILL_RUNS", "5"))
BIDI = "\u202e"  # disarming takes it out of a text
TOWN = small_town.SmallTown()
ROOT = pathlib.Path(TOWN.folder.name)


def section(name, source, destination, label):
    (ROOT / name).mkdir()
    (ROOT / (name + "-out")).mkdir()
    return (f"[folder {name}]\npath = {ROOT}/{name}\noutput = {ROOT}/{name}-out\nowner = sender\n"
            f"source = {source}\ndestination = {destination}\nclassification = {label}\n"
            "purpose = 複合機からの取込み\nquiet = 1\n")


IN, OUT = ROOT / "scan", ROOT / "scan-out"
UP, UP_OUT = ROOT / "up", ROOT / "up-out"
TOWN.configure(more=section("scan", "internet", "lgwan", "3") + section("up", "lgwan", "internet", "3B"))
TOWN.begin()
atexit.register(TOWN.stop)


def put(folder, name, text):
    """As a program that writes under another name first."""
    (folder / ".writing").write_bytes(text.encode() if isinstance(text, str) else text)
    (folder / ".writing").rename(folder / name)


def wait_for(condition, what="it"):
    for _ in range(2400):
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come\n{TOWN.messages()[-3000:]}")


def names(folder):
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_what_appears_arrives_disarmed_with_its_receipts():
    put(IN, "お知らせ.txt", f"庁舎の{BIDI}点検\n")
    wait_for(lambda: (IN / "done/お知らせ.txt").exists())
    assert (OUT / "お知らせ.txt").read_text() == "庁舎の点検\n"
    receipt = json.loads((OUT / "お知らせ.txt.receipt.json").read_text())
    assert receipt["verdict"] == "rebuilt" and receipt["input"]["name"] == "お知らせ.txt"
    text = (OUT / "お知らせ.txt.receipt.txt").read_text()
    assert text.startswith("無害化票") and "取り除いたもの" in text and receipt["input"]["sha256"] in text
    assert (IN / "done/お知らせ.txt").read_text() == f"庁舎の{BIDI}点検\n"
    assert names(IN) == ["done", "refused"] and names(OUT / ".sekisho") == []


def test_half_written_files_wait():
    with open(IN / "大きい.txt", "w") as file:
        for _ in range(5):
            file.write("まだ書いています\n")
            file.flush()
            time.sleep(0.5)
            assert not (OUT / "大きい.txt").exists()
        (IN / "別.txt.part").write_text("x\n")
    wait_for(lambda: (OUT / "大きい.txt").exists())
    assert (OUT / "大きい.txt").read_text().count("まだ") == 5
    assert (IN / "別.txt.part").exists()
    (IN / "別.txt.part").rename(IN / "別.txt")
    wait_for(lambda: (OUT / "別.txt").exists())


def test_what_is_refused_says_why_and_does_not_arrive():
    put(IN, "壊れた.pdf", "%PDF-1.7\nbroken")
    wait_for(lambda: (IN / "refused/壊れた.pdf").exists())
    reason = next((IN / "refused").glob("壊れた-*.pdf.reason.txt")).read_text()
    assert reason.startswith("受け渡しませんでした"), reason
    assert not list(OUT.glob("壊れた*"))


def test_equal_names_do_not_replace_one_another():
    for text in ("一\n", "二\n"):
        put(IN, "同じ.txt", text)
        wait_for(lambda: not (IN / "同じ.txt").exists())
    wait_for(lambda: len(list((IN / "done").glob("同じ*.txt"))) == 2)
    assert sorted(p.read_text() for p in OUT.glob("同じ*.txt") if "receipt" not in p.name) == ["一\n", "二\n"]


def test_only_plain_files_are_taken():
    secret = ROOT / "secret.txt"
    secret.write_text("秘密\n")
    (IN / "リンク.txt").symlink_to(secret)
    os.mkfifo(IN / "管.txt")
    (IN / "束").mkdir()
    (IN / "束/中.txt").write_text("x\n")
    put(IN, "次.txt", "次\n")
    wait_for(lambda: (OUT / "次.txt").exists())
    time.sleep(2)
    assert names(IN) == ["done", "refused", "リンク.txt", "束", "管.txt"]
    assert not list(OUT.glob("リンク*")) and not list(OUT.glob("中*"))
    assert TOWN.messages().count("folder_not_a_file") == 3


def test_names_of_every_kind_arrive_or_are_refused():
    long = "長" * 80 + ".txt"  # 244 bytes
    put(IN, long, "長い\n")
    put(IN, "-rf ; $(x) 'y'.txt", "記号\n")
    (IN / ".writing").write_text("不正\n")
    os.rename(IN / ".writing", os.fsencode(IN) + b"/\x83\x65\xff.txt")  # CP932 and worse
    wait_for(lambda: (OUT / "-rf ; $(x) 'y'.txt").exists())
    wait_for(lambda: [p for p in OUT.glob("長*.txt") if "receipt" not in p.name])
    wait_for(lambda: any(p.read_bytes() == "不正\n".encode() for p in OUT.glob("*.txt")))
    wait_for(lambda: names(IN)[2:] == ["リンク.txt", "束", "管.txt"])


def test_what_is_too_large_is_refused_at_once():
    with open(IN / ".writing", "wb") as file:
        file.truncate(101 << 20)
    (IN / ".writing").rename(IN / "巨大.txt")
    wait_for(lambda: (IN / "refused/巨大.txt").exists())
    assert next((IN / "refused").glob("巨大-*.reason.txt")).read_text().strip()


def test_a_transfer_that_needs_an_approval_waits_for_it():
    put(UP, "外へ.txt", "外へ\n")
    wait_for(lambda: list((UP / ".taken").iterdir()))
    sender = TOWN.changed("sender", TOWN.lgwan)
    page = wait_for(lambda: (t := sender.get("/outbox").text) and "承認" in t and t)
    path = re.search(r'href="(/outbox/\d+)"', page)[1]
    assert names(UP_OUT) == []
    sender.get(path)
    sender.post(path + "/recall", reason="不要になったため")
    wait_for(lambda: (UP / "refused/外へ.txt").exists())
    assert "取り消された" in next((UP / "refused").glob("外へ-*.reason.txt")).read_text()
    assert names(UP_OUT) == []


def set_scheme(**labels):
    """The levels of the organization's scheme as an adopted policy sets them: r4="I"."""
    with sqlite3.connect(TOWN.data / "sekisho.db", timeout=30) as database:
        database.execute("delete from setting where name like 'policy.classification.%'")
        for rank, label in labels.items():
            database.execute("insert into setting values (?, ?, 0)",
                             (f"policy.classification.{rank[1:]}.label", label))


def add_manager():
    said = subprocess.run([tap.SEKISHO, "user", "add", TOWN.data, "manager", "--name", "見本 管理",
                           "--department", "0100", "--role", "system_manager"], check=True,
                          capture_output=True, text=True).stdout
    TOWN.passwords["manager"] = re.search(r"[-A-Za-z0-9]{12,}", said)[0]
    return TOWN.changed("manager", TOWN.lgwan)


def test_a_label_that_the_scheme_no_longer_has_lets_files_wait_and_says_why():
    manager = add_manager()
    assert "取込みフォルダー" not in manager.get("/zones").text + manager.get("/").text
    set_scheme(r4="I", r3="II", r1="III", r0="IV")
    put(IN, "区分.txt", "区分\n")
    page = wait_for(lambda: (t := manager.get("/zones").text) and "この団体の区分" in t and t)
    assert "「3」" in page and "「3B」" in page and "I, II, III, IV" in page and ">scan<" in page
    assert "止まっている取込みフォルダー" in manager.get("/").text
    assert "取込みフォルダー" not in TOWN.changed("sender", TOWN.lgwan).get("/").text
    time.sleep(5)
    assert names(IN)[2:] and not list(OUT.glob("区分*")) and "区分.txt" in names(IN)
    assert TOWN.messages().count('"folder_label"') == 2, "said once for each folder"
    set_scheme()
    wait_for(lambda: (OUT / "区分.txt").exists())
    wait_for(lambda: "取込みフォルダー" not in manager.get("/zones").text + manager.get("/").text)


def started(role):
    return [line["number"] for line in map(json.loads, TOWN.messages().splitlines())
            if line["event"] == "started" and line["role"] == role]


def test_the_process_is_locked_in():
    wait_for(lambda: "Seccomp:\t2" in pathlib.Path(f"/proc/{started('folder')[-1]}/status").read_text())


def test_killed_anywhere_nothing_is_lost_and_nothing_comes_twice():
    chance = random.Random(20261127)
    sent = 0
    for run in range(RUNS):
        for _ in range(chance.randrange(1, 6)):
            sent += 1
            put(IN, f"殺{sent:04d}.txt", f"{sent}{BIDI}\n")
        time.sleep(chance.uniform(0.2, 2.5))
        role = chance.choice(("folder", "folder", "mover"))
        before = started(role)
        try:
            os.kill(before[-1], signal.SIGKILL)
        except ProcessLookupError:
            pass
        wait_for(lambda: len(started(role)) > len(before), role)
        print(f"# kill {run + 1}: {role}, {sent} files put so far")
        sys.stdout.flush()
    wait_for(lambda: len(list((IN / "done").glob("殺*"))) == sent, "the last file")
    arrived = [p for p in OUT.glob("殺*.txt") if "receipt" not in p.name]
    assert sorted(p.read_text() for p in arrived) == sorted(f"{n}\n" for n in range(1, sent + 1))
    assert not list(IN.glob("殺*")) and not list((IN / ".taken").iterdir())
    assert names(OUT / ".sekisho") == []
    print(f"# {sent} files over {RUNS} kills: each arrived once")


def test_all_is_in_the_journal():
    assert TOWN.stop() == 0, TOWN.messages()
    journal = TOWN.journal()
    assert journal.count('"folder.place"') == len(
        [p for p in OUT.iterdir() if p.is_file() and "receipt" not in p.name])
    assert '"folder/scan"' in journal


def test_a_wrong_section_names_line_and_reason():
    for text, reason in (("[folder a]\npath = here\n", "/PATH"), ("[folder a]\npersonal = maybe\n", "yes, no"),
                         ("[folder a]\npath = /a\n", "output"), ("[folder a]\n[folder a]\n", "twice")):
        TOWN.configure(more=text)
        done = small_town.subprocess.run(
            [tap.SEKISHO, "serve", "--config", TOWN.config], capture_output=True, text=True,
            env={**os.environ, "LC_ALL": "en_US.UTF-8"})
        assert done.returncode == 3 and f"{TOWN.config}:" in done.stderr and reason in done.stderr, done.stderr


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
