/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "policy/policy.h"

static struct policy *compile(const char *text)
{
    struct error error = {0};
    struct policy *policy = policy_compile(bytes_of_string(text), &error);
    if (!policy)
        fail_msg("%s", error.code);
    return policy;
}

static const struct policy_clause *clause_of(const struct policy *policy, const char *id)
{
    size_t index = policy_find_clause(policy, id);
    if (index == POLICY_NONE)
        fail_msg("no clause %s", id);
    return &policy->clauses[index];
}

static const struct policy_requirement *requirement_of(const struct policy *policy, const char *id)
{
    for (size_t i = 0; i < policy->requirement_count; i++) {
        if (!strcmp(policy->requirements[i].id, id))
            return &policy->requirements[i];
    }
    fail_msg("no requirement %s", id);
    return NULL;
}

static struct policy *compile_sample(void)
{
    char path[512];
    snprintf(path, sizeof path, "%s/data/sample/policy.txt", getenv("SEKISHO_SOURCE"));
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    AUTO_BUFFER text = {0};
    buffer_reserve(&text, 1 << 16);
    text.length = fread(text.data, 1, 1 << 16, file);
    fclose(file);
    return compile(buffer_string(&text));
}

static void equal_markers_at_two_depths_are_told_apart(void **state)
{
    (void)state;
    struct policy *policy = compile("1 全体\n(1) 最初\n① 見出し\n"
                                    "ア 細目\n① 甲は、乙をしなければならない。\n"
                                    "② 甲は、丙をしなければならない。\nイ 別の細目\n"
                                    "① 甲は、丁をしなければならない。\n"
                                    "② 次の見出し\nア 甲は、戊をしなければならない。\n");
    assert_string_equal(clause_of(policy, "policy/1/(1)/①/ア/②")->text,
                        "甲は、丙をしなければならない。");
    assert_string_equal(clause_of(policy, "policy/1/(1)/②")->heading, "次の見出し");
    clause_of(policy, "policy/1/(1)/②/ア");
    policy_free(policy);
}

static void a_list_that_was_misread_stays_one_list(void **state)
{
    (void)state;
    struct policy *policy =
        compile("1 全体\n(1) 委託\n① 契約\nア 項目\n次を明記しなければならない。\n"
                "④ 遵守\n⑤ 特定\n⑥ 保証\nイ 確認\n確認しなければならない。\n"
                "② 利用\n手順を定めなければならない。\n");
    clause_of(policy, "policy/1/(1)/①/ア/⑥");
    assert_string_equal(clause_of(policy, "policy/1/(1)/①/イ")->heading, "確認");
    assert_string_equal(clause_of(policy, "policy/1/(1)/②")->heading, "利用");
    policy_free(policy);
}

static void lines_broken_inside_a_word_are_joined(void **state)
{
    (void)state;
    struct policy *policy =
        compile("1 全体\n\n情報セキュリ\n\n\n\nティの向上を図る。次の文とする。\n2 終わり\n"
                "以上を定める。\n");
    assert_string_equal(clause_of(policy, "policy/1")->text,
                        "情報セキュリティの向上を図る。次の文とする。");
    assert_int_equal(policy->sentence_count, 3);
    policy_free(policy);
}

/* As some programs give the text of a PDF: each marker on a line of its own. */
static void a_marker_torn_off_its_heading_is_put_back(void **state)
{
    (void)state;
    struct policy *policy =
        compile("1\n目的\n市の情報を守る。\n2\n対策基準\n別に定める。\n(1)\n記録\n"
                "職員は、記録しなければならない。\n3\n点検\n課は、点検する。\n");
    assert_string_equal(clause_of(policy, "policy/2")->heading, "対策基準");
    assert_string_equal(clause_of(policy, "policy/2/(1)")->heading, "記録");
    assert_string_equal(clause_of(policy, "policy/3")->heading, "点検");
    policy_free(policy);
}

static void a_full_stop_in_brackets_ends_no_sentence(void **state)
{
    (void)state;
    struct policy *policy =
        compile("1 全体\n職員（以下「職員等」という。）は、守らなければならない。\n"
                "2 終わり\n除く（別のものを除く。）。\n");
    assert_int_equal(policy->sentence_count, 2);
    assert_string_equal(requirement_of(policy, "policy/1#1")->roles.items[0], "職員等");
    policy_free(policy);
}

static void every_sentence_stands_at_its_place_in_the_source(void **state)
{
    (void)state;
    struct policy *policy = compile_sample();
    for (size_t i = 0; i < policy->sentence_count; i++) {
        const struct policy_sentence *sentence = &policy->sentences[i];
        assert_true(sentence->place.offset + sentence->place.length <= policy->source_length);
        assert_int_equal(sentence->place.length, strlen(sentence->text));
        assert_memory_equal(policy->source + sentence->place.offset, sentence->text,
                            sentence->place.length);
    }
    policy_free(policy);
}

static void nothing_of_the_source_is_lost_or_doubled(void **state)
{
    (void)state;
    struct policy *policy = compile_sample();
    unsigned char *seen = calloc(policy->source_length, 1);
    for (size_t i = 0; i < policy->clause_count; i++)
        for (size_t at = 0; at < policy->clauses[i].place.length; at++)
            seen[policy->clauses[i].place.offset + at]++;
    for (size_t i = 0; i < policy->furniture_count; i++)
        for (size_t at = 0; at < policy->furniture[i].place.length; at++)
            seen[policy->furniture[i].place.offset + at]++;
    for (size_t at = 0; at < policy->source_length; at++)
        assert_true(seen[at] == 1 || (seen[at] == 0 && strchr(" \n", policy->source[at])));
    free(seen);
    policy_free(policy);
}

static void the_sample_gives_its_facts(void **state)
{
    (void)state;
    struct policy *policy = compile_sample();
    assert_string_equal(policy->organization, "みほん市");
    assert_string_equal(policy->effective, "2026-04-01");
    assert_int_equal(policy->definition_count, 8);
    assert_int_equal(policy->threat_count, 5);
    assert_int_equal(policy->zone_count, 3);
    assert_string_equal(policy->zones[0].id, "mynumber");
    assert_string_equal(policy->zones[1].id, "lgwan");
    assert_string_equal(policy->zones[2].id, "internet");
    assert_string_equal(policy->classification_name, "重要性分類");
    assert_int_equal(policy->level_count, 3);
    assert_int_equal(policy->role_count, 6);
    assert_string_equal(policy->roles[0].name, "最高情報統括責任者");
    assert_string_equal(policy->roles[0].held_by, "副市長");
    policy_free(policy);
}

static void the_sample_gives_its_requirements(void **state)
{
    (void)state;
    struct policy *policy = compile_sample();
    const struct policy_requirement *send = requirement_of(policy, "standard/2/(2)/①/ア#1");
    assert_int_equal(send->modality, POLICY_MUST);
    assert_string_equal(send->roles.items[0], "職員等");
    assert_string_equal(send->threshold, "Ⅱ");
    assert_string_equal(send->permission_from.items[0], "情報セキュリティ管理者");
    const struct policy_requirement *carry = requirement_of(policy, "standard/2/(2)/②/ア#1");
    assert_true(strstr(carry->exception, "ただし") == carry->exception);
    const struct policy_requirement *tell = requirement_of(policy, "standard/3/(1)/①#1");
    assert_int_equal(tell->modality, POLICY_MUST_NOT);
    assert_string_equal(tell->roles.items[0], "職員等");
    const struct policy_requirement *leak = requirement_of(policy, "standard/3/(1)/③#1");
    assert_int_equal(leak->timing, POLICY_IMMEDIATE);
    assert_string_equal(leak->report_to.items[0], "情報セキュリティ管理者");
    assert_int_equal(requirement_of(policy, "standard/3/(2)#1")->timing, POLICY_YEARLY);
    assert_string_equal(requirement_of(policy, "standard/4/(3)#1")->together_with.items[0],
                        "情報システム管理者");
    assert_int_equal(requirement_of(policy, "standard/5#1")->modality, POLICY_MAY);
    policy_free(policy);
}

/* The words of a list, joined by commas. */
static void expect_names(const struct policy_names *names, const char *expected)
{
    AUTO_BUFFER all = {0};
    for (size_t i = 0; i < names->count; i++)
        buffer_append_format(&all, "%s%s", i ? "," : "", names->items[i]);
    assert_string_equal(buffer_string(&all), expected);
}

/* The only duty of one sentence. */
static struct policy *compile_duty(const char *sentence)
{
    AUTO_BUFFER text = {0};
    buffer_append_format(&text, "1 全体\n守る。\n2 扱い\n%s\n", sentence);
    struct policy *policy = compile(buffer_string(&text));
    assert_int_equal(policy->requirement_count, 1);
    return policy;
}

static void a_condition_is_as_long_as_its_cases(void **state)
{
    (void)state;
    struct policy *policy =
        compile_duty("職員は、紙を失くした場合又は盗まれた場合には、直ちに所属長に知らせ"
                     "なければならない。");
    assert_string_equal(policy->requirements[0].condition, "紙を失くした場合又は盗まれた場合には");
    policy_free(policy);
    policy = compile_duty(
        "職員は、決まりをよく知り、機器、回線等の調達に当たって、仕様を確認しなければならない。");
    assert_string_equal(policy->requirements[0].condition, "機器、回線等の調達に当たって");
    policy_free(policy);
    policy = compile_duty("新たに職員となる者は、採用時に、誓約書を出さなければならない。");
    assert_int_equal(policy->requirements[0].timing, POLICY_EVENT);
    policy_free(policy);
}

static void who_acts_and_who_is_told_are_told_apart(void **state)
{
    (void)state;
    struct policy *policy = compile_duty(
        "所属長は、職員等が属する課の情報セキュリティ管理者に報告しなければならない。");
    expect_names(&policy->requirements[0].roles, "所属長");
    expect_names(&policy->requirements[0].report_to, "情報セキュリティ管理者");
    policy_free(policy);
    policy = compile_duty("職員等が守るべき事項を定めるとともに、研修を行う。");
    expect_names(&policy->requirements[0].roles, "");
    policy_free(policy);
    policy = compile_duty("情報セキュリティ委員会において、年度の計画を決定する。");
    expect_names(&policy->requirements[0].roles, "情報セキュリティ委員会");
    policy_free(policy);
    policy = compile_duty("所属長及び所属長が選んだ者は、机の中を調べることができる。");
    expect_names(&policy->requirements[0].roles, "所属長,所属長が選んだ者");
    policy_free(policy);
    policy = compile_duty("CISOは、大きな事故を総務省及び都道府県に報告しなければならない。");
    expect_names(&policy->requirements[0].report_to, "総務省,都道府県");
    policy_free(policy);
}

static void levels_with_numbers_are_thresholds(void **state)
{
    (void)state;
    struct policy *policy = compile_duty(
        "職員は、自治体機密性２以上の情報を持ち出すときは、許可を得なければならない。");
    assert_string_equal(policy->requirements[0].threshold, "自治体機密性2");
    policy_free(policy);
}

static void plain_verbs_of_somebody_are_duties(void **state)
{
    (void)state;
    struct policy *policy = compile_duty("職員は、借りた端末を年度の終わりに返却する。");
    assert_int_equal(policy->requirements[0].modality, POLICY_MUST);
    policy_free(policy);
    policy = compile("1 全体\n守る。\n2 役\n情報管理者は、課の事務を統括する。\n");
    assert_int_equal(policy->requirement_count, 0); /* says what he is */
    policy_free(policy);
}

static void a_reference_that_reaches_nothing_has_no_target(void **state)
{
    (void)state;
    struct policy *policy = compile("1 全体\n(1) 分類\n分ける。\n(2) 扱い\n(1)の分類に基づき扱う。"
                                    "(3)の契約に基づき扱う。\n2 終わり\n上記1に規定する。\n");
    assert_int_equal(policy->reference_count, 3);
    assert_string_equal(policy->clauses[policy->references[0].target].id, "policy/1/(1)");
    assert_int_equal(policy->references[1].target, POLICY_NONE);
    assert_string_equal(policy->clauses[policy->references[2].target].id, "policy/1");
    policy_free(policy);
}

static void expect_refusal(struct bytes text, const char *code)
{
    struct error error = {0};
    assert_null(policy_compile(text, &error));
    assert_string_equal(error.code, code);
}

static void what_is_no_policy_is_refused(void **state)
{
    (void)state;
    expect_refusal(bytes_of_string(""), "policy_empty");
    expect_refusal(bytes_of_string(" \n\t\n"), "policy_empty");
    expect_refusal(bytes_of_string("\xFF\xFE\x01"), "policy_not_utf8");
    expect_refusal((struct bytes){(const uint8_t *)"1 a\0b", 5}, "policy_not_utf8");
    expect_refusal(bytes_of_string("拝啓 ますます御清栄のこととお喜び申し上げます。"),
                   "policy_not_a_policy");
}

static void a_hundred_thousand_nested_markers_end(void **state)
{
    (void)state;
    AUTO_BUFFER text = {0};
    static const char *const markers[] = {"1 a\n",  "(1) b\n", "① c\n",
                                          "ア d\n", "一 e\n",  "・ f\n"};
    for (unsigned i = 0; i < 100000; i++)
        buffer_append_string(&text, markers[i % 6]);
    struct policy *policy = compile(buffer_string(&text));
    assert_int_equal(policy->clause_count, 100000);
    policy_free(policy);
}

static void passage_between_zones_is_read_with_its_direction(void **state)
{
    (void)state;
    struct policy *policy = compile(
        "1 定義\n(1) 甲接続系　甲の機器をいう。\n(2) 乙接続系　乙の機器をいう。\n2 対策\n"
        "(1) 乙接続系から甲接続系へ送る場合は、本文のみをテキスト化して無害化しなければならない。\n"
        "(2) 甲接続系は、他の系と通信できないようにする。\n");
    assert_int_equal(policy->crossing_count, 2);
    assert_string_equal(policy->crossings[0].from, policy->zones[1].id);
    assert_string_equal(policy->crossings[0].to, policy->zones[0].id);
    assert_int_equal(policy->crossings[0].rule, POLICY_CROSSING_DISARMED);
    assert_int_equal(policy->crossings[0].methods.count, 1);
    assert_false(policy->crossings[0].both_ways);
    assert_string_equal(policy->crossings[1].to, "*");
    assert_int_equal(policy->crossings[1].rule, POLICY_CROSSING_FORBIDDEN);
    policy_free(policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_markers_at_two_depths_are_told_apart),
        cmocka_unit_test(a_list_that_was_misread_stays_one_list),
        cmocka_unit_test(lines_broken_inside_a_word_are_joined),
        cmocka_unit_test(a_marker_torn_off_its_heading_is_put_back),
        cmocka_unit_test(a_full_stop_in_brackets_ends_no_sentence),
        cmocka_unit_test(every_sentence_stands_at_its_place_in_the_source),
        cmocka_unit_test(nothing_of_the_source_is_lost_or_doubled),
        cmocka_unit_test(the_sample_gives_its_facts),
        cmocka_unit_test(the_sample_gives_its_requirements),
        cmocka_unit_test(a_condition_is_as_long_as_its_cases),
        cmocka_unit_test(who_acts_and_who_is_told_are_told_apart),
        cmocka_unit_test(levels_with_numbers_are_thresholds),
        cmocka_unit_test(plain_verbs_of_somebody_are_duties),
        cmocka_unit_test(a_reference_that_reaches_nothing_has_no_target),
        cmocka_unit_test(what_is_no_policy_is_refused),
        cmocka_unit_test(passage_between_zones_is_read_with_its_direction),
        cmocka_unit_test(a_hundred_thousand_nested_markers_end),
    };
    return cmocka_run_group_tests_name("compile", tests, NULL, NULL);
}
