#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn data/policy/words.tsv into a C table, by category and within it the longest word first.

usage: words.py WORDS.TSV OUT.c
"""

import pathlib
import sys

from messages import c_string

SHORTEST = 3  # bytes, as words_find of src/policy/words.c expects


def read_words(source):
    """The rows (category, word, value), by category and within it the longest word first."""
    rows = set()
    for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) != 3 or not all(fields):
            sys.exit(f"{source}:{number}: needs category, word and value")
        if len(fields[1].encode()) < SHORTEST:
            sys.exit(f"{source}:{number}: the word is shorter than {SHORTEST} bytes")
        rows.add(tuple(fields))
    return sorted(rows, key=lambda r: (r[0], -len(r[1].encode()), r[1], r[2]))


def main():
    source, out = (pathlib.Path(a) for a in sys.argv[1:3])
    ordered = read_words(source)
    lines = ['#include "policy/words.h"', "", "const struct word word_table[] = {"]
    lines += [f"    {{{', '.join(c_string(field) for field in row)}}}," for row in ordered]
    lines += ["};", f"const size_t word_count = {len(ordered)};", ""]
    out.write_text("\n".join(lines))


if __name__ == "__main__":
    main()
