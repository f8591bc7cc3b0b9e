# SPDX-License-Identifier: GPL-3.0-or-later
"""PDF samples: one for each hostile construct, and honest ones with everything that must survive."""

import hashlib
import zlib

from sample import Sample

SECRET = b"SEKISHO-HOSTILE-MARK"
SCRIPT = b"app.alert('" + SECRET + b"')"
CITY = "みほん市 情報政策課"


def stream(data, keys=b"", compress=True):
    if compress:
        data, keys = zlib.compress(data), keys + b"/Filter/FlateDecode"
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (keys, len(data), data)


def shown(text, size=14, x=72, y=700):
    """Operators that show a text in the Japanese font."""
    return b"BT/F1 %d Tf %d %d Td<%s>Tj ET\n" % (size, x, y, text.encode("cp932").hex().encode())


class Document:
    """Objects by number. 1 catalogue, 2 page tree, 3 page, 4 content, 5 and 6 font; more are added."""

    def __init__(self, text=CITY, content=b""):
        self.catalog, self.page, self.trailer = b"", b"", b""
        self.resources = b"/Font<</F1 5 0 R>>"
        self.more = []
        self.content = shown(text) + content

    def add(self, body):
        """A new object; its number."""
        self.more.append(body)
        return 6 + len(self.more)

    def bodies(self):
        return [
            b"<</Type/Catalog/Pages 2 0 R%s>>" % self.catalog,
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<%s>>%s>>"
            % (self.resources, self.page),
            stream(self.content),
            b"<</Type/Font/Subtype/Type0/BaseFont/Mincho/Encoding/90ms-RKSJ-H/DescendantFonts[6 0 R]>>",
            b"<</Type/Font/Subtype/CIDFontType0/BaseFont/Mincho/CIDSystemInfo<</Registry(Adobe)"
            b"/Ordering(Japan1)/Supplement 2>>/DW 1000/FontDescriptor<</Type/FontDescriptor"
            b"/FontName/Mincho/Flags 6/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 800"
            b"/Descent -200/CapHeight 700/StemV 80>>>>",
            *self.more]

    def build(self, encrypt=lambda number, body: body):
        out, offsets = bytearray(b"%PDF-1.7\n%\xe3\x81\xbf\n"), []
        for number, body in enumerate(self.bodies(), 1):
            offsets.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, encrypt(number, body))
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1)
        out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
        out += b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
            len(offsets) + 1, self.trailer, start)
        return bytes(out)


def action(body):
    """A document with a link on its page that does the action."""
    document = Document()
    document.page = b"/Annots[<</Type/Annot/Subtype/Link/Rect[72 690 300 720]/A<<%s>>>>]" % body
    return document.build()


def annotation(body):
    document = Document()
    document.page = b"/Annots[<</Type/Annot/Rect[72 600 300 650]%s>>]" % body
    return document.build()


def catalog(body):
    document = Document()
    document.catalog = body
    return document.build()


def page(body):
    document = Document()
    document.page = body
    return document.build()


def embedded_file(where):
    document = Document()
    file = document.add(stream(SECRET * 3, b"/Type/EmbeddedFile", compress=False))
    specification = document.add(b"<</Type/Filespec/F(a.exe)/UF(a.exe)/EF<</F %d 0 R>>>>" % file)
    if where == "names":
        document.catalog = b"/Names<</EmbeddedFiles<</Names[(a.exe)%d 0 R]>>>>" % specification
    elif where == "associated":
        document.catalog = b"/AF[%d 0 R]" % specification
    elif where == "portfolio":
        document.catalog = (b"/Collection<</View/D/D(a.exe)>>/Names<</EmbeddedFiles<</Names"
                            b"[(a.exe)%d 0 R]>>>>" % specification)
    else:
        document.page = (b"/Annots[<</Type/Annot/Subtype/FileAttachment/Rect[9 9 30 30]/FS %d 0 R>>]"
                         % specification)
    return document.build()


def form(field, extra=b""):
    document = Document()
    widget = document.add(b"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(1)/Rect[72 500 300 520]"
                          b"/DA(/F1 12 Tf 0 g)" + field + b">>")
    document.page = b"/Annots[%d 0 R]" % widget
    document.catalog = b"/AcroForm<</Fields[%d 0 R]/DA(/F1 12 Tf)/DR<</Font<</F1 5 0 R>>>>%s>>" % (
        widget, extra)
    return document.build()


def outline_script():
    document = Document()
    item = 8
    document.add(b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count 1>>" % (item, item))
    document.add(b"<</Title(x)/Parent 7 0 R/A<</S/JavaScript/JS(%s)>>>>" % SCRIPT)
    document.catalog = b"/Outlines 7 0 R"
    return document.build()


def old_revision():
    """The content was replaced by an incremental update; the old one still stands in the bytes."""
    document = Document()
    document.content = shown("旧版") + b"% " + SECRET + b"\n"
    first = document.build().replace(stream(document.content), stream(document.content, compress=False))
    offset = len(first)
    body = b"4 0 obj\n%s\nendobj\n" % stream(shown(CITY))
    start = first.rindex(b"startxref\n") + 10
    previous = int(first[start:first.index(b"\n", start)])
    table = offset + len(body)
    return first + body + (
        b"xref\n4 1\n%010d 00000 n \ntrailer\n<</Size 7/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
        % (offset, previous, table))


def postscript_xobject():
    document = Document(content=b"/X0 Do\n")
    number = document.add(stream(b"(%s) print" % SECRET, b"/Type/XObject/Subtype/PS", compress=False))
    document.resources += b"/XObject<</X0 %d 0 R>>" % number
    return document.build()


def external_stream():
    document = Document(content=b"/X0 Do\n")
    number = document.add(b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/F<</Type/Filespec/F(\\\\\\\\host\\\\%s)>>"
                          b"/Length 0>>stream\n\nendstream" % SECRET)
    document.resources += b"/XObject<</X0 %d 0 R>>" % number
    return document.build()


def rich_media():
    document = Document()
    file = document.add(stream(SECRET, b"/Type/EmbeddedFile", compress=False))
    document.page = (b"/Annots[<</Type/Annot/Subtype/RichMedia/Rect[9 9 99 99]/RichMediaContent<<"
                     b"/Assets<</Names[(a.swf)<</Type/Filespec/F(a.swf)/EF<</F %d 0 R>>>>]>>>>>>]" % file)
    return document.build()


def three_d():
    document = Document()
    model = document.add(stream(SECRET, b"/Type/3D/Subtype/U3D", compress=False))
    document.page = b"/Annots[<</Type/Annot/Subtype/3D/Rect[9 9 99 99]/3DD %d 0 R>>]" % model
    return document.build()


def media(kind):
    document = Document()
    data = document.add(stream(SECRET, b"/Type/Sound/R 8000", compress=False))
    if kind == "sound":
        document.page = b"/Annots[<</Type/Annot/Subtype/Sound/Rect[9 9 30 30]/Sound %d 0 R>>]" % data
    elif kind == "movie":
        document.page = b"/Annots[<</Type/Annot/Subtype/Movie/Rect[9 9 30 30]/Movie<</F(%s)>>>>]" % SECRET
    else:
        document.page = (b"/Annots[<</Type/Annot/Subtype/Screen/Rect[9 9 30 30]/A<</S/Rendition/OP 0"
                         b"/JS(%s)/R<</Type/Rendition/S/MR>>>>>>]" % SCRIPT)
    return document.build()


def metadata():
    document = Document()
    xmp = document.add(stream(b"<x:xmpmeta>%s</x:xmpmeta>" % SECRET, b"/Type/Metadata/Subtype/XML",
                              compress=False))
    info = document.add(b"<</Author(%s)/Producer(x)>>" % SECRET)
    document.catalog, document.trailer = b"/Metadata %d 0 R" % xmp, b"/Info %d 0 R" % info
    return document.build()


def private_data():
    return page(b"/PieceInfo<</Maker<</LastModified(D:2024)/Private(%s)>>>>" % SECRET)


def bad_operators():
    document = Document(content=b"BX (%s) hostile EX\n(%s) run\n" % (SECRET, SECRET))
    return document.build()


def bad_type4():
    document = Document(content=b"/C cs 1 scn 72 400 50 50 re f\n")
    number = document.add(stream(b"{ (%s) run }" % SECRET, b"/FunctionType 4/Domain[0 1]/Range[0 1 0 1 0 1]",
                                 compress=False))
    document.resources += b"/ColorSpace<</C[/Separation/Spot/DeviceRGB %d 0 R]>>" % number
    return document.build()


PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def rc4(key, data):
    state, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) & 255
        state[i], state[j] = state[j], state[i]
    i = j = 0
    for byte in data:
        i = (i + 1) & 255
        j = (j + state[i]) & 255
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) & 255])
    return bytes(out)


def encrypted(password):
    """RC4 with 40 bits (ISO 32000-1, 7.6): old, but every reader opens it."""
    padded = (password.encode() + PADDING)[:32]
    owner = rc4(hashlib.md5(padded).digest()[:5], padded)
    identifier, rights = bytes(range(16)), (-4).to_bytes(4, "little", signed=True)
    key = hashlib.md5(padded + owner + rights + identifier).digest()[:5]

    def encrypt(number, body):
        start = body.find(b"stream\n")
        if start < 0:
            return body
        own = hashlib.md5(key + number.to_bytes(3, "little") + b"\0\0").digest()[:10]
        end = body.rindex(b"\nendstream")
        return body[:start + 7] + rc4(own, body[start + 7:end]) + body[end:]

    document = Document()
    document.trailer = (b"/ID[<%s><%s>]/Encrypt<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -4>>" % (
        identifier.hex().encode(), identifier.hex().encode(), owner.hex().encode(),
        rc4(key, PADDING).hex().encode()))
    # The strings of the font's CIDSystemInfo are not encrypted by this writer: names do as well.
    document_bodies = document.bodies
    document.bodies = lambda: [
        body.replace(b"(Adobe)", b"<%s>" % rc4(own_key(key, number), b"Adobe").hex().encode())
        .replace(b"(Japan1)", b"<%s>" % rc4(own_key(key, number), b"Japan1").hex().encode())
        for number, body in enumerate(document_bodies(), 1)]
    return document.build(encrypt)


def own_key(key, number):
    return hashlib.md5(key + number.to_bytes(3, "little") + b"\0\0").digest()[:10]


def honest_rich():
    """Bookmarks, labels, tags, layers, a link, a form, a picture, an inline picture, an annotation."""
    document = Document(content=b"/Span<</MCID 0>>BDC\n" + shown("住民票の写しの交付について", 12, 72, 650) +
                        b"EMC\nq 50 0 0 50 72 560 cm /I0 Do Q\n"
                        b"q 20 0 0 20 150 560 cm BI/W 2/H 2/BPC 8/CS/G/F/AHx ID 00FF FF00> EI Q\n"
                        b"/OC/L0 BDC\n" + shown("内部資料", 12, 72, 540) + b"EMC\n")
    picture = document.add(stream(bytes(range(192)) * 4, b"/Type/XObject/Subtype/Image/Width 16/Height 16"
                                  b"/BitsPerComponent 8/ColorSpace/DeviceRGB"))
    layer = document.add(b"<</Type/OCG/Name(layer)>>")
    outlines = document.add(b"<</Type/Outlines/First 10 0 R/Last 10 0 R/Count 1>>")
    title = "表紙".encode("utf-16-be").hex().encode()
    document.add(b"<</Title<FEFF%s>/Parent %d 0 R/Dest[3 0 R/XYZ 0 842 0]>>" % (title, outlines))
    tree = document.add(b"<</Type/StructTreeRoot/K 12 0 R/ParentTree<</Nums[0[12 0 R]]>>>>")
    document.add(b"<</Type/StructElem/S/P/P %d 0 R/Pg 3 0 R/K 0/ActualText<FEFF%s>>>" % (tree, title))
    widget = document.add(b"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V<FEFF%s>/Rect[72 480 300 500]"
                          b"/DA(/F1 12 Tf 0 g)>>" % "入力済み".encode("utf-16-be").hex().encode())
    document.resources += b"/XObject<</I0 %d 0 R>>/Properties<</L0 %d 0 R>>" % (picture, layer)
    document.page = (b"/StructParents 0/Annots[<</Type/Annot/Subtype/Link/Rect[72 690 300 720]/A<<"
                     b"/S/URI/URI(https://www.example.jp/)>>>><</Type/Annot/Subtype/Text/Rect[9 9 30 30]"
                     b"/Contents(note)>>%d 0 R]" % widget)
    document.catalog = (b"/Lang(ja)/MarkInfo<</Marked true>>/PageLabels<</Nums[0<</S/D/P(p-)>>]>>"
                        b"/Outlines %d 0 R/StructTreeRoot %d 0 R/OCProperties<</OCGs[%d 0 R]/D<</ON[%d 0 R]"
                        b">>>>/AcroForm<</Fields[%d 0 R]/DR<</Font<</F1 5 0 R>>>>>>"
                        b"/Names<</Dests<</Names[(top)[3 0 R/Fit]]>>>>" %
                        (outlines, tree, layer, layer, widget))
    return document.build()


def honest_cmap():
    """An embedded CMap and ToUnicode map for the Japanese font."""
    document = Document("")
    cmap = document.add(stream(
        b"/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CMapName/Own def/CMapType 1 def\n"
        b"1 begincodespacerange<00><FF>endcodespacerange\n2 begincidchar<41>843<42>844 endcidchar\n"
        b"endcmap end end", b"/Type/CMap/CMapName/Own/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)"
        b"/Supplement 2>>"))
    unicode_map = document.add(stream(
        b"/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CMapName/U def/CMapType 2 def\n"
        b"1 begincodespacerange<00><FF>endcodespacerange\n2 beginbfchar<41><7533><42><8ACB>endbfchar\n"
        b"endcmap end end"))
    font = document.add(b"<</Type/Font/Subtype/Type0/BaseFont/Mincho/Encoding %d 0 R/ToUnicode %d 0 R"
                        b"/DescendantFonts[6 0 R]>>" % (cmap, unicode_map))
    document.resources = b"/Font<</F2 %d 0 R>>" % font
    document.content = b"BT/F2 20 Tf 72 700 Td(AB)Tj ET\n"
    return document.build()


def hostile(name, data, construct, **more):
    return Sample(f"hostile-{name}.pdf", data, construct, gone=(SECRET,), stays=(CITY,), **more)


def samples():
    script = b"/S/JavaScript/JS(%s)" % SCRIPT
    return [
        Sample("honest-text.pdf", Document().build(), stays=(CITY,)),
        Sample("honest-rich.pdf", honest_rich(), stays=(CITY, "住民票の写しの交付について", "内部資料")),
        Sample("honest-cmap.pdf", honest_cmap(), stays=("申請",)),
        Sample("honest-flatten.pdf", Document().build(), stays=(CITY,), treatment="flatten"),
        Sample("honest-to-text.pdf", Document().build(), stays=(CITY,), treatment="text"),
        Sample("honest-password.pdf", encrypted("himitsu"), "encrypted", stays=(CITY,), password="himitsu"),
        Sample("password-missing.pdf", encrypted("himitsu"), "encrypted", refused="password_needed"),
        hostile("javascript-names", catalog(b"/Names<</JavaScript<</Names[(a)<<%s>>]>>>>" % script),
                "pdf_javascript"),
        hostile("javascript-open", catalog(b"/OpenAction<<%s>>" % script), "pdf_javascript"),
        hostile("javascript-outline", outline_script(), "pdf_javascript"),
        hostile("javascript-page", page(b"/AA<</O<<%s>>>>" % script), "pdf_javascript"),
        hostile("javascript-field", form(b"/AA<</K<<%s>>>>" % script), "pdf_javascript"),
        hostile("javascript-link", action(script), "pdf_javascript"),
        hostile("javascript-next", action(b"/S/Named/N/NextPage/Next<<%s>>" % script), "pdf_javascript"),
        hostile("javascript-hidden-name", action(b"/S/#4AavaScript/#4AS(%s)" % SCRIPT), "pdf_javascript"),
        hostile("launch", action(b"/S/Launch/F(%s)/Win<</F(cmd.exe)/P(%s)>>" % (SECRET, SECRET)), "pdf_launch"),
        hostile("goto-remote", action(b"/S/GoToR/F(%s)/D[0/Fit]" % SECRET), "pdf_goto_remote"),
        hostile("goto-embedded", action(b"/S/GoToE/F(%s)/D[0/Fit]" % SECRET), "pdf_goto_embedded"),
        hostile("submit-form", action(b"/S/SubmitForm/F(http://x.example/%s)" % SECRET), "pdf_submit_form"),
        hostile("import-data", action(b"/S/ImportData/F(%s)" % SECRET), "pdf_import_data"),
        hostile("named-action", action(b"/S/Named/N/%s" % SECRET), "pdf_named_action"),
        hostile("file-link", action(b"/S/URI/URI(file:///%s)" % SECRET), "pdf_link"),
        hostile("script-link", action(b"/S/URI/URI(javascript:%s)" % SECRET), "pdf_link"),
        hostile("xfa", form(b"", b"/XFA(<xdp>%s</xdp>)" % SECRET), "pdf_xfa"),
        hostile("embedded-names", embedded_file("names"), "pdf_embedded_file"),
        hostile("embedded-associated", embedded_file("associated"), "pdf_embedded_file"),
        hostile("embedded-attachment", embedded_file("attachment"), "pdf_embedded_file"),
        hostile("portfolio", embedded_file("portfolio"), "pdf_portfolio"),
        hostile("rich-media", rich_media(), "pdf_rich_media"),
        hostile("three-d", three_d(), "pdf_3d"),
        hostile("sound", media("sound"), "pdf_sound"),
        hostile("movie", media("movie"), "pdf_movie"),
        hostile("rendition", media("rendition"), "pdf_rendition"),
        hostile("postscript", postscript_xobject(), "pdf_postscript"),
        hostile("external-stream", external_stream(), "pdf_external"),
        hostile("private-data", private_data(), "pdf_private_data"),
        hostile("old-revision", old_revision(), "pdf_old_revision"),
        hostile("trailing-bytes", Document().build() + b"\n" + SECRET * 20, "pdf_outside_bytes"),
        Sample("honest-metadata.pdf", metadata(), gone=(SECRET,), stays=(CITY,)),
        Sample("honest-odd-operators.pdf", bad_operators(), gone=(SECRET,), stays=(CITY,)),
        Sample("honest-odd-function.pdf", bad_type4(), gone=(SECRET,), stays=(CITY,)),
        Sample("broken.pdf", b"%PDF-1.7\n" + b"\x00garbage" * 40, refused="bad_pdf"),
    ]
