/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Office documents that are closed again with their password, and what the second reader says. */
#include "test.h"
#include "treat.h"

#include "base/memory.h"
#include "disarm/format/cfb.h"
#include "disarm/format/cfb_write.h"
#include "disarm/format/ooxml_seal.h"
#include "disarm/format/zip_write.h"
#include "disarm/verify/compound.h"
#include "disarm/verify/ooxml_unseal.h"

#define OFFICE  "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/"

static const char *const members[][2] = {
    {"[Content_Types].xml",
     "<Types xmlns=\"" PACKAGE "content-types\"><Override PartName=\"/word/document.xml\" "
     "ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main"
     "+xml\"/></Types>"},
    {"_rels/.rels", "<Relationships xmlns=\"" PACKAGE "relationships\"><Relationship Id=\"a\" "
                    "Type=\"" OFFICE "officeDocument\" Target=\"word/document.xml\"/>"
                    "</Relationships>"},
    {"word/document.xml",
     "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>"
     "<w:p><w:r><w:t>みほん市</w:t></w:r></w:p></w:body></w:document>"},
};

static void make_package(struct buffer *out)
{
    struct zip_writer zip;
    zip_writer_open(&zip, out, 6);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        zip_writer_add(&zip, bytes_of_string(members[i][0]), bytes_of_string(members[i][1]),
                       ZIP_NO_TIME, ZIP_NO_DATE);
    zip_writer_finish(&zip);
}

static void make_closed(struct buffer *out, const char *password)
{
    AUTO_BUFFER package = {0};
    make_package(&package);
    assert_int_equal(ooxml_seal(buffer_bytes(&package), password, out, NULL), 0);
}

/* A package of bytes that nobody but the cipher looks at. */
static void make_noise(struct buffer *out, size_t length)
{
    for (size_t i = 0; i < length; i++)
        buffer_append_byte(out, (uint8_t)(i * 7 + i / 251));
}

static struct treated open_treated(const char *password, bool again)
{
    struct treated treated = treated_open(DISARM_REBUILD);
    treated.options.password = password;
    treated.options.encrypt_again = again;
    return treated;
}

static void closed_document_is_closed_again_where_asked(void **state)
{
    (void)state;
    AUTO_BUFFER in = {0};
    make_closed(&in, "秘密𠮷");
    struct treated plain = open_treated("秘密𠮷", false), again = open_treated("秘密𠮷", true);
    assert_int_equal(treat_once(&plain, "ooxml_encrypted", buffer_bytes(&in)), 0);
    assert_true(treated_says(&plain, "encryption", "ooxml_opened"));
    assert_true(bytes_start_with(buffer_bytes(&plain.out), "PK"));
    assert_int_equal(treat_once(&again, "ooxml_encrypted", buffer_bytes(&in)), 0);
    assert_true(treated_says(&again, "encryption", "ooxml_encrypted_again"));
    assert_string_equal(again.made->name, "docx");
    assert_true(compound_begins(buffer_bytes(&again.out)));
    assert_int_equal(bytes_find(buffer_bytes(&again.out), 0, "word/document.xml"), SIZE_MAX);
    struct treated opened = open_treated("秘密𠮷", false);
    assert_int_equal(treat_once(&opened, "ooxml_encrypted", buffer_bytes(&again.out)), 0);
    assert_true(bytes_equal(buffer_bytes(&opened.out), buffer_bytes(&plain.out)));
    treated_close(&opened);
    treated_close(&again);
    treated_close(&plain);
}

static void closed_document_needs_its_password(void **state)
{
    (void)state;
    AUTO_BUFFER in = {0};
    make_closed(&in, "pass");
    struct treated treated = open_treated("Pass", true);
    assert_int_equal(treat_once(&treated, "ooxml_encrypted", buffer_bytes(&in)), -1);
    assert_string_equal(treated.error.code, "password_wrong");
    struct treated again = open_treated("pass", true);
    assert_int_equal(treat_once(&again, "ooxml_encrypted", buffer_bytes(&in)), 0);
    struct verify_job job = {.limits = &disarm_default_limits};
    const struct format *docx = format_find("docx");
    const char *const passwords[] = {NULL, "Pass", "pass"};
    for (size_t i = 0; i < 3; i++) {
        struct error error = {0};
        job.password = passwords[i];
        assert_int_equal(docx->verify(&job, buffer_bytes(&again.out), &error), i == 2 ? 0 : -1);
    }
    treated_close(&again);
    treated_close(&treated);
}

/* Nothing was secret, so there is nothing to close again. */
static void document_with_the_default_password_stays_open(void **state)
{
    (void)state;
    AUTO_BUFFER in = {0};
    make_closed(&in, "VelvetSweatshop");
    struct treated treated = open_treated("pass", true);
    assert_int_equal(treat_once(&treated, "ooxml_encrypted", buffer_bytes(&in)), 0);
    assert_true(treated_says(&treated, "encryption", "ooxml_opened_by_default"));
    assert_true(bytes_start_with(buffer_bytes(&treated.out), "PK"));
    treated_close(&treated);
}

static void altered_document_is_refused(void **state)
{
    (void)state;
    AUTO_BUFFER package = {0}, in = {0}, opened = {0};
    make_noise(&package, 10000);
    assert_int_equal(ooxml_seal(buffer_bytes(&package), "pass", &in, NULL), 0);
    assert_true(unseal_package(buffer_bytes(&in), "pass", &opened));
    assert_true(bytes_equal(buffer_bytes(&opened), buffer_bytes(&package)));
    in.data[in.length - 1000] ^= 1; /* in the closed package */
    struct treated treated = open_treated("pass", false);
    assert_int_equal(treat_once(&treated, "ooxml_encrypted", buffer_bytes(&in)), -1);
    assert_string_equal(treated.error.code, "ooxml_altered");
    assert_false(unseal_package(buffer_bytes(&in), "pass", &opened));
    treated_close(&treated);
}

static void second_reader_opens_every_length(void **state)
{
    (void)state;
    static const size_t lengths[] = {1, 16, 4080, 4087, 4088, 4096, 4097, 8192, 70001};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        AUTO_BUFFER package = {0}, closed = {0}, opened = {0};
        make_noise(&package, lengths[i]);
        assert_int_equal(ooxml_seal(buffer_bytes(&package), "x", &closed, NULL), 0);
        assert_true(unseal_package(buffer_bytes(&closed), "x", &opened));
        assert_true(bytes_equal(buffer_bytes(&opened), buffer_bytes(&package)));
    }
}

/* True in the values of EncryptionInfo, whose change is only seen after a long computation. */
static void mark_values(struct bytes file, bool *value)
{
    static const char *const ends[] = {"Value=\"", "Key=\"", "Input=\""};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        for (size_t at = 0; (at = bytes_find(file, at, ends[i])) != SIZE_MAX;) {
            at += strlen(ends[i]);
            for (; file.data[at] != '"'; at++)
                value[at] = true;
        }
    }
}

static void second_reader_knows_every_byte(void **state)
{
    (void)state;
    enum { LENGTH = 5000, VALUES = 3 * 24 + 44 + 3 * 88 };
    AUTO_BUFFER package = {0}, closed = {0}, opened = {0};
    make_noise(&package, LENGTH);
    assert_int_equal(ooxml_seal(buffer_bytes(&package), "x", &closed, NULL), 0);
    size_t start = closed.length - (8 + LENGTH + 511) / 512 * 512, values = 0;
    AUTO_FREE bool *value = memory_allocate(closed.length, sizeof *value);
    mark_values(buffer_bytes(&closed), value);
    for (size_t i = 0; i < closed.length; i++) {
        values += value[i];
        bool sealed = i >= start && i < start + 8 + LENGTH;
        if ((value[i] && value[i - 1]) || (sealed && (i - start) % 1000))
            continue;
        closed.data[i] ^= 0x20;
        if (unseal_package(buffer_bytes(&closed), "x", &opened))
            fail_msg("byte %zu means nothing", i);
        closed.data[i] ^= 0x20;
    }
    assert_int_equal(values, VALUES);
    /* the bits of base64 that belong to no byte */
    for (size_t at = 0; (at = bytes_find(buffer_bytes(&closed), at, "==\"")) != SIZE_MAX; at++) {
        closed.data[at - 1]++;
        assert_false(unseal_package(buffer_bytes(&closed), "x", &opened));
        closed.data[at - 1]--;
    }
    assert_true(unseal_package(buffer_bytes(&closed), "x", &opened));
    buffer_append_byte(&closed, 0);
    assert_false(unseal_package(buffer_bytes(&closed), "x", &opened));
}

/* A file with a short stream, an empty one and a long one. */
static void make_compound(struct bytes longest, struct buffer *out)
{
    const struct cfb_entry entries[] = {
        {"Root Entry", CFB_ROOT, CFB_BLACK, CFB_NONE, CFB_NONE, 1, {0}},
        {"b", CFB_STREAM, CFB_BLACK, 2, 3, CFB_NONE, bytes_of_string("short")},
        {"a", CFB_STREAM, CFB_BLACK, CFB_NONE, CFB_NONE, CFB_NONE, {0}},
        {"long", CFB_STREAM, CFB_BLACK, CFB_NONE, CFB_NONE, CFB_NONE, longest},
    };
    assert_int_equal(cfb_write(entries, 4, out, NULL), 0);
}

static bool read_compound(struct bytes file, struct bytes longest)
{
    const uint32_t none = COMPOUND_NONE;
    struct compound_entry entries[] = {
        {"Root Entry", COMPOUND_ROOT, true, none, none, 1, {0}},
        {"b", COMPOUND_STREAM, true, 2, 3, none, {0}},
        {"a", COMPOUND_STREAM, true, none, none, none, {0}},
        {"long", COMPOUND_STREAM, true, none, none, none, {0}},
    };
    return compound_read(file, entries, 4) && bytes_equal_string(entries[1].data, "short") &&
           entries[2].data.length == 0 && bytes_equal(entries[3].data, longest);
}

static void compound_file_has_no_byte_without_meaning(void **state)
{
    (void)state;
    AUTO_BUFFER longest = {0}, file = {0};
    make_noise(&longest, 5000);
    make_compound(buffer_bytes(&longest), &file);
    assert_true(read_compound(buffer_bytes(&file), buffer_bytes(&longest)));
    for (size_t i = 0; i < file.length; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            file.data[i] ^= (uint8_t)(1 << bit);
            if (read_compound(buffer_bytes(&file), buffer_bytes(&longest)))
                fail_msg("bit %u of byte %zu means nothing", bit, i);
            file.data[i] ^= (uint8_t)(1 << bit);
        }
    }
    assert_false(read_compound(bytes_slice(buffer_bytes(&file), 0, file.length - 512),
                               buffer_bytes(&longest)));
    for (size_t i = 0; i < 512; i++)
        buffer_append_byte(&file, 0);
    assert_false(read_compound(buffer_bytes(&file), buffer_bytes(&longest)));
}

/* From 7 MB on the header has no room for the places of the allocation table; from 15 MB on they
 * need two sectors. Both lengths are at such a border. */
static void compound_file_may_be_large(void **state)
{
    (void)state;
    static const size_t lengths[] = {(109 * 128 - 200) * 512, (237 * 128 - 260) * 512};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        AUTO_BUFFER longest = {0}, file = {0}, found = {0};
        make_noise(&longest, lengths[i]);
        make_compound(buffer_bytes(&longest), &file);
        assert_true(read_compound(buffer_bytes(&file), buffer_bytes(&longest)));
        assert_int_equal(cfb_read_stream(buffer_bytes(&file), "LONG", &found, NULL), 0);
        assert_true(bytes_equal(buffer_bytes(&found), buffer_bytes(&longest)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closed_document_is_closed_again_where_asked),
        cmocka_unit_test(closed_document_needs_its_password),
        cmocka_unit_test(document_with_the_default_password_stays_open),
        cmocka_unit_test(altered_document_is_refused),
        cmocka_unit_test(second_reader_opens_every_length),
        cmocka_unit_test(second_reader_knows_every_byte),
        cmocka_unit_test(compound_file_has_no_byte_without_meaning),
        cmocka_unit_test(compound_file_may_be_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
