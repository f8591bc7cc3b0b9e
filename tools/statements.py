#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn the SQL files of the store into C tables.

usage: statements.py OUT.h OUT.c FILE.sql ...

A file under sql/ (portable) or sqlite/ (SQLite's own) holds named blocks:

    -- name: outbox_read
    -- in: from integer, most integer
    -- out: sequence integer, entry blob
    select sequence, entry from outbox where sequence >= $1 order by sequence limit $2;

Types are integer, text and blob; a ? behind the type allows null. The parameters are $1, $2 … in the
order of `in`. A file under migrations/ is NNNN_name.sql: the step to schema version NNNN, several
plain statements in the types above; SQLite's `strict` is added to each table here.
Anything else stops the build.
"""

import pathlib
import re
import sys

NAME = re.compile(r"-- name: ([a-z][a-z0-9_]*)$")
COLUMN = re.compile(r"([a-z][a-z0-9_]*) (integer|text|blob)(\??)$")
STRING = re.compile(r"'(?:[^']|'')*'")


class Bad(Exception):
    pass


def columns(text):
    """[(name, C type)] of an in or out line."""
    found = []
    for part in text.split(","):
        match = COLUMN.match(part.strip())
        if not match:
            raise Bad(f"not a column: {part.strip()}")
        null = " | STORE_NULLABLE" if match[3] else ""
        found.append((match[1], f"STORE_{match[2].upper()}{null}"))
    return found


def blocks(path):
    """(name, in, out, sql) for each named block of a file."""
    block = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            if match := NAME.match(line):
                if block:
                    yield finish(block)
                block = {"name": match[1], "in": [], "out": [], "sql": []}
            elif block and line.startswith("-- in: "):
                block["in"] = columns(line[7:])
            elif block and line.startswith("-- out: "):
                block["out"] = columns(line[8:])
            elif block and line.strip() and not line.startswith("--"):
                block["sql"].append(line.strip())
            elif line.strip() and not line.startswith("--"):
                raise Bad("a statement without a name")
        except Bad as reason:
            sys.exit(f"{path}:{number}: {reason}")
    if block:
        yield finish(block)


def finish(block):
    """Checks a block as a whole."""
    sql = " ".join(block["sql"])
    if not sql.endswith(";") or sql.count(";") != 1:
        raise Bad(f"{block['name']}: exactly one statement, ended by ;")
    used = {int(n) for n in re.findall(r"\$(\d+)", STRING.sub("", sql))}
    if used != set(range(1, len(block["in"]) + 1)):
        raise Bad(f"{block['name']}: parameters {sorted(used)} for {len(block['in'])} values")
    return block["name"], block["in"], block["out"], sql[:-1]


def steps(path):
    """The plain statements of a migration, as they are written."""
    lines = path.read_text(encoding="utf-8").splitlines()
    sql = " ".join(line.split("--")[0].strip() for line in lines)
    return [" ".join(step.split()) for step in sql.split(";") if step.strip()]


def migration(path):
    """(version, sql) of a migration, made for SQLite."""
    match = re.match(r"(\d{4})_[a-z_]+\.sql$", path.name)
    if not match:
        sys.exit(f"{path}: not named NNNN_name.sql")
    strict = [
        step + " strict" if step.startswith("create table") else step for step in steps(path)
    ]
    return int(match[1]), "; ".join(strict) + ";"


def c_string(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def header(statements):
    lines = [
        "/* Made by tools/statements.py: the names of all statements of the store. */",
        "#ifndef STORE_STATEMENTS_H",
        "#define STORE_STATEMENTS_H",
        "",
        "enum store_statement {",
    ]
    for name, inputs, outputs, *_ in statements:
        given = ", ".join(n for n, _ in inputs) or "nothing"
        gives = ", ".join(n for n, _ in outputs) or "nothing"
        lines.append(f"    STATEMENT_{name.upper()}, /* {given} -> {gives} */")
    lines += ["    STATEMENT_COUNT,", "};", "", "#endif", ""]
    return "\n".join(lines)


def table(statements, migrations):
    lines = ['#include "store/statement_table.h"', ""]
    lines.append("const struct statement_text statement_table[STATEMENT_COUNT] = {")
    for name, inputs, outputs, sql, own in statements:
        ins = ", ".join(kind for _, kind in inputs) or "0"
        outs = ", ".join(kind for _, kind in outputs) or "0"
        lines.append(
            f"    {{{c_string(name)}, {c_string(sql)}, {own}, {len(inputs)}, {len(outputs)}, "
            f"{{{ins}}}, {{{outs}}}}},"
        )
    lines += ["};", "", "const struct migration migration_table[] = {"]
    lines += [f"    {{{version}, {c_string(sql)}}}," for version, sql in migrations]
    lines += ["};", f"const size_t migration_count = {len(migrations)};", ""]
    return "\n".join(lines)


def main():
    out_header, out_table = (pathlib.Path(a) for a in sys.argv[1:3])
    statements, migrations = [], []
    for path in sorted(pathlib.Path(a) for a in sys.argv[3:]):
        if path.parent.name == "migrations":
            migrations.append(migration(path))
        else:
            try:
                own = "true" if path.parent.name == "sqlite" else "false"
                statements += [(*block, own) for block in blocks(path)]
            except Bad as reason:
                sys.exit(f"{path}: {reason}")
    names = [name for name, *_ in statements]
    if len(set(names)) != len(names):
        sys.exit(f"named twice: {sorted(n for n in names if names.count(n) > 1)}")
    if [version for version, _ in migrations] != list(range(1, len(migrations) + 1)):
        sys.exit("migrations are not numbered 1, 2, 3 …")
    statements.sort()
    out_header.write_text(header(statements))
    out_table.write_text(table(statements, migrations))


if __name__ == "__main__":
    main()
