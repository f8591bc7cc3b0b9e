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

static void no_clause_is_without_a_row(void **state)
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
            assert_true(rows >= 1 || !*policies[p]->clauses[c].text);
        }
    }
    policy_comparison_free(&comparison);
    policy_free(first);
    policy_free(second);
}

/* 「監査と自己点検」 in one clause lacks neither of the two that another body has apart. */
static void a_duty_that_stands_elsewhere_is_not_missing(void **state)
{
    (void)state;
    struct policy *first =
        compile("1 目的\n守る。\n2 研修\n職員は、研修を受けなければならない。\n3 訓練\n"
                "職員は、サイバー攻撃の訓練に参加しなければならない。\n");
    struct policy *second =
        compile("1 目的\n守る。\n2 学ぶこと\n職員は、研修を受けなければならない。職員は、訓練に"
                "参加しなければならない。\n");
    const struct policy *policies[] = {first, second};
    struct policy_comparison comparison;
    policy_compare(policies, 2, &comparison);
    assert_int_equal(row_of(&comparison, policies, 0, "policy/2")->agreement[1], POLICY_CHANGED);
    assert_int_equal(row_of(&comparison, policies, 0, "policy/3")->agreement[1], POLICY_CHANGED);
    policy_comparison_free(&comparison);
    policy_free(first);
    policy_free(second);
}

/* A term that one defines does not answer a duty of the other, however alike the words. */
static void a_definition_answers_no_duty(void **state)
{
    (void)state;
    struct policy *first =
        compile("1 定義\n(1) 無線LANの利用\n電波でつなぐことをいう。\n2 対策\n守る。\n");
    struct policy *second =
        compile("1 対策\n(1) 無線LANの利用\n無線LANの通信を暗号化しなければならない。\n");
    const struct policy *policies[] = {first, second};
    struct policy_comparison comparison;
    policy_compare(policies, 2, &comparison);
    assert_int_equal(row_of(&comparison, policies, 0, "policy/1/(1)")->agreement[1],
                     POLICY_MISSING);
    policy_comparison_free(&comparison);
    policy_free(first);
    policy_free(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clauses_are_aligned_by_meaning_not_by_number),
        cmocka_unit_test(no_clause_is_without_a_row),
        cmocka_unit_test(a_duty_that_stands_elsewhere_is_not_missing),
        cmocka_unit_test(a_definition_answers_no_duty),
    };
    return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
