#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take the design tokens that our style sheet uses out of the Digital Agency's package.

usage: design_tokens.py OUT.css SEKISHO.css COMMITTED.css

Without the package (npm ci was not run) the committed file is copied; with it, the build stops when
the committed file is not what the package gives. `design_tokens.py --renew` writes the committed one.
"""

import pathlib
import re
import sys

HEAD = """/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Made by tools/design_tokens.py from @digital-go-jp/design-tokens (Digital Agency, MIT licence). */
"""
SOURCE = pathlib.Path(__file__).resolve().parents[1]
PACKAGE = SOURCE / "node_modules/@digital-go-jp/design-tokens/dist/tokens.css"
STYLE, COMMITTED = SOURCE / "data/static/sekisho.css", SOURCE / "data/static/tokens.css"
TOKEN = re.compile(r"^\s*(--[a-z0-9-]+):\s*(.*);$", re.M)
USE = re.compile(r"var\((--[a-z0-9-]+)\)")


def used(style):
    """The tokens that a style sheet takes from elsewhere."""
    return set(USE.findall(style)) - {name for name, _ in TOKEN.findall(style)}


def select(style, package):
    values = dict(TOKEN.findall(package))
    wanted, found = used(style), set()
    while wanted:
        name = wanted.pop()
        if name not in values:
            sys.exit(f"no design token {name}")
        found.add(name)
        wanted |= set(USE.findall(values[name])) - found
    lines = [f"  {name}: {values[name]};" for name in values if name in found]
    return HEAD + "\n".join([":root {", *lines, "}", ""])


def main():
    if sys.argv[1:] == ["--renew"]:
        COMMITTED.write_text(select(STYLE.read_text(), PACKAGE.read_text()))
        return
    out, style, committed = map(pathlib.Path, sys.argv[1:4])
    tokens = committed.read_text()
    missing = used(style.read_text()) - {name for name, _ in TOKEN.findall(tokens)}
    if missing:
        sys.exit(f"{committed} lacks {sorted(missing)}: run design_tokens.py --renew")
    if PACKAGE.exists() and select(style.read_text(), PACKAGE.read_text()) != tokens:
        sys.exit(f"{committed} is not what the package gives: run design_tokens.py --renew")
    out.write_text(tokens)


if __name__ == "__main__":
    main()
