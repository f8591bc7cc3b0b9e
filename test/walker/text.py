# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain text, CSV as a spreadsheet program would read it, and HTML as a browser would."""

import csv
import html.parser
import io
import re

from .walk import BIDI, CONTROL

ENCODINGS = ("utf-8-sig", "cp932", "euc_jp", "latin-1")
HIRAGANA = re.compile("[\u3041-\u3096]")
NUMBER = re.compile(r"^[+-]?[\s\d.,:/()%¥\\$-]*(?:[eE][+-]?\d+)?$")
SAFE_LINK = re.compile(r"^(https?:|mailto:|tel:|#|cid:|$)", re.I)
REMOTE = re.compile(r"^\s*(?:https?:|ftp:|file:|//|\\\\)", re.I)
CSS_REMOTE = re.compile(r"(?:url\s*\(|@import)[\s\"']*(?:https?:|//|file:|\\\\)", re.I)
CSS_SCRIPT = re.compile(r"expression\s*\(|behaviou?r\s*:|-moz-binding|javascript:", re.I)
ACTIVE_ELEMENTS = {"script", "iframe", "frame", "object", "embed", "applet", "form", "base", "link",
                   "svg", "math", "input", "button", "audio", "video", "meta", "portal", "foreignobject"}


def decode(data):
    """The text in the first encoding that fits, UTF-16 by its mark. Of the Japanese ones that fit,
    the one that shows most hiragana."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    order = ("iso2022_jp_ext",) + ENCODINGS if re.search(rb"\x1b[$(]", data) else ENCODINGS
    fits = {}
    for encoding in order:
        try:
            fits[encoding] = data.decode(encoding)
        except UnicodeDecodeError:
            continue
    first = next(iter(fits))
    if first in ("cp932", "euc_jp"):
        first = max((e for e in ("cp932", "euc_jp") if e in fits), key=lambda e: len(HIRAGANA.findall(fits[e])))
    return fits[first]


def check_text(walk, path, value):
    if match := BIDI.search(value):
        walk.find(path, "bidi_control", repr(value[max(0, match.start() - 10):match.end() + 10]))
    if match := CONTROL.search(value):
        walk.find(path, "control_character", repr(value[max(0, match.start() - 10):match.end() + 10]))


def visit_text(walk, path, name, data, depth):
    value = decode(data)
    walk.text(path, value)
    check_text(walk, path, value)


def is_formula(cell):
    """Whether a spreadsheet program would compute the cell."""
    if cell[:1] in ("=", "@", "\t", "\r", "＝", "＠"):
        return True
    stripped = cell.lstrip()
    if stripped[:1] in ("=", "@"):
        return True
    return stripped[:1] in ("+", "-", "＋") and not NUMBER.match(stripped)


def visit_csv(walk, path, name, data, depth):
    visit_text(walk, path, name, data, depth)
    value = decode(data)
    csv.field_size_limit(1 << 30)
    for delimiter in (",", ";", "\t"):
        reader = csv.reader(io.StringIO(value, newline=""), delimiter=delimiter)
        try:
            for row in reader:
                for cell in row:
                    if cell and is_formula(cell):
                        walk.find(path, "formula_injection", f"line {reader.line_num}: {cell[:60]!r}")
        except csv.Error as error:
            walk.find(path, "csv_broken", error)


class Page(html.parser.HTMLParser):
    """Collects what an HTML page would run or fetch."""

    def __init__(self, walk, path):
        super().__init__(convert_charrefs=True)
        self.walk, self.path, self.style, self.words = walk, path, False, []

    def handle_starttag(self, tag, attributes):
        tag = tag.split(":")[-1]
        self.style = tag == "style"
        values = {key: value or "" for key, value in attributes}
        if tag == "meta":
            if "refresh" in values.get("http-equiv", "").lower():
                self.walk.find(self.path, "html_refresh", values.get("content", ""))
        elif tag in ACTIVE_ELEMENTS:
            self.walk.find(self.path, f"html_{tag}")
        for key, value in values.items():
            self.check_attribute(tag, key, value)

    handle_startendtag = handle_starttag

    def check_attribute(self, tag, key, value):
        link = re.sub(r"[\x00-\x20]", "", value)
        if key.startswith("on"):
            self.walk.find(self.path, "html_handler", f"{tag} {key}")
        elif key in ("href", "action", "formaction", "xlink:href") and not SAFE_LINK.match(link):
            self.walk.find(self.path, "html_link", link[:80])
        elif key in ("src", "background", "poster", "data", "srcset", "lowsrc", "dynsrc"):
            if REMOTE.match(link) or link.lower().startswith(("javascript:", "vbscript:")):
                self.walk.find(self.path, "html_remote", link[:80])
        elif key == "style" and (CSS_REMOTE.search(value) or CSS_SCRIPT.search(value)):
            self.walk.find(self.path, "html_style", value[:80])
        elif key == "srcdoc":
            self.walk.find(self.path, "html_srcdoc")

    def handle_endtag(self, tag):
        self.style = False

    def handle_data(self, data):
        self.words.append(data)
        if self.style and (CSS_REMOTE.search(data) or CSS_SCRIPT.search(data)):
            self.walk.find(self.path, "html_style", data[:80])

    def handle_decl(self, declaration):
        if "entity" in declaration.lower():
            self.walk.find(self.path, "doctype_entity", declaration)

    def handle_comment(self, comment):
        if "[if" in comment:
            self.walk.find(self.path, "html_conditional", comment[:60])


def visit_html(walk, path, name, data, depth):
    page = Page(walk, path)
    page.feed(decode(data))
    page.close()
    walk.text(path, "".join(page.words))
