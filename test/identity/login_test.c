/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "login_fixture.h"

#include "identity/internal.h"

static void the_right_password_lets_in_and_the_entry_names_no_login(void **state)
{
    int64_t hanako;
    struct store *store = fixture_hall(*state, &hanako);
    struct identity_login login = fixture_login(store, "Hanako", GOOD, NOW);
    assert_int_equal(login.state, IDENTITY_FULL);
    assert_int_equal(login.person, hanako);
    assert_int_equal(strlen(login.token), 43);
    assert_int_equal(fixture_entries(store, "\"login.accept\""), 1);
    assert_int_equal(fixture_entries(store, login.token), 0);
    store_close(store);
}

static void wrong_unknown_and_shut_look_alike(void **state)
{
    int64_t hanako;
    struct store *store = fixture_hall(*state, &hanako);
    struct identity_login wrong = fixture_login(store, "hanako", OTHER, NOW);
    struct identity_login unknown = fixture_login(store, "nobody", OTHER, NOW);
    expect_ok(identity_person_suspend(store, &act, hanako, true, &error), &error);
    struct identity_login shut = fixture_login(store, "hanako", GOOD, NOW);
    assert_memory_equal(&wrong, &unknown, sizeof wrong);
    assert_memory_equal(&wrong, &shut, sizeof wrong);
    assert_int_equal(wrong.state, IDENTITY_WRONG);
    assert_int_equal(fixture_entries(store, "\"login.refuse\""), 3);
    assert_int_equal(fixture_entries(store, "nobody"), 0);
    store_close(store);
}

/* Attempts until a login is locked; the delay in seconds. */
static int64_t fail_until_locked(struct store *store, const char *name, int64_t now)
{
    for (int i = 0; i < 10; i++) {
        struct identity_login login = fixture_login(store, name, OTHER, now);
        if (login.state == IDENTITY_LOCKED)
            return (login.retry_at - now) / TIME_SECOND;
        assert_int_equal(login.state, IDENTITY_WRONG);
    }
    return 0;
}

static void wrong_attempts_lock_longer_and_longer_whether_the_login_exists_or_not(void **state)
{
    int64_t hanako, now = NOW;
    struct store *store = fixture_hall(*state, &hanako);
    const int64_t delays[] = {60, 120, 240, 400, 400};
    fixture_rule(store, "lock_seconds_most", 400);
    for (size_t i = 0; i < sizeof delays / sizeof *delays; i++) {
        assert_int_equal(fail_until_locked(store, "hanako", now), delays[i]);
        assert_int_equal(fail_until_locked(store, "nobody", now), delays[i]);
        assert_int_equal(fixture_login(store, "hanako", GOOD, now).state, IDENTITY_LOCKED);
        now += delays[i] * TIME_SECOND;
    }
    assert_int_equal(fixture_login(store, "hanako", GOOD, now).state, IDENTITY_FULL);
    assert_int_equal(fixture_login(store, "hanako", OTHER, now).state, IDENTITY_WRONG);
    store_close(store);
}

static void a_new_temporary_password_lifts_the_lock(void **state)
{
    int64_t hanako;
    char temporary[IDENTITY_TEMPORARY_SIZE];
    struct store *store = fixture_hall(*state, &hanako);
    fail_until_locked(store, "hanako", NOW);
    expect_ok(identity_password_reset(store, &act, hanako, temporary, &error), &error);
    assert_int_equal(fixture_login(store, "hanako", temporary, NOW).state, IDENTITY_MUST_CHANGE);
    store_close(store);
}

static void after_the_login_stand_the_last_one_and_the_failures_since(void **state)
{
    int64_t hanako;
    struct store *store = fixture_hall(*state, &hanako);
    struct identity_login login = fixture_login(store, "hanako", GOOD, NOW);
    assert_int_equal(login.last_login, 0);
    fixture_login(store, "hanako", OTHER, NOW + 1);
    fixture_login(store, "hanako", OTHER, NOW + 2);
    login = fixture_login(store, "hanako", GOOD, NOW + 3);
    assert_int_equal(login.last_login, NOW);
    assert_int_equal(login.failures_since, 2);
    struct identity_session session = fixture_session(store, login.token, "lgwan", NOW + 4);
    assert_int_equal(session.last_login, NOW);
    assert_int_equal(session.failures_since, 2);
    assert_int_equal(fixture_login(store, "hanako", GOOD, NOW + 5).failures_since, 0);
    store_close(store);
}

static void a_temporary_password_must_be_changed_before_anything(void **state)
{
    int64_t hanako;
    char temporary[IDENTITY_TEMPORARY_SIZE];
    struct store *store = fixture_hall(*state, &hanako);
    expect_ok(identity_password_reset(store, &act, hanako, temporary, &error), &error);
    assert_int_equal(fixture_login(store, "hanako", GOOD, NOW).state, IDENTITY_WRONG);
    struct identity_login login = fixture_login(store, "hanako", temporary, NOW);
    assert_int_equal(login.state, IDENTITY_MUST_CHANGE);
    assert_string_equal(login.must_change, "password_temporary");
    struct identity_session session = fixture_session(store, login.token, "lgwan", NOW);
    assert_int_equal(session.stage, IDENTITY_MUST_CHANGE);
    expect_ok(identity_password_change(store, &session, temporary, OTHER, NOW, &error), &error);
    assert_int_equal(fixture_session(store, login.token, "lgwan", NOW).stage, IDENTITY_FULL);
    assert_int_equal(fixture_login(store, "hanako", OTHER, NOW).state, IDENTITY_FULL);
    store_close(store);
}

static void rules_that_tighten_meet_everybody_at_the_next_login(void **state)
{
    int64_t hanako;
    struct store *store = fixture_hall(*state, &hanako);
    struct identity_login before = fixture_login(store, "hanako", GOOD, NOW);
    fixture_rule(store, "password_length", 30);
    assert_int_equal(fixture_session(store, before.token, "lgwan", NOW).stage, IDENTITY_FULL);
    struct identity_login login = fixture_login(store, "hanako", GOOD, NOW);
    assert_int_equal(login.state, IDENTITY_MUST_CHANGE);
    assert_string_equal(login.must_change, "password_short");
    store_close(store);
}

static void a_password_ages_by_days_and_by_uses(void **state)
{
    int64_t hanako;
    struct store *store = fixture_hall(*state, &hanako);
    fixture_rule(store, "password_days", 90);
    assert_int_equal(fixture_login(store, "hanako", GOOD, NOW + 89 * TIME_DAY).state,
                     IDENTITY_FULL);
    struct identity_login login = fixture_login(store, "hanako", GOOD, NOW + 90 * TIME_DAY);
    assert_string_equal(login.must_change, "password_old");
    fixture_rule(store, "password_days", 0);
    fixture_rule(store, "password_uses", 3);
    assert_int_equal(fixture_login(store, "hanako", GOOD, NOW).state, IDENTITY_FULL);
    login = fixture_login(store, "hanako", GOOD, NOW);
    assert_string_equal(login.must_change, "password_worn");
    store_close(store);
}

static void privileged_people_have_stronger_rules(void **state)
{
    int64_t hanako;
    struct store *store = fixture_hall(*state, &hanako);
    fixture_rule(store, "password_length_privileged", 20);
    assert_int_equal(fixture_login(store, "hanako", GOOD, NOW).state, IDENTITY_FULL);
    expect_ok(identity_role_grant(store, &act, hanako, "system_manager", 0, NOW, 0, NULL, &error),
              &error);
    struct identity_login login = fixture_login(store, "hanako", GOOD, NOW);
    assert_string_equal(login.must_change, "password_short");
    struct identity_session session = fixture_session(store, login.token, "lgwan", NOW);
    assert_true(session.privileged);
    assert_int_equal(session.expires - session.created, 7200 * TIME_SECOND);
    expect_code(identity_password_change(store, &session, GOOD, OTHER, NOW, &error), &error,
                "password_short");
    expect_ok(identity_password_change(store, &session, GOOD, OTHER "-to-inu", NOW, &error),
              &error);
    session = fixture_session(store, login.token, "lgwan", NOW);
    assert_int_equal(session.stage, IDENTITY_MUST_ENROLL);
    store_close(store);
}

static void the_last_passwords_cannot_come_again(void **state)
{
    int64_t hanako;
    struct store *store = fixture_hall(*state, &hanako);
    fixture_rule(store, "password_history", 2);
    struct identity_login login = fixture_login(store, "hanako", GOOD, NOW);
    struct identity_session session = fixture_session(store, login.token, "lgwan", NOW);
    expect_code(identity_password_change(store, &session, GOOD, GOOD, NOW, &error), &error,
                "password_used");
    expect_ok(identity_password_change(store, &session, GOOD, OTHER, NOW, &error), &error);
    expect_code(identity_password_change(store, &session, OTHER, GOOD, NOW, &error), &error,
                "password_used");
    expect_ok(identity_password_change(store, &session, OTHER, "sora-to-midori-no-ie", NOW, &error),
              &error);
    expect_ok(identity_password_change(store, &session, "sora-to-midori-no-ie", GOOD, NOW, &error),
              &error);
    store_close(store);
}

static void changing_asks_for_the_present_password_and_counts_wrong_ones(void **state)
{
    int64_t hanako;
    struct identity_session session;
    struct store *store = fixture_hall(*state, &hanako);
    struct identity_login login = fixture_login(store, "hanako", GOOD, NOW);
    session = fixture_session(store, login.token, "lgwan", NOW);
    for (int i = 0; i < 5; i++)
        expect_code(identity_password_change(store, &session, "wrong", OTHER, NOW, &error), &error,
                    "password_mismatch");
    expect_code(identity_password_change(store, &session, GOOD, OTHER, NOW, &error), &error,
                "login_locked");
    assert_int_equal(identity_session_find(store, login.token, "lgwan", NOW, &session, &error), 0);
    store_close(store);
}

static void a_hash_grows_with_the_rules(void **state)
{
    int64_t hanako;
    struct identity_password before, after;
    struct store *store = fixture_hall(*state, &hanako);
    expect_ok(identity_password_read(store, hanako, &before, &error), &error);
    fixture_rule(store, "hash_memory", 16384);
    fixture_login(store, "hanako", GOOD, NOW);
    expect_ok(identity_password_read(store, hanako, &after, &error), &error);
    assert_non_null(strstr(before.hash, "$argon2id$v=19$m=8192,t=1,"));
    assert_non_null(strstr(after.hash, "$argon2id$v=19$m=16384,t=1,"));
    assert_int_equal(fixture_login(store, "hanako", GOOD, NOW).state, IDENTITY_FULL);
    store_close(store);
}

static void a_zone_asks_for_a_second_factor_and_mynumber_always_does(void **state)
{
    int64_t hanako;
    struct store *store = fixture_hall(*state, &hanako);
    assert_int_equal(fixture_login_in(store, "hanako", GOOD, "mynumber", NOW).state,
                     IDENTITY_MUST_ENROLL);
    expect_code(identity_zone_factor_save(store, &act, "mynumber", false, &error), &error,
                "identity_bad_value");
    expect_ok(identity_zone_factor_save(store, &act, "lgwan", true, &error), &error);
    assert_int_equal(fixture_login(store, "hanako", GOOD, NOW).state, IDENTITY_MUST_ENROLL);
    assert_int_equal(fixture_login_in(store, "hanako", GOOD, "internet", NOW).state, IDENTITY_FULL);
    store_close(store);
}

static void a_rule_outside_its_range_is_refused(void **state)
{
    int64_t hanako;
    struct store *store = fixture_hall(*state, &hanako);
    expect_code(identity_rule_save(store, &act, "password_length", 3, &error), &error,
                "identity_bad_value");
    expect_code(identity_rule_save(store, &act, "password_colour", 3, &error), &error,
                "identity_unknown");
    assert_int_equal(fixture_entries(store, "\"rules.change\""), 2);
    store_close(store);
}

static void rules_and_second_factors_are_saved_together_or_not_at_all(void **state)
{
    int64_t hanako;
    struct store *store = fixture_hall(*state, &hanako);
    const struct identity_rule_value values[] = {{"password_length", 30}};
    const struct identity_zone_factor factors[] = {{"lgwan", true}, {"mynumber", false}};
    struct identity_rules rules;
    bool required = true;
    int entries = fixture_entries(store, "\"rules.change\"");
    expect_code(identity_rules_and_factors_save(store, &act, values, 1, factors, 2, &error), &error,
                "identity_bad_value");
    expect_ok(identity_rules_read(store, &rules, &error), &error);
    expect_ok(identity_zone_factor_read(store, "lgwan", &required, &error), &error);
    assert_true(rules.password_length != 30 && !required);
    assert_int_equal(fixture_entries(store, "\"rules.change\""), entries);
    expect_ok(identity_rules_and_factors_save(store, &act, values, 1, factors, 1, &error), &error);
    expect_ok(identity_rules_read(store, &rules, &error), &error);
    expect_ok(identity_zone_factor_read(store, "lgwan", &required, &error), &error);
    assert_true(rules.password_length == 30 && required);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(the_right_password_lets_in_and_the_entry_names_no_login),
        scratch_unit_test(wrong_unknown_and_shut_look_alike),
        scratch_unit_test(wrong_attempts_lock_longer_and_longer_whether_the_login_exists_or_not),
        scratch_unit_test(a_new_temporary_password_lifts_the_lock),
        scratch_unit_test(after_the_login_stand_the_last_one_and_the_failures_since),
        scratch_unit_test(a_temporary_password_must_be_changed_before_anything),
        scratch_unit_test(rules_that_tighten_meet_everybody_at_the_next_login),
        scratch_unit_test(a_password_ages_by_days_and_by_uses),
        scratch_unit_test(privileged_people_have_stronger_rules),
        scratch_unit_test(the_last_passwords_cannot_come_again),
        scratch_unit_test(changing_asks_for_the_present_password_and_counts_wrong_ones),
        scratch_unit_test(a_hash_grows_with_the_rules),
        scratch_unit_test(a_zone_asks_for_a_second_factor_and_mynumber_always_does),
        scratch_unit_test(a_rule_outside_its_range_is_refused),
        scratch_unit_test(rules_and_second_factors_are_saved_together_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
