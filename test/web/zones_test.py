# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages about zones and conduits."""

import atexit
import pathlib
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402
import town  # noqa: E402

TOWN = town.Server()
atexit.register(TOWN.stop)
MANAGER = TOWN.changed("takahashi", TOWN.lgwan)


def conduit_of(source, destination):
    page = MANAGER.get("/zones").text
    return re.search(rf'href="(/zones/conduits/\d+)">{source}[^<]* → {destination}', page)[1]


def fields_of(page, **changes):
    """What the form that changes a conduit would send as it stands."""
    form = re.search(r'<form method="post" action="/zones/conduits/(?:\d+|new)" class.*?</form>', page, re.S)[0]
    fields = {name: value for name, value in re.findall(r'<input id="(\w+)" name="\w+" value="([^"]*)"', form)}
    for kind, name, value, end in re.findall(r'<input type="(checkbox|radio)" id="[^"]+" name="([^"]+)" value="([^"]+)"([^>]*)>', form):
        if "checked" in end:
            fields[name] = value
    for name, options in re.findall(r'<select id="\w+" name="(\w+)"[^>]*>(.*?)</select>', form, re.S):
        fields[name] = re.search(r'value="([^"]*)"(?: selected)', options + '"x" value="" selected')[1]
    return {**fields, **changes}


def test_the_list_shows_zones_and_what_may_pass():
    page = MANAGER.get("/zones").text
    assert "マイナンバー利用事務系" in page and page.count("使える") >= 4 and "作り直し" in page
    assert TOWN.changed("ito", TOWN.lgwan).get(conduit_of("LGWAN", "イン")).status == 200
    assert TOWN.changed("tanaka", TOWN.lgwan).get("/zones").status == 403
    assert MANAGER.get("/zones/conduits/999").status == 404


def test_who_only_reads_gets_no_forms_and_changes_nothing():
    auditor = TOWN.changed("ito", TOWN.lgwan)
    path = conduit_of("LGWAN", "イン")
    assert "<form method=\"post\" action=\"/zones" not in auditor.get(path).text
    assert auditor.post(f"{path}/close", reason="x").status == 403
    assert auditor.post(path, reason="x").status == 403


def test_rules_are_changed_with_a_reason_and_only_with_values_that_make_sense():
    path = conduit_of("LGWAN", "マイナンバー")
    page = MANAGER.get(path).text
    for change, field in (({"reason": " "}, "reason"), ({"reason": "x", "days_kept": "0"}, "days_kept"),
                          ({"reason": "x", "size_most": "99999"}, "size_most"),
                          ({"reason": "x", "items_most": "千"}, "items_most"),
                          ({"reason": "x", "types": "some"}, "types"),
                          ({"reason": "x", "usual": "text", "treatment_text": ""}, "usual")):
        refused = MANAGER.post(path, **fields_of(page, **change))
        assert refused.status == 422 and f'href="#{field}"' in refused.text, (change, refused.status)
    changed = fields_of(page, reason="保存を短くする", days_kept="5", types="some", type_pdf="1", type_docx="1",
                        close_again="1")
    assert MANAGER.post(path, **changed).location == "/zones"
    page = MANAGER.get(path).text
    assert "5日" in page and 'name="type_pdf" value="1" checked' in page
    assert 'name="type_xlsx" value="1" checked' not in page
    assert 'name="close_again" value="1" checked' in page
    assert 'name="close_again" value="1" checked' not in MANAGER.get(conduit_of("LGWAN", "イン")).text


def test_closing_says_how_many_it_refuses_and_opens_again():
    path = conduit_of("LGWAN", "イン")
    page = MANAGER.get(path).text
    count = int(re.search(r"受取りの前の受渡し (\d+) 件", page)[1])
    assert count >= 3
    assert MANAGER.post(f"{path}/close", reason="").status == 422
    assert MANAGER.post(f"{path}/close", reason="不正な通信の疑い").location == "/zones"
    assert "止めている" in MANAGER.get("/zones").text
    page = MANAGER.get(path).text
    assert "もう一度使えるようにする" in page
    assert MANAGER.post(f"{path}/open", reason="").status == 422
    assert MANAGER.post(f"{path}/open", reason="確かめが終わった").location == "/zones"
    assert "止めている" not in MANAGER.get("/zones").text
    assert "受取りの前の受渡しはありません" in MANAGER.get(path).text


def test_a_conduit_is_added_once_per_direction():
    page = MANAGER.get("/zones/conduits/new").text
    fields = fields_of(page, reason="試験", source="internet", destination="internet")
    assert MANAGER.post("/zones/conduits/new", **fields).status == 422
    twice = MANAGER.post("/zones/conduits/new", **{**fields, "source": "lgwan"})
    assert twice.status == 422 and 'href="#destination"' in twice.text, twice.status
    assert MANAGER.post("/zones/conduits/new", **{**fields, "source": "mynumber"}).location == "/zones"
    assert conduit_of("マイナンバー", "イン")


def zone_fields(**changes):
    return {"id": "branch", "name": "出先機関系", "level": "1", "reason": "支所の網を加える", **changes}


def test_a_zone_is_added_and_its_page_says_what_else_has_to_be_done():
    MANAGER.get("/zones/new")
    for change, field in (({"id": "Branch"}, "id"), ({"id": ""}, "id"), ({"id": "lgwan"}, "id"),
                          ({"name": " "}, "name"), ({"level": "10"}, "level"), ({"level": "高い"}, "level"),
                          ({"reason": " "}, "reason")):
        refused = MANAGER.post("/zones/new", **zone_fields(**change))
        assert refused.status == 422 and f'href="#{field}"' in refused.text, (change, refused.status)
    assert "出先機関系" not in MANAGER.get("/zones").text
    assert MANAGER.post("/zones/new", **zone_fields()).location == "/zones/zone/branch"
    page = MANAGER.get("/zones/zone/branch").text
    assert "設定がまだ" in page and "[zone branch]" in page and "systemctl restart" in page
    assert "[zone lgwan]" not in MANAGER.get("/zones/zone/lgwan").text
    assert '<option value="branch">' in MANAGER.get("/zones/conduits/new").text
    assert MANAGER.get("/zones/zone/nowhere").status == 404
    auditor = TOWN.changed("ito", TOWN.lgwan)
    assert "<form method=\"post\" action=\"/zones" not in auditor.get("/zones/zone/branch").text
    assert auditor.post("/zones/zone/branch", **zone_fields()).status == 403


def test_a_zone_gets_another_name():
    MANAGER.get("/zones/zone/branch")
    assert MANAGER.post("/zones/zone/branch", **zone_fields(name="", reason="x")).status == 422
    assert MANAGER.post("/zones/zone/branch", **zone_fields(name="支所系", reason="呼び名に合わせる")).location
    page = MANAGER.get("/zones").text
    assert "支所系" in page and "出先機関系" not in page


def head_of(port):
    page = town.Browser(port).get("/login").text
    return (re.search(r"<title>.* — (.*) — .*</title>", page)[1],
            re.search(r'<p class="zone"><span[^>]*>[^<]*</span>([^<]*)</p>', page)[1])


def test_every_page_of_a_renamed_zone_has_the_new_name_at_once():
    page = MANAGER.get("/zones/zone/internet").text
    level = re.search(r'name="level" value="(\d+)"', page)[1]
    before = re.search(r'name="name" value="([^"]*)"', page)[1]
    assert head_of(TOWN.internet) == (before, before)
    for name in ("庁外系", before):
        MANAGER.get("/zones/zone/internet")
        assert MANAGER.post("/zones/zone/internet", name=name, level=level, reason="呼び名の試験").location
        assert head_of(TOWN.internet) == (name, name)


def test_a_zone_that_is_used_is_not_closed_and_none_from_inside():
    MANAGER.get("/zones/zone/internet")
    assert "使える通信経路" in MANAGER.get("/zones/zone/internet").text
    refused = MANAGER.post("/zones/close/internet", reason="使わない")
    assert refused.status == 422 and "終わっていない受渡しがあります" in refused.text
    for _ in range(2):  # also when nothing else would stand in the way
        assert MANAGER.post("/zones/close/lgwan", reason="使わない").status == 422
    assert "閉じた" not in MANAGER.get("/zones").text


def test_a_closed_zone_is_left_alone_by_conduits_until_it_is_opened_again():
    MANAGER.get("/zones/zone/branch")
    assert MANAGER.post("/zones/close/branch", reason=" ").status == 422
    assert MANAGER.post("/zones/close/branch", reason="支所を廃止").location == "/zones/zone/branch"
    assert "閉じた" in MANAGER.get("/zones/zone/branch").text
    page = MANAGER.get("/zones/conduits/new").text
    assert '<option value="branch">' not in page
    fields = fields_of(page, reason="試験", source="branch", destination="lgwan")
    assert "閉じた系" in MANAGER.post("/zones/conduits/new", **fields).text
    twice = MANAGER.post("/zones/new", **zone_fields())
    assert twice.status == 422 and "もうあります" in twice.text
    assert MANAGER.post("/zones/open/branch", reason="支所を続ける").location == "/zones/zone/branch"
    assert '<option value="branch">' in MANAGER.get("/zones/conduits/new").text


def refuses(port):
    try:
        return town.Browser(port).get("/healthz").status != 200
    except OSError:
        return True


def test_nobody_reaches_a_closed_zone_any_more_also_after_a_restart():
    paths = re.findall(r'href="(/zones/conduits/\d+)">([^<]*マイナンバー[^<]*)</a></th><td><span class="badge badge-good', MANAGER.get("/zones").text)
    for path, _ in paths:
        MANAGER.get(path)
        assert MANAGER.post(f"{path}/close", reason="廃止").location == "/zones"
    assert not refuses(TOWN.mynumber)
    MANAGER.get("/zones/zone/mynumber")
    closed = MANAGER.post("/zones/close/mynumber", reason="別のシステムへ移した")
    assert closed.location, closed.text
    for _ in range(100):
        if refuses(TOWN.mynumber):
            break
        time.sleep(0.1)
    else:
        raise AssertionError("the zone still answers")
    time.sleep(1.5)
    started = re.findall(r'"event":"started","role":"web","zone":"mynumber"', TOWN.messages())
    assert len(started) == 1, "started again"
    page = MANAGER.get("/zones")
    assert "閉じた" in page.text, page.text
    wait_for_entry("別のシステムへ移した")
    assert TOWN.stop() == 0
    TOWN.start("--demo", zones=2)
    assert len(TOWN.ports) == 2 and "closed zone left out" in TOWN.messages()


def wait_for_entry(*texts):
    auditor = TOWN.changed("ito", TOWN.lgwan)
    for _ in range(100):
        found = "".join(auditor.get(f"/journal?action={kind}.").text for kind in ("conduit", "zone"))
        if all(text in found for text in texts):
            return
        time.sleep(0.1)
    raise AssertionError(found)


def test_the_journal_says_who_and_why():
    TOWN.mynumber, TOWN.lgwan, TOWN.internet = None, *TOWN.ports
    wait_for_entry("保存を短くする", "不正な通信の疑い", "支所の網を加える", "呼び名に合わせる", "支所を廃止", "支所を続ける")


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
