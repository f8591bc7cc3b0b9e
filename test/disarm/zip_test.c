/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the ZIP writer writes the ZIP reader reads, and a ZIP file that lies is refused. */
#include "test.h"

#include <string.h>

#include "base/buffer.h"
#include "disarm/format/zip_read.h"
#include "disarm/format/zip_write.h"

#define BYTES(literal) ((struct bytes){(const uint8_t *)(literal), sizeof(literal) - 1})

static void make(struct buffer *out)
{
    struct zip_writer writer;
    zip_writer_open(&writer, out, 6);
    zip_writer_add(&writer, BYTES("first.txt"),
                   BYTES("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), ZIP_NO_TIME,
                   ZIP_NO_DATE);
    zip_writer_add(&writer, BYTES("\xe4\xba\x8c"), BYTES("xyz"), ZIP_NO_TIME, ZIP_NO_DATE);
    zip_writer_finish(&writer);
}

static void zip_reads_what_it_wrote(void **state)
{
    (void)state;
    AUTO_BUFFER file = {0}, data = {0};
    make(&file);
    struct zip_archive archive;
    assert_int_equal(zip_open(&archive, buffer_bytes(&file), 10, NULL), 0);
    assert_int_equal(archive.count, 2);
    assert_true(bytes_equal_string(archive.members[0].name, "first.txt"));
    assert_int_equal(archive.members[0].method, ZIP_DEFLATED);
    assert_int_equal(archive.members[1].method, ZIP_STORED);
    assert_true(archive.members[1].utf8_name);
    assert_int_equal(zip_unpack(&archive.members[0], 1000, &data, NULL), 0);
    assert_int_equal(data.length, 58);
    zip_close(&archive);
}

static void zip_writes_the_same_bytes_twice(void **state)
{
    (void)state;
    AUTO_BUFFER once = {0}, twice = {0};
    make(&once);
    make(&twice);
    assert_true(bytes_equal(buffer_bytes(&once), buffer_bytes(&twice)));
}

static void expect_refusal(struct buffer *file, const char *code)
{
    struct zip_archive archive;
    struct error error = {0};
    assert_int_equal(zip_open(&archive, buffer_bytes(file), 10, &error), -1);
    assert_string_equal(error.code, code);
    zip_close(&archive);
}

static void zip_refuses_a_local_name_that_disagrees(void **state)
{
    (void)state;
    AUTO_BUFFER file = {0};
    make(&file);
    file.data[30] = 'F';
    expect_refusal(&file, "zip_damaged");
}

static void zip_refuses_members_that_share_bytes(void **state)
{
    (void)state;
    AUTO_BUFFER file = {0};
    make(&file);
    /* Both directory rows name the first member. */
    size_t row = bytes_find(buffer_bytes(&file), 0, "PK\1\2");
    AUTO_BUFFER twin = {0};
    size_t second = bytes_find(buffer_bytes(&file), row + 1, "PK\1\2");
    size_t end = bytes_find(buffer_bytes(&file), 0, "PK\5\6");
    buffer_append(&twin, file.data, second);
    buffer_append(&twin, file.data + row, second - row);
    size_t directory = twin.length - row;
    buffer_append(&twin, file.data + end, file.length - end);
    twin.data[twin.length - 10] = (uint8_t)directory;
    expect_refusal(&twin, "zip_overlap");
}

static void zip_refuses_more_members_than_allowed(void **state)
{
    (void)state;
    AUTO_BUFFER file = {0};
    make(&file);
    struct zip_archive archive;
    struct error error = {0};
    assert_int_equal(zip_open(&archive, buffer_bytes(&file), 1, &error), -1);
    assert_string_equal(error.code, "limit_members");
    zip_close(&archive);
}

static void zip_refuses_every_cut_of_a_file(void **state)
{
    (void)state;
    AUTO_BUFFER file = {0};
    make(&file);
    for (size_t length = 0; length < file.length; length++) {
        struct zip_archive archive;
        assert_int_equal(zip_open(&archive, (struct bytes){file.data, length}, 10, NULL), -1);
        zip_close(&archive);
    }
}

static void zip_unpack_stops_at_the_limit_whatever_is_declared(void **state)
{
    (void)state;
    AUTO_BUFFER file = {0}, data = {0};
    make(&file);
    struct zip_archive archive;
    assert_int_equal(zip_open(&archive, buffer_bytes(&file), 10, NULL), 0);
    archive.members[0].declared = 1;
    struct error error = {0};
    assert_int_equal(zip_unpack(&archive.members[0], 20, &data, &error), -1);
    assert_string_equal(error.code, "limit_unpacked");
    assert_int_equal(zip_unpack(&archive.members[0], 1000, &data, &error), -1);
    assert_string_equal(error.code, "zip_damaged");
    assert_int_equal(data.length, 0);
    zip_close(&archive);
}

static void zip_unpack_checks_the_crc(void **state)
{
    (void)state;
    AUTO_BUFFER file = {0}, data = {0};
    make(&file);
    struct zip_archive archive;
    assert_int_equal(zip_open(&archive, buffer_bytes(&file), 10, NULL), 0);
    archive.members[1].crc32 ^= 1;
    assert_int_equal(zip_unpack(&archive.members[1], 1000, &data, NULL), -1);
    zip_close(&archive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zip_reads_what_it_wrote),
        cmocka_unit_test(zip_writes_the_same_bytes_twice),
        cmocka_unit_test(zip_refuses_a_local_name_that_disagrees),
        cmocka_unit_test(zip_refuses_members_that_share_bytes),
        cmocka_unit_test(zip_refuses_more_members_than_allowed),
        cmocka_unit_test(zip_refuses_every_cut_of_a_file),
        cmocka_unit_test(zip_unpack_stops_at_the_limit_whatever_is_declared),
        cmocka_unit_test(zip_unpack_checks_the_crc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
