# SPDX-License-Identifier: GPL-3.0-or-later
"""`sekisho disarm` does on the command line what its help says."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402


class Place:
    """A folder of its own for one test; files are made by name."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="sekisho-command-")
        self.root = pathlib.Path(self.folder.name)

    def file(self, name, content="みほん市\n"):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def names(self, folder="out"):
        base = self.root / folder
        return sorted(str(p.relative_to(base)) for p in base.rglob("*") if p.is_file())

    def run(self, *arguments, **options):
        command = [str(tap.SEKISHO), "disarm", *map(str, arguments)]
        return subprocess.run(command, cwd=self.root, capture_output=True, text=True, timeout=120,
                              env=dict(os.environ, LANG="ja_JP.UTF-8"), **options)


def expect(done, status):
    assert done.returncode == status, f"{done.returncode}: {done.stdout}{done.stderr}"
    return done


def test_one_file_goes_to_the_name_given():
    place = Place()
    done = expect(place.run("-o", "result.txt", place.file("memo.txt")), 0)
    assert (place.root / "result.txt").read_text() == "みほん市\n"
    assert place.names(".") == ["memo.txt", "result.txt"]
    assert done.stdout.startswith("○ ") and "再構成" in done.stdout


def test_a_receipt_stands_beside_each_result():
    place = Place()
    done = expect(place.run("--json", "--out-dir", "out", place.file("memo.txt")), 0)
    assert place.names() == ["memo.txt", "memo.txt.receipt.json"]
    written = json.loads((place.root / "out/memo.txt.receipt.json").read_text())
    assert written == json.loads(done.stdout)
    assert written["verdict"] == "rebuilt" and written["output"]["name"] == "memo.txt"
    assert written["input"]["name"] == str(place.root / "memo.txt")


def test_a_refused_file_leaves_only_its_receipt():
    place = Place()
    files = [place.file("tool.exe", b"MZ\x90\0"), place.file("memo.txt")]
    done = expect(place.run("--out-dir", "out", *files), 1)
    assert place.names() == ["memo.txt", "memo.txt.receipt.json", "tool.exe.receipt.json"]
    receipt = json.loads((place.root / "out/tool.exe.receipt.json").read_text())
    assert receipt["verdict"] == "refused" and "output" not in receipt
    assert receipt["reason"]["code"] == "format_not_supported"
    assert receipt["reason"]["ja"] and receipt["reason"]["en"]
    assert "受け付けず 1 件" in done.stdout


def test_a_disguise_is_refused_unless_allowed():
    place = Place()
    disguised = place.file("photo.txt", b"\x89PNG\r\n\x1a\n")
    assert "中身の種類が違う" in expect(place.run("-o", "x", disguised), 1).stdout
    assert "中身の種類が違う" not in expect(place.run("--allow-mismatch", "-o", "x", disguised), 1).stdout


def test_equal_names_from_different_folders_do_not_collide():
    place = Place()
    files = [place.file("in/a/memo.txt", "1"), place.file("in/b/memo.txt", "2"),
             place.file("in/c/other.txt", "3")]
    expect(place.run("--out-dir", "out", *files), 0)
    made = [name for name in place.names() if not name.endswith(".json")]
    assert made == ["a/memo.txt", "b/memo.txt", "other.txt"], made
    assert (place.root / "out/b/memo.txt").read_text() == "2"


def test_the_same_file_twice_gives_two_results():
    place = Place()
    file = place.file("memo.txt")
    expect(place.run("--out-dir", "out", file, file), 0)
    made = [name for name in place.names() if not name.endswith(".json")]
    assert made == ["memo (2).txt", "memo.txt"], made


def test_folders_are_walked_and_keep_their_layout():
    place = Place()
    place.file("in/memo.txt", "1")
    place.file("in/sub/deep/memo.txt", "2")
    expect(place.run("--out-dir", "out", place.root / "in"), 0)
    made = [name for name in place.names() if not name.endswith(".json")]
    assert made == ["memo.txt", "sub/deep/memo.txt"], made


def test_paths_never_lead_out_of_the_output_folder():
    place = Place()
    place.file("x/memo.txt", "1")
    place.file("memo.txt", "2")
    (place.root / "work").mkdir()
    command = [str(tap.SEKISHO), "disarm", "--out-dir", "out", "../x/memo.txt", "../memo.txt"]
    subprocess.run(command, cwd=place.root / "work", check=True, capture_output=True, timeout=60)
    assert place.names("x") == ["memo.txt"] and (place.root / "memo.txt").read_text() == "2"
    made = [name for name in place.names("work/out") if not name.endswith(".json")]
    assert made == ["memo.txt", "x/memo.txt"], made


def test_results_of_an_earlier_run_are_replaced_and_nothing_else():
    place = Place()
    file = place.file("memo.txt", "new")
    kept = place.file("out/memo.txt", "somebody's own")
    done = expect(place.run("--out-dir", "out", file), 3)
    assert "--force" in done.stderr
    assert pathlib.Path(kept).read_text() == "somebody's own"
    assert place.names() == ["memo.txt"]
    expect(place.run("--force", "--out-dir", "out", file), 0)
    assert pathlib.Path(kept).read_text() == "new"
    place.file("memo.txt", "newer")
    expect(place.run("--out-dir", "out", file), 0)
    assert pathlib.Path(kept).read_text() == "newer"


def test_an_input_is_never_replaced():
    place = Place()
    file = place.file("in/memo.txt", "original, with CRLF\r\n")
    for arguments in (["--force", "--out-dir", "in"], ["-o", "in/memo.txt"]):
        expect(place.run(*arguments, file), 3)
        assert place.names("in") == ["memo.txt"]
        assert pathlib.Path(file).read_bytes() == b"original, with CRLF\r\n"


def test_a_missing_file_is_refused_and_the_rest_is_done():
    place = Place()
    done = expect(place.run("--out-dir", "out", "nothing.txt", place.file("memo.txt")), 1)
    assert "No such file" in done.stdout
    assert "memo.txt" in place.names()


def test_wrong_usage_says_what_is_wrong():
    place = Place()
    file = place.file("memo.txt")
    for arguments in ([], [file], ["-o", "x", "--out-dir", "y", file], ["-o", "x", file, file],
                      ["--nonsense", "-o", "x", file], ["-t", "magic", "-o", "x", file],
                      ["--limit", "pages", "-o", "x", file], ["--limit", "time_ms=1Q", "-o", "x", file],
                      ["--dpi", "7", "-o", "x", file], ["--lang", "fr", "-o", "x", file],
                      ["-o"], ["--password-file", "absent", "-o", "x", file]):
        done = expect(place.run(*arguments), 2)
        assert done.stderr and not done.stdout, arguments
    assert place.names(".") == ["memo.txt"]


def test_limits_can_be_set():
    place = Place()
    file = place.file("memo.txt", "123456789")
    receipt = json.loads(expect(place.run("--json", "--limit", "input_bytes=8", "-o", "x", file), 1).stdout)
    assert receipt["reason"]["code"] == "limit_input"
    expect(place.run("--limit", "input_bytes=1K", "-o", "x", file), 0)


def test_messages_come_in_both_languages():
    place = Place()
    file = place.file("memo.txt")
    assert expect(place.run("--lang", "en", "-o", "x", file), 0).stdout.startswith("ok  ")
    for language, word in (("ja", "使い方"), ("en", "usage")):
        done = expect(place.run("--lang", language, "--help"), 0)
        assert word in done.stdout
        assert all(len(line) < 120 for line in done.stdout.splitlines())


def test_formats_are_listed_for_people_and_programs():
    place = Place()
    table = expect(place.run("--formats"), 0).stdout
    formats = json.loads(expect(place.run("--formats", "--json"), 0).stdout)
    assert any(f["name"] == "text" and "rebuild" in f["treatments"] for f in formats)
    assert all(f["name"] in table for f in formats)


def test_json_lines_keep_the_order_of_the_inputs():
    place = Place()
    files = [place.file(f"memo{i}.txt", "x" * (1 + 5000 * (i % 3))) for i in range(30)]
    done = expect(place.run("--json", "--out-dir", "out", *files), 0)
    assert [json.loads(line)["input"]["name"] for line in done.stdout.splitlines()] == files


def test_a_name_cannot_steer_the_terminal():
    place = Place()
    done = expect(place.run("--out-dir", "out", place.file("a\x1b[31m\n.txt")), 0)
    assert "\x1b" not in done.stdout
    assert not any("\x1b" in name or "\n" in name for name in place.names() if "receipt" not in name)


def test_a_full_disk_leaves_nothing_half_written():
    place = Place()
    file = place.file("big.txt", "x" * 300000)
    (place.root / "full").mkdir()
    script = 'mount -t tmpfs -o size=64k none full && "$0" disarm --out-dir full "$1"; echo "$?"; ls -A full'
    done = subprocess.run(["unshare", "-rm", "sh", "-c", script, str(tap.SEKISHO), file],
                          cwd=place.root, capture_output=True, text=True, timeout=60)
    if "unshare" in done.stderr or "mount" in done.stderr:
        raise tap.Skip("no mount namespaces here")
    assert done.stdout.split() == ["3"], done.stdout + done.stderr
    assert done.stderr


def test_an_interrupted_run_leaves_nothing_half_written():
    place = Place()
    files = [place.file(f"in/memo{i}.txt", "x" * 100000) for i in range(400)]
    command = [str(tap.SEKISHO), "disarm", "--quiet", "--out-dir", "out", *files]
    process = subprocess.Popen(command, cwd=place.root)
    while not (place.root / "out").exists() and process.poll() is None:
        time.sleep(0.001)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) in (0, 3)
    made = place.names()
    assert not [name for name in made if not name.endswith((".txt", ".receipt.json"))], made
    for name in made:
        assert (place.root / "out" / name).stat().st_size, name
        assert name.endswith(".json") or f"{name}.receipt.json" in made, name


def test_without_a_sandbox_nothing_is_done():
    """A program whose zygote cannot start refuses to work, whatever the reason."""
    place = Place()
    file = place.file("memo.txt")
    script = 'ulimit -n 6; "$0" disarm -o result.txt "$1"'
    done = subprocess.run(["sh", "-c", script, str(tap.SEKISHO), file], cwd=place.root,
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 3, done.stdout + done.stderr
    assert done.stderr and place.names(".") == ["memo.txt"]


def test_the_program_tells_its_commands_and_version():
    run = lambda *arguments: subprocess.run([str(tap.SEKISHO), *arguments], capture_output=True,
                                            text=True, timeout=60)
    assert "disarm" in expect(run("--help"), 0).stdout
    assert expect(run("--version"), 0).stdout.startswith("sekisho ")
    assert expect(run(), 2).stderr
    assert "nonsense" in expect(run("nonsense"), 2).stderr


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
