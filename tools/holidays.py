#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn the rules of data/calendar/holidays.tsv into a C table.

usage: holidays.py OUT.c HOLIDAYS.TSV

A row that does not make sense stops the build.
"""

import pathlib
import sys

KINDS = {"fixed", "monday", "equinox", "sunday", "between", "closed"}


def rule(row):
    kind, name, first, last, month, value = row
    assert kind in KINDS, f"unknown kind {kind}"
    first, last = int(first), 9999 if last == "-" else int(last)
    month, value = int(month), int(value)
    assert 1949 <= first <= last, "years"
    assert (month == 0) == (kind in ("sunday", "between")) and 0 <= month <= 12, "month"
    assert kind not in ("fixed", "closed") or 1 <= value <= 31, "day"
    assert kind != "monday" or 1 <= value <= 4, "which Monday"
    return f'    {{HOLIDAY_{kind.upper()}, "holiday.{name}", {first}, {last}, {month}, {value}}},'


def main():
    out, table = (pathlib.Path(a) for a in sys.argv[1:3])
    lines = ['#include "base/holiday_table.h"', "", "const struct holiday_rule holiday_table[] = {"]
    count = 0
    for number, line in enumerate(table.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        try:
            lines.append(rule(line.split("\t")))
        except (AssertionError, ValueError) as reason:
            sys.exit(f"{table}:{number}: {reason}")
        count += 1
    lines += ["};", f"const size_t holiday_count = {count};", ""]
    out.write_text("\n".join(lines))


if __name__ == "__main__":
    main()
