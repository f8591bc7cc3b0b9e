#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A verifier of logs, checkpoints and proofs that shares nothing with Sekisho.

Written from the specifications alone (RFC 6962, RFC 8032, C2SP signed-note, tlog-checkpoint,
tlog-tiles, tlog-cosignature, tlog-proof), in plain Python, to judge what Sekisho prints.

usage: verifier.py proof PROOF VKEY [WITNESS-VKEY ...]     checks a proof file, prints the entry
       verifier.py log DIRECTORY VKEY [WITNESS-VKEY ...]   checks a whole log, prints its size
"""

import base64
import hashlib
import pathlib
import sys


class Wrong(Exception):
    """What was checked does not hold; says why."""


# RFC 8032, section 5.1: Ed25519.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)


def add(a, b):
    x = (a[1] - a[0]) * (b[1] - b[0]) % P
    y = (a[1] + a[0]) * (b[1] + b[0]) % P
    z, t = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = y - x, t - z, t + z, y + x
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def decompress(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        raise Wrong("point")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * SQRT_M1 % P
    if (x * x - square) % P or (not x and sign):
        raise Wrong("point")
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519_verify(key, message, signature):
    if len(signature) != 64:
        return False
    scalar = int.from_bytes(signature[32:], "little")
    if scalar >= L:
        return False
    r, a = decompress(signature[:32]), decompress(key)
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    left = multiply(scalar, BASE)
    right = add(r, multiply(int.from_bytes(digest, "little") % L, a))
    return not ((left[0] * right[2] - right[0] * left[2]) % P
                or (left[1] * right[2] - right[1] * left[2]) % P)


# C2SP signed-note and tlog-checkpoint.
def decode(text):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Wrong(f"base64: {text}") from None
    if base64.b64encode(data).decode() != text:
        raise Wrong(f"base64: {text}")
    return data


class Key:
    """A vkey: name+id+base64(algorithm ‖ public key)."""

    def __init__(self, text):
        self.name, number, material = text.strip().split("+", 2)
        material = decode(material)
        self.algorithm, self.key = material[0], material[1:]
        self.id = hashlib.sha256(self.name.encode() + b"\n" + material).digest()[:4]
        if self.id.hex() != number or len(self.key) != 32 or self.algorithm not in (1, 4):
            raise Wrong("vkey")


def read_note(data):
    """The text of a note and its signatures as (name, id, signature)."""
    text = data.decode("utf-8")
    if any(ord(c) < 32 and c != "\n" for c in text):
        raise Wrong("control characters")
    head, separator, tail = text.rpartition("\n\n")
    if not separator or not tail.endswith("\n"):
        raise Wrong("no signatures")
    signatures = []
    for line in tail[:-1].split("\n"):
        dash, name, value = line.split(" ")
        value = decode(value)
        if dash != "\u2014" or not name or len(value) <= 4:
            raise Wrong(f"signature line: {line}")
        signatures.append((name, value[:4], value[4:]))
    return head + "\n", signatures


def signed_by(text, signatures, key):
    """True when the key signed; raises when a signature in its name does not hold."""
    found = False
    for name, number, value in signatures:
        if (name, number) != (key.name, key.id):
            continue
        message = text.encode()
        if key.algorithm == 4:
            time, value = int.from_bytes(value[:8], "big"), value[8:]
            message = f"cosignature/v1\ntime {time}\n".encode() + message
        if not ed25519_verify(key.key, message, value):
            raise Wrong(f"signature of {name}")
        found = True
    return found


def read_checkpoint(data, log, witnesses):
    """(size, root) of a checkpoint that the log and all witnesses signed."""
    text, signatures = read_note(data)
    origin, size, root, *rest = text.split("\n")
    if origin != log.name or rest[-1:] != [""] or "" in rest[:-1]:
        raise Wrong("checkpoint")
    if not size.isdecimal() or str(int(size)) != size:
        raise Wrong("size")
    for key in [log, *witnesses]:
        if not signed_by(text, signatures, key):
            raise Wrong(f"not signed by {key.name}")
    return int(size), decode(root)


# RFC 6962, section 2.1.
def leaf_hash(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def tree_root(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(tree_root(leaves[:half]), tree_root(leaves[half:]))


def root_from_path(index, size, leaf, path):
    """MTH of a tree from PATH(m, D[n]), by the recursive definition of the path."""
    if size == 1:
        if path:
            raise Wrong("path too long")
        return leaf
    if not path:
        raise Wrong("path too short")
    half = 1 << (size - 1).bit_length() - 1
    if index < half:
        return node_hash(root_from_path(index, half, leaf, path[:-1]), path[-1])
    return node_hash(path[-1], root_from_path(index - half, size - half, leaf, path[:-1]))


def check_proof(data, log, witnesses=()):
    """(index, entry) of a tlog-proof whose extra data is the entry."""
    lines, separator, note = data.partition(b"\n\n")
    lines = lines.decode().split("\n")
    if not separator or lines.pop(0) != "c2sp.org/tlog-proof@v1":
        raise Wrong("proof")
    if not lines[0].startswith("extra ") or not lines[1].startswith("index "):
        raise Wrong("proof")
    entry, index = decode(lines[0][6:]), int(lines[1][6:])
    size, root = read_checkpoint(note, log, witnesses)
    path = [decode(line) for line in lines[2:]]
    if index >= size or root_from_path(index, size, leaf_hash(entry), path) != root:
        raise Wrong("inclusion")
    return index, entry


# C2SP tlog-tiles.
def tile_path(level, index, width):
    groups = [f"{index % 1000:03}"]
    while index >= 1000:
        index //= 1000
        groups.insert(0, f"x{index % 1000:03}")
    return f"tile/{level}/" + "/".join(groups) + (f".p/{width}" if width < 256 else "")


def read_tile(directory, level, index, width):
    path = directory / tile_path(level, index, width)
    if not path.exists():
        path = directory / tile_path(level, index, 256)
    return path.read_bytes()


def check_log(directory, log, witnesses=()):
    """Size of a log whose entries, tiles and checkpoint all agree."""
    directory = pathlib.Path(directory)
    size, root = read_checkpoint((directory / "checkpoint").read_bytes(), log, witnesses)
    hashes = []
    for index in range(-(-size // 256)):
        width = min(256, size - index * 256)
        bundle, position = read_tile(directory, "entries", index, width), 0
        for _ in range(width):
            length = int.from_bytes(bundle[position:position + 2], "big")
            entry = bundle[position + 2:position + 2 + length]
            if len(entry) != length:
                raise Wrong("bundle")
            hashes.append(leaf_hash(entry))
            position += 2 + length
    if tree_root(hashes) != root:
        raise Wrong("root")
    level = 0
    while hashes:
        for index in range(-(-len(hashes) // 256)):
            expected = hashes[index * 256:(index + 1) * 256]
            tile = read_tile(directory, level, index, len(expected))
            if tile[:32 * len(expected)] != b"".join(expected):
                raise Wrong(tile_path(level, index, len(expected)))
        full = len(hashes) // 256
        hashes = [tree_root(hashes[i * 256:(i + 1) * 256]) for i in range(full)]
        level += 1
    return size


def main():
    what, path, *keys = sys.argv[1:]
    log, *witnesses = [Key(key) for key in keys]
    if what == "log":
        print(check_log(path, log, witnesses))
    else:
        index, entry = check_proof(pathlib.Path(path).read_bytes(), log, witnesses)
        print(index, entry.decode())


if __name__ == "__main__":
    main()
