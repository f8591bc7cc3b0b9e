/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "disarm/report.h"
#include "disarm/task.h"

static void make_report(struct buffer *message, const struct report *report)
{
    struct receipt receipt = {0};
    receipt_add(&receipt, "a", "file", RECEIPT_REWRITTEN, "type_mismatch", 10, 9);
    receipt_add(&receipt, "a", "file", RECEIPT_REWRITTEN, "type_mismatch", 1, 1);
    receipt_add(&receipt, "b", "picture", RECEIPT_DROPPED, "limit_pixels", 5, 0);
    report_encode(report, &receipt, message);
    receipt_clear(&receipt);
}

static int decode(struct bytes message, uint64_t limit, struct report *report,
                  struct receipt *receipt)
{
    struct error error = {0};
    int result = report_decode(message, limit, report, receipt, &error);
    if (result)
        assert_string_equal(error.code, "report_invalid");
    return result;
}

static void report_comes_back_as_it_was(void **state)
{
    (void)state;
    AUTO_BUFFER message = {0};
    struct report report = {format_find("text"), format_find("text"), {0}}, read;
    struct receipt receipt = {0};
    make_report(&message, &report);
    assert_int_equal(decode(buffer_bytes(&message), 10, &read, &receipt), 0);
    assert_ptr_equal(read.output_format, format_find("text"));
    assert_null(read.reason.code);
    assert_int_equal(receipt.row_count, 2);
    assert_int_equal(receipt.rows[0].count, 2);
    assert_int_equal(receipt.rows[0].bytes_in, 11);
    assert_string_equal(receipt.rows[1].reason, "limit_pixels");
    receipt_clear(&receipt);
}

static void report_of_a_refusal_has_static_code_and_clean_texts(void **state)
{
    (void)state;
    AUTO_BUFFER message = {0};
    struct report report = {NULL, NULL, {0}}, read;
    struct receipt receipt = {0};
    error_set(&report.reason, "limit_pages", "page\x1B[31m\xFF", "%d", 9);
    make_report(&message, &report);
    assert_int_equal(decode(buffer_bytes(&message), 10, &read, &receipt), 0);
    assert_string_equal(read.reason.code, "limit_pages");
    assert_string_equal(read.reason.where, "page?[31m\xEF\xBF\xBD");
    receipt_clear(&receipt);
}

static void report_that_is_both_done_and_refused_is_invalid(void **state)
{
    (void)state;
    AUTO_BUFFER message = {0}, neither = {0};
    struct report report = {NULL, format_find("text"), {0}}, read;
    struct receipt receipt = {0};
    error_set(&report.reason, "limit_pages", "", "%s", "");
    make_report(&message, &report);
    assert_int_equal(decode(buffer_bytes(&message), 10, &read, &receipt), -1);
    report = (struct report){0};
    make_report(&neither, &report);
    assert_int_equal(decode(buffer_bytes(&neither), 10, &read, &receipt), -1);
    receipt_clear(&receipt);
}

static void report_with_unknown_keys_is_invalid(void **state)
{
    (void)state;
    static const char *const keys[] = {"no_such_kind", "file\x1B", "", "../file"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        AUTO_BUFFER message = {0};
        struct report report = {format_find("text"), format_find("text"), {0}}, read;
        struct receipt receipt = {0}, got = {0};
        receipt_add(&receipt, "", keys[i], RECEIPT_KEPT, "", 1, 1);
        report_encode(&report, &receipt, &message);
        assert_int_equal(decode(buffer_bytes(&message), 10, &read, &got), -1);
        receipt_clear(&receipt);
        receipt_clear(&got);
    }
}

static void report_cut_or_padded_is_invalid(void **state)
{
    (void)state;
    AUTO_BUFFER message = {0};
    struct report report = {format_find("text"), format_find("text"), {0}}, read;
    make_report(&message, &report);
    for (size_t length = 0; length < message.length; length++) {
        struct receipt receipt = {0};
        assert_int_equal(
            decode(bytes_slice(buffer_bytes(&message), 0, length), 10, &read, &receipt), -1);
        receipt_clear(&receipt);
    }
    struct receipt receipt = {0};
    buffer_append_byte(&message, 0);
    assert_int_equal(decode(buffer_bytes(&message), 10, &read, &receipt), -1);
    receipt_clear(&receipt);
}

static void task_comes_back_as_it_was(void **state)
{
    (void)state;
    AUTO_BUFFER message = {0};
    char name[] = "名簿.csv", format[] = "csv";
    struct task task = {.number = 7, .stage = TASK_VERIFY, .name = name, .format = format};
    struct task read;
    task.options = disarm_default_options;
    task.options.password = "秘密";
    task.options.limits.pages = 3;
    task_encode(&task, &message);
    assert_int_equal(task_decode(buffer_bytes(&message), &read, NULL), 0);
    assert_int_equal(read.number, 7);
    assert_int_equal(read.stage, TASK_VERIFY);
    assert_string_equal(read.name, name);
    assert_string_equal(read.options.password, "秘密");
    assert_int_equal(read.options.limits.pages, 3);
    assert_int_equal(read.options.limits.receipt_rows, task.options.limits.receipt_rows);
    assert_true(read.options.keep_comments);
    task_clear(&read);
    for (size_t length = 0; length < message.length; length++)
        assert_int_equal(task_decode(bytes_slice(buffer_bytes(&message), 0, length), &read, NULL),
                         -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(report_comes_back_as_it_was),
        cmocka_unit_test(report_of_a_refusal_has_static_code_and_clean_texts),
        cmocka_unit_test(report_that_is_both_done_and_refused_is_invalid),
        cmocka_unit_test(report_with_unknown_keys_is_invalid),
        cmocka_unit_test(report_cut_or_padded_is_invalid),
        cmocka_unit_test(task_comes_back_as_it_was),
    };
    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
