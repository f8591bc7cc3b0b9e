# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages about people, as the person who manages them and those whom it meets use them."""

import atexit
import datetime
import pathlib
import re
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402
import town  # noqa: E402

TOWN = town.Server()
atexit.register(TOWN.stop)
TEMPORARY = re.compile(r"<code[^>]*>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})</code>")
MANAGER = TOWN.changed("takahashi")
TODAY = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9))).date()


def day(days):
    return (TODAY + datetime.timedelta(days)).isoformat()


def number_of(text):
    found = re.search(r'href="/people/(\d+)"',
                      MANAGER.get("/people?former=1&search=" + urllib.parse.quote(text)).text)
    return int(found[1])


def department(name):
    return re.search(rf'<option value="(\d+)"[^>]*>{name}</option>', MANAGER.get("/people/new").text)[1]


def add(login, **more):
    """Adds somebody and gives back the temporary password."""
    MANAGER.get("/people/new")
    fields = {"login": login, "name": f"見本 {login}", "kana": "ミホン", "mail": "",
              "department": department("市民課"), "employment": "regular", "starts": day(0), **more}
    answer = MANAGER.post("/people/new", **fields)
    assert answer.status == 200, answer.text
    TOWN.passwords[login] = TEMPORARY.search(answer.text)[1]
    return TOWN.passwords[login]


def test_who_joins_gets_a_temporary_password_that_is_shown_once():
    password = add("minobe")
    browser = town.Browser(TOWN.internet)
    assert browser.login("minobe", password).location == "/password"
    page = MANAGER.get(f"/people/{number_of('minobe')}")
    assert password not in page.text and "見本 minobe" in page.text


def test_a_form_with_mistakes_says_what_and_where_and_keeps_what_was_typed():
    MANAGER.get("/people/new")
    fields = {"login": "Minobe!", "name": "山田 次郎", "department": department("市民課"),
              "employment": "regular", "starts": day(0)}
    answer = MANAGER.post("/people/new", **fields)
    assert answer.status == 422 and 'id="login-error"' in answer.text
    assert "半角の英小文字" in answer.text and 'value="山田 次郎"' in answer.text
    for wrong, field in (({"login": "minobe"}, "login"), ({"login": "ok", "name": ""}, "name"),
                         ({"login": "ok", "starts": "きのう"}, "starts"),
                         ({"login": "ok", "ends": day(-3)}, "ends"),
                         ({"login": "ok", "shared_reason": "窓口の当番"}, "shared_reason"),
                         ({"login": "ok", "department": ""}, "department"),
                         ({"login": "ok", "name": "長" * 100}, "name")):
        answer = MANAGER.post("/people/new", **{**fields, **wrong})
        assert answer.status == 422 and f'id="{field}-error"' in answer.text, (wrong, answer.text)
    assert "山田 次郎" not in MANAGER.get("/people").text, "nothing was added"


def test_who_moves_loses_the_roles_of_the_old_department():
    add("mover")
    number = number_of("mover")
    MANAGER.get(f"/people/{number}")
    given = MANAGER.post(f"/people/{number}/roles", role="section_manager", department=department("市民課"))
    assert given.location == f"/people/{number}?done=role", given.text
    assert "情報セキュリティ管理者</a>" in MANAGER.get(f"/people/{number}").text
    MANAGER.get(f"/people/{number}/edit")
    moved = MANAGER.post(f"/people/{number}/edit", login="mover", name="見本 移動", kana="", mail="",
                         department=department("総務課"), employment="regular", starts=day(0),
                         reason="人事異動")
    assert moved.location == f"/people/{number}?done=changed", moved.text
    page = MANAGER.get(moved.location).text
    assert "総務課" in page and "変更しました" in page and "情報セキュリティ管理者</a>" not in page


def test_who_leaves_is_out_at_once():
    add("leaver")
    browser = TOWN.changed("leaver")
    number = number_of("leaver")
    MANAGER.get(f"/people/{number}/edit")
    fields = {"login": "leaver", "name": "見本 退職", "department": department("市民課"),
              "employment": "regular"}
    # The last day still counts.
    MANAGER.post(f"/people/{number}/edit", starts=day(-5), ends=day(0), **fields)
    assert browser.get("/").status == 200
    MANAGER.post(f"/people/{number}/edit", starts=day(-5), ends=day(-1), **fields)
    assert browser.get("/").location == "/login"
    assert town.Browser(TOWN.internet).login("leaver", town.NEW_PASSWORD).status == 422


def test_suspension_needs_a_reason_and_takes_effect_at_once():
    add("paused")
    browser = TOWN.changed("paused")
    number = number_of("paused")
    MANAGER.get(f"/people/{number}")
    answer = MANAGER.post(f"/people/{number}/suspend", reason="")
    assert answer.status == 422 and 'id="suspend_reason-error"' in answer.text
    assert browser.get("/").status == 200
    MANAGER.post(f"/people/{number}/suspend", reason="調査のため")
    assert browser.get("/").location == "/login"
    assert "停止中" in MANAGER.get(f"/people/{number}").text
    assert MANAGER.post(f"/people/{number}/resume").location == f"/people/{number}?done=resumed"
    assert town.Browser(TOWN.internet).login("paused", town.NEW_PASSWORD).location == "/"


def test_nobody_suspends_himself_or_gives_himself_a_role():
    number = number_of("takahashi")
    MANAGER.get(f"/people/{number}")
    answer = MANAGER.post(f"/people/{number}/suspend", reason="ためし")
    assert answer.status == 422 and "自分のログインを停止" in answer.text
    answer = MANAGER.post(f"/people/{number}/roles", role="ciso")
    assert answer.status == 422 and 'id="role_role-error"' in answer.text
    assert "最高情報統括責任者</a>" not in MANAGER.get(f"/people/{number}").text


def test_a_lock_is_shown_and_lifted():
    add("locked")
    browser = town.Browser(TOWN.internet)
    for _ in range(5):
        browser.login("locked", "wrong")
    assert browser.login("locked", TOWN.passwords["locked"]).status == 429
    number = number_of("locked")
    page = MANAGER.get(f"/people/{number}").text
    assert "ログインできません" in page and f"/people/{number}/unlock" in page
    assert MANAGER.post(f"/people/{number}/unlock").location.endswith("?done=unlocked")
    assert browser.login("locked", TOWN.passwords["locked"]).location == "/password"


def test_a_new_temporary_password_ends_the_old_one():
    add("forgot")
    browser = TOWN.changed("forgot")
    number = number_of("forgot")
    MANAGER.get(f"/people/{number}")
    password = TEMPORARY.search(MANAGER.post(f"/people/{number}/password").text)[1]
    assert browser.get("/").location == "/login"
    assert town.Browser(TOWN.internet).login("forgot", town.NEW_PASSWORD).status == 422
    assert town.Browser(TOWN.internet).login("forgot", password).location == "/password"


def test_second_factors_of_a_lost_device_are_taken_away():
    add("device")
    TOWN.changed("device", TOWN.mynumber)
    number = number_of("device")
    assert "認証アプリ" in MANAGER.get(f"/people/{number}").text
    assert MANAGER.post(f"/people/{number}/factors", reason="").status == 422
    assert MANAGER.post(f"/people/{number}/factors", reason="紛失").location.endswith("done=factors")
    assert town.Browser(TOWN.internet).login("device", town.NEW_PASSWORD).location == "/"


def test_a_deputy_acts_between_two_days_and_the_holder_names_one_too():
    manager = TOWN.changed("sato")
    assert manager.get("/people/new").status == 403
    number = number_of("sato")
    link = re.search(rf'href="/people/{number}/roles/(\d+)"', MANAGER.get(f"/people/{number}").text)
    MANAGER.get(f"/people/{number}/roles/{link[1]}")
    for wrong, field in (({"person": "nobody"}, "person"), ({"person": "tanaka"}, "ends"),
                         ({"person": "sato", "ends": day(3)}, "person"),
                         ({"person": "tanaka", "starts": day(5), "ends": day(3)}, "ends")):
        answer = MANAGER.post(f"/people/{number}/roles/{link[1]}/deputies", **wrong)
        assert answer.status == 422 and f'id="deputy_{field}-error"' in answer.text, (wrong, answer.text)
    MANAGER.post(f"/people/{number}/roles/{link[1]}/deputies", person="tanaka", ends=day(3))
    clerk = TOWN.changed("tanaka")
    assert clerk.get("/people").status == 200, "acts for the section manager"
    page = manager.get(f"/account/roles/{link[1]}")
    assert "田中 花子" in page.text
    deputy = re.search(r'田中 花子</th>.*?/deputies/(\d+)/end"', page.text, re.S)[1]
    assert manager.post(f"/account/roles/{link[1]}/deputies/{deputy}/end").status == 303
    assert clerk.get("/people").status == 403
    assert manager.post(f"/account/roles/{link[1]}/deputies", person="suzuki", ends=day(1)).status == 303
    assert clerk.get(f"/account/roles/{link[1]}").status == 404, "not his own"


def test_departments_are_added_changed_and_closed_when_they_are_empty():
    MANAGER.get("/people/departments")
    assert MANAGER.post("/people/departments", code="090", name="広報課", parent="").status == 303
    twice = MANAGER.post("/people/departments", code="090", name="もう一つ", parent="")
    assert twice.status == 422 and 'id="code-error"' in twice.text
    page = MANAGER.get("/people/departments").text
    number = re.search(r'/people/departments/(\d+)">広報課', page)[1]
    full = re.search(r'/people/departments/(\d+)">市民課', page)[1]
    refused = MANAGER.post(f"/people/departments/{full}", code="020", name="市民課", closed=day(0))
    assert refused.status == 422 and 'id="closed-error"' in refused.text, refused.text
    assert MANAGER.post(f"/people/departments/{number}", code="090", name="広報課",
                        closed=day(0)).status == 303
    assert "広報課" not in MANAGER.get("/people/new").text


TABLE = "ログインID,氏名,フリガナ,所属コード,任用区分,開始日\r\n"


def test_a_table_in_cp932_is_shown_first_and_imported_as_a_whole():
    MANAGER.get("/people/import")
    table = TABLE + "hasegawa,長谷川 髙子,ハセガワ タカコ,020,会計年度任用職員,2026/4/1\r\n" \
        "tanaka,田中 花代,タナカ ハナヨ,020,職員,\r\n"
    shown = MANAGER.upload("/people/import", "table", "職員.csv", table.encode("cp932"))
    assert shown.status == 200 and "長谷川 髙子" in shown.text, shown.text
    assert "田中 花子 → 田中 花代" in shown.text
    assert "hasegawa" not in MANAGER.get("/people").text, "looking changes nothing"
    MANAGER.csrf = re.search(r'name="csrf" value="([^"]+)"', shown.text)[1]
    other = MANAGER.post("/people/import/apply", adds=7, changes=1)
    assert other.status == 422 and "もう一度確かめてください" in other.text
    assert MANAGER.post("/people/import/apply", adds=1, changes=1).location == "/people?done=imported"
    page = MANAGER.get("/people").text
    assert "長谷川 髙子" in page and "田中 花代" in page
    gone = MANAGER.post("/people/import/apply", adds=1, changes=1)
    assert gone.status == 422 and "もう一度、ファイルを選んで" in gone.text


def test_rows_that_are_wrong_are_named_and_nothing_is_imported():
    MANAGER.get("/people/import")
    table = TABLE + "good,良い 行,,020,職員,\nBad!,悪い 行,,020,職員,\nother,別 行,,999,職員,\n" \
        "kind,区分 行,,020,友人,\ndate,日付 行,,020,職員,きのう\n"
    shown = MANAGER.upload("/people/import", "table", "a.csv", table.encode())
    assert shown.status == 422 and "people/import/apply" not in shown.text
    for line, column, words in ((3, "ログインID", "半角の英小文字"), (4, "所属", "登録されていない"),
                                (5, "任用区分", "友人"), (6, "利用開始", "日付")):
        row = re.search(rf'<th scope="row">{line}</th><td>([^<]*)</td><td>([^<]*)</td>', shown.text)
        assert row and row[1] == column and words in row[2], (line, row and row.groups())
    shown = MANAGER.upload("/people/import", "table", "a.csv", (TABLE + "Bad!,,,999,友人,きのう\n").encode())
    assert len(re.findall(r'<th scope="row">2</th>', shown.text)) == 5, "every mistake of a row"
    assert MANAGER.post("/people/import/apply", adds=1, changes=0).status == 422
    assert "良い 行" not in MANAGER.get("/people").text
    for table in (b"", b"a,b\n1,2\n", b'"' * 999, bytes(range(256)) * 9):
        answer = MANAGER.upload("/people/import", "table", "a.csv", table)
        assert answer.status == 422 and 'id="table-error"' in answer.text, answer.text


def rules_form():
    """What the page of the rules sends when nothing is changed."""
    page = MANAGER.get("/settings/rules").text
    fields = dict(re.findall(r'name="([a-z_]+)" value="(\d+)" type="number"', page))
    for name in re.findall(r'name="([a-z_]+)" value="1" checked', page):
        fields[name] = "1"
    return fields


def test_a_stricter_rule_meets_everybody_at_the_next_login():
    TOWN.changed("suzuki")
    fields = rules_form()
    for wrong, words in (({"password_length": "7"}, "8–64"), ({"password_length": "long"}, "8–64"),
                         ({"session_idle": "600", "session_most": "500"}, "短いほうの時間")):
        answer = MANAGER.post("/settings/rules", **{**fields, **wrong})
        name = next(iter(wrong))
        assert answer.status == 422 and f'id="{name}-error"' in answer.text and words in answer.text, wrong
    assert rules_form() == fields, "nothing was saved"
    fields["password_length"] = "40"
    assert MANAGER.post("/settings/rules", **fields).location == "/settings/rules?done=rules"
    browser = town.Browser(TOWN.internet)
    assert browser.login("suzuki", TOWN.passwords["suzuki"]).location == "/password"
    assert "40文字以上" in browser.get("/password").text
    fields["password_length"] = "10"
    MANAGER.post("/settings/rules", **fields)
    assert town.Browser(TOWN.internet).login("suzuki", TOWN.passwords["suzuki"]).location == "/"


def test_a_zone_asks_for_a_second_factor_when_it_is_told_to():
    fields = rules_form()
    MANAGER.post("/settings/rules", **fields, zone_lgwan="1")
    assert town.Browser(TOWN.lgwan).login("suzuki", TOWN.passwords["suzuki"]).location == "/account"
    MANAGER.post("/settings/rules", **fields)
    assert town.Browser(TOWN.lgwan).login("suzuki", TOWN.passwords["suzuki"]).location == "/"
    assert town.Browser(TOWN.mynumber).login("suzuki", TOWN.passwords["suzuki"]).location == "/account"


def test_a_token_is_shown_once_does_what_was_chosen_and_ends():
    clerk = TOWN.changed("tanaka")
    clerk.get("/account/tokens")
    none = clerk.post("/account/tokens", name="複合機", days="30")
    assert none.status == 422 and 'id="token_scopes"' in none.text and "一つ以上選んで" in none.text
    too_much = clerk.post("/account/tokens", name="複合機", days="30", **{"scope_people.manage": "1"})
    assert too_much.status == 422 and "付けられません" in too_much.text
    made = clerk.post("/account/tokens", name="複合機", days="30", **{"scope_transfer.send": "1"})
    token = re.search(r"<code[^>]*>([A-Za-z0-9_-]{43})</code>", made.text)[1]
    page = clerk.get("/account/tokens").text
    assert "複合機</th>" in page and "ファイルを送る" in page and token not in page
    number = re.search(r"/account/tokens/(\d+)/revoke", page)[1]
    assert MANAGER.post(f"/account/tokens/{number}/revoke").status == 404, "not his own"
    assert clerk.post(f"/account/tokens/{number}/revoke").status == 303
    assert "複合機</th>" not in clerk.get("/account/tokens").text


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
