/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the options ask for stays: metadata and comments, or neither. */
#include "test.h"

#include "disarm/format/format.h"
#include "disarm/format/zip_read.h"
#include "disarm/format/zip_write.h"
#include "disarm/verify/verify.h"

#define OFFICE  "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/"
#define TYPE    "application/vnd.openxmlformats-officedocument.wordprocessingml."
#define WORD    " xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""

static const char *const members[][2] = {
    {"[Content_Types].xml",
     "<Types xmlns=\"" PACKAGE "content-types\"><Override PartName=\"/word/document.xml\" "
     "ContentType=\"" TYPE "document.main+xml\"/><Override PartName=\"/word/comments.xml\" "
     "ContentType=\"" TYPE "comments+xml\"/><Override PartName=\"/docProps/core.xml\" "
     "ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/></Types>"},
    {"_rels/.rels",
     "<Relationships xmlns=\"" PACKAGE "relationships\"><Relationship Id=\"a\" Type=\"" PACKAGE
     "relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/><Relationship "
     "Id=\"b\" Type=\"" OFFICE "officeDocument\" Target=\"word/document.xml\"/></Relationships>"},
    {"word/document.xml",
     "<w:document" WORD "><w:body><w:p><w:commentRangeStart w:id=\"0\"/><w:r><w:t>text</w:t></w:r>"
     "<w:commentRangeEnd w:id=\"0\"/><w:r><w:commentReference w:id=\"0\"/></w:r></w:p></w:body>"
     "</w:document>"},
    {"word/_rels/document.xml.rels",
     "<Relationships xmlns=\"" PACKAGE "relationships\"><Relationship Id=\"c\" Type=\"" OFFICE
     "comments\" Target=\"comments.xml\"/></Relationships>"},
    {"word/comments.xml", "<w:comments" WORD "><w:comment w:id=\"0\" w:author=\"x\"><w:p><w:r>"
                          "<w:t>remark</w:t></w:r></w:p></w:comment></w:comments>"},
    {"docProps/core.xml",
     "<cp:coreProperties xmlns:cp=\"" PACKAGE "metadata/core-properties\" "
     "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" "
     "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:creator>author</dc:creator>"
     "<dcterms:created xsi:type=\"dcterms:W3CDTF\">2024-04-01T00:00:00Z</dcterms:created>"
     "<evil>x</evil></cp:coreProperties>"},
};

/* Rebuilds and verifies the document above and appends all its parts to text. */
static void rebuild(bool metadata, bool comments, struct buffer *text)
{
    AUTO_BUFFER in = {0}, out = {0};
    struct zip_writer zip;
    zip_writer_open(&zip, &in, 6);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        zip_writer_add(&zip, bytes_of_string(members[i][0]), bytes_of_string(members[i][1]),
                       ZIP_NO_TIME, ZIP_NO_DATE);
    zip_writer_finish(&zip);
    struct disarm_options options = disarm_default_options;
    options.keep_metadata = metadata;
    options.keep_comments = comments;
    struct receipt receipt = {0};
    struct job_usage usage = {0};
    const struct format *docx = format_find("docx");
    struct job job = {.options = &options,
                      .receipt = &receipt,
                      .usage = &usage,
                      .path = "",
                      .format = docx,
                      .output_format = docx};
    struct error error = {0};
    if (docx->rebuild(&job, buffer_bytes(&in), &out, &error))
        fail_msg("%s %s", error.code, error.detail);
    struct verify_job verify = {.limits = &options.limits};
    if (docx->verify(&verify, buffer_bytes(&out), &error))
        fail_msg("%s %s %s", error.code, error.where, error.detail);
    struct zip_archive archive;
    assert_int_equal(zip_open(&archive, buffer_bytes(&out), 100, NULL), 0);
    for (size_t i = 0; i < archive.count; i++)
        assert_int_equal(zip_unpack(&archive.members[i], 1 << 20, text, NULL), 0);
    zip_close(&archive);
    receipt_clear(&receipt);
}

static bool has(const struct buffer *text, const char *needle)
{
    return bytes_find(buffer_bytes(text), 0, needle) != SIZE_MAX;
}

static void ooxml_keeps_metadata_only_when_asked(void **state)
{
    (void)state;
    AUTO_BUFFER with = {0}, without = {0};
    rebuild(true, true, &with);
    rebuild(false, true, &without);
    assert_true(has(&with, "<dc:creator>author</dc:creator>"));
    assert_true(has(&with, "2024-04-01T00:00:00Z"));
    assert_false(has(&with, "evil"));
    assert_false(has(&without, "author<"));
    assert_false(has(&without, "core-properties"));
}

static void ooxml_drops_comments_and_their_marks_when_asked(void **state)
{
    (void)state;
    AUTO_BUFFER with = {0}, without = {0};
    rebuild(false, true, &with);
    rebuild(false, false, &without);
    assert_true(has(&with, "remark"));
    assert_true(has(&with, "commentReference"));
    assert_false(has(&without, "remark"));
    assert_false(has(&without, "comment"));
    assert_true(has(&without, "text"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ooxml_keeps_metadata_only_when_asked),
        cmocka_unit_test(ooxml_drops_comments_and_their_marks_when_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
