# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person reads in an Office document, taken out by this test's own means for comparison.

content(path) gives a dictionary of lists: paragraphs of text, sheets with their cells and formulas,
slides with their text, and how many pictures, charts and links there are.
"""

import posixpath
import urllib.parse
import xml.etree.ElementTree as tree
import zipfile

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
DRAWN = ("header", "footer", "footnotes", "endnotes", "comments", "worksheet", "chartsheet", "drawing", "chart",
         "diagramData", "chartUserShapes", "slide", "slideLayout", "slideMaster", "notesSlide")
SHAPES = ("charts", "drawings", "diagrams", "slideLayouts", "slideMasters", "chartsheets")
NOTES = ("footnotes", "endnotes", "comments")


def local(element):
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def chosen(element):
    """The children that a reader shows: of alternatives the fallback where it holds something."""
    for child in element:
        if child.tag == MC + "AlternateContent":
            fallback = child.find(MC + "Fallback")
            pick = fallback if fallback is not None and len(fallback) else child.find(MC + "Choice")
            if pick is not None:
                yield from chosen(pick)
        else:
            yield child


class Package:
    def __init__(self, path):
        self.archive = zipfile.ZipFile(path)
        self.names = {n.replace("\\", "/").lstrip("/").lower(): n for n in self.archive.namelist()}

    def xml(self, name):
        return tree.fromstring(self.archive.read(self.names[name.lower()]))

    def relations(self, part):
        folder, base = posixpath.split(part)
        name = posixpath.join(folder, "_rels", base + ".rels").lower()
        found = []
        if name in self.names:
            for one in self.xml(name):
                target = one.get("Target", "")
                if one.get("TargetMode") != "External":
                    target = urllib.parse.unquote(target.replace("\\", "/"))
                    target = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
                found.append((one.get("Id"), one.get("Type", "").rpartition("/")[2], target))
        return found

    def has(self, name):
        return name.lower() in self.names

    def main(self):
        return next(t for _, kind, t in self.relations("") if kind == "officeDocument")


def paragraphs(root):
    """Text by paragraph; field codes and deleted text are not read by anybody."""
    lines = [""]

    def visit(element):
        name = local(element)
        if name == "p":
            lines.append("")
        if name == "t":
            lines[-1] += element.text or ""
        elif name in ("tab", "br", "cr"):
            lines[-1] += " "
        for child in chosen(element):
            visit(child)

    visit(root)
    return [line for line in lines if line.strip()]


def word(package, main, found):
    root = package.xml(main)
    texts = paragraphs(root)
    named = {value for element in root.iter() for value in element.attrib.values()}
    for number, kind, target in package.relations(main):
        shown = number in named if kind in ("header", "footer") else kind in NOTES
        if shown and package.has(target):
            texts += [f"{kind}: {line}" for line in paragraphs(package.xml(target))]
    found["text"] = texts


def string(item):
    """A shared or inline string without its phonetic runs."""
    return "".join(t.text or "" for part in item if local(part) in ("t", "r")
                   for t in ([part] if local(part) == "t" else part) if local(t) == "t")


def cell_value(cell, shared):
    value = next((c.text or "" for c in cell if local(c) == "v"), None)
    if cell.get("t") == "s" and value is not None and value.strip().isdigit():
        return shared[int(value)] if int(value) < len(shared) else value
    if cell.get("t") == "inlineStr":
        return "".join(string(c) for c in cell if local(c) == "is")
    return value


def sheet(package, name, shared):
    cells, formulas, merged = {}, {}, []
    for number, element in enumerate(package.xml(name).iter()):
        if local(element) == "c":
            place = element.get("r", str(number))
            value = cell_value(element, shared)
            if value is not None:
                cells[place] = value
            formula = next((c for c in element if local(c) == "f"), None)
            if formula is not None:
                formulas[place] = (formula.text or "", formula.get("t"), formula.get("si"))
        elif local(element) == "mergeCell":
            merged.append(element.get("ref"))
    return cells, formulas, merged


def excel(package, main, found):
    relations = package.relations(main)
    shared = []
    for _, kind, target in relations:
        if kind == "sharedStrings" and package.has(target):
            shared = [string(item) for item in package.xml(target) if local(item) == "si"]
    targets = {i: t for i, kind, t in relations if kind == "worksheet"}
    for one in package.xml(main).iter():
        if local(one) != "sheet" or not one.get("name"):
            continue
        target = next((targets[v] for k, v in one.items() if k.endswith("}id") and v in targets), None)
        if target and package.has(target):
            cells, formulas, merged = sheet(package, target, shared)
            found.setdefault("sheets", []).append(one.get("name"))
            found.setdefault("cells", []).append(cells)
            found.setdefault("formulas", []).append(formulas)
            found.setdefault("merged", []).append(merged)


def powerpoint(package, main, found):
    targets = {i: t for i, kind, t in package.relations(main) if kind == "slide"}
    for one in package.xml(main).iter():
        if local(one) != "sldId":
            continue
        target = next((targets[v] for k, v in one.items() if k.endswith("}id") and v in targets), None)
        if target and package.has(target):
            lines = paragraphs(package.xml(target))
            for _, kind, notes in package.relations(target):
                if kind == "notesSlide" and package.has(notes):
                    lines += ["notes: " + line for line in paragraphs(package.xml(notes))]
            found.setdefault("slides", []).append(lines)


def drawn(package, main):
    """Text and numbers of charts, diagrams, drawings, layouts and masters, and how many pictures."""
    seen, todo, texts, pictures = {main}, [main], [], 0
    while todo:
        part = todo.pop()
        for _, kind, target in package.relations(part):
            if kind in DRAWN and target not in seen and package.has(target):
                seen.add(target)
                todo.append(target)
        root = package.xml(part)
        if part != main and posixpath.basename(posixpath.dirname(part)) in SHAPES:
            texts.append((part, [e.text for e in root.iter() if local(e) in ("t", "v", "f") and e.text]))
        named = [v for e in root.iter() if local(e) == "blip" for k, v in e.items() if k.endswith("}embed")]
        images = {i: t for i, kind, t in package.relations(part) if kind == "image" and package.has(t)}
        pictures += sum(1 for number in named if number in images)
    return sorted(texts), pictures


def content(path):
    package = Package(path)
    main = package.main()
    root = local(package.xml(main))
    found = {}
    {"document": word, "workbook": excel, "presentation": powerpoint}[root](package, main, found)
    texts, pictures = drawn(package, main)
    found["drawn"], found["pictures"] = texts, [pictures]
    return found


def differences(before, after):
    """What is not the same, in a few words each; formulas are compared by lost_formulas."""
    problems = []
    for key in sorted((before.keys() | after.keys()) - {"formulas"}):
        if before.get(key) != after.get(key):
            a, b = before.get(key, []), after.get(key, [])
            where = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
            problems.append(f"{key}[{where}]: {str(a[where:where + 1])[:120]} → {str(b[where:where + 1])[:120]}")
    return problems


def lost_formulas(before, after):
    """(formulas that are gone, formulas that changed)"""
    gone = changed = 0
    for old, new in zip(before.get("formulas", []), after.get("formulas", [])):
        gone += len(old.keys() - new.keys())
        changed += len(new.keys() - old.keys())
        changed += sum(1 for place in old.keys() & new.keys() if old[place] != new[place])
    return gone, changed
