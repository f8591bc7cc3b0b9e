/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "journal/entry_internal.h"
#include "journal/entry_scan.h"

static void assert_code(struct bytes bytes, const char *code)
{
    uint64_t sequence;
    struct error error = {0};
    assert_int_equal(journal_entry_check(bytes, &sequence, "3", &error), code ? -1 : 0);
    if (code)
        assert_string_equal(error.code, code);
}

static void entry_is_canonical_and_reads_back(void **state)
{
    (void)state;
    const struct journal_fact facts[] = {{"to", "内側"}, {"files", "2"}};
    const struct journal_personal personal[] = {{.field = "applicant.name"}};
    const struct journal_entry entry = {
        .sequence = 7,
        .time = INT64_C(1795135386042),
        .actor = "関所 花子",
        .action = "transfer.approve",
        .object = "transfer/15",
        .address = "192.0.2.7",
        .zone = "lgwan",
        .device = "端末\"3\"",
        .reason = "年度末の集計\nのため",
        .clause = "standard/7/(2)/①",
        .seen = "sha256:00",
        .personal = personal,
        .personal_count = 1,
        .facts = facts,
        .fact_count = 2,
    };
    AUTO_BUFFER out = {0};
    uint64_t sequence = 0;
    assert_int_equal(journal_entry_append(&out, &entry, NULL), 0);
    assert_int_equal(journal_entry_check(buffer_bytes(&out), &sequence, "7", NULL), 0);
    assert_int_equal(sequence, 7);
    assert_non_null(
        strstr(buffer_string(&out), "\"facts\":{\"files\":\"2\",\"to\":\"内側\"},\"object\""));
    assert_non_null(strstr(buffer_string(&out),
                           "\"time\":{\"tokyo\":\"2026-11-20T09:43:06.042000+09:00\","
                           "\"utc\":\"2026-11-20T00:43:06.042000Z\"}}"));
}

static void entry_leaves_out_what_is_absent(void **state)
{
    (void)state;
    AUTO_BUFFER out = {0};
    const struct journal_entry entry = {.action = "start", .actor = ""};
    assert_int_equal(journal_entry_append(&out, &entry, NULL), 0);
    assert_string_equal(buffer_string(&out),
                        "{\"action\":\"start\",\"schema\":\"sekisho.entry/1\",\"time\":"
                        "{\"tokyo\":\"1970-01-01T09:00:00.000000+09:00\","
                        "\"utc\":\"1970-01-01T00:00:00.000000Z\"}}");
}

static void entry_refuses_what_cannot_be_written(void **state)
{
    (void)state;
    AUTO_BUFFER out = {0};
    struct error error;
    const struct journal_fact twice[] = {{"a", "1"}, {"a", "2"}};
    const struct journal_entry no_action = {.actor = "x"};
    const struct journal_entry late = {.action = "x", .time = INT64_MAX};
    const struct journal_entry doubled = {.action = "x", .facts = twice, .fact_count = 2};
    assert_int_equal(journal_entry_append(&out, &no_action, &error), -1);
    assert_int_equal(journal_entry_append(&out, &late, &error), -1);
    assert_int_equal(journal_entry_append(&out, &doubled, &error), -1);
    assert_string_equal(error.code, "journal_bad_entry");
    static char reason[70000];
    memset(reason, 'r', sizeof reason - 1);
    const struct journal_entry long_entry = {.action = "x", .reason = reason};
    assert_int_equal(journal_entry_append(&out, &long_entry, &error), -1);
    assert_string_equal(error.code, "journal_entry_too_long");
    assert_int_equal(out.length, 0);
}

static void entry_scan_knows_what_we_write_and_nothing_that_is_wrong(void **state)
{
    (void)state;
    AUTO_BUFFER out = {0};
    uint64_t quick, parsed;
    const struct journal_fact facts[] = {{"b", "\x01\n\"\\"}, {"a", "関所"}};
    const struct journal_personal personal[] = {{.field = "name"}};
    const struct journal_entry entry = {.sequence = 9007199254740,
                                        .action = "x",
                                        .actor = "\x1f\b\f\r\t",
                                        .zone = "z",
                                        .facts = facts,
                                        .fact_count = 2,
                                        .personal = personal,
                                        .personal_count = 1};
    assert_int_equal(journal_entry_append(&out, &entry, NULL), 0);
    assert_true(entry_scan(buffer_bytes(&out), &quick));
    assert_int_equal(quick, 9007199254740);
    /* Whatever one changed byte makes of it: the quick look never accepts what parsing refuses. */
    for (size_t i = 0; i < out.length; i++) {
        uint8_t kept = out.data[i];
        for (unsigned value = 0; value < 256; value++) {
            out.data[i] = (uint8_t)value;
            if (entry_scan(buffer_bytes(&out), &quick)) {
                assert_int_equal(journal_entry_parse(buffer_bytes(&out), &parsed, "", NULL), 0);
                assert_int_equal(quick, parsed);
            }
        }
        out.data[i] = kept;
        assert_false(entry_scan(bytes_slice(buffer_bytes(&out), 0, i), &quick));
    }
}

static void a_glance_gives_the_members_of_a_list(void **state)
{
    AUTO_BUFFER out = {0};
    struct journal_entry_glance glance;
    struct journal_entry entry = {.sequence = 3,
                                  .time = 1795000000000,
                                  .action = "transfer.accept",
                                  .actor = "person/7",
                                  .object = "transfer/9",
                                  .reason = "県への報告",
                                  .zone = "lgwan"};
    (void)state;
    assert_int_equal(journal_entry_append(&out, &entry, NULL), 0);
    assert_true(journal_entry_glance(buffer_bytes(&out), &glance));
    assert_true(bytes_equal_string(glance.action, "transfer.accept"));
    assert_true(bytes_equal_string(glance.actor, "person/7"));
    assert_true(bytes_equal_string(glance.object, "transfer/9"));
    assert_true(bytes_equal_string(glance.reason, "県への報告"));
    assert_true(bytes_equal_string(glance.utc, "2026-11-18T11:06:40.000000Z"));
    entry.reason = NULL;
    buffer_clear(&out);
    assert_int_equal(journal_entry_append(&out, &entry, NULL), 0);
    assert_true(journal_entry_glance(buffer_bytes(&out), &glance));
    assert_null(glance.reason.data);
    entry.reason = "a \"word\"";
    buffer_clear(&out);
    assert_int_equal(journal_entry_append(&out, &entry, NULL), 0);
    assert_false(journal_entry_glance(buffer_bytes(&out), &glance));
    assert_false(journal_entry_glance(bytes_of_string("{}"), &glance));
}

#define TIME "\"time\":{\"tokyo\":\"\",\"utc\":\"\"}"

static void entry_check_refuses_other_bytes(void **state)
{
    (void)state;
    assert_code(bytes_of_string("{\"action\":\"x\",\"schema\":\"sekisho.entry/1\"," TIME "}"),
                NULL);
    assert_code(bytes_of_string("{\"action\": \"x\",\"schema\":\"sekisho.entry/1\"," TIME "}"),
                "journal_not_canonical");
    assert_code(bytes_of_string("{\"schema\":\"sekisho.entry/1\",\"action\":\"x\"," TIME "}"),
                "journal_not_canonical");
    assert_code(bytes_of_string("{\"action\":1,\"schema\":\"sekisho.entry/1\"," TIME "}"),
                "journal_bad_entry");
    assert_code(
        bytes_of_string("{\"action\":\"x\",\"schema\":\"sekisho.entry/1\"," TIME ",\"zzz\":1}"),
        "journal_bad_entry");
    assert_code(bytes_of_string("{\"action\":\"x\",\"schema\":\"sekisho.entry/2\"," TIME "}"),
                "journal_bad_entry");
    assert_code(bytes_of_string("{\"action\":\"x\",\"schema\":\"sekisho.entry/1\"," TIME),
                "journal_not_canonical");
    assert_code((struct bytes){NULL, 0}, "journal_not_canonical");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entry_is_canonical_and_reads_back),
        cmocka_unit_test(entry_leaves_out_what_is_absent),
        cmocka_unit_test(entry_refuses_what_cannot_be_written),
        cmocka_unit_test(a_glance_gives_the_members_of_a_list),
        cmocka_unit_test(entry_scan_knows_what_we_write_and_nothing_that_is_wrong),
        cmocka_unit_test(entry_check_refuses_other_bytes),
    };
    return cmocka_run_group_tests_name("entry", tests, NULL, NULL);
}
