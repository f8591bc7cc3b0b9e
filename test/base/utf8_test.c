/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "base/utf8.h"

static void utf8_accepts_every_scalar_value(void **state)
{
    (void)state;
    for (uint32_t point = 0; point <= 0x10FFFF; point++) {
        if (point >= 0xD800 && point <= 0xDFFF)
            continue;
        AUTO_BUFFER out = {0};
        utf8_append(&out, point);
        uint32_t decoded = 0;
        assert_int_equal(utf8_decode(buffer_bytes(&out), &decoded), out.length);
        assert_int_equal(decoded, point);
    }
}

static void utf8_refuses_what_rfc_3629_forbids(void **state)
{
    (void)state;
    const char *const bad[] = {
        "\x80",
        "\xC0\x80",
        "\xC1\xBF",
        "\xE0\x80\x80",
        "\xED\xA0\x80",
        "\xF0\x80\x80\x80",
        "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80",
        "\xE3\x81",
        "\xFF",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(utf8_valid(bytes_of_string(bad[i])));
    assert_true(utf8_valid(bytes_of_string("無害化 𠮷 x")));
}

static void utf8_clean_keeps_the_good_characters(void **state)
{
    (void)state;
    AUTO_BUFFER out = {0};
    utf8_append_clean(&out, bytes_of_string("a\xE3\x81z\xFF関"));
    assert_string_equal(buffer_string(&out), "a\xEF\xBF\xBD\xEF\xBF\xBDz\xEF\xBF\xBD関");
}

static void utf8_copy_cuts_at_a_character(void **state)
{
    (void)state;
    char room[6];
    utf8_copy(room, sizeof room, "関所"); /* three bytes each, and one for the end */
    assert_string_equal(room, "関");
    utf8_copy(room, sizeof room, "abcde");
    assert_string_equal(room, "abcde");
    utf8_copy(room, 1, "関");
    assert_string_equal(room, "");
}

static void utf8_is_blank_sees_nothing_in_blanks_and_no_text(void **state)
{
    (void)state;
    assert_true(utf8_is_blank(NULL));
    assert_true(utf8_is_blank(""));
    assert_true(utf8_is_blank(" \t\r\n"));
    assert_false(utf8_is_blank(" a "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_is_blank_sees_nothing_in_blanks_and_no_text),
        cmocka_unit_test(utf8_accepts_every_scalar_value),
        cmocka_unit_test(utf8_refuses_what_rfc_3629_forbids),
        cmocka_unit_test(utf8_clean_keeps_the_good_characters),
        cmocka_unit_test(utf8_copy_cuts_at_a_character),
    };
    return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
