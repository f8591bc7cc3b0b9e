/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logging in with login and password; what the session still owes afterwards. */
#include <ctype.h>
#include <sodium.h>

#include "base/time.h"
#include "base/utf8.h"
#include "identity/internal.h"

/* What is found before anything is decided. */
struct finding {
    struct identity_rules rules;
    struct identity_guard guard;
    struct identity_person person; /* id 0: there is none */
    struct identity_password password;
    struct identity_grant grants[IDENTITY_GRANTS];
    size_t grant_count;
    struct identity_factors factors;
    bool privileged, factor_required;
    char new_hash[128]; /* the password under today's rules, when the kept hash is weaker */
};

static struct identity_act act_of(const struct identity_attempt *attempt, const char *actor)
{
    return (struct identity_act){
        .actor = actor,
        .address = attempt->address,
        .zone = attempt->zone,
        .device = attempt->device,
        .now = attempt->now,
    };
}

/* A login as typed in small letters; "" when it is too long to be one. */
static void lower_login(const char *typed, char login[IDENTITY_LOGIN_SIZE])
{
    size_t length = strlen(typed);
    memset(login, 0, IDENTITY_LOGIN_SIZE);
    for (size_t i = 0; length < IDENTITY_LOGIN_SIZE && i < length; i++)
        login[i] = (char)tolower((unsigned char)typed[i]);
}

/* The account of a login as typed; none is no error. */
static int find_person(struct store *store, const char *typed, struct identity_person *person,
                       struct error *error)
{
    char login[IDENTITY_LOGIN_SIZE];
    struct error none = {0};
    lower_login(typed, login);
    *person = (struct identity_person){0};
    if (identity_person_read(store, 0, login, person, &none) == 0 ||
        !strcmp(none.code, "identity_unknown"))
        return 0;
    *error = none;
    return -1;
}

static int find(struct store *store, const struct identity_attempt *attempt,
                struct finding *finding, struct error *error)
{
    bool zone_asks;
    if (identity_rules_read(store, &finding->rules, error) != 0 ||
        find_person(store, attempt->login, &finding->person, error) != 0 ||
        identity_password_read(store, finding->person.id, &finding->password, error) != 0 ||
        identity_grants_read(store, &finding->person, attempt->now, finding->grants,
                             &finding->grant_count, error) != 0 ||
        identity_factors_read(store, finding->person.id, &finding->factors, error) != 0 ||
        identity_zone_factor_read(store, attempt->zone, &zone_asks, error) != 0)
        return -1;
    finding->privileged = identity_grants_privileged(finding->grants, finding->grant_count);
    finding->factor_required =
        zone_asks || (finding->privileged && finding->rules.second_factor_privileged);
    return 0;
}

/* ---- refused ---- */

static int refuse(struct store *store, const struct identity_attempt *attempt,
                  struct finding *finding, struct error *error)
{
    struct identity_act act = act_of(attempt, NULL);
    int64_t person = finding->person.id;
    /* Read again under the lock: attempts side by side must all count. */
    if (identity_guard_read(store, attempt->login, &finding->guard, error) != 0 ||
        identity_guard_fail(store, &finding->rules, &finding->guard, attempt->now, error) != 0)
        return -1;
    if (person && store_run(store, STATEMENT_LOGIN_HISTORY_FAIL,
                            STORE_VALUES(store_integer(person)), error) != 0)
        return -1;
    bool locks = finding->guard.locked_until > attempt->now;
    struct identity_text failures = identity_number(finding->guard.failures);
    return identity_record(store, &act, locks ? "login.lock" : "login.refuse",
                           person ? "person" : "login", person,
                           IDENTITY_FACTS({"failures", failures.text}), error);
}

/* ---- accepted ---- */

static bool limit_reached(int64_t limit, int64_t value)
{
    return limit > 0 && value >= limit;
}

/* Why the password must be changed before anything else, or NULL. */
static const char *change_reason(struct store *store, const struct identity_attempt *attempt,
                                 const struct finding *finding)
{
    const struct identity_rules *rules = &finding->rules;
    const struct identity_password *password = &finding->password;
    bool privileged = finding->privileged;
    if (password->temporary)
        return "password_temporary";
    if (limit_reached(privileged ? rules->password_days_privileged : rules->password_days,
                      (attempt->now - password->created) / TIME_DAY))
        return "password_old";
    if (limit_reached(privileged ? rules->password_uses_privileged : rules->password_uses,
                      password->uses))
        return "password_worn";
    return identity_password_reason(store, &finding->person, rules, privileged, attempt->password);
}

/* What the second factor is for this session: a value of the column. */
static const char *factor_state(const struct finding *finding)
{
    if (finding->factors.totp || finding->factors.keys > 0)
        return "open";
    return finding->factor_required ? "enroll" : "none";
}

enum identity_stage identity_stage_of(const char *second_factor, const char *must_change)
{
    if (!strcmp(second_factor, "open"))
        return IDENTITY_SECOND_FACTOR;
    if (must_change)
        return IDENTITY_MUST_CHANGE;
    return strcmp(second_factor, "enroll") ? IDENTITY_FULL : IDENTITY_MUST_ENROLL;
}

int identity_history_read(struct store *store, int64_t person, int64_t *last_login,
                          int64_t *failures, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_LOGIN_HISTORY_READ, STORE_VALUES(store_integer(person)), &rows,
                    error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    *last_login = found == 1 ? store_rows_integer(rows, 0) : 0;
    *failures = found == 1 ? store_rows_integer(rows, 1) : 0;
    return found < 0 ? -1 : 0;
}

int identity_login_complete(struct store *store, int64_t person, const char *login,
                            const char *address, int64_t now, struct error *error)
{
    if (identity_guard_lift(store, login, error) != 0)
        return -1;
    return store_run(
        store, STATEMENT_LOGIN_HISTORY_ACCEPT,
        STORE_VALUES(store_integer(person), store_integer(now), store_text(address ? address : "")),
        error);
}

static int add_session(struct store *store, const struct identity_attempt *attempt,
                       const struct finding *finding, const struct identity_login *login,
                       const char *second_factor, const uint8_t hash[IDENTITY_HASH_BYTES],
                       struct error *error)
{
    const struct identity_rules *rules = &finding->rules;
    bool privileged = finding->privileged;
    int64_t idle = privileged ? rules->session_idle_privileged : rules->session_idle;
    int64_t most = privileged ? rules->session_most_privileged : rules->session_most;
    char address[IDENTITY_ADDRESS_SIZE], device[IDENTITY_DEVICE_SIZE];
    utf8_copy(address, sizeof address, attempt->address ? attempt->address : "");
    utf8_copy(device, sizeof device, attempt->device ? attempt->device : "");
    return store_run(
        store, STATEMENT_SESSION_ADD,
        STORE_VALUES(store_blob(hash, IDENTITY_HASH_BYTES), store_integer(finding->person.id),
                     store_text(attempt->zone), store_text(address), store_text(device),
                     store_text(second_factor),
                     login->must_change ? store_text(login->must_change) : store_null(),
                     store_integer(idle * TIME_SECOND), store_integer(attempt->now),
                     store_integer(attempt->now + most * TIME_SECOND),
                     identity_or_null(login->last_login), store_integer(login->failures_since)),
        error);
}

static int accept(struct store *store, const struct identity_attempt *attempt,
                  const struct finding *finding, struct identity_login *login, struct error *error)
{
    uint8_t hash[IDENTITY_HASH_BYTES];
    const struct identity_person *person = &finding->person;
    struct identity_text number = identity_number(person->id);
    AUTO_BUFFER actor = {0};
    buffer_append_format(&actor, "person/%s", number.text);
    struct identity_act act = act_of(attempt, buffer_string(&actor));
    const char *second_factor = factor_state(finding);
    identity_token_make(login->token, hash);
    if (identity_history_read(store, person->id, &login->last_login, &login->failures_since,
                              error) != 0 ||
        add_session(store, attempt, finding, login, second_factor, hash, error) != 0 ||
        store_run(store, STATEMENT_PASSWORD_COUNT_USE, STORE_VALUES(store_integer(person->id)),
                  error) != 0)
        return -1;
    /* While a second factor is open, nothing is forgiven: else who knows the password could try
     * codes without end. */
    if (strcmp(second_factor, "open") != 0 &&
        identity_login_complete(store, person->id, person->login, attempt->address, attempt->now,
                                error) != 0)
        return -1;
    if (*finding->new_hash &&
        store_run(store, STATEMENT_PASSWORD_REHASH,
                  STORE_VALUES(store_integer(finding->password.id), store_text(finding->new_hash),
                               store_text(finding->password.hash)),
                  error) != 0)
        return -1;
    return identity_record(store, &act, "login.accept", "person", person->id,
                           IDENTITY_FACTS({"second_factor", second_factor},
                                          {"password", finding->password.id ? "own" : "directory"}),
                           error);
}

/* Makes a hash under today's rules where the kept one is weaker. */
static void refresh_hash(const struct identity_attempt *attempt, struct finding *finding)
{
    if (crypto_pwhash_str_needs_rehash(finding->password.hash,
                                       (unsigned long long)finding->rules.hash_operations,
                                       (size_t)finding->rules.hash_memory * 1024) != 0 &&
        identity_password_hash(&finding->rules, attempt->password, finding->new_hash, NULL) != 0)
        *finding->new_hash = '\0';
}

/* Whether the password is right: by our own hash, or as the directory says for those who have none
 * (also for who does not exist, so that nobody learns who does). 1 it is, 0 not, -1 error. */
static int check_password(const struct identity_attempt *attempt, const struct finding *finding,
                          struct error *error)
{
    char login[IDENTITY_LOGIN_SIZE];
    if (finding->password.id || !attempt->directory)
        return identity_password_matches(&finding->password, &finding->rules, attempt->password);
    lower_login(attempt->login, login);
    return identity_directory_check(attempt->directory, login, attempt->password, error);
}

int identity_login(struct store *store, const struct identity_attempt *attempt,
                   struct identity_login *login, struct error *error)
{
    struct finding finding = {0};
    *login = (struct identity_login){.state = IDENTITY_WRONG};
    if (identity_guard_read(store, attempt->login, &finding.guard, error) != 0)
        return -1;
    if (finding.guard.locked_until > attempt->now) {
        login->state = IDENTITY_LOCKED;
        login->retry_at = finding.guard.locked_until;
        return 0;
    }
    if (find(store, attempt, &finding, error) != 0)
        return -1;
    int matches = check_password(attempt, &finding, error);
    if (matches < 0)
        return -1;
    bool good = matches && finding.person.id && identity_person_open(&finding.person, attempt->now);
    if (good && finding.password.id) {
        refresh_hash(attempt, &finding);
        login->must_change = change_reason(store, attempt, &finding);
    }
    if (store_begin(store, error) != 0)
        return -1;
    int result = good ? accept(store, attempt, &finding, login, error)
                      : refuse(store, attempt, &finding, error);
    if (store_conclude(store, result, error) != 0) {
        *login = (struct identity_login){.state = IDENTITY_WRONG};
        return -1;
    }
    if (good) {
        login->person = finding.person.id;
        login->state = identity_stage_of(factor_state(&finding), login->must_change);
    } else if (finding.guard.locked_until > attempt->now) {
        login->state = IDENTITY_LOCKED;
        login->retry_at = finding.guard.locked_until;
    }
    return 0;
}
