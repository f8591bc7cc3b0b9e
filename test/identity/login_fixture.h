/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person with a password, and logging in. */
#ifndef TEST_IDENTITY_LOGIN_FIXTURE_H
#define TEST_IDENTITY_LOGIN_FIXTURE_H

#include "fixture.h"

#include "identity/credentials.h"

#define GOOD  "kumo-enpitsu-kita"
#define OTHER "minato-hasami-tori"

static struct error error;

/* A town hall with cheap hashes (the tests are many), and hanako with a password of her own. */
static inline struct store *fixture_hall(void *state, int64_t *hanako)
{
    struct store *store = fixture_store(state);
    expect_ok(identity_rule_save(store, &act, "hash_memory", 8192, &error), &error);
    expect_ok(identity_rule_save(store, &act, "hash_operations", 1, &error), &error);
    *hanako = fixture_person(store, "hanako", fixture_department(store, "0100", "総務課"));
    expect_ok(identity_password_set(store, &act, *hanako, GOOD, false, &error), &error);
    return store;
}

static inline struct identity_login fixture_login_in(struct store *store, const char *login,
                                                     const char *password, const char *zone,
                                                     int64_t now)
{
    const struct identity_attempt attempt = {login,     password, zone, "192.0.2.7",
                                             "browser", now,      NULL};
    struct identity_login result;
    expect_ok(identity_login(store, &attempt, &result, &error), &error);
    return result;
}

static inline struct identity_login fixture_login(struct store *store, const char *login,
                                                  const char *password, int64_t now)
{
    return fixture_login_in(store, login, password, "lgwan", now);
}

/* The session of a token, which must be there. */
static inline struct identity_session fixture_session(struct store *store, const char *token,
                                                      const char *zone, int64_t now)
{
    struct identity_session session;
    assert_int_equal(identity_session_find(store, token, zone, now, &session, &error), 1);
    return session;
}

static inline void fixture_rule(struct store *store, const char *name, int64_t value)
{
    expect_ok(identity_rule_save(store, &act, name, value, &error), &error);
}

#endif
