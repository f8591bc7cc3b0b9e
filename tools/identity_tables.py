#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn permissions, classifications and guessable words into sorted C tables.

usage: identity_tables.py OUT.c PERMISSIONS.tsv CLASSIFICATIONS.tsv GUESSABLE.txt
"""

import pathlib
import re
import sys

from messages import c_string

ACTION = re.compile(r"[a-z]+\.[a-z]+$")
SLUG = re.compile(r"[a-z_]+$")
ZONE = re.compile(r"(\*|here|[a-z][a-z0-9-]*)$")
HIGHEST = 4


def rows(path, fields):
    """(line number, fields) of every row."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        row = line.split("\t")
        if len(row) != fields or not all(row):
            sys.exit(f"{path}:{number}: needs {fields} fields")
        yield number, row


def rank(text, unlimited, place):
    if text == "-":
        return unlimited
    if not text.isdigit() or int(text) > HIGHEST:
        sys.exit(f"{place}: a rank is 0 to {HIGHEST}")
    return int(text)


def permissions(path):
    found = []
    for number, (role, action, zone, low, high) in rows(path, 5):
        place = f"{path}:{number}"
        if not (SLUG.match(role) and ACTION.match(action) and ZONE.match(zone)):
            sys.exit(f"{place}: not a role, an action or a zone")
        found.append((role, action, zone, rank(low, 0, place), rank(high, HIGHEST, place)))
    if len({row[:3] for row in found}) != len(found):
        sys.exit(f"{path}: two rows for the same role, action and zone")
    return sorted(found)


def main():
    out, permission_file, label_file, word_file = (pathlib.Path(a) for a in sys.argv[1:5])
    labels = {row[0]: (rank(row[1], 0, label_file), row[2]) for _, row in rows(label_file, 3)}
    words = sorted({row[0] for _, row in rows(word_file, 1)}, key=lambda w: (-len(w), w))
    table = permissions(permission_file)
    lines = ['#include "identity/tables.h"', ""]
    lines.append("const struct permission_row permission_table[] = {")
    lines += [
        f"    {{{c_string(role)}, {c_string(action)}, {c_string(zone)}, {low}, {high}}},"
        for role, action, zone, low, high in table
    ]
    lines += ["};", f"const size_t permission_count = {len(table)};", ""]
    lines.append("const struct classification_row classification_table[] = {")
    lines += [f"    {{{c_string(label)}, {high}, {c_string(scheme)}}}," for label, (high, scheme) in sorted(labels.items())]
    lines += ["};", f"const size_t classification_count = {len(labels)};", ""]
    lines.append("const char *const guessable_table[] = {")
    lines += [f"    {c_string(word)}," for word in words]
    lines += ["};", f"const size_t guessable_count = {len(words)};", ""]
    out.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
