/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include "adoption/setup.h"
#include "gate/zones.h"
#include "identity/credentials.h"
#include "identity/scheme.h"

static const char numbers_text[] =
    "みほん町情報セキュリティポリシー\n\n第1章 基本方針\n\n1 目的\n\n"
    "みほん町（以下「本町」という。）は、情報を守るためこの方針を定める。\n\n2 定義\n\n"
    "(1) LGWAN接続系\n\nLGWANに接続する情報システムをいう。\n\n"
    "(2) インターネット接続系\n\nインターネットに接続する情報システムをいう。\n\n"
    "第2章 対策基準\n\n1 パスワード\n\n"
    "(1) 職員等は、パスワードを１２文字以上としなければならない。\n"
    "(2) 職員等は、パスワードを３か月ごとに変更しなければならない。\n"
    "(3) 職員等は、過去五回のパスワードを再利用してはならない。\n"
    "(4) 情報システム管理者は、認証に10回失敗したときは、ログインを15分間停止しなければならない。\n"
    "(5) "
    "情報システム管理者は、操作がない状態が5分続いたときは、自動的にログアウトさせなければならない"
    "。\n"
    "(6) 情報システム管理者は、特権を持つ者のパスワードを20文字以上としなければならない。\n\n"
    "2 記録\n\n(1) 情報システム管理者は、アクセスの記録を18か月間保存しなければならない。\n"
    "(2) 職員等は、取り込むファイルをウイルスについて検査しなければならない。\n";

static struct adoption_plan plan_of(struct bytes text)
{
    struct adoption_plan plan;
    struct policy *policy = policy_compile(text, &error);
    assert_non_null(policy);
    adoption_plan_make(policy, &plan);
    policy_free(policy);
    return plan;
}

static void expect_item(const struct adoption_plan *plan, const char *key, const char *value,
                        bool stated)
{
    const struct adoption_item *item = adoption_plan_find(plan, key);
    if (!item)
        fail_msg("no %s", key);
    if (strcmp(item->value, value) != 0 || item->stated != stated)
        fail_msg("%s is %s (%s)", key, item->value, item->stated ? "stated" : "default");
}

static void numbers_of_the_text_become_rules(void **state)
{
    (void)state;
    struct adoption_plan plan = plan_of(bytes_of_string(numbers_text));
    expect_item(&plan, "rule/password_length", "12", true);
    expect_item(&plan, "rule/password_length_privileged", "20", true);
    expect_item(&plan, "rule/password_days", "90", true);
    expect_item(&plan, "rule/password_history", "5", true);
    expect_item(&plan, "rule/lock_after", "10", true);
    expect_item(&plan, "rule/lock_seconds", "900", true);
    expect_item(&plan, "rule/session_idle", "300", true);
    expect_item(&plan, "journal/years_kept", "2", true);
    expect_item(&plan, "rule/session_most", "36000", false);
    expect_item(&plan, "conduit/internet/lgwan/antivirus", "required", true);
    adoption_plan_free(&plan);
}

static void passwords_wear_out_where_the_text_counts_their_use(void **state)
{
    (void)state;
    static const char text[] =
        "みほん町情報セキュリティポリシー\n\n第1章 基本方針\n\n1 目的\n\n"
        "みほん町（以下「本町」という。）は、情報を守るためこの方針を定める。\n\n"
        "第2章 対策基準\n\n1 パスワード\n\n"
        "(1) 職員等は、パスワードを使用回数に応じて変更しなければならない。\n";
    struct adoption_plan plan = plan_of(bytes_of_string(text));
    expect_item(&plan, "rule/password_uses", "500", false);
    expect_item(&plan, "rule/password_uses_privileged", "500", false);
    expect_item(&plan, "rule/password_days", "0", false);
    adoption_plan_free(&plan);
}

/* Files are labelled by confidentiality, not by what else a table of levels says. */
static void levels_in_tables_become_the_classification(void **state)
{
    (void)state;
    AUTO_BUFFER text = {0};
    fixture_source("test/policy/samples/bunrui.txt", &text);
    struct adoption_plan plan = plan_of(buffer_bytes(&text));
    expect_item(&plan, "classification/name", "自治体機密性", true);
    expect_item(&plan, "classification/4/label", "3A", true);
    expect_item(&plan, "classification/3/label", "3B", true);
    expect_item(&plan, "classification/1/label", "2", true);
    expect_item(&plan, "classification/0/text", "公開してよいもの", true);
    assert_null(adoption_plan_find(&plan, "classification/2/label"));
    adoption_plan_free(&plan);
}

static void the_sample_sets_up_three_tiers(void **state)
{
    (void)state;
    AUTO_BUFFER text = {0};
    fixture_source("data/sample/policy.txt", &text);
    struct adoption_plan plan = plan_of(buffer_bytes(&text));
    expect_item(&plan, "organization/name", "みほん市", true);
    expect_item(&plan, "zone/mynumber/level", "2", false);
    expect_item(&plan, "zone/mynumber/second_factor", "yes", true);
    expect_item(&plan, "zone/internet/second_factor", "no", false);
    expect_item(&plan, "conduit/internet/lgwan/passage", "open", true);
    expect_item(&plan, "conduit/internet/mynumber/passage", "none", true);
    expect_item(&plan, "conduit/mynumber/internet/passage", "none", true);
    expect_item(&plan, "classification/name", "重要性分類", true);
    expect_item(&plan, "classification/3/label", "Ⅱ", true);
    expect_item(&plan, "conduit/lgwan/internet/approval_from", "3", true);
    expect_item(&plan, "role/ciso/post", "副市長", true);
    assert_null(adoption_plan_find(&plan, "conduit/internet/mynumber/treatments"));
    adoption_plan_free(&plan);
}

static struct gate_conduit find_conduit(struct store *store, const char *from, const char *to)
{
    struct gate_conduit list[32];
    size_t count;
    expect_ok(gate_conduit_list(store, from, list, 32, &count, &error), &error);
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].destination, to) == 0)
            return list[i];
    return (struct gate_conduit){0};
}

static void applying_sets_the_town_up_once(void **state)
{
    struct store *store = fixture_store(*state);
    int64_t version = fixture_adopt_sample(store);
    struct gate_zone zones[8];
    struct identity_level levels[IDENTITY_LEVELS];
    size_t count;
    expect_ok(adoption_apply(store, &act, version, false, &error), &error);
    expect_ok(gate_zone_list(store, zones, 8, &count, &error), &error);
    assert_int_equal(count, 3);
    assert_string_equal(zones[0].id, "internet");
    struct gate_conduit conduit = find_conduit(store, "lgwan", "internet");
    assert_true(conduit.open);
    assert_int_equal(conduit.approval_from, 3);
    assert_int_equal(find_conduit(store, "mynumber", "lgwan").id, 0);
    expect_ok(identity_levels(store, levels, &count, &error), &error);
    assert_int_equal(count, 3);
    assert_string_equal(levels[0].label, "Ⅰ");
    unsigned entries = fixture_entries(store, "\"action\"");
    struct adoption_plan plan;
    expect_ok(adoption_plan_read(store, version, &plan, &error), &error);
    for (size_t i = 0; i < plan.count; i++)
        if (plan.items[i].change != ADOPTION_SAME)
            fail_msg("%s: %s, was %s", plan.items[i].key, plan.items[i].value,
                     plan.items[i].present ? plan.items[i].present : "-");
    adoption_plan_free(&plan);
    expect_ok(adoption_apply(store, &act, version, false, &error), &error);
    assert_int_equal(fixture_entries(store, "\"action\""), entries);
    assert_int_equal(fixture_entries(store, "setup.apply"), 1);
    assert_true(fixture_entries(store, "\"clause\":\"policy/2/(3)\"") > 0);
    store_close(store);
}

static void nothing_is_loosened_without_being_told(void **state)
{
    struct store *store = fixture_store(*state);
    AUTO_BUFFER text = {0};
    buffer_append_string(&text, numbers_text);
    int64_t version = fixture_store_text(store, buffer_bytes(&text));
    struct identity_rules rules;
    expect_ok(fixture_try_adopt(store, version, "2026-04-01"), &error);
    expect_ok(identity_rule_save(store, &act, "password_length", 16, &error), &error);
    expect_code(adoption_apply(store, &act, version, false, &error), &error, "adoption_looser");
    assert_string_equal(error.where, "rule/password_length");
    struct gate_zone zones[8];
    size_t count;
    expect_ok(gate_zone_list(store, zones, 8, &count, &error), &error);
    assert_int_equal(count, 0);
    expect_ok(adoption_apply(store, &act, version, true, &error), &error);
    expect_ok(identity_rules_read(store, &rules, &error), &error);
    assert_int_equal(rules.password_length, 12);
    store_close(store);
}

static void a_person_corrects_the_plan(void **state)
{
    struct store *store = fixture_store(*state);
    int64_t version = fixture_adopt_sample(store);
    struct adoption_plan plan;
    expect_ok(adoption_plan_correct(store, &act, version, "zone/school/name", "教育系", &error),
              &error);
    expect_ok(adoption_plan_correct(store, &act, version, "conduit/school/internet/passage",
                                    "medium", &error),
              &error);
    expect_ok(adoption_plan_correct(store, &act, version, "conduit/school/internet/treatments",
                                    "text", &error),
              &error);
    expect_code(adoption_plan_correct(store, &act, version, "rule/password_length", "3", &error),
                &error, "adoption_bad_value");
    expect_code(adoption_plan_correct(store, &act, version, "rule/shoe_size", "3", &error), &error,
                "adoption_item_unknown");
    expect_ok(adoption_plan_read(store, version, &plan, &error), &error);
    assert_true(adoption_plan_find(&plan, "zone/school/name")->corrected);
    adoption_plan_free(&plan);
    expect_ok(adoption_apply(store, &act, version, false, &error), &error);
    struct gate_conduit conduit = find_conduit(store, "school", "internet");
    assert_true(conduit.medium_only);
    assert_int_equal(conduit.usual, DISARM_TEXT);
    assert_false(conduit.treatments[DISARM_REBUILD]);
    store_close(store);
}

static void a_silent_text_keeps_what_was_set_up(void **state)
{
    struct store *store = fixture_store(*state);
    int64_t version = fixture_adopt_sample(store);
    struct identity_rules rules;
    expect_ok(identity_rule_save(store, &act, "session_most", 7200, &error), &error);
    expect_ok(adoption_apply(store, &act, version, false, &error), &error);
    expect_ok(identity_rules_read(store, &rules, &error), &error);
    assert_int_equal(rules.session_most, 7200);
    store_close(store);
}

static void a_draft_is_not_applied(void **state)
{
    struct store *store = fixture_store(*state);
    int64_t version = fixture_store_sample(store);
    expect_code(adoption_apply(store, &act, version, false, &error), &error, "adoption_stage");
    store_close(store);
}

static void vacant_roles_are_named(void **state)
{
    struct hall hall = hall_open(*state);
    int64_t version = fixture_adopt_sample(hall.store);
    struct adoption_vacancy list[8];
    size_t count;
    expect_ok(adoption_apply(hall.store, &act, version, false, &error), &error);
    expect_ok(adoption_vacancies(hall.store, NOW, list, 8, &count, &error), &error);
    bool ciso = false;
    for (size_t i = 0; i < count; i++) {
        assert_string_not_equal(list[i].role, "section_manager");
        ciso = ciso || (strcmp(list[i].role, "ciso") == 0 && strcmp(list[i].post, "副市長") == 0);
    }
    assert_true(ciso);
    store_close(hall.store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_the_text_become_rules),
        cmocka_unit_test(passwords_wear_out_where_the_text_counts_their_use),
        cmocka_unit_test(levels_in_tables_become_the_classification),
        cmocka_unit_test(the_sample_sets_up_three_tiers),
        scratch_unit_test(applying_sets_the_town_up_once),
        scratch_unit_test(nothing_is_loosened_without_being_told),
        scratch_unit_test(a_person_corrects_the_plan),
        scratch_unit_test(a_silent_text_keeps_what_was_set_up),
        scratch_unit_test(a_draft_is_not_applied),
        scratch_unit_test(vacant_roles_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
