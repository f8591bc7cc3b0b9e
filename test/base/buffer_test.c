/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"

static void buffer_grows_past_its_first_capacity(void **state)
{
    (void)state;
    AUTO_BUFFER buffer = {0};
    for (unsigned i = 0; i < 100000; i++)
        buffer_append_byte(&buffer, (uint8_t)i);
    assert_int_equal(buffer.length, 100000);
    for (unsigned i = 0; i < 100000; i++)
        assert_int_equal(buffer.data[i], (uint8_t)i);
}

static void buffer_writes_both_byte_orders(void **state)
{
    (void)state;
    AUTO_BUFFER buffer = {0};
    buffer_append_u16le(&buffer, 0x0102);
    buffer_append_u32be(&buffer, 0x03040506);
    buffer_append_u64le(&buffer, UINT64_C(0x0708090A0B0C0D0E));
    const uint8_t expected[] = {2, 1, 3, 4, 5, 6, 0xE, 0xD, 0xC, 0xB, 0xA, 9, 8, 7};
    assert_int_equal(buffer.length, sizeof expected);
    assert_memory_equal(buffer.data, expected, sizeof expected);
}

static void buffer_appends_decimals_as_printf_does(void **state)
{
    static const int64_t numbers[] = {0, 7, 10, 99, 1234567890123, -1, -42, INT64_MAX, INT64_MIN};
    AUTO_BUFFER buffer = {0};
    char wanted[64];
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        buffer_clear(&buffer);
        buffer_append_decimal(&buffer, numbers[i], 1);
        snprintf(wanted, sizeof wanted, "%lld", (long long)numbers[i]);
        assert_string_equal(buffer_string(&buffer), wanted);
    }
    buffer_clear(&buffer);
    buffer_append_decimal(&buffer, 5, 2);
    buffer_append_decimal(&buffer, 123, 2);
    assert_string_equal(buffer_string(&buffer), "05123");
}

static void buffer_formats_what_is_longer_than_it_expects(void **state)
{
    AUTO_BUFFER buffer = {0};
    char text[1000];
    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    buffer_append_format(&buffer, "[%s]", text);
    assert_int_equal(buffer.length, sizeof text + 1);
    assert_memory_equal(buffer.data, "[xxx", 4);
    assert_memory_equal(buffer.data + buffer.length - 2, "x]", 2);
}

static void buffer_formats_text(void **state)
{
    (void)state;
    AUTO_BUFFER buffer = {0};
    buffer_append_string(&buffer, "x");
    buffer_append_format(&buffer, "%d-%s", 42, "関所");
    assert_string_equal(buffer_string(&buffer), "x42-関所");
    assert_int_equal(buffer.length, strlen("x42-関所"));
}

static void buffer_free_twice_does_nothing(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    buffer_append_string(&buffer, "abc");
    buffer_free(&buffer);
    buffer_free(&buffer);
    assert_null(buffer.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buffer_appends_decimals_as_printf_does),
        cmocka_unit_test(buffer_formats_what_is_longer_than_it_expects),
        cmocka_unit_test(buffer_grows_past_its_first_capacity),
        cmocka_unit_test(buffer_writes_both_byte_orders),
        cmocka_unit_test(buffer_formats_text),
        cmocka_unit_test(buffer_free_twice_does_nothing),
    };
    return cmocka_run_group_tests_name("buffer", tests, NULL, NULL);
}
