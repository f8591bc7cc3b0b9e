# SPDX-License-Identifier: GPL-3.0-or-later
"""PDF (ISO 32000-2): every object in the bytes, object streams included, whether reachable or not."""

import re

from . import picture
from .pdf_syntax import Keyword, Parser, Reference, Stream, undo_filter

OBJECT = re.compile(rb"(?<![0-9])(\d{1,10})[\x00\t\n\x0c\r ]+(\d{1,5})[\x00\t\n\x0c\r ]+obj")
ACTIONS = {
    "JavaScript": "javascript", "Launch": "launch", "GoToR": "goto_remote", "GoToE": "goto_embedded",
    "SubmitForm": "submit_form", "ImportData": "import_data", "Rendition": "rendition",
    "Movie": "movie", "Sound": "sound", "RichMediaExecute": "rich_media", "GoTo3DView": "three_d",
    "SetState": "action", "NOP": "action", "Trans": "action", "GoToDp": "goto_remote"}
KEYS = {
    "JS": "javascript", "JavaScript": "javascript", "OpenAction": "open_action", "XFA": "xfa",
    "EmbeddedFiles": "embedded_file", "EF": "embedded_file", "AF": "associated_file",
    "RichMediaContent": "rich_media", "RichMediaSettings": "rich_media", "3DD": "three_d",
    "3DA": "three_d", "Collection": "portfolio", "PieceInfo": "private_data", "OPI": "external_picture",
    "AA": "additional_actions", "Encrypt": "encrypted", "URLS": "web_capture", "SpiderInfo": "web_capture",
    "IDS": "web_capture", "Alternates": "alternate_image", "Renditions": "rendition",
    "DSS": "signature", "NeedsRendering": "xfa", "Requirements": "requirements"}
SUBTYPES = {
    "RichMedia": "rich_media", "3D": "three_d", "Screen": "rendition", "Movie": "movie",
    "Sound": "sound", "FileAttachment": "embedded_file", "PS": "postscript", "TrapNet": "trap_net"}
TYPES = {"EmbeddedFile": "embedded_file", "Filespec": "file_specification", "Sound": "sound",
         "3D": "three_d", "XRefExternal": "external_stream"}
NAMED_ACTIONS = {"NextPage", "PrevPage", "FirstPage", "LastPage"}
SAFE_URI = re.compile(rb"^\s*(https?:|mailto:)", re.I)
# In these dictionaries the keys are names that the author chose.
FREE_KEYS = {"Font", "XObject", "ExtGState", "ColorSpace", "Pattern", "Shading", "Properties",
             "CharProcs", "AP", "N", "R", "D", "ClassMap", "RoleMap", "Dests", "Colorants", "Lang"}
INFO = {"Title", "Author", "Subject", "Keywords", "Creator", "CreationDate", "ModDate"}


class Document:
    """All objects, by number; a later one of the same number takes the place of an earlier one."""

    def __init__(self, data):
        self.data, self.objects, self.all, self.trailers = data, {}, [], []
        position = 0
        while match := OBJECT.search(data, position):
            position = self.read_object(match)
        self.read_trailers()
        self.free = self.author_named()

    def read_object(self, match):
        parser = Parser(self.data, match.end())
        number = int(match[1])
        try:
            value = parser.read()
            if isinstance(value, dict):
                after = parser.position
                parser.skip()
                if self.data.startswith(b"stream", parser.position):
                    value, parser.position = self.read_stream(value, parser.position + 6)
                else:
                    parser.position = after
        except (ValueError, RecursionError):
            return match.end()
        self.add(number, value)
        return max(parser.position, match.end())

    def add(self, number, value):
        self.objects[number] = value
        self.all.append((number, value))
        if isinstance(value, Stream):
            kind = value.dictionary.get("Type")
            if kind == "ObjStm":
                self.read_object_stream(value)
            elif kind == "XRef":
                self.trailers.append(value.dictionary)

    def read_stream(self, dictionary, position):
        data = self.data
        position += 2 if data[position:position + 2] == b"\r\n" else 1
        length = dictionary.get("Length")
        if isinstance(length, int) and length >= 0:
            if re.match(rb"\s*endstream", data[position + length:position + length + 20]):
                return Stream(dictionary, data[position:position + length]), position + length
        end = data.find(b"endstream", position)
        end = len(data) if end < 0 else end
        return Stream(dictionary, data[position:end]), end

    def read_object_stream(self, stream):
        content, _ = self.decode(stream)
        first, count = stream.dictionary.get("First"), stream.dictionary.get("N")
        if not isinstance(first, int) or not isinstance(count, int):
            return
        header = Parser(content[:first])
        pairs = [(header.read(), header.read()) for _ in range(min(count, 1 << 20))]
        for number, offset in pairs:
            if isinstance(number, int) and isinstance(offset, int):
                try:
                    self.add(number, Parser(content, first + offset).read())
                except (ValueError, RecursionError):
                    continue

    def read_trailers(self):
        for match in re.finditer(rb"trailer", self.data):
            try:
                value = Parser(self.data, match.end()).read()
            except (ValueError, RecursionError):
                continue
            if isinstance(value, dict):
                self.trailers.append(value)

    def resolve(self, value):
        for _ in range(20):
            if not isinstance(value, Reference):
                return value
            value = self.objects.get(value[0])
        return None

    def decode(self, stream):
        """(bytes behind the filters that this walker knows, names of those that it does not)."""
        filters = self.resolve(stream.dictionary.get("Filter", stream.dictionary.get("F"))) or []
        filters = filters if isinstance(filters, list) else [filters]
        parameters = self.resolve(stream.dictionary.get("DecodeParms", stream.dictionary.get("DP")))
        parameters = parameters if isinstance(parameters, list) else [parameters]
        data = stream.raw
        for number, name in enumerate(filters):
            given = self.resolve(parameters[number]) if number < len(parameters) else None
            given = {k: self.resolve(v) for k, v in given.items()} if isinstance(given, dict) else {}
            decoded = undo_filter(self.resolve(name), data, given)
            if decoded is None:
                return data, [str(self.resolve(rest)) for rest in filters[number:]]
            data = decoded
        return data, []

    def author_named(self):
        """Numbers of the dictionaries whose keys are names that the author chose."""
        free = set()
        for _, value in self.all:
            for dictionary in dictionaries(value):
                for key, inner in dictionary.items():
                    if key in FREE_KEYS and isinstance(inner, Reference):
                        free.add(inner[0])
        return free

    def reachable(self):
        seen, waiting = set(), [t for t in self.trailers]
        while waiting:
            value = waiting.pop()
            if isinstance(value, Reference):
                if value[0] not in seen:
                    seen.add(value[0])
                    waiting.append(self.objects.get(value[0]))
            elif isinstance(value, dict):
                waiting.extend(value.values())
            elif isinstance(value, list):
                waiting.extend(value)
            elif isinstance(value, Stream):
                waiting.append(value.dictionary)
        return seen


def dictionaries(value, free=False):
    """Every dictionary in a value whose keys mean something; those with chosen names are left out."""
    if isinstance(value, Stream):
        value = value.dictionary
    if isinstance(value, dict):
        if not free:
            yield value
        for key, inner in value.items():
            yield from dictionaries(inner, not free and key in FREE_KEYS and key != "D")
    elif isinstance(value, list):
        for inner in value:
            yield from dictionaries(inner)


def check_dictionary(walk, place, document, dictionary):
    kind = document.resolve(dictionary.get("Type"))
    structure = kind in ("StructElem", "MCR", "OBJR") or "P" in dictionary and "K" in dictionary
    for key in dictionary:
        if key in KEYS and not (structure and key == "AF") and dictionary[key] is not None:
            walk.find(place, KEYS[key], f"/{key}")
    action = document.resolve(dictionary.get("S"))
    if not structure and isinstance(action, str) and action in ACTIONS and kind in (None, "Action"):
        walk.find(place, ACTIONS[action], f"/S /{action}")
    if action == "Named" and document.resolve(dictionary.get("N")) not in NAMED_ACTIONS:
        walk.find(place, "named_action", document.resolve(dictionary.get("N")))
    if action == "URI" and not structure:
        uri = document.resolve(dictionary.get("URI"))
        if not isinstance(uri, bytes) or not SAFE_URI.match(uri):
            walk.find(place, "unsafe_link", uri)
    subtype = document.resolve(dictionary.get("Subtype"))
    if isinstance(subtype, str) and subtype in SUBTYPES and ("Rect" in dictionary or subtype == "PS"):
        walk.find(place, SUBTYPES[subtype], f"/Subtype /{subtype}")
    if isinstance(kind, str) and kind in TYPES:
        walk.find(place, TYPES[kind], f"/Type /{kind}")


def check_stream(walk, place, document, stream):
    if "F" in stream.dictionary and "Filter" not in stream.dictionary or "FFilter" in stream.dictionary:
        if isinstance(document.resolve(stream.dictionary.get("F")), (bytes, dict)):
            walk.find(place, "external_stream")
    content, rest = document.decode(stream)
    if rest[:1] and rest[0] in ("DCTDecode", "DCT"):
        picture.visit_jpeg(walk, place, "", content, 0)
    if rest[:1] and rest[0] == "Crypt":
        walk.find(place, "encrypted", "/Crypt")
    if stream.dictionary.get("Type") == "Metadata" or content[:200].lstrip().startswith(b"<?xpacket"):
        walk.find(place, "metadata", "XMP")
    if stream.dictionary.get("Type") != "ObjStm":
        walk.piece(place, content)


def check_frame(walk, path, data):
    """Bytes outside the one body: another file, or an older revision."""
    start = data.find(b"%PDF-")
    if start > 0:
        walk.find(path, "polyglot_prefix", data[:16])
    ends = [match.end() for match in re.finditer(rb"%%EOF", data)]
    if len(ends) > 1:
        walk.find(path, "old_revision", f"{len(ends)} ends")
    if ends and data[ends[-1]:].strip(b"\r\n"):
        walk.find(path, "polyglot_tail", data[ends[-1]:ends[-1] + 24])


def check_info(walk, path, document):
    for trailer in document.trailers:
        info = document.resolve(trailer.get("Info"))
        if isinstance(info, dict) and INFO & {k for k, v in info.items() if v}:
            walk.find(path, "metadata", f"/Info {sorted(INFO & set(info))}")


def strings_of(value):
    """Every string in a value, as text."""
    if isinstance(value, bytes) and not isinstance(value, Keyword):
        yield value.decode("utf-16", "replace") if value[:2] in (b"\xfe\xff", b"\xff\xfe") \
            else value.decode("latin-1")
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings_of(inner)
    elif isinstance(value, Stream):
        yield from strings_of(value.dictionary)


def visit(walk, path, name, data, depth):
    document = Document(data)
    check_frame(walk, path, data)
    check_info(walk, path, document)
    reachable = document.reachable()
    for number, value in document.all:
        place = f"{path}#{number}" if path else f"#{number}"
        for dictionary in dictionaries(value, number in document.free):
            check_dictionary(walk, place, document, dictionary)
        if isinstance(value, Stream):
            check_stream(walk, place, document, value)
        plumbing = isinstance(value, Stream) and value.dictionary.get("Type") in ("ObjStm", "XRef")
        if number not in reachable and not plumbing:
            walk.find(place, "unreachable_object")
        walk.text(place, "\n".join(strings_of(value)))
    for trailer in document.trailers:
        if trailer.get("Encrypt") is not None:
            walk.find(path, "encrypted")
        if trailer.get("Prev") is not None:
            walk.find(path, "old_revision", "/Prev")
    if not document.objects:
        walk.find(path, "pdf_broken", "no object")
