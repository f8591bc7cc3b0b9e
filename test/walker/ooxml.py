# SPDX-License-Identifier: GPL-3.0-or-later
"""Office packages (ECMA-376): parts, content types, relationships, fields, formulas, actions."""

import posixpath
import re
import xml.etree.ElementTree

from .walk import visit

# Part names and content types of things that run, fetch, carry or identify.
PART_CONSTRUCTS = [
    (r"vbaproject|vbadata", "vba"),
    (r"macrosheets?|macrosheet\+xml|intlmacrosheet", "xlm"),
    (r"macroenabled", "macro_type"),
    (r"activex", "activex"),
    (r"oleobject", "ole"),
    (r"externallink", "external_link"),
    (r"/connections|connections\+xml", "connections"),
    (r"querytable", "query_table"),
    (r"customui|userCustomization".lower(), "custom_ui"),
    (r"obfuscatedfont|/fonts/|\.odttf|\.fntdata", "embedded_font"),
    (r"printersettings", "printer_settings"),
    (r"customxml|customxmlproperties", "custom_xml"),
    (r"webextension|taskpanes", "web_extension"),
    (r"attachedtoolbars|keymapcustomizations|attachedtoolbar", "toolbars"),
    (r"volatiledependencies", "rtd"),
    (r"xmlmaps", "xml_maps"),
    (r"_xmlsignatures|digital-signature", "signature"),
    (r"\.(?:eps|ps|emz|wmz|pict|pct)$", "metafile"),
    (r"/ink/", "ink"),
]
FIELDS = re.compile(r"^\s*\\?\s*(DDEAUTO|DDE|LINK|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|DATABASE|RD|EMBED"
                    r"|MACROBUTTON|AUTOTEXT|AUTOTEXTLIST|CONTROL|HTMLCONTROL|PRINT|DATA)\b", re.I)
FORMULA = re.compile(r"\b(WEBSERVICE|FILTERXML|RTD|CALL|REGISTER(?:\.ID)?|EXEC|SQL\.REQUEST|DDEINIT"
                     r"|IMAGE|HALT|FOPEN|RUN)\s*\(", re.I)
EXTERNAL_FORMULA = re.compile(r"\[[^\]]+\.xl\w*\]|\[[1-9]\d*\]|'[a-z]:\\|\|\s*'|\\\\[\w.-]+\\|\w\|'?[^'|]+'?!", re.I)
SAFE_LINK = re.compile(r"^\s*(https?://|mailto:|#)", re.I)
BAD_VALUE = re.compile(r"^\s*(javascript|vbscript|file|data|ms-\w+|search-ms|jar|shell|about|mhtml):|^\\\\", re.I)
ELEMENTS = {
    "altChunk": "alt_chunk", "attachedTemplate": "attached_template", "subDoc": "sub_document",
    "control": "activex", "OLEObject": "ole", "oleObj": "ole", "oleObject": "ole",
    "oleObjects": "ole", "objectEmbed": "ole", "objectLink": "ole", "ddeLink": "dde",
    "oleLink": "ole", "controls": "activex", "embedRegular": "embedded_font",
    "embedBold": "embedded_font", "embedItalic": "embedded_font",
    "embedBoldItalic": "embedded_font", "embeddedFont": "embedded_font",
    "mailMerge": "mail_merge", "frameset": "frameset", "saveThroughXslt": "xslt",
    "externalReferences": "external_link", "webPublishItem": "web_publish", "dataBinding": "custom_xml",
    "contentPart": "ink", "ocx": "activex", "script": "script", "cmd": "command_behaviour",
    "attachedSchema": "attached_schema", "smartTagPr": "smart_tag", "docVar": "document_variable"}
AUTO_NAMES = re.compile(r"^(_xlnm\.)?(auto_?(open|close|activate|deactivate))", re.I)
METADATA = {"creator", "lastModifiedBy", "Company", "Manager", "created", "modified", "lastPrinted",
            "description", "keywords", "title", "subject", "category", "Template", "HyperlinkBase"}


def local(tag):
    return tag.rsplit("}", 1)[-1]


def namespace(tag):
    return tag[1:].split("}")[0] if tag.startswith("{") else ""


def check_part_name(walk, place, subject):
    for pattern, construct in PART_CONSTRUCTS:
        if re.search(pattern, subject.lower()):
            walk.find(place, construct, subject)


def check_relationships(walk, place, part, root, parts):
    folder = posixpath.dirname(posixpath.dirname(part))
    for relation in root:
        target, kind = relation.get("Target", ""), relation.get("Type", "").rsplit("/", 1)[-1]
        if relation.get("TargetMode") == "External":
            if kind != "hyperlink":
                walk.find(place, "external_relationship", f"{kind} {target}")
                if kind == "attachedTemplate":
                    walk.find(place, "attached_template", target)
            elif not SAFE_LINK.match(target):
                walk.find(place, "unsafe_link", target)
            continue
        check_part_name(walk, place, kind)
        if kind in ("aFChunk", "attachedTemplate", "subDocument", "frame"):
            walk.find(place, {"aFChunk": "alt_chunk"}.get(kind, "external_relationship"), target)
        path = posixpath.normpath(posixpath.join("/", folder, target.split("#")[0])).lstrip("/")
        if path and path not in parts and not target.startswith("#"):
            walk.find(place, "dangling_relationship", f"{kind} {target}")


def check_attributes(walk, place, element):
    name = local(element.tag)
    for key, value in element.attrib.items():
        if BAD_VALUE.match(value) and local(key) not in ("val", "t", "text", "name", "v"):
            walk.find(place, "unsafe_link", f"{name} {local(key)}={value[:80]}")
        if local(key) == "action" and value.startswith("ppaction://"):
            if re.match(r"ppaction://(macro|program|ole|hlinkfile|hlinkpres\?|customshow.*file)", value):
                walk.find(place, "action", value)
        if local(key) in ("relhref", "href") and re.match(r"(https?|ftp):", value) and "office:office" in key:
            walk.find(place, "external_relationship", value)
        if local(key) == "src" and re.match(r"(https?|ftp|file):|\\\\", value):
            walk.find(place, "external_relationship", value)
        if local(key) in ("macro", "onAction", "onLoad", "fmlaMacro", "entryMacro", "exitMacro") and value:
            walk.find(place, "macro_reference", f"{name} {local(key)}={value}")


def check_element(walk, place, element):
    name, space = local(element.tag), namespace(element.tag)
    # A worksheet's <control> may be a plain form control; an ActiveX one has its own part.
    form_control = name in ("control", "controls") and "spreadsheetml" in space
    if name in ELEMENTS and not form_control:
        walk.find(place, ELEMENTS[name], f"<{name}>")
    text = element.text or ""
    if name in ("fldSimple",):
        check_field(walk, place, next((v for k, v in element.attrib.items() if local(k) == "instr"), ""))
    if name in ("f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula",
                "totalsRowFormula", "cfRule", "FmlaMacro", "FmlaLink", "oldFormula"):
        if FORMULA.search(text):
            walk.find(place, "active_formula", text[:100])
        if EXTERNAL_FORMULA.search(re.sub(r'"[^"]*"', "", text)):
            walk.find(place, "external_formula", text[:100])
        if name == "definedName" and AUTO_NAMES.match(element.get("name", "")):
            walk.find(place, "auto_name", element.get("name"))
        if re.search(r'HYPERLINK\s*\(\s*"\s*(?!https?:|mailto:|#)[^"]*(:|\\\\)', text, re.I):
            walk.find(place, "unsafe_link", text[:100])
    if name == "FmlaMacro":
        walk.find(place, "macro_reference", text)
    if name in METADATA and text.strip() and ("docProps" in place or "core-properties" in space):
        walk.find(place, "metadata", f"{name}={text.strip()[:40]}")


def check_field(walk, place, instruction):
    if match := FIELDS.match(instruction):
        kind = match[1].upper()
        walk.find(place, "dde" if kind.startswith("DDE") else "field", instruction.strip()[:100])
    link = re.match(r'\s*HYPERLINK\s+"?([^"\s]+)', instruction, re.I)
    if link and not link[1].startswith("\\") and not SAFE_LINK.match(link[1]):
        walk.find(place, "unsafe_link", instruction.strip()[:100])


def check_fields(walk, place, root):
    """Field instructions are split over runs: joined from `begin` to `separate` or `end`."""
    stack = []
    for element in root.iter():
        name = local(element.tag)
        if name == "fldChar":
            kind = next((v for k, v in element.attrib.items() if local(k) == "fldCharType"), "")
            if kind == "begin":
                stack.append([])
            elif kind in ("separate", "end") and stack and stack[-1] is not None:
                check_field(walk, place, "".join(stack[-1]))
                stack[-1] = None
            if kind == "end" and stack:
                stack.pop()
        elif name in ("instrText", "delInstrText"):
            if stack and stack[-1] is not None:
                stack[-1].append(element.text or "")
            else:
                check_field(walk, place, element.text or "")
    for rest in stack:
        check_field(walk, place, "".join(rest or []))


def parse(walk, place, content):
    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", content.replace(b"\0", b"")):
        walk.find(place, "doctype")
    for target in re.findall(rb"<\?([\w-]+)", content.replace(b"\0", b"")):
        if target != b"xml":
            walk.find(place, "processing_instruction", target)
    try:
        return xml.etree.ElementTree.fromstring(content)
    except (xml.etree.ElementTree.ParseError, ValueError, LookupError) as error:
        walk.find(place, "xml_broken", error)
        return None


def visible_text(root):
    """All text, and once more with paragraphs apart, so that split runs read as one."""
    words = []
    for element in root.iter():
        if local(element.tag) in ("p", "row", "si", "c", "tr"):
            words.append("\n")
        words.append(element.text or "")
        words.append((element.tail or "").strip("\r\n"))
    return "".join(words)


def visit_xml(walk, place, part, content, parts):
    root = parse(walk, place, content)
    if root is None:
        return
    walk.text(place, visible_text(root))
    if part.endswith(".rels"):
        check_relationships(walk, place, part, root, parts)
        return
    if part == "[Content_Types].xml":
        for entry in root:
            check_part_name(walk, place, entry.get("ContentType", ""))
            if entry.get("PartName") and entry.get("PartName").lstrip("/") not in parts:
                walk.find(place, "dangling_content_type", entry.get("PartName"))
        return
    for element in root.iter():
        check_element(walk, place, element)
        check_attributes(walk, place, element)
    check_fields(walk, place, root)


def looks_like_xml(part, content):
    head = content[:200].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")
    return part.lower().endswith((".xml", ".rels", ".vml", ".xhtml")) or head.startswith(b"<")


def visit_package(walk, path, parts, depth):
    for part, content in parts.items():
        place = posixpath.join(path, part)
        walk.piece(place, content)
        if part.endswith("/"):
            continue
        check_part_name(walk, place, f"/{part}")
        if looks_like_xml(part, content):
            visit_xml(walk, place, part, content, parts)
        else:
            visit(walk, place, part, content, depth + 1)


def visit_loose_xml(walk, path, name, data, depth):
    """An XML file that stands in no package."""
    visit_xml(walk, path, name, data, {})
