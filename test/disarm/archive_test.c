/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "base/encoding.h"
#include "disarm/format/file_name.h"
#include "disarm/format/zip_crypt.h"
#include "disarm/format/zip_read.h"
#include "disarm/format/zip_write.h"
#include "treat.h"

/* An archive of text members, given as name and content by turns. */
static void make_archive(struct buffer *out, const char *const *parts)
{
    struct zip_writer writer;
    zip_writer_open(&writer, out, 6);
    for (; parts[0]; parts += 2)
        zip_writer_add(&writer, bytes_of_string(parts[0]), bytes_of_string(parts[1]), 0x6000,
                       0x5A21);
    zip_writer_finish(&writer);
}

/* Disarms the archive and expects these names, in this order. */
static void assert_names(const char *const *parts, const char *const *names)
{
    AUTO_BUFFER in = {0};
    make_archive(&in, parts);
    struct treated treated = treated_open(DISARM_REBUILD);
    assert_int_equal(treat(&treated, "zip", buffer_bytes(&in)), 0);
    struct zip_archive archive;
    assert_int_equal(zip_open(&archive, buffer_bytes(&treated.out), 100, &treated.error), 0);
    for (size_t i = 0; i < archive.count; i++) {
        assert_non_null(names[i]);
        assert_int_equal(archive.members[i].name.length, strlen(names[i]));
        assert_memory_equal(archive.members[i].name.data, names[i], strlen(names[i]));
        assert_int_equal(archive.members[i].date, 0x5A21);
        assert_int_equal(archive.members[i].time, 0x6000);
    }
    assert_null(names[archive.count]);
    zip_close(&archive);
    treated_close(&treated);
}

static void archive_keeps_names_order_and_dates(void **state)
{
    (void)state;
    assert_names((const char *[]){"資料/二.txt", "二", "資料/一.txt", "一", "資料/", "", "a.csv",
                                  "1,2", NULL},
                 (const char *[]){"資料/二.txt", "資料/一.txt", "資料/", "a.csv", NULL});
}

static void archive_reads_names_in_cp932(void **state)
{
    (void)state;
    /* 表.txt with its second byte 0x5C, ソース.txt: no backslash is seen in them */
    assert_names((const char *[]){"\x95\x5C.txt", "a", "\x83\x5C\x81\x5B\x83\x58.txt", "b",
                                  "\x8E\x91\x97\xBF\x87\x40.txt", "c", NULL},
                 (const char *[]){"表.txt", "ソース.txt", "資料①.txt", NULL});
}

static void archive_rewrites_dangerous_names(void **state)
{
    (void)state;
    assert_names((const char *[]){"../../etc/a.txt",
                                  "1",
                                  "/b.txt",
                                  "1",
                                  "C:\\temp\\c.txt",
                                  "1",
                                  "\\\\server\\share\\d.txt",
                                  "1",
                                  "CON.txt",
                                  "1",
                                  "x\u202Etxt.e.txt",
                                  "1",
                                  "e.txt. ",
                                  "1",
                                  "f.jpg      .txt",
                                  "1",
                                  "A.TXT",
                                  "1",
                                  "a.txt",
                                  "1",
                                  NULL},
                 (const char *[]){"etc/a.txt", "b.txt", "temp/c.txt", "server/share/d.txt",
                                  "_CON.txt", "xtxt.e.txt", "e.txt", "f_jpg.txt", "A.TXT",
                                  "a (2).txt", NULL});
}

static void archive_tells_names_apart_that_differ_only_in_case(void **state)
{
    (void)state;
    assert_names(
        (const char *[]){"ПРИВЕТ.txt", "1", "привет.txt", "2", "Ａ.txt", "3", "ａ.txt", "4", NULL},
        (const char *[]){"ПРИВЕТ.txt", "привет (2).txt", "Ａ.txt", "ａ (2).txt", NULL});
}

static void archive_drops_what_cannot_be_disarmed(void **state)
{
    (void)state;
    AUTO_BUFFER in = {0};
    make_archive(&in, (const char *[]){"a.txt", "good", "b.exe", "MZ\x90\x01\x02\x03", NULL});
    struct treated treated = treated_open(DISARM_REBUILD);
    assert_int_equal(treat(&treated, "zip", buffer_bytes(&in)), 0);
    assert_int_equal(bytes_find(buffer_bytes(&treated.out), 0, "b.exe"), SIZE_MAX);
    treated_close(&treated);
    buffer_clear(&in);
    make_archive(&in, (const char *[]){"b.exe", "MZ\x90\x01\x02\x03", NULL});
    treated = treated_open(DISARM_REBUILD);
    assert_int_equal(treat(&treated, "zip", buffer_bytes(&in)), -1);
    assert_string_equal(treated.error.code, "zip_nothing_left");
    treated_close(&treated);
}

static void archive_drops_links(void **state)
{
    (void)state;
    AUTO_BUFFER in = {0};
    make_archive(&in, (const char *[]){"a.txt", "good", "link.txt", "/etc/passwd", NULL});
    /* The second directory entry becomes a symbolic link made on Unix. */
    size_t first = bytes_find(buffer_bytes(&in), 0, "PK\x01\x02");
    size_t second = bytes_find(buffer_bytes(&in), first + 4, "PK\x01\x02");
    in.data[second + 5] = 3;
    in.data[second + 41] = 0xA1;
    struct treated treated = treated_open(DISARM_REBUILD);
    assert_int_equal(treat(&treated, "zip", buffer_bytes(&in)), 0);
    assert_true(treated_says(&treated, "file", "zip_link"));
    assert_int_equal(bytes_find(buffer_bytes(&treated.out), 0, "link.txt"), SIZE_MAX);
    treated_close(&treated);
}

static void archive_counts_nested_archives(void **state)
{
    (void)state;
    AUTO_BUFFER inner = {0}, outer = {0};
    make_archive(&inner, (const char *[]){"../a.txt", "\u202Ea", NULL});
    struct zip_writer writer;
    zip_writer_open(&writer, &outer, 0);
    zip_writer_add(&writer, bytes_of_string("inner.zip"), buffer_bytes(&inner), 0, 0x21);
    zip_writer_finish(&writer);
    struct treated treated = treated_open(DISARM_REBUILD);
    assert_int_equal(treat(&treated, "zip", buffer_bytes(&outer)), 0);
    assert_true(treated_says(&treated, "name", "name_traversal"));
    treated_close(&treated);
    treated = treated_open(DISARM_REBUILD);
    treated.options.limits.depth = 1;
    assert_int_equal(treat(&treated, "zip", buffer_bytes(&outer)), -1);
    treated_close(&treated);
}

static void archive_stops_bombs_by_what_comes_out(void **state)
{
    (void)state;
    AUTO_BUFFER zeroes = {0}, in = {0};
    buffer_reserve(&zeroes, 32 << 20);
    memset(zeroes.data, ' ', 32 << 20);
    zeroes.length = 32 << 20;
    struct zip_writer writer;
    zip_writer_open(&writer, &in, 6);
    zip_writer_add(&writer, bytes_of_string("a.txt"), buffer_bytes(&zeroes), 0, 0x21);
    zip_writer_finish(&writer);
    struct treated treated = treated_open(DISARM_REBUILD);
    assert_int_equal(treat(&treated, "zip", buffer_bytes(&in)), -1);
    assert_string_equal(treated.error.code, "limit_ratio");
    treated_close(&treated);
    treated = treated_open(DISARM_REBUILD);
    treated.options.limits.unpacked_bytes = 1 << 20;
    assert_int_equal(treat(&treated, "zip", buffer_bytes(&in)), -1);
    assert_string_equal(treated.error.code, "limit_unpacked");
    treated_close(&treated);
}

static void make_encrypted(struct buffer *out, const char *password)
{
    AUTO_BUFFER extra = {0}, sealed = {0};
    struct bytes text = bytes_of_string("秘密");
    zip_encrypt(text, ZIP_STORED, password, &extra, &sealed);
    struct zip_writer writer;
    zip_writer_open(&writer, out, 0);
    zip_writer_add_packed(&writer, &(struct zip_packed){.name = bytes_of_string("a.txt"),
                                                        .extra = buffer_bytes(&extra),
                                                        .data = buffer_bytes(&sealed),
                                                        .unpacked_length = text.length,
                                                        .method = ZIP_AES,
                                                        .flags = 1,
                                                        .date = ZIP_NO_DATE});
    zip_writer_finish(&writer);
}

static void archive_asks_for_its_password(void **state)
{
    (void)state;
    AUTO_BUFFER in = {0};
    make_encrypted(&in, "pass");
    struct treated treated = treated_open(DISARM_REBUILD);
    assert_int_equal(treat(&treated, "zip", buffer_bytes(&in)), -1);
    assert_string_equal(treated.error.code, "password_needed");
    treated.options.password = "other";
    assert_int_equal(treat(&treated, "zip", buffer_bytes(&in)), -1);
    assert_string_equal(treated.error.code, "password_wrong");
    treated.options.password = "pass";
    assert_int_equal(treat(&treated, "zip", buffer_bytes(&in)), 0);
    assert_int_not_equal(bytes_find(buffer_bytes(&treated.out), 0, "秘密"), SIZE_MAX);
    treated_close(&treated);
}

static void archive_takes_a_password_in_cp932(void **state)
{
    (void)state;
    AUTO_BUFFER in = {0};
    make_encrypted(&in, "\x82\xA0\x82\xA2");
    struct treated treated = treated_open(DISARM_REBUILD);
    treated.options.password = "あい";
    assert_int_equal(treat(&treated, "zip", buffer_bytes(&in)), 0);
    treated_close(&treated);
}

static void archive_is_encrypted_again_where_asked(void **state)
{
    (void)state;
    AUTO_BUFFER in = {0};
    make_encrypted(&in, "pass");
    struct treated treated = treated_open(DISARM_REBUILD);
    treated.options.password = "pass";
    treated.options.encrypt_again = true;
    assert_int_equal(treat_once(&treated, "zip", buffer_bytes(&in)), 0);
    assert_int_equal(bytes_find(buffer_bytes(&treated.out), 0, "秘密"), SIZE_MAX);
    struct treated opened = treated_open(DISARM_REBUILD);
    opened.options.password = "pass";
    assert_int_equal(treat(&opened, "zip", buffer_bytes(&treated.out)), 0);
    assert_int_not_equal(bytes_find(buffer_bytes(&opened.out), 0, "秘密"), SIZE_MAX);
    treated_close(&opened);
    treated_close(&treated);
}

static void archive_verifier_refuses_other_forms(void **state)
{
    (void)state;
    const struct format *zip = format_find("zip");
    struct verify_job job = {.limits = &disarm_default_limits};
    struct error error = {0};
    const char *const *bad[] = {
        (const char *[]){"../a.txt", "1", NULL},
        (const char *[]){"/a.txt", "1", NULL},
        (const char *[]){"a\\b.txt", "1", NULL},
        (const char *[]){"nul.txt", "1", NULL},
        (const char *[]){"a.txt", "1", "A.txt", "1", NULL},
        (const char *[]){"a.exe", "1", NULL},
        (const char *[]){"a.txt", "\x07", NULL},
        (const char *[]){"a.csv", "=1", NULL},
        (const char *[]){"a\u202E.txt", "1", NULL},
        (const char *[]){"a/", "1", NULL},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        AUTO_BUFFER in = {0};
        make_archive(&in, bad[i]);
        assert_int_equal(zip->verify(&job, buffer_bytes(&in), &error), -1);
    }
    AUTO_BUFFER good = {0};
    make_archive(&good, (const char *[]){"a.txt", "1", "b/c.csv", "1,2", NULL});
    assert_int_equal(zip->verify(&job, buffer_bytes(&good), &error), 0);
    for (size_t i = 0; i < good.length; i++) { /* no byte of the structure is without meaning */
        AUTO_BUFFER changed = {0};
        buffer_append_bytes(&changed, buffer_bytes(&good));
        changed.data[i] ^= 0x80;
        assert_int_equal(zip->verify(&job, buffer_bytes(&changed), &error), -1);
    }
    buffer_append_byte(&good, 0);
    assert_int_equal(zip->verify(&job, buffer_bytes(&good), &error), -1);
}

static void file_names_are_safe_and_settled(void **state)
{
    (void)state;
    const char *names[][2] = {
        {"a.txt", "a.txt"},
        {"", "_"},
        {"..", "_"},
        {" .a", ".a"},
        {"lpt1", "_lpt1"},
        {"COM¹.txt", "_COM¹.txt"},
        {"a:b|c.txt", "a_b_c.txt"},
        {"見積.jpg.txt", "見積_jpg.txt"},
        {"ра\u0443pal.txt", "ра\u0443pal.txt"},
        {"p\u0430ypal.txt", "paypal.txt"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        AUTO_BUFFER once = {0}, twice = {0};
        file_name_clean(bytes_of_string(names[i][0]), &once);
        if (i != 8) /* mixed Cyrillic and Latin: only that it settles is asked */
            assert_string_equal(buffer_string(&once), names[i][1]);
        assert_int_equal(file_name_clean(buffer_bytes(&once), &twice), 0);
        assert_string_equal(buffer_string(&once), buffer_string(&twice));
    }
    AUTO_BUFFER text = {0}, cut = {0};
    for (int i = 0; i < 100; i++)
        buffer_append_string(&text, "長い");
    buffer_append_string(&text, ".docx");
    assert_true(file_name_clean(buffer_bytes(&text), &cut) & FILE_NAME_LONG);
    assert_true(cut.length <= FILE_NAME_BYTES);
    assert_string_equal(buffer_string(&cut) + cut.length - 5, ".docx");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(archive_keeps_names_order_and_dates),
        cmocka_unit_test(archive_reads_names_in_cp932),
        cmocka_unit_test(archive_rewrites_dangerous_names),
        cmocka_unit_test(archive_tells_names_apart_that_differ_only_in_case),
        cmocka_unit_test(archive_drops_what_cannot_be_disarmed),
        cmocka_unit_test(archive_drops_links),
        cmocka_unit_test(archive_counts_nested_archives),
        cmocka_unit_test(archive_stops_bombs_by_what_comes_out),
        cmocka_unit_test(archive_asks_for_its_password),
        cmocka_unit_test(archive_takes_a_password_in_cp932),
        cmocka_unit_test(archive_is_encrypted_again_where_asked),
        cmocka_unit_test(archive_verifier_refuses_other_forms),
        cmocka_unit_test(file_names_are_safe_and_settled),
    };
    return cmocka_run_group_tests_name("archive", tests, NULL, NULL);
}
