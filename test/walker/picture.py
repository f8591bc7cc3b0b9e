# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures by their structure: every chunk, segment and block that is not needed for the pixels."""

import struct
import zlib

ORIENTATION = 0x0112
PNG_PIXELS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"iCCP", b"sRGB", b"gAMA", b"cHRM",
              b"acTL", b"fcTL", b"fdAT", b"pHYs", b"bKGD", b"sBIT", b"cICP"}
TIFF_PIXELS = {
    254, 255, 256, 257, 258, 259, 262, 263, 266, 273, 274, 277, 278, 279, 280, 281, 282, 283, 284,
    292, 293, 296, 297, 317, 318, 319, 320, 321, 322, 323, 324, 325, 332, 334, 338, 339, 340, 341,
    347, 529, 530, 531, 532, 34675}
TIFF_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4,
              16: 8, 17: 8, 18: 8}
# Records that carry what is no drawing: comment, escapes, OpenGL, profiles by name.
EMF_CARRIERS = {70, 102, 103, 105, 106, 110, 112, 113, 121, 122}
WEBP_PIXELS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}


def tail(walk, path, data, end):
    """Bytes behind the end of the picture: another file could start there."""
    if end < len(data):
        walk.find(path, "polyglot_tail", f"{len(data) - end} bytes, {data[end:end + 12]}")


def tiff_tags(data):
    """(directory number, tag, value bytes) of a TIFF structure; stops quietly where it is broken."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if not order:
        return
    (offset,) = struct.unpack_from(order + "I", data, 4)
    seen, number = set(), 0
    while offset and offset not in seen and offset + 2 <= len(data):
        seen.add(offset)
        (count,) = struct.unpack_from(order + "H", data, offset)
        for entry in range(count):
            at = offset + 2 + 12 * entry
            if at + 12 > len(data):
                return
            tag, kind, length = struct.unpack_from(order + "HHI", data, at)
            size = TIFF_SIZES.get(kind, 1) * length
            start = at + 8
            if size > 4:
                (start,) = struct.unpack_from(order + "I", data, at + 8)
            yield number, tag, data[start:start + size]
        if offset + 2 + 12 * count + 4 > len(data):
            return
        (offset,) = struct.unpack_from(order + "I", data, offset + 2 + 12 * count)
        number += 1


def check_exif(walk, path, block):
    tags = {tag for _, tag, _ in tiff_tags(block)}
    if 0x8825 in tags:
        walk.find(path, "metadata_gps")
    if tags - {ORIENTATION}:
        walk.find(path, "metadata", f"exif tags {sorted(tags - {ORIENTATION})[:8]}")


def visit_png(walk, path, name, data, depth):
    position = 8
    while position + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        body = data[position + 8:position + 8 + length]
        if kind == b"eXIf":
            check_exif(walk, path, body)
        elif kind not in PNG_PIXELS:
            walk.find(path, "metadata", f"chunk {kind}")
        if kind in (b"zTXt", b"iTXt", b"iCCP") and b"\0" in body:
            inflate(walk, f"{path}#{kind.decode()}", body)
        position += 12 + length
        if kind == b"IEND":
            break
    tail(walk, path, data, position)


def inflate(walk, path, body):
    """Any compressed text or profile in a chunk, as a piece to look through."""
    for start in range(len(body)):
        if body[start:start + 1] == b"\x78":
            try:
                walk.piece(path, zlib.decompressobj().decompress(body[start:], 1 << 24))
                return
            except zlib.error:
                continue


def check_jpeg_segment(walk, path, marker, body):
    if marker == 0xFE:
        walk.find(path, "metadata", f"comment {body[:20]}")
    elif marker == 0xE0 and body.startswith(b"JFIF\0"):
        if len(body) > 14:
            walk.find(path, "metadata", "thumbnail in JFIF")
    elif marker == 0xE1 and body.startswith(b"Exif\0"):
        check_exif(walk, path, body[6:])
    elif marker == 0xE2 and body.startswith(b"ICC_PROFILE\0"):
        walk.piece(f"{path}#icc", body)
    elif marker == 0xEE and body.startswith(b"Adobe"):
        if len(body) > 12:
            walk.find(path, "metadata", "long Adobe segment")
    elif 0xE0 <= marker <= 0xEF:
        walk.find(path, "metadata", f"segment {marker:x} {body[:12]}")


def visit_jpeg(walk, path, name, data, depth):
    position = 2
    while position + 4 <= len(data):
        if data[position] != 0xFF:
            position = next_marker(data, position)
            continue
        marker = data[position + 1]
        if marker == 0xFF:
            position += 1
        elif marker == 0xD9:
            break
        elif marker in (0x00, 0x01) or 0xD0 <= marker <= 0xD8:
            position += 2
        else:
            (length,) = struct.unpack_from(">H", data, position + 2)
            check_jpeg_segment(walk, path, marker, data[position + 4:position + 2 + length])
            position += 2 + length
            if marker == 0xDA:
                position = next_marker(data, position)
    tail(walk, path, data, position + 2)


def next_marker(data, position):
    """Where entropy-coded bytes end: at a marker that is neither stuffing nor a restart."""
    while True:
        position = data.find(b"\xff", position)
        if position < 0 or position + 1 >= len(data):
            return len(data)
        if data[position + 1] not in (0x00, 0xFF) and not 0xD0 <= data[position + 1] <= 0xD7:
            return position
        position += 2 if data[position + 1] != 0xFF else 1


def skip_blocks(data, position):
    """(bytes of the sub-blocks, position behind them)."""
    start = position
    while position < len(data) and data[position]:
        position += 1 + data[position]
    return data[start:position], position + 1


def visit_gif(walk, path, name, data, depth):
    position = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
    while position < len(data):
        kind = data[position]
        if kind == 0x3B:
            position += 1
            break
        if kind == 0x21:
            label = data[position + 1]
            body, position = skip_blocks(data, position + 2)
            if label == 0xFE or label == 0x01:
                walk.find(path, "metadata", f"extension {label:x} {body[:20]}")
            elif label == 0xFF and body[1:12] not in (b"NETSCAPE2.0", b"ANIMEXTS1.0"):
                walk.find(path, "metadata", f"application {body[1:12]}")
        elif kind == 0x2C and position + 10 <= len(data):
            flags = data[position + 9]
            position += 10 + (3 << (flags & 7) + 1 if flags & 0x80 else 0) + 1
            _, position = skip_blocks(data, position)
        else:
            walk.find(path, "gif_broken", f"block {kind:x}")
            return
    tail(walk, path, data, position)


def visit_bmp(walk, path, name, data, depth):
    size, _, pixels, header = struct.unpack_from("<IIII", data, 2)
    if size and size < len(data):
        tail(walk, path, data, size)
    if header >= 124:
        (profile,) = struct.unpack_from("<I", data, 14 + 56)
        if profile == 0x4C494E4B:
            walk.find(path, "external_profile", "a profile linked by file name")
    if header >= 40 and pixels > 14 + header + 4 * 256 + 16:
        walk.find(path, "gap", f"{pixels - 14 - header} bytes before the pixels")


def visit_tiff(walk, path, name, data, depth):
    for number, tag, value in tiff_tags(data):
        if tag == 0x8825:
            walk.find(path, "metadata_gps")
        elif tag not in TIFF_PIXELS:
            walk.find(path, "metadata", f"page {number} tag {tag} {value[:20]}")


def visit_webp(walk, path, name, data, depth):
    (declared,) = struct.unpack_from("<I", data, 4)
    end = 8 + declared + (declared & 1)
    position = 12
    while position + 8 <= min(end, len(data)):
        kind, length = struct.unpack_from("<4sI", data, position)
        body = data[position + 8:position + 8 + length]
        if kind == b"EXIF":
            check_exif(walk, path, body[6:] if body.startswith(b"Exif") else body)
        elif kind not in WEBP_PIXELS:
            walk.find(path, "metadata", f"chunk {kind}")
        position += 8 + length + (length & 1)
    tail(walk, path, data, end)


def visit_emf(walk, path, name, data, depth):
    position = 0
    while position + 8 <= len(data):
        kind, size = struct.unpack_from("<II", data, position)
        if kind in EMF_CARRIERS:
            walk.find(path, "metafile_carrier", f"record {kind} {data[position + 12:position + 24]}")
        position += size
        if kind == 14 or size < 8:
            break
    tail(walk, path, data, position)


def visit_wmf(walk, path, name, data, depth):
    position = (22 if data[:4] == b"\xd7\xcd\xc6\x9a" else 0) + 18
    while position + 6 <= len(data):
        words, function = struct.unpack_from("<IH", data, position)
        if function == 0x0626:
            walk.find(path, "metafile_carrier", f"escape {data[position + 6:position + 20]}")
        position += words * 2
        if function == 0 or words < 3:
            break
    tail(walk, path, data, position)
