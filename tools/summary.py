#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Add up the results that meson wrote and print the closing line of `make check`.

usage: summary.py BUILD_DIR...

Exits 1 when anything failed or nothing ran.
"""

import pathlib
import sys
import xml.etree.ElementTree


def main():
    passed = failed = skipped = 0
    for build in sys.argv[1:]:
        report = pathlib.Path(build, "meson-logs/testlog.junit.xml")
        for suite in xml.etree.ElementTree.parse(report).getroot():
            cases = suite.findall("testcase")
            for case in cases:
                if case.find("failure") is not None or case.find("error") is not None:
                    failed += 1
                    print(f"failed: {build}: {suite.get('name')} {case.get('name')}")
                elif case.find("skipped") is not None:
                    skipped += 1
                else:
                    passed += 1
            if not cases and int(suite.get("failures", 0)) + int(suite.get("errors", 0)):
                failed += 1
                print(f"failed: {build}: {suite.get('name')}")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
