# SPDX-License-Identifier: GPL-3.0-or-later
"""`sekisho user` as a person calls it."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402

SEKISHO = tap.BUILD / "src/command/sekisho"
PASSWORD = re.compile(r"\b[a-z2-9]{4}(?:-[a-z2-9]{4}){3}\b")


def sekisho(*arguments, language="en"):
    environment = dict(os.environ, LC_ALL="", LC_MESSAGES="", LANG=language)
    return subprocess.run([SEKISHO, *arguments], capture_output=True, text=True, env=environment)


def add(town, login, *more):
    return sekisho("user", "add", town, login, "--name", "見本 花子", "--kana", "ミホン ハナコ",
                   "--department", "0100", "--department-name", "総務課", *more)


def test_the_first_person_of_a_new_organization():
    with tempfile.TemporaryDirectory() as folder:
        town = f"{folder}/town"
        assert sekisho("init", town, "--name", "みほん市").returncode == 0
        added = add(town, "hanako", "--role", "system_manager", "--role", "section_manager")
        assert added.returncode == 0 and PASSWORD.search(added.stdout), added.stderr
        assert add(town, "jiro").returncode == 0, "the department is there already"
        listed = sekisho("user", "list", town)
        assert listed.stdout.splitlines() == [
            "hanako\topen\tregular\t見本 花子\t総務課",
            "jiro\topen\tregular\t見本 花子\t総務課",
        ], listed.stdout


def test_a_new_password_and_a_suspension():
    with tempfile.TemporaryDirectory() as folder:
        town = f"{folder}/town"
        sekisho("init", town)
        first = PASSWORD.search(add(town, "hanako").stdout)[0]
        again = sekisho("user", "password", town, "hanako", language="ja")
        assert PASSWORD.search(again.stdout)[0] != first and "仮のパスワード" in again.stdout
        assert sekisho("user", "suspend", town, "hanako", "--reason", "退職").returncode == 0
        assert "\tsuspended\t" in sekisho("user", "list", town).stdout
        assert sekisho("user", "resume", town, "hanako").returncode == 0
        assert "\topen\t" in sekisho("user", "list", town).stdout


def test_mistakes_are_explained():
    with tempfile.TemporaryDirectory() as folder:
        town = f"{folder}/town"
        sekisho("init", town)
        for arguments in (
            [], ["add", town], ["add", town, "hanako"], ["list", town, "hanako"],
            ["fly", town, "hanako"], ["password", town], ["list", town, "--nothing"],
        ):
            done = sekisho("user", *arguments)
            assert done.returncode == 2 and done.stderr, (arguments, done)
        for more in (["--role", "king"], ["--employment", "friend"], ["--mail", "a" * 300]):
            refused = add(town, "hanako", *more)
            assert refused.returncode == 3 and refused.stderr, (more, refused)
        assert sekisho("user", "list", town).stdout == "", "nothing was added"
        assert sekisho("user", "password", town, "nobody").returncode == 3
        assert sekisho("user", "--help").returncode == 0


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
