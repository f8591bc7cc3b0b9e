#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Put the files that pages need into one C file, with content type and entity tag.

usage: static_files.py OUT.c FILE ...
"""

import hashlib
import pathlib
import sys

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


def main():
    lines = ['#include "web/static_table.h"', ""]
    rows = []
    for number, path in enumerate(sorted(map(pathlib.Path, sys.argv[2:]), key=lambda p: p.name)):
        data = path.read_bytes()
        lines.append(f"static const uint8_t file_{number}[] = {{")
        for at in range(0, len(data), 20):
            lines.append("    " + ",".join(str(byte) for byte in data[at:at + 20]) + ",")
        lines += ["};", ""]
        tag = hashlib.sha256(data).hexdigest()[:32]
        rows.append(f'    {{"{path.name}", "{TYPES[path.suffix]}", "\\"{tag}\\"", '
                    f"file_{number}, sizeof file_{number}}},")
    lines += ["const struct static_file static_table[] = {", *rows, "};"]
    lines += [f"const size_t static_count = {len(rows)};", ""]
    pathlib.Path(sys.argv[1]).write_text("\n".join(lines))


if __name__ == "__main__":
    main()
