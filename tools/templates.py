#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn the HTML templates into one C file, and refuse what could let a value out unescaped.

usage: templates.py OUT.c MESSAGES.ja.po ... -- TEMPLATE.html ...

    {{name}} {{a.b}} {{.}}      a value of the view model, escaped
    {{#name}} … {{/name}}       once for an object or a true value, once for each of a list
    {{^name}} … {{/name}}       when it is absent, false, empty or null
    {{>part}}                   another template
    {{t:page.key}}              a text of the catalogue, its {placeholders} out of the view model
    {{m:name}}                  the text whose key is the value of `name`

There is no way to put out a value unescaped. A value may stand in text, and in an attribute between
double quotes; there no address may begin with one. Elements that run or style anything inside a page
(script without src, style, on… and style attributes) stop the build.
"""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import messages  # noqa: E402

TAG = re.compile(r"\{\{([#^/>]|t:|m:)?([a-z0-9_.]+)\}\}")
ADDRESS = re.compile(r"\b(?:href|src|action|formaction|poster|data)=\"$", re.I)
FORBIDDEN = [
    (re.compile(r"<script(?![^>]*\bsrc=)", re.I), "a script inside the page"),
    (re.compile(r"<style", re.I), "a style inside the page"),
    (re.compile(r"<[^>]*\s(?:on[a-z]+|style)\s*=", re.I), "an event or style attribute"),
]
KINDS = {None: "VALUE", "#": "SECTION", "^": "INVERTED", "/": "END", ">": "PART", "t:": "TEXT",
         "m:": "KEY"}


class Bad(Exception):
    pass


class Place:
    """Where in the HTML the next character stands: text, a tag, or an attribute's value."""

    def __init__(self):
        self.state = "text"
        self.before = ""

    def feed(self, html):
        for char in html:
            if self.state == "text" and char == "<":
                self.state = "tag"
            elif self.state == "tag" and char == ">":
                self.state = "text"
            elif self.state == "tag" and char == '"':
                self.state = "value"
            elif self.state == "tag" and char == "'":
                raise Bad("attributes stand in double quotes")
            elif self.state == "value" and char == '"':
                self.state = "tag"
        self.before += html

    def check_value(self, name):
        if self.state == "tag":
            raise Bad(f"{{{{{name}}}}} stands in a tag outside of quotes")
        if self.state == "value" and ADDRESS.search(self.before):
            raise Bad(f"an address begins with {{{{{name}}}}}")
        self.before += "x"


def compile_template(name, html, texts, names):
    """[(kind, text, jump)]: jump is the index behind the section's end."""
    for pattern, what in FORBIDDEN:
        if pattern.search(html):
            raise Bad(what)
    html = re.sub(r"<!--.*?-->\n?", "", html, flags=re.S)
    html = re.sub(r"\n\s*", "\n", html)
    operations, open_sections, place, at = [], [], Place(), 0
    for match in TAG.finditer(html):
        if "{{" in html[at:match.start() + 1]:
            raise Bad(f"not a tag that we know near: {html[at:match.start()][-40:]}")
        if match.start() > at:
            operations.append(["HTML", html[at:match.start()], 0])
            place.feed(html[at:match.start()])
        at = match.end()
        kind, value = KINDS[match[1]], match[2]
        if kind in ("VALUE", "TEXT", "KEY"):
            place.check_value(value)
        if kind == "TEXT" and value not in texts:
            raise Bad(f"no message {value}")
        if kind == "PART" and value not in names:
            raise Bad(f"no template {value}")
        if kind == "END":
            if not open_sections or operations[open_sections[-1][0]][1] != value:
                raise Bad(f"{value} is closed but not open")
            start, state = open_sections.pop()
            if place.state != state:
                raise Bad(f"section {value} begins and ends in different places of a tag")
            operations[start][2] = len(operations) + 1
            operations.append([kind, value, start])
            continue
        if kind in ("SECTION", "INVERTED"):
            open_sections.append((len(operations), place.state))
        operations.append([kind, value, 0])
    if "{{" in html[at:]:
        raise Bad("not a tag that we know in the last lines")
    if open_sections:
        raise Bad(f"{operations[open_sections[-1][0]][1]} is open at the end")
    place.feed(html[at:])
    if place.state != "text":
        raise Bad("a tag is open at the end")
    operations.append(["HTML", html[at:], 0])
    return operations


def main():
    split = sys.argv.index("--")
    texts = {key for po in sys.argv[2:split] for key, _ in messages.read_po(pathlib.Path(po))}
    paths = sorted((pathlib.Path(name) for name in sys.argv[split + 1:]), key=lambda p: p.stem)
    names = [path.stem for path in paths]
    lines = ['#include "web/template_table.h"', ""]
    for path in paths:
        try:
            operations = compile_template(
                path.stem, path.read_text(encoding="utf-8"), texts, names)
        except Bad as reason:
            sys.exit(f"{path}: {reason}")
        lines.append(f"static const struct template_operation template_{path.stem}[] = {{")
        for kind, text, jump in operations:
            if kind == "PART":
                jump = names.index(text)
            lines.append(f"    {{TEMPLATE_{kind}, {jump}, {messages.c_string(text)}}},")
        lines += ["};", ""]
    lines.append("const struct template template_table[] = {")
    for name in names:
        lines.append(f'    {{"{name}", template_{name}, '
                     f"sizeof template_{name} / sizeof *template_{name}}},")
    lines += ["};", f"const size_t template_count = {len(names)};", ""]
    pathlib.Path(sys.argv[1]).write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
