#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Add up the results that meson wrote and print the closing line of `make check`.

usage: summary.py BUILD_DIR...

Exits 1 when anything failed, when a build has no results, or when nothing ran.
"""

import json
import pathlib
import re
import sys

POINT = re.compile(r"^(not ok|ok)\b[ \d]*(?:- )?([^#\n]*)(?:#\s*(SKIP)\b.*)?$", re.M | re.I)


def count(test, name, totals):
    """Adds the points of one test program; a program that ended badly counts as a failure itself."""
    failed = 0
    for verdict, title, directive in POINT.findall(test.get("stdout") or ""):
        if (directive or "").upper() == "SKIP":
            totals["skipped"] += 1
        elif verdict == "ok":
            totals["passed"] += 1
        else:
            failed += 1
            print(f"failed: {name}: {title.strip()}")
    points = POINT.search(test.get("stdout") or "")
    # cmocka writes "not ok # SKIP", which meson takes for a failure.
    only_skips = test["result"] == "FAIL" and test["returncode"] == 0 and points and not failed
    if only_skips:
        return
    if test["result"] == "SKIP" and not points:
        totals["skipped"] += 1
    elif test["result"] not in ("OK", "SKIP", "EXPECTEDFAIL") and not failed:
        failed = 1
        print(f"failed: {name}: {test['result']}")
    elif test["result"] == "OK" and not points:
        totals["passed"] += 1
    totals["failed"] += failed


def main():
    totals = {"passed": 0, "failed": 0, "skipped": 0}
    for build in sys.argv[1:]:
        log = pathlib.Path(build, "meson-logs/testlog.json")
        if not log.exists():
            totals["failed"] += 1
            print(f"failed: {build}: no test ran")
            continue
        for line in log.read_text(encoding="utf-8").splitlines():
            test = json.loads(line)
            count(test, f"{build}: {test['name']}", totals)
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**totals))
    sys.exit(1 if totals["failed"] or not totals["passed"] else 0)


if __name__ == "__main__":
    main()
