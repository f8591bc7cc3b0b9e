#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the forms in data/forms and turn them into a C table, sorted by key.

usage: forms.py OUT.c FORM.json ...

A form is one JSON object:

    key                  lower case, digits, _; also the file's name
    object               prefix of what it is about: "transfer/"
    action               of data/permissions.tsv that who decides must have, for the label in the
                         field `classification` where there is one
    fields               [{name, required, most: characters | one_of: [words]}]
    steps                [{role, of: department | organization, otherwise: [roles, tried in order]}]
    due                  {kind, count}: when the decision is due after opening
    due_after_emergency  the same after an emergency
    retention_years      how long the case is kept after opening
    clauses              ids of the clauses that it is evidence for

Kinds of due dates: days, business_days, months, month_end, fiscal_year_end. Anything else stops the build.
"""

import hashlib
import json
import pathlib
import re
import sys

from messages import c_string

MEMBERS = {
    "key", "object", "action", "fields", "steps", "due", "due_after_emergency", "retention_years",
    "clauses",
}  # fmt: skip
ROLES = {"staff", "section_manager", "system_manager", "deputy_ciso", "ciso", "auditor"}
DUE = {"days", "business_days", "months", "month_end", "fiscal_year_end"}
WORD = re.compile(r"[a-z][a-z0-9_]*$")
STEPS, FIELDS, CLAUSES = 4, 16, 8


class Bad(Exception):
    pass


def need(truth, reason):
    if not truth:
        raise Bad(reason)


def whole(value, least, most):
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def field(value):
    limits = {"most", "one_of"} & set(value)
    need(set(value) == {"name", "required"} | limits and len(limits) == 1, f"field {value}")
    need(WORD.match(value["name"]) and isinstance(value["required"], bool), f"field {value}")
    words = value.get("one_of", [])
    need(all(WORD.match(word) for word in words) and (words or "most" in value), f"field {value}")
    most = value.get("most", max(map(len, words), default=0))
    need(whole(most, 1, 4000), f"field {value}: most")
    return "{%s, %s, %d, %s}" % (
        c_string(value["name"]),
        "true" if value["required"] else "false",
        most,
        c_string(" ".join(words)),
    )


def step(value):
    need(set(value) == {"role", "of", "otherwise"}, f"step {value}")
    others = value["otherwise"]
    need({value["role"], *others} <= ROLES, f"step {value}: role")
    need(isinstance(others, list) and value["role"] not in others, f"step {value}: otherwise")
    need(value["of"] in ("department", "organization"), f"step {value}: of")
    own = "true" if value["of"] == "department" else "false"
    return f"{{{c_string(value['role'])}, {c_string(' '.join(others))}, {own}}}"


def due(value):
    need(set(value) == {"kind", "count"} and value["kind"] in DUE, f"due {value}")
    need(whole(value["count"], 0, 400), f"due {value}: count")
    return f"{{DUE_{value['kind'].upper()}, {value['count']}, false, true}}"


def rows(values, most, make, what):
    need(isinstance(values, list) and len(values) <= most, f"{what}: a list of at most {most}")
    return "{" + ", ".join(make(value) for value in values) + "}" if values else "{0}"


def form(path):
    """(key, C initialiser) of a form."""
    text = path.read_bytes()
    value = json.loads(text)
    need(set(value) == MEMBERS, f"members {sorted(set(value) ^ MEMBERS)}")
    need(value["key"] == path.stem and WORD.match(value["key"]), "key is not the file's name")
    need(re.match(r"[a-z_]+/$", value["object"]), "object")
    need(re.match(r"[a-z_]+\.[a-z_]+$", value["action"]), "action")
    names = [f["name"] for f in value["fields"]]
    need(len(set(names)) == len(names), "a field comes twice")
    need(value["steps"], "no steps")
    need(whole(value["retention_years"], 1, 100), "retention_years")
    members = [
        c_string(value["key"]),
        c_string(hashlib.sha256(text).hexdigest()),
        c_string(value["object"]),
        c_string(value["action"]),
        rows(value["fields"], FIELDS, field, "fields"),
        str(len(names)),
        rows(value["steps"], STEPS, step, "steps"),
        str(len(value["steps"])),
        due(value["due"]),
        due(value["due_after_emergency"]),
        str(value["retention_years"]),
        rows(value["clauses"], CLAUSES, c_string, "clauses"),
    ]
    return value["key"], "{" + ", ".join(members) + "}"


def main():
    out, *paths = map(pathlib.Path, sys.argv[1:])
    forms = []
    for path in paths:
        try:
            forms.append(form(path))
        except (Bad, KeyError, TypeError, ValueError) as reason:
            sys.exit(f"{path}: {reason}")
    lines = ['#include "cases/form.h"', "", "const struct form form_table[] = {"]
    lines += [f"    {text}," for _, text in sorted(forms)]
    lines += ["};", f"const size_t form_count = {len(forms)};", ""]
    out.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
