#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn the made-up town of `sekisho serve --demo` into C tables, with the sample documents it sends.

usage: demo.py OUT.c DEPARTMENTS.tsv PEOPLE.tsv STORY.tsv

Stops when a name is not known, something comes before its time, or a document does not exist.
"""

import pathlib
import re
import sys

import make_samples
from messages import c_string

ROLE = re.compile(r"([a-z_]+)(:\*|<[a-z]+)?$")
WHEN = re.compile(r"-(\d+) (\d\d):(\d\d)$|-(\d+)m$")
ACCOUNTS = ("main", "temporary", "plain")
ACTIONS = {  # action: how many details it has
    "approve": 0, "away": 2, "close": 1, "emergency": 0, "fail": 0, "leave": 1, "open": 1,
    "recall": 0, "receive": 1, "refuse": 0, "send": 5, "step_down": 2, "suspend": 1,
}


def rows(path, fields):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#") or not line:
            continue
        cells = line.split("\t")
        if len(cells) != fields or not all(cells):
            sys.exit(f"{path}:{number}: needs {fields} fields")
        yield f"{path}:{number}", cells


def read_when(text, place):
    """(business days before today, minute of that day or minutes ago), and a key to sort by."""
    found = WHEN.match(text)
    if not found:
        sys.exit(f"{place}: when is that? {text}")
    if found[4]:
        return (0, int(found[4])), (0, -int(found[4]))
    days, minute = int(found[1]), int(found[2]) * 60 + int(found[3])
    return (days, minute), (-days, minute)


class Documents:
    """The samples that the story sends, each once."""

    def __init__(self):
        self.all = {f"{area}/{sample.name}": sample.data
                    for area in make_samples.areas() for sample in make_samples.load(area)}
        self.used = {}

    def number(self, name, place):
        if name not in self.all:
            sys.exit(f"{place}: there is no sample {name}")
        return self.used.setdefault(name, len(self.used))

    def lines(self):
        for name, number in self.used.items():
            data = self.all[name]
            yield f"static const uint8_t document_{number}[] = {{"
            for at in range(0, len(data), 20):
                yield "    " + ",".join(str(byte) for byte in data[at:at + 20]) + ","
            yield "};"
        yield "const struct demo_document demo_documents[] = {"
        for name, number in self.used.items():
            yield f"    {{document_{number}, sizeof document_{number}}}, /* {name} */"
        yield "};"


def read_people(path, departments, acting):
    """{login: C row}; who does nothing in the story has never logged in."""
    people = {}
    for place, (login, name, kana, code, employment, roles, account, since) in rows(path, 8):
        if login in people or code not in departments or account not in ACCOUNTS:
            sys.exit(f"{place}: doubled, or an unknown department or account")
        for role in roles.split() if roles != "-" else []:
            found = ROLE.match(role)
            if not found or (found[2] or "").startswith("<") and found[2][1:] not in people:
                sys.exit(f"{place}: what is {role}? A deputy stands below the holder")
        if account == "plain" and login not in acting:
            account = "never"
        people[login] = "    {%s, %d, DEMO_%s, %d}," % (
            ", ".join(map(c_string, (login, name, kana, employment, "" if roles == "-" else roles))),
            list(departments).index(code), account.upper(), int(since))
    return people


def read_files(text, documents, place):
    files = []
    for part in text.split(","):
        sample, _, name = part.strip().partition(">")
        files.append("{%d, %s}" % (documents.number(sample, place), c_string(name)))
    return files


def read_event(place, cells, people, documents, known):
    when, who, where, what, transfer, details, words = cells
    (days, minute), key = read_when(when, place)
    parts = [] if details == "-" else [part.strip() for part in details.split(";")]
    if who not in people or what not in ACTIONS or len(parts) != ACTIONS[what]:
        sys.exit(f"{place}: unknown person or action, or not its details")
    if what == "send":
        if transfer in known:
            sys.exit(f"{place}: {transfer} was sent before")
        known.append(transfer)
    elif transfer != "-" and transfer not in known:
        sys.exit(f"{place}: {transfer} was not sent yet")
    logins = parts[1].split(",") if what == "send" else parts[:1] if what in ("away", "leave", "step_down", "suspend") else []
    if any(login not in people for login in logins):
        sys.exit(f"{place}: one of {logins} is not known")
    files = read_files(parts.pop(), documents, place) if what == "send" else []
    parts += [""] * (4 - len(parts))
    row = "    {%d, %d, %s, DEMO_%s, %d, {%s}, %d, {%s}, %s}," % (
        days, minute, ", ".join(map(c_string, (who, where))), what.upper(),
        known.index(transfer) if transfer != "-" else 0, ", ".join(map(c_string, parts)), len(files),
        ", ".join(files) or "{0, NULL}", c_string("" if words == "-" else words))
    return key, row


def main():
    out, department_path, people_path, story_path = map(pathlib.Path, sys.argv[1:])
    departments = {code: name for _, (code, name) in rows(department_path, 2)}
    people = read_people(people_path, departments, {row[1] for _, row in rows(story_path, 7)})
    documents, known, events, last = Documents(), [], [], None
    for place, cells in rows(story_path, 7):
        key, row = read_event(place, cells, people, documents, known)
        if last and key < last:
            sys.exit(f"{place}: comes before the row above it")
        last = key
        events.append(row)
    lines = ['#include "command/demo_table.h"', "", "const struct demo_department demo_departments[] = {",
             *(f"    {{{c_string(code)}, {c_string(name)}}}," for code, name in departments.items()), "};",
             f"const size_t demo_department_count = {len(departments)};",
             "const struct demo_person demo_people[] = {", *people.values(), "};",
             f"const size_t demo_person_count = {len(people)};",
             *documents.lines(), "const struct demo_event demo_story[] = {", *events, "};",
             f"const size_t demo_story_count = {len(events)};",
             f"const size_t demo_transfer_count = {len(known)};", ""]
    out.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
