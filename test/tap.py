# SPDX-License-Identifier: GPL-3.0-or-later
"""A small TAP producer: functions named test_* of a module are the tests.

A test passes when it returns, fails when it raises, and is skipped when it raises Skip(reason).
Where the real documents in ../shared are absent, `shared()` skips, but fails when CI=true.
"""

import os
import pathlib
import subprocess
import sys
import traceback

SOURCE = pathlib.Path(os.environ.get("SEKISHO_SOURCE", pathlib.Path(__file__).parents[1]))
BUILD = pathlib.Path(os.environ.get("SEKISHO_BUILD", SOURCE / "build"))
SEKISHO = BUILD / "src/command/sekisho"


class Skip(Exception):
    """Raised by a test that cannot run here, with the reason in a few words."""


def shared(*parts):
    """The path of something in the shared folder beside the checkout; skips when it is not there."""
    path = (SOURCE.parent / "shared").joinpath(*parts)
    if not path.exists():
        if os.environ.get("CI") == "true":
            raise AssertionError(f"{path} is absent, and CI needs it")
        raise Skip(f"{path} is absent")
    return path


def need_mount_namespace():
    """Skips where no file system of one's own can be mounted; fails when CI=true."""
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode != 0:
        if os.environ.get("CI") == "true":
            raise AssertionError("no mount namespace, and CI needs one")
        raise Skip("no mount namespace here")


def run(module):
    """Runs every test_* function of a module in the order written; exits 1 when one failed."""
    tests = [(n, f) for n, f in vars(module).items() if n.startswith("test_") and callable(f)]
    print(f"1..{len(tests)}")
    failed = 0
    for number, (name, function) in enumerate(tests, 1):
        try:
            function()
            print(f"ok {number} - {name}")
        except Skip as reason:
            print(f"ok {number} - {name} # SKIP {reason}")
        except BaseException:  # a test may end in SystemExit as well
            failed += 1
            print(f"not ok {number} - {name}")
            for line in traceback.format_exc().splitlines():
                print(f"# {line}")
        sys.stdout.flush()
    sys.exit(1 if failed else 0)
