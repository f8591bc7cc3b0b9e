# SPDX-License-Identifier: GPL-3.0-or-later
"""Two policies of our own that the compiler was not made for: a regulation in articles, and one with other roles and zones."""

import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import binding_quality  # noqa: E402

FOLDER = tap.SOURCE / "test/policy/samples"


def show(name):
    return show_file(FOLDER / f"{name}.txt")


def show_file(path):
    command = [str(tap.SEKISHO), "policy", "show", "--json", str(path)]
    return json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)


def controls(policy):
    return {r["id"]: {b["control"] for b in r["bindings"]} for r in policy["requirements"]}


def crossings(policy):
    names = {zone["id"]: zone["name"] for zone in policy["zones"]}
    return {(names.get(c["from"], c["from"]), names.get(c["to"], c["to"]), c["rule"], *c["methods"])
            for c in policy["crossings"]}


def test_a_regulation_in_articles_is_read():
    policy = show("kumiai")
    assert policy["organization"] == "みほん東部環境組合"
    assert policy["title"] == "みほん東部環境組合情報安全管理規程"
    assert [z["name"] for z in policy["zones"]] == ["個人番号利用事務系", "インターネット接続系", "設備監視系"]
    assert len(policy["definitions"]) == 4 and len(policy["threats"]) == 3
    assert {r["name"]: r["held_by"] for r in policy["roles"]} == {
        "情報安全統括者": "事務局長", "情報安全担当員": "各課の課長"}
    headings = {c["marker"]: c["heading"] for c in policy["clauses"] if c["marker"].endswith("条")}
    assert len(headings) == 10 and headings["第2条"] == "定義" and headings["第9条"] == "事故の報告"
    assert [c["id"] for c in policy["clauses"]][-2:] == ["policy/附則", "policy/附則~2"]


def test_the_duties_of_the_regulation_are_found():
    policy = show("kumiai")
    duties = {r["id"]: r for r in policy["requirements"]}
    assert len(duties) == 11, sorted(duties)
    report = duties["policy/第4章/第9条#1"]
    assert (report["timing"]["kind"], report["report_to"]) == ("immediate", ["情報安全担当員"])
    takeout = duties["policy/第4章/第8条#1"]
    assert (takeout["modality"], takeout["permission_from"]) == ("must_not", ["情報安全担当員"])
    assert duties["policy/第2章/第4条/2#1"]["timing"]["kind"] == "yearly"
    bound = controls(policy)
    for requirement, control in [("第2章/第5条/2", "staff.training"), ("第3章/第6条", "zone.mynumber"),
                                 ("第3章/第6条/2", "zone.mfa"), ("第4章/第8条", "staff.takeout"),
                                 ("第4章/第8条/2", "password.secrecy"), ("第4章/第9条", "incident.report"),
                                 ("第4章/第10条", "handling.disposal")]:
        assert control in bound[f"policy/{requirement}#1"], requirement


def test_other_words_for_zones_and_roles_are_read():
    policy = show("suidou")
    assert policy["organization"] == "みほん水道企業団" and policy["effective"] == "2024-07-01"
    assert [z["name"] for z in policy["zones"]] == ["制御系", "事務系", "公開系"]
    assert {r["name"]: r["held_by"] for r in policy["roles"]} == {
        "最高安全責任者": "企業長", "安全推進者": "総務課長"}
    duties = {r["id"]: r for r in policy["requirements"]}
    assert len(duties) == 13, sorted(duties)
    assert duties["policy/4/(3)#1"]["permission_from"] == ["最高安全責任者"]
    assert duties["policy/6/(3)#1"]["report_to"] == ["安全推進者"]
    bound = controls(policy)
    for requirement, control in [("5/(3)", "zone.disarm"), ("6/(1)", "software.permission"),
                                 ("7/(1)", "system.backup"), ("7/(2)", "system.access-log")]:
        assert control in bound[f"policy/{requirement}#1"], requirement


def test_crossings_follow_each_text():
    assert crossings(show("kumiai")) == {
        ("個人番号利用事務系", "*", "forbidden"), ("設備監視系", "インターネット接続系", "limited"),
        ("インターネット接続系", "設備監視系", "disarmed")}
    assert crossings(show("suidou")) == {
        ("制御系", "external", "forbidden"), ("事務系", "公開系", "limited"),
        ("公開系", "事務系", "disarmed", "rebuild", "flatten"), ("*", "制御系", "media_only")}


def test_nothing_of_a_sample_is_lost_or_doubled():
    for path in sorted(FOLDER.glob("*.txt")):
        source, policy = path.read_bytes(), show(path.stem)
        seen = bytearray(len(source))
        for item in policy["clauses"] + policy["furniture"]:
            for at in range(item["offset"], item["offset"] + item["length"]):
                seen[at] += 1
        assert max(seen) == 1, path.name
        left = bytes(b for b, n in zip(source, seen) if not n).decode()
        assert not left.strip(" \n\r\t-#\u3000"), (path.name, left.strip())


def test_guidelines_with_wide_commas_are_read():
    policy = show("youkou")
    assert (policy["organization"], policy["effective"]) == ("みほん市", "2023-04-01")
    assert policy["title"] == "みほん市情報資産保護要綱"
    assert [d["term"] for d in policy["definitions"]][1] == "記録媒体" and len(policy["definitions"]) == 6
    assert {r["name"]: r["held_by"] for r in policy["roles"]} == {
        "CISO": "副市長", "総括情報管理者": "デジタル推進課長", "所属情報管理者": "課長", "委員会": ""}
    duties = {r["id"]: r for r in policy["requirements"]}
    send = duties["policy/第3章/第12条#1"]
    assert (send["roles"], send["permission_from"]) == (["職員"], ["所属情報管理者"])
    assert send["condition"] == "重要な情報を庁外にメールで送るときは"
    assert duties["policy/第6章/第30条/2#1"]["report_to"] == ["総括情報管理者", "CISO"]
    assert duties["policy/第5章/第19条/4#1"]["roles"] == []  # not the one whom the first paragraph describes
    adopted = {c["id"]: c["text"] for c in policy["clauses"]}
    assert "，" in adopted["policy/第1章/第3条"] and "、" not in adopted["policy/第1章/第3条"]


def test_annexes_and_forms_stand_apart_from_the_closing_articles():
    policy = show("youryou")
    assert [c["id"].split("/")[1] for c in policy["clauses"] if c["parent"] is None] == [
        "第1", "第2", "第3", "第4", "附則", "別表第1", "様式第1号", "様式第2号"]
    assert policy["effective"] == "2024-04-01"
    duties = {r["id"]: r for r in policy["requirements"]}
    assert duties["policy/第3/2#1"]["permission_from"] == ["情報管理者"]
    assert duties["policy/第4#1"]["report_to"] == ["情報管理者"] and len(duties) == 3


def test_half_width_kana_are_read_and_shown_as_adopted():
    policy = show("hankaku")
    assert [c["heading"] for c in policy["clauses"] if c["heading"]] == ["目的", "体制", "持ち出し", "監査"]
    assert policy["roles"][0]["held_by"] == "総務課長"
    assert policy["clauses"][2]["text"] == "職員は､許可なくﾊﾟｿｺﾝを持ち出してはならない｡"
    bound = controls(policy)
    assert bound["policy/第3条#1"] == {"staff.takeout"} and bound["policy/第3条/2#1"] == {"password.secrecy"}


def test_marks_of_markdown_are_no_part_of_terms():
    policy = show("markdown")
    assert [(d["term"], d["text"][:2]) for d in policy["definitions"]] == [("情報資産", "市が"), ("職員等", "市の")]
    assert len(policy["requirements"]) == 4


def test_samples_bind_as_a_reader_of_them_chose():
    for name in ("youkou", "kijun"):
        quality = binding_quality.measure_sample(tap.SEKISHO, name)
        assert not quality.missing, quality.missing
        assert quality.precision >= 0.95 and quality.recall >= 0.95, (name, quality)


def test_lint_is_content_with_sound_guidelines():
    command = [str(tap.SEKISHO), "policy", "lint", "--json", str(FOLDER / "youkou.txt")]
    found = json.loads(subprocess.run(command, capture_output=True, timeout=60).stdout)["findings"]
    assert [(f["kind"], f["words"]) for f in found] == [("unappointed_role", "システム管理者")], found


LEVELS = [("自治体機密性", "3A", "外に漏れると市民の生命に関わるもの"),
          ("自治体機密性", "3B", "名簿その他の個人の情報を含むもの"),
          ("自治体機密性", "2", "公開を予定していないもの"), ("自治体機密性", "1", "公開してよいもの"),
          ("自治体完全性", "2", "誤りがあると仕事に障りがあるもの"), ("自治体完全性", "1", "自治体完全性２でないもの"),
          ("自治体可用性", "2", "使えないと仕事が止まるもの"), ("自治体可用性", "1", "ほかのもの")]


def levels(policy):
    return [(level["scheme"], level["label"], level["text"]) for level in policy["classification"]["levels"]]


def test_levels_are_read_from_the_rows_of_tables():
    policy = show("bunrui")
    assert levels(policy) == LEVELS, levels(policy)
    assert policy["classification"]["name"] == "自治体機密性"
    assert [r["threshold"] for r in policy["requirements"]] == ["自治体機密性2", ""]


def paragraph(text):
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def write_word(path, body):
    """A Word document of the least parts that there can be."""
    spaces = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("[Content_Types].xml", f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType='
                      '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
                      f'ContentType="{main}"/></Types>')
        file.writestr("_rels/.rels", f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" '
                      f'Type="{office}/officeDocument" Target="word/document.xml"/></Relationships>')
        file.writestr("word/document.xml", f"<w:document {spaces}><w:body>{body}</w:body></w:document>")


def test_levels_are_read_from_a_table_of_a_word_document():
    rows = [LEVELS[0], ("", *LEVELS[1][1:]), *LEVELS[2:]]  # the second cell of the scheme is merged into the first
    cells = [(f"{scheme}{label}", text) for scheme, label, text in rows[:1] + rows[2:]]
    split = [(scheme, label, text) for scheme, label, text in rows]
    for table in (cells, split):
        body = "".join(map(paragraph, ["みほん市情報セキュリティポリシー", "対策基準", "1 目的", "守る。", "2 分類", "次の表による。"]))
        body += "<w:tbl>" + "".join("<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>"
                                    for row in table) + "</w:tbl>"
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "bunrui.docx"
            write_word(path, body)
            found = levels(show_file(path))
        assert found == [row for row in LEVELS if table is split or row != LEVELS[1]], found


def write_pdf(path, pieces):
    """A page of pieces (font, size, left, up, text); font M is Japanese, H Latin. Nothing is embedded."""
    shown = []
    for font, size, left, up, text in pieces:
        code = text.encode("utf-16-be" if font == "M" else "ascii").hex()
        shown.append(f"BT /{font} {size} Tf {left} {up} Td <{code}> Tj ET")
    content = "\n".join(shown)
    descriptor = ("<</Type/FontDescriptor/FontName/Mincho/Flags 4/FontBBox[0 -1000 1000 1600]/ItalicAngle 0/Ascent 1600"
                  "/Descent -1000/CapHeight 700/StemV 80>>")  # a box as tall as that of fonts in use
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</M 5 0 R/H 6 0 R>>>>>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        "<</Type/Font/Subtype/Type0/BaseFont/Mincho/Encoding/UniJIS-UTF16-H/DescendantFonts[<</Type/Font/Subtype"
        "/CIDFontType0/BaseFont/Mincho/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 2>>/DW 1000"
        f"/FontDescriptor {descriptor}>>]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    out, places = b"%PDF-1.7\n", []
    for number, value in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj{value}endobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size, start = len(objects) + 1, len(out)
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Root 1 0 R/Size {size}>>\nstartxref\n{start}\n%%EOF\n".encode()
    path.write_bytes(out)


def show_pdf(pieces):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "policy.pdf"
        write_pdf(path, pieces)
        return show_file(path)


PAGE = [("M", 12, 60, 780, "みほん市情報セキュリティポリシー"), ("M", 12, 60, 762, "対策基準"),
        ("M", 12, 84, 744, "目的"), ("M", 11, 60, 728, "みほん市の情報資産を守ることを目的とする。"),
        ("M", 12, 84, 710, "情報資産の分類")]
MARKERS = [("H", 10, 60, 745, "1"), ("H", 10, 60, 711, "2")]


def test_markers_in_another_font_stay_on_the_line_of_their_clause():
    page = PAGE + [("M", 11, 84, 692, "受渡し"), ("M", 11, 60, 676, "職員等は、許可を得なければならない。"),
                   ("M", 11, 84, 658, "廃棄"), ("M", 11, 60, 642, "職員等は、消去しなければならない。")]
    policy = show_pdf(page + MARKERS + [("H", 9, 60, 694, "(1)"), ("H", 9, 60, 660, "(2)")])
    assert [(c["id"], c["heading"]) for c in policy["clauses"]] == [
        ("standard/1", "目的"), ("standard/2", "情報資産の分類"), ("standard/2/(1)", "受渡し"),
        ("standard/2/(2)", "廃棄")], policy["clauses"]


def test_levels_are_read_from_a_table_of_a_pdf():
    table = [("M", 11, 60, 680, "分類"), ("M", 11, 130, 680, "分類基準"), ("M", 11, 340, 680, "取扱制限"),
             ("M", 11, 60, 660, "機密性３"), ("M", 11, 130, 660, "漏れると市民の生命に関わるもの"),
             ("M", 11, 340, 660, "外へ出さない"), ("M", 11, 130, 644, "で、長く続くもの"),
             ("M", 11, 60, 624, "機密"), ("M", 11, 60, 608, "性２"), ("M", 11, 130, 624, "公開を予定して"),
             ("M", 11, 130, 608, "いないもの"), ("M", 11, 340, 624, "鍵を掛ける"),
             ("M", 11, 60, 588, "機密性１"), ("M", 11, 130, 588, "公開してよいもの")]
    policy = show_pdf(PAGE + table + MARKERS)
    assert levels(policy) == [("機密性", "3", "漏れると市民の生命に関わるもので、長く続くもの"),
                              ("機密性", "2", "公開を予定していないもの"), ("機密性", "1", "公開してよいもの")], levels(policy)


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
