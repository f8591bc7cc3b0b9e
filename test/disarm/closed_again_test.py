# SPDX-License-Identifier: GPL-3.0-or-later
"""What was opened with a password is closed again through the real sandbox, and opens elsewhere.

The reader here is a third one: Python's hashlib, AES and the compound file read by [MS-CFB] alone.
"""

import base64
import hashlib
import hmac
import io
import pathlib
import re
import struct
import sys
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "test"), str(ROOT / "tools"), str(ROOT / "tools" / "samples")]
import ooxml  # noqa: E402
import ooxml_crypt  # noqa: E402
import run_disarm  # noqa: E402
import tap  # noqa: E402
import zip_crypt  # noqa: E402

PASSWORD = "みほん𠮷2024"
FOLDER = tempfile.TemporaryDirectory(prefix="sekisho-closed-")
INVERSE = [zip_crypt.BOX.index(value) for value in range(256)]
PRODUCTS = {factor: [zip_crypt.multiply(value, factor) for value in range(256)] for factor in (9, 11, 13, 14)}


def decrypt_block(keys, block):
    """FIPS 197, 5.3."""
    state = [a ^ b for a, b in zip(block, keys[-1])]
    for number in range(len(keys) - 2, -1, -1):
        state = [INVERSE[state[(i - 4 * (i % 4)) % 16]] ^ keys[number][i] for i in range(16)]
        if number:
            state = [PRODUCTS[14][state[c + i]] ^ PRODUCTS[11][state[c + (i + 1) % 4]] ^ PRODUCTS[13][state[c + (i + 2) % 4]]
                     ^ PRODUCTS[9][state[c + (i + 3) % 4]] for c in range(0, 16, 4) for i in range(4)]
    return bytes(state)


def decrypt(key, vector, data):
    keys, plain = zip_crypt.expand_key(key), b""
    for at in range(0, len(data), 16):
        plain += bytes(a ^ b for a, b in zip(decrypt_block(keys, data[at:at + 16]), vector))
        vector = data[at:at + 16]
    return plain


class CompoundFile:
    """Streams by their path, found by walking the trees of the directory as other readers do."""

    def __init__(self, data):
        assert data[:8] == bytes.fromhex("d0cf11e0a1b11ae1")
        (self.directory, self.short_below, self.short_table, self.continuation) = (
            struct.unpack_from("<I", data, at)[0] for at in (48, 56, 60, 68))
        self.data, self.streams = data, {}
        places = [n for n in struct.unpack_from("<109I", data, 76) if n < 0xFFFFFFFA]
        while self.continuation < 0xFFFFFFFA:
            *more, self.continuation = struct.unpack("<128I", self.sector(self.continuation))
            places += [n for n in more if n < 0xFFFFFFFA]
        self.table = [n for place in places for n in struct.unpack("<128I", self.sector(place))]
        self.entries = self.chain(self.directory)
        root = self.entry(0)
        self.short = self.chain(root["start"])[:root["length"]]
        self.shorts = struct.unpack(f"<{len(self.chain(self.short_table)) // 4}I", self.chain(self.short_table))
        self.walk(root["child"], "", None, None)

    def sector(self, number):
        return self.data[512 * (number + 1):512 * (number + 2)]

    def chain(self, number):
        found = b""
        while number < 0xFFFFFFFA:
            found, number = found + self.sector(number), self.table[number]
        return found

    def entry(self, number):
        raw = self.entries[128 * number:128 * number + 128]
        length, kind, black, left, right, child = struct.unpack_from("<HBBIII", raw, 64)
        start, size = struct.unpack_from("<IQ", raw, 116)
        return {"name": raw[:length - 2].decode("utf-16-le"), "kind": kind, "black": black, "left": left, "right": right,
                "child": child, "start": start, "length": size}

    def stream(self, entry):
        if entry["length"] >= self.short_below:
            return self.chain(entry["start"])[:entry["length"]]
        found, number = b"", entry["start"]
        while number < 0xFFFFFFFA:
            found, number = found + self.short[64 * number:64 * number + 64], self.shorts[number]
        return found[:entry["length"]]

    def walk(self, number, path, above, parent):
        """Goes through one tree; returns how many black entries lie on each way down."""
        if number == 0xFFFFFFFF:
            return 1
        entry = self.entry(number)
        assert entry["black"] or parent is None or parent["black"], f"two red entries: {entry['name']}"
        order = (len(entry["name"]), entry["name"].upper())
        low, high = above or ((0, ""), (99, ""))
        assert low < order < high, f"out of order: {entry['name']}"
        left = self.walk(entry["left"], path, (low, order), entry)
        assert left == self.walk(entry["right"], path, (order, high), entry), "the tree is not even"
        if entry["kind"] == 1:
            self.walk(entry["child"], path + entry["name"] + "/", None, None)
        else:
            self.streams[path + entry["name"]] = self.stream(entry)
        return left + entry["black"]


def open_closed(data, password):
    """The package inside; None when the password is another one."""
    streams = CompoundFile(data).streams
    sealed, info = streams["EncryptedPackage"], streams["EncryptionInfo"]
    assert info[:8] == bytes.fromhex("0400040040000000")
    text = info[8:].decode()
    value = {name: base64.b64decode(re.search(f' {name}="(.*?)"', text)[1]) for name in (
        "encryptedHmacKey", "encryptedHmacValue", "encryptedVerifierHashInput", "encryptedVerifierHashValue", "encryptedKeyValue")}
    data_salt, salt = map(base64.b64decode, re.findall(' saltValue="(.*?)"', text))
    assert data_salt != salt and text.count('hashAlgorithm="SHA512"') == text.count('keyBits="256"') == 2
    spun = hashlib.sha512(salt + password.encode("utf-16-le")).digest()
    for number in range(int(re.search('spinCount="([0-9]+)"', text)[1])):
        spun = hashlib.sha512(struct.pack("<I", number) + spun).digest()

    def opened(block, name):
        return decrypt(hashlib.sha512(spun + bytes.fromhex(block)).digest()[:32], salt, value[name])

    def vector(block):
        return hashlib.sha512(data_salt + block).digest()[:16]

    if hashlib.sha512(opened("fea7d2763b4b9e79", "encryptedVerifierHashInput")).digest() != opened("d7aa0f6d3061344e", "encryptedVerifierHashValue"):
        return None
    key = opened("146e0be7abacd0d6", "encryptedKeyValue")
    own = decrypt(key, vector(bytes.fromhex("5fb2ad010cb9e1f6")), value["encryptedHmacKey"])
    said = decrypt(key, vector(bytes.fromhex("a0677f02b22c8433")), value["encryptedHmacValue"])
    assert hmac.digest(own, sealed, "sha512") == said, "the HMAC is another"
    length, = struct.unpack_from("<Q", sealed)
    parts = (decrypt(key, vector(struct.pack("<I", number)), sealed[at:at + 4096]) for number, at in enumerate(range(8, len(sealed), 4096)))
    return b"".join(parts)[:length]


def disarm(files, again=True, password=PASSWORD):
    """{name: receipt} of files {name: bytes}."""
    folder = pathlib.Path(tempfile.mkdtemp(dir=FOLDER.name))
    for name, data in files.items():
        (folder / name).write_bytes(data)
    found = run_disarm.disarm(tap.SEKISHO, [folder / name for name in files], folder / "out", password=password,
                              options=["--encrypt-again"] if again else [])
    return {path.name: receipt for path, receipt in found.items()}


def documents():
    """Closed by the agile and by the standard way, as the samples are."""
    letter = ooxml.document(ooxml.HONEST).bytes()
    table = ooxml.workbook(("表", ooxml.rows([ooxml.cell("A1", ooxml.VALUE)]))).bytes()
    return {"手紙.docx": ooxml_crypt.close(letter, PASSWORD), "表.xlsx": ooxml_crypt.close(table, PASSWORD, ooxml_crypt.standard)}


def made(receipt):
    assert receipt["output_path"], receipt
    return receipt["output_path"].read_bytes()


def reasons(receipt):
    return {row["reason"]["code"] if isinstance(row["reason"], dict) else row["reason"] for row in receipt["objects"]
            if row["kind"] == "encryption"}


def test_closed_documents_open_elsewhere_with_their_password():
    files = documents()
    closed, plain = disarm(files), disarm(files, again=False)
    for name in files:
        data = made(closed[name])
        assert closed[name]["output_path"].name == name
        assert open_closed(data, "another") is None
        package = open_closed(data, PASSWORD)
        assert package == made(plain[name]), f"{name}: another package than without --encrypt-again"
        assert zipfile.ZipFile(io.BytesIO(package)).testzip() is None
        assert reasons(closed[name]) == {"ooxml_encrypted_again"} and reasons(plain[name]) == {"ooxml_opened"}


def test_closed_document_has_the_streams_that_office_writes():
    streams = CompoundFile(made(disarm({"手紙.docx": documents()["手紙.docx"]})["手紙.docx"])).streams
    spaces = "\6DataSpaces/"
    assert set(streams) == {
        "EncryptionInfo", "EncryptedPackage", spaces + "Version", spaces + "DataSpaceMap",
        spaces + "DataSpaceInfo/StrongEncryptionDataSpace", spaces + "TransformInfo/StrongEncryptionTransform/\6Primary"}
    utf16 = "Microsoft.Container.DataSpaces".encode("utf-16-le")
    assert streams[spaces + "Version"] == struct.pack("<I", 60) + utf16 + struct.pack("<6H", 1, 0, 1, 0, 1, 0)


def test_closing_twice_gives_other_bytes_and_the_same_package():
    file = {"手紙.docx": documents()["手紙.docx"]}
    once = made(disarm(file)["手紙.docx"])
    twice = made(disarm({"手紙.docx": once})["手紙.docx"])
    values = [set(re.findall(rb' [A-Za-z]+(?:Value|Key|Input)="(.*?)"', CompoundFile(data).streams["EncryptionInfo"])) for data in (once, twice)]
    assert len(values[0]) == len(values[1]) == 7 and not values[0] & values[1], "a key or salt stands twice"
    assert open_closed(once, PASSWORD) == open_closed(twice, PASSWORD)


def test_open_documents_stay_open():
    package = ooxml.document(ooxml.HONEST).bytes()
    assert made(disarm({"開.docx": package})["開.docx"]).startswith(b"PK")


def test_closed_documents_in_an_archive_are_closed_again():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as target:
        for name, data in documents().items():
            target.writestr(name, data)
    data = made(disarm({"一式.zip": archive.getvalue()})["一式.zip"])
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        for name in documents():
            assert open_closed(source.read(name), PASSWORD).startswith(b"PK"), name


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
