#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn data/ooxml/*.tsv into the C tables of src/disarm/format/ooxml_schema.h.

usage: ooxml_tables.py OUT.c namespaces.tsv elements.tsv parts.tsv functions.txt

Checks while it reads: every prefix is known, no element stands twice, attributes are sorted.
"""

import pathlib
import sys

RELATIONSHIP = {
    "R:": "http://schemas.openxmlformats.org/officeDocument/2006/relationships/",
    "M:": "http://schemas.microsoft.com/office/",
    "K:": "http://schemas.openxmlformats.org/package/2006/relationships/",
}
STRICT_RELATIONSHIP = "http://purl.oclc.org/ooxml/officeDocument/relationships/"
STRICT_NAMESPACE = "http://purl.oclc.org/ooxml/"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument."
ATTRIBUTE_KINDS = ["", "rel", "url", "formula", "location", "action"]
KIND_SHIFT = 12
MASK = (1 << 64) - 1


def rows(path, columns):
    for number, line in enumerate(pathlib.Path(path).read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        cells += [""] * (columns - len(cells))
        if len(cells) != columns:
            sys.exit(f"{path}:{number}: {len(cells)} columns, not {columns}")
        yield number, cells


def hash_name(name):
    data = name.encode()
    value = len(data) * 0x9E3779B97F4A7C15 & MASK
    for at in range(0, len(data), 8):
        value = (value ^ int.from_bytes(data[at : at + 8], "little")) * 0xD6E8FEB86659FD93 & MASK
        value ^= value >> 32
    return value


def quote(text):
    return "NULL" if text is None else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def slots(name, keys):
    """An open-addressing table from (expat name, index, strict)."""
    size = 1
    while size < 2 * len(keys):
        size *= 2
    table = [None] * size
    for key, index, strict in keys:
        value = hash_name(key)
        at = value & (size - 1)
        while table[at]:
            at = (at + 1) & (size - 1)
        table[at] = (value, index, strict)
    yield f"const struct ooxml_slot ooxml_{name}_slots[] = {{"
    for slot in table:
        yield (f"    {{UINT64_C({slot[0]:#x}), {slot[1] + 1}, {'true' if slot[2] else 'false'}}},"
               if slot else "    {0},")
    yield "};"
    yield f"const size_t ooxml_{name}_mask = {size - 1};"


class Namespaces:
    def __init__(self, path):
        self.rows = [("", False, "", None)]
        for _, (prefix, kind, uri, strict) in rows(path, 4):
            strict = None if strict == "-" else STRICT_NAMESPACE + strict
            self.rows.append((prefix, kind == "extension", uri, strict))
        self.index = {row[0]: i for i, row in enumerate(self.rows)}
        if len(self.index) != len(self.rows) or len(self.rows) > 128:
            sys.exit(f"{path}: a prefix stands twice, or there are more than 128")

    def names(self, prefix, local):
        """The names that expat gives, transitional and strict."""
        _, _, uri, strict = self.rows[self.index[prefix]]
        yield (f"{uri}\n{local}" if uri else local), False
        if strict:
            yield f"{strict}\n{local}", True

    def write(self):
        yield "const struct ooxml_namespace ooxml_namespaces[] = {"
        for prefix, extension, uri, strict in self.rows:
            yield (f"    {{{quote(prefix)}, {quote(uri)}, {quote(strict)}, {len(uri)}, "
                   f"{len(strict or '')}, {'true' if extension else 'false'}}},")
        yield "};"
        yield f"const size_t ooxml_namespace_count = {len(self.rows)};"


def split(name):
    prefix, _, local = name.rpartition(":")
    return prefix, local


def written(prefix, local):
    """The name as we write it: SpreadsheetML is the default namespace."""
    return local if prefix in ("", "x") else f"{prefix}:{local}"


def write_elements(path, namespaces):
    elements = []
    attributes = {}
    for number, (name, flags, listed) in rows(path, 3):
        prefix, local = split(name)
        if prefix not in namespaces.index:
            sys.exit(f"{path}:{number}: unknown prefix {prefix}")
        flags = [] if flags == "-" else flags.split(",")
        hook = next((f[5:] for f in flags if f.startswith("hook=")), "none")
        flags = [f for f in flags if not f.startswith("hook=")]
        kinds = dict((a.split("=") + [""])[:2] for a in listed.split())
        for attribute in kinds:
            attributes.setdefault(attribute, len(attributes))
        elements.append((prefix, local, hook, flags, kinds))
    if len({e[:2] for e in elements}) != len(elements):
        sys.exit(f"{path}: an element stands twice")
    if len(attributes) >> KIND_SHIFT:
        sys.exit(f"{path}: too many attribute names")
    lists, first = [], []
    for element in elements:
        first.append(len(lists))
        lists += sorted(ATTRIBUTE_KINDS.index(k) << KIND_SHIFT | attributes[a]
                        for a, k in element[4].items())
    yield "const uint16_t ooxml_attribute_lists[] = {"
    yield from (f"    {value}," for value in lists)
    yield "};"
    yield "const struct ooxml_element ooxml_elements[] = {"
    for (prefix, local, hook, flags, kinds), start in zip(elements, first):
        name = written(prefix, local)
        bits = " | ".join("OOXML_" + f.upper() for f in flags) or "0"
        yield (f"    {{{quote(name)}, {start}, {len(kinds)}, {namespaces.index[prefix]}, "
               f"{len(name) - len(local)}, OOXML_HOOK_{hook.upper()}, {bits}}},")
    yield "};"
    yield from slots("element", [(key, i, strict) for i, e in enumerate(elements)
                                 for key, strict in namespaces.names(e[0], e[1])])
    yield "const struct ooxml_attribute ooxml_attributes[] = {"
    for name in attributes:
        prefix, local = split(name)
        yield f"    {{{quote(name)}, {namespaces.index[prefix]}, {len(name) - len(local)}}},"
    yield "};"
    yield from slots("attribute", [(key, i, strict) for name, i in attributes.items()
                                   for key, strict in namespaces.names(*split(name))])


def written_root(root):
    return None if root == "-" else written(*split(root))


def write_parts(path):
    count = 0
    yield "const struct ooxml_kind ooxml_kinds[] = {"
    for _, (family, relationship, content_type, root, rules, kind, reason) in rows(path, 7):
        full = RELATIONSHIP[relationship[:2]] + relationship[2:]
        strict = STRICT_RELATIONSHIP + relationship[2:] if relationship[:2] == "R:" else None
        if content_type.startswith("O:"):
            content_type = CONTENT_TYPE + content_type[2:]
        names = {"comment": "OOXML_COMMENT_PART"}
        bits = " | ".join(names.get(r, "OOXML_" + r.upper()) for r in rules.split(",") if r != "-")
        yield (f"    {{{quote(full)}, {quote(strict)}, "
               f"{quote(None if content_type == '-' else content_type)}, "
               f"{quote(written_root(root))}, {quote(kind)}, "
               f"{quote('' if reason == '-' else reason)}, '{family}', {bits or '0'}}},")
        count += 1
    yield "};"
    yield f"const size_t ooxml_kind_count = {count};"


def write_functions(path):
    names = set()
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            names.update(line.split())
    yield "const char *const ooxml_functions[] = {"
    yield from (f"    {quote(name)}," for name in sorted(names))
    yield "};"
    yield f"const size_t ooxml_function_count = {len(names)};"


def main():
    out, namespaces_path, elements, parts, functions = sys.argv[1:]
    namespaces = Namespaces(namespaces_path)
    lines = ['#include "disarm/format/ooxml_schema.h"', "", "#include <stddef.h>", ""]
    lines += namespaces.write()
    lines += write_elements(elements, namespaces)
    lines += write_parts(parts)
    lines += write_functions(functions)
    pathlib.Path(out).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
