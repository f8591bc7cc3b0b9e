# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of the policy: the text with its states, one requirement, versions, the set-up."""

import atexit
import datetime
import io
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import zipfile
from xml.sax.saxutils import escape

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402
import town  # noqa: E402

TOWN = town.Server()
atexit.register(TOWN.stop)
SAMPLE = (tap.SOURCE / "data/sample/policy.txt").read_text(encoding="utf-8")
MANAGER, CLERK, CISO = (TOWN.changed(login) for login in ("takahashi", "tanaka", "ogawa"))
STATES = ["自動で守る", "申告（自動の点検は未対応）", "記録", "申告", "期限超過", "例外", "対象外"]


def docx(text):
    """A Word document with one paragraph for each line."""
    paragraphs = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in text.split("\n"))
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body>{paragraphs}</w:body></w:document>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + part)
    return out.getvalue()


def upload(name, data, browser=None):
    browser = browser or MANAGER
    browser.get("/policy/versions")
    return browser.upload("/policy/versions", "file", name, data)


def upload_side(name, data, browser=None):
    browser = browser or MANAGER
    return browser.upload("/policy/side", "file", name, data)


def kept(answer):
    """The number of the version that an upload made."""
    assert answer.status == 303, answer.text
    return int(re.match(r"/setup/(\d+)/understood", answer.location)[1])


def current():
    return int(re.search(r'href="/policy/versions/(\d+)"', CLERK.get("/policy").text)[1])


def duty(clause):
    """The path of the first duty of a clause."""
    page = CLERK.get("/policy?" + urllib.parse.urlencode({"clause": clause})).text
    section = page.split(f'id="{clause}"')[1].split("</section>")[0]
    return re.search(r'href="(/policy/\d+/duties/\d+)"', section)[1]


def test_the_page_shows_the_text_as_adopted_with_the_state_of_each_duty():
    page = CLERK.get("/policy")
    assert page.status == 200
    for clause in ("policy/1", "standard/2/(2)/①/ア", "standard/11/(6)"):
        assert f'id="{clause}"' in page.text, clause
    words = re.sub(r"<[^>]+>", "", page.text)
    for line in SAMPLE.splitlines():
        assert line.split("\t")[0].strip() in words, line
    for state in STATES:
        assert f">{state}</span>" in page.text, state


def test_the_text_is_filtered_by_words_role_state_and_control():
    for query, there, gone in (({"q": "緊急連絡網"}, "standard/1/(7)", "standard/1/(6)"),
                               ({"role": "情報セキュリティ監査責任者"}, "standard/11/(2)", "standard/11/(1)"),
                               ({"state": "exception"}, "standard/6/(2)/②", "standard/6/(2)/①"),
                               ({"control": "staff.training"}, "standard/3/(2)", "standard/3/(1)")):
        page = CLERK.get("/policy?" + urllib.parse.urlencode(query)).text
        assert f'id="{there}"' in page and f'id="{gone}"' not in page, query
    nothing = CLERK.get("/policy?q=" + urllib.parse.quote("どこにもない言葉")).text
    assert "当てはまる条項はありません" in nothing


def test_a_filter_looks_through_the_whole_of_a_long_text():
    chapters = [f"{n} みほんの章\n\n" + "".join(f"({i}) 職員等は、みほんの規則を守らなければならない。\n\n" for i in range(1, 51))
                for n in range(1, 31)]
    text = "みほん市情報セキュリティポリシー\n\n対策基準\n\n" + "\n".join(chapters)
    text += "\n31 終わり\n\n(1) 職員等は、花壇に水を遣らなければならない。\n"
    path = f"/policy/{kept(upload('long.txt', text.encode()))}?"
    assert "花壇に水" not in MANAGER.get(path).text, "stands on a later page"
    last = MANAGER.get(path + urllib.parse.urlencode({"q": "花壇"})).text
    assert "花壇に水を遣らなければ" in last and "1 件の条項が当てはまります" in last
    query = path + urllib.parse.urlencode({"role": "職員等"})
    first = MANAGER.get(query).text
    assert "1501 件の条項が当てはまります。 遵守事項は 1501 件です。" in first, re.findall(r'role="status">.*?</p>', first)
    seen, pages, page = 0, 0, first
    while True:
        seen += page.count('class="clause-text"') - page.count("みほんの章</h") - page.count("終わり</h")
        pages += 1
        behind = re.search(r'name="from" value="(\d+)">次の結果', page)
        if not behind:
            break
        page = MANAGER.get(f"{query}&from={behind[1]}").text
    assert seen == 1501 and pages > 4, (seen, pages)
    assert "前の結果" in page and "前の結果" not in first


def test_one_requirement_says_who_when_and_how():
    page = CLERK.get(duty("standard/2/(2)/②/ア")).text
    for words in ("職員等は、端末又は媒体を庁外へ持ち出す場合は", "情報セキュリティ管理者", "ただし、災害時に",
                  "端末や媒体の持ち出し", "根拠の言葉"):
        assert words in page, words
    assert "<button" in page and "/binding" not in page, "a clerk confirms nothing"
    assert CLERK.get("/policy/99").status == 404
    assert CLERK.get(f"/policy/{current()}/duties/9999").status == 404


def test_who_manages_the_policy_confirms_and_changes_how_a_duty_is_met():
    path = duty("standard/9/(2)")
    assert CLERK.post(path + "/binding", choice="confirm").status == 403
    MANAGER.get(path)
    assert MANAGER.post(path + "/binding", choice="confirm").location == path
    assert "高橋 誠" in MANAGER.get(path).text
    assert MANAGER.post(path + "/binding", choice="add", control="operation.clock").location == path
    assert "時刻の正確さ" in MANAGER.get(path).text
    empty = MANAGER.post(path + "/binding", choice="not_applicable", reason="")
    assert empty.status == 422 and 'id="reason-error"' in empty.text
    assert MANAGER.post(path + "/binding", choice="nonsense").status == 400


def test_a_duty_is_attested_with_a_reason_when_it_was_not_done():
    path = duty("standard/6/(1)/④")
    assert CLERK.post(path + "/attest", done="yes", date="2026-04-02").status == 403
    MANAGER.get(path)
    silent = MANAGER.post(path + "/attest", done="no", date="2026-10-01", note="")
    assert silent.status == 422 and 'id="note-error"' in silent.text, silent.text
    assert MANAGER.post(path + "/attest", done="yes", date="9999-01-01", note="").status == 422
    assert MANAGER.post(path + "/attest", done="no", date="2026-10-01", note="台風で延期").location == path
    assert "台風で延期" in CLERK.get(path).text and "期限超過" in CLERK.get(path).text


def test_an_exception_is_granted_by_those_who_decide_and_ends():
    path = duty("standard/7/(3)/②")
    assert MANAGER.post(path + "/exception", until="2099-01-01", why="x").status == 403
    CISO.get(path)
    assert CISO.post(path + "/exception", until="2099-01-01", why="").status == 422
    assert CISO.post(path + "/exception", until="2099-01-01", why="更新待ち").location == path
    assert ">例外</span>" in CISO.get(path).text
    assert CISO.post(path + "/exception", end="1", why="更新した").location == path
    assert ">例外</span>" not in CISO.get(path).text


def test_the_version_is_acknowledged_and_who_has_not_is_listed():
    version = f"/policy/versions/{current()}"
    assert "セキュリティポリシーの確認" in CLERK.get("/").text
    page = CLERK.get(version).text
    digest = re.search(r'name="digest" value="([^"]+)"', page)[1]
    assert CLERK.post(version + "/acknowledge", digest="sha256:0").status == 422
    waiting = MANAGER.get(version + "/readers").text
    assert "田中 花子" in waiting
    assert CLERK.post(version + "/acknowledge", digest=digest).location == version
    assert "確認済み" in CLERK.get(version).text
    assert "セキュリティポリシーの確認" not in CLERK.get("/").text
    assert "田中 花子" not in MANAGER.get(version + "/readers").text
    assert "田中 花子" in MANAGER.get(version + "/readers?have=1").text
    assert CLERK.get(version + "/readers").status == 403


def test_copies_are_for_taking_along_and_the_public_one_withholds_the_standard():
    copies = f"/policy/versions/{current()}/copy/"
    public = CLERK.get(copies + "publication")
    assert "attachment" in public.headers["Content-Disposition"]
    assert "備えるべき脅威" in public.text and "サーバを置く部屋に入る" not in public.text
    assert CLERK.get(copies + "text").text == SAMPLE
    for model in ("catalog", "component-definition", "assessment-results"):
        assert model in json.loads(CLERK.get(copies + model).text)
    book = zipfile.ZipFile(io.BytesIO(CLERK.get(copies + "excel").bytes))
    assert "xl/workbook.xml" in book.namelist()
    assert CLERK.get(copies + "original").status == 403
    assert MANAGER.get(copies + "original").text == SAMPLE
    assert CLERK.get(copies + "anything").status == 404


def test_what_is_not_done_is_due_at_once_and_says_since_when():
    path = duty("standard/6/(2)/①")
    page = MANAGER.get(path).text
    since = re.search(r"<dd>(令和[^<]*)に、実施していないと申告されました。", page)
    assert since and ">期限超過</span>" in page, page
    due = page.split("<dt>次の期日</dt>")[1].split("</dd>")[0]
    assert since[1] in due, "due from the day on which it was said"
    assert MANAGER.post(path + "/attest", done="yes", date=datetime.date.today().isoformat(), note="照合した").location == path
    page = MANAGER.get(path).text
    assert "実施していないと申告されました" not in page and ">期限超過</span>" not in page


def test_what_has_no_check_yet_is_told_from_what_people_attest_by_nature():
    page = CLERK.get("/policy?state=unchecked").text
    assert ">申告（自動の点検は未対応）</span>" in page and ">申告</span>" not in page.split('class="policy-text"')[1]
    path = re.search(r'href="(/policy/\d+/duties/\d+)"', page)[1]
    shown = CLERK.get(path).text
    assert "まだありません。人の申告によります" in shown and "まだ自動の点検がないため" in shown
    by_nature = CLERK.get("/policy?state=attested").text.split('class="policy-text"')[1]
    assert ">申告</span>" in by_nature


def test_the_journal_says_how_long_the_policy_wants_it_kept():
    auditor = TOWN.changed("ito")
    assert re.search(r"ポリシーは記録を \d+ 年以上残すよう求めています", auditor.get("/journal").text)


def test_single_clauses_are_published_and_withheld_with_a_reason():
    page, copy = (f"/policy/versions/{current()}/{name}" for name in ("publication", "copy/publication"))
    listed = CLERK.get(page).text
    assert "<form method=\"post\" action=\"/policy/versions" not in listed, "a clerk only reads"
    assert CLERK.post(page, clause="1", choice="publish", reason="x").status == 403

    def number(words):
        from_here = "1"
        while True:
            text = MANAGER.get(f"{page}?from={from_here}").text
            found = re.search(r'<tr id="clause-(\d+)"><th scope="row"><a [^>]*>' + words, text)
            if found:
                return found[1]
            from_here = re.search(r'from=(\d+)">次', text)[1]

    threat, room = number("[^<]*備えるべき脅威"), number("[^<]*サーバを置く部屋に入")
    assert "サーバを置く部屋に入る" not in CLERK.get(copy).text
    assert MANAGER.post(page, clause=room, choice="publish", reason="").status == 422
    assert "サーバを置く部屋に入る" not in CLERK.get(copy).text
    assert MANAGER.post(page, clause=room, choice="publish", reason="来庁者に示すため").status == 303
    assert MANAGER.post(page, clause=threat, choice="withhold", reason="見直しの間").status == 303
    public = CLERK.get(copy).text
    assert "サーバを置く部屋に入る" in public and "備えるべき脅威" not in public
    shown = MANAGER.get(f"{page}?from={room}").text
    assert "来庁者に示すため" in shown and "高橋" in shown.split("来庁者に示すため")[1][:200]
    for clause, choice in ((room, "withhold"), (threat, "publish")):
        assert MANAGER.post(page, clause=clause, choice=choice, reason="元に戻す").status == 303
    assert MANAGER.post(page, clause="99999", choice="publish", reason="x").status == 400


def test_what_is_no_policy_is_refused_with_a_sentence():
    for name, data in (("a.txt", "こんにちは。".encode()), ("a.pdf", b"%PDF-1.7 broken"), ("a.txt", b""),
                       ("a.exe", b"MZ" + bytes(200))):
        answer = upload(name, data)
        assert answer.status == 422 and 'id="file-error"' in answer.text, (name, answer.text)
    assert upload("a.txt", SAMPLE.encode(), CLERK).status == 403


def test_a_hostile_text_stays_text():
    text = SAMPLE.replace("市民から預かった情報", '<script>alert("1")</script>').replace("田中", "")
    version = kept(upload('<img src=x>".txt', text.encode()))
    for path in (f"/policy/{version}", f"/setup/{version}/understood", f"/policy/versions/{version}",
                 f"/policy/versions/{version}/compare"):
        page = MANAGER.get(path).text
        assert "<script>alert" not in page and "<img" not in page, path
    assert "&lt;script&gt;" in MANAGER.get(f"/policy/{version}").text
    MANAGER.post(f"/policy/versions/{version}/discard", discard_reason="試し")


def test_a_new_version_is_compared_and_adopted_by_those_who_decide():
    text = SAMPLE.replace("12文字以上とし", "14文字以上とし").replace(
        "(6) 統括情報セキュリティ責任者は、緊急時に備えた訓練を、定期的に行わなければならない。",
        "(6) 会計課長は、現金を扱う端末を、毎日点検しなければならない。")
    version = kept(upload("改正.docx", docx(text)))
    path = f"/policy/versions/{version}"
    assert CLERK.get(path).status == 404, "drafts are for those who prepare them"
    page = MANAGER.get(path + "/compare").text
    assert "<del>12</del>" in page or "<del>2</del>" in page, page
    assert "会計課長は" in page and ">新しい</span>" in page and "見直しが必要になるもの" in page
    fields = {"number": "3.0版", "decided_on": "2026-11-01", "effective_on": "2026-11-01",
              "by": "情報セキュリティ委員会", "reason": "全会一致"}
    assert MANAGER.post(path + "/adopt", **fields).status == 403
    CISO.get(path)
    wrong = CISO.post(path + "/adopt", **{**fields, "decided_on": "きのう"})
    assert wrong.status == 422 and 'id="decided_on-error"' in wrong.text, wrong.text
    assert CISO.post(path + "/adopt", **fields).location == path
    assert current() == version
    assert "セキュリティポリシーの確認" in CLERK.get("/").text, "the new version is to be read anew"
    assert "14文字以上" in CLERK.get("/policy").text


# ---- a new organization ----

class Fresh:
    """An organization without a policy, its zones from a configuration."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        place = pathlib.Path(self.folder.name, "town")
        self.run("init", "--name", "みほん市", place)
        self.passwords = {}
        for login, role in (("admin", "system_manager"), ("chief", "ciso"), ("clerk", None)):
            out = self.run("user", "add", place, login, "--name", f"見本 {login}", "--department", "1",
                           "--department-name", "総務課", *(["--role", role] if role else []))
            self.passwords[login] = re.search(r"[a-z0-9]{4}(?:-[a-z0-9]{4}){3}", out)[0]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        config = pathlib.Path(self.folder.name, "sekisho.conf")
        config.write_text(f"directory = {place}\n[zone internet]\nname = インターネット接続系\n"
                          f"listen = 127.0.0.1:{self.port}\n")
        self.process = subprocess.Popen([tap.SEKISHO, "serve", "--config", config],
                                        stderr=open(pathlib.Path(self.folder.name, "log"), "w"))
        town.Server.await_health(self, self.port)

    def messages(self):
        return pathlib.Path(self.folder.name, "log").read_text()

    @staticmethod
    def run(*words):
        return subprocess.run([tap.SEKISHO, *words], capture_output=True, text=True, check=True,
                              env={**os.environ, "LC_ALL": "C.UTF-8", "LANG": "ja"}).stdout

    def login(self, login):
        self.internet, self.secrets = self.port, {}
        return town.Server.changed(self, login)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


def test_a_new_organization_is_set_up_from_its_policy_step_by_step():
    fresh = Fresh()
    atexit.register(fresh.stop)
    admin, clerk = fresh.login("admin"), fresh.login("clerk")
    assert "情報セキュリティポリシーを取り込む" in admin.get("/").text
    assert "まだありません" in clerk.get("/policy").text and clerk.get("/setup").status == 403
    assert 'id="file"' in admin.get("/setup").text
    refused = admin.upload("/policy/versions", "file", "a.txt", "短い".encode(), wizard="1")
    assert refused.status == 422 and "1 本文を選ぶ" in refused.text
    admin.get("/setup")
    version = kept(admin.upload("/policy/versions", "file", "方針.docx", docx(SAMPLE), wizard="1"))
    understood = admin.get(f"/setup/{version}/understood").text
    for words in ("みほん市", "マイナンバー利用事務系", "無害化した場合のみ", "重要性", "副市長"):
        assert words in understood, words
    assert re.search(r'href="/policy/\d+\?clause=policy/6/\(1\)/②', understood), "cites its clause"
    assert admin.get("/setup").location == f"/setup/{version}/understood", "left and resumed"
    correct = admin.get(f"/setup/{version}/correct").text
    assert 'name="rule/password_length"' in correct
    saved = admin.post(f"/setup/{version}/correct", **{"rule/password_length": "13"})
    assert saved.location == f"/setup/{version}/people"
    bad = admin.post(f"/setup/{version}/correct", **{"rule/password_length": "たくさん"})
    assert bad.status == 422, bad.text
    admin.get(f"/setup/{version}/people")
    unknown = admin.post(f"/setup/{version}/people", role="deputy_ciso", person="だれか")
    assert unknown.status == 422 and "だれか" in unknown.text
    named = admin.post(f"/setup/{version}/people", role="deputy_ciso", person="見本 clerk")
    assert named.location == f"/setup/{version}/people"
    assert "見本 clerk" in admin.get(f"/setup/{version}/people").text
    opening = admin.get(f"/setup/{version}/open").text
    assert "採択を記録できるのは" in opening and "13" in opening
    chief = fresh.login("chief")
    chief.get(f"/setup/{version}/open")
    decided = chief.post(f"/policy/versions/{version}/adopt", number="1.0版", decided_on="2026-03-20",
                         effective_on="2026-04-01", by="委員会", reason="決定", wizard="1")
    assert decided.location == f"/setup/{version}/open", decided.text
    assert "適用して運用を始める" in admin.get(f"/setup/{version}/open").text
    applied = admin.post(f"/setup/{version}/open", loosen="1")
    assert applied.location == "/policy", applied.text
    assert "サーバを置く部屋" in clerk.get("/policy").text
    journal = subprocess.run([tap.SEKISHO, "journal", "show", pathlib.Path(fresh.folder.name, "town/journal")],
                             capture_output=True, text=True).stdout
    assert fresh.stop() == 0 and journal is not None


def test_two_texts_are_shown_side_by_side_and_exported():
    other = SAMPLE.replace("みほん市", "あかね町").replace("備えるべき脅威", "心配すべきこと")
    other = other.replace("緊急連絡網", "非常時の連絡表") + "\n12 花壇\n\n職員等は、花壇に水を遣らなければならない。\n"
    MANAGER.get("/policy/side")
    assert upload_side("machi.txt", "花".encode()).status == 422
    there = upload_side("machi.txt", other.encode()).location
    assert re.fullmatch(rf"/policy/side\?left={current()}&right=\d+", there), there
    right = re.search(r"right=(\d+)", there)[1]
    understood = MANAGER.get(f"/setup/{right}/understood").text
    assert "「あかね町」のものと読み取りました" in understood and f'href="/policy/versions/{right}"' in understood
    assert "のものと読み取りました" not in MANAGER.get(f"/setup/{current()}/understood").text
    drafts = MANAGER.get("/policy/versions").text
    assert "あかね町情報セキュリティポリシー" in drafts, "whose draft it is"
    page = MANAGER.get(there).text
    assert "みほん市</th>" in page and "あかね町</th>" in page
    row = next(row for row in page.split("<tr>") if "花壇に水を遣ら" in row)
    assert ">なし</span>" in row, "only the other says it"
    assert "心配すべきこと" not in page or "agreement-changed" in page
    same = int(re.search(r"compared-same\">[^<]*</span> (\d+)", page)[1])
    assert same > 50 and page.count("<tr>") - 1 < same, "clauses that are the same wait behind a link"
    assert MANAGER.get(there + "&all=1").text.count("<tr>") > page.count("<tr>")
    book = zipfile.ZipFile(io.BytesIO(MANAGER.get(there.replace("side?", "side/excel?")).bytes))
    assert "花壇に水を遣ら" in book.read("xl/sharedStrings.xml").decode()
    assert CLERK.get(there).status == 404, "drafts are for who manages the policy"
    assert CLERK.get(there.replace("side?", "side/excel?")).status == 404
    assert CLERK.get("/policy/side").status == 200
    assert upload_side("machi.txt", other.encode(), CLERK).status == 403


def test_a_text_that_was_only_compared_is_discarded_with_one_press():
    MANAGER.get("/policy/side")
    text = SAMPLE.replace("みほん市", "ひなた市").replace("備えるべき脅威", "用心すべきこと").encode()
    there = upload_side("hinata.txt", text).location
    version = there.rsplit("=", 1)[1]
    page = MANAGER.get(there).text
    assert page.count('action="/policy/side/discard"') == 1 and "ひなた市の文書（hinata.txt）" in page
    assert CLERK.post("/policy/side/discard", version=version).status == 403
    assert MANAGER.post("/policy/side/discard", version=current()).status >= 400, "no draft"
    MANAGER.get(there)
    assert MANAGER.post("/policy/side/discard", version=version).location == "/policy/side"
    assert "hinata.txt" not in MANAGER.get("/policy/side").text
    assert "取りやめ" in MANAGER.get(f"/policy/versions/{version}").text
    assert upload_side("hinata.txt", text).location.rsplit("=", 1)[1] != version
    auditor = TOWN.changed("ito", TOWN.lgwan)
    for _ in range(100):
        if "比較が終わったため" in auditor.get("/journal?action=policy.").text:
            return
        time.sleep(0.1)
    raise AssertionError(auditor.get("/journal?action=policy.").text)


def test_who_manages_and_who_decides_learn_that_duties_have_no_owner():
    """Last: the demo's deputy CISO stepped down two days ago; gives the role to the same person again."""
    for browser in (MANAGER, CISO):
        notice = re.search(r'href="/policy\?state=unowned"><strong>担当者のいない遵守事項</strong>'
                           r'<span class="count">(\d+)件', browser.get("/").text)
        assert notice and int(notice[1]) > 0, browser.get("/").text
    assert "担当者のいない遵守事項" not in CLERK.get("/").text
    page = CLERK.get("/policy?state=unowned").text
    assert page.count(">担当者未定</span>") >= int(notice[1]) and "0 件の条項" not in page
    people = MANAGER.get("/people?search=" + urllib.parse.quote("藤田")).text
    person = re.search(r'href="/people/(\d+)"', people)[1]
    MANAGER.get(f"/people/{person}")
    assert MANAGER.post(f"/people/{person}/roles", role="deputy_ciso", reason="後任").status == 303
    for browser in (MANAGER, CISO):
        assert "担当者のいない遵守事項" not in browser.get("/").text


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
