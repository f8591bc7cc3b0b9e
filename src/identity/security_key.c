/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Security keys: challenges that wait for an answer, and the keys of people. */
#include <sodium.h>

#include "base/json.h"
#include "base/time.h"
#include "base/utf8.h"
#include "identity/internal.h"
#include "identity/webauthn.h"

#define CEREMONY_TIME (300 * TIME_SECOND)
#define KEYS_MOST     16 /* of one person */

/* ---- challenges ---- */

/* Keeps a new challenge for the session; the one before it is worth nothing any more. */
static int set_challenge(struct store *store, const struct identity_session *session, int64_t now,
                         uint8_t challenge[WEBAUTHN_CHALLENGE], struct error *error)
{
    randombytes_buf(challenge, WEBAUTHN_CHALLENGE);
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store,
                          store_run(store, STATEMENT_CEREMONY_SET,
                                    STORE_VALUES(store_integer(session->id),
                                                 store_blob(challenge, WEBAUTHN_CHALLENGE),
                                                 store_integer(now + CEREMONY_TIME)),
                                    error),
                          error);
}

static int read_challenge(struct store *store, const struct identity_session *session, int64_t now,
                          uint8_t challenge[WEBAUTHN_CHALLENGE], struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_CEREMONY_TAKE, STORE_VALUES(store_integer(session->id)), &rows,
                    error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found < 0)
        return -1;
    struct bytes kept = store_rows_blob(rows, 0);
    if (found == 0 || store_rows_integer(rows, 1) <= now || kept.length != WEBAUTHN_CHALLENGE) {
        memset(challenge, 0, WEBAUTHN_CHALLENGE);
        return found == 0 ? 1 : store_rows_next(rows, error) < 0 ? -1 : 1;
    }
    memcpy(challenge, kept.data, WEBAUTHN_CHALLENGE);
    return store_rows_next(rows, error);
}

/* Takes the session's challenge: it is good for one answer. Code factor_expired. */
static int take_challenge(struct store *store, const struct identity_session *session, int64_t now,
                          uint8_t challenge[WEBAUTHN_CHALLENGE], struct error *error)
{
    if (store_begin(store, error) != 0)
        return -1;
    int result = read_challenge(store, session, now, challenge, error);
    if (store_conclude(store, result < 0 ? -1 : 0, error) != 0)
        return -1;
    return result == 1 ? error_set(error, "factor_expired", NULL, "%s", "") : 0;
}

/* ---- options for the browser ---- */

static void member_base64(struct json_writer *json, const char *name, struct bytes bytes)
{
    AUTO_BUFFER text = {0};
    identity_base64_append(&text, bytes);
    json_member_string(json, name, buffer_string(&text));
}

/* The keys that a person has: to be left out when registering, to be used when checking. */
static int write_keys(struct store *store, int64_t person, const char *name,
                      struct json_writer *json, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int found;
    if (store_query(store, STATEMENT_SECURITY_KEY_LIST,
                    STORE_VALUES(store_integer(person), store_integer(KEYS_MOST)), &rows,
                    error) != 0)
        return -1;
    json_key(json, name);
    json_begin_array(json);
    while ((found = store_rows_next(rows, error)) == 1) {
        json_begin_object(json);
        json_member_string(json, "type", "public-key");
        member_base64(json, "id", store_rows_blob(rows, 2));
        json_end_object(json);
    }
    json_end_array(json);
    return found;
}

static void write_person(const struct identity_session *session, struct json_writer *json)
{
    struct identity_text number = identity_number(session->person);
    json_key(json, "user");
    json_begin_object(json);
    member_base64(json, "id", bytes_of_string(number.text));
    json_member_string(json, "name", session->login);
    json_member_string(json, "displayName", session->name);
    json_end_object(json);
}

/* What a new key must be able to do: ES256 first, as nearly every key can. */
static void write_algorithms(struct json_writer *json)
{
    static const int algorithms[] = {-7, -8, -257};
    json_key(json, "pubKeyCredParams");
    json_begin_array(json);
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++) {
        json_begin_object(json);
        json_member_string(json, "type", "public-key");
        json_key(json, "alg");
        json_signed(json, algorithms[i]);
        json_end_object(json);
    }
    json_end_array(json);
}

int identity_key_register_begin(struct store *store, const struct identity_session *session,
                                const struct identity_site *site, int64_t now, struct buffer *out,
                                struct error *error)
{
    uint8_t challenge[WEBAUTHN_CHALLENGE];
    if (identity_factor_allowed(store, session, true, now, error) != 0 ||
        set_challenge(store, session, now, challenge, error) != 0)
        return -1;
    struct json_writer json = json_writer_open(out);
    json_begin_object(&json);
    member_base64(&json, "challenge", (struct bytes){challenge, sizeof challenge});
    json_key(&json, "rp");
    json_begin_object(&json);
    json_member_string(&json, "id", site->id);
    json_member_string(&json, "name", "Sekisho");
    json_end_object(&json);
    write_person(session, &json);
    write_algorithms(&json);
    if (write_keys(store, session->person, "excludeCredentials", &json, error) != 0)
        return -1;
    json_key(&json, "authenticatorSelection");
    json_begin_object(&json);
    json_member_string(&json, "userVerification", "preferred");
    json_member_string(&json, "residentKey", "discouraged");
    json_end_object(&json);
    json_member_string(&json, "attestation", "none");
    json_member_unsigned(&json, "timeout", CEREMONY_TIME / 1000);
    json_end_object(&json);
    return 0;
}

int identity_key_check_begin(struct store *store, const struct identity_session *session,
                             const struct identity_site *site, int64_t now, struct buffer *out,
                             struct error *error)
{
    uint8_t challenge[WEBAUTHN_CHALLENGE];
    if (identity_factor_allowed(store, session, false, now, error) != 0 ||
        set_challenge(store, session, now, challenge, error) != 0)
        return -1;
    struct json_writer json = json_writer_open(out);
    json_begin_object(&json);
    member_base64(&json, "challenge", (struct bytes){challenge, sizeof challenge});
    json_member_string(&json, "rpId", site->id);
    if (write_keys(store, session->person, "allowCredentials", &json, error) != 0)
        return -1;
    json_member_string(&json, "userVerification", "preferred");
    json_member_unsigned(&json, "timeout", CEREMONY_TIME / 1000);
    json_end_object(&json);
    return 0;
}

/* ---- answers ---- */

/* What is kept of a key under its credential: 1 found, 0 none, -1 error. */
static int read_key(struct store *store, struct bytes credential, struct webauthn_key *key,
                    int64_t *id, int64_t *person, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_SECURITY_KEY_READ,
                    STORE_VALUES(store_blob(credential.data, credential.length)), &rows,
                    error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found != 1)
        return found;
    *id = store_rows_integer(rows, 0);
    *person = store_rows_null(rows, 5) ? store_rows_integer(rows, 1) : 0;
    key->algorithm = (int)store_rows_integer(rows, 2);
    buffer_append_bytes(&key->public_key, store_rows_blob(rows, 3));
    key->counter = (uint32_t)store_rows_integer(rows, 4);
    return 1;
}

static int add(struct store *store, const struct identity_session *session, const char *name,
               const struct webauthn_key *key, int64_t now, char token[IDENTITY_TOKEN_SIZE],
               struct error *error)
{
    struct webauthn_key other = {0};
    int64_t id, person;
    struct identity_act act = identity_session_act(session, now);
    int taken = read_key(store, buffer_bytes(&key->credential), &other, &id, &person, error);
    webauthn_key_free(&other);
    if (taken != 0)
        return taken < 0 ? -1 : error_set(error, "factor_taken", NULL, "%s", "");
    if (identity_run_returning(
            store, STATEMENT_SECURITY_KEY_ADD,
            STORE_VALUES(store_integer(session->person), store_text(name),
                         store_blob(key->credential.data, key->credential.length),
                         store_integer(key->algorithm),
                         store_blob(key->public_key.data, key->public_key.length),
                         store_integer(key->counter), store_integer(now)),
            &id, error) != 0 ||
        identity_factor_pass(store, session, now, token, error) != 0)
        return -1;
    struct identity_text number = identity_number(id);
    return identity_record(store, &act, "factor.add", "person", session->person,
                           IDENTITY_FACTS({"method", "security_key"}, {"key", number.text}), error);
}

int identity_key_register_finish(struct store *store, const struct identity_session *session,
                                 const struct identity_site *site, const char *name,
                                 struct bytes answer, int64_t now, char token[IDENTITY_TOKEN_SIZE],
                                 struct error *error)
{
    uint8_t challenge[WEBAUTHN_CHALLENGE];
    __attribute__((cleanup(webauthn_key_free))) struct webauthn_key key = {0};
    if (identity_factor_allowed(store, session, true, now, error) != 0 ||
        identity_check_text(name, "name", false, error) != 0 ||
        take_challenge(store, session, now, challenge, error) != 0 ||
        webauthn_register(site, challenge, answer, &key, error) != 0 ||
        store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, add(store, session, name, &key, now, token, error), error);
}

/* In the transaction: the key counted on (those that do not count stay at 0), the session goes on.
 * 1 done, 0 the counter went back, -1 error. */
static int use(struct store *store, const struct identity_session *session, struct bytes credential,
               uint32_t counter, int64_t now, char token[IDENTITY_TOKEN_SIZE], struct error *error)
{
    __attribute__((cleanup(webauthn_key_free))) struct webauthn_key key = {0};
    int64_t id, person;
    struct identity_act act = identity_session_act(session, now);
    int found = read_key(store, credential, &key, &id, &person, error);
    if (found != 1)
        return -1;
    if ((counter || key.counter) && counter <= key.counter)
        return 0;
    if (store_run(store, STATEMENT_SECURITY_KEY_USE,
                  STORE_VALUES(store_integer(id), store_integer(counter), store_integer(now)),
                  error) != 0 ||
        identity_factor_pass(store, session, now, token, error) != 0)
        return -1;
    struct identity_text number = identity_number(id);
    if (identity_record(store, &act, "factor.accept", "person", session->person,
                        IDENTITY_FACTS({"method", "security_key"}, {"key", number.text}),
                        error) != 0)
        return -1;
    return 1;
}

/* The key of an answer is the person's own and signed it. 1 so it is, 0 not, -1 error. */
static int check_answer(struct store *store, const struct identity_session *session,
                        const struct identity_site *site, struct bytes answer,
                        const uint8_t *challenge, struct buffer *credential, uint32_t *counter,
                        struct error *error)
{
    __attribute__((cleanup(webauthn_key_free))) struct webauthn_key key = {0};
    int64_t id, person = 0;
    if (webauthn_credential(answer, credential, error) != 0)
        return -1;
    int found = read_key(store, buffer_bytes(credential), &key, &id, &person, error);
    if (found < 0)
        return -1;
    if (found == 0 || person != session->person)
        return 0;
    return webauthn_check(site, challenge, answer, &key, counter, NULL) == 0;
}

int identity_key_check_finish(struct store *store, const struct identity_session *session,
                              const struct identity_site *site, struct bytes answer, int64_t now,
                              char token[IDENTITY_TOKEN_SIZE], struct error *error)
{
    uint8_t challenge[WEBAUTHN_CHALLENGE];
    AUTO_BUFFER credential = {0};
    uint32_t counter = 0;
    if (identity_factor_allowed(store, session, false, now, error) != 0 ||
        take_challenge(store, session, now, challenge, error) != 0)
        return -1;
    int good = check_answer(store, session, site, answer, challenge, &credential, &counter, error);
    if (good < 0)
        return -1;
    if (good == 0)
        return identity_guard_refuse(store, session, "factor.refuse", "security_key",
                                     "factor_wrong", now, error);
    if (store_begin(store, error) != 0)
        return -1;
    int used = use(store, session, buffer_bytes(&credential), counter, now, token, error);
    if (store_conclude(store, used < 0 ? -1 : 0, error) != 0)
        return -1;
    return used == 1 ? 0
                     : identity_guard_refuse(store, session, "factor.refuse", "security_key",
                                             "factor_copied", now, error);
}

int identity_key_list(struct store *store, int64_t person, struct identity_key *list, size_t most,
                      size_t *count, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    int found;
    *count = 0;
    if (store_query(store, STATEMENT_SECURITY_KEY_LIST,
                    STORE_VALUES(store_integer(person), store_integer((int64_t)most)), &rows,
                    error) != 0)
        return -1;
    while ((found = store_rows_next(rows, error)) == 1) {
        struct identity_key *key = &list[(*count)++];
        *key = (struct identity_key){
            .id = store_rows_integer(rows, 0),
            .created = store_rows_integer(rows, 3),
            .used = store_rows_integer(rows, 4),
        };
        utf8_copy(key->name, sizeof key->name, store_rows_text(rows, 1));
    }
    return found;
}
