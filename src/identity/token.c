/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tokens by which programs act for a person. */
#include "base/time.h"
#include "base/utf8.h"
#include "identity/internal.h"
#include "identity/permissions.h"

#define TOKEN_LIFE_MOST (366 * TIME_DAY)
#define SEEN_EVERY      (60 * TIME_SECOND)
#define FRESH           (30 * 60 * TIME_SECOND) /* of the login that makes one */

/* Splits scopes at single spaces; false when one is too long or there are too many. */
static bool split_scopes(struct identity_session *session, const char *scopes)
{
    session->scope_count = 0;
    while (*scopes) {
        size_t length = strcspn(scopes, " ");
        if (length == 0 || length >= IDENTITY_ROLE_SIZE || session->scope_count == IDENTITY_SCOPES)
            return false;
        memcpy(session->scopes[session->scope_count], scopes, length);
        session->scopes[session->scope_count++][length] = '\0';
        scopes += length + (scopes[length] == ' ');
    }
    return session->scope_count > 0;
}

static int add(struct store *store, const struct identity_session *session, const char *name,
               const char *scopes, int64_t expires, int64_t now,
               const uint8_t hash[IDENTITY_HASH_BYTES], int64_t *id, struct error *error)
{
    struct identity_act act = identity_session_act(session, now);
    if (identity_run_returning(store, STATEMENT_TOKEN_ADD,
                               STORE_VALUES(store_integer(session->person), store_text(name),
                                            store_blob(hash, IDENTITY_HASH_BYTES),
                                            store_text(scopes), store_text(session->zone),
                                            store_integer(now), store_integer(expires)),
                               id, error) != 0)
        return -1;
    struct identity_text number = identity_number(*id);
    return identity_record(store, &act, "token.add", "person", session->person,
                           IDENTITY_FACTS({"token", number.text}, {"scopes", scopes}), error);
}

int identity_token_add(struct store *store, const struct identity_session *session,
                       const char *name, const char *scopes, int64_t expires, int64_t now,
                       char token[IDENTITY_TOKEN_SIZE], int64_t *id, struct error *error)
{
    struct identity_session wanted;
    uint8_t hash[IDENTITY_HASH_BYTES];
    int64_t unused;
    if (session->by_token || !split_scopes(&wanted, scopes))
        return error_set(error, "identity_scope", "scopes", "%s", scopes);
    for (size_t i = 0; i < wanted.scope_count; i++)
        if (!identity_may(session, wanted.scopes[i], NULL, NULL))
            return error_set(error, "identity_scope", "scopes", "%s", wanted.scopes[i]);
    if (now - session->created > FRESH)
        return error_set(error, "identity_fresh", "name", "%s", "");
    if (expires <= now || expires > now + TOKEN_LIFE_MOST)
        return error_set(error, "identity_bad_value", "expires", "%s", "");
    if (identity_check_text(name, "name", false, error) != 0 || store_begin(store, error) != 0)
        return -1;
    identity_token_make(token, hash);
    return store_conclude(
        store, add(store, session, name, scopes, expires, now, hash, id ? id : &unused, error),
        error);
}

static int revoke(struct store *store, const struct identity_act *act, int64_t person, int64_t id,
                  struct error *error)
{
    if (store_run(store, STATEMENT_TOKEN_REVOKE,
                  STORE_VALUES(store_integer(id), store_integer(person), store_integer(act->now)),
                  error) != 0)
        return -1;
    if (store_changed_rows(store) == 0)
        return error_set(error, "identity_unknown", "token", "%s", "");
    struct identity_text number = identity_number(id);
    return identity_record(store, act, "token.revoke", "person", person,
                           IDENTITY_FACTS({"token", number.text}), error);
}

int identity_token_revoke(struct store *store, const struct identity_act *act, int64_t person,
                          int64_t id, struct error *error)
{
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, revoke(store, act, person, id, error), error);
}

int identity_token_list(struct store *store, int64_t person, int64_t now, int64_t after,
                        struct identity_token *list, size_t most, size_t *count,
                        struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int found;
    *count = 0;
    if (store_query(store, STATEMENT_TOKEN_LIST,
                    STORE_VALUES(store_integer(person), store_integer(now), store_integer(after),
                                 store_integer((int64_t)most)),
                    &rows, error) != 0)
        return -1;
    while ((found = store_rows_next(rows, error)) == 1) {
        struct identity_token *token = &list[(*count)++];
        *token = (struct identity_token){
            .id = store_rows_integer(rows, 0),
            .created = store_rows_integer(rows, 4),
            .expires = store_rows_integer(rows, 5),
            .used = store_rows_integer(rows, 6),
        };
        utf8_copy(token->name, sizeof token->name, store_rows_text(rows, 1));
        utf8_copy(token->zone, sizeof token->zone, store_rows_text(rows, 2));
        utf8_copy(token->scopes, sizeof token->scopes, store_rows_text(rows, 3));
    }
    return found;
}

/* What the row of a token says. 1 there is one that works, 0 none, -1 error. */
static int read_row(struct store *store, const uint8_t hash[IDENTITY_HASH_BYTES], const char *zone,
                    int64_t now, struct identity_session *session, int64_t *used,
                    struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_TOKEN_READ,
                    STORE_VALUES(store_blob(hash, IDENTITY_HASH_BYTES)), &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found != 1)
        return found;
    *used = store_rows_integer(rows, 6);
    *session = (struct identity_session){
        .id = store_rows_integer(rows, 0),
        .person = store_rows_integer(rows, 1),
        .created = store_rows_integer(rows, 4),
        .expires = store_rows_integer(rows, 5),
        .idle_expires = store_rows_integer(rows, 5),
        .stage = IDENTITY_FULL,
        .by_token = true,
    };
    utf8_copy(session->zone, sizeof session->zone, store_rows_text(rows, 3));
    return split_scopes(session, store_rows_text(rows, 2)) && store_rows_null(rows, 7) &&
           !strcmp(session->zone, zone) && session->expires > now;
}

int identity_token_find(struct store *store, const char *token, const char *zone, int64_t now,
                        struct identity_session *session, struct error *error)
{
    uint8_t hash[IDENTITY_HASH_BYTES];
    struct error inner = {0};
    int64_t used = 0;
    if (!identity_token_hash(token, hash))
        return 0;
    int found = read_row(store, hash, zone, now, session, &used, error);
    if (found != 1)
        return found;
    if (!identity_session_fill(store, session, now, &inner)) {
        if (inner.code && error)
            *error = inner;
        return inner.code ? -1 : 0;
    }
    if (now - used >= SEEN_EVERY && store_begin(store, NULL) == 0)
        store_conclude(store,
                       store_run(store, STATEMENT_TOKEN_USE,
                                 STORE_VALUES(store_integer(session->id), store_integer(now)),
                                 NULL),
                       NULL);
    return 1;
}
