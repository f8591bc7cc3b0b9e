/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "policy/compare.h"

#define FIRST                                                                                                                       \
    "みほん市情報セキュリティ基本方針\n1 目的\nみほん市の情報資産を守ることを目的とする。\n" \
    "2 教育\n職員は、毎年研修を受けなければならない。\n3 点検\n部長は、対策の状況を点検する。\n"
#define SECOND                                                                                                                      \
    "ためし町情報セキュリティ基本方針\n1 目的\nためし町の情報資産を守ることを目的とする。\n" \
    "2 機器\nIoT機器の弱点を調べ、直さなければならない。\n3 研修と教育\n"                                \
    "職員は、毎年1回、研修を受けなければならない。\n"

static struct policy *compile(const char *text)
{
    struct error error = {0};
    struct policy *policy = policy_compile(bytes_of_string(text), &error);
    assert_non_null(policy);
    return policy;
}

/* The row in which policy p has the clause with this id. */
static const struct policy_row *row_of(const struct policy_comparison *comparison,
                                       const struct policy *const *policies, size_t p,
                                       const char *id)
{
    size_t clause = policy_find_clause(policies[p], id);
    for (size_t r = 0; r < comparison->row_count; r++) {
        if (comparison->rows[r].clauses[p] == clause)
            return &comparison->rows[r];
    }
    fail_msg("no row for %s", id);
    return NULL;
}

static void clauses_are_aligned_by_meaning_not_by_number(void **state)
{
    (void)state;
    struct policy *first = compile(FIRST), *second = compile(SECOND);
    const struct policy *policies[] = {first, second};
    struct policy_comparison comparison;
    policy_compare(policies, 2, &comparison);
    const struct policy_row *purpose = row_of(&comparison, policies, 0, "policy/1");
    assert_int_equal(purpose->agreement[1], POLICY_SAME); /* the body's name aside */
    const struct policy_row *training = row_of(&comparison, policies, 0, "policy/2");
    assert_int_equal(training->clauses[1], policy_find_clause(second, "policy/3"));
    assert_int_equal(training->agreement[1], POLICY_CHANGED);
    assert_int_equal(row_of(&comparison, policies, 0, "policy/3")->agreement[1], POLICY_MISSING);
    const struct policy_row *devices = row_of(&comparison, policies, 1, "policy/2");
    assert_int_equal(devices->agreement[0], POLICY_MISSING);
    assert_string_equal(devices->topic, "機器");
    policy_comparison_free(&comparison);
    policy_free(first);
    policy_free(second);
}

static void every_clause_stands_in_exactly_one_row(void **state)
{
    (void)state;
    struct policy *first = compile(FIRST), *second = compile(SECOND);
    const struct policy *policies[] = {first, second};
    struct policy_comparison comparison;
    policy_compare(policies, 2, &comparison);
    for (size_t p = 0; p < 2; p++) {
        for (size_t c = 0; c < policies[p]->clause_count; c++) {
            size_t rows = 0;
            for (size_t r = 0; r < comparison.row_count; r++)
                rows += comparison.rows[r].clauses[p] == c;
            assert_int_equal(rows, *policies[p]->clauses[c].text ? 1 : 0);
        }
    }
    policy_comparison_free(&comparison);
    policy_free(first);
    policy_free(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clauses_are_aligned_by_meaning_not_by_number),
        cmocka_unit_test(every_clause_stands_in_exactly_one_row),
    };
    return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
