/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Wrong attempts: they are counted by what was typed, so that a login that does not exist is locked
 * like one that does, and nothing can be learned from it. The delay doubles with every attempt.
 */
#include <ctype.h>
#include <sodium.h>

#include "base/memory.h"
#include "base/time.h"
#include "identity/internal.h"

#define GUARD_MEMORY TIME_DAY /* after which old attempts are forgotten */

int identity_guard_read(struct store *store, const char *login, struct identity_guard *guard,
                        struct error *error)
{
    AUTO_ROWS *rows = NULL;
    AUTO_BUFFER lower = {0};
    for (const char *at = login; *at; at++)
        buffer_append_byte(&lower, (uint8_t)tolower((unsigned char)*at));
    *guard = (struct identity_guard){0};
    if (sodium_init() < 0)
        memory_exhausted();
    crypto_generichash(guard->hash, sizeof guard->hash, lower.data, lower.length, NULL, 0);
    if (store_query(store, STATEMENT_GUARD_READ,
                    STORE_VALUES(store_blob(guard->hash, sizeof guard->hash)), &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found < 0)
        return -1;
    guard->failures = store_rows_integer(rows, 0);
    guard->locked_until = store_rows_integer(rows, 2);
    return 0;
}

int identity_guard_fail(struct store *store, const struct identity_rules *rules,
                        struct identity_guard *guard, int64_t now, struct error *error)
{
    guard->failures++;
    if (guard->failures >= rules->lock_after) {
        int64_t seconds = rules->lock_seconds;
        for (int64_t i = rules->lock_after; i < guard->failures && seconds < 86400; i++)
            seconds *= 2;
        if (seconds > rules->lock_seconds_most)
            seconds = rules->lock_seconds_most;
        guard->locked_until = now + seconds * TIME_SECOND;
    }
    if (store_run(store, STATEMENT_GUARD_FORGET, STORE_VALUES(store_integer(now - GUARD_MEMORY)),
                  error) != 0)
        return -1;
    return store_run(store, STATEMENT_GUARD_SET,
                     STORE_VALUES(store_blob(guard->hash, sizeof guard->hash),
                                  store_integer(guard->failures), store_integer(now),
                                  store_integer(guard->locked_until)),
                     error);
}

int identity_guard_lift(struct store *store, const char *login, struct error *error)
{
    struct identity_guard guard;
    if (identity_guard_read(store, login, &guard, error) != 0)
        return -1;
    return store_run(store, STATEMENT_GUARD_LIFT,
                     STORE_VALUES(store_blob(guard.hash, sizeof guard.hash)), error);
}

int identity_guard_check(struct store *store, const char *login, int64_t now, struct error *error)
{
    struct identity_guard guard;
    if (identity_guard_read(store, login, &guard, error) != 0)
        return -1;
    return guard.locked_until > now ? error_set(error, "login_locked", NULL, "%s", "") : 0;
}

int identity_lock_read(struct store *store, const char *login, int64_t now, int64_t *until,
                       struct error *error)
{
    struct identity_guard guard;
    if (identity_guard_read(store, login, &guard, error) != 0)
        return -1;
    *until = guard.locked_until > now ? guard.locked_until : 0;
    return 0;
}

static int lift(struct store *store, const struct identity_act *act, int64_t id,
                struct error *error)
{
    struct identity_person person;
    if (identity_person_read(store, id, NULL, &person, error) != 0 ||
        identity_guard_lift(store, person.login, error) != 0)
        return -1;
    return identity_record(store, act, "login.unlock", "person", id, IDENTITY_NO_FACTS, error);
}

int identity_lock_lift(struct store *store, const struct identity_act *act, int64_t person,
                       struct error *error)
{
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, lift(store, act, person, error), error);
}

/* The transaction of identity_guard_refuse. */
static int refuse(struct store *store, const struct identity_session *session, const char *action,
                  const char *method, int64_t now, struct error *error)
{
    struct identity_rules rules;
    struct identity_guard guard;
    struct identity_act act = identity_session_act(session, now);
    if (identity_rules_read(store, &rules, error) != 0 ||
        identity_guard_read(store, session->login, &guard, error) != 0 ||
        identity_guard_fail(store, &rules, &guard, now, error) != 0 ||
        store_run(store, STATEMENT_LOGIN_HISTORY_FAIL, STORE_VALUES(store_integer(session->person)),
                  error) != 0)
        return -1;
    bool locks = guard.locked_until > now;
    if (locks && !session->by_token &&
        store_run(store, STATEMENT_SESSION_END,
                  STORE_VALUES(store_integer(session->id), store_integer(now)), error) != 0)
        return -1;
    struct identity_text failures = identity_number(guard.failures);
    const struct store_fact *facts = IDENTITY_FACTS({"method", method}, {"failures", failures.text},
                                                    {"locked", locks ? "yes" : "no"});
    return identity_record(store, &act, action, "person", session->person, facts, error);
}

int identity_guard_refuse(struct store *store, const struct identity_session *session,
                          const char *action, const char *method, const char *code, int64_t now,
                          struct error *error)
{
    if (store_begin(store, error) != 0 ||
        store_conclude(store, refuse(store, session, action, method, now, error), error) != 0)
        return -1;
    return error_set(error, code, NULL, "%s", "");
}
