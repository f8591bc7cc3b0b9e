# SPDX-License-Identifier: GPL-3.0-or-later
"""The two ways of encrypting ZIP members, for samples: traditional (APPNOTE 6.1) and WinZip AES-256.

Written apart from the product's own code, so that the samples also prove that both agree with the
specifications. AES is FIPS 197, straight from its text; slow, and only for encrypting a few bytes.
"""

import hashlib
import hmac
import zlib

HEADER = bytes(range(11))  # traditional: eleven bytes that should be random; samples are the same each time


def crc_step(crc, byte):
    """One step of CRC-32 as the cipher uses it."""
    return (zlib.crc32(bytes([byte]), crc ^ 0xFFFFFFFF) ^ 0xFFFFFFFF) & 0xFFFFFFFF


def encrypt_traditional(data, crc, password):
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte):
        keys[0] = crc_step(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = crc_step(keys[2], keys[1] >> 24)

    for byte in password:
        update(byte)
    out = bytearray()
    for byte in HEADER + bytes([crc >> 24]) + data:
        mixed = (keys[2] | 2) & 0xFFFF
        out.append(byte ^ (mixed * (mixed ^ 1) >> 8 & 0xFF))
        update(byte)
    return bytes(out)


def double(value):
    return (value << 1 ^ (0x11B if value & 0x80 else 0)) & 0xFF


def multiply(a, b):
    product = 0
    while b:
        if b & 1:
            product ^= a
        a, b = double(a), b >> 1
    return product


def make_box():
    box = []
    for value in range(256):
        inverse = next((x for x in range(256) if multiply(value, x) == 1), 0)
        result = 0x63
        for shift in range(5):
            result ^= (inverse << shift | inverse >> (8 - shift)) & 0xFF
        box.append(result)
    return box


BOX = make_box()


def expand_key(key):
    words = [list(key[i:i + 4]) for i in range(0, len(key), 4)]
    count, round_constant = len(words), 1
    while len(words) < 4 * (count + 7):
        word = list(words[-1])
        if len(words) % count == 0:
            word = [BOX[byte] for byte in word[1:] + word[:1]]
            word[0] ^= round_constant
            round_constant = double(round_constant)
        elif count > 6 and len(words) % count == 4:
            word = [BOX[byte] for byte in word]
        words.append([a ^ b for a, b in zip(words[-count], word)])
    return [sum(words[i:i + 4], []) for i in range(0, len(words), 4)]


def encrypt_block(keys, block):
    state = [a ^ b for a, b in zip(block, keys[0])]
    for number, key in enumerate(keys[1:], 1):
        state = [BOX[state[(i + 4 * (i % 4)) % 16]] for i in range(16)]
        if number < len(keys) - 1:
            mixed = []
            for column in range(0, 16, 4):
                a = state[column:column + 4]
                mixed += [multiply(a[i], 2) ^ multiply(a[(i + 1) % 4], 3) ^ a[(i + 2) % 4] ^ a[(i + 3) % 4]
                          for i in range(4)]
            state = mixed
        state = [a ^ b for a, b in zip(state, key)]
    return bytes(state)


def encrypt_aes(data, password, salt=bytes(range(16))):
    """Salt, check value, ciphertext and authentication code of AE-x with 256 bits."""
    derived = hashlib.pbkdf2_hmac("sha1", password, salt, 1000, 66)
    keys, out = expand_key(derived[:32]), bytearray()
    for number in range(0, len(data), 16):
        stream = encrypt_block(keys, (number // 16 + 1).to_bytes(16, "little"))
        out += bytes(a ^ b for a, b in zip(data[number:number + 16], stream))
    code = hmac.new(derived[32:64], bytes(out), "sha1").digest()[:10]
    return salt + derived[64:] + bytes(out) + code
