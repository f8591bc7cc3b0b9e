/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "base/error.h"
#include "base/utf8.h"

static void error_set_fills_everything_and_returns_minus_one(void **state)
{
    (void)state;
    struct error error;
    assert_int_equal(error_set(&error, "bad_thing", "page 3", "%d", 7), -1);
    assert_string_equal(error.code, "bad_thing");
    assert_string_equal(error.where, "page 3");
    assert_string_equal(error.detail, "7");
    assert_int_equal(error_set(NULL, "bad_thing", NULL, "x"), -1);
}

static void error_set_never_cuts_a_character(void **state)
{
    (void)state;
    for (unsigned shift = 0; shift < 3; shift++) {
        char long_text[400] = "xx";
        long_text[shift] = '\0';
        while (strlen(long_text) < 390)
            strcat(long_text, "関");
        struct error error;
        error_set(&error, "bad_thing", long_text, "%s", long_text);
        assert_true(utf8_valid(bytes_of_string(error.where)));
        assert_true(utf8_valid(bytes_of_string(error.detail)));
        assert_in_range(strlen(error.detail), 250, 255);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(error_set_fills_everything_and_returns_minus_one),
        cmocka_unit_test(error_set_never_cuts_a_character),
    };
    return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
