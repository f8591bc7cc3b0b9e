# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox holds for an ordinary user as it does for root.

Run by root, the test programs are run again as the user nobody; run by anybody else there is
nothing more to show, because the programs were run by an ordinary user already.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import tap

NOBODY = 65534


def run_as_nobody(program):
    if os.geteuid() != 0:
        raise tap.Skip("already an ordinary user")
    with tempfile.TemporaryDirectory(prefix="sekisho-nobody-") as folder:
        os.chmod(folder, 0o755)
        copy = pathlib.Path(folder, program)
        shutil.copy(tap.BUILD / "test" / program, copy)
        done = subprocess.run([str(copy)], user=NOBODY, group=NOBODY, extra_groups=[], cwd="/",
                              capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stdout + done.stderr


def test_workers_of_an_ordinary_user_cannot_get_out():
    run_as_nobody("escape_test")


def test_the_pool_of_an_ordinary_user_works():
    run_as_nobody("pool_test")


def test_the_sandbox_of_an_ordinary_user_holds():
    run_as_nobody("sandbox_test")


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
