# SPDX-License-Identifier: GPL-3.0-or-later
"""`sekisho init`, `backup` and `restore` as a person calls them."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402

SEKISHO = tap.BUILD / "src/command/sekisho"


def sekisho(*arguments, language="en"):
    environment = dict(os.environ, LC_ALL="", LC_MESSAGES="", LANG=language)
    return subprocess.run([SEKISHO, *arguments], capture_output=True, text=True, env=environment)


def test_an_organization_comes_back_from_its_backup():
    with tempfile.TemporaryDirectory() as folder:
        town, copy = f"{folder}/town", f"{folder}/copy"
        made = sekisho("init", town, "--name", "みほん市", "--origin", "sekisho/mihon", "--json")
        assert made.returncode == 0 and json.loads(made.stdout)["entries"] == 1, made.stderr
        for place in (f"{folder}/backup", f"{folder}/one.tar"):
            saved = sekisho("backup", town, "--to", place, "--json")
            assert saved.returncode == 0 and json.loads(saved.stdout)["verified"], saved.stderr
            back = sekisho("restore", place, copy, "--json")
            assert back.returncode == 0, back.stderr
            assert json.loads(back.stdout)["set"] == json.loads(saved.stdout)["set"]
            verified = sekisho("journal", "verify", f"{copy}/journal", "--key", f"{town}/keys/journal.pub")
            assert verified.returncode == 0, verified.stdout + verified.stderr
            shutil.rmtree(copy)


def test_both_languages_say_what_was_done():
    with tempfile.TemporaryDirectory() as folder:
        english = sekisho("init", f"{folder}/a")
        japanese = sekisho("init", f"{folder}/b", language="ja_JP.UTF-8")
        assert "Made" in english.stdout and "作り" in japanese.stdout
        refused = sekisho("init", f"{folder}/a", language="ja")
        assert refused.returncode == 3 and "空ではありません" in refused.stderr, refused.stderr


def test_wrong_use_is_explained():
    for arguments in (
        ["init"],
        ["init", "a", "b"],
        ["init", "--nothing", "a"],
        ["init", "--name"],
        ["init", "--name", "", "a"],
        ["backup", "a"],
        ["backup", "--to", "b"],
        ["restore", "a"],
        ["restore", "a", "b", "--lang", "fr"],
    ):
        done = sekisho(*arguments)
        assert done.returncode == 2 and "usage" in done.stderr, f"{arguments}: {done.stderr}"
    for command in ("init", "backup", "restore"):
        done = sekisho(command, "--help")
        assert done.returncode == 0 and done.stdout.startswith("usage: sekisho " + command)


def test_what_cannot_be_done_is_refused_without_a_trace():
    with tempfile.TemporaryDirectory() as folder:
        absent = sekisho("backup", f"{folder}/absent", "--to", f"{folder}/b")
        assert absent.returncode == 3 and "does not exist" in absent.stderr, absent.stderr
        assert not os.listdir(folder)
        nothing = sekisho("restore", f"{folder}/absent", f"{folder}/c")
        assert nothing.returncode == 3, nothing.stderr
        assert not os.path.exists(f"{folder}/c/sekisho.db")
        bad = sekisho("init", f"{folder}/d", "--origin", "not a name")
        assert bad.returncode == 3 and not os.path.exists(f"{folder}/d/sekisho.db"), bad.stderr


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
