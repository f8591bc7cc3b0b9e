# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies as OSCAL, HTML and Excel: valid, complete, escaped, the same each time."""

import html.parser
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile
import xml.etree.ElementTree as ElementTree

import jsonschema

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402

SCHEMAS = {"catalog": "catalog", "component-definition": "component", "assessment-results": "assessment-results"}
SAMPLES = [tap.SOURCE / "data/sample/policy.txt", *sorted((tap.SOURCE / "test/policy/samples").glob("*.txt"))]
HOSTILE = """みほん市情報セキュリティポリシー
1 <b>目的</b>
(1) 職員は、<script>alert("1")</script>&amp;を報告しなければならない。
(2) 職員は、=1+1を確認しなければならない。
"""


def run(*arguments):
    command = [str(tap.SEKISHO), "policy", "--lang", "ja", *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, timeout=120)
    assert result.returncode == 0, result.stderr.decode()
    return result.stdout


def python_pattern(value):
    """The schemas' patterns name Unicode classes, which Python's re does not know."""
    if isinstance(value, dict):
        return {k: python_pattern(v) for k, v in value.items()}
    if isinstance(value, list):
        return [python_pattern(v) for v in value]
    if isinstance(value, str):
        value = value.replace(r"(\p{L}|_)", r"[^\W\d]")
        return value.replace(r"(\p{L}|\p{N}|[.\-_])", r"[\w.\-]")
    return value


def documents():
    return SAMPLES + sorted(tap.shared("policies").glob("*.txt"))


def test_oscal_is_valid_against_its_schemas():
    for model, name in SCHEMAS.items():
        path = tap.shared("reference/oscal") / f"oscal_{name}_schema.json"
        schema = python_pattern(json.loads(path.read_text(encoding="utf-8")))
        validator = jsonschema.Draft7Validator(schema)
        for document in documents():
            data = json.loads(run("export", "--oscal", model, document))
            wrong = [f"{list(e.path)}: {e.message[:200]}" for e in validator.iter_errors(data)]
            assert not wrong, (model, document.name, wrong[:3])


def test_oscal_holds_every_clause_and_requirement_once():
    for document in SAMPLES:
        policy = json.loads(run("show", "--json", document))
        catalog = json.loads(run("export", "--oscal", "catalog", document))["catalog"]
        controls = [c for group in catalog["groups"] for c in group["controls"]]
        items = [p for c in controls for p in c.get("parts", []) if p["name"] == "item"]
        assert len({c["id"] for c in controls}) == len(controls) == len(policy["clauses"])
        assert len({p["id"] for p in items}) == len(items) == len(policy["requirements"])
        component = json.loads(run("export", "--oscal", "component-definition", document))
        met = component["component-definition"]["components"][0]["control-implementations"][0]
        bound = [r for r in policy["requirements"] if r["bindings"]]
        assert len(met["implemented-requirements"]) == len(bound)
        assert {r["control-id"] for r in met["implemented-requirements"]} <= {c["id"] for c in controls}


def test_oscal_is_the_same_each_time_and_its_uuids_differ():
    for model in SCHEMAS:
        first, second = (run("export", "--oscal", model, SAMPLES[0]) for _ in range(2))
        assert first == second, model
        uuids = re.findall(rb'"uuid":"([^"]+)"', first)
        assert uuids and len(set(uuids)) == len(uuids), model


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.words = set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)

    def handle_data(self, data):
        self.words.append(data)


def with_hostile(use):
    with tempfile.TemporaryDirectory() as folder:
        hostile, out = pathlib.Path(folder) / "hostile.txt", pathlib.Path(folder) / "out"
        hostile.write_text(HOSTILE, encoding="utf-8")
        return use(hostile, out)


def compare_to(option):
    def use(hostile, out):
        run("compare", option, out, hostile, SAMPLES[0])
        return out.read_bytes()
    return with_hostile(use)


def test_the_page_escapes_what_the_text_says():
    text = compare_to("--html").decode()
    page = Page()
    page.feed(text)
    assert "script" not in page.tags and "b" not in page.tags, page.tags
    assert '<script>alert("1")</script>&amp;' in "".join(page.words)
    assert "href" not in text and "src=" not in text
    assert text.count("<tr>") > 5


def sheet_texts(data, folder):
    path = folder / "book.xlsx"
    path.write_bytes(data)
    with zipfile.ZipFile(path) as book:
        assert book.testzip() is None
        sheets = [ElementTree.fromstring(book.read(n)) for n in sorted(book.namelist())
                  if n.startswith("xl/worksheets/sheet")]
        strings = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
    return sheets, ["".join(item.itertext()) for item in strings]


def test_workbooks_hold_texts_and_no_formulas():
    name = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with tempfile.TemporaryDirectory() as folder:
        sheets, texts = sheet_texts(compare_to("--excel"), pathlib.Path(folder))
        assert not [f for sheet in sheets for f in sheet.iter(name + "f")]
        assert any("=1+1" in text for text in texts)
        out = pathlib.Path(folder) / "coverage.xlsx"
        run("coverage", "--excel", out, SAMPLES[0])
        first = out.read_bytes()
        run("coverage", "--excel", out, SAMPLES[0])
        assert out.read_bytes() == first
        sheets, texts = sheet_texts(first, pathlib.Path(folder))
        policy = json.loads(run("show", "--json", SAMPLES[0]))
        assert len(list(sheets[0].iter(name + "row"))) == len(policy["requirements"]) + 1
        assert {r["id"] for r in policy["requirements"]} <= set(texts)


def test_options_of_another_verb_are_refused():
    for arguments in (["show", "--html", "x"], ["lint", "--excel", "x"], ["export"],
                      ["export", "--oscal", "profile"], ["coverage", "--html", "x"]):
        command = [str(tap.SEKISHO), "policy", *arguments, str(SAMPLES[0])]
        assert subprocess.run(command, capture_output=True).returncode == 2, arguments


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
