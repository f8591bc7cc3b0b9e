/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <stdlib.h>

#include "disarm/receipt.h"

static void receipt_adds_up_equal_rows(void **state)
{
    (void)state;
    struct receipt receipt = {0};
    receipt_add(&receipt, "a", "macro", RECEIPT_DROPPED, "active", 10, 0);
    receipt_add(&receipt, "b", "macro", RECEIPT_DROPPED, "active", 1, 0);
    receipt_add(&receipt, "a", "macro", RECEIPT_DROPPED, "active", 5, 0);
    assert_int_equal(receipt.row_count, 2);
    assert_int_equal(receipt.rows[0].count, 2);
    assert_int_equal(receipt.rows[0].bytes_in, 15);
    receipt_clear(&receipt);
}

static void receipt_stays_within_its_row_limit(void **state)
{
    (void)state;
    struct receipt receipt = {.row_limit = 3};
    char path[8];
    for (int i = 0; i < 100; i++) {
        path[0] = (char)('0' + i / 10);
        path[1] = (char)('0' + i % 10);
        path[2] = '\0';
        receipt_add(&receipt, path, "part", RECEIPT_KEPT, NULL, 1, 1);
    }
    assert_int_equal(receipt.row_count, 4);
    assert_string_equal(receipt.rows[3].path, "");
    assert_int_equal(receipt.rows[3].count, 97);
    receipt_clear(&receipt);
}

static void receipt_path_has_no_control_characters(void **state)
{
    (void)state;
    struct receipt receipt = {0};
    receipt_add(&receipt, "a\n\x7F\xFFz", "part", RECEIPT_KEPT, "", 1, 1);
    assert_string_equal(receipt.rows[0].path, "a??\xEF\xBF\xBDz");
    receipt_clear(&receipt);
}

static void receipt_json_names_the_reason_in_both_languages(void **state)
{
    (void)state;
    struct receipt receipt = {.verdict = RECEIPT_REFUSED};
    receipt.input.name = strdup("名簿.xlsx");
    error_set(&receipt.reason, "limit_pages", "x", "9");
    AUTO_BUFFER out = {0};
    receipt_write_json(&receipt, &out);
    const char *json = buffer_string(&out);
    assert_non_null(strstr(json, "\"verdict\":\"refused\""));
    assert_non_null(strstr(json, "\"code\":\"limit_pages\""));
    assert_non_null(strstr(json, "\"ja\":\"ページ数"));
    assert_non_null(strstr(json, "\"en\":\"Refused"));
    assert_null(strstr(json, "\"output\""));
    receipt_clear(&receipt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(receipt_adds_up_equal_rows),
        cmocka_unit_test(receipt_stays_within_its_row_limit),
        cmocka_unit_test(receipt_path_has_no_control_characters),
        cmocka_unit_test(receipt_json_names_the_reason_in_both_languages),
    };
    return cmocka_run_group_tests_name("receipt", tests, NULL, NULL);
}
