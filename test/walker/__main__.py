# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints what the walker finds: python3 -m walker FILE..."""

import pathlib
import sys

from . import walk

for name in sys.argv[1:]:
    found = walk(name, pathlib.Path(name).read_bytes())
    print(f"{name}: {len(found.pieces)} pieces, {len(found.findings)} findings")
    for finding in sorted(set(map(str, found.findings))):
        print(f"  {finding}")
