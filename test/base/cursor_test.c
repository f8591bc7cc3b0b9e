/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "base/cursor.h"

static const uint8_t SAMPLE[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};

static void cursor_reads_both_byte_orders(void **state)
{
    (void)state;
    struct cursor cursor = cursor_open((struct bytes){SAMPLE, sizeof SAMPLE});
    assert_int_equal(cursor_u16le(&cursor), 0x0201);
    assert_int_equal(cursor_u32be(&cursor), 0x03040506);
    assert_int_equal(cursor_remaining(&cursor), 3);
    cursor_skip(&cursor, 3);
    assert_true(cursor_at_end(&cursor));
}

static void cursor_error_is_sticky(void **state)
{
    (void)state;
    struct cursor cursor = cursor_open((struct bytes){SAMPLE, sizeof SAMPLE});
    cursor_skip(&cursor, 8);
    assert_int_equal(cursor_u32le(&cursor), 0);
    assert_true(cursor.failed);
    assert_int_equal(cursor_u8(&cursor), 0);
    assert_int_equal(cursor_remaining(&cursor), 0);
    assert_false(cursor_at_end(&cursor));
}

static void cursor_refuses_a_length_that_wraps(void **state)
{
    (void)state;
    struct cursor cursor = cursor_open((struct bytes){SAMPLE, sizeof SAMPLE});
    cursor_skip(&cursor, 4);
    struct bytes taken = cursor_take(&cursor, SIZE_MAX);
    assert_int_equal(taken.length, 0);
    assert_true(cursor.failed);
}

static void cursor_line_takes_each_kind_of_line_end(void **state)
{
    (void)state;
    struct cursor cursor = cursor_open(bytes_of_string("a\r\nb\n\nc"));
    assert_true(bytes_equal_string(cursor_line(&cursor), "a"));
    assert_true(bytes_equal_string(cursor_line(&cursor), "b"));
    assert_true(bytes_equal_string(cursor_line(&cursor), ""));
    assert_true(bytes_equal_string(cursor_line(&cursor), "c"));
    assert_true(cursor_at_end(&cursor));
}

static void cursor_seek_past_the_end_fails(void **state)
{
    (void)state;
    struct cursor cursor = cursor_open((struct bytes){SAMPLE, sizeof SAMPLE});
    cursor_seek(&cursor, sizeof SAMPLE);
    assert_true(cursor_at_end(&cursor));
    cursor_seek(&cursor, 2);
    assert_int_equal(cursor_u8(&cursor), 3);
    cursor_seek(&cursor, sizeof SAMPLE + 1);
    assert_true(cursor.failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cursor_reads_both_byte_orders),
        cmocka_unit_test(cursor_error_is_sticky),
        cmocka_unit_test(cursor_refuses_a_length_that_wraps),
        cmocka_unit_test(cursor_line_takes_each_kind_of_line_end),
        cmocka_unit_test(cursor_seek_past_the_end_fails),
    };
    return cmocka_run_group_tests_name("cursor", tests, NULL, NULL);
}
