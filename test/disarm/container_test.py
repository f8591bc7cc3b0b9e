# SPDX-License-Identifier: GPL-3.0-or-later
"""Mails and archives of the corpus, before and after: fields, texts, names, order, dates, contents.

Python's own email and zipfile read both sides; what they cannot read themselves is not compared.
"""

import email
import email.header
import email.utils
import pathlib
import re
import sys
import tempfile
import unicodedata
import zipfile

sys.path[:0] = [str(pathlib.Path(__file__).parents[1]), str(pathlib.Path(__file__).parents[2] / "tools")]
import run_disarm  # noqa: E402
import tap  # noqa: E402

FOLDER = tempfile.TemporaryDirectory(prefix="sekisho-container-")
STATE = {}
SHARE = 0.99
LABELS = {"iso-2022-jp": "iso2022_jp_ext", "shift_jis": "cp932", "x-sjis": "cp932"}


def disarm(name, pattern):
    if name not in STATE:
        files = sorted(tap.shared("corpus", name).rglob(pattern))
        STATE[name] = run_disarm.disarm(tap.SEKISHO, files, pathlib.Path(FOLDER.name, name))
    return STATE[name]


def mails():
    """(path, the mail as it was, the mail that was made) of every mail that was accepted."""
    for path, receipt in disarm("mail", "*.eml").items():
        if receipt["output_path"]:
            yield (path, email.message_from_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n")),
                   email.message_from_bytes(receipt["output_path"].read_bytes()))


def decode(data, charset):
    """The text of some bytes, or None when their label does not fit them."""
    try:
        return data.decode(LABELS.get(charset.lower(), charset))
    except (LookupError, UnicodeDecodeError):
        return None


def words(text):
    """The visible characters of a text in one form, without spaces and characters that nobody sees."""
    text = unicodedata.normalize("NFKC", text)
    return "".join(c for c in text if not c.isspace() and unicodedata.category(c) not in ("Cc", "Cf"))


def field(message, name):
    """A header field as people read it, or None when its encoded words are broken."""
    text = ""
    try:
        for part, charset in email.header.decode_header(str(message.get(name, ""))):
            piece = part if isinstance(part, str) else decode(part, charset or "ascii")
            if piece is None:
                return None
            text += piece
    except (email.errors.HeaderParseError, ValueError):
        return None
    return words(text)


def addresses(message, name):
    pairs = email.utils.getaddresses([re.sub(r"\s+", " ", str(value)) for value in message.get_all(name, [])[:1]])
    return {address.replace(" ", "") for _, address in pairs if re.fullmatch(r"[!-~]+@[\w.-]+", address, re.A)}


def plain_texts(message):
    """The text/plain bodies of a mail and of the mails in it."""
    for part in message.walk():
        if part.get_content_type() == "text/plain" and not part.is_multipart() and not part.get_filename():
            content = part.get_payload(decode=True) or b""
            text = decode(content, str(part.get_content_charset() or "ascii"))
            if text is not None and "begin " not in text:
                yield words(text)


def whole_text(message):
    return "\n".join(plain_texts(message))


def share_of(results, what):
    """Fails when fewer than SHARE of the compared things agree; prints the rest."""
    wrong = [place for place, good in results if not good]
    print(f"# {what}: {len(results) - len(wrong)} of {len(results)} agree")
    assert results, f"nothing to compare: {what}"
    assert len(wrong) <= (1 - SHARE) * len(results), f"{what} differ: " + ", ".join(sorted(set(wrong))[:20])


def test_mails_are_accepted():
    receipts = disarm("mail", "*.eml")
    share_of([(path.name, receipt["output_path"] is not None) for path, receipt in receipts.items()], "mails")


def test_mails_keep_subject_and_thread():
    results = []
    for path, before, after in mails():
        for name in ("Subject", "Message-ID", "In-Reply-To", "References"):
            value = field(before, name)
            if value and (name == "Subject" or re.fullmatch(r"(<[^<>@]+@[^<>@]+>)+", value)):
                results.append((f"{path.name} {name}", value == field(after, name)))
    share_of(results, "subjects and identifiers")


def test_mails_keep_dates_and_addresses():
    results = []
    for path, before, after in mails():
        when = email.utils.parsedate_tz(str(before.get("Date", "")))
        if when:
            results.append((f"{path.name} Date",
                            email.utils.mktime_tz(when) == email.utils.mktime_tz(
                                email.utils.parsedate_tz(str(after.get("Date", ""))) or when[:9] + (99,))))
        for name in ("From", "To", "Cc", "Reply-To"):
            value = addresses(before, name)
            if value:
                results.append((f"{path.name} {name}", value == addresses(after, name)))
    share_of(results, "dates and addresses")


def test_mails_keep_their_texts():
    results = []
    for path, before, after in mails():
        made = whole_text(after)
        results += [(path.name, text in made) for text in plain_texts(before) if text]
    share_of(results, "texts")


def test_mails_hold_no_markup_and_no_other_fields():
    allowed = {"date", "from", "sender", "reply-to", "to", "cc", "subject", "message-id", "in-reply-to",
               "references", "mime-version", "content-type", "content-transfer-encoding", "content-disposition"}
    for path, _, after in mails():
        for part in after.walk():
            assert {name.lower() for name in part.keys()} <= allowed, path
            assert part.get_content_type() not in ("text/html", "application/octet-stream"), path
            assert not part.defects, f"{path}: {part.defects}"


def archives():
    for path, receipt in disarm("archive", "*.zip").items():
        if receipt["output_path"]:
            yield path, zipfile.ZipFile(path), zipfile.ZipFile(receipt["output_path"]), receipt


def test_archives_keep_names_order_and_dates():
    results = []
    for path, before, after, receipt in archives():
        renamed = any(row["kind"] == "name" for row in receipt["objects"])
        old, new = before.infolist(), after.infolist()
        if renamed or any(not i.flag_bits & 0x800 and not i.filename.isascii() for i in old):
            continue
        old_names = [info.filename.replace("\\", "/").rstrip("/") for info in old]
        places = {name: number for number, name in enumerate(old_names)}
        dates = {name: info.date_time for name, info in zip(old_names, old)}
        # An extension is added where a name had none or another than its content.
        found = [next((name for name in (n, n.rsplit(".", 1)[0]) if name in places), None)
                 for n in (info.filename.rstrip("/") for info in new)]
        results.append((f"{path.name} names", None not in found))
        if None not in found:
            order = [places[name] for name in found]
            results.append((f"{path.name} order", order == sorted(order)))
            results.append((f"{path.name} dates", all(dates[name] == info.date_time or dates[name][1:3] == (0, 0)
                                                      for name, info in zip(found, new))))
    share_of(results, "names, order and dates")


def test_archives_keep_the_contents_of_texts():
    results = []
    for path, before, after, receipt in archives():
        renamed = {row["path"].rsplit(".", 1)[0] for row in receipt["objects"] if row["kind"] == "name"}
        for row in receipt["objects"]:
            if row["path"] in renamed:
                continue
            if row["kind"] != "text" or row["action"] != "kept" or row["count"] > 1:
                continue
            name = next((n for n in (row["path"], row["path"] + ".txt") if n in after.namelist()), None)
            if row["path"] not in before.namelist() or before.getinfo(row["path"]).flag_bits & 1:
                continue
            try:
                old = before.read(row["path"])
            except (NotImplementedError, zipfile.BadZipFile):
                continue
            results.append((f"{path.name} {row['path']}", name is not None and after.read(name) == old))
    share_of(results, "contents of texts")


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
