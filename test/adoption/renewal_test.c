/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include "adoption/renewal.h"
#include "adoption/setup.h"
#include "adoption/state.h"

static const char head[] =
    "みほん町情報セキュリティポリシー\n\n第1章 基本方針\n\n1 目的\n\n"
    "みほん町（以下「本町」という。）は、情報を守るためこの方針を定める。\n\n第2章 対策基準\n\n"
    "1 職員の義務\n\n";

static int64_t store_with(struct store *store, const char *second)
{
    AUTO_BUFFER text = {0};
    buffer_append_format(
        &text,
        "%s(1) 情報セキュリティ管理者は、毎年度1回、花壇の手入れを見回らなければならない。\n"
        "(2) %s\n",
        head, second);
    return fixture_store_text(store, buffer_bytes(&text));
}

/* The first of a kind about a clause; count is 0 when there is none. */
static struct adoption_stale find(const struct adoption_renewal *renewal,
                                  enum adoption_stale_kind kind, const char *clause)
{
    for (size_t i = 0; i < renewal->count; i++)
        if (renewal->items[i].kind == kind && !strcmp(renewal->items[i].clause, clause))
            return renewal->items[i];
    return (struct adoption_stale){0};
}

/* Both sentences have a decision, an attestation and an exception; one person has acknowledged. */
static int64_t lived_in(struct hall *hall)
{
    int64_t version =
        store_with(hall->store, "職員は、花壇の道具を使った後に、倉庫の棚へ戻さなければならない。");
    struct identity_act reasoned = act;
    struct adoption_version found;
    reasoned.reason = "工事中";
    expect_ok(fixture_try_adopt(hall->store, version, "2026-04-01"), &error);
    expect_ok(adoption_apply(hall->store, &act, version, false, &error), &error);
    for (int i = 1; i <= 2; i++) {
        const char *requirement = i == 1 ? "standard/1/(1)#1" : "standard/1/(2)#1";
        const struct adoption_attestation said = {.version = version,
                                                  .requirement = requirement,
                                                  .done = true,
                                                  .date = "2027-01-10",
                                                  .person = hall->manager};
        expect_ok(adoption_choose(hall->store, &act, version, requirement, ADOPTION_CONFIRM, NULL,
                                  &error),
                  &error);
        expect_ok(adoption_attest(hall->store, &act, &said, &error), &error);
        expect_ok(adoption_exception_grant(hall->store, &reasoned, version, requirement,
                                           "2027-02-28", &error),
                  &error);
    }
    expect_ok(adoption_read(hall->store, version, NOW, &found, &error), &error);
    expect_ok(
        adoption_acknowledge(hall->store, &act, version, hall->clerk, found.text_digest, &error),
        &error);
    return version;
}

static void what_hangs_on_a_changed_sentence_is_stale(void **state)
{
    struct hall hall = hall_open(*state);
    int64_t present = lived_in(&hall);
    int64_t next =
        store_with(hall.store, "職員は、花壇の道具を使った後に、倉庫の箱へ戻さなければならない。");
    struct adoption_renewal renewal;
    expect_ok(adoption_renewal_read(hall.store, present, next, NOW, &renewal, &error), &error);
    for (int kind = ADOPTION_STALE_BINDING; kind <= ADOPTION_STALE_EXCEPTION; kind++) {
        struct adoption_stale stale = find(&renewal, kind, "standard/1/(2)");
        assert_int_equal(stale.count, 1);
        assert_string_equal(stale.now_at, "standard/1/(2)");
        assert_true(stale.likeness > 0.8 && stale.likeness < 1);
        assert_int_equal(find(&renewal, kind, "standard/1/(1)").count, 0);
    }
    assert_int_equal(find(&renewal, ADOPTION_STALE_ACKNOWLEDGEMENT, "").count, 1);
    assert_int_equal(renewal.requirements_changed, 1);
    assert_int_equal(renewal.requirements_gone, 0);
    adoption_renewal_free(&renewal);
    store_close(hall.store);
}

static void what_hangs_on_a_sentence_that_went_has_no_new_place(void **state)
{
    struct hall hall = hall_open(*state);
    int64_t present = lived_in(&hall);
    int64_t next = store_with(hall.store, "来客は、受付で名前を書かなければならない。");
    struct adoption_renewal renewal;
    expect_ok(adoption_renewal_read(hall.store, present, next, NOW, &renewal, &error), &error);
    struct adoption_stale stale = find(&renewal, ADOPTION_STALE_BINDING, "standard/1/(2)");
    assert_int_equal(stale.count, 1);
    assert_string_equal(stale.now_at, "");
    assert_int_equal(renewal.requirements_gone, 1);
    assert_int_equal(renewal.requirements_new, 1);
    adoption_renewal_free(&renewal);
    store_close(hall.store);
}

static void people_acknowledge_exactly_one_version(void **state)
{
    struct hall hall = hall_open(*state);
    int64_t present = lived_in(&hall), have, have_not, moment;
    struct adoption_reader list[8];
    size_t count;
    struct adoption_version found;
    expect_ok(adoption_acknowledged(hall.store, present, hall.clerk, &moment, &error), &error);
    assert_int_equal(moment, NOW);
    expect_ok(adoption_readers_count(hall.store, present, NOW, &have, &have_not, &error), &error);
    assert_int_equal(have, 1);
    assert_int_equal(have_not, 3);
    expect_ok(adoption_readers(hall.store, present, true, NOW, 0, list, 8, &count, &error), &error);
    assert_int_equal(count, 3);
    assert_string_equal(list[0].department, "総務課");
    expect_ok(adoption_readers(hall.store, present, false, NOW, 0, list, 8, &count, &error),
              &error);
    assert_int_equal(count, 1);
    expect_code(adoption_acknowledge(hall.store, &act, present, hall.manager, "sha256:00", &error),
                &error, "adoption_bad_value");
    int64_t next = store_with(hall.store, "来客は、受付で名前を書かなければならない。");
    expect_ok(adoption_read(hall.store, next, NOW, &found, &error), &error);
    expect_code(
        adoption_acknowledge(hall.store, &act, next, hall.manager, found.text_digest, &error),
        &error, "adoption_stage");
    assert_int_equal(fixture_entries(hall.store, "policy.acknowledge"), 1);
    store_close(hall.store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(what_hangs_on_a_changed_sentence_is_stale),
        scratch_unit_test(what_hangs_on_a_sentence_that_went_has_no_new_place),
        scratch_unit_test(people_acknowledge_exactly_one_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
