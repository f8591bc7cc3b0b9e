# SPDX-License-Identifier: GPL-3.0-or-later
"""Building blocks of Office packages for the samples: parts, relationships, content types."""

import io
import struct
import zipfile
import zlib

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
MICROSOFT = "http://schemas.microsoft.com/office/"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
TYPE = "application/vnd.openxmlformats-officedocument."
NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "xdr": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
}
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def xml(root, body, default=None, attributes=""):
    """A part: the root element with the namespaces of which it uses the prefixes."""
    used = "".join(f' xmlns:{p}="{u}"' for p, u in NAMESPACES.items()
                   if f"{p}:" in body or root.startswith(p + ":") or f"{p}:" in attributes or f'"{p}"' in body)
    used += f' xmlns="{default}"' if default else ""
    return f"{DECLARATION}<{root}{used}{attributes}>{body}</{root}>"


def relationships(rows):
    """rows: (id, type, target[, mode]); a type without ':' is one of officeDocument."""
    body = ""
    for number, kind, target, *mode in rows:
        kind = kind if ":" in kind else OFFICE + kind
        body += f'<Relationship Id="{number}" Type="{kind}" Target="{target}"'
        body += f' TargetMode="{mode[0]}"/>' if mode else "/>"
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}relationships">{body}</Relationships>'


class Package:
    """Parts by name, with their content types and relationships, written as a ZIP file."""

    def __init__(self, main, content_type, data):
        self.parts = {}
        self.types = {}
        self.relations = {"": [("rId1", "officeDocument", main)]}
        self.defaults = {"png": "image/png", "vml": TYPE + "vmlDrawing", "bin": "application/octet-stream"}
        self.main = main
        self.add(main, content_type, data)

    def add(self, name, content_type, data, source=None, kind=None, number=None):
        """Adds a part and, given kind, a relationship from source (the main part) to it."""
        self.parts[name] = data.encode() if isinstance(data, str) else data
        if content_type:
            self.types[name] = content_type if "/" in content_type else TYPE + content_type
        if kind:
            self.relate(kind, "/" + name, source, number)

    def relate(self, kind, target, source=None, number=None, mode=None):
        rows = self.relations.setdefault(source or self.main, [])
        row = (number or f"rId{len(rows) + 500}", kind, target)
        rows.append(row + ((mode,) if mode else ()))

    def members(self):
        overrides = "".join(f'<Override PartName="/{n}" ContentType="{t}"/>' for n, t in self.types.items())
        defaults = "".join(f'<Default Extension="{e}" ContentType="{t}"/>' for e, t in self.defaults.items())
        yield "[Content_Types].xml", (
            f'{DECLARATION}<Types xmlns="{PACKAGE}content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            f'ContentType="application/xml"/>{defaults}{overrides}</Types>').encode()
        for source, rows in self.relations.items():
            folder, _, base = source.rpartition("/")
            name = f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels"
            yield name, relationships(rows).encode()
        yield from self.parts.items()

    def bytes(self):
        return zip_bytes(self.members())


def zip_bytes(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def png(width=8, height=8):
    """A small red picture."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\xc8\x10\x2e" * width) * height
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def picture_run(number, name="図1"):
    """A run with an inline picture."""
    return (f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="900000" cy="900000"/>'
            f'<wp:docPr id="1" name="{name}"/><a:graphic><a:graphicData uri="{NAMESPACES["pic"]}"><pic:pic><pic:nvPicPr>'
            f'<pic:cNvPr id="0" name="{name}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{number}"/>'
            f'<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
            f'<a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
            f'</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>')


def run(text):
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs):
    return "<w:p>" + "".join(r if r.startswith("<") else run(r) for r in runs) + "</w:p>"


def document(*blocks, content_type="wordprocessingml.document.main+xml"):
    """A Word package with these blocks in its body."""
    section = ('<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1440" w:bottom="1440" '
               'w:left="1440" w:header="720" w:footer="720" w:gutter="0"/></w:sectPr>')
    body = "".join(b if b.startswith("<") else paragraph(b) for b in blocks)
    return Package("word/document.xml", content_type, xml("w:document", f"<w:body>{body}{section}</w:body>"))


def cell(place, value, formula=None, attributes=""):
    """A cell: a number, or a text as an inline string or, with a formula, as its value."""
    if formula is not None:
        kind = "" if isinstance(value, (int, float)) else ' t="str"'
        return f'<c r="{place}"{kind}><f{attributes}>{formula}</f><v>{value}</v></c>'
    if isinstance(value, (int, float)):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


def rows(*lists):
    return "<sheetData>" + "".join(f'<row r="{i}">{"".join(cells)}</row>' for i, cells in enumerate(lists, 1)) + "</sheetData>"


def workbook(*sheets, extra="", content_type="spreadsheetml.sheet.main+xml", before=""):
    """An Excel package; a sheet is (name, body of its worksheet)."""
    listed = "".join(f'<sheet name="{name}" sheetId="{i}" r:id="rId{i}"/>' for i, (name, _) in enumerate(sheets, 1))
    package = Package("xl/workbook.xml", content_type,
                      xml("workbook", f"{before}<sheets>{listed}</sheets>{extra}", SHEET))
    for i, (_, body) in enumerate(sheets, 1):
        package.add(f"xl/worksheets/sheet{i}.xml", "spreadsheetml.worksheet+xml", xml("worksheet", body, SHEET),
                    kind="worksheet", number=f"rId{i}")
    package.add("xl/styles.xml", "spreadsheetml.styles+xml", xml("styleSheet", (
        '<fonts count="1"><font><sz val="11"/><name val="游ゴシック"/></font></fonts><fills count="2"><fill><patternFill '
        'patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border>'
        '<left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" '
        'fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" '
        'xfId="0"/></cellXfs><cellStyles count="1"><cellStyle name="標準" xfId="0" builtinId="0"/></cellStyles>'), SHEET),
        kind="styles")
    return package


def text_shape(number, text, properties=""):
    lines = "".join(f'<a:p><a:r>{properties}<a:t>{line}</a:t></a:r></a:p>' for line in text.split("\n"))
    return (f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="文字 {number}"/><p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr>'
            f'<a:xfrm><a:off x="600000" y="{number * 600000}"/><a:ext cx="7000000" cy="500000"/></a:xfrm>'
            f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody><a:bodyPr/><a:lstStyle/>{lines}</p:txBody></p:sp>')


TREE = '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
COLOURS = ("dk1", "lt1", "dk2", "lt2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6", "hlink", "folHlink")
FILLS = "".join('<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>' for _ in range(3))
LINES = "".join(f'<a:ln w="{w}"><a:solidFill><a:schemeClr val="phClr"/></a:solidFill></a:ln>' for w in (6350, 12700, 19050))
THEME = xml("a:theme", (
    '<a:themeElements><a:clrScheme name="色">' + "".join(f'<a:{c}><a:srgbClr val="{"FFFFFF" if c.startswith("lt") else "203040"}"/></a:{c}>' for c in COLOURS)
    + '</a:clrScheme><a:fontScheme name="書体"><a:majorFont><a:latin typeface="Arial"/><a:ea typeface=""/><a:cs typeface=""/></a:majorFont>'
    '<a:minorFont><a:latin typeface="Arial"/><a:ea typeface=""/><a:cs typeface=""/></a:minorFont></a:fontScheme>'
    f'<a:fmtScheme name="様式"><a:fillStyleLst>{FILLS}</a:fillStyleLst><a:lnStyleLst>{LINES}</a:lnStyleLst><a:effectStyleLst>'
    + "<a:effectStyle><a:effectLst/></a:effectStyle>" * 3 + f"</a:effectStyleLst><a:bgFillStyleLst>{FILLS}</a:bgFillStyleLst></a:fmtScheme>"
    "</a:themeElements>"), attributes=' name="みほん"')
MAP = ('<p:clrMap bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2" accent3="accent3" accent4="accent4" '
       'accent5="accent5" accent6="accent6" hlink="hlink" folHlink="folHlink"/>')


def slideshow(*slides, content_type="presentationml.presentation.main+xml"):
    """A PowerPoint package; a slide is the shapes in its tree and what comes behind cSld."""
    listed = "".join(f'<p:sldId id="{255 + i}" r:id="rId{i}"/>' for i in range(1, len(slides) + 1))
    package = Package("ppt/presentation.xml", content_type, xml("p:presentation", (
        f'<p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="rId90"/></p:sldMasterIdLst><p:sldIdLst>{listed}</p:sldIdLst>'
        '<p:sldSz cx="9144000" cy="6858000"/><p:notesSz cx="6858000" cy="9144000"/>')))
    master, layout = "ppt/slideMasters/slideMaster1.xml", "ppt/slideLayouts/slideLayout1.xml"
    package.add(master, "presentationml.slideMaster+xml", xml("p:sldMaster", (
        f'<p:cSld><p:spTree>{TREE}</p:spTree></p:cSld>{MAP}<p:sldLayoutIdLst><p:sldLayoutId id="2147483649" r:id="rId1"/>'
        "</p:sldLayoutIdLst>")), kind="slideMaster", number="rId90")
    package.add(layout, "presentationml.slideLayout+xml", xml("p:sldLayout", (
        f"<p:cSld><p:spTree>{TREE}</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr>")),
        master, "slideLayout", "rId1")
    package.relate("slideMaster", "/" + master, layout)
    package.add("ppt/theme/theme1.xml", "theme+xml", THEME, master, "theme")
    for i, (shapes, behind) in enumerate(slides, 1):
        name = f"ppt/slides/slide{i}.xml"
        package.add(name, "presentationml.slide+xml", xml("p:sld", (
            f"<p:cSld><p:spTree>{TREE}{shapes}</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr>{behind}")),
            kind="slide", number=f"rId{i}")
        package.relate("slideLayout", "/" + layout, name)
    return package
