/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recovery codes: printed, kept in a drawer, each good once. */
#include <ctype.h>
#include <sodium.h>

#include "identity/internal.h"

#define GROUP 4 /* characters between two hyphens */

/* 80 random bits: no search through a plain hash finds them. No sign is taken for another. */
static const char signs[] = "abcdefghjkmnpqrstuvwxyz23456789";

/* The hash of a code however it was typed. */
static void hash_code(int64_t person, const char *code, uint8_t hash[IDENTITY_HASH_BYTES])
{
    struct identity_text number = identity_number(person);
    AUTO_BUFFER text = {0};
    buffer_append_format(&text, "%s:", number.text);
    for (; *code; code++)
        if (isalnum((unsigned char)*code))
            buffer_append_byte(&text, (uint8_t)tolower((unsigned char)*code));
    crypto_generichash(hash, IDENTITY_HASH_BYTES, text.data, text.length, NULL, 0);
    sodium_memzero(text.data, text.length);
}

static int keep(struct store *store, const struct identity_session *session, int64_t now,
                char codes[IDENTITY_RECOVERY_CODES][IDENTITY_RECOVERY_SIZE], struct error *error)
{
    uint8_t hash[IDENTITY_HASH_BYTES];
    struct identity_act act = identity_session_act(session, now);
    if (store_run(store, STATEMENT_RECOVERY_FORGET, STORE_VALUES(store_integer(session->person)),
                  error) != 0)
        return -1;
    for (size_t i = 0; i < IDENTITY_RECOVERY_CODES; i++) {
        hash_code(session->person, codes[i], hash);
        if (store_run(store, STATEMENT_RECOVERY_ADD,
                      STORE_VALUES(store_integer(session->person), store_blob(hash, sizeof hash)),
                      error) != 0)
            return -1;
    }
    return identity_record(store, &act, "recovery.make", "person", session->person,
                           IDENTITY_NO_FACTS, error);
}

int identity_recovery_make(struct store *store, const struct identity_session *session, int64_t now,
                           char codes[IDENTITY_RECOVERY_CODES][IDENTITY_RECOVERY_SIZE],
                           struct error *error)
{
    if (identity_factor_allowed(store, session, true, now, error) != 0)
        return -1;
    for (size_t i = 0; i < IDENTITY_RECOVERY_CODES; i++) {
        for (size_t j = 0; j + 1 < IDENTITY_RECOVERY_SIZE; j++)
            codes[i][j] =
                j % (GROUP + 1) == GROUP ? '-' : signs[randombytes_uniform(sizeof signs - 1)];
        codes[i][IDENTITY_RECOVERY_SIZE - 1] = '\0';
    }
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, keep(store, session, now, codes, error), error);
}

/* In the transaction: uses a code up. 1 it was good, 0 not, -1 error. */
static int use(struct store *store, const struct identity_session *session, const char *code,
               int64_t now, char token[IDENTITY_TOKEN_SIZE], struct error *error)
{
    uint8_t hash[IDENTITY_HASH_BYTES];
    struct identity_act act = identity_session_act(session, now);
    hash_code(session->person, code, hash);
    if (store_run(store, STATEMENT_RECOVERY_USE,
                  STORE_VALUES(store_integer(session->person), store_blob(hash, sizeof hash),
                               store_integer(now)),
                  error) != 0)
        return -1;
    if (store_changed_rows(store) == 0)
        return 0;
    if (identity_factor_pass(store, session, now, token, error) != 0 ||
        identity_record(store, &act, "recovery.use", "person", session->person, IDENTITY_NO_FACTS,
                        error) != 0)
        return -1;
    return 1;
}

int identity_recovery_check(struct store *store, const struct identity_session *session,
                            const char *code, int64_t now, char token[IDENTITY_TOKEN_SIZE],
                            struct error *error)
{
    if (identity_factor_allowed(store, session, false, now, error) != 0 ||
        store_begin(store, error) != 0)
        return -1;
    int good = use(store, session, code, now, token, error);
    if (store_conclude(store, good < 0 ? -1 : 0, error) != 0)
        return -1;
    return good ? 0
                : identity_guard_refuse(store, session, "factor.refuse", "recovery_code",
                                        "factor_wrong", now, error);
}
