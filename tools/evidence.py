#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn data/evidence.tsv into a C table.

usage: evidence.py OUT.c FILE

A row is: what meets a control, the actions that prove it, the actions by which it refused. Rows are
sorted by the first column, each once. Anything else stops the build.
"""

import pathlib
import re
import sys

BY = re.compile(r"[a-z]+(\.[a-z-]+)?$")
ACTION = re.compile(r"[a-z]+\.[a-z_]+$|\*$")
MOST = 4  # actions of one kind; src/adoption/tally.h says the same


def actions(text, place):
    found = [] if text == "-" else text.split(" ")
    for action in found:
        if not ACTION.match(action):
            sys.exit(f"{place}: not an action: {action!r}")
    if len(found) > MOST:
        sys.exit(f"{place}: more than {MOST} actions")
    return found


def main():
    out, path = (pathlib.Path(argument) for argument in sys.argv[1:])
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        place = f"{path}:{number}"
        columns = line.split("\t")
        if len(columns) != 3 or not BY.match(columns[0]):
            sys.exit(f"{place}: by, accepted and refused, with tabs between")
        rows.append((columns[0], actions(columns[1], place), actions(columns[2], place)))
    names = [row[0] for row in rows]
    if names != sorted(set(names)):
        sys.exit(f"{path}: rows are not sorted, or one stands twice")
    text = ['#include "adoption/tally.h"', "", "const struct tally_row tally_table[] = {"]
    for by, accepted, refused in rows:
        lists = (", ".join(f'"{action}"' for action in part) or "NULL" for part in (accepted, refused))
        text.append(f'    {{"{by}", {{{"}, {".join(lists)}}}}},')
    text += ["};", f"const size_t tally_row_count = {len(rows)};", ""]
    out.write_text("\n".join(text), encoding="utf-8")


if __name__ == "__main__":
    main()
