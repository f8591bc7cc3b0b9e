/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "base/error.h"
#include "base/message.h"
#include "base/message_table.h"
#include "base/utf8.h"

static void message_table_is_sorted_and_whole(void **state)
{
    (void)state;
    assert_true(message_count > 0);
    for (size_t i = 0; i < message_count; i++) {
        if (i)
            assert_true(strcmp(message_table[i - 1].key, message_table[i].key) < 0);
        for (int language = 0; language < LANGUAGE_COUNT; language++)
            assert_true(utf8_valid(bytes_of_string(message_table[i].text[language])));
        assert_ptr_equal(message_get(LANGUAGE_JA, message_table[i].key), message_table[i].text[0]);
    }
}

static void message_fills_placeholders_once(void **state)
{
    (void)state;
    struct error error;
    error_set(&error, "limit_pages", "{detail}.pdf", "%d", 12);
    AUTO_BUFFER out = {0};
    message_append_error(&out, LANGUAGE_EN, &error);
    const char *sentence = buffer_string(&out);
    assert_non_null(strstr(sentence, "limit 12"));
    assert_non_null(strstr(sentence, "at {detail}.pdf"));
}

static void message_of_an_unknown_code_still_says_where(void **state)
{
    (void)state;
    struct error error;
    error_set(&error, "no_such_code_anywhere", "the place", "the detail");
    AUTO_BUFFER out = {0};
    message_append_error(&out, LANGUAGE_JA, &error);
    const char *sentence = buffer_string(&out);
    assert_non_null(strstr(sentence, "no_such_code_anywhere"));
    assert_non_null(strstr(sentence, "the place"));
    assert_non_null(strstr(sentence, "the detail"));
}

static void message_without_a_place_has_no_hole(void **state)
{
    (void)state;
    struct error error;
    error_set(&error, "limit_pages", NULL, "12");
    AUTO_BUFFER out = {0};
    message_append_error(&out, LANGUAGE_JA, &error);
    assert_non_null(strstr(buffer_string(&out), "場所 全体"));
}

static void message_of_a_code_alone_has_no_empty_brackets(void **state)
{
    (void)state;
    const struct error error = {.code = "limit_pages"};
    AUTO_BUFFER japanese = {0}, english = {0};
    message_append_error(&japanese, LANGUAGE_JA, &error);
    message_append_error(&english, LANGUAGE_EN, &error);
    assert_null(strstr(buffer_string(&japanese), "（"));
    assert_null(strstr(buffer_string(&english), "("));
    assert_non_null(strstr(buffer_string(&japanese), "。"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(message_table_is_sorted_and_whole),
        cmocka_unit_test(message_fills_placeholders_once),
        cmocka_unit_test(message_without_a_place_has_no_hole),
        cmocka_unit_test(message_of_a_code_alone_has_no_empty_brackets),
        cmocka_unit_test(message_of_an_unknown_code_still_says_where),
    };
    return cmocka_run_group_tests_name("message", tests, NULL, NULL);
}
