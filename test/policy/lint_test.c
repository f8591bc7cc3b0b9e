/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/message.h"
#include "policy/lint.h"

/* Compiles and examines a text; returns whether a finding of this kind is in the clause, with these
 * words. */
static bool finds(const char *text, const char *kind, const char *clause, const char *words)
{
    struct error error = {0};
    struct policy *policy = policy_compile(bytes_of_string(text), &error);
    assert_non_null(policy);
    struct policy_findings findings;
    policy_lint(policy, &findings);
    bool found = false;
    for (size_t i = 0; i < findings.count; i++) {
        const struct policy_finding *item = &findings.items[i];
        const char *id = item->clause == POLICY_NONE ? "" : policy->clauses[item->clause].id;
        found |= !strcmp(item->kind, kind) && !strcmp(id, clause) && strstr(item->words, words);
    }
    policy_findings_free(&findings);
    policy_free(policy);
    return found;
}

#define GOOD "1 目的\n守る。\n2 対策\n(1) 分類\n分ける。\n(2) 扱い\n(1)の分類に基づき扱う。\n"

static void a_sound_text_has_no_findings(void **state)
{
    (void)state;
    struct error error = {0};
    struct policy *policy = policy_compile(bytes_of_string(GOOD), &error);
    struct policy_findings findings;
    policy_lint(policy, &findings);
    assert_int_equal(findings.count, 0);
    policy_findings_free(&findings);
    policy_free(policy);
}

static void numbering_that_is_broken_is_found(void **state)
{
    (void)state;
    assert_true(finds("1 全体\n(1) 項\nア 甲\n④ 乙\n⑤ 丙\n2 次\n守る。\n", "begins_late",
                      "policy/1/(1)/ア/④", "④"));
    assert_true(finds("1 全体\n守る。\n3 次\n守る。\n", "number_missing", "policy/3", "3"));
    assert_true(
        finds("1 全体\n守る。\n1 次\n守る。\n2 次\n守る。\n", "number_twice", "policy/1~2", "1"));
    assert_true(finds("1 全体\n(1) 項\nⒶ 甲\n② 乙\n2 次\n守る。\n", "mixed_markers",
                      "policy/1/(1)/②", "Ⓐ"));
}

static void contents_and_headings_that_differ_are_found(void **state)
{
    (void)state;
    const char *text = "目次\n1 目的 ... 1\n3 罰則 ... 2\n\n1 目的\n守る。\n2 対策\n守る。\n";
    assert_true(finds(text, "not_in_contents", "policy/2", "対策"));
    assert_true(finds(text, "only_in_contents", "", "3罰則"));
    const char *longer = "目次\n1 目的地 ... 1\n2 対策 ... 2\n\n1 目的\n守る。\n2 対策\n守る。\n";
    assert_true(finds(longer, "not_in_contents", "policy/1", "目的")); /* as whole lines */
    assert_true(finds(longer, "only_in_contents", "", "1目的地"));
    assert_false(finds(longer, "not_in_contents", "policy/2", "対策"));
    assert_false(finds(longer, "only_in_contents", "", "2対策"));
}

static void references_terms_and_roles_without_an_end_are_found(void **state)
{
    (void)state;
    assert_true(
        finds(GOOD "3 契約\n(3)の契約に従う。\n", "dangling_reference", "policy/3", "(3)の契約"));
    assert_true(finds("1 定義\n(1) 無害化\n安全にすること。\n2 対策\n守る。\n", "unused_term",
                      "policy/1/(1)", "無害化"));
    assert_true(finds("1 体制\n(1) 部長を、情報システム管理者とする。\n2 対策\n"
                      "情報セキュリティ管理者は、記録しなければならない。\n",
                      "unappointed_role", "policy/2", "情報セキュリティ管理者"));
    assert_true(
        finds("情報セキュリティ対策基準\n1 対策\n(1) 項\n記録しなければならない。\n2 次\n守る。\n",
              "no_owner", "standard/1/(1)", "記録"));
}

static void words_and_characters_that_slipped_are_found(void **state)
{
    (void)state;
    assert_true(
        finds(GOOD "3 他\n甲又は又は乙を守る。\n", "doubled_words", "policy/3", "又は又は"));
    assert_true(
        finds(GOOD "3 他\n持ち込んで서는ならない。\n", "foreign_script", "policy/3", "서는"));
    assert_true(
        finds(GOOD "3 他\n備えておかななければならない。\n", "slip", "policy/3", "ななければ"));
    assert_true(finds(GOOD "3 他\n甲と連携し、サ\n\nサーバを守る。\n", "doubled_at_break",
                      "policy/3", "ササ"));
    assert_true(finds(GOOD "3 他\n守る（甲を除く。）)。\n", "brackets", "policy/3", "甲"));
}

/* How many findings of a kind a text has. */
static size_t count_of(const char *text, const char *kind)
{
    struct error error = {0};
    struct policy *policy = policy_compile(bytes_of_string(text), &error);
    assert_non_null(policy);
    struct policy_findings findings;
    policy_lint(policy, &findings);
    size_t count = 0;
    for (size_t i = 0; i < findings.count; i++)
        count += !strcmp(findings.items[i].kind, kind);
    policy_findings_free(&findings);
    policy_free(policy);
    return count;
}

static void what_is_sound_raises_no_alarm(void **state)
{
    (void)state;
    assert_int_equal(
        count_of("1 定義\n(1) 経路の分割\n分けること。\n2 対策\n経路を分割する。\n", "unused_term"),
        0);
    assert_int_equal(count_of(GOOD "3 他\nその課の課長に伝える。\n", "doubled_words"), 0);
    assert_int_equal(
        count_of("第1条 市は、記録を残す。\n2 課は、記録を守る。\n第2条 市は、公表する。\n",
                 "begins_late"),
        0);
    assert_int_equal(
        count_of("目次\n第1章 総則（第1条）\n附則\n第1章 総則\n第1条 市は、守る。\n附則\n"
                 "この規程は、公布の日から施行する。\n",
                 "only_in_contents"),
        0);
    assert_int_equal(count_of("1 体制\n情報管理者を置き、課長をもって充てる。\n2 対策\n"
                              "情報管理者は、記録しなければならない。\n",
                              "unappointed_role"),
                     0);
}

static void a_list_that_names_nobody_is_said_once(void **state)
{
    (void)state;
    assert_int_equal(
        count_of("情報セキュリティ対策基準\n1 対策\n(1) 項目\n記録しなければならない。\n"
                 "ア 紙を守らなければならない。\nイ 箱を守らなければならない。\n2 次\n守る。\n",
                 "no_owner"),
        1);
}

static void every_kind_has_its_sentence(void **state)
{
    (void)state;
    static const char *const kinds[] = {
        "begins_late",   "number_missing",   "number_twice",     "number_backwards",
        "mixed_markers", "not_in_contents",  "only_in_contents", "dangling_reference",
        "unused_term",   "unappointed_role", "no_owner",         "doubled_words",
        "slip",          "doubled_at_break", "foreign_script",   "brackets",
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char key[64];
        snprintf(key, sizeof key, "lint.%s", kinds[i]);
        assert_non_null(message_find(LANGUAGE_JA, key));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_text_has_no_findings),
        cmocka_unit_test(numbering_that_is_broken_is_found),
        cmocka_unit_test(contents_and_headings_that_differ_are_found),
        cmocka_unit_test(references_terms_and_roles_without_an_end_are_found),
        cmocka_unit_test(words_and_characters_that_slipped_are_found),
        cmocka_unit_test(what_is_sound_raises_no_alarm),
        cmocka_unit_test(a_list_that_names_nobody_is_said_once),
        cmocka_unit_test(every_kind_has_its_sentence),
    };
    return cmocka_run_group_tests_name("lint", tests, NULL, NULL);
}
