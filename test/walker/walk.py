# SPDX-License-Identifier: GPL-3.0-or-later
"""What a walk collects, and which reader a file gets: by its content, helped by its name."""

import dataclasses
import re

DEPTH = 12
EXECUTABLE_EXTENSIONS = re.compile(
    r"\.(exe|com|scr|pif|bat|cmd|ps1|vbs|vbe|js|jse|wsf|wsh|hta|msi|msp|dll|cpl|jar|lnk|url|scf|reg"
    r"|inf|iso|img|vhd|chm|hlp|application|gadget|sct|xll|wll|xlam|ppam|dotm)$", re.I)
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")

# What a file is by its first bytes, for kinds that no output may be or carry.
FOREIGN_MAGIC = [
    (b"MZ", "executable"),
    (b"\x7fELF", "executable"),
    (b"\xca\xfe\xba\xbe", "executable"),
    (b"\xcf\xfa\xed\xfe", "executable"),
    (b"#!", "script"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole2"),
    (b"{\\rtf", "rtf"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "shortcut"),
    (b"Rar!\x1a\x07", "archive_unread"),
    (b"7z\xbc\xaf\x27\x1c", "archive_unread"),
    (b"MSCF", "archive_unread"),
    (b"\x1f\x8b", "archive_unread"),
    (b"BZh", "archive_unread"),
    (b"\xfd7zXZ\x00", "archive_unread"),
    (b"%!PS", "postscript"),
    (b"\xc5\xd0\xd3\xc6", "postscript"),
    (b"x\x9f>\x22", "tnef"),
]


@dataclasses.dataclass(frozen=True)
class Finding:
    path: str  # place inside the file
    construct: str
    detail: str = ""

    def __str__(self):
        return f"{self.construct} at {self.path or '(file)'} {self.detail}".rstrip()


class Walk:
    """One walk over one file: what was found, and every piece that was unpacked."""

    def __init__(self):
        self.findings = []
        self.pieces = []  # (path, bytes): every layer, decoded
        self.texts = []  # (path, str): text that a reader would see, where it is not just bytes

    def find(self, path, construct, detail=""):
        self.findings.append(Finding(path, construct, str(detail)[:160]))

    def piece(self, path, data):
        self.pieces.append((path, bytes(data)))

    def text(self, path, value):
        self.texts.append((path, value))

    def constructs(self):
        return {finding.construct for finding in self.findings}

    def check_name(self, path, name):
        """A file name that somebody will see or click."""
        if BIDI.search(name):
            self.find(path, "bidi_name", repr(name))
        if CONTROL.search(name) or "\n" in name or "\r" in name:
            self.find(path, "control_in_name", repr(name))
        if EXECUTABLE_EXTENSIONS.search(name.strip(" .")):
            self.find(path, "executable_name", repr(name))


def extension_of(name):
    base = name.rsplit("/", 1)[-1]
    return base.rsplit(".", 1)[-1].lower() if "." in base else ""


def identify(name, data):
    """The reader for these bytes: zip, pdf, png, …, csv, text, html, mail, or None."""
    head = data[:16]
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if b"%PDF-" in data[:1024]:
        return "pdf"
    for magic, kind in ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF8", "gif"),
                        (b"II*\x00", "tiff"), (b"MM\x00*", "tiff"), (b"II+\x00", "tiff"),
                        (b"MM\x00+", "tiff")):
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if data[:4] == b"\x01\0\0\0" and data[40:44] == b" EMF":
        return "emf"
    if head.startswith((b"\xd7\xcd\xc6\x9a", b"\x01\0\x09\0\0\x03")):
        return "wmf"
    extension = extension_of(name)
    if head[:2] == b"BM" and (extension in ("bmp", "dib", "") or data[6:10] == b"\0\0\0\0"):
        return "bmp"
    known = {"csv": "csv", "tsv": "csv", "txt": "text", "text": "text", "log": "text",
             "eml": "mail", "mht": "mail", "html": "html", "htm": "html", "svg": "html",
             "xml": "xml", "rels": "xml", "vml": "xml"}
    if extension == "zip" or b"PK\x05\x06" in data[-70000:]:
        return "zip" if extension in ("zip", "docx", "xlsx", "pptx", "") else known.get(extension)
    return known.get(extension)


def visit(walk_, path, name, data, depth):
    """Reads one layer and everything in it."""
    from . import archive, mail, ooxml, pdf, picture, text

    walk_.piece(path, data)
    if depth > DEPTH:
        walk_.find(path, "too_deep")
        return
    for magic, kind in FOREIGN_MAGIC:
        if data.startswith(magic):
            walk_.find(path, kind, data[:16])
    readers = {"zip": archive.visit_zip, "pdf": pdf.visit, "csv": text.visit_csv,
               "text": text.visit_text, "html": text.visit_html, "mail": mail.visit,
               "xml": ooxml.visit_loose_xml, "png": picture.visit_png, "jpeg": picture.visit_jpeg,
               "gif": picture.visit_gif, "bmp": picture.visit_bmp, "tiff": picture.visit_tiff,
               "webp": picture.visit_webp, "emf": picture.visit_emf, "wmf": picture.visit_wmf}
    kind = identify(name, data)
    if kind:
        readers[kind](walk_, path, name, data, depth)
    elif not any(data.startswith(magic) for magic, _ in FOREIGN_MAGIC) and data:
        walk_.find(path, "unknown_content", data[:16])


def walk(name, data):
    """Walks a whole file."""
    result = Walk()
    visit(result, "", name, data, 0)
    return result
