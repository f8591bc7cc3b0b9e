/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Passwords: hashed with Argon2id outside of any transaction (it takes long), then kept. What is
 * compared is compared by libsodium in constant time.
 */
#include <sodium.h>

#include "base/time.h"
#include "base/utf8.h"
#include "identity/internal.h"

_Static_assert(crypto_pwhash_STRBYTES <= sizeof((struct identity_password *)0)->hash, "fits");

/* ---- hashes ---- */

int identity_password_hash(const struct identity_rules *rules, const char *password, char hash[128],
                           struct error *error)
{
    if (crypto_pwhash_str_alg(hash, password, strlen(password),
                              (unsigned long long)rules->hash_operations,
                              (size_t)rules->hash_memory * 1024, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return error_set(error, "memory_short", "Argon2id", "%s", "");
    return 0;
}

bool identity_password_matches(const struct identity_password *password,
                               const struct identity_rules *rules, const char *given)
{
    if (password->id == 0) {
        char unused[128];
        identity_password_hash(rules, given, unused, NULL);
        return false;
    }
    return crypto_pwhash_str_verify(password->hash, given, strlen(given)) == 0;
}

int identity_password_read(struct store *store, int64_t person, struct identity_password *password,
                           struct error *error)
{
    AUTO_ROWS *rows = NULL;
    *password = (struct identity_password){0};
    if (store_query(store, STATEMENT_PASSWORD_READ, STORE_VALUES(store_integer(person)), &rows,
                    error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found != 1)
        return found;
    password->id = store_rows_integer(rows, 0);
    utf8_copy(password->hash, sizeof password->hash, store_rows_text(rows, 1));
    password->created = store_rows_integer(rows, 2);
    password->temporary = store_rows_integer(rows, 3) != 0;
    password->uses = store_rows_integer(rows, 4);
    return 0;
}

/* ---- whether it is good ---- */

const char *identity_password_reason(struct store *store, const struct identity_person *person,
                                     const struct identity_rules *rules, bool privileged,
                                     const char *password)
{
    AUTO_BUFFER organization = {0};
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_ORGANIZATION_READ, STORE_NO_VALUES, &rows, NULL) == 0 &&
        store_rows_next(rows, NULL) == 1)
        buffer_append_string(&organization, store_rows_text(rows, 0));
    const struct identity_guess guess = {
        .personal = {person->login, person->name, person->kana, person->mail,
                     person->department_name, buffer_string(&organization)},
        .length = privileged ? rules->password_length_privileged : rules->password_length,
        .strength = privileged ? rules->password_strength_privileged : rules->password_strength,
    };
    return identity_guess_reason(&guess, password);
}

/* Code password_used when it is one of the last ones. */
static int check_history(struct store *store, int64_t person, const struct identity_rules *rules,
                         const char *wanted, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int found;
    if (store_query(store, STATEMENT_PASSWORD_HISTORY,
                    STORE_VALUES(store_integer(person), store_integer(rules->password_history)),
                    &rows, error) != 0)
        return -1;
    while ((found = store_rows_next(rows, error)) == 1)
        if (crypto_pwhash_str_verify(store_rows_text(rows, 0), wanted, strlen(wanted)) == 0)
            return error_set(error, "password_used", NULL, "%s", "");
    return found;
}

/* What is read before a password can be judged. */
struct judge {
    struct identity_person person;
    struct identity_rules rules;
    bool privileged;
};

static int judge_read(struct store *store, int64_t person, int64_t now, struct judge *judge,
                      struct error *error)
{
    struct identity_grant grants[IDENTITY_GRANTS];
    size_t count;
    if (identity_person_read(store, person, NULL, &judge->person, error) != 0 ||
        identity_rules_read(store, &judge->rules, error) != 0 ||
        identity_grants_read(store, &judge->person, now, grants, &count, error) != 0)
        return -1;
    judge->privileged = identity_grants_privileged(grants, count);
    return 0;
}

static int check_quality(struct store *store, const struct judge *judge, const char *wanted,
                         struct error *error)
{
    const char *reason =
        identity_password_reason(store, &judge->person, &judge->rules, judge->privileged, wanted);
    struct identity_text length = identity_number(
        judge->privileged ? judge->rules.password_length_privileged : judge->rules.password_length);
    return reason ? error_set(error, reason, NULL, "%s", length.text) : 0;
}

/* ---- keeping it ---- */

/* In the transaction: the password is now this one. */
static int keep(struct store *store, int64_t person, const struct identity_rules *rules,
                const char *hash, bool temporary, int64_t now, struct error *error)
{
    if (store_run(store, STATEMENT_PASSWORD_REPLACE,
                  STORE_VALUES(store_integer(person), store_integer(now)), error) != 0 ||
        store_run(store, STATEMENT_PASSWORD_ADD,
                  STORE_VALUES(store_integer(person), store_text(hash), store_integer(now),
                               store_integer(temporary)),
                  error) != 0)
        return -1;
    return store_run(
        store, STATEMENT_PASSWORD_FORGET,
        STORE_VALUES(store_integer(person), store_integer(rules->password_history + 1)), error);
}

/* Keeps a password that somebody else set: sessions end, the lock is lifted. */
static int put(struct store *store, const struct identity_act *act, const struct judge *judge,
               const char *action, const char *hash, bool temporary, struct error *error)
{
    int64_t id = judge->person.id;
    if (keep(store, id, &judge->rules, hash, temporary, act->now, error) != 0 ||
        identity_guard_lift(store, judge->person.login, error) != 0 ||
        store_run(store, STATEMENT_SESSION_END_ALL,
                  STORE_VALUES(store_integer(id), store_integer(0), store_integer(act->now)),
                  error) != 0)
        return -1;
    return identity_record(store, act, action, "person", id,
                           IDENTITY_FACTS({"temporary", temporary ? "yes" : "no"}), error);
}

/* Hashes and keeps. */
static int put_password(struct store *store, const struct identity_act *act,
                        const struct judge *judge, const char *action, const char *password,
                        bool temporary, struct error *error)
{
    char hash[128];
    if (identity_password_hash(&judge->rules, password, hash, error) != 0 ||
        store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, put(store, act, judge, action, hash, temporary, error), error);
}

int identity_password_set(struct store *store, const struct identity_act *act, int64_t person,
                          const char *password, bool temporary, struct error *error)
{
    struct judge judge;
    if (judge_read(store, person, act->now, &judge, error) != 0 ||
        check_quality(store, &judge, password, error) != 0)
        return -1;
    return put_password(store, act, &judge, "password.set", password, temporary, error);
}

int identity_password_reset(struct store *store, const struct identity_act *act, int64_t person,
                            char temporary[IDENTITY_TEMPORARY_SIZE], struct error *error)
{
    /* Letters and digits that nobody takes for one another on paper. */
    static const char signs[] = "abcdefghjkmnpqrstuvwxyz23456789";
    char made[IDENTITY_TEMPORARY_SIZE] = {0};
    struct judge judge;
    for (size_t i = 0; i + 1 < sizeof made; i++)
        made[i] = i % 5 == 4 ? '-' : signs[randombytes_uniform(sizeof signs - 1)];
    if (judge_read(store, person, act->now, &judge, error) != 0 ||
        put_password(store, act, &judge, "password.reset", made, true, error) != 0)
        return -1;
    memcpy(temporary, made, sizeof made);
    return 0;
}

int identity_password_own(struct store *store, int64_t person, bool *own, struct error *error)
{
    struct identity_password password;
    if (identity_password_read(store, person, &password, error) != 0)
        return -1;
    *own = password.id != 0;
    return 0;
}

static int drop(struct store *store, const struct identity_act *act, int64_t person,
                struct error *error)
{
    const struct store_value id = store_integer(person), now = store_integer(act->now);
    if (store_run(store, STATEMENT_PASSWORD_REPLACE, STORE_VALUES(id, now), error) != 0 ||
        store_run(store, STATEMENT_SESSION_END_ALL, STORE_VALUES(id, store_integer(0), now),
                  error) != 0)
        return -1;
    return identity_record(store, act, "password.drop", "person", person, IDENTITY_NO_FACTS, error);
}

int identity_password_drop(struct store *store, const struct identity_act *act, int64_t person,
                           struct error *error)
{
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, drop(store, act, person, error), error);
}

/* ---- changing one's own ---- */

static int change(struct store *store, const struct identity_session *session,
                  const struct identity_rules *rules, const char *hash, int64_t now,
                  struct error *error)
{
    struct identity_act act = identity_session_act(session, now);
    if (keep(store, session->person, rules, hash, false, now, error) != 0 ||
        store_run(store, STATEMENT_SESSION_CHANGE_DONE, STORE_VALUES(store_integer(session->id)),
                  error) != 0 ||
        store_run(store, STATEMENT_SESSION_END_ALL,
                  STORE_VALUES(store_integer(session->person), store_integer(session->id),
                               store_integer(now)),
                  error) != 0)
        return -1;
    return identity_record(store, &act, "password.change", "person", session->person,
                           IDENTITY_NO_FACTS, error);
}

int identity_password_change(struct store *store, const struct identity_session *session,
                             const char *present, const char *wanted, int64_t now,
                             struct error *error)
{
    struct judge judge;
    struct identity_password password;
    char hash[128];
    if (session->stage < IDENTITY_MUST_CHANGE || session->by_token)
        return error_set(error, "factor_stage", NULL, "%s", "");
    if (identity_guard_check(store, session->login, now, error) != 0 ||
        judge_read(store, session->person, now, &judge, error) != 0 ||
        identity_password_read(store, session->person, &password, error) != 0)
        return -1;
    if (!identity_password_matches(&password, &judge.rules, present))
        return identity_guard_refuse(store, session, "password.refuse", "password",
                                     "password_mismatch", now, error);
    if (check_quality(store, &judge, wanted, error) != 0)
        return -1;
    if (!strcmp(present, wanted))
        return error_set(error, "password_used", NULL, "%s", "");
    if (check_history(store, session->person, &judge.rules, wanted, error) != 0 ||
        identity_password_hash(&judge.rules, wanted, hash, error) != 0 ||
        store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, change(store, session, &judge.rules, hash, now, error), error);
}
