# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples of pictures: small honest ones of every format, drawn here without any library, and hostile
ones with one construct each."""

import struct
import zlib

from sample import Sample

SECRET = "みほん市役所 撮影者 見本太郎".encode()
SCRIPT = b"<script>alert('mihon')</script>"
PROGRAM = b"MZ\x90\x00\x03 This program cannot be run; it is only a sample."
SIZE = 16  # pixels on each side of most samples

# 24 × 20 pixels of a colour gradient, lossy; made once with libwebp from a picture of our own.
LOSSY = bytes.fromhex(
    "f004009d012a180014003f1174b15130a6a4a2b008021022096c009d32ecff76800b638bdd03c2fe8686de81f9dde000"
    "00fefc025cbfef30ee8fbd09c3e05e080b1e07436de9331f435d65a9260b38fa6a426aa20ddc36a9886e1ee59b5653ea"
    "de13e8660aad83c184993354597c50b997462c51f967ae40512dcc873cdec68898a254e60000")


def exif(orientation=6, gps=True):
    """A TIFF structure with the orientation, a maker and, behind it, a place."""
    maker = SECRET + b"\0"
    entries = 3 if gps else 2
    behind = 8 + 2 + entries * 12 + 4
    out = b"II*\0" + struct.pack("<IH", 8, entries)
    out += struct.pack("<HHII", 0x010F, 2, len(maker), behind)
    out += struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    if gps:
        out += struct.pack("<HHII", 0x8825, 4, 1, behind + len(maker))
    out += struct.pack("<I", 0) + maker
    if gps:
        out += struct.pack("<HHHI4sI", 1, 1, 2, 2, b"N\0\0\0", 0)
    return out


def profile():
    """A colour profile with one tag: small, but of the right form."""
    tag = b"XYZ \0\0\0\0" + struct.pack(">III", 0xF6D6, 0x10000, 0xD32D)
    head = struct.pack(">I4sI4s4s4s", 128 + 4 + 12 + len(tag), b"none", 0x02100000, b"mntr", b"RGB ",
                       b"XYZ ")
    head = head.ljust(36, b"\0") + b"acsp"
    return head.ljust(128, b"\0") + struct.pack(">I4sII", 1, b"wtpt", 144, len(tag)) + tag


# PNG


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_rows(width, height, shift=0):
    row = bytes((x * 16 + c * 40 + shift) % 256 for x in range(width) for c in range(3))
    return zlib.compress(b"".join(b"\1" + row for _ in range(height)))


def png(*extra, width=SIZE, height=SIZE, rows=None, tail=b"", behind=()):
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", head), *extra,
             chunk(b"IDAT", png_rows(width, height) if rows is None else rows), *behind,
             chunk(b"IEND", b"")]
    return b"".join(parts) + tail


def apng():
    def control(number, width, height, x, y):
        return chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, width, height, x, y, 1, 10, 0, 0))

    frame = struct.pack(">I", 2) + png_rows(8, 8, 100)
    return png(chunk(b"acTL", struct.pack(">II", 2, 0)), control(0, SIZE, SIZE, 0, 0),
               behind=(control(1, 8, 8, 4, 4), chunk(b"fdAT", frame)))


def pngs():
    bomb = zlib.compress(bytes(8 << 20), 9)
    yield Sample("写真.png", png())
    yield Sample("写真-色.png", png(chunk(b"iCCP", b"mihon\0\0" + zlib.compress(profile())),
                                 chunk(b"pHYs", struct.pack(">IIB", 5906, 5906, 1))))
    yield Sample("動き.png", apng())
    yield Sample("text.png", png(chunk(b"tEXt", b"Comment\0" + SECRET)), "metadata", gone=(SECRET,))
    yield Sample("gps.png", png(chunk(b"eXIf", exif())), "metadata_gps", gone=(SECRET,))
    yield Sample("ztxt-bomb.png", png(chunk(b"zTXt", b"Comment\0\0" + bomb)), "metadata")
    yield Sample("itxt.png", png(chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(SECRET))),
                 "metadata", gone=(SECRET,))
    yield Sample("iccp-bomb.png", png(chunk(b"iCCP", b"mihon\0\0" + bomb), chunk(b"tEXt", b"a\0b")),
                 "metadata")
    yield Sample("private.png", png(chunk(b"prVt", PROGRAM)), "metadata", gone=(PROGRAM,))
    yield Sample("tail.png", png(tail=PROGRAM), "polyglot_tail", gone=(PROGRAM,))
    yield Sample("idat-tail.png", png(rows=png_rows(SIZE, SIZE) + PROGRAM, tail=b"\0"), "polyglot_tail",
                 gone=(PROGRAM,))
    yield Sample("zip-tail.png", png(tail=stored_zip()), "polyglot_tail", refused="polyglot")
    yield Sample("huge.png", png(chunk(b"tEXt", b"a\0b"), width=60000, height=60000, rows=b"x"),
                 "metadata", refused="limit_pixels")


def stored_zip():
    name, data = b"a.txt", b"sample"
    body = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0, zlib.crc32(data), len(data), len(data), len(name), 0)
    local = b"PK\3\4" + body + name + data
    central = b"PK\1\2" + struct.pack("<H", 20) + body + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    return local + central + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, len(central), len(local), 0)


# JPEG: grey blocks of one brightness each, so that every block is its DC difference and an end code


def segment(marker, body):
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def jpeg_scan(levels):
    """Huffman codes of 4 bits for the size of the difference, one bit for the end of the block."""
    bits, before = "", 0
    for level in levels:
        difference, before = level - before, level
        size = abs(difference).bit_length()
        bits += f"{size:04b}"
        if size:
            bits += f"{difference if difference > 0 else difference + (1 << size) - 1:0{size}b}"
        bits += "0"
    bits += "1" * (-len(bits) % 8)
    data = bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))
    return data.replace(b"\xff", b"\xff\0")


def jpeg(*extra, tail=b"", side=2):
    levels = [(i * 37) % 160 - 80 for i in range(side * side)]
    dc = bytes([0]) + bytes([0, 0, 0, 12] + [0] * 12) + bytes(range(12))
    ac = bytes([0x10]) + bytes([1] + [0] * 15) + b"\0"
    return b"".join([
        b"\xff\xd8", *extra, segment(0xDB, b"\0" + b"\1" * 64),
        segment(0xC0, struct.pack(">BHHBBBB", 8, side * 8, side * 8, 1, 1, 0x11, 0)),
        segment(0xC4, dc), segment(0xC4, ac), segment(0xDA, bytes([1, 1, 0, 0, 63, 0])),
        jpeg_scan(levels), b"\xff\xd9"]) + tail


def jpegs():
    jfif = segment(0xE0, b"JFIF\0\1\2\1" + struct.pack(">HH", 300, 300) + b"\0\0")
    small = segment(0xE0, b"JFIF\0\1\2\0" + struct.pack(">HH", 1, 1) + b"\1\1" + b"\x12\x34\x56")
    yield Sample("写真.jpg", jpeg(jfif))
    yield Sample("写真-色.jpg", jpeg(jfif, segment(0xE1, b"Exif\0\0" + exif_plain())))
    yield Sample("gps.jpg", jpeg(segment(0xE1, b"Exif\0\0" + exif())), "metadata_gps", gone=(SECRET,))
    yield Sample("comment.jpg", jpeg(jfif, segment(0xFE, SCRIPT + bytes(1100)), tail=b""), "metadata",
                 refused="polyglot")
    yield Sample("note.jpg", jpeg(jfif, segment(0xFE, SECRET)), "metadata", gone=(SECRET,))
    yield Sample("thumbnail.jpg", jpeg(small), "metadata", gone=(b"\x12\x34\x56",))
    yield Sample("xmp.jpg", jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SECRET)), "metadata",
                 gone=(SECRET,))
    yield Sample("private.jpg", jpeg(segment(0xEF, PROGRAM)), "metadata", gone=(PROGRAM,))
    yield Sample("tail.jpg", jpeg(jfif, tail=PROGRAM), "polyglot_tail", gone=(PROGRAM,))
    yield Sample("second.jpg", jpeg(jfif, tail=jpeg(segment(0xFE, SECRET))), "polyglot_tail",
                 gone=(SECRET,))


def exif_plain():
    return b"MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"


# GIF


def gif_codes(indices, size):
    """LZW without a table: a clear code often enough that codes keep their width."""
    clear, bits = 1 << size, ""
    for i, index in enumerate(indices):
        if i % (clear - 2) == 0:
            bits = f"{clear:0{size + 1}b}" + bits
        bits = f"{index:0{size + 1}b}" + bits
    bits = f"{clear + 1:0{size + 1}b}" + bits
    data = int(bits, 2).to_bytes((len(bits) + 7) // 8, "little")
    return bytes([size]) + blocks(data)


def blocks(data):
    return b"".join(bytes([len(data[i:i + 255])]) + data[i:i + 255] for i in range(0, len(data), 255)) + b"\0"


def gif_frame(shift=0, control=b""):
    indices = [(x + y + shift) % 8 for y in range(SIZE) for x in range(SIZE)]
    return control + b"," + struct.pack("<HHHHB", 0, 0, SIZE, SIZE, 0) + gif_codes(indices, 3)


def gif(*extra, frames=None, tail=b""):
    palette = bytes(value for i in range(8) for value in (i * 32, 255 - i * 32, 128))
    head = b"GIF89a" + struct.pack("<HHBBB", SIZE, SIZE, 0x82, 0, 0) + palette
    return head + b"".join(extra) + (frames or gif_frame()) + b";" + tail


def gifs():
    control = b"!\xf9\4\4\x0a\0\0\0"
    loop = b"!\xff\x0bNETSCAPE2.0\3\1\0\0\0"
    yield Sample("図.gif", gif())
    yield Sample("動き.gif", gif(loop, frames=gif_frame(0, control) + gif_frame(3, control)))
    yield Sample("comment.gif", gif(b"!\xfe" + blocks(SECRET)), "metadata", gone=(SECRET,))
    yield Sample("application.gif", gif(b"!\xff\x0bMIHONAPP1.0" + blocks(PROGRAM)), "metadata",
                 gone=(PROGRAM,))
    yield Sample("plain-text.gif", gif(b"!\x01\x0c" + bytes(12) + blocks(SECRET)), "metadata",
                 gone=(SECRET,))
    yield Sample("tail.gif", gif(tail=PROGRAM), "polyglot_tail", gone=(PROGRAM,))


# BMP


def bmp(bits=24, gap=b"", tail=b"", header=40, end=b""):
    palette = bytes(value for i in range(16) for value in (i * 16, 0, 255 - i * 16, 0)) if bits == 4 else b""
    stride = (SIZE * bits + 31) // 32 * 4
    rows = b"".join(bytes((y * 16 + i) % 256 for i in range(stride)) for y in range(SIZE))
    info = struct.pack("<IiiHHIIiiII", header, SIZE, SIZE, 1, bits, 0, len(rows), 5906, 5906,
                       len(palette) // 4, 0)
    info = info.ljust(56, b"\0") + end if header > 56 else info
    info = info.ljust(header, b"\0")
    if end:
        info = info[:112] + struct.pack("<II", header + len(palette) + len(rows), len(SECRET)) + info[120:]
    offset = 14 + len(info) + len(palette) + len(gap)
    size = offset + len(rows)
    return b"BM" + struct.pack("<III", size, 0, offset) + info + palette + gap + rows + tail


def bmps():
    yield Sample("図.bmp", bmp())
    yield Sample("図-16色.bmp", bmp(4))
    yield Sample("gap.bmp", bmp(gap=PROGRAM + bytes(1100)), "gap", gone=(PROGRAM,))
    yield Sample("tail.bmp", bmp(tail=PROGRAM), "polyglot_tail", gone=(PROGRAM,))
    yield Sample("linked-profile.bmp", bmp(header=124, end=b"KNIL", tail=SECRET), "external_profile",
                 gone=(SECRET,))


# TIFF


def tiff_page(start, following, extra=(), subfile=0):
    """One page of grey rows whose directory starts at `start`; extra: (tag, type, count, value, data)."""
    rows = bytes((x * 16 + y) % 256 for y in range(SIZE) for x in range(SIZE))
    entries = [(254, 4, 1, subfile), (256, 3, 1, SIZE), (257, 3, 1, SIZE), (258, 3, 1, 8), (259, 3, 1, 1),
               (262, 3, 1, 1), (273, 4, 1, None), (277, 3, 1, 1), (278, 3, 1, SIZE), (279, 4, 1, len(rows))]
    behind = start + 2 + 12 * (len(entries) + len(extra)) + 4
    data = rows
    entries[6] = (273, 4, 1, behind)
    for tag, kind, value in extra:
        entries.append((tag, kind, len(value), behind + len(data)) if kind == 2 else (tag, kind, 1, value))
        data += value if kind == 2 else b""
    data += b"\0" * (len(data) % 2)
    body = struct.pack("<H", len(entries))
    body += b"".join(struct.pack("<HHII", *entry) for entry in sorted(entries))
    end = behind + len(data)
    return body + struct.pack("<I", end if following else 0) + data


def tiff(*pages, tail=b""):
    out = b"II*\0" + struct.pack("<I", 8)
    for number, (extra, subfile) in enumerate(pages):
        out += tiff_page(len(out), number + 1 < len(pages), extra, subfile)
    return out + tail


def tiffs():
    plain = ((), 0)
    yield Sample("書類.tif", tiff(plain))
    yield Sample("書類-3ページ.tif", tiff(plain, plain, plain))
    yield Sample("description.tif", tiff((((270, 2, SECRET + b"\0"), (305, 2, b"mihon\0")), 0)), "metadata",
                 gone=(SECRET,))
    yield Sample("private.tif", tiff((((65000, 2, PROGRAM + b"\0"),), 0)), "metadata", gone=(PROGRAM,))
    yield Sample("gps.tif", tiff((((0x8825, 4, 8),), 0)), "metadata_gps")
    yield Sample("thumbnail.tif", tiff(plain, (((270, 2, SECRET + b"\0"),), 1)), "metadata",
                 gone=(SECRET,))
    yield Sample("unused.tif", tiff((((270, 2, b"a\0"),), 0), tail=PROGRAM), "metadata", gone=(PROGRAM,))


# WebP


def riff(*chunks):
    body = b"WEBP" + b"".join(kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
                              for kind, data in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def lossless(width, height, color):
    """VP8L of one colour: five codes with one symbol each take no bits for the pixels."""
    fields = [(0x2F, 8), (width - 1, 14), (height - 1, 14), (0, 1), (0, 3), (0, 1), (0, 1), (0, 1)]
    for symbol in (color[1], color[0], color[2], 255):
        fields += [(1, 1), (0, 1), (1, 1), (symbol, 8)]
    fields += [(1, 1), (0, 1), (0, 1), (0, 1)]
    value = place = 0
    for field, bits in fields:
        value |= field << place
        place += bits
    return value.to_bytes((place + 7) // 8, "little")


def extended(flags, width, height):
    return b"VP8X", bytes([flags, 0, 0, 0]) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


def webps():
    still = (b"VP8L", lossless(SIZE, SIZE, (200, 100, 50)))
    frames = [(b"ANMF", bytes(6) + bytes([SIZE - 1, 0, 0, SIZE - 1, 0, 0, 100, 0, 0, 0]) + b"VP8L" +
               struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2))
              for data in (lossless(SIZE, SIZE, (200, 100, 50)), lossless(SIZE, SIZE, (0, 100, 250)))]
    yield Sample("図.webp", riff(still))
    yield Sample("写真.webp", riff((b"VP8 ", LOSSY)))
    yield Sample("動き.webp", riff(extended(2, SIZE, SIZE), (b"ANIM", bytes(6)), *frames))
    yield Sample("gps.webp", riff(extended(8, SIZE, SIZE), still, (b"EXIF", exif())), "metadata_gps",
                 gone=(SECRET,))
    yield Sample("xmp.webp", riff(extended(4, SIZE, SIZE), still, (b"XMP ", SECRET)), "metadata",
                 gone=(SECRET,))
    yield Sample("private.webp", riff((b"VP8 ", LOSSY), (b"prVt", PROGRAM)), "metadata", gone=(PROGRAM,))
    yield Sample("frame-tail.webp", riff((b"VP8 ", LOSSY + PROGRAM), (b"note", b"a")), "metadata",
                 gone=(PROGRAM,))
    yield Sample("tail.webp", riff(still) + PROGRAM, "polyglot_tail", gone=(PROGRAM,))


# EMF and WMF


def emf(*extra, tail=b""):
    def record(kind, body=b""):
        body += b"\0" * (-len(body) % 4)
        return struct.pack("<II", kind, 8 + len(body)) + body

    text = "みほん市".encode("utf-16-le")
    strings = struct.pack("<iiiiIffiiIII4iI", 0, 0, 90, 20, 2, 1, 1, 5, 5, 4, 76, 0, 0, 0, 0, 0,
                          76 + len(text)) + text + struct.pack("<4I", 10, 10, 10, 10)
    records = [record(39, struct.pack("<IIII", 1, 0, 0x3264C8, 0)), record(37, struct.pack("<I", 1)),
               record(43, struct.pack("<iiii", 10, 10, 90, 90)), record(84, strings), *extra,
               record(40, struct.pack("<I", 1)), record(14, struct.pack("<III", 0, 16, 20))]
    body = b"".join(records)
    head = struct.pack("<4i4i4sIIIHHIIIiiii", 0, 0, 99, 99, 0, 0, 2600, 2600, b" EMF", 0x10000,
                       108 + len(body), len(records) + 1, 2, 0, 0, 0, 0, 1000, 1000, 260, 260)
    return record(1, head + bytes(20)) + body + tail


def wmf(*extra, tail=b""):
    def record(function, *words):
        return struct.pack("<IH", 3 + len(words), function) + struct.pack(f"<{len(words)}H", *words)

    records = [record(0x020C, 100, 100), record(0x02FC, 0, 0x64C8, 0x32, 0), record(0x012D, 0),
               record(0x041B, 90, 90, 10, 10), *extra, record(0)]
    body = b"".join(records)
    head = struct.pack("<HHHIHIH", 1, 9, 0x300, (18 + len(body)) // 2, 1, 7, 0)
    placeable = struct.pack("<IHhhhhHI", 0x9AC6CDD7, 0, 0, 0, 100, 100, 96, 0)
    total = 0
    for (word,) in struct.iter_unpack("<H", placeable):
        total ^= word
    return placeable + struct.pack("<H", total) + head + body + tail


def wmf_escape(number, data):
    data += b"\0" * (len(data) % 2)
    return struct.pack("<IHHH", 5 + len(data) // 2, 0x0626, number, len(data)) + data


def metafiles():
    comment = b"EMF+" + PROGRAM + b"\0" * (-len(PROGRAM) % 4)
    comment = struct.pack("<III", 70, 12 + len(comment), len(comment)) + comment
    escape = struct.pack("<IIII", 106, 16 + 64, 9, 64) + PROGRAM[:64].ljust(64, b"\0")
    yield Sample("図面.emf", emf())
    yield Sample("comment.emf", emf(comment), "metafile_carrier", gone=(PROGRAM,))
    yield Sample("escape.emf", emf(escape), "metafile_carrier", gone=(PROGRAM[:40],))
    yield Sample("tail.emf", emf(tail=PROGRAM), "polyglot_tail", gone=(PROGRAM,))
    yield Sample("図面.wmf", wmf())
    yield Sample("setabortproc.wmf", wmf(wmf_escape(9, PROGRAM)), "metafile_carrier", gone=(PROGRAM,))
    yield Sample("embedded.wmf", wmf(wmf_escape(15, b"WMFC" + SECRET)), "metafile_carrier", gone=(SECRET,))


def samples():
    return [*pngs(), *jpegs(), *gifs(), *bmps(), *tiffs(), *webps(), *metafiles()]
