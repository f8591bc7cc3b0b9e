#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn the questions that propose a label into a C table.

usage: label_questions.py OUT.c QUESTIONS.tsv CLASSIFICATIONS.tsv CATALOGUE.po ...
"""

import pathlib
import sys

from identity_tables import HIGHEST, SLUG, rank, rows
from messages import c_string


def main():
    out, questions, labels, *catalogues = map(pathlib.Path, sys.argv[1:])
    schemes = {row[2] for _, row in rows(labels, 3)}
    texts = [path.read_text(encoding="utf-8") for path in catalogues]
    found = []
    for number, (scheme, name, least) in rows(questions, 3):
        place = f"{questions}:{number}"
        key = f"transfer.ask_{name}"
        if scheme not in schemes or not SLUG.match(name) or (scheme, name) in {row[:2] for row in found}:
            sys.exit(f"{place}: no scheme, no name, or twice")
        if not all(f'msgid "{key}"' in text for text in texts):
            sys.exit(f"{place}: {key} is not in every catalogue")
        found.append((scheme, name, key, rank(least, HIGHEST, place)))
    if schemes - {row[0] for row in found}:
        sys.exit(f"{questions}: a scheme without questions")
    lines = ['#include "web/question_table.h"', "", "const struct question question_table[] = {"]
    lines += [f"    {{{c_string(scheme)}, {c_string(name)}, {c_string(key)}, {least}}},"
              for scheme, name, key, least in found]
    lines += ["};", f"const size_t question_count = {len(found)};", ""]
    out.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
