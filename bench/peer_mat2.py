# SPDX-License-Identifier: GPL-3.0-or-later
"""Clean files with mat2's library in this one process: milliseconds and name of each, between tabs;
`-` for a file that mat2 does not take. Run by Debian's own Python, which has the library.

usage: peer_mat2.py FOLDER < LIST_OF_FILES
"""

import pathlib
import shutil
import sys
import time

from libmat2 import parser_factory

folder = pathlib.Path(sys.argv[1])
for number, line in enumerate(sys.stdin):
    source = pathlib.Path(line.rstrip("\n"))
    copy = folder / f"{number}{source.suffix.lower()}"
    shutil.copyfile(source, copy)
    start = time.monotonic()
    try:
        parser, _ = parser_factory.get_parser(str(copy))
        cleaned = bool(parser) and parser.remove_all()
    except Exception:  # it raises nearly anything on odd files
        cleaned = False
    took = (time.monotonic() - start) * 1000
    print(f"{took:.3f}" if cleaned else "-", source, sep="\t", flush=True)
