/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "base/buffer.h"
#include "disarm/format/identify.h"
#include "disarm/format/identify_parts.h"
#include "disarm/format/name.h"
#include "disarm/format/refused.h"

static struct bytes view(const char *data, size_t length)
{
    return (struct bytes){(const uint8_t *)data, length};
}

#define VIEW(literal) view(literal, sizeof(literal) - 1)

/* A zip of stored members, given as name and content by turns. */
static void make_zip(struct buffer *zip, const char *const *members)
{
    AUTO_BUFFER directory = {0};
    size_t base = zip->length;
    uint16_t count = 0;
    for (; members[0]; members += 2, count++) {
        uint32_t size = (uint32_t)strlen(members[1]);
        uint16_t name = (uint16_t)strlen(members[0]);
        buffer_append(&directory, "PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
        buffer_append_u32le(&directory, size);
        buffer_append_u32le(&directory, size);
        buffer_append_u16le(&directory, name);
        buffer_append(&directory, "\0\0\0\0\0\0\0\0\0\0\0\0", 12);
        buffer_append_u32le(&directory, (uint32_t)(zip->length - base));
        buffer_append_string(&directory, members[0]);
        buffer_append(zip, "PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0", 18);
        buffer_append_u32le(zip, size);
        buffer_append_u32le(zip, size);
        buffer_append_u16le(zip, name);
        buffer_append_u16le(zip, 0);
        buffer_append_string(zip, members[0]);
        buffer_append_string(zip, members[1]);
    }
    uint32_t offset = (uint32_t)(zip->length - base);
    buffer_append_bytes(zip, buffer_bytes(&directory));
    buffer_append(zip, "PK\x05\x06\0\0\0\0", 8);
    buffer_append_u16le(zip, count);
    buffer_append_u16le(zip, count);
    buffer_append_u32le(zip, (uint32_t)directory.length);
    buffer_append_u32le(zip, offset);
    buffer_append_u16le(zip, 0);
}

static const char *kind_of_zip(const char *const *members)
{
    AUTO_BUFFER zip = {0};
    make_zip(&zip, members);
    return identify_zip(buffer_bytes(&zip));
}

static void signature_decides_at_its_place_only(void **state)
{
    (void)state;
    assert_string_equal(identify_signature(VIEW("%PDF-1.7\n")), "pdf");
    assert_string_equal(identify_signature(VIEW("MZ\x90")), "exe");
    assert_null(identify_signature(VIEW(" %PDF-1.7\n")));
    assert_null(identify_signature(VIEW("")));
}

static void bmp_needs_a_known_header_size(void **state)
{
    (void)state;
    assert_null(identify_signature(VIEW("BM is how this letter begins, really")));
    assert_string_equal(
        identify_signature(VIEW("BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x02\0\0\0")), "bmp");
}

static void zip_is_told_by_the_main_part_of_its_package(void **state)
{
    (void)state;
    const char *const docx[] = {
        "[Content_Types].xml",
        "<Types><Override PartName='/word/document.xml' ContentType='application/vnd."
        "openxmlformats-officedocument.wordprocessingml.document.main+xml'/></Types>",
        NULL};
    const char *const docm[] = {
        "a", "", "[content_types].xml",
        "<Types><Override ContentType='application/vnd.openxmlformats-officedocument."
        "wordprocessingml.document.main+xml'/><Override ContentType='application/vnd.ms-word."
        "document.macroEnabled.main+xml'/></Types>",
        NULL};
    const char *const odt[] = {"mimetype", "application/vnd.oasis.opendocument.text", NULL};
    const char *const jar[] = {"META-INF/MANIFEST.MF", "", "A.class", "", NULL};
    const char *const plain[] = {"名簿.txt", "abc", NULL};
    assert_string_equal(kind_of_zip(docx), "docx");
    assert_string_equal(kind_of_zip(docm), "docm");
    assert_string_equal(kind_of_zip(odt), "odt");
    assert_string_equal(kind_of_zip(jar), "jar");
    assert_string_equal(kind_of_zip(plain), "zip");
}

static void text_is_told_by_its_first_words(void **state)
{
    (void)state;
    assert_string_equal(identify_text(VIEW("\xEF\xBB\xBF \n<!DOCTYPE HTML>")), "html");
    assert_string_equal(identify_text(VIEW("\xFF\xFE<\0h\0t\0m\0l\0>\0")), "html");
    assert_string_equal(identify_text(VIEW("<?xml version='1.0'?><svg/>")), "svg");
    assert_string_equal(identify_text(VIEW("#!/bin/sh\n")), "script");
    assert_string_equal(identify_text(VIEW("From: a@example.jp\r\nSubject: x\r\n\r\nbody")), "eml");
    assert_string_equal(identify_text(VIEW("Note: a\nList: b\nhello")), "text");
    assert_string_equal(identify_text(VIEW("\x82\xA0\x82\xA2\r\n")), "text");
    assert_string_equal(identify_text(VIEW("\xFF\xFE"
                                           "a\0b\0")),
                        "text");
    assert_string_equal(identify_text(VIEW("m\0e\0m\0o\0:\0 \0o\0n\0e\0,\0 \0t\0w\0o\0")), "text");
    assert_null(identify_text(VIEW("\xFF\xFE\0\0\0\0")));
    assert_null(identify_text(VIEW("a\0b")));
    assert_null(identify_text(VIEW("\x01\x02\x03\x04")));
}

static void polyglot_zip_behind_a_picture_is_found(void **state)
{
    (void)state;
    const char *const members[] = {"a.txt", "abc", NULL};
    AUTO_BUFFER file = {0};
    buffer_append_string(&file, "GIF89a picture bytes ");
    assert_null(identify_polyglot(buffer_bytes(&file), "gif", true));
    make_zip(&file, members);
    assert_non_null(identify_polyglot(buffer_bytes(&file), "gif", true));
    assert_non_null(identify_polyglot(buffer_bytes(&file), "pdf", false));
}

static void polyglot_pdf_header_inside_a_picture_is_found(void **state)
{
    (void)state;
    struct bytes file = VIEW("\xFF\xD8\xFF\xFE comment %PDF-1.4 more");
    assert_non_null(identify_polyglot(file, "jpeg", true));
    assert_non_null(identify_polyglot(VIEW("GIF89a <SCRIPT>"), "gif", true));
    assert_non_null(identify_polyglot(VIEW("<html>%PDF-1.4"), "pdf", false));
    assert_non_null(identify_polyglot(VIEW("MZ\x90%PDF-1.4"), "pdf", false));
    assert_null(identify_polyglot(VIEW("\r\n%PDF-1.4 1 0 obj"), "pdf", false));
}

static void polyglot_check_lets_honest_containers_pass(void **state)
{
    (void)state;
    const char *const members[] = {"letter.pdf", "%PDF-1.4 stored", NULL};
    AUTO_BUFFER zip = {0}, pdf = {0};
    make_zip(&zip, members);
    assert_null(identify_polyglot(buffer_bytes(&zip), "zip", false));
    buffer_append_string(&pdf, "%PDF-1.7\n1 0 obj stream\n");
    make_zip(&pdf, members);
    buffer_append_string(&pdf, "\nendstream endobj\nxref\ntrailer\n%%EOF\n");
    assert_null(identify_polyglot(buffer_bytes(&pdf), "pdf", false));
}

static void name_claims_what_windows_would_open(void **state)
{
    (void)state;
    assert_string_equal(name_claims("report.pdf.exe")->name, "exe");
    assert_string_equal(name_claims("report.EXE. .")->name, "exe");
    assert_string_equal(name_claims("dir.txt/run.js")->name, "script");
    assert_null(name_claims("dir.exe/README"));
    assert_null(name_claims("no extension"));
    assert_null(name_claims(NULL));
}

static void output_name_follows_what_was_made(void **state)
{
    (void)state;
    struct format made = {.name = "docx", .extensions = "docx"};
    static const char *const cases[][2] = {
        {"報告.docx", "報告.docx"},  {"a/報告.doc", "a/報告.docx"},
        {"メモ.v2", "メモ.v2.docx"}, {"x\u202Excod.js", "x_xcod.docx"},
        {"", "file.docx"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_BUFFER name = {0};
        name_append_output(&name, cases[i][0], &made);
        assert_string_equal(buffer_string(&name), cases[i][1]);
    }
}

static void disguise_is_told_from_a_wrong_name(void **state)
{
    (void)state;
    const struct format *claimed;
    assert_int_equal(identify_compare(refused_find("exe"), "letter.doc", NULL, &claimed),
                     IDENTIFY_DISGUISE);
    assert_string_equal(claimed->name, "doc");
    assert_int_equal(identify_compare(refused_find("doc"), "run.exe", NULL, &claimed),
                     IDENTIFY_DIFFERS);
    assert_int_equal(identify_compare(refused_find("doc"), "letter.DOC", NULL, &claimed),
                     IDENTIFY_AGREES);
    assert_int_equal(identify_compare(refused_find("doc"), "letter", NULL, &claimed),
                     IDENTIFY_AGREES);
}

static void note_that_begins_like_a_mail_is_a_note_by_its_name(void **state)
{
    (void)state;
    static const char note[] = "From: a\nTo: b\nSubject: c\n\nhello\n";
    const struct format *format;
    assert_int_equal(identify_content(VIEW(note), "memo.txt", &format, NULL), 0);
    assert_string_equal(format->name, "text");
    assert_int_equal(identify_content(VIEW(note), NULL, &format, NULL), 0);
    assert_string_equal(format->name, "eml");
}

static void no_format_is_both_offered_and_refused(void **state)
{
    (void)state;
    size_t count;
    const struct format *refused = refused_all(&count);
    for (size_t i = 0; i < count; i++) {
        assert_null(format_find(refused[i].name));
        assert_null(refused[i].output);
    }
}

static void unknown_and_empty_files_are_refused(void **state)
{
    (void)state;
    const struct format *format;
    struct error error = {0};
    assert_int_equal(identify_content(VIEW(""), "a.docx", &format, &error), -1);
    assert_string_equal(error.code, "empty_file");
    assert_int_equal(identify_content(VIEW("\x01\x02\x03\x04"), "a.bin", &format, &error), -1);
    assert_string_equal(error.code, "format_unknown");
    assert_int_equal(identify_content(VIEW("\x01\x02\x03\x04"), "図面.xdw", &format, &error), 0);
    assert_string_equal(format->name, "xdw");
    assert_int_equal(identify_refuse(format, "", &error), -1);
    assert_string_equal(error.code, "format_not_supported");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signature_decides_at_its_place_only),
        cmocka_unit_test(bmp_needs_a_known_header_size),
        cmocka_unit_test(zip_is_told_by_the_main_part_of_its_package),
        cmocka_unit_test(text_is_told_by_its_first_words),
        cmocka_unit_test(polyglot_zip_behind_a_picture_is_found),
        cmocka_unit_test(polyglot_pdf_header_inside_a_picture_is_found),
        cmocka_unit_test(polyglot_check_lets_honest_containers_pass),
        cmocka_unit_test(name_claims_what_windows_would_open),
        cmocka_unit_test(output_name_follows_what_was_made),
        cmocka_unit_test(disguise_is_told_from_a_wrong_name),
        cmocka_unit_test(note_that_begins_like_a_mail_is_a_note_by_its_name),
        cmocka_unit_test(no_format_is_both_offered_and_refused),
        cmocka_unit_test(unknown_and_empty_files_are_refused),
    };
    return cmocka_run_group_tests_name("identify", tests, NULL, NULL);
}
