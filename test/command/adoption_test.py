# SPDX-License-Identifier: GPL-3.0-or-later
"""`sekisho init --policy` and `sekisho policy adopt|versions` as a person calls them."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import zipfile

import jsonschema

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402

SEKISHO = tap.BUILD / "src/command/sekisho"
SAMPLE = tap.SOURCE / "data/sample/policy.txt"


def sekisho(*arguments, language="en"):
    environment = dict(os.environ, LC_ALL="", LC_MESSAGES="", LANG=language)
    return subprocess.run([SEKISHO, *arguments], capture_output=True, text=True, env=environment)


def test_a_policy_makes_an_organization():
    with tempfile.TemporaryDirectory() as folder:
        made = sekisho("init", f"{folder}/town", "--policy", str(SAMPLE), language="ja_JP.UTF-8")
        assert made.returncode == 0, made.stderr
        assert "LGWAN接続系 → インターネット接続系: 受渡し: 無害化して通す" in made.stdout, made.stdout
        assert "policy/2/(3)" in made.stdout and "既定" in made.stdout
        assert "副市長" in made.stdout and "これから行うこと" in made.stdout
        listed = sekisho("policy", "versions", f"{folder}/town")
        assert listed.returncode == 0 and "in force" in listed.stdout, listed.stdout + listed.stderr
        verified = sekisho(
            "journal", "verify", f"{folder}/town/journal", "--key", f"{folder}/town/keys/journal.pub"
        )
        assert verified.returncode == 0, verified.stdout


def test_what_is_no_policy_leaves_nothing_behind():
    with tempfile.TemporaryDirectory() as folder:
        lunch = pathlib.Path(folder) / "lunch.txt"
        lunch.write_text("本日の昼食は豆腐です。\n", encoding="utf-8")
        refused = sekisho("init", f"{folder}/town", "--policy", str(lunch))
        assert refused.returncode == 1 and refused.stderr, refused
        assert not (pathlib.Path(folder) / "town").exists()
        missing = sekisho("init", f"{folder}/town", "--policy", f"{folder}/none.txt")
        assert missing.returncode == 1, missing
        assert not (pathlib.Path(folder) / "town").exists()


def test_a_new_version_is_adopted_from_the_command_line():
    with tempfile.TemporaryDirectory() as folder:
        town, text = f"{folder}/town", pathlib.Path(folder) / "new.txt"
        assert sekisho("init", town, "--policy", str(SAMPLE), "--name", "みほん市役所").returncode == 0
        again = sekisho("policy", "adopt", town, str(SAMPLE))
        assert again.returncode == 3 and "same text" in again.stderr, again.stderr
        text.write_text(
            SAMPLE.read_text(encoding="utf-8") + "\n12 附則\n\n職員等は、毎年度1回、この方針を読まなければならない。\n",
            encoding="utf-8",
        )
        adopted = sekisho(
            "policy", "adopt", town, str(text), "--number", "第3版", "--effective", "2026-10-01",
            "--decided", "2026-09-20", "--by", "情報セキュリティ委員会", "--reason", "附則を加えた",
        )
        assert adopted.returncode == 0, adopted.stderr
        listed = sekisho("policy", "versions", town).stdout
        assert "第3版" in listed and "in force" in listed and "replaced" in listed, listed


def test_the_state_is_exported_as_valid_oscal():
    sys.path.insert(0, str(tap.SOURCE / "test/policy"))
    import export_test

    with tempfile.TemporaryDirectory() as folder:
        town = f"{folder}/town"
        assert sekisho("init", town, "--policy", str(SAMPLE)).returncode == 0
        for model, name in export_test.SCHEMAS.items():
            path = tap.shared("reference/oscal") / f"oscal_{name}_schema.json"
            schema = export_test.python_pattern(json.loads(path.read_text(encoding="utf-8")))
            written = sekisho("policy", "state", town, "--oscal", model)
            assert written.returncode == 0, written.stderr
            data = json.loads(written.stdout)
            wrong = [e.message[:200] for e in jsonschema.Draft7Validator(schema).iter_errors(data)]
            assert not wrong, (model, wrong[:3])
        findings = data["assessment-results"]["results"][0]["findings"]
        states = {p["value"] for f in findings for p in f["props"] if p["name"] == "state"}
        assert "enforced" in states and "unowned" in states, states


def test_the_state_is_written_as_excel():
    with tempfile.TemporaryDirectory() as folder:
        town, book = f"{folder}/town", f"{folder}/state.xlsx"
        assert sekisho("init", town, "--policy", str(SAMPLE)).returncode == 0
        assert sekisho("policy", "state", town, "--excel", book).returncode == 0
        texts = zipfile.ZipFile(book).read("xl/sharedStrings.xml").decode()
        assert "standard/2/(2)/①/ア#1" in texts and "-03-31" in texts
        assert not list(pathlib.Path(town).glob("export-*"))
        counted = sekisho("policy", "state", town)
        assert counted.returncode == 0 and "enforced by the program" in counted.stdout, counted.stdout


def test_serving_needs_the_networks_of_the_policy():
    with tempfile.TemporaryDirectory() as folder:
        town, config = f"{folder}/town", pathlib.Path(folder) / "sekisho.conf"
        assert sekisho("init", town, "--policy", str(SAMPLE)).returncode == 0
        config.write_text(f"directory = {town}\n[zone school]\nlisten = 127.0.0.1:0\n", encoding="utf-8")
        refused = sekisho("serve", "--config", str(config), language="ja")
        assert refused.returncode == 3 and "school" in refused.stderr, refused.stderr
        assert "lgwan" in refused.stderr, refused.stderr


def test_wrong_use_is_explained():
    for arguments in (["adopt", "a"], ["adopt", "--nothing", "a", "b"], ["versions"]):
        done = sekisho("policy", *arguments)
        assert done.returncode == 2 and "adopt" in done.stderr, done.stderr


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
