# SPDX-License-Identifier: GPL-3.0-or-later
"""A full disk and a read-only directory: refused in plain words, and nothing that was there is lost.

Each test runs in a mount namespace of its own with a small file system in memory; where the kernel
allows no such namespace, it is skipped (and fails when CI=true).
"""

import os
import subprocess
import sys
import tempfile

import tap

DRIVER = tap.BUILD / "test/load_driver"
SEKISHO = tap.BUILD / "src/command/sekisho"
PLACE = sys.argv[2] if len(sys.argv) > 2 else ""  # where the small file system is mounted
TOWN = PLACE + "/town"
SIZE = 96 << 20  # room for the journal's write-ahead log, which takes its room beforehand
ENGLISH = dict(os.environ, LANG="en_US.UTF-8", LC_ALL="")


def in_namespace(name):
    """Runs inner_<name> of this file with PLACE on a file system of its own."""
    if not DRIVER.exists():
        raise tap.Skip("built without the program")
    tap.need_mount_namespace()
    with tempfile.TemporaryDirectory(prefix="sekisho-trouble-") as place:
        command = ["unshare", "-rm", sys.executable, __file__, name, place]
        done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def mount(*options):
    subprocess.run(["mount", *options], check=True)


def work_until_refused():
    """Changes until one is refused; what was acknowledged, and what was said."""
    done = subprocess.run([DRIVER, "work", TOWN, "w"], capture_output=True, text=True, env=ENGLISH)
    assert done.returncode == 1, f"it ended with {done.returncode}"
    return set(done.stdout.split()), done.stderr


def settings():
    done = subprocess.run([DRIVER, "check", TOWN], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    rows = {line[8:] for line in lines if line.startswith("setting ")}
    files = {line[5:] for line in lines if line.startswith("file ")}
    assert rows == files, "a row without its file"
    return rows


def begin():
    mount("-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "tmpfs", PLACE)
    subprocess.run([SEKISHO, "init", TOWN], check=True, capture_output=True)


def inner_disk_full():
    begin()
    free = os.statvfs(PLACE)
    with open(PLACE + "/filler", "wb") as filler:  # two megabytes are left
        filler.write(bytes(free.f_bavail * free.f_frsize - (2 << 20)))
    acknowledged, said = work_until_refused()
    assert acknowledged, "nothing could be done at all"
    assert "disk_full" in said and "no space left" in said, said
    again, said = work_until_refused()
    assert "disk_full" in said, said
    sealing = subprocess.Popen([DRIVER, "seal", TOWN], stderr=subprocess.PIPE, text=True, env=ENGLISH)
    try:
        said = sealing.communicate(timeout=2)[1]
        assert "disk_full" in said, said
    except subprocess.TimeoutExpired:  # it had all the room that it needs
        sealing.kill()
        sealing.communicate()
    backup = [SEKISHO, "backup", TOWN, "--to", PLACE + "/b"]
    refused = subprocess.run(backup, capture_output=True, text=True, env=ENGLISH)
    assert refused.returncode == 3 and "space" in refused.stderr, refused.stderr
    assert not [n for n in os.listdir(PLACE + "/b/sets") if n[0].isdigit()], "half a backup has a name"
    os.remove(PLACE + "/filler")
    lost = (acknowledged | again) - settings()
    assert not lost, f"acknowledged and lost: {lost}"
    subprocess.run(backup, check=True, capture_output=True)


def inner_read_only():
    begin()
    process = subprocess.Popen([DRIVER, "work", TOWN, "w"], stdout=subprocess.PIPE, text=True)
    acknowledged = {process.stdout.readline().strip() for _ in range(20)}
    process.kill()
    process.wait()
    mount("-o", "remount,ro", PLACE)
    nothing, said = work_until_refused()
    assert not nothing and "file_read_only" in said and "read-only" in said, said
    mount("-o", "remount,rw", PLACE)
    assert acknowledged <= settings(), "acknowledged and lost"


def test_a_full_disk_is_refused_and_loses_nothing():
    in_namespace("disk_full")


def test_a_read_only_directory_is_refused_and_loses_nothing():
    in_namespace("read_only")


if __name__ == "__main__":
    if PLACE:
        globals()["inner_" + sys.argv[1]]()
    else:
        tap.run(sys.modules[__name__])
