/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "login_fixture.h"

#include <liboath/oath.h>

#include "identity/factors.h"

/* The secret that an app reads from the URI. */
struct app {
    char *secret;
    size_t length;
};

static void app_code(const struct app *app, int64_t now, char code[7])
{
    assert_int_equal(
        oath_totp_generate(app->secret, app->length, (time_t)(now / TIME_SECOND), 30, 0, 6, code),
        OATH_OK);
}

/* Registers an app in the My Number zone; the session's token is the new one. */
static struct app enroll(struct store *store, struct identity_login *login, int64_t now)
{
    AUTO_BUFFER uri = {0};
    struct app app;
    char code[7], token[IDENTITY_TOKEN_SIZE];
    *login = fixture_login_in(store, "hanako", GOOD, "mynumber", now);
    struct identity_session session = fixture_session(store, login->token, "mynumber", now);
    expect_ok(identity_totp_begin(store, &session, "みほん市", now, &uri, &error), &error);
    const char *secret = strstr(buffer_string(&uri), "?secret=") + 8;
    assert_int_equal(oath_base32_decode(secret, strcspn(secret, "&"), &app.secret, &app.length), 0);
    assert_true(bytes_start_with(buffer_bytes(&uri),
                                 "otpauth://totp/%E3%81%BF%E3%81%BB%E3%82%93%E5%B8%82:hanako?"));
    app_code(&app, now, code);
    expect_ok(identity_totp_confirm(store, &session, code, now, token, &error), &error);
    assert_int_equal(identity_session_find(store, login->token, "mynumber", now, &session, &error),
                     0);
    memcpy(login->token, token, sizeof token);
    return app;
}

static void an_app_is_registered_where_the_zone_asks(void **state)
{
    int64_t hanako;
    struct identity_login login;
    struct identity_factors factors;
    struct store *store = fixture_hall(*state, &hanako);
    struct app app = enroll(store, &login, NOW);
    struct identity_session session = fixture_session(store, login.token, "mynumber", NOW);
    assert_int_equal(session.stage, IDENTITY_FULL);
    assert_true(session.second_factor_done);
    expect_ok(identity_factors_read(store, hanako, &factors, &error), &error);
    assert_true(factors.totp);
    assert_int_equal(fixture_entries(store, "\"factor.add\""), 1);
    AUTO_BUFFER uri = {0};
    expect_code(identity_totp_begin(store, &session, "x", NOW, &uri, &error), &error,
                "factor_taken");
    free(app.secret);
    store_close(store);
}

static void a_code_proves_that_the_person_of_a_token_is_there(void **state)
{
    int64_t hanako, now = NOW + 10 * MINUTE;
    char code[7];
    struct identity_login login;
    struct store *store = fixture_hall(*state, &hanako);
    struct app app = enroll(store, &login, NOW);
    struct identity_session session = fixture_session(store, login.token, "mynumber", NOW);
    app_code(&app, now, code);
    expect_code(identity_presence_prove(store, &session, code, now, &error), &error,
                "factor_stage"); /* a browser has its own way */
    struct identity_session program = session;
    program.by_token = true;
    expect_code(identity_presence_prove(store, &program, "no code", now, &error), &error,
                "factor_wrong");
    assert_false(program.present);
    expect_ok(identity_presence_prove(store, &program, code, now, &error), &error);
    assert_true(program.present);
    expect_code(identity_presence_prove(store, &program, code, now, &error), &error,
                "factor_wrong"); /* it counts once */
    assert_false(program.present);
    for (int i = 0; i < 10; i++)
        identity_presence_prove(store, &program, "no code", now, NULL);
    app_code(&app, now + 30 * TIME_SECOND, code);
    expect_code(identity_presence_prove(store, &program, code, now, &error), &error,
                "login_locked");
    assert_int_equal(
        identity_session_find(store, login.token, "mynumber", NOW + 1, &session, &error),
        1); /* whose number may be that of the token */
    free(app.secret);
    store_close(store);
}

static void a_code_is_good_once_and_one_step_around(void **state)
{
    int64_t hanako, now = NOW + 10 * MINUTE;
    char code[7], token[IDENTITY_TOKEN_SIZE];
    struct identity_login login;
    struct store *store = fixture_hall(*state, &hanako);
    struct app app = enroll(store, &login, NOW);
    login = fixture_login(store, "hanako", GOOD, now);
    assert_int_equal(login.state, IDENTITY_SECOND_FACTOR);
    struct identity_session session = fixture_session(store, login.token, "lgwan", now);
    app_code(&app, now - 60 * TIME_SECOND, code);
    expect_code(identity_totp_check(store, &session, code, now, token, &error), &error,
                "factor_wrong");
    app_code(&app, now - 30 * TIME_SECOND, code);
    expect_ok(identity_totp_check(store, &session, code, now, token, &error), &error);
    assert_int_equal(fixture_session(store, token, "lgwan", now).stage, IDENTITY_FULL);
    login = fixture_login(store, "hanako", GOOD, now);
    session = fixture_session(store, login.token, "lgwan", now);
    expect_code(identity_totp_check(store, &session, code, now, token, &error), &error,
                "factor_wrong");
    assert_int_equal(fixture_entries(store, "\"factor.refuse\""), 2);
    app_code(&app, now + 30 * TIME_SECOND, code);
    expect_ok(identity_totp_check(store, &session, code, now, token, &error), &error);
    free(app.secret);
    store_close(store);
}

static void codes_cannot_be_tried_without_end_by_logging_in_again(void **state)
{
    int64_t hanako, now = NOW + 10 * MINUTE;
    char token[IDENTITY_TOKEN_SIZE];
    struct identity_login login;
    struct store *store = fixture_hall(*state, &hanako);
    struct app app = enroll(store, &login, NOW);
    for (int i = 0; i < 5; i++) {
        login = fixture_login(store, "hanako", GOOD, now);
        assert_int_equal(login.state, IDENTITY_SECOND_FACTOR);
        struct identity_session session = fixture_session(store, login.token, "lgwan", now);
        expect_code(identity_totp_check(store, &session, "no code", now, token, &error), &error,
                    "factor_wrong");
    }
    assert_int_equal(fixture_login(store, "hanako", GOOD, now).state, IDENTITY_LOCKED);
    assert_int_equal(fixture_entries(store, "\"factor.refuse\""), 5);
    free(app.secret);
    store_close(store);
}

static void a_recovery_code_is_good_once_however_it_is_typed(void **state)
{
    int64_t hanako, now = NOW + MINUTE;
    char codes[IDENTITY_RECOVERY_CODES][IDENTITY_RECOVERY_SIZE], token[IDENTITY_TOKEN_SIZE];
    struct identity_login login;
    struct identity_factors factors;
    struct store *store = fixture_hall(*state, &hanako);
    struct app app = enroll(store, &login, NOW);
    struct identity_session session = fixture_session(store, login.token, "mynumber", NOW);
    expect_ok(identity_recovery_make(store, &session, NOW, codes, &error), &error);
    assert_string_not_equal(codes[0], codes[1]);
    login = fixture_login(store, "hanako", GOOD, now);
    session = fixture_session(store, login.token, "lgwan", now);
    codes[3][4] = ' ';
    codes[3][0] = (char)(codes[3][0] >= 'a' ? codes[3][0] - 32 : codes[3][0]);
    expect_ok(identity_recovery_check(store, &session, codes[3], now, token, &error), &error);
    assert_int_equal(fixture_session(store, token, "lgwan", now).stage, IDENTITY_FULL);
    expect_ok(identity_factors_read(store, hanako, &factors, &error), &error);
    assert_int_equal(factors.recovery_codes, IDENTITY_RECOVERY_CODES - 1);
    login = fixture_login(store, "hanako", GOOD, now);
    session = fixture_session(store, login.token, "lgwan", now);
    expect_code(identity_recovery_check(store, &session, codes[3], now, token, &error), &error,
                "factor_wrong");
    assert_int_equal(fixture_entries(store, codes[0]), 0);
    free(app.secret);
    store_close(store);
}

static void a_factor_is_shown_and_registered_only_when_it_is_time(void **state)
{
    int64_t hanako;
    char token[IDENTITY_TOKEN_SIZE];
    AUTO_BUFFER uri = {0};
    struct identity_login login;
    struct store *store = fixture_hall(*state, &hanako);
    struct app app = enroll(store, &login, NOW);
    struct identity_session session = fixture_session(store, login.token, "mynumber", NOW);
    expect_code(identity_recovery_check(store, &session, "x", NOW, token, &error), &error,
                "factor_stage");
    login = fixture_login(store, "hanako", GOOD, NOW);
    session = fixture_session(store, login.token, "lgwan", NOW);
    expect_code(identity_totp_begin(store, &session, "x", NOW, &uri, &error), &error,
                "factor_stage");
    expect_code(identity_password_change(store, &session, GOOD, OTHER, NOW, &error), &error,
                "factor_stage");
    free(app.secret);
    store_close(store);
}

static void a_factor_that_is_taken_away_is_asked_for_no_more(void **state)
{
    int64_t hanako;
    struct identity_login login;
    struct store *store = fixture_hall(*state, &hanako);
    struct app app = enroll(store, &login, NOW);
    assert_int_equal(fixture_login(store, "hanako", GOOD, NOW).state, IDENTITY_SECOND_FACTOR);
    expect_ok(identity_factor_remove(store, &act, hanako, 0, &error), &error);
    assert_int_equal(fixture_login(store, "hanako", GOOD, NOW).state, IDENTITY_FULL);
    expect_code(identity_factor_remove(store, &act, hanako, 0, &error), &error, "identity_unknown");
    free(app.secret);
    store_close(store);
}

/* The row of a person's secret, as it lies in the database. */
static void read_row(struct store *store, int64_t person, struct buffer *row)
{
    AUTO_ROWS *rows = NULL;
    expect_ok(
        store_query(store, STATEMENT_TOTP_READ, STORE_VALUES(store_integer(person)), &rows, &error),
        &error);
    assert_int_equal(store_rows_next(rows, &error), 1);
    buffer_clear(row);
    buffer_append_bytes(row, store_rows_blob(rows, 0));
}

static void write_row(struct store *store, int64_t person, struct bytes row)
{
    expect_ok(store_begin(store, &error), &error);
    expect_ok(store_run(store, STATEMENT_TOTP_RESEAL,
                        STORE_VALUES(store_integer(person), store_blob(row.data, row.length)),
                        &error),
              &error);
    expect_ok(store_commit(store, &error), &error);
}

static int show_code(struct store *store, const struct app *app, int64_t now)
{
    char code[7], token[IDENTITY_TOKEN_SIZE];
    struct identity_login login = fixture_login_in(store, "hanako", GOOD, "mynumber", now);
    struct identity_session session = fixture_session(store, login.token, "mynumber", now);
    app_code(app, now, code);
    return identity_totp_check(store, &session, code, now, token, &error);
}

static void a_secret_does_not_lie_in_the_database_in_the_open(void **state)
{
    int64_t hanako;
    struct identity_login login;
    struct store *store = fixture_hall(*state, &hanako);
    struct app app = enroll(store, &login, NOW);
    AUTO_BUFFER row = {0};
    read_row(store, hanako, &row);
    assert_null(memmem(row.data, row.length, app.secret, app.length));
    /* One that an older version left there works, and is sealed by being used. */
    write_row(store, hanako, (struct bytes){(const uint8_t *)app.secret, app.length});
    assert_int_equal(show_code(store, &app, NOW + MINUTE), 0);
    read_row(store, hanako, &row);
    assert_null(memmem(row.data, row.length, app.secret, app.length));
    assert_int_equal(show_code(store, &app, NOW + 2 * MINUTE), 0);
    /* One that was changed opens nothing. */
    row.data[row.length - 1] ^= 1;
    write_row(store, hanako, buffer_bytes(&row));
    expect_code(show_code(store, &app, NOW + 3 * MINUTE), &error, "store_secret_broken");
    free(app.secret);
    store_close(store);
}

static void everything_that_was_registered_goes_with_a_lost_device(void **state)
{
    int64_t hanako;
    struct identity_login login;
    struct identity_factors factors;
    struct store *store = fixture_hall(*state, &hanako);
    struct app app = enroll(store, &login, NOW);
    struct identity_session session = fixture_session(store, login.token, "mynumber", NOW);
    char codes[IDENTITY_RECOVERY_CODES][IDENTITY_RECOVERY_SIZE];
    expect_ok(identity_recovery_make(store, &session, NOW, codes, &error), &error);
    expect_ok(identity_factors_reset(store, &act, hanako, &error), &error);
    expect_ok(identity_factors_read(store, hanako, &factors, &error), &error);
    assert_false(factors.totp);
    assert_int_equal(factors.recovery_codes, 0);
    assert_int_equal(identity_session_find(store, login.token, "mynumber", NOW, &session, &error),
                     0);
    assert_int_equal(fixture_entries(store, "\"factor.reset\""), 1);
    free(app.secret);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(an_app_is_registered_where_the_zone_asks),
        scratch_unit_test(a_code_proves_that_the_person_of_a_token_is_there),
        scratch_unit_test(a_code_is_good_once_and_one_step_around),
        scratch_unit_test(codes_cannot_be_tried_without_end_by_logging_in_again),
        scratch_unit_test(a_recovery_code_is_good_once_however_it_is_typed),
        scratch_unit_test(a_factor_is_shown_and_registered_only_when_it_is_time),
        scratch_unit_test(a_factor_that_is_taken_away_is_asked_for_no_more),
        scratch_unit_test(a_secret_does_not_lie_in_the_database_in_the_open),
        scratch_unit_test(everything_that_was_registered_goes_with_a_lost_device),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
