# SPDX-License-Identifier: GPL-3.0-or-later
"""PDF objects (ISO 32000-2, 7.3) and stream filters (7.4), read without trusting any table."""

import base64
import binascii
import re
import zlib

SPACE = b"\x00\t\n\x0c\r "
DELIMITERS = b"()<>[]{}/%"
LIMIT = 1 << 28
NUMBER = re.compile(rb"[+-]*\d*\.?\d*")
REFERENCE = re.compile(rb"(\d+)[\x00\t\n\x0c\r ]+(\d+)[\x00\t\n\x0c\r ]+R(?![A-Za-z0-9])")
REGULAR = re.compile(rb"[^\x00\t\n\x0c\r ()<>\[\]{}/%]*")
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


class Name(str):
    """A name, its #xx decoded."""


class Reference(tuple):
    """(number, generation)."""


class Stream:
    def __init__(self, dictionary, raw):
        self.dictionary, self.raw = dictionary, raw


class Keyword(bytes):
    """Anything that is not an object: obj, endobj, stream, an operator."""


class Parser:
    """Reads one object after another from a place in the bytes."""

    def __init__(self, data, position=0):
        self.data, self.position = data, position

    def skip(self):
        data = self.data
        while self.position < len(data):
            byte = data[self.position]
            if byte in SPACE:
                self.position += 1
            elif byte == 0x25:
                ends = [e for e in (data.find(b"\n", self.position), data.find(b"\r", self.position))
                        if e >= 0]
                self.position = min(ends, default=len(data))
            else:
                return

    def read(self, depth=0):
        """The next object; None at the end."""
        self.skip()
        data, at = self.data, self.position
        if at >= len(data):
            return None
        if depth > 200:
            raise ValueError("nested too deep")
        byte = data[at:at + 1]
        if byte == b"/":
            raw = REGULAR.match(data, at + 1)[0]
            self.position = at + 1 + len(raw)
            text = re.sub(rb"#([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), raw)
            return Name(text.decode("latin-1"))
        if data[at:at + 2] == b"<<":
            self.position += 2
            return self.read_dictionary(depth)
        if byte == b"<":
            return self.read_hexadecimal()
        if byte == b"(":
            return self.read_string()
        if byte == b"[":
            self.position += 1
            return self.read_until(b"]", depth)
        if byte in b"]>{})":
            self.position += 2 if data[at:at + 2] == b">>" else 1
            return Keyword(data[at:self.position])
        if match := REFERENCE.match(data, at):
            self.position = match.end()
            return Reference((int(match[1]), int(match[2])))
        word = REGULAR.match(data, at)[0]
        self.position = at + max(len(word), 1)
        if NUMBER.fullmatch(word) and any(48 <= c <= 57 for c in word):
            try:
                return float(word) if b"." in word else int(word)
            except ValueError:
                return 0
        return {b"true": True, b"false": False}.get(word, Keyword(word))

    def read_until(self, end, depth):
        items = []
        while True:
            item = self.read(depth + 1)
            if item is None or (isinstance(item, Keyword) and item in (end, b"endobj", b"stream")):
                return items
            items.append(item)

    def read_dictionary(self, depth):
        items = self.read_until(b">>", depth)
        result, position = {}, 0
        while position < len(items):
            key = items[position]
            if isinstance(key, Name) and position + 1 < len(items):
                result.setdefault(str(key), items[position + 1])
                position += 2
            else:
                position += 1
        return result

    def read_hexadecimal(self):
        end = self.data.find(b">", self.position)
        end = len(self.data) if end < 0 else end
        digits = re.sub(rb"[^0-9A-Fa-f]", b"", self.data[self.position:end])
        self.position = end + 1
        return binascii.unhexlify(digits + b"0" * (len(digits) % 2))

    def read_string(self):
        data, at, depth, out = self.data, self.position + 1, 1, bytearray()
        while at < len(data):
            byte = data[at:at + 1]
            if byte == b"\\":
                if octal := re.match(rb"[0-7]{1,3}", data[at + 1:at + 4]):
                    out.append(int(octal[0], 8) & 255)
                    at += 1 + len(octal[0])
                    continue
                follow = data[at + 1:at + 2]
                if follow not in (b"\n", b"\r"):
                    out += ESCAPES.get(follow, follow)
                at += 2
                continue
            depth += {b"(": 1, b")": -1}.get(byte, 0)
            at += 1
            if depth == 0:
                break
            out += byte
        self.position = at
        return bytes(out)


def undo_predictor(data, parameters):
    """PNG and TIFF predictors (7.4.4.4), the PNG ones only: TIFF's is found in pictures alone."""
    predictor = parameters.get("Predictor", 1)
    if not isinstance(predictor, int) or predictor < 10:
        return data
    whole = {k: v for k, v in parameters.items() if isinstance(v, int)}
    width = max(whole.get("Colors", 1) * whole.get("BitsPerComponent", 8) // 8, 1)
    row = (whole.get("Columns", 1) * whole.get("Colors", 1) * whole.get("BitsPerComponent", 8) + 7) // 8
    out, above = bytearray(), bytearray(row)
    for start in range(0, len(data), row + 1):
        kind, line = data[start], bytearray(data[start + 1:start + 1 + row].ljust(row, b"\0"))
        for i in range(row):
            left = line[i - width] if i >= width else 0
            corner = above[i - width] if i >= width else 0
            line[i] = (line[i] + predict(kind, left, above[i], corner)) & 255
        out += line
        above = line
    return bytes(out)


def predict(kind, left, up, corner):
    if kind == 1:
        return left
    if kind == 2:
        return up
    if kind == 3:
        return (left + up) // 2
    if kind == 4:
        guess = left + up - corner
        return min((left, up, corner), key=lambda value: abs(guess - value))
    return 0


def inflate(data):
    """As much as can be had: damaged streams are common, and what is before the damage counts."""
    for wbits in (15, -15):
        decompressor = zlib.decompressobj(wbits)
        out = bytearray()
        try:
            for start in range(0, len(data), 4096):
                out += decompressor.decompress(data[start:start + 4096], LIMIT - len(out))
            return bytes(out)
        except zlib.error:
            if out:
                return bytes(out)
    return b""


def unpack_lzw(data, early):
    table, out, width, bits, count = [], bytearray(), 9, 0, 0
    previous = None
    for byte in data:
        bits, count = (bits << 8 | byte) & 0xFFFFFF, count + 8
        if count < width:
            continue
        code = bits >> (count - width) & ((1 << width) - 1)
        count -= width
        if code == 257:
            break
        if code == 256 or not table:
            table = [bytes([i]) for i in range(256)] + [b"", b""]
            width, previous = 9, None
            if code == 256:
                continue
        entry = table[code] if code < len(table) else (previous or b"") + (previous or b"")[:1]
        out += entry
        if previous is not None and len(table) < 4096:
            table.append(previous + entry[:1])
        previous = entry
        width = min(max((len(table) + early).bit_length(), 9), 12)
        if len(out) > LIMIT:
            break
    return bytes(out)


def unpack_run_length(data):
    out, at = bytearray(), 0
    while at < len(data) and data[at] != 128:
        length = data[at]
        if length < 128:
            out += data[at + 1:at + 2 + length]
            at += 2 + length
        else:
            out += data[at + 1:at + 2] * (257 - length)
            at += 2
    return bytes(out)


def unpack_ascii85(data):
    body = re.sub(rb"[\x00\t\n\x0c\r ]", b"", data.split(b"~")[0])
    try:
        return base64.a85decode(body)
    except ValueError:
        return b""


def unpack_hexadecimal(data):
    digits = re.sub(rb"[^0-9A-Fa-f]", b"", data.split(b">")[0])
    return binascii.unhexlify(digits + b"0" * (len(digits) % 2))


def undo_filter(name, data, parameters):
    """The bytes behind one filter; None for pictures, which stay as they are."""
    if name in ("FlateDecode", "Fl"):
        return undo_predictor(inflate(data), parameters)
    if name in ("LZWDecode", "LZW"):
        early = parameters.get("EarlyChange", 1)
        return undo_predictor(unpack_lzw(data, early if early in (0, 1) else 1), parameters)
    if name in ("ASCII85Decode", "A85"):
        return unpack_ascii85(data)
    if name in ("ASCIIHexDecode", "AHx"):
        return unpack_hexadecimal(data)
    if name in ("RunLengthDecode", "RL"):
        return unpack_run_length(data)
    return None
