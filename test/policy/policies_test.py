# SPDX-License-Identifier: GPL-3.0-or-later
"""The five real policies through `sekisho policy`: facts, places, findings, comparison, refusals."""

import functools
import json
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import binding_quality  # noqa: E402

SAGA, HIGASHIYAMATO, MUNAKATA, SUNAGAWA, MIYAZAKI = range(5)

# definitions, threats, zone ids, classification levels; as counted by eye
FACTS = [
    (11, 5, ["mynumber", "internet"], 0),
    (12, 5, ["mynumber", "lgwan", "internet"], 0),
    (14, 12, ["mynumber", "lgwan", "internet"], 0),
    (12, 5, ["mynumber", "lgwan", "internet"], 0),
    (13, 5, ["mynumber", "standard-system", "internet"], 4),
]
SECTIONS = [10, 10, 10, 9, 14]
EFFECTIVE = ["2026-04-01", "2025-03", "2026-04", None, "2026-04-01"]


def path(number):
    return sorted(tap.shared("policies").glob("*.txt"))[number]


def run(*arguments):
    command = [str(tap.SEKISHO), "policy", "--lang", "en", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


@functools.cache
def show(number):
    result = run("show", "--json", path(number))
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def clause(number, clause_id):
    found = [c for c in show(number)["clauses"] if c["id"] == clause_id]
    assert len(found) == 1, f"{clause_id}: {len(found)}"
    return found[0]


def test_the_facts_that_were_counted_by_eye_hold():
    for number, (definitions, threats, zones, levels) in enumerate(FACTS):
        policy = show(number)
        assert len(policy["definitions"]) == definitions, number
        assert len(policy["threats"]) == threats, number
        assert [zone["id"] for zone in policy["zones"]] == zones, number
        assert len(policy["classification"]["levels"]) == levels, number
        assert policy["effective"] == EFFECTIVE[number], (number, policy["effective"])


def test_the_sections_are_all_there_and_no_more():
    for number, count in enumerate(SECTIONS):
        top = [c["id"] for c in show(number)["clauses"]
               if c["part"] == "policy" and c["parent"] is None]
        assert top == [f"policy/{i + 1}" for i in range(count)], (number, top)
    standard = [c["id"] for c in show(MIYAZAKI)["clauses"]
                if c["part"] == "standard" and c["parent"] is None and c["marker"]]
    assert standard == [f"standard/{i + 1}" for i in range(9)], standard


def test_nothing_of_the_source_is_lost_or_doubled():
    for number in range(5):
        source = path(number).read_bytes()
        seen = bytearray(len(source))
        for item in show(number)["clauses"] + show(number)["furniture"]:
            for at in range(item["offset"], item["offset"] + item["length"]):
                seen[at] += 1
        assert max(seen) == 1, number
        left = bytes(b for b, n in zip(source, seen) if n == 0).decode()
        assert not left.strip(" \n\r\t-#\u3000"), (number, left.strip()[:80])


def squeezed(text):
    return re.sub(r"[\s\u3000]+|^[-#]+|(?<=\n)[-#]+", "", text)


def test_every_clause_stands_at_its_place():
    for number in range(5):
        source = path(number).read_bytes()
        for c in show(number)["clauses"]:
            place = source[c["offset"] : c["offset"] + c["length"]].decode()
            assert squeezed(c["text"]) in squeezed(place), (number, c["id"])
            assert squeezed(c["heading"]) in squeezed(place), (number, c["id"])


def test_the_hard_places_are_read_right():
    for clause_id in [
        "standard/7/(2)/①/イ/②", "standard/7/(2)/②", "standard/7/(2)/①/ウ/⑥",
        "standard/7/(3)/②/イ/Ⓐ", "standard/7/(3)/②/イ/②", "standard/7/(3)/③/イ/④",
        "standard/7/(1)/㉑/ア/・1", "standard/7/(1)/㉑/ア/・2", "standard/7/(1)/㉑/オ",
        "standard/8/(4)/①/ア/⑤", "standard/8/(4)/①/ウ", "standard/8/(4)/②/ア/⑥",
    ]:
        clause(MIYAZAKI, clause_id)
    items = [c for c in show(MIYAZAKI)["clauses"] if c["parent"] == "standard/8/(4)/①/イ"]
    assert len(items) == 13, len(items)
    assert clause(SUNAGAWA, "policy/6")["heading"].count("\n") == 0
    assert len(show(MUNAKATA)["revisions"]) == 11
    assert show(MUNAKATA)["revisions"][0]["date"] == "2004-03"


def crossings(number):
    return {(c["from"], c["to"], c["rule"]) for c in show(number)["crossings"]}


def test_crossings_are_what_each_text_says():
    watched = ("internet", "external", "monitored")
    alone = ("mynumber", "*", "forbidden")
    assert crossings(SAGA) == {alone, watched}
    for number in (HIGASHIYAMATO, MUNAKATA, SUNAGAWA):
        assert crossings(number) == {alone, watched, ("lgwan", "internet", "limited"),
                                     ("lgwan", "internet", "disarmed")}, number
    inward = [c for c in show(MIYAZAKI)["crossings"]
              if (c["from"], c["to"]) == ("internet", "standard-system") and not c["both_ways"]]
    methods = [m for c in inward if c["rule"] == "media_only" for m in c["methods"]]
    assert methods == ["text", "flatten", "rebuild"], methods
    assert ("standard-system", "mynumber", "media_only") in crossings(MIYAZAKI)
    assert ("mynumber", "external", "limited") in crossings(MIYAZAKI)
    for number in range(5):
        for c in show(number)["crossings"]:
            assert c["sentence"] in clause(number, c["clause"])["text"], c


def test_roles_are_held_by_whom_the_text_names():
    roles = {r["name"]: r["held_by"] for r in show(MIYAZAKI)["roles"]}
    assert len(roles) == 7, roles
    assert all(roles.values()), roles


def requirement(number, requirement_id):
    found = [r for r in show(number)["requirements"] if r["id"] == requirement_id]
    assert found, requirement_id
    return found[0]


def test_requirements_say_who_when_and_with_whose_leave():
    assert 320 <= sum(r["clause"].startswith("standard") for r in show(MIYAZAKI)["requirements"]) <= 350
    slip = requirement(MIYAZAKI, "standard/6/(1)/①/キ#1")
    assert slip["modality"] == "must_not" and slip["exception"], slip
    carried = requirement(MIYAZAKI, "standard/6/(4)/②/イ#1")
    assert carried["roles"] == ["職員等"] and carried["modality"] == "must_not"
    leave = requirement(MIYAZAKI, "standard/3/(2)/⑧/イ#1")
    assert leave["threshold"] == "Ⅱ" and leave["permission_from"], leave
    yearly = requirement(MIYAZAKI, "standard/6/(2)/②/エ#1")
    assert yearly["timing"]["kind"] == "yearly" and yearly["report_to"], yearly
    assert requirement(MIYAZAKI, "standard/5/(1)/③/ア#1")["roles"] == ["情報システム管理者"]
    for number in range(4):
        duty = requirement(number, "policy/5#1")
        assert duty["modality"] == "must" and duty["roles"], (number, duty)


def test_every_requirement_but_few_binds_to_a_control():
    for number in range(5):
        requirements = show(number)["requirements"]
        bound = [r for r in requirements if r["bindings"]]
        assert len(bound) >= 0.95 * len(requirements), (number, len(bound), len(requirements))


def test_bindings_agree_with_those_a_person_chose():
    folder = tap.shared("policies")
    for document in binding_quality.DOCUMENTS:
        quality = binding_quality.measure(tap.SEKISHO, folder, [document])
        assert not quality.missing, quality.missing
        assert quality.precision >= 0.9 and quality.recall >= 0.9, (document, quality)


def findings(number):
    result = run("lint", "--json", path(number))
    assert result.returncode in (0, 1), result.stderr
    return {(f["kind"], f["clause"]) for f in json.loads(result.stdout)["findings"]}


def test_lint_finds_what_is_broken_in_the_real_texts():
    found = findings(MIYAZAKI)
    for kind, where in [
        ("doubled_words", "standard/7/(4)/③/オ"), ("foreign_script", "standard/6/(1)/①/キ"),
        ("begins_late", "standard/8/(4)/①/イ/④"), ("mixed_markers", "standard/7/(3)/②/イ/②"),
        ("dangling_reference", "standard/8/(4)/①/ウ"), ("unused_term", "policy/2/(12)"),
        ("unappointed_role", "standard/7/(2)/③"), ("only_in_contents", None),
        ("slip", "standard/7/(4)/④"), ("doubled_at_break", "standard/5/(1)/③/ア"),
    ]:
        assert (kind, where) in found, (kind, where)
    assert ("unused_term", "policy/2/(10)") in findings(SAGA)
    assert ("brackets", "policy/2/(9)") in findings(MUNAKATA)


def test_compare_names_what_one_body_has_and_another_lacks():
    result = run("compare", "--json", path(SAGA), path(HIGASHIYAMATO), path(MUNAKATA))
    assert result.returncode == 0, result.stderr
    rows = json.loads(result.stdout)["rows"]
    by_clause = {(i, c): row for row in reversed(rows) for i, c in enumerate(row["clauses"]) if c}
    lgwan = by_clause[(1, "policy/6/(3)/②")]
    assert lgwan["agreement"][0] == "missing" and lgwan["clauses"][2] == "policy/6/(3)/②", lgwan
    for only in ("policy/3/(11)", "policy/3/(12)"):  # connected devices, phishing
        assert by_clause[(2, only)]["agreement"][:2] == ["missing", "missing"], only
    whole = by_clause[(0, "policy/6/(8)/②")]  # one clause of the third says what the first says in three
    assert whole["clauses"][2] == "policy/6/(8)", whole
    same = by_clause[(0, "policy/8")]
    assert same["clauses"][1] == "policy/7" and same["agreement"][1] == "same", same


def test_coverage_counts_every_requirement_once():
    result = run("coverage", "--json", path(MIYAZAKI))
    report = json.loads(result.stdout)
    assert sum(report["met"].values()) + len(report["unbound"]) == report["requirements"]
    assert report["requirements"] == len(show(MIYAZAKI)["requirements"])


def refusal(data, name="policy.txt"):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, name)
        file.write_bytes(data)
        result = run("show", file)
        assert result.returncode == 1 and not result.stdout, (data[:20], result)
        return result.stderr


def test_what_is_no_policy_gets_a_sentence():
    assert "no numbered clauses" in refusal("拝啓 初夏の候、皆様には…\n".encode())
    assert refusal(b"")
    assert refusal(bytes(range(256)) * 40)
    missing = run("show", "no-such-file.txt")
    assert missing.returncode == 1 and "no-such-file.txt" in missing.stderr, missing.stderr
    assert run("show").returncode == 2
    assert run("paint", "x").returncode == 2


def test_fifty_megabytes_and_nested_markers_end():
    paragraph = "(1) 職員は、記録を作成しなければならない。\nア 項目\n① 細目\n".encode()
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "large.txt")
        file.write_bytes(b"1 \xe5\x85\xa8\xe4\xbd\x93\n" + paragraph * (50_000_000 // len(paragraph)))
        result = run("coverage", "--json", file)
        assert result.returncode in (0, 1), result.stderr


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
