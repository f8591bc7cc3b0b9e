/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include "adoption/bindings.h"

#define OLD_SENTENCE                                                                               \
    "職員は、毎日の作業の前に端末の状態を確かめて、気付いたことを帳簿に書かなければならない。"
#define NEAR_SENTENCE                                                                              \
    "職員は、毎日の作業の前に端末の状態を確かめて、気付いたことを台帳に書かなければならない。"

static const char head[] =
    "みほん町情報セキュリティポリシー\n\n第1章 基本方針\n\n1 目的\n\n"
    "みほん町（以下「本町」という。）は、情報を守るためこの方針を定める。\n\n"
    "第2章 対策基準\n\n1 職員の義務\n\n";

static int64_t store_with(struct store *store, const char *first, const char *second)
{
    AUTO_BUFFER text = {0};
    buffer_append_format(&text, "%s(1) %s\n(2) %s\n", head, first, second);
    return fixture_store_text(store, buffer_bytes(&text));
}

/* The bindings of the requirement in a clause. */
static struct adoption_bindings of_clause(struct store *store, int64_t version, const char *clause)
{
    AUTO_POLICY *policy = adoption_policy_borrow(store, version, &error);
    struct adoption_bindings *all, found = {0};
    expect_ok(adoption_bindings_read(store, policy, &all, &error), &error);
    size_t at = policy_find_clause(policy, clause);
    for (size_t i = 0; i < policy->requirement_count; i++)
        if (policy->requirements[i].clause == at)
            found = all[i];
    free(all);
    return found;
}

static void decide(struct store *store, int64_t version)
{
    struct identity_act reasoned = act;
    reasoned.reason = "作業が無いため";
    expect_ok(adoption_choose(store, &act, version, "standard/1/(1)#1", ADOPTION_ADD,
                              "operation.clock", &error),
              &error);
    expect_ok(adoption_choose(store, &reasoned, version, "standard/1/(2)#1",
                              ADOPTION_NOT_APPLICABLE, NULL, &error),
              &error);
}

static void a_person_adds_and_takes_back(void **state)
{
    struct store *store = fixture_store(*state);
    int64_t version = store_with(store, OLD_SENTENCE, "職員は、鍵を机に置いてはならない。");
    assert_false(of_clause(store, version, "standard/1/(1)").confirmed);
    decide(store, version);
    struct adoption_bindings first = of_clause(store, version, "standard/1/(1)");
    assert_string_equal(adoption_binding_first(&first)->id, "operation.clock");
    assert_true(first.confirmed);
    assert_false(first.check_again);
    struct adoption_bindings second = of_clause(store, version, "standard/1/(2)");
    assert_true(second.not_applicable);
    assert_string_equal(second.reason, "作業が無いため");
    expect_ok(adoption_choose(store, &act, version, "standard/1/(1)#1", ADOPTION_REMOVE,
                              "operation.clock", &error),
              &error);
    first = of_clause(store, version, "standard/1/(1)");
    const struct control *control = adoption_binding_first(&first);
    assert_true(!control || strcmp(control->id, "operation.clock") != 0);
    assert_int_equal(fixture_entries(store, "binding.add"), 1);
    store_close(store);
}

static void a_choice_must_make_sense(void **state)
{
    struct store *store = fixture_store(*state);
    int64_t version = store_with(store, OLD_SENTENCE, "職員は、鍵を机に置いてはならない。");
    expect_code(
        adoption_choose(store, &act, version, "standard/9#1", ADOPTION_CONFIRM, NULL, &error),
        &error, "adoption_requirement_unknown");
    expect_code(
        adoption_choose(store, &act, version, "standard/1/(1)#1", ADOPTION_ADD, "no.such", &error),
        &error, "adoption_control_unknown");
    expect_code(adoption_choose(store, &act, version, "standard/1/(1)#1", ADOPTION_NOT_APPLICABLE,
                                NULL, &error),
                &error, "adoption_reason");
    store_close(store);
}

static void a_choice_follows_its_sentence_into_a_new_text(void **state)
{
    struct store *store = fixture_store(*state);
    decide(store, store_with(store, OLD_SENTENCE, "職員は、鍵を机に置いてはならない。"));
    int64_t next = store_with(store, "職員は、鍵を机に置いてはならない。", NEAR_SENTENCE);
    struct adoption_bindings moved = of_clause(store, next, "standard/1/(1)");
    assert_true(moved.not_applicable);
    assert_false(moved.check_again);
    struct adoption_bindings near = of_clause(store, next, "standard/1/(2)");
    assert_string_equal(adoption_binding_first(&near)->id, "operation.clock");
    assert_true(near.check_again);
    expect_ok(
        adoption_choose(store, &act, next, "standard/1/(2)#1", ADOPTION_CONFIRM, NULL, &error),
        &error);
    assert_false(of_clause(store, next, "standard/1/(2)").check_again);
    int64_t other = store_with(store, "職員は、窓を閉めなければならない。",
                               "職員は、来客の名前を聞かなければならない。");
    assert_false(of_clause(store, other, "standard/1/(1)").confirmed);
    assert_false(of_clause(store, other, "standard/1/(2)").confirmed);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(a_person_adds_and_takes_back),
        scratch_unit_test(a_choice_must_make_sense),
        scratch_unit_test(a_choice_follows_its_sentence_into_a_new_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
