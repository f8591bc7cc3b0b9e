/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sessions after the login: found by their token, seen, ended. */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>

#include "base/message.h"
#include "base/time.h"
#include "base/utf8.h"
#include "identity/internal.h"

#define SEEN_EVERY (60 * TIME_SECOND) /* a use is noted no more often than that */

bool identity_session_fill(struct store *store, struct identity_session *session, int64_t now,
                           struct error *error)
{
    struct identity_person person;
    if (identity_person_read(store, session->person, NULL, &person, error) != 0 ||
        identity_grants_read(store, &person, now, session->grants, &session->grant_count, error) !=
            0 ||
        !identity_person_open(&person, now))
        return false;
    snprintf(session->actor, sizeof session->actor, "person/%" PRId64, person.id);
    memcpy(session->login, person.login, sizeof session->login);
    memcpy(session->name, person.name, sizeof session->name);
    memcpy(session->language, person.language, sizeof session->language);
    memcpy(session->department_name, person.department_name, sizeof session->department_name);
    session->department = person.department;
    session->privileged = identity_grants_privileged(session->grants, session->grant_count);
    return true;
}

int identity_session_for(struct store *store, const char *login, const char *zone,
                         const char *actor, int64_t now, struct identity_session *session,
                         struct error *error)
{
    struct identity_person person;
    struct error own = {0};
    if (identity_person_read(store, 0, login, &person, error) != 0)
        return -1;
    *session = (struct identity_session){.person = person.id, .stage = IDENTITY_FULL};
    if (!identity_session_fill(store, session, now, &own))
        return own.code ? error_set(error, own.code, own.where, "%s", own.detail)
                        : error_set(error, "identity_unknown", "login", "%s", login);
    utf8_copy(session->zone, sizeof session->zone, zone);
    utf8_copy(session->actor, sizeof session->actor, actor);
    return 0;
}

/* What the row of a session says. 1 there is one that still runs, 0 none, -1 error. */
static int read_row(struct store *store, const uint8_t hash[IDENTITY_HASH_BYTES], const char *zone,
                    int64_t now, struct identity_session *session, int64_t *seen,
                    struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_SESSION_READ,
                    STORE_VALUES(store_blob(hash, IDENTITY_HASH_BYTES)), &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found != 1)
        return found;
    *seen = store_rows_integer(rows, 9);
    *session = (struct identity_session){
        .id = store_rows_integer(rows, 0),
        .person = store_rows_integer(rows, 1),
        .created = store_rows_integer(rows, 8),
        .expires = store_rows_integer(rows, 10),
        .idle_expires = now + store_rows_integer(rows, 7),
        .last_login = store_rows_integer(rows, 11),
        .failures_since = store_rows_integer(rows, 12),
    };
    const char *second_factor = store_rows_text(rows, 5);
    if (!store_rows_null(rows, 6))
        session->must_change = message_known("error", store_rows_text(rows, 6));
    session->second_factor_done = !strcmp(second_factor, "done");
    session->stage = identity_stage_of(second_factor, session->must_change);
    utf8_copy(session->zone, sizeof session->zone, store_rows_text(rows, 2));
    utf8_copy(session->address, sizeof session->address, store_rows_text(rows, 3));
    utf8_copy(session->device, sizeof session->device, store_rows_text(rows, 4));
    bool runs = store_rows_null(rows, 13) && !strcmp(session->zone, zone) &&
                session->expires > now && *seen + store_rows_integer(rows, 7) > now;
    return runs;
}

/* Notes the use. When that fails the session only ends earlier. */
static void note_use(struct store *store, const struct identity_session *session, int64_t now)
{
    if (store_begin(store, NULL) != 0)
        return;
    store_conclude(store,
                   store_run(store, STATEMENT_SESSION_SEE,
                             STORE_VALUES(store_integer(session->id), store_integer(now)), NULL),
                   NULL);
}

/* Finds a session; *seen is when it was last used. */
static int find(struct store *store, const char *token, const char *zone, int64_t now,
                struct identity_session *session, int64_t *seen, struct error *error)
{
    uint8_t hash[IDENTITY_HASH_BYTES];
    struct error inner = {0};
    if (!identity_token_hash(token, hash))
        return 0;
    int found = read_row(store, hash, zone, now, session, seen, error);
    if (found != 1)
        return found;
    if (!identity_session_fill(store, session, now, &inner)) {
        if (inner.code && error)
            *error = inner;
        return inner.code ? -1 : 0;
    }
    identity_token_csrf(token, session->csrf);
    return 1;
}

int identity_session_find(struct store *store, const char *token, const char *zone, int64_t now,
                          struct identity_session *session, struct error *error)
{
    int64_t seen = 0;
    int found = find(store, token, zone, now, session, &seen, error);
    if (found == 1 &&
        (now - seen >= SEEN_EVERY || now - seen >= (session->idle_expires - now) / 10))
        note_use(store, session, now);
    return found;
}

int identity_session_peek(struct store *store, const char *token, const char *zone, int64_t now,
                          struct identity_session *session, struct error *error)
{
    int64_t seen = 0;
    return find(store, token, zone, now, session, &seen, error);
}

bool identity_csrf_matches(const struct identity_session *session, const char *given)
{
    return *session->csrf && given && strlen(given) == IDENTITY_TOKEN_SIZE - 1 &&
           sodium_memcmp(session->csrf, given, IDENTITY_TOKEN_SIZE - 1) == 0;
}

struct identity_act identity_session_act(const struct identity_session *session, int64_t now)
{
    return (struct identity_act){
        .actor = session->actor,
        .address = session->address,
        .zone = session->zone,
        .device = session->device,
        .now = now,
    };
}

/* ---- ending ---- */

static int end_one(struct store *store, const struct identity_session *session, int64_t now,
                   struct error *error)
{
    struct identity_act act = identity_session_act(session, now);
    if (store_run(store, STATEMENT_SESSION_END,
                  STORE_VALUES(store_integer(session->id), store_integer(now)), error) != 0)
        return -1;
    if (store_changed_rows(store) == 0)
        return 0;
    return identity_record(store, &act, "logout", "person", session->person, IDENTITY_NO_FACTS,
                           error);
}

int identity_logout(struct store *store, const struct identity_session *session, int64_t now,
                    struct error *error)
{
    if (session->by_token)
        return error_set(error, "factor_stage", NULL, "%s", "");
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, end_one(store, session, now, error), error);
}

static int end_all(struct store *store, const struct identity_act *act, int64_t person, int64_t but,
                   struct error *error)
{
    if (store_run(store, STATEMENT_SESSION_END_ALL,
                  STORE_VALUES(store_integer(person), store_integer(but), store_integer(act->now)),
                  error) != 0)
        return -1;
    struct identity_text ended = identity_number(store_changed_rows(store));
    return identity_record(store, act, "logout.everywhere", "person", person,
                           IDENTITY_FACTS({"sessions", ended.text}), error);
}

int identity_logout_everywhere(struct store *store, const struct identity_act *act, int64_t person,
                               int64_t but, struct error *error)
{
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, end_all(store, act, person, but, error), error);
}
