/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "login_fixture.h"

#include "identity/permissions.h"

/* Whether a token finds a session. */
static bool found(struct store *store, const char *token, const char *zone, int64_t now)
{
    struct identity_session session;
    int result = identity_session_find(store, token, zone, now, &session, &error);
    assert_true(result >= 0);
    return result == 1;
}

static void a_session_is_nothing_in_another_zone_and_its_token_is_not_kept(void **state)
{
    int64_t hanako;
    struct store *store = fixture_hall(*state, &hanako);
    struct identity_login login = fixture_login(store, "hanako", GOOD, NOW);
    assert_true(found(store, login.token, "lgwan", NOW));
    assert_false(found(store, login.token, "internet", NOW));
    assert_false(found(store, "", "lgwan", NOW));
    login.token[3] ^= 1;
    assert_false(found(store, login.token, "lgwan", NOW));
    login.token[3] ^= 1;
    AUTO_BUFFER database = {0};
    expect_ok(store_settle(store, &error), &error);
    expect_ok(file_read(scratch_path(*state, "sekisho.db"), 1 << 26, &database, &error), &error);
    assert_int_equal(bytes_find(buffer_bytes(&database), 0, login.token), SIZE_MAX);
    store_close(store);
}

static void a_session_ends_when_it_is_not_used_and_at_the_latest_after_its_time(void **state)
{
    int64_t hanako;
    struct store *store = fixture_hall(*state, &hanako);
    struct identity_login login = fixture_login(store, "hanako", GOOD, NOW);
    assert_true(found(store, login.token, "lgwan", NOW + 29 * MINUTE));
    assert_true(found(store, login.token, "lgwan", NOW + 58 * MINUTE));
    assert_false(found(store, login.token, "lgwan", NOW + 88 * MINUTE));
    login = fixture_login(store, "hanako", GOOD, NOW);
    for (int64_t minute = 0; minute < 600; minute += 20)
        assert_true(found(store, login.token, "lgwan", NOW + minute * MINUTE));
    assert_false(found(store, login.token, "lgwan", NOW + 600 * MINUTE));
    store_close(store);
}

static void suspension_takes_effect_at_once_and_resuming_does_not_revive(void **state)
{
    int64_t hanako;
    struct store *store = fixture_hall(*state, &hanako);
    struct identity_login login = fixture_login(store, "hanako", GOOD, NOW);
    expect_ok(identity_person_suspend(store, &act, hanako, true, &error), &error);
    assert_false(found(store, login.token, "lgwan", NOW));
    expect_ok(identity_person_suspend(store, &act, hanako, false, &error), &error);
    assert_false(found(store, login.token, "lgwan", NOW));
    assert_int_equal(fixture_login(store, "hanako", GOOD, NOW).state, IDENTITY_FULL);
    store_close(store);
}

static void an_account_that_ends_later_ends_its_sessions_then(void **state)
{
    int64_t hanako;
    struct identity_person person;
    struct store *store = fixture_hall(*state, &hanako);
    struct identity_login login = fixture_login(store, "hanako", GOOD, NOW);
    expect_ok(identity_person_read(store, hanako, NULL, &person, &error), &error);
    person.ends = NOW + MINUTE;
    expect_ok(identity_person_save(store, &act, &person, &error), &error);
    assert_true(found(store, login.token, "lgwan", NOW));
    assert_false(found(store, login.token, "lgwan", NOW + MINUTE));
    store_close(store);
}

static void logging_out_ends_one_and_everywhere_ends_the_others(void **state)
{
    int64_t hanako;
    struct store *store = fixture_hall(*state, &hanako);
    struct identity_login one = fixture_login(store, "hanako", GOOD, NOW);
    struct identity_login two = fixture_login_in(store, "hanako", GOOD, "internet", NOW);
    struct identity_login three = fixture_login(store, "hanako", GOOD, NOW);
    struct identity_session session = fixture_session(store, one.token, "lgwan", NOW);
    expect_ok(identity_logout(store, &session, NOW, &error), &error);
    assert_false(found(store, one.token, "lgwan", NOW));
    session = fixture_session(store, three.token, "lgwan", NOW);
    expect_ok(identity_logout_everywhere(store, &act, hanako, session.id, &error), &error);
    assert_false(found(store, two.token, "internet", NOW));
    assert_true(found(store, three.token, "lgwan", NOW));
    assert_int_equal(fixture_entries(store, "\"logout\""), 1);
    store_close(store);
}

static void what_a_script_asks_keeps_no_session_alive(void **state)
{
    int64_t hanako, soon = NOW + 20 * 60 * TIME_SECOND;
    struct store *store = fixture_hall(*state, &hanako);
    struct identity_login asked = fixture_login(store, "hanako", GOOD, NOW);
    struct identity_login used = fixture_login(store, "hanako", GOOD, NOW);
    struct identity_session session;
    assert_int_equal(identity_session_peek(store, asked.token, "lgwan", soon, &session, &error), 1);
    assert_int_equal(identity_session_find(store, used.token, "lgwan", soon, &session, &error), 1);
    assert_false(found(store, asked.token, "lgwan", soon + 15 * 60 * TIME_SECOND));
    assert_true(found(store, used.token, "lgwan", soon + 15 * 60 * TIME_SECOND));
    store_close(store);
}

static void a_new_password_ends_the_other_sessions(void **state)
{
    int64_t hanako;
    struct store *store = fixture_hall(*state, &hanako);
    struct identity_login one = fixture_login(store, "hanako", GOOD, NOW);
    struct identity_login two = fixture_login(store, "hanako", GOOD, NOW);
    struct identity_session session = fixture_session(store, two.token, "lgwan", NOW);
    expect_ok(identity_password_change(store, &session, GOOD, OTHER, NOW, &error), &error);
    assert_false(found(store, one.token, "lgwan", NOW));
    assert_true(found(store, two.token, "lgwan", NOW));
    store_close(store);
}

static void a_form_needs_the_secret_of_its_session(void **state)
{
    int64_t hanako;
    struct store *store = fixture_hall(*state, &hanako);
    struct identity_login one = fixture_login(store, "hanako", GOOD, NOW);
    struct identity_login two = fixture_login(store, "hanako", GOOD, NOW);
    struct identity_session first = fixture_session(store, one.token, "lgwan", NOW);
    struct identity_session second = fixture_session(store, two.token, "lgwan", NOW);
    assert_true(identity_csrf_matches(&first, first.csrf));
    assert_false(identity_csrf_matches(&first, second.csrf));
    assert_false(identity_csrf_matches(&first, one.token));
    assert_false(identity_csrf_matches(&first, ""));
    assert_false(identity_csrf_matches(&first, NULL));
    memset(first.csrf, 0, sizeof first.csrf);
    assert_false(identity_csrf_matches(&first, ""));
    store_close(store);
}

static void a_session_carries_roles_and_those_stood_in_for(void **state)
{
    int64_t hanako, holding;
    struct store *store = fixture_hall(*state, &hanako);
    int64_t jiro = fixture_person(store, "jiro", fixture_department(store, "0200", "税務課"));
    expect_ok(
        identity_role_grant(store, &act, jiro, "section_manager", 2, NOW, 0, &holding, &error),
        &error);
    expect_ok(
        identity_deputy_add(store, &act, holding, hanako, NOW, NOW + 5 * MINUTE, NULL, &error),
        &error);
    struct identity_login login = fixture_login(store, "hanako", GOOD, NOW);
    struct identity_session session = fixture_session(store, login.token, "lgwan", NOW);
    assert_true(identity_may(&session, "transfer.approve", "lgwan", NULL));
    assert_true(identity_holds(&session, "section_manager", 2));
    assert_int_equal(session.grants[session.grant_count - 1].acts_for, jiro);
    session = fixture_session(store, login.token, "lgwan", NOW + 5 * MINUTE);
    assert_false(identity_may(&session, "transfer.approve", "lgwan", NULL));
    store_close(store);
}

static void tokens_are_made_soon_after_a_login_and_by_no_token(void **state)
{
    int64_t hanako, id;
    char token[IDENTITY_TOKEN_SIZE];
    struct store *store = fixture_hall(*state, &hanako);
    struct identity_login login = fixture_login(store, "hanako", GOOD, NOW);
    struct identity_session session = fixture_session(store, login.token, "lgwan", NOW);
    const int64_t late = NOW + 31 * 60 * TIME_SECOND;
    expect_code(identity_token_add(store, &session, "複合機", "transfer.send api.use",
                                   late + TIME_DAY, late, token, &id, &error),
                &error, "identity_fresh");
    expect_ok(identity_token_add(store, &session, "複合機", "transfer.send api.use", NOW + TIME_DAY,
                                 NOW, token, &id, &error),
              &error);
    assert_int_equal(identity_token_find(store, token, "lgwan", NOW, &session, &error), 1);
    expect_code(identity_token_add(store, &session, "もう一つ", "transfer.send api.use",
                                   NOW + TIME_DAY, NOW, token, &id, &error),
                &error, "identity_scope");
    store_close(store);
}

static void a_token_works_in_its_zone_for_its_scopes_until_it_is_revoked(void **state)
{
    int64_t hanako, id;
    char token[IDENTITY_TOKEN_SIZE];
    struct identity_session by_token;
    struct store *store = fixture_hall(*state, &hanako);
    struct identity_login login = fixture_login(store, "hanako", GOOD, NOW);
    struct identity_session session = fixture_session(store, login.token, "lgwan", NOW);
    expect_ok(identity_token_add(store, &session, "複合機", "transfer.send api.use", NOW + TIME_DAY,
                                 NOW, token, &id, &error),
              &error);
    assert_int_equal(identity_token_find(store, token, "lgwan", NOW, &by_token, &error), 1);
    assert_true(identity_may(&by_token, "transfer.send", "lgwan", NULL));
    assert_false(identity_may(&by_token, "transfer.receive", "lgwan", NULL));
    assert_false(identity_csrf_matches(&by_token, ""));
    assert_int_equal(identity_token_find(store, token, "internet", NOW, &by_token, &error), 0);
    assert_int_equal(identity_token_find(store, token, "lgwan", NOW + TIME_DAY, &by_token, &error),
                     0);
    assert_int_equal(identity_session_find(store, token, "lgwan", NOW, &by_token, &error), 0);
    expect_ok(identity_person_suspend(store, &act, hanako, true, &error), &error);
    assert_int_equal(identity_token_find(store, token, "lgwan", NOW, &by_token, &error), 0);
    expect_ok(identity_person_suspend(store, &act, hanako, false, &error), &error);
    expect_code(identity_token_revoke(store, &act, hanako + 1, id, &error), &error,
                "identity_unknown");
    expect_ok(identity_token_revoke(store, &act, hanako, id, &error), &error);
    assert_int_equal(identity_token_find(store, token, "lgwan", NOW, &by_token, &error), 0);
    store_close(store);
}

static void a_token_gets_no_scope_that_its_person_does_not_have(void **state)
{
    int64_t hanako;
    char token[IDENTITY_TOKEN_SIZE];
    struct store *store = fixture_hall(*state, &hanako);
    struct identity_login login = fixture_login(store, "hanako", GOOD, NOW);
    struct identity_session session = fixture_session(store, login.token, "lgwan", NOW);
    const char *const refused[] = {"journal.read", "transfer.send journal.read", "", " ",
                                   "no.such"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        expect_code(
            identity_token_add(store, &session, "x", refused[i], NOW + 1, NOW, token, NULL, &error),
            &error, "identity_scope");
    expect_code(identity_token_add(store, &session, "x", "api.use", NOW + 400 * TIME_DAY, NOW,
                                   token, NULL, &error),
                &error, "identity_bad_value");
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(a_session_is_nothing_in_another_zone_and_its_token_is_not_kept),
        scratch_unit_test(a_session_ends_when_it_is_not_used_and_at_the_latest_after_its_time),
        scratch_unit_test(suspension_takes_effect_at_once_and_resuming_does_not_revive),
        scratch_unit_test(an_account_that_ends_later_ends_its_sessions_then),
        scratch_unit_test(logging_out_ends_one_and_everywhere_ends_the_others),
        scratch_unit_test(what_a_script_asks_keeps_no_session_alive),
        scratch_unit_test(a_new_password_ends_the_other_sessions),
        scratch_unit_test(a_form_needs_the_secret_of_its_session),
        scratch_unit_test(a_session_carries_roles_and_those_stood_in_for),
        scratch_unit_test(tokens_are_made_soon_after_a_login_and_by_no_token),
        scratch_unit_test(a_token_works_in_its_zone_for_its_scopes_until_it_is_revoked),
        scratch_unit_test(a_token_gets_no_scope_that_its_person_does_not_have),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
