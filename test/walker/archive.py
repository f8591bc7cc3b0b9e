# SPDX-License-Identifier: GPL-3.0-or-later
"""ZIP (APPNOTE 6.3): members read from the central directory, compared with their local headers."""

import posixpath
import struct
import zlib

from . import ooxml
from .walk import visit

END = b"PK\x05\x06"
MEMBER = struct.Struct("<4s6H3I5H2I")
LOCAL = struct.Struct("<4s5H3I2H")
EXTRA_KNOWN = {0x0001: "zip64", 0x5455: "times", 0x7075: "unicode name", 0x9901: "aes",
               0x7875: "unix ids", 0x000A: "ntfs times"}
LIMIT = 1 << 30


class Member:
    """One row of the central directory."""

    def __init__(self, data, offset):
        (signature, made, _, self.flags, self.method, _, _, self.crc, self.packed, self.size,
         name_length, extra_length, comment_length, _, _, self.attributes,
         self.offset) = MEMBER.unpack_from(data, offset)
        if signature != b"PK\x01\x02":
            raise ValueError("no member here")
        offset += MEMBER.size
        self.system = made >> 8
        self.raw_name = data[offset:offset + name_length]
        self.extra = data[offset + name_length:offset + name_length + extra_length]
        self.comment_length = comment_length
        self.end = offset + name_length + extra_length + comment_length
        self.name = decode_name(self.raw_name, self.flags)

    def is_link(self):
        return self.system == 3 and (self.attributes >> 28) == 0xA


def decode_name(raw, flags):
    if flags & 0x800:
        return raw.decode("utf-8", "replace")
    for encoding in ("ascii", "utf-8", "cp932"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")


def read_directory(data):
    """(members, start of the directory, position of the end record)."""
    end = data.rfind(END)
    if end < 0:
        raise ValueError("no end record")
    count, _, offset, comment = struct.unpack_from("<HIIH", data, end + 10)
    members, position = [], offset
    for _ in range(count):
        member = Member(data, position)
        members.append(member)
        position = member.end
    return members, offset, end


def unpack(data, member):
    """(bytes, end of the packed bytes, name in the local header)."""
    (signature, _, flags, method, _, _, _, _, _, name_length,
     extra_length) = LOCAL.unpack_from(data, member.offset)
    if signature != b"PK\x03\x04":
        raise ValueError("no local header")
    name_at = member.offset + LOCAL.size
    start = name_at + name_length + extra_length
    packed = data[start:start + member.packed]
    local_name = data[name_at:name_at + name_length]
    if flags & 1:
        return None, start + member.packed, local_name
    if method == 0:
        content = packed
    elif method == 8:
        content = zlib.decompressobj(-15).decompress(packed, LIMIT)
    else:
        raise ValueError(f"method {method}")
    return content, start + member.packed, local_name


def check_member_name(walk, path, member):
    name = member.name.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/") or name[1:2] == ":":
        walk.find(path, "zip_traversal", member.name)
    if "\\" in member.name:
        walk.find(path, "zip_backslash", member.name)
    walk.check_name(path, name)
    if member.is_link():
        walk.find(path, "zip_link", member.name)


def check_extra(walk, path, extra):
    position = 0
    while position + 4 <= len(extra):
        key, length = struct.unpack_from("<HH", extra, position)
        if key not in EXTRA_KNOWN:
            walk.find(path, "zip_extra_field", hex(key))
        position += 4 + length


def visit_zip(walk, path, name, data, depth):
    try:
        members, directory, end = read_directory(data)
    except (ValueError, struct.error) as error:
        walk.find(path, "zip_broken", error)
        return
    if not data.startswith((b"PK\x03\x04", END)):
        walk.find(path, "polyglot_prefix", data[:16])
    if end + 22 < len(data):
        walk.find(path, "zip_tail", f"{len(data) - end - 22} bytes after the end record")
    spans, parts, seen = [], {}, set()
    for member in members:
        place = posixpath.join(path, member.name) if path else member.name
        check_member_name(walk, place, member)
        check_extra(walk, place, member.extra)
        if member.comment_length:
            walk.find(place, "zip_comment")
        if member.name.lower() in seen:
            walk.find(place, "zip_doubled_name")
        seen.add(member.name.lower())
        try:
            content, stop, local_name = unpack(data, member)
        except (ValueError, struct.error, zlib.error) as error:
            walk.find(place, "zip_broken", error)
            continue
        if local_name != member.raw_name:
            walk.find(place, "zip_header_mismatch", local_name)
        spans.append((member.offset, stop))
        if content is None:
            walk.find(place, "encrypted")
            continue
        if len(content) != member.size or zlib.crc32(content) != member.crc:
            walk.find(place, "zip_header_mismatch", "size or checksum")
        parts[member.name] = content
    check_spans(walk, path, spans, directory)
    if "[Content_Types].xml" in parts:
        ooxml.visit_package(walk, path, parts, depth)
    else:
        for part, content in parts.items():
            if not part.endswith("/"):
                visit(walk, posixpath.join(path, part), part, content, depth + 1)


def check_spans(walk, path, spans, directory):
    """Members that overlap, and bytes between them that no member owns."""
    position = 0
    for start, stop in sorted(spans):
        if start < position:
            walk.find(path, "zip_overlap", f"at byte {start}")
        elif start > position + 24:  # a data descriptor may stand between, 12 to 24 bytes
            walk.find(path, "zip_gap", f"{start - position} bytes at {position}")
        position = max(position, stop)
    if directory > position + 24:
        walk.find(path, "zip_gap", f"{directory - position} bytes at {position}")
