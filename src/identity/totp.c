/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Codes by time (RFC 6238): six digits, SHA-1, thirty seconds, as every app makes them. */
#include <ctype.h>
#include <liboath/oath.h>
#include <sodium.h>

#include "base/time.h"
#include "identity/internal.h"
#include "store/secret.h"

#define SECRET_BYTES 20 /* RFC 4226 §4 */
#define STEP         30 /* seconds */
#define DIGITS       6

struct secret {
    uint8_t bytes[SECRET_BYTES];
    bool in_the_open; /* kept by an older version, as it is */
    bool confirmed;
    int64_t last_step;
};

/* For what a secret is sealed: the row of one person. */
static struct identity_text place_of(int64_t person)
{
    struct identity_text place;
    snprintf(place.text, sizeof place.text, "totp/%lld", (long long)person);
    return place;
}

/* Takes the secret out of what is kept. */
static int open_secret(struct store *store, int64_t person, struct bytes kept,
                       struct secret *secret, struct error *error)
{
    AUTO_BUFFER opened = {0};
    struct identity_text place = place_of(person);
    secret->in_the_open = kept.length == SECRET_BYTES;
    if (!secret->in_the_open) {
        if (store_secret_open(store, place.text, kept, &opened, error) != 0)
            return -1;
        kept = buffer_bytes(&opened);
    }
    if (kept.length != SECRET_BYTES)
        return error_set(error, "store_broken", store_directory(store), "totp");
    memcpy(secret->bytes, kept.data, SECRET_BYTES);
    if (opened.length)
        sodium_memzero(opened.data, opened.length);
    return 0;
}

/* 1 there is one, 0 none, -1 error. */
static int read_secret(struct store *store, int64_t person, struct secret *secret,
                       struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_TOTP_READ, STORE_VALUES(store_integer(person)), &rows,
                    error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found != 1)
        return found;
    if (open_secret(store, person, store_rows_blob(rows, 0), secret, error) != 0)
        return -1;
    secret->confirmed = !store_rows_null(rows, 1);
    secret->last_step = store_rows_integer(rows, 2);
    return 1;
}

/* ---- the URI ---- */

static void append_escaped(struct buffer *out, const char *text)
{
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (isalnum(byte) || strchr("-._~", byte))
            buffer_append_byte(out, byte);
        else
            buffer_append_format(out, "%%%02X", byte);
    }
}

static void append_base32(struct buffer *out, const uint8_t *bytes, size_t length)
{
    static const char signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint32_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; i < length; i++) {
        bits = bits << 8 | bytes[i];
        for (held += 8; held >= 5; held -= 5)
            buffer_append_byte(out, (uint8_t)signs[bits >> (held - 5) & 31]);
    }
}

static void append_uri(struct buffer *uri, const char *issuer, const char *login,
                       const uint8_t secret[SECRET_BYTES])
{
    buffer_append_string(uri, "otpauth://totp/");
    append_escaped(uri, issuer);
    buffer_append_byte(uri, ':');
    append_escaped(uri, login);
    buffer_append_string(uri, "?secret=");
    append_base32(uri, secret, SECRET_BYTES);
    buffer_append_string(uri, "&issuer=");
    append_escaped(uri, issuer);
    buffer_append_format(uri, "&algorithm=SHA1&digits=%d&period=%d", DIGITS, STEP);
}

int identity_totp_begin(struct store *store, const struct identity_session *session,
                        const char *issuer, int64_t now, struct buffer *uri, struct error *error)
{
    struct secret secret = {0};
    if (identity_factor_allowed(store, session, true, now, error) != 0)
        return -1;
    int found = read_secret(store, session->person, &secret, error);
    if (found < 0)
        return -1;
    if (found == 1 && secret.confirmed)
        return error_set(error, "factor_taken", NULL, "%s", "");
    AUTO_BUFFER sealed = {0};
    struct identity_text place = place_of(session->person);
    randombytes_buf(secret.bytes, sizeof secret.bytes);
    if (store_secret_seal(store, place.text, (struct bytes){secret.bytes, SECRET_BYTES}, &sealed,
                          error) != 0 ||
        store_begin(store, error) != 0 ||
        store_conclude(
            store,
            store_run(store, STATEMENT_TOTP_SET,
                      STORE_VALUES(store_integer(session->person),
                                   store_blob(sealed.data, sealed.length), store_integer(now)),
                      error),
            error) != 0)
        return -1;
    append_uri(uri, issuer, session->login, secret.bytes);
    sodium_memzero(&secret, sizeof secret);
    return 0;
}

/* ---- codes ---- */

/* Takes the digits out of "123 456"; false when there are not six and nothing else. */
static bool read_code(const char *typed, char code[DIGITS + 1])
{
    size_t length = 0;
    for (; *typed; typed++) {
        if (*typed == ' ')
            continue;
        if (!isdigit((unsigned char)*typed) || length == DIGITS)
            return false;
        code[length++] = *typed;
    }
    code[length] = '\0';
    return length == DIGITS;
}

/* The step whose code it is, one before and one behind allowed, none that was taken; or 0. */
static int64_t find_step(const struct secret *secret, const char *typed, int64_t now)
{
    char code[DIGITS + 1], wanted[DIGITS + 1];
    int64_t present = now / TIME_SECOND / STEP, found = 0;
    if (oath_init() != OATH_OK || !read_code(typed, code))
        return 0;
    for (int64_t step = present - 1; step <= present + 1; step++)
        if (oath_totp_generate((const char *)secret->bytes, SECRET_BYTES, step * STEP, STEP, 0,
                               DIGITS, wanted) == OATH_OK &&
            sodium_memcmp(code, wanted, DIGITS) == 0 && step > secret->last_step)
            found = step;
    return found;
}

/* In the transaction: seals a secret that an older version kept in the open. */
static int reseal(struct store *store, int64_t person, const struct secret *secret,
                  struct error *error)
{
    AUTO_BUFFER sealed = {0};
    struct identity_text place = place_of(person);
    if (!secret->in_the_open)
        return 0;
    if (store_secret_seal(store, place.text, (struct bytes){secret->bytes, SECRET_BYTES}, &sealed,
                          error) != 0)
        return -1;
    return store_run(store, STATEMENT_TOTP_RESEAL,
                     STORE_VALUES(store_integer(person), store_blob(sealed.data, sealed.length)),
                     error);
}

/* In the transaction: takes the code of a step, unless somebody was faster. `token` of the session
 * that it lets on; NULL: of none. */
static int take(struct store *store, const struct identity_session *session,
                const struct secret *secret, int64_t step, bool confirming, int64_t now,
                char *token, struct error *error)
{
    struct identity_act act = identity_session_act(session, now);
    if (reseal(store, session->person, secret, error) != 0)
        return -1;
    if (store_run(
            store, STATEMENT_TOTP_TAKE,
            STORE_VALUES(store_integer(session->person), store_integer(step), store_integer(now)),
            error) != 0)
        return -1;
    if (store_changed_rows(store) == 0)
        return error_set(error, "factor_wrong", NULL, "%s", "");
    if (token && identity_factor_pass(store, session, now, token, error) != 0)
        return -1;
    return identity_record(store, &act, confirming ? "factor.add" : "factor.accept", "person",
                           session->person, IDENTITY_FACTS({"method", "totp"}), error);
}

/* Looks at a code beside the secret, in a transaction of its own. */
static int judge(struct store *store, const struct identity_session *session,
                 const struct secret *secret, const char *code, bool confirming, int64_t now,
                 char *token, struct error *error)
{
    int64_t step = find_step(secret, code, now);
    int result;
    if (step == 0)
        result = identity_guard_refuse(store, session, "factor.refuse", "totp", "factor_wrong", now,
                                       error);
    else if ((result = store_begin(store, error)) == 0)
        result = store_conclude(
            store, take(store, session, secret, step, confirming, now, token, error), error);
    return result;
}

static int check(struct store *store, const struct identity_session *session, const char *code,
                 bool confirming, int64_t now, char token[IDENTITY_TOKEN_SIZE], struct error *error)
{
    struct secret secret = {0};
    if (identity_factor_allowed(store, session, confirming, now, error) != 0)
        return -1;
    int found = read_secret(store, session->person, &secret, error);
    if (found < 0)
        return -1;
    if (found == 0 || secret.confirmed == confirming)
        return error_set(error, "factor_stage", NULL, "%s", "");
    int result = judge(store, session, &secret, code, confirming, now, token, error);
    sodium_memzero(&secret, sizeof secret);
    return result;
}

int identity_totp_confirm(struct store *store, const struct identity_session *session,
                          const char *code, int64_t now, char token[IDENTITY_TOKEN_SIZE],
                          struct error *error)
{
    return check(store, session, code, true, now, token, error);
}

int identity_totp_check(struct store *store, const struct identity_session *session,
                        const char *code, int64_t now, char token[IDENTITY_TOKEN_SIZE],
                        struct error *error)
{
    return check(store, session, code, false, now, token, error);
}

int identity_presence_prove(struct store *store, struct identity_session *session, const char *code,
                            int64_t now, struct error *error)
{
    struct secret secret = {0};
    if (!session->by_token)
        return error_set(error, "factor_stage", NULL, "%s", "");
    if (identity_guard_check(store, session->login, now, error) != 0)
        return -1;
    int found = read_secret(store, session->person, &secret, error);
    if (found < 0)
        return -1;
    if (found == 0 || !secret.confirmed)
        return error_set(error, "factor_none", NULL, "%s", "");
    int result = judge(store, session, &secret, code, false, now, NULL, error);
    sodium_memzero(&secret, sizeof secret);
    session->present = result == 0;
    return result;
}
