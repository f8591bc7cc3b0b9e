/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

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
        cmocka_unit_test(buffer_grows_past_its_first_capacity),
        cmocka_unit_test(buffer_writes_both_byte_orders),
        cmocka_unit_test(buffer_formats_text),
        cmocka_unit_test(buffer_free_twice_does_nothing),
    };
    return cmocka_run_group_tests_name("buffer", tests, NULL, NULL);
}
