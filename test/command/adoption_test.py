# SPDX-License-Identifier: GPL-3.0-or-later
"""`sekisho init --policy` and `sekisho policy adopt|versions` as a person calls them."""

import os
import pathlib
import subprocess
import sys
import tempfile

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
