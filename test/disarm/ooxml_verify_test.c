/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The second reader lets a plain document pass and refuses each thing that must not be in one. */
#include "test.h"

#include "disarm/format/zip_write.h"
#include "disarm/verify/ooxml.h"
#include "disarm/verify/ooxml_content.h"
#include "disarm/verify/verify.h"

#define DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define OFFICE      "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define RELS                                                                                       \
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"

struct document {
    const char *types;         /* further overrides */
    const char *package_rels;  /* further package relationships */
    const char *relationships; /* of the main part */
    const char *declarations;  /* on the root */
    const char *body;
    const char *part_name; /* one further part */
    const char *part;
};

static void add(struct zip_writer *zip, const char *name, const char *before, const char *between,
                const char *after)
{
    AUTO_BUFFER data = {0};
    buffer_append_string(&data, before);
    buffer_append_string(&data, between ? between : "");
    buffer_append_string(&data, after);
    zip_writer_add(zip, bytes_of_string(name), buffer_bytes(&data), ZIP_NO_TIME, ZIP_NO_DATE);
}

static void make(const struct document *document, struct buffer *out)
{
    struct zip_writer zip;
    zip_writer_open(&zip, out, 6);
    add(&zip, "[Content_Types].xml",
        DECLARATION
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default "
        "Extension=\"rels\" "
        "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override "
        "PartName=\"/word/document.xml\" "
        "ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document."
        "main+xml\"/>",
        document->types, "</Types>");
    add(&zip, "_rels/.rels",
        DECLARATION RELS "<Relationship Id=\"rId1\" Type=\"" OFFICE
                         "officeDocument\" Target=\"word/document.xml\"/>",
        document->package_rels, "</Relationships>");
    AUTO_BUFFER start = {0};
    buffer_append_format(&start,
                         DECLARATION
                         "<w:document xmlns:w=\"http://schemas.openxmlformats.org/"
                         "wordprocessingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats."
                         "org/officeDocument/2006/relationships\"%s><w:body>",
                         document->declarations ? document->declarations : "");
    add(&zip, "word/document.xml", buffer_string(&start), document->body, "</w:body></w:document>");
    if (document->relationships)
        add(&zip, "word/_rels/document.xml.rels", DECLARATION RELS, document->relationships,
            "</Relationships>");
    if (document->part_name)
        add(&zip, document->part_name, document->part, NULL, "");
    zip_writer_finish(&zip);
}

static int verify_bytes(struct bytes file, struct error *error)
{
    struct verify_job job = {.limits = &disarm_default_limits};
    return verify_docx(&job, file, error);
}

static void expect(const struct document *document, bool passes)
{
    AUTO_BUFFER file = {0};
    struct error error = {0};
    make(document, &file);
    if ((verify_bytes(buffer_bytes(&file), &error) == 0) != passes)
        fail_msg("%s: %s", document->body ? document->body : "?", error.detail);
}

static void verify_docx_lets_a_plain_document_pass(void **state)
{
    (void)state;
    expect(&(struct document){.body = "<w:p><w:r><w:t xml:space=\"preserve\">a &amp; b</w:t></w:r>"
                                      "</w:p><w:p/>"},
           true);
    expect(&(struct document){.relationships = "<Relationship Id=\"rId1\" Type=\"" OFFICE
                                               "hyperlink\" Target=\"https://example.org/\" "
                                               "TargetMode=\"External\"/>",
                              .body = "<w:p><w:hyperlink r:id=\"rId1\"><w:r/></w:hyperlink></w:p>"},
           true);
    expect(&(struct document){.body = "<w:p><w:fldSimple w:instr=\"HYPERLINK \\o &quot;data: ms-x"
                                      "&quot; &quot;https://a.example/ms-x&quot; \\h\"/></w:p>"},
           true);
    expect(&(struct document){.body = "<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r>"
                                      "<w:instrText>PAGE</w:instrText></w:r><w:r><w:fldChar "
                                      "w:fldCharType=\"end\"/></w:r></w:p>"},
           true);
}

static void verify_docx_refuses_markup_that_is_not_ours(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "<w:p><w:t>a & b</w:t></w:p>",
        "<w:p><w:t>&nbsp;</w:t></w:p>",
        "<w:p><!-- x --></w:p>",
        "<w:p><?x y?></w:p>",
        "<w:p><![CDATA[x]]></w:p>",
        "<w:p>",
        "<w:p></w:r>",
        "<w:p a='1'/>",
        "<w:p w:a=\"1\" w:a=\"2\"/>",
        "<w:p><w:t>\xff</w:t></w:p>",
        "<v:shape/>",
        "<w:p xmlns:v=\"urn:schemas-microsoft-com:vml\"/>",
        "<w:p>>",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        expect(&(struct document){.body = bodies[i]}, false);
    expect(&(struct document){.declarations = " xmlns:x1=\"http://example.org/\""}, false);
    expect(&(struct document){.declarations = " xmlns:w14=\"urn:schemas-microsoft-com:vml\""},
           false);
}

static void verify_docx_refuses_active_elements_and_fields(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "<w:altChunk/>",
        "<w:p><w:r><w:object/></w:r></w:p>",
        "<w:p><w:subDoc/></w:p>",
        "<w:p><w:hyperlink r:id=\"rId9\"/></w:p>",
        "<w:p><w:fldSimple w:instr=\"DDEAUTO c:\"/></w:p>",
        "<w:p><w:fldSimple w:instr=\" includepicture x\"/></w:p>",
        "<w:p><w:fldSimple w:instr=\"HYPERLINK &quot;file:///x&quot;\"/></w:p>",
        "<w:p><w:fldSimple w:instr=\"HYPERLINK \\o &quot;a&quot; file:///x\"/></w:p>",
        ("<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/><w:instrText>DD</w:instrText>"
         "<w:instrText>EAUTO x</w:instrText><w:fldChar w:fldCharType=\"end\"/></w:r></w:p>"),
        "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>",
        "<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r></w:p>",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        expect(&(struct document){.body = bodies[i]}, false);
}

static void verify_docx_refuses_relationships_that_reach_out(void **state)
{
    (void)state;
    static const char *const lists[] = {
        "<Relationship Id=\"a\" Type=\"" OFFICE
        "attachedTemplate\" Target=\"http://example.org/x.dotm\" TargetMode=\"External\"/>",
        "<Relationship Id=\"a\" Type=\"" OFFICE
        "hyperlink\" Target=\"file:///x\" TargetMode=\"External\"/>",
        "<Relationship Id=\"a\" Type=\"" OFFICE
        "image\" Target=\"http://example.org/x.png\" TargetMode=\"External\"/>",
        "<Relationship Id=\"a\" Type=\"" OFFICE "hyperlink\" Target=\"document.xml\"/>",
        "<Relationship Id=\"a\" Type=\"" OFFICE "styles\" Target=\"missing.xml\"/>",
        "<Relationship Id=\"a\" Type=\"" OFFICE "styles\" Target=\"document.xml\"/>",
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        expect(&(struct document){.relationships = lists[i], .body = lists[i] + 13}, false);
}

static void verify_docx_refuses_parts_that_are_not_listed(void **state)
{
    (void)state;
    expect(&(struct document){.body = "<w:p/>", .part_name = "word/vbaProject.bin", .part = "x"},
           false);
    expect(&(struct document){.types = "<Override PartName=\"/word/vbaProject.bin\" "
                                       "ContentType=\"application/vnd.ms-office.vbaProject\"/>",
                              .relationships =
                                  "<Relationship Id=\"a\" "
                                  "Type=\"http://schemas.microsoft.com/office/2006/relationships/"
                                  "vbaProject\" Target=\"vbaProject.bin\"/>",
                              .part_name = "word/vbaProject.bin",
                              .part = "x"},
           false);
    expect(&(struct document){.types =
                                  "<Override PartName=\"/word/styles.xml\" "
                                  "ContentType=\"application/vnd.openxmlformats-officedocument."
                                  "wordprocessingml.styles+xml\"/>",
                              .part_name = "word/styles.xml",
                              .part = DECLARATION
                              "<w:styles xmlns:w=\"http://schemas.openxmlformats.org/"
                              "wordprocessingml/2006/main\"/>"},
           false); /* nothing leads there */
}

static void verify_docx_refuses_any_byte_too_much_or_changed_headers(void **state)
{
    (void)state;
    AUTO_BUFFER file = {0};
    make(&(struct document){.body = "<w:p/>"}, &file);
    assert_int_equal(verify_bytes(buffer_bytes(&file), NULL), 0);
    for (size_t length = 0; length < file.length; length++)
        assert_int_equal(verify_bytes((struct bytes){file.data, length}, NULL), -1);
    size_t directory = bytes_find(buffer_bytes(&file), 0, "PK\1\2");
    for (size_t at = 0; at < 30; at++) { /* the first local header */
        file.data[at] ^= 1;
        assert_int_equal(verify_bytes(buffer_bytes(&file), NULL), -1);
        file.data[at] ^= 1;
    }
    for (size_t at = directory; at < file.length; at++) {
        file.data[at] ^= 1;
        assert_int_equal(verify_bytes(buffer_bytes(&file), NULL), -1);
        file.data[at] ^= 1;
    }
    buffer_append_byte(&file, 0);
    assert_int_equal(verify_bytes(buffer_bytes(&file), NULL), -1);
}

static void verify_formula_stays_inside_the_workbook(void **state)
{
    (void)state;
    static const char *const good[] = {"SUM(A1)",
                                       "'a b'!A1",
                                       "Table1[[#All],[x]]",
                                       "\"a|b\"",
                                       "[0]!x",
                                       "'A|B'!A1",
                                       "[@x]*2",
                                       "T[a|b]",
                                       "T[[it''s],['\"x]]",
                                       "HYPERLINK(\"https://a.example/ms-x\",\"file: x\")",
                                       "HYPERLINK( \"#Sheet!A1\")"};
    static const char *const bad[] = {"cmd|'x'!A0",    "[1]S!A1",
                                      "'[1]S'!A1",     "WEBSERVICE(A1)",
                                      "call (1)",      "_xlfn.IMAGE(1)",
                                      "B!F(1)",        "'c|x'!A0",
                                      "_xll.f(1)",     "HYPERLINK(\"file:x\")",
                                      "HYPERLINK(A1)", "hyperlink(\"\\\\x\")"};
    struct bytes workbook = bytes_of_string("<sheet name=\"A|B\"/>");
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(content_formula_stays(bytes_of_string(good[i]), workbook));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (content_formula_stays(bytes_of_string(bad[i]), workbook))
            fail_msg("%s", bad[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verify_docx_lets_a_plain_document_pass),
        cmocka_unit_test(verify_docx_refuses_markup_that_is_not_ours),
        cmocka_unit_test(verify_docx_refuses_active_elements_and_fields),
        cmocka_unit_test(verify_docx_refuses_relationships_that_reach_out),
        cmocka_unit_test(verify_docx_refuses_parts_that_are_not_listed),
        cmocka_unit_test(verify_docx_refuses_any_byte_too_much_or_changed_headers),
        cmocka_unit_test(verify_formula_stays_inside_the_workbook),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
