# SPDX-License-Identifier: GPL-3.0-or-later
"""SQL stands in src/store's SQL files only, and the portable files are SQL that PostgreSQL accepts.

The judge of portability is ecpg, which carries PostgreSQL's own grammar and needs no server.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import tap

sys.path.insert(0, str(tap.SOURCE / "tools"))
import statements  # noqa: E402

STORE = tap.SOURCE / "src/store"
SQL = re.compile(
    r"\b(select\b.+\bfrom|insert\s+into|update\s+\w+\s+set|delete\s+from|create\s+(table|index|view)"
    r"|drop\s+table|alter\s+table|pragma\s+\w+|begin\s+(immediate|deferred|transaction)|vacuum)\b",
    re.I | re.S,
)
STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
COMMENT = re.compile(r'/\*.*?\*/|//[^\n]*|("(?:[^"\\\n]|\\.)*")', re.S)
DATABASE_CALL = re.compile(r"\b(sqlite3_\w+|PQ[a-z]\w+)\s*\(")


def literals(text):
    """The C strings of a file, neighbours joined as the compiler joins them."""
    code = COMMENT.sub(lambda match: match[1] or " ", text)
    return STRING.findall(re.sub(r'"\s*"', "", code))


def test_no_sql_stands_in_code():
    for path in sorted((tap.SOURCE / "src").rglob("*.[ch]")):
        for literal in literals(path.read_text(encoding="utf-8")):
            assert not SQL.search(literal), f"{path}: {literal}"


def test_the_scan_sees_sql():
    assert any(SQL.search(t) for t in literals('f("select a "\n  "from b"); /* "x" */'))
    assert not any(SQL.search(t) for t in literals('/* "select a from b" */ f("from select");'))


def test_only_the_store_talks_to_the_database():
    for path in sorted((tap.SOURCE / "src").rglob("*.[ch]")):
        if STORE not in path.parents:
            assert not DATABASE_CALL.search(path.read_text(encoding="utf-8")), path


def test_every_sql_file_is_built_in():
    listed = (STORE / "meson.build").read_text(encoding="utf-8")
    for path in STORE.rglob("*.sql"):
        assert f"'{path.relative_to(STORE)}'" in listed, f"{path.name} is not built in"


def refused_by_postgresql(sql):
    """What PostgreSQL's grammar says against a statement, or None."""
    if not shutil.which("ecpg"):
        if os.environ.get("CI") == "true":
            raise AssertionError("ecpg is absent, and CI needs it")
        raise tap.Skip("ecpg is absent")
    numbers = sorted(set(re.findall(r"\$(\d+)", sql)))
    declared = "".join(f"long p{n};\n" for n in numbers)
    statement = re.sub(r"\$(\d+)", r":p\1", sql)
    source = (
        f"EXEC SQL BEGIN DECLARE SECTION;\n{declared}EXEC SQL END DECLARE SECTION;\n"
        f"void f(void) {{\nEXEC SQL {statement};\n}}\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "statement.pgc")
        path.write_text(source, encoding="utf-8")
        result = subprocess.run(["ecpg", "-o", "-", path], capture_output=True, text=True)
        return result.stderr if result.returncode else None


def test_statements_are_sql_that_postgresql_accepts():
    for path in sorted((STORE / "sql").glob("*.sql")):
        for name, _, _, sql in statements.blocks(path):
            refusal = refused_by_postgresql(sql)
            assert not refusal, f"{path.name}: {name}: {refusal}"


def test_migrations_are_sql_that_postgresql_accepts():
    for path in sorted((STORE / "migrations").glob("*.sql")):
        for step in statements.steps(path):
            refusal = refused_by_postgresql(step)
            assert not refusal, f"{path.name}: {refusal}"


def test_the_judge_refuses_what_only_sqlite_has():
    for sql in (
        "insert or replace into setting values (1)",
        "pragma user_version",
        "create table t (id integer primary key autoincrement)",
        "create table t (id integer) strict",
        "select `name` from setting",
    ):
        assert refused_by_postgresql(sql), sql


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
