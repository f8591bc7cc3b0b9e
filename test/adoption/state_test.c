/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include "adoption/setup.h"
#include "adoption/state.h"
#include "adoption/tally.h"

#define DAY(year, month, day) time_start_of_date((struct date){year, month, day})

static const char duties_text[] =
    "みほん町情報セキュリティポリシー\n\n第1章 基本方針\n\n1 目的\n\n"
    "みほん町（以下「本町」という。）は、情報を守るためこの方針を定める。\n\n第2章 対策基準\n\n"
    "1 体制\n\n(1) 副町長を、最高情報統括責任者とする。\n"
    "(2) 各課の長を、情報セキュリティ管理者とする。\n\n2 職員の義務\n\n"
    "(1) 情報セキュリティ管理者は、毎年度1回、花壇の手入れの様子を見回らなければならない。\n"
    "(2) 情報セキュリティ管理者は、定期的に、花壇の道具の数を数えなければならない。\n"
    "(3) 最高情報統括責任者は、毎年度1回、花壇の計画を読まなければならない。\n";

/* A town whose manager answers for two duties and whose chief officer is missing. */
struct town {
    struct hall hall;
    int64_t version;
};

static struct town town_open(void *state)
{
    struct town town = {.hall = hall_open(state)};
    town.version = fixture_store_text(town.hall.store, bytes_of_string(duties_text));
    expect_ok(fixture_try_adopt(town.hall.store, town.version, "2026-04-01"), &error);
    expect_ok(adoption_apply(town.hall.store, &act, town.version, false, &error), &error);
    return town;
}

static struct adoption_standing standing_of(const struct town *town, const char *requirement,
                                            int64_t now)
{
    AUTO_POLICY *policy = adoption_policy_borrow(town->hall.store, town->version, &error);
    struct adoption_standings all;
    struct adoption_standing found = {0};
    bool there = false;
    expect_ok(adoption_standings_read(town->hall.store, policy, now, &all, &error), &error);
    for (size_t i = 0; i < policy->requirement_count; i++)
        if (!strcmp(policy->requirements[i].id, requirement)) {
            found = all.items[i];
            there = true;
        }
    adoption_standings_free(&all);
    if (!there)
        fail_msg("no requirement %s", requirement);
    return found;
}

static int try_attest(const struct town *town, const char *requirement, bool done, const char *date,
                      int64_t now)
{
    struct identity_act today = act;
    today.now = now;
    const struct adoption_attestation attestation = {.version = town->version,
                                                     .requirement = requirement,
                                                     .done = done,
                                                     .date = date,
                                                     .note = done ? NULL : "雨のため",
                                                     .person = town->hall.manager};
    return adoption_attest(town->hall.store, &today, &attestation, &error);
}

static void a_yearly_duty_is_due_at_the_end_of_the_fiscal_year(void **state)
{
    struct town town = town_open(*state);
    struct adoption_standing standing = standing_of(&town, "standard/2/(1)#1", NOW);
    assert_int_equal(standing.state, ADOPTION_ATTESTED);
    assert_string_equal(standing.due, "2027-03-31");
    assert_string_equal(standing.role, "section_manager");
    assert_int_equal(standing.owner, town.hall.manager);
    assert_int_equal(standing_of(&town, "standard/2/(1)#1", DAY(2027, 3, 31)).state,
                     ADOPTION_ATTESTED);
    assert_int_equal(standing_of(&town, "standard/2/(1)#1", DAY(2027, 4, 1)).state,
                     ADOPTION_OVERDUE);
    store_close(town.hall.store);
}

static void attesting_moves_the_date_on_once_a_period(void **state)
{
    struct town town = town_open(*state);
    expect_ok(try_attest(&town, "standard/2/(1)#1", true, "2027-01-10", NOW), &error);
    expect_ok(try_attest(&town, "standard/2/(1)#1", true, "2027-01-11", NOW), &error);
    struct adoption_standing standing = standing_of(&town, "standard/2/(1)#1", NOW);
    assert_string_equal(standing.due, "2028-03-31");
    assert_string_equal(standing.attested, "2027-01-11");
    assert_true(standing.done);
    expect_ok(try_attest(&town, "standard/2/(2)#1", true, "2027-01-10", NOW), &error);
    assert_string_equal(standing_of(&town, "standard/2/(2)#1", NOW).due, "2027-09-30");
    assert_int_equal(fixture_entries(town.hall.store, "duty.attest"), 3);
    store_close(town.hall.store);
}

static void what_is_said_not_to_be_done_is_overdue(void **state)
{
    struct town town = town_open(*state);
    struct adoption_attested list[4];
    size_t count;
    expect_ok(try_attest(&town, "standard/2/(1)#1", false, "2027-01-10", NOW), &error);
    struct adoption_standing standing = standing_of(&town, "standard/2/(1)#1", NOW);
    assert_int_equal(standing.state, ADOPTION_OVERDUE);
    assert_string_equal(standing.due, "2027-01-10"); /* at once */
    expect_ok(adoption_attestations(town.hall.store, town.version, "standard/2/(1)#1", list, 4,
                                    &count, &error),
              &error);
    assert_int_equal(count, 1);
    assert_string_equal(list[0].note, "雨のため");
    expect_ok(try_attest(&town, "standard/2/(1)#1", true, "2027-01-12", NOW), &error);
    standing = standing_of(&town, "standard/2/(1)#1", NOW);
    assert_int_equal(standing.state, ADOPTION_ATTESTED);
    assert_string_equal(standing.due, "2028-03-31");
    expect_code(try_attest(&town, "standard/2/(1)#1", true, "2027-12-01", NOW), &error,
                "adoption_bad_value");
    store_close(town.hall.store);
}

/* The number of those without an owner, counted alone and with all others. */
static size_t count_unowned(const struct town *town, int64_t now)
{
    struct adoption_standings standings;
    size_t count;
    AUTO_POLICY *policy = adoption_policy_borrow(town->hall.store, town->version, &error);
    assert_non_null(policy);
    expect_ok(adoption_standings_read(town->hall.store, policy, now, &standings, &error), &error);
    expect_ok(adoption_count_unowned(town->hall.store, policy, now, &count, &error), &error);
    assert_int_equal(count, standings.by_state[ADOPTION_UNOWNED]);
    adoption_standings_free(&standings);
    return count;
}

static void a_duty_of_a_role_that_nobody_holds_is_unowned(void **state)
{
    struct town town = town_open(*state);
    assert_int_equal(standing_of(&town, "standard/2/(3)#1", NOW).state, ADOPTION_UNOWNED);
    struct identity_act reasoned = act;
    size_t unowned = count_unowned(&town, NOW);
    reasoned.reason = "代わりに写真で確かめる";
    expect_ok(adoption_exception_grant(town.hall.store, &reasoned, town.version, "standard/2/(3)#1",
                                       "2027-02-28", &error),
              &error);
    assert_int_equal(count_unowned(&town, NOW), unowned - 1);
    expect_ok(adoption_exception_end(town.hall.store, &reasoned, town.version, "standard/2/(3)#1",
                                     &error),
              &error);
    assert_int_equal(count_unowned(&town, NOW), unowned);
    expect_ok(identity_role_grant(town.hall.store, &act, town.hall.colleague, "ciso", 0,
                                  NOW - TIME_DAY, 0, NULL, &error),
              &error);
    assert_int_not_equal(standing_of(&town, "standard/2/(3)#1", NOW).state, ADOPTION_UNOWNED);
    assert_true(count_unowned(&town, NOW) < unowned);
    store_close(town.hall.store);
}

static void an_exception_ends_by_itself(void **state)
{
    struct town town = town_open(*state);
    struct identity_act reasoned = act;
    expect_code(adoption_exception_grant(town.hall.store, &act, town.version, "standard/2/(1)#1",
                                         "2027-02-28", &error),
                &error, "adoption_reason");
    reasoned.reason = "花壇の工事中。代わりに写真で確かめる";
    expect_ok(adoption_exception_grant(town.hall.store, &reasoned, town.version, "standard/2/(1)#1",
                                       "2027-02-28", &error),
              &error);
    assert_int_equal(standing_of(&town, "standard/2/(1)#1", NOW).state, ADOPTION_EXCEPTION);
    assert_int_equal(standing_of(&town, "standard/2/(1)#1", DAY(2027, 3, 1)).state,
                     ADOPTION_ATTESTED);
    expect_ok(adoption_exception_end(town.hall.store, &reasoned, town.version, "standard/2/(1)#1",
                                     &error),
              &error);
    assert_int_equal(standing_of(&town, "standard/2/(1)#1", NOW).state, ADOPTION_ATTESTED);
    store_close(town.hall.store);
}

static void entries_are_counted_as_they_are_recorded(void **state)
{
    struct town town = town_open(*state);
    struct store *store = town.hall.store;
    expect_ok(adoption_choose(store, &act, town.version, "standard/2/(1)#1", ADOPTION_ADD,
                              "zone.mfa", &error),
              &error);
    struct adoption_standing before = standing_of(&town, "standard/2/(1)#1", NOW);
    if (before.state != ADOPTION_ENFORCED)
        fail_msg("%s by %s", adoption_state_name(before.state), before.control->by);
    const char *accepted = tally_row_of(before.control)->accepted[0];
    for (int i = 0; i < 3; i++) {
        struct store_entry entry = {.action = accepted, .time = NOW + i};
        expect_ok(store_begin(store, &error), &error);
        expect_ok(store_record(store, &entry, &error), &error);
        expect_ok(store_commit(store, &error), &error);
    }
    struct adoption_standing after = standing_of(&town, "standard/2/(1)#1", NOW + TIME_SECOND);
    assert_int_equal(after.accepted, before.accepted + 3);
    assert_true(after.last >= NOW + 2);
    assert_int_equal(standing_of(&town, "standard/2/(1)#1", DAY(2027, 4, 2)).accepted, 0);
    struct adoption_evidence_day days[4];
    size_t count;
    expect_ok(adoption_evidence_days(store, after.control, "2026-04-01", days, 4, &count, &error),
              &error);
    assert_int_equal(count, 1);
    assert_string_equal(days[0].date, "2027-01-15");
    expect_code(try_attest(&town, "standard/2/(1)#1", true, "2027-01-10", NOW), &error,
                "adoption_not_attested");
    store_close(store);
}

static void not_applicable_is_a_state(void **state)
{
    struct town town = town_open(*state);
    struct identity_act reasoned = act;
    struct adoption_duty duties[8];
    size_t count;
    reasoned.reason = "花壇が無い";
    expect_ok(adoption_duties(town.hall.store, town.version, "section_manager", "2027-03-31",
                              duties, 8, &count, &error),
              &error);
    assert_int_equal(count, 2);
    expect_ok(adoption_choose(town.hall.store, &reasoned, town.version, "standard/2/(1)#1",
                              ADOPTION_NOT_APPLICABLE, NULL, &error),
              &error);
    assert_int_equal(standing_of(&town, "standard/2/(1)#1", NOW).state, ADOPTION_INAPPLICABLE);
    expect_ok(adoption_duties(town.hall.store, town.version, "section_manager", "2027-03-31",
                              duties, 8, &count, &error),
              &error);
    assert_int_equal(count, 1);
    store_close(town.hall.store);
}

/* What is enforced is proved by something, or data/evidence.tsv says that it is not yet. */
static void every_enforced_control_has_a_row_of_evidence(void **state)
{
    (void)state;
    size_t count;
    const struct control *all = catalogue_all(&count);
    for (size_t i = 0; i < count; i++) {
        bool known = all[i].how != CONTROL_ENFORCED;
        for (size_t k = 0; k < tally_row_count; k++)
            known = known || !strcmp(tally_table[k].by, all[i].by);
        if (!known)
            fail_msg("%s is met by %s, which data/evidence.tsv does not have", all[i].id,
                     all[i].by);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(a_yearly_duty_is_due_at_the_end_of_the_fiscal_year),
        scratch_unit_test(attesting_moves_the_date_on_once_a_period),
        scratch_unit_test(what_is_said_not_to_be_done_is_overdue),
        scratch_unit_test(a_duty_of_a_role_that_nobody_holds_is_unowned),
        scratch_unit_test(an_exception_ends_by_itself),
        scratch_unit_test(entries_are_counted_as_they_are_recorded),
        scratch_unit_test(not_applicable_is_a_state),
        cmocka_unit_test(every_enforced_control_has_a_row_of_evidence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
