/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "policy/catalogue.h"

static struct policy *compile(const char *text)
{
    struct error error = {0};
    struct policy *policy = policy_compile(bytes_of_string(text), &error);
    assert_non_null(policy);
    return policy;
}

/* Compiles one sentence as the only duty of a text and expects its first control. */
static void expect_control(const char *heading, const char *sentence, const char *control)
{
    AUTO_BUFFER text = {0};
    buffer_append_format(&text, "1 目的\n守る。\n2 %s\n%s\n", heading, sentence);
    struct policy *policy = compile(buffer_string(&text));
    assert_int_equal(policy->requirement_count, 1);
    assert_true(policy->requirements[0].binding_count > 0);
    assert_string_equal(policy->requirements[0].bindings[0].control, control);
    policy_free(policy);
}

static void duties_bind_to_the_control_that_meets_them(void **state)
{
    (void)state;
    expect_control("接続", "端末の利用には、多要素認証を用いなければならない。", "zone.mfa");
    expect_control("受渡し", "職員等は、ファイルを移すときは、無害化を行わなければならない。",
                   "zone.disarm");
    expect_control("合い言葉", "職員等は、仮のパスワードを直ちに変えなければならない。",
                   "password.initial");
    expect_control("体制", "申請する者と承認する者は、同じ者が兼ねてはならない。",
                   "org.separation-of-duties");
}

/* What a policy of another house style says in its own spelling and words. */
static void other_spellings_and_names_bind_alike(void **state)
{
    (void)state;
    expect_control("媒体", "職員は，個人所有のノートパソコンを用いてはならない。",
                   "staff.private-devices");
    expect_control("離席時の措置", "職員は、ユーザーの画面をロックしなければならない。",
                   "staff.clear-desk");
    expect_control("記録", "担当者は、操作ログを一年間保存しなければならない。",
                   "system.access-log");
    expect_control("委託", "外部委託先を選定するときは、能力を確かめなければならない。",
                   "outsourcing.selection");
}

static void a_further_control_needs_words_of_its_own(void **state)
{
    (void)state;
    struct policy *policy = compile("1 目的\n守る。\n2 点検\n毎年、監査を行わせ、併せて自己点検を"
                                    "実施しなければならない。\n3 記録\n"
                                    "アクセス記録を取得し、保存しなければならない。\n");
    assert_int_equal(policy->requirement_count, 2);
    assert_int_equal(policy->requirements[0].binding_count, 2);
    assert_int_equal(policy->requirements[1].binding_count, 1);
    policy_free(policy);
}

/* What a duty is done with, and when it holds, asks for no control of its own. */
static void a_further_control_is_not_asked_for_in_passing(void **state)
{
    (void)state;
    struct policy *policy =
        compile("1 目的\n守る。\n2 点検\n監査を行った場合は、自己点検を実施しなければならない。\n"
                "3 再発防止\n事案の原因を究明し、統一的な窓口と連携しなければならない。\n"
                "4 体制\n事案の原因を究明し、統一的な窓口を整備しなければならない。\n");
    assert_int_equal(policy->requirement_count, 3);
    assert_int_equal(policy->requirements[0].binding_count, 1);
    assert_string_equal(policy->requirements[0].bindings[0].control, "self-check.conduct");
    assert_int_equal(policy->requirements[1].binding_count, 1);
    assert_string_equal(policy->requirements[1].bindings[0].control, "incident.cause");
    assert_int_equal(policy->requirements[2].binding_count, 2);
    policy_free(policy);
}

static void a_binding_says_which_words_made_it(void **state)
{
    (void)state;
    struct policy *policy = compile("1 目的\n守る。\n2 接続\n多要素認証を用いなければならない。\n");
    AUTO_BUFFER why = {0};
    catalogue_explain(policy, 0, catalogue_find("zone.mfa"), &why);
    assert_non_null(strstr(buffer_string(&why), "多要素認証"));
    policy_free(policy);
}

static void a_duty_nobody_foresaw_binds_with_little_confidence(void **state)
{
    (void)state;
    struct policy *policy = compile("1 目的\n守る。\n2 その他\n"
                                    "職員は、花壇の水やりを当番で行わなければならない。\n");
    const struct policy_requirement *duty = &policy->requirements[0];
    assert_true(duty->binding_count == 0 || duty->bindings[0].confidence < 0.5);
    policy_free(policy);
}

static void every_control_is_whole(void **state)
{
    (void)state;
    size_t count;
    const struct control *controls = catalogue_all(&count);
    assert_true(count >= 150);
    for (size_t i = 0; i < count; i++) {
        assert_true(i == 0 || strcmp(controls[i - 1].id, controls[i].id) < 0);
        assert_ptr_equal(catalogue_find(controls[i].id), &controls[i]);
        assert_true((controls[i].how == CONTROL_ATTESTED) == (*controls[i].by == '\0'));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(duties_bind_to_the_control_that_meets_them),
        cmocka_unit_test(other_spellings_and_names_bind_alike),
        cmocka_unit_test(a_further_control_needs_words_of_its_own),
        cmocka_unit_test(a_further_control_is_not_asked_for_in_passing),
        cmocka_unit_test(a_binding_says_which_words_made_it),
        cmocka_unit_test(a_duty_nobody_foresaw_binds_with_little_confidence),
        cmocka_unit_test(every_control_is_whole),
    };
    return cmocka_run_group_tests_name("bind", tests, NULL, NULL);
}
