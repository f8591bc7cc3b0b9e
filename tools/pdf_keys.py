#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn data/pdf/keys.tsv into the C tables of src/disarm/format/pdf_keys.h.

usage: pdf_keys.py OUT.c KEYS.tsv

The language of the table is told in its first lines. Whatever does not fit stops the build.
"""

import pathlib
import sys

SCALARS = {"null": "NULL", "name": "NAME", "boolean": "BOOLEAN", "integer": "INTEGER",
           "number": "NUMBER", "string": "STRING", "@page": "PAGE", "@uri": "URI",
           "@appearance": "APPEARANCE", "@device": "DEVICE"}
NESTED = {("[", "]"): "ARRAY", ("{", "}"): "MAP", ("names(", ")"): "NAME_TREE",
          ("numbers(", ")"): "NUMBER_TREE"}
STREAMS = ["none", "content", "image", "raw", "font", "cmap", "icc", "calculator"]


class Table:
    """The rows as read, and the shapes as they are numbered."""

    def __init__(self, path):
        self.kinds = {}  # name → {"keys": {key: (shape text, required)}, "choices": [], ...}
        self.dropped = {}  # key → row
        self.shapes, self.alternatives = [], []
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line and not line.startswith("#"):
                try:
                    self.take_row(*line.split("\t"))
                except (ValueError, KeyError) as problem:
                    sys.exit(f"{path}:{number}: {problem!r}")
        self.order = sorted(self.kinds)

    def take_row(self, name, keys, shape):
        if name == "*":
            self.dropped.update((key, shape.removeprefix("-")) for key in keys.split())
            return
        kind = self.kinds.setdefault(
            name, {"keys": {}, "choices": [], "by": None, "stream": "none", "same": None,
                   "comment": False})
        for key in keys.split():
            if key == "<":
                kind["keys"].update(self.kinds[shape]["keys"])
            elif key == "=":
                kind["same"] = shape
            elif key == "!comment":
                kind["comment"] = shape == "yes"
            elif key == "!stream":
                kind["stream"] = STREAMS[STREAMS.index(shape)]
            elif key.startswith("?"):
                by, _, value = key[1:].partition("=")
                kind["by"] = kind["by"] if by == "*" else by
                kind["choices"].append((value if by != "*" else None, shape))
            else:
                optional = key.endswith("?")
                plain = key.rstrip("!?")
                kind["keys"][plain] = (shape, key.endswith("!") or plain.isdigit() and not optional)

    def shape(self, text):
        """The number of a shape; alternatives of one shape stand in a row."""
        parts = split_alternatives(text)
        made = [self.alternative(part) for part in parts]
        entry = (text, made)
        for index, (known, _) in enumerate(self.shapes):
            if known == text:
                return index
        self.shapes.append(entry)
        return len(self.shapes) - 1

    def alternative(self, text):
        if text in SCALARS:
            return (SCALARS[text], 0, None)
        if text.startswith("name:"):
            return ("NAME_OF", 0, f",{text[5:]},")
        for (start, end), form in NESTED.items():
            if text.startswith(start) and text.endswith(end):
                return (form, self.shape(text[len(start):-len(end)]), None)
        return ("KIND", self.order.index(text), None)


def split_alternatives(text):
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in "[{(") - (letter in "]})")
        if letter == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def c_string(text):
    return "NULL" if text is None else f'"{text}"'


def write(table, out):
    keys, choices, kinds = [], [], []
    for name in table.order:
        kind = table.kinds[name]
        is_tuple = "0" in kind["keys"]
        rows = sorted(kind["keys"].items(), key=lambda row: row[0].encode())
        kinds.append(
            f'    {{.name = "{name}", .first_key = {len(keys)}, .key_count = {len(rows)}, '
            f'.first_choice = {len(choices)}, .choice_count = {len(kind["choices"])}, '
            f'.choice_key = {c_string(kind["by"])}, '
            f'.same_shape = {-1 if kind["same"] is None else table.shape(kind["same"])}, '
            f'.stream = PDF_STREAM_{kind["stream"].upper()}, .is_array = {str(is_tuple).lower()}, '
            f'.is_comment = {str(kind["comment"]).lower()}, '
            f'.has_required = {str(any(required for _, (_, required) in rows)).lower()}}},')
        for key, (shape, required) in rows:
            keys.append(f'    {{"{key}", {table.shape(shape)}, {str(required).lower()}}},')
        for value, target in kind["choices"]:
            row = target[1:] if target.startswith("-") else None
            index = -1 if row else table.order.index(target)
            choices.append(f"    {{{c_string(value)}, {index}, {c_string(row)}}},")
    shapes, alternatives = [], []
    for text, made in table.shapes:
        shapes.append(f"    {{{len(alternatives)}, {len(made)}}}, /* {text} */")
        alternatives += [f"    {{PDF_FORM_{form}, {argument}, {c_string(names)}}},"
                         for form, argument, names in made]
    dropped = [f'    {{"{key}", "{row}"}},' for key, row in
               sorted(table.dropped.items(), key=lambda row: row[0].encode())]
    lines = ['#include "disarm/format/pdf_keys.h"', ""]
    for declaration, rows in (
            ("struct pdf_kind pdf_kinds[]", kinds), ("struct pdf_key pdf_keys[]", keys),
            ("struct pdf_choice pdf_choices[]", choices), ("struct pdf_shape pdf_shapes[]", shapes),
            ("struct pdf_alternative pdf_alternatives[]", alternatives),
            ("struct pdf_dropped_key pdf_dropped_keys[]", dropped)):
        lines += [f"const {declaration} = {{", *rows, "};"]
    lines += [f"const size_t pdf_kind_count = {len(kinds)};",
              f"const size_t pdf_dropped_key_count = {len(dropped)};", ""]
    out.write_text("\n".join(lines))


if __name__ == "__main__":
    write(Table(pathlib.Path(sys.argv[2])), pathlib.Path(sys.argv[1]))
