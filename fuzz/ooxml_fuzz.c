/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Office documents: what the module makes passes the second reader and does not change when it is
 * disarmed again; its text is text. An input is a whole package, a compound file, or, since fuzzers
 * cannot pack, one letter that says which part of a package the rest of the input is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disarm/format/format.h"
#include "disarm/format/ooxml_formula.h"
#include "disarm/format/zip_write.h"
#include "disarm/verify/ooxml_content.h"
#include "disarm/verify/ooxml_unseal.h"
#include "disarm/verify/verify.h"
#include "fuzz.h"

#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define TYPE   "application/vnd.openxmlformats-officedocument."
#define RELATIONS                                                                                  \
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"

/* A package in which one part is left for the input. */
struct frame {
    char letter;
    const char *format;
    const char *main, *main_type;
    const char *body; /* of the main part; NULL: the input */
    const char *part, *part_type, *relationship;
    bool relations; /* the input is the relationships of the main part */
};

static const struct frame frames[] = {
    {'w', "docx", "word/document.xml", "wordprocessingml.document.main+xml", NULL,
     "word/styles.xml", "wordprocessingml.styles+xml", "styles", false},
    {'r', "docx", "word/document.xml", "wordprocessingml.document.main+xml",
     "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"/>",
     "word/styles.xml", "wordprocessingml.styles+xml", "styles", true},
    {'x', "xlsx", "xl/workbook.xml", "spreadsheetml.sheet.main+xml",
     "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" "
     "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>"
     "<sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
     "xl/worksheets/sheet1.xml", "spreadsheetml.worksheet+xml", "worksheet", false},
    {'b', "xlsx", "xl/workbook.xml", "spreadsheetml.sheet.main+xml", NULL,
     "xl/worksheets/sheet1.xml", "spreadsheetml.worksheet+xml", "worksheet", false},
    {'p', "pptx", "ppt/presentation.xml", "presentationml.presentation.main+xml",
     "<p:presentation xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\" "
     "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">"
     "<p:sldIdLst><p:sldId id=\"256\" r:id=\"rId1\"/></p:sldIdLst></p:presentation>",
     "ppt/slides/slide1.xml", "presentationml.slide+xml", "slide", false},
};

static void add(struct zip_writer *zip, const char *name, struct bytes data)
{
    zip_writer_add(zip, bytes_of_string(name), data, ZIP_NO_TIME, ZIP_NO_DATE);
}

static void make_package(const struct frame *frame, struct bytes input, struct buffer *out)
{
    AUTO_BUFFER types = {0}, relations = {0};
    struct zip_writer zip;
    zip_writer_open(&zip, out, 1);
    buffer_append_format(&types,
                         "<Types><Default Extension=\"png\" ContentType=\"image/png\"/><Override "
                         "PartName=\"/%s\" ContentType=\"" TYPE "%s\"/><Override PartName=\"/%s\" "
                         "ContentType=\"" TYPE "%s\"/></Types>",
                         frame->main, frame->main_type, frame->part, frame->part_type);
    add(&zip, "[Content_Types].xml", buffer_bytes(&types));
    buffer_append_format(&relations,
                         RELATIONS "<Relationship Id=\"rId1\" Type=\"" OFFICE
                                   "officeDocument\" Target=\"%s\"/></Relationships>",
                         frame->main);
    add(&zip, "_rels/.rels", buffer_bytes(&relations));
    buffer_clear(&relations);
    buffer_append_format(&relations,
                         RELATIONS "<Relationship Id=\"rId1\" Type=\"" OFFICE
                                   "%s\" Target=\"/%s\"/><Relationship Id=\"rId2\" Type=\"" OFFICE
                                   "hyperlink\" Target=\"http://a.example/\" "
                                   "TargetMode=\"External\"/></Relationships>",
                         frame->relationship, frame->part);
    const char *slash = strchr(frame->main, '/');
    AUTO_BUFFER name = {0};
    buffer_append_format(&name, "%.*s/_rels/%s.rels", (int)(slash - frame->main), frame->main,
                         slash + 1);
    add(&zip, buffer_string(&name), frame->relations ? input : buffer_bytes(&relations));
    add(&zip, frame->main, frame->body ? bytes_of_string(frame->body) : input);
    add(&zip, frame->part, frame->body && !frame->relations ? input : bytes_of_string("<x/>"));
    zip_writer_finish(&zip);
}

/* One treatment; the format of what came out, or NULL. */
static const struct format *treat(const char *name, bool text, struct bytes in, struct buffer *out)
{
    struct disarm_options options = disarm_default_options;
    options.limits.unpacked_bytes = 64 << 20;
    options.password = "x";
    struct receipt receipt = {.row_limit = 100};
    struct job_usage usage = {0};
    const struct format *format = format_find(name);
    struct job job = {.options = &options,
                      .receipt = &receipt,
                      .usage = &usage,
                      .path = "",
                      .format = format,
                      .output_format = format_find(text ? "text" : format->output)};
    int failed = (text ? format->text : format->rebuild)(&job, in, out, NULL);
    receipt_clear(&receipt);
    return failed ? NULL : job.output_format;
}

static void finding(const char *what, const struct error *error)
{
    fprintf(stderr, "%s: %s, %s, %s\n", what, error->code ? error->code : "", error->where,
            error->detail);
    abort();
}

static void check(const char *name, struct bytes in)
{
    struct error error = {0};
    AUTO_BUFFER once = {0}, twice = {0}, text = {0};
    struct verify_job verify = {.limits = &disarm_default_limits};
    const struct format *made = treat(name, false, in, &once);
    if (made) {
        if (made->verify(&verify, buffer_bytes(&once), &error))
            finding("not verified", &error);
        if (!treat(made->name, false, buffer_bytes(&once), &twice) ||
            !bytes_equal(buffer_bytes(&once), buffer_bytes(&twice)))
            finding("changed by a second pass", &error);
    }
    made = treat(name, true, in, &text);
    if (made && made->verify(&verify, buffer_bytes(&text), &error))
        finding("text not verified", &error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = {data, size};
    if (bytes_start_with(in, "PK"))
        check("docx", in);
    if (bytes_start_with(in, "\xD0\xCF")) {
        AUTO_BUFFER package = {0};
        check("ooxml_encrypted", in);
        unseal_package(in, "x", &package);
    }
    struct bytes rest = bytes_slice(in, 1, size);
    if (bytes_start_with(in, "f") && ooxml_formula_safe(rest, NULL) &&
        !content_formula_stays(rest, (struct bytes){0}))
        abort();
    for (size_t i = 0; size && i < sizeof frames / sizeof *frames; i++) {
        if (data[0] != (uint8_t)frames[i].letter)
            continue;
        AUTO_BUFFER package = {0};
        make_package(&frames[i], rest, &package);
        check(frames[i].format, buffer_bytes(&package));
    }
    return 0;
}
