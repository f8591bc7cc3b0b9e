#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn the message catalogues into one sorted C table.

usage: messages.py OUT.c FILE.ja.po FILE.en.po ...

The msgid of every message is a key such as `error.password_needed`; each key must stand exactly
once in Japanese and once in English, with the same placeholders. Anything else stops the build.
"""

import ast
import pathlib
import re
import sys

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def read_po(path):
    """Yields (key, text) of one catalogue; understands the part of PO that we write."""
    key = text = None
    target = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("msgid "):
            if key:
                yield key, text
            key, text, target = ast.literal_eval(line[6:]), "", "key"
        elif line.startswith("msgstr "):
            text, target = ast.literal_eval(line[7:]), "text"
        elif line.startswith('"') and target == "text":
            text += ast.literal_eval(line)
        elif line.startswith('"') and target == "key":
            key += ast.literal_eval(line)
        else:
            sys.exit(f"{path}:{number}: not a line that we write: {line}")
    if key:
        yield key, text


def c_string(text):
    return '"' + "".join(
        chr(b) if 32 <= b < 127 and b not in (34, 92) else f"\\{b:03o}" for b in text.encode()
    ) + '"'


def main():
    out = pathlib.Path(sys.argv[1])
    tables = {"ja": {}, "en": {}}
    for name in sys.argv[2:]:
        language = name.rsplit(".", 2)[1]
        for key, text in read_po(pathlib.Path(name)):
            if not text:
                sys.exit(f"{name}: {key} has no text")
            if key in tables[language]:
                sys.exit(f"{name}: {key} stands twice")
            tables[language][key] = text
    for key in sorted(tables["ja"].keys() ^ tables["en"].keys()):
        sys.exit(f"message {key} is missing in {'en' if key in tables['ja'] else 'ja'}")
    lines = ['#include "base/message_table.h"', "", "const struct message message_table[] = {"]
    for key in sorted(tables["ja"], key=lambda k: k.encode()):
        ja, en = tables["ja"][key], tables["en"][key]
        if set(PLACEHOLDER.findall(ja)) != set(PLACEHOLDER.findall(en)):
            sys.exit(f"message {key}: placeholders differ between ja and en")
        lines.append(f"    {{{c_string(key)}, {{{c_string(ja)}, {c_string(en)}}}}},")
    lines += ["};", f"const size_t message_count = {len(tables['ja'])};", ""]
    out.write_text("\n".join(lines))


if __name__ == "__main__":
    main()
