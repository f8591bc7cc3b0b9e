# SPDX-License-Identifier: GPL-3.0-or-later
"""Closing an Office package with a password, for samples: [MS-OFFCRYPTO] agile and standard encryption,
and the compound file around them ([MS-CFB]). Written apart from the product's own code."""

import base64
import hashlib
import hmac
import struct

from zip_crypt import encrypt_block, expand_key

SALT = bytes(range(16))
FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def pad(data, size):
    return data + bytes(-len(data) % size)


def encrypt_cbc(key, vector, data):
    keys, out = expand_key(key), bytearray()
    data = pad(data, 16)
    for at in range(0, len(data), 16):
        vector = encrypt_block(keys, bytes(a ^ b for a, b in zip(data[at:at + 16], vector)))
        out += vector
    return bytes(out)


def encrypt_ecb(key, data):
    keys, data = expand_key(key), pad(data, 16)
    return b"".join(bytes(encrypt_block(keys, data[at:at + 16])) for at in range(0, len(data), 16))


def spin(name, password, count):
    digest = hashlib.new(name, SALT + password.encode("utf-16-le")).digest()
    for number in range(count):
        digest = hashlib.new(name, struct.pack("<I", number) + digest).digest()
    return digest


def agile(package, password, count=1000, integrity=True):
    """(EncryptionInfo, EncryptedPackage) with AES-256 and SHA-512; integrity: with the HMAC, which older writers leave out."""
    spun, key, verifier = spin("sha512", password, count), bytes(range(32, 64)), bytes(range(64, 80))

    def seal(block, data):
        return base64.b64encode(encrypt_cbc(hashlib.sha512(spun + block).digest()[:32], SALT, data)).decode()

    def seal_with_key(block, data):
        return base64.b64encode(encrypt_cbc(key, hashlib.sha512(SALT + block).digest()[:16], data)).decode()

    sealed = struct.pack("<Q", len(package))
    for number, at in enumerate(range(0, len(package), 4096)):
        vector = hashlib.sha512(SALT + struct.pack("<I", number)).digest()[:16]
        sealed += encrypt_cbc(key, vector, package[at:at + 4096])
    sealed = sealed.ljust(4096, b"\0")  # what compound_file would do: the HMAC is over the whole stream
    whole = ""
    if integrity:
        own = bytes(range(80, 144))
        whole = (f'<dataIntegrity encryptedHmacKey="{seal_with_key(bytes.fromhex("5fb2ad010cb9e1f6"), own)}" '
                 f'encryptedHmacValue="{seal_with_key(bytes.fromhex("a0677f02b22c8433"), hmac.digest(own, sealed, "sha512"))}"/>')
    common = ('saltSize="16" blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" '
              f'hashAlgorithm="SHA512" saltValue="{base64.b64encode(SALT).decode()}"')
    description = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><encryption xmlns="http://schemas.microsoft.com/office/2006/encryption" '
        f'xmlns:p="http://schemas.microsoft.com/office/2006/keyEncryptor/password"><keyData {common}/>{whole}<keyEncryptors>'
        f'<keyEncryptor uri="http://schemas.microsoft.com/office/2006/keyEncryptor/password"><p:encryptedKey spinCount="{count}" {common} '
        f'encryptedVerifierHashInput="{seal(bytes.fromhex("fea7d2763b4b9e79"), verifier)}" '
        f'encryptedVerifierHashValue="{seal(bytes.fromhex("d7aa0f6d3061344e"), hashlib.sha512(verifier).digest())}" '
        f'encryptedKeyValue="{seal(bytes.fromhex("146e0be7abacd0d6"), key)}"/></keyEncryptor></keyEncryptors></encryption>')
    return struct.pack("<HHI", 4, 4, 0x40) + description.encode().ljust(4096), sealed


def agile_without_integrity(package, password):
    """As agile, without the HMAC."""
    return agile(package, password, integrity=False)


def agile_altered(package, password):
    """As agile, with one bit of the closed package changed afterwards."""
    description, sealed = agile(package, password)
    return description, sealed[:100] + bytes([sealed[100] ^ 1]) + sealed[101:]


def standard(package, password):
    """(EncryptionInfo, EncryptedPackage) with AES-128 and SHA-1."""
    spun = hashlib.sha1(spin("sha1", password, 50000) + bytes(4)).digest()
    key = hashlib.sha1(bytes(0x36 ^ (spun[i] if i < 20 else 0) for i in range(64))).digest()[:16]
    verifier = bytes(range(64, 80))
    provider = "Microsoft Enhanced RSA and AES Cryptographic Provider\0".encode("utf-16-le")
    header = struct.pack("<IIIIIIII", 0x24, 0, 0x660E, 0x8004, 128, 0x18, 0, 0) + provider
    description = (struct.pack("<HHII", 3, 2, 0x24, len(header)) + header + struct.pack("<I", 16) + SALT + encrypt_ecb(key, verifier)
                   + struct.pack("<I", 20) + encrypt_ecb(key, hashlib.sha1(verifier).digest()))
    return description, struct.pack("<Q", len(package)) + encrypt_ecb(key, package)


def entry(name, kind, child, start, length, right=FREE):
    encoded = pad((name + "\0").encode("utf-16-le"), 64)
    return (encoded + struct.pack("<HBBIII", 2 * len(name) + 2, kind, 1, FREE, right, child) + bytes(36)
            + struct.pack("<IQ", start, length))


def compound_file(streams):
    """A compound file with 512-byte sectors; short streams are filled up, so that there is no mini stream."""
    streams = [(name, pad(data, 4096) if len(data) < 4096 else data, len(data)) for name, data in streams]
    sectors, table, starts = b"", [], []
    for _, data, _ in streams:
        count = -(-len(data) // 512)
        starts.append(len(table))
        table += list(range(len(table) + 1, len(table) + count)) + [END]
        sectors += pad(data, 512)
    directory = entry("Root Entry", 5, 1, END, 0)
    for number, ((name, data, length), start) in enumerate(zip(streams, starts)):
        right = number + 2 if number + 1 < len(streams) else FREE
        directory += entry(name, 2, FREE, start, max(length, 4096), right)
    directory_start = len(table)
    count = -(-len(directory) // 512)
    table += list(range(len(table) + 1, len(table) + count)) + [END]
    sectors += pad(directory, 512)
    tables = -(-(len(table) + 1) // 127)
    first = len(table)
    table += [TABLE] * tables
    sectors += struct.pack(f"<{len(table)}I", *table).ljust(512 * tables, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack(
        "<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, directory_start, 0, 4096, END, 0, END, 0, first)
    header += struct.pack("<108I", *[first + i if i < tables else FREE for i in range(1, 109)])
    return header + sectors


def close(package, password, how=agile):
    """The package as a file that asks for the password."""
    description, sealed = how(package, password)
    return compound_file([("EncryptedPackage", sealed), ("EncryptionInfo", description)])
