# SPDX-License-Identifier: GPL-3.0-or-later
"""What people do with a transfer beyond sending it: approve, look into it, pick it up locked."""

import atexit
import hashlib
import html
import json
import os
import pathlib
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402
import town  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tools/samples"))
import container  # noqa: E402

TOWN = town.Server()
atexit.register(TOWN.stop)
PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>endobj
2 0 obj<</Type/Pages/Count 2/Kids[3 0 R 3 0 R]>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<<
/A<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj
4 0 obj<</Length 31>>stream
BT/A 24 Tf 9 50 Td(Policy)Tj ET
endstream endobj
trailer<</Root 1 0 R/Size 5>>
startxref
0
%%EOF
"""


def send(browser, to, purpose, name, data, **fields):
    """Sends one file and gives back the transfer's number."""
    page = browser.get("/send").text
    conduit = re.search(rf'value="(\d+)"[^>]*>\s*<label[^>]*>{to}', page)
    assert conduit, page
    sent = browser.upload("/send", "files", name, data, **{
        "conduit": conduit[1], "recipients": "", "purpose": purpose, "classification": "Ⅲ",
        "personal": "no", **fields})
    assert sent.status == 303, sent.text
    return int(sent.location.rsplit("/", 1)[1])


def await_state(browser, number, state):
    for _ in range(600):
        answer = browser.get(f"/outbox/{number}/state")
        if f'"state":"{state}"' in answer.text.split('"items"')[0]:
            return
        time.sleep(0.1)
    raise AssertionError(answer.text)


def request_of(manager, purpose):
    """The number of the request that waits, and what its checkbox brings back."""
    row = re.search(rf'name="request" value="((\d+) [^"]+)"(?:(?!</tr>).)*{purpose}',
                    manager.get("/approvals").text, re.S)
    assert row, manager.get("/approvals").text
    return row[2], row[1]


def pending(clerk, purpose, name="資料.pdf", data=PDF, **fields):
    number = send(clerk, "インターネット", purpose, name, data, personal="yes", **fields)
    await_state(clerk, number, "pending")
    return number


CLERK = TOWN.changed("tanaka", TOWN.lgwan)
MANAGER = TOWN.changed("sato", TOWN.lgwan)


def test_an_approver_sees_the_disarmed_pages_and_approves():
    number = pending(CLERK, "保護者への通知")
    case, _ = request_of(MANAGER, "保護者への通知")
    page = MANAGER.get(f"/approvals/{case}").text
    for seen in ("田中 花子", "保護者への通知", "<strong>含む", "除去", "資料.pdf", "/view"):
        assert seen in page, seen
    view = MANAGER.get(f"/transfers/{number}/items/1/view")
    assert view.status == 200 and "全2ページ" in view.text, view.text
    image = MANAGER.get(f"/transfers/{number}/items/1/pages/2")
    assert image.status == 200 and image.headers["Content-Type"] == "image/png"
    assert image.bytes.startswith(b"\x89PNG")
    assert MANAGER.get(f"/transfers/{number}/items/1/pages/3").status == 404
    MANAGER.get(f"/approvals/{case}")
    choice = re.search(r'name="request" value="([^"]+)"', page)[1]
    assert MANAGER.post(f"/approvals/{case}", request=choice, decision="approve",
                        reason="").location == "/approvals?done=approved"
    await_state(CLERK, number, "ready")
    assert MANAGER.get(f"/transfers/{number}/items/1/view").status == 404, "closed with the case"


def test_a_renderer_that_died_is_started_anew_and_answers():
    number = pending(CLERK, "描き手が倒れても")
    pid = [line["number"] for line in map(json.loads, TOWN.messages().splitlines())
           if line["event"] == "started" and line.get("role") == "renderer"][-1]
    os.kill(pid, signal.SIGKILL)
    image = MANAGER.get(f"/transfers/{number}/items/1/pages/1")
    assert image.status == 200 and image.bytes.startswith(b"\x89PNG"), image.status


def test_text_is_shown_as_text_and_says_so():
    number = pending(CLERK, "名簿の送付", "名簿.csv", "氏名,年齢\n見本 太郎,40\n".encode("cp932"))
    view = MANAGER.get(f"/transfers/{number}/items/1/view").text
    assert "見本 太郎" in view and "文字だけを取り出して" in view


def test_nobody_but_who_decides_looks_into_a_file():
    number = pending(CLERK, "のぞき見の試し")
    assert CLERK.get(f"/transfers/{number}/items/1/view").status == 403
    other = TOWN.changed("takahashi", TOWN.lgwan)
    assert other.get(f"/transfers/{number}/items/1/view").status == 404
    assert "のぞき見の試し" not in other.get("/approvals").text
    case, choice = request_of(MANAGER, "のぞき見の試し")
    refused = other.post(f"/approvals/{case}", request=choice, decision="approve", reason="")
    assert refused.status in (404, 409), refused.status
    await_state(CLERK, number, "pending")


def test_a_refusal_needs_a_reason_and_reaches_the_sender():
    number = pending(CLERK, "却下されるもの")
    case, choice = request_of(MANAGER, "却下されるもの")
    MANAGER.get(f"/approvals/{case}")
    bare = MANAGER.post(f"/approvals/{case}", request=choice, decision="refuse", reason=" ")
    assert bare.status == 422 and 'id="reason-error"' in bare.text
    done = MANAGER.post(f"/approvals/{case}", request=choice, decision="refuse",
                        reason="宛先が広すぎます")
    assert done.location == "/approvals?done=denied"
    await_state(CLERK, number, "refused")
    assert "宛先が広すぎます" in CLERK.get(f"/outbox/{number}").text


def test_several_are_decided_at_once_and_each_says_what_became_of_it():
    first, second = pending(CLERK, "一括の一"), pending(CLERK, "一括の二")
    choices = [request_of(MANAGER, "一括の一")[1],
               request_of(MANAGER, "一括の二")[1].split()[0] + " sha256:" + "0" * 64]
    body = "&".join(f"request={choice.replace(' ', '+')}" for choice in choices)
    answer = MANAGER.request("POST", "/approvals",
                             f"csrf={MANAGER.csrf}&decision=approve&reason=&{body}",
                             {"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status == 200, answer.text
    results = re.findall(r'<div class="notice (\w+)" role="status"><p><strong>([^<]+)', answer.text)
    assert results == [("done", "一括の一"), ("error", "一括の二")], results
    await_state(CLERK, first, "ready")
    await_state(CLERK, second, "pending")
    none = MANAGER.post("/approvals", decision="approve", reason="")
    assert none.status == 422 and "選んでください" in none.text


def test_ones_own_request_is_not_offered():
    number = pending(MANAGER, "課長自身の送付")
    assert "課長自身の送付" not in MANAGER.get("/approvals").text
    assert MANAGER.get(f"/transfers/{number}/items/1/view").status == 404


def test_a_closed_archive_is_held_until_its_password_comes():
    outside, inside = TOWN.changed("tanaka", TOWN.internet), CLERK
    number = send(outside, "LGWAN", "閉じた記録", "記録.zip", container.encrypted(b"hirakegoma", aes=True))
    await_state(outside, number, "held")
    page = outside.get(f"/outbox/{number}").text
    assert 'type="password"' in page
    empty = outside.post(f"/outbox/{number}/items/1/password", password="")
    assert empty.status == 422 and 'id="password-1-error"' in empty.text
    wrong = outside.post(f"/outbox/{number}/items/1/password", password="ちがう")
    assert wrong.location == f"/outbox/{number}?done=password"
    for _ in range(300):
        page = outside.get(f"/outbox/{number}").text
        if "入力されたパスワードでは開けない" in page:
            break
        time.sleep(0.1)
    else:
        raise AssertionError(page)
    assert 'type="password"' in page, "asked for again"
    outside.post(f"/outbox/{number}/items/1/password", password="hirakegoma")
    await_state(outside, number, "ready")
    assert inside.get(f"/inbox/{number}/items/1").bytes.startswith(b"PK")
    assert "hirakegoma" not in TOWN.messages()


def test_a_file_is_taken_locked_under_a_password_shown_once():
    outside = TOWN.changed("tanaka", TOWN.internet)
    number = send(outside, "LGWAN", "鍵をかけて受け取る", "案内.txt", "案内です\n".encode())
    await_state(outside, number, "ready")
    CLERK.get(f"/outbox/{number}")
    page = CLERK.post(f"/inbox/{number}/items/1/lock")
    assert page.status == 200, page.text
    password = re.search(r'id="password"[^>]*>([a-z2-9-]{20})<', page.text)[1]
    assert "受領済み" not in CLERK.get(f"/outbox/{number}").text, "looking picks nothing up"
    CLERK.post(f"/inbox/{number}/items/1/lock")
    short = CLERK.post(f"/inbox/{number}/items/1/archive", password="abc")
    assert short.status == 400, short.status
    got = CLERK.post(f"/inbox/{number}/items/1/archive", password=password)
    assert got.status == 200 and "attachment" in got.headers["Content-Disposition"]
    with tempfile.TemporaryDirectory() as folder:
        archive = pathlib.Path(folder, "a.zip")
        archive.write_bytes(got.bytes)
        for tried, fits in ((password, True), ("a" * 20, False)):
            key = pathlib.Path(folder, "key")
            key.write_text(tried)
            done = subprocess.run([tap.SEKISHO, "disarm", "--password-file", key, "-o",
                                   pathlib.Path(folder, "out.zip"), archive], capture_output=True)
            assert (done.returncode == 0) == fits, done.stderr
        with zipfile.ZipFile(pathlib.Path(folder, "out.zip")) as opened:
            assert opened.read("案内.txt") == "案内です\n".encode()
    assert outside.post(f"/inbox/{number}/items/1/lock").status == 404, "not where it came from"


def test_a_receipt_says_what_became_of_a_file_and_carries_its_proof():
    outside = TOWN.changed("tanaka", TOWN.internet)
    number = send(outside, "LGWAN", "票の確かめ", "案内.pdf", PDF)
    await_state(outside, number, "ready")
    address = f"/transfers/{number}/items/1/receipt"
    for _ in range(100):
        page = outside.get(address).text
        if "封印の値" in page:
            break
        time.sleep(0.1)
    else:
        raise AssertionError(page)
    for seen in ("案内.pdf", "除去", "危険な部分を除いて作り直す", "SHA-256"):
        assert seen in page, seen
    record = outside.get(address + ".json")
    digest = "sha256:" + hashlib.sha256(record.bytes).hexdigest()
    assert digest in page, "the page names the fingerprint of the record"
    entry = int(re.search(r"記録の項目番号</dt><dd>(\d+)", page)[1])
    journal = pathlib.Path(TOWN.folder.name, "town/journal")
    with tempfile.TemporaryDirectory() as folder:
        proof = pathlib.Path(folder, "entry.proof")
        subprocess.run([tap.SEKISHO, "journal", "proof", journal, str(entry - 1), "-o", proof],
                       check=True)
        shown = subprocess.run([tap.SEKISHO, "journal", "check", proof, "--key",
                                journal.parent / "keys/journal.first.pub"],
                               check=True, capture_output=True, text=True).stdout
    assert digest in shown and f"transfer/{number}" in shown, shown
    pdf = outside.get(address + ".pdf")
    assert pdf.status == 200 and pdf.headers["Content-Type"] == "application/pdf", pdf.text
    assert pdf.bytes.startswith(b"%PDF") and b"JavaScript" not in pdf.bytes
    assert CLERK.get(address).status == 200, "the recipient sees it too"
    assert MANAGER.get(address).status == 404, "others do not"
    auditor = TOWN.changed("ito", TOWN.internet)
    assert address in auditor.get(f"/journal/{entry}").text, "the entry leads to its receipt"
    assert auditor.get(address).status == 200, "auditors read every receipt"
    assert auditor.get(f"/inbox/{number}/items/1").status in (403, 404), "and no file"


def test_the_receipts_of_a_whole_transfer_stand_on_one_sheet():
    outside = TOWN.changed("tanaka", TOWN.internet)
    number = send(outside, "LGWAN", "票をまとめる", "案内.pdf", PDF, more=[("一覧.csv", b"a,b\n=1+1,2\n")])
    await_state(outside, number, "ready")
    address = f"/transfers/{number}/receipt"
    assert address in outside.get(f"/outbox/{number}").text, "the transfer leads to it"
    page = outside.get(address).text
    for seen in ("案内.pdf", "一覧.csv", "この票の証明", 'id="objects-2"'):
        assert seen in page, seen
    assert page.count("<h2 id=\"file-") == 2
    for item in (1, 2):
        record = outside.get(f"/transfers/{number}/items/{item}/receipt.json").bytes
        assert "sha256:" + hashlib.sha256(record).hexdigest() in page, item
    pdf = outside.get(address + ".pdf")
    assert pdf.status == 200 and pdf.bytes.startswith(b"%PDF") and len(pdf.bytes) < 150000, len(pdf.bytes)
    assert f"receipt-{number}.pdf" in pdf.headers["Content-Disposition"]
    assert CLERK.get(address).status == 200, "the recipient sees it too"
    assert MANAGER.get(address).status == 404, "others do not"


def blob_files():
    return sum(path.is_file() and path.name != "lock" for path in (TOWN.data / "blobs").rglob("*"))


def newest(browser):
    """State and reason of what was sent last."""
    path = re.search(r'href="(/outbox/\d+)"', browser.get("/outbox").text)[1]
    answer = json.loads(browser.get(path + "/state").text)
    return answer["state"], answer["why"]


def half_an_upload(browser, files, length=1 << 20):
    """An open connection over which a form with whole files and the beginning of one came."""
    page = browser.get("/send").text
    conduit = re.search(r'value="(\d+)"[^>]*>\s*<label[^>]*>LGWAN', page)[1]
    fields = {"csrf": browser.csrf, "conduit": conduit, "recipients": "", "purpose": "途中で切れる",
              "classification": "Ⅲ", "personal": "no"}
    body = "".join(f'--mark\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                   for name, value in fields.items())
    body += "".join(f'--mark\r\nContent-Disposition: form-data; name="files"; filename="{number}.txt"\r\n\r\n'
                    + "あ" * 20000 + "\r\n" for number in range(files + 1))
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    connection = socket.create_connection(("127.0.0.1", browser.port))
    connection.sendall((f"POST /send HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n"
                        "Content-Type: multipart/form-data; boundary=mark\r\n"
                        f"Content-Length: {length}\r\n\r\n{body}").encode())
    return connection


def await_newest(browser, state):
    for _ in range(200):
        if newest(browser)[0] == state:
            return newest(browser)[1]
        time.sleep(0.05)
    raise AssertionError(newest(browser))


def test_an_upload_that_breaks_off_leaves_nothing_behind():
    clerk = TOWN.changed("tanaka")
    before = blob_files()
    connection = half_an_upload(clerk, 2)
    await_newest(clerk, "uploading")
    for _ in range(200):
        if blob_files() >= before + 2:
            break
        time.sleep(0.05)
    else:
        raise AssertionError("no file came")
    connection.close()
    assert "もう一度送って" in await_newest(clerk, "recalled")
    assert blob_files() == before


def test_a_refused_upload_leaves_nothing_behind():
    clerk = TOWN.changed("tanaka")
    before = blob_files()
    page = clerk.get("/send").text
    conduit = re.search(r'value="(\d+)"[^>]*>\s*<label[^>]*>LGWAN', page)[1]
    refused = clerk.upload("/send", "files", "0.txt", "〇".encode(), [(f"{i}.txt", b"x") for i in range(1, 51)],
                           conduit=conduit, recipients="", purpose="多すぎる", classification="Ⅲ", personal="no")
    assert refused.status == 422 and "50" in refused.text, refused.text
    assert newest(clerk)[0] == "recalled" and blob_files() == before


def test_what_a_killed_web_process_left_is_given_up_within_minutes():
    clerk = TOWN.changed("tanaka")
    connection = half_an_upload(clerk, 1)
    await_newest(clerk, "uploading")
    killed = [line["number"] for line in map(json.loads, TOWN.messages().splitlines())
              if line["event"] == "started" and line["role"] == "web" and line["zone"] == "internet"][-1]
    os.kill(killed, signal.SIGKILL)
    TOWN.await_health(TOWN.internet)
    connection.close()
    assert newest(clerk)[0] == "uploading"
    with sqlite3.connect(TOWN.data / "sekisho.db", timeout=30) as database:
        left = database.execute("select max(expires) from transfer where state = 'uploading'").fetchone()[0]
        assert left / 1e6 - time.time() < 310, left
        database.execute("update transfer set expires = 1 where state = 'uploading'")
    assert "もう一度送って" in await_newest(clerk, "expired")


def test_only_labels_of_the_own_scheme_are_taken():
    page = CLERK.get("/send").text
    conduit = re.search(r'name="conduit" value="(\d+)"', page)[1]
    for label in ("1", "3A", "II", "極秘", "Ⅱ "):
        answer = CLERK.upload("/send", "files", "a.txt", b"a\n", conduit=conduit, recipients="", purpose="区分の確かめ",
                              classification=label, personal="no")
        assert answer.status == 422 and "Ⅰ, Ⅱ, Ⅲ" in answer.text and 'id="classification-error"' in answer.text, label
    assert "区分の確かめ" not in CLERK.get("/outbox").text


def own_texts():
    """The labels of the town's policy with their texts."""
    with sqlite3.connect(TOWN.data / "sekisho.db", timeout=30) as database:
        rows = dict(database.execute("select name, value from setting where name like 'policy.classification.%'"))
    return {rows[f"policy.classification.{rank}.label"]: rows[f"policy.classification.{rank}.text"]
            for rank in range(5) if f"policy.classification.{rank}.label" in rows}


def test_labels_are_explained_in_the_words_of_the_own_policy():
    texts = own_texts()
    assert texts["Ⅲ"], texts
    help_text = CLERK.get("/send").text.split("<details>")[1].split("</details>")[0]
    assert all(f"{label}（{text}）" in html.unescape(help_text) for label, text in texts.items() if text), help_text
    assert "機密性1です" not in help_text
    number = send(CLERK, "LGWAN" if CLERK.port == TOWN.internet else "イン", "区分の意味", "a.txt", b"a\n")
    page = html.unescape(CLERK.get(f"/outbox/{number}").text)
    assert f"Ⅲ（{texts['Ⅲ']}）" in page, page
    page = TOWN.changed("takahashi", TOWN.lgwan).get("/zones").text
    assert "Ⅲ以上" in page and "機密性2以上" not in page, page


def test_a_label_that_the_guideline_has_too_keeps_the_policys_own_text():
    with sqlite3.connect(TOWN.data / "sekisho.db", timeout=30) as database:
        kept = list(database.execute("select * from setting where name like 'policy.classification.%'"))
        database.execute("delete from setting where name like 'policy.classification.%'")
        for rank, label, text in ((4, "3", "町長だけが見るもの"), (1, "2", "役場の中で見るもの"), (0, "1", "町の誰もが見るもの")):
            database.execute("insert into setting values (?, ?, 0)", (f"policy.classification.{rank}.label", label))
            database.execute("insert into setting values (?, ?, 0)", (f"policy.classification.{rank}.text", text))
    try:
        page = CLERK.get("/send").text
        assert page.count("2（役場の中で見るもの）") == 2 and "直ちに一般に公表" not in page and "機密性2です" not in page
    finally:
        with sqlite3.connect(TOWN.data / "sekisho.db", timeout=30) as database:
            database.execute("delete from setting where name like 'policy.classification.%'")
            database.executemany("insert into setting values (?, ?, ?)", kept)


def test_questions_propose_a_label_and_the_form_takes_it():
    names = ("number", "personal", "life", "unpublished", "hinder")
    def ask(**yes):
        return CLERK.get("/send/label?asked=1&" + "&".join(
            f"{name}={'yes' if yes.get(name) else 'no'}" for name in names))
    assert CLERK.get("/send/label").status == 200
    assert CLERK.get("/send/label?asked=1&number=no").status == 422
    found = [re.search(r'name="classification" value="([^"]+)"', ask(**yes).text)[1]
             for yes in ({}, {"hinder": 1}, {"unpublished": 1}, {"number": 1, "hinder": 1})]
    assert found == ["Ⅲ", "Ⅱ", "Ⅱ", "Ⅰ"], "the scheme of the town's policy"
    page = CLERK.get("/send?classification=" + urllib.parse.quote("Ⅱ")).text
    assert re.search(r'<option value="Ⅱ" selected', page), page


def test_the_reason_of_a_transfer_is_not_told_as_that_of_each_file():
    number = pending(CLERK, "理由は一度だけ")
    base = sqlite3.connect(pathlib.Path(TOWN.folder.name, "town/sekisho.db"), timeout=30)
    base.execute("update transfer set why = 'gate_disk_full' where id = ?", (number,))
    base.commit()
    base.close()
    page = CLERK.get(f"/outbox/{number}").text
    sentence = re.search(r'id="state".*?<p>.*?</span>\s*([^<]+)</p>', page, re.S)[1].strip()
    assert len(sentence) > 5 and page.count(sentence) == 1, page


def request_row(browser, purpose):
    row = re.search(rf'<tr><th[^>]*><a href="/outbox/\d+">{purpose}</a>.*?</tr>', browser.get("/requests").text, re.S)
    return row[0] if row else None


def test_own_requests_say_whom_they_wait_for_and_what_was_decided():
    pending(CLERK, "誰を待つのか")
    row = request_row(CLERK, "誰を待つのか")
    assert "承認待ち" in row and "情報セキュリティ管理者" in row and "佐藤 恵" in row and "中村 由美" in row, row
    case, choice = request_of(MANAGER, "誰を待つのか")
    MANAGER.get(f"/approvals/{case}")
    MANAGER.post(f"/approvals/{case}", request=choice, decision="refuse", reason="電話で足ります")
    row = request_row(CLERK, "誰を待つのか")
    assert "不承認" in row and "電話で足ります" in row and "佐藤 恵" in row and "中村 由美" not in row, row
    assert request_row(MANAGER, "誰を待つのか") is None, "another's"
    elsewhere = TOWN.changed("tanaka", TOWN.internet)
    assert request_row(elsewhere, "誰を待つのか") is None and "このほかの系で" in elsewhere.get("/requests").text
    assert 'href="/requests"' in CLERK.get("/").text


def test_the_form_says_before_sending_when_an_approval_is_asked_for():
    page = CLERK.get("/send").text
    assert "「Ⅲ」以上のときと、個人情報を含むときは承認が要ります。" in page, page
    assert "危険な部分を除いて作り直す" in page
    assert "承認は要りません。" in TOWN.changed("tanaka", TOWN.internet).get("/send").text


def test_at_night_it_is_delivered_with_a_reason_and_the_approval_is_owed():
    town_of_files = pathlib.Path(TOWN.folder.name, "town")
    inside = TOWN.changed("takahashi", TOWN.lgwan)
    for login in ("fujita", "ogawa"):
        subprocess.run([tap.SEKISHO, "user", "suspend", town_of_files, login, "--reason", "不在"],
                       check=True, capture_output=True)
    number = pending(inside, "夜間の緊急連絡")
    page = inside.get(f"/outbox/{number}").text
    assert "急ぎで届ける必要があるとき" in page, page
    bare = inside.post(f"/outbox/{number}/emergency", emergency=" ")
    assert bare.status == 422 and 'id="emergency-error"' in bare.text
    assert inside.post(f"/outbox/{number}/emergency", emergency="停電の連絡").status == 303
    await_state(inside, number, "ready")
    assert "緊急の扱い" in inside.get(f"/outbox/{number}").text
    for login in ("fujita", "ogawa"):
        subprocess.run([tap.SEKISHO, "user", "resume", town_of_files, login, "--reason", "復帰"],
                       check=True, capture_output=True)


def test_where_somebody_can_approve_there_is_no_emergency():
    number = pending(CLERK, "昼間のもの")
    assert 'name="emergency"' not in CLERK.get(f"/outbox/{number}").text
    refused = CLERK.post(f"/outbox/{number}/emergency", emergency="急ぐので")
    assert refused.status == 422, refused.status
    await_state(CLERK, number, "pending")


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
