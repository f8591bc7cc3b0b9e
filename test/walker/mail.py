# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail (RFC 5322, RFC 2045 … 2047): every part decoded, its names looked at, walked in turn."""

import email.header
import email.parser
import email.policy
import re

from . import text
from .walk import BIDI
from .walk import visit as visit_any

CARRIERS = {"message/partial", "message/external-body"}
SINGLE = ("content-type", "content-transfer-encoding", "content-disposition", "from", "subject", "date",
          "mime-version", "message-id", "to")
EXTENSIONS = {"text/plain": "txt", "text/html": "html", "message/rfc822": "eml", "text/csv": "csv",
              "application/xhtml+xml": "html", "image/svg+xml": "svg"}


def readable(value):
    try:
        return str(email.header.make_header(email.header.decode_header(str(value))))
    except (LookupError, UnicodeError, ValueError, email.errors.HeaderParseError):
        return str(value)


def check_headers(walk, path, message):
    names = [name.lower() for name in message.keys()]
    for name in SINGLE:
        if names.count(name) > 1:
            walk.find(path, "mail_doubled_header", name)
    for name, value in message.items():
        shown = readable(value)
        walk.text(f"{path}#{name}", shown)
        if BIDI.search(shown):
            walk.find(path, "bidi_control", f"{name}: {shown[:60]!r}")
        if re.search(r"[\x00-\x08\x0b-\x1f]", shown.replace("\r", "").replace("\n", "")
                     .replace("\x1b", "")):
            walk.find(path, "control_character", f"{name}: {shown[:60]!r}")


def part_name(message):
    """The file name that a mail program would show, from either header."""
    names = [value for value in (message.get_filename(), message.get_param("name"))
             if isinstance(value, str)]
    return [readable(name) for name in names]


def visit_part(walk, path, message, depth):
    check_headers(walk, path, message)
    kind = message.get_content_type()
    if kind in CARRIERS:
        walk.find(path, "mail_carrier", kind)
    if message.defects:
        walk.find(path, "mail_malformed", [type(defect).__name__ for defect in message.defects])
    if message.is_multipart() and kind != "message/rfc822":
        for number, part in enumerate(message.get_payload(), 1):
            visit_part(walk, f"{path}/{number}" if path else str(number), part, depth + 1)
        for extra in (message.preamble, message.epilogue):
            if extra and extra.strip() and not extra.lower().startswith("this is a multi"):
                walk.text(f"{path}#outside", extra)
        return
    if kind == "message/rfc822" and message.is_multipart():
        for part in message.get_payload():
            visit_part(walk, f"{path}/message", part, depth + 1)
        return
    content = message.get_payload(decode=True) or b""
    names = part_name(message)
    for name in names:
        walk.check_name(path, name)
    visit_content(walk, path, kind, names, content, message, depth)


def visit_content(walk, path, kind, names, content, message, depth):
    if kind.startswith("text/") and not names:
        charset = str(message.get_content_charset() or "")
        try:
            content = content.decode(charset).encode("utf-8")
        except (LookupError, UnicodeDecodeError):
            pass
    name = names[0] if names else f"part.{EXTENSIONS.get(kind, '')}"
    if kind in ("text/html", "application/xhtml+xml"):
        walk.piece(path, content)
        text.visit_html(walk, path, name, content, depth)
    elif kind.startswith("text/") and kind != "text/csv" and not names:
        walk.piece(path, content)
        text.visit_text(walk, path, name, content, depth)
    elif content:
        visit_any(walk, path, name, content, depth + 1)


def visit(walk, path, name, data, depth):
    message = email.parser.BytesParser(policy=email.policy.compat32).parsebytes(data)
    visit_part(walk, path, message, depth)
