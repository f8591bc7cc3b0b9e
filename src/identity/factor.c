/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all second factors share: what is registered, when one may be shown, and what follows. */
#include "identity/internal.h"

int identity_factors_read(struct store *store, int64_t person, struct identity_factors *factors,
                          struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_FACTORS_READ, STORE_VALUES(store_integer(person)), &rows,
                    error) != 0 ||
        store_rows_next(rows, error) != 1)
        return -1;
    *factors = (struct identity_factors){
        .totp = store_rows_integer(rows, 0) > 0,
        .keys = store_rows_integer(rows, 1),
        .recovery_codes = store_rows_integer(rows, 2),
    };
    return 0;
}

int identity_factor_allowed(struct store *store, const struct identity_session *session,
                            bool registering, int64_t now, struct error *error)
{
    bool in_time = registering
                       ? session->stage == IDENTITY_FULL || session->stage == IDENTITY_MUST_ENROLL
                       : session->stage == IDENTITY_SECOND_FACTOR;
    if (!in_time || session->by_token)
        return error_set(error, "factor_stage", NULL, "%s", "");
    return identity_guard_check(store, session->login, now, error);
}

int identity_factor_pass(struct store *store, const struct identity_session *session, int64_t now,
                         char token[IDENTITY_TOKEN_SIZE], struct error *error)
{
    uint8_t hash[IDENTITY_HASH_BYTES];
    identity_token_make(token, hash);
    if (store_run(store, STATEMENT_SESSION_PASS_FACTOR,
                  STORE_VALUES(store_integer(session->id), store_blob(hash, sizeof hash),
                               store_integer(now)),
                  error) != 0)
        return -1;
    if (store_changed_rows(store) == 0)
        return error_set(error, "factor_stage", NULL, "%s", "");
    if (session->stage != IDENTITY_SECOND_FACTOR)
        return 0;
    return identity_login_complete(store, session->person, session->login, session->address, now,
                                   error);
}

static int remove_factor(struct store *store, const struct identity_act *act, int64_t person,
                         int64_t key, struct error *error)
{
    int result =
        key ? store_run(
                  store, STATEMENT_SECURITY_KEY_REMOVE,
                  STORE_VALUES(store_integer(key), store_integer(person), store_integer(act->now)),
                  error)
            : store_run(store, STATEMENT_TOTP_REMOVE, STORE_VALUES(store_integer(person)), error);
    if (result != 0)
        return -1;
    if (store_changed_rows(store) == 0)
        return error_set(error, "identity_unknown", "factor", "%s", "");
    return identity_record(store, act, "factor.remove", "person", person,
                           IDENTITY_FACTS({"method", key ? "security_key" : "totp"}), error);
}

int identity_factor_remove(struct store *store, const struct identity_act *act, int64_t person,
                           int64_t key, struct error *error)
{
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, remove_factor(store, act, person, key, error), error);
}

static int reset(struct store *store, const struct identity_act *act, int64_t person,
                 struct error *error)
{
    const struct store_value id = store_integer(person), now = store_integer(act->now);
    if (store_run(store, STATEMENT_TOTP_REMOVE, STORE_VALUES(id), error) != 0 ||
        store_run(store, STATEMENT_SECURITY_KEY_REMOVE_ALL, STORE_VALUES(id, now), error) != 0 ||
        store_run(store, STATEMENT_RECOVERY_FORGET, STORE_VALUES(id), error) != 0 ||
        store_run(store, STATEMENT_SESSION_END_ALL, STORE_VALUES(id, store_integer(0), now),
                  error) != 0)
        return -1;
    return identity_record(store, act, "factor.reset", "person", person, IDENTITY_NO_FACTS, error);
}

int identity_factors_reset(struct store *store, const struct identity_act *act, int64_t person,
                           struct error *error)
{
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, reset(store, act, person, error), error);
}
