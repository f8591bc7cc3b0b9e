#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn the policy of the demo's town, and what was done about it, into C tables.

usage: demo_policy.py OUT.c POLICY.txt POLICY.tsv PEOPLE.tsv
"""

import pathlib
import sys

import demo
from messages import c_string

ACTIONS = ("acknowledge", "adopt", "attest", "confirm", "exception", "not_applicable")


def main():
    out, policy, acts, people = map(pathlib.Path, sys.argv[1:5])
    logins = {cells[0] for _, cells in demo.rows(people, 8)}
    lines = ['#include "command/demo_policy.h"', "",
             "const char demo_policy_text[] ="]
    lines += [f"    {c_string(line)}" for line in policy.read_text("utf-8").splitlines(True)]
    lines += ["    ;", "const struct demo_policy_act demo_policy_acts[] = {"]
    for place, (what, who, *rest) in demo.rows(acts, 5):
        if what not in ACTIONS or who not in logins:
            sys.exit(f"{place}: {what} by {who}?")
        texts = ", ".join('""' if cell == "-" else c_string(cell) for cell in rest)
        lines.append(f"    {{DEMO_POLICY_{what.upper()}, {c_string(who)}, {texts}}},")
    lines += ["};", "const size_t demo_policy_act_count =",
              "    sizeof demo_policy_acts / sizeof *demo_policy_acts;", ""]
    out.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
