/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a browser says about a security key, checked with libfido2 in the role of the server. */
#include "identity/webauthn.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <jansson.h>
#include <sodium.h>

#include "base/hash.h"
#include "identity/internal.h"

#define ANSWER_MOST  65536 /* bytes of JSON */
#define DATA_LEAST   37    /* authenticator data: hash of the site, flags, counter */
#define USER_PRESENT 0x01
#define HAS_KEY      0x40 /* attested credential data is there */

/* An answer taken apart: the browser's members, decoded. */
struct answer {
    struct buffer client, object, id, data, signature;
};

static void answer_free(struct answer *answer)
{
    buffer_free(&answer->client);
    buffer_free(&answer->object);
    buffer_free(&answer->id);
    buffer_free(&answer->data);
    buffer_free(&answer->signature);
}

static void json_free(json_t **json)
{
    json_decref(*json);
}

static int bad(const char *where, struct error *error)
{
    return error_set(error, "factor_format", where, "%s", "");
}

/* Parses JSON from outside: an object, nothing behind it, no member twice. */
static json_t *load(struct bytes text)
{
    json_error_t ignored;
    if (text.length > ANSWER_MOST)
        return NULL;
    json_t *json =
        json_loadb((const char *)text.data, text.length, JSON_REJECT_DUPLICATES, &ignored);
    if (json && !json_is_object(json)) {
        json_decref(json);
        return NULL;
    }
    return json;
}

/* Decodes the named members of the browser's JSON; each must be there. */
static int read_members(struct bytes text, const char *const *names, struct buffer **to,
                        struct error *error)
{
    __attribute__((cleanup(json_free))) json_t *json = load(text);
    if (!json)
        return bad("json", error);
    for (; *names; names++, to++) {
        const char *value = json_string_value(json_object_get(json, *names));
        if (!value || identity_base64_decode(*to, value) != 0)
            return bad(*names, error);
    }
    return 0;
}

/* §7.1 steps 7–10, §7.2 steps 11–13: type, challenge and origin are ours. */
static int check_client(const struct identity_site *site, const uint8_t *challenge,
                        const char *type, struct bytes client, struct error *error)
{
    __attribute__((cleanup(json_free))) json_t *json = load(client);
    AUTO_BUFFER given = {0};
    if (!json)
        return bad("clientDataJSON", error);
    const char *said_type = json_string_value(json_object_get(json, "type"));
    const char *said_origin = json_string_value(json_object_get(json, "origin"));
    const char *said = json_string_value(json_object_get(json, "challenge"));
    if (!said_type || !said_origin || !said || identity_base64_decode(&given, said) != 0)
        return bad("clientDataJSON", error);
    if (strcmp(said_type, type) != 0 || strcmp(said_origin, site->origin) != 0 ||
        json_is_true(json_object_get(json, "crossOrigin")) || given.length != WEBAUTHN_CHALLENGE ||
        sodium_memcmp(given.data, challenge, WEBAUTHN_CHALLENGE) != 0)
        return error_set(error, "factor_challenge", NULL, "%s", "");
    return 0;
}

/* §7.1 steps 13–14: made for this site, and somebody touched the key. */
static int check_data(const struct identity_site *site, struct bytes data, uint8_t wanted_flags,
                      struct error *error)
{
    uint8_t hash[HASH_BYTES];
    if (data.length < DATA_LEAST)
        return bad("authData", error);
    hash_sha256(bytes_of_string(site->id), hash);
    if (memcmp(data.data, hash, HASH_BYTES) != 0)
        return error_set(error, "factor_challenge", NULL, "%s", "");
    return (data.data[HASH_BYTES] & wanted_flags) == wanted_flags ? 0 : bad("flags", error);
}

/* ---- registering ---- */

/* Gives libfido2 what was attested; it takes the public key out of it. */
static int load_credential(fido_cred_t *credential, const struct identity_site *site,
                           struct bytes client, const struct webauthn_attestation *attestation,
                           int algorithm)
{
    return fido_cred_set_type(credential, algorithm) == FIDO_OK &&
                   fido_cred_set_clientdata(credential, client.data, client.length) == FIDO_OK &&
                   fido_cred_set_rp(credential, site->id, NULL) == FIDO_OK &&
                   fido_cred_set_authdata_raw(credential, attestation->data.data,
                                              attestation->data.length) == FIDO_OK &&
                   fido_cred_pubkey_ptr(credential) && fido_cred_id_ptr(credential)
               ? 0
               : -1;
}

/* §7.1 steps 18–19: no statement is what we asked for; one that came must be true. */
static int check_statement(fido_cred_t *credential, const struct webauthn_attestation *attestation,
                           struct error *error)
{
    if (bytes_equal_string(attestation->format, "none"))
        return 0;
    bool packed = bytes_equal_string(attestation->format, "packed");
    if (!packed && !bytes_equal_string(attestation->format, "fido-u2f"))
        return bad("fmt", error);
    if (fido_cred_set_fmt(credential, packed ? "packed" : "fido-u2f") != FIDO_OK ||
        fido_cred_set_attstmt(credential, attestation->statement.data,
                              attestation->statement.length) != FIDO_OK)
        return bad("attStmt", error);
    int result = fido_cred_x5c_ptr(credential) ? fido_cred_verify(credential)
                                               : fido_cred_verify_self(credential);
    return result == FIDO_OK ? 0 : error_set(error, "factor_wrong", NULL, "%s", "");
}

static int take_key(const struct identity_site *site, struct bytes client,
                    const struct webauthn_attestation *attestation, struct webauthn_key *key,
                    struct error *error)
{
    static const int algorithms[] = {COSE_ES256, COSE_EDDSA, COSE_RS256};
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++) {
        fido_cred_t *credential = fido_cred_new();
        bool fits = credential &&
                    load_credential(credential, site, client, attestation, algorithms[i]) == 0;
        int result = fits ? check_statement(credential, attestation, error) : -1;
        if (result == 0) {
            key->algorithm = algorithms[i];
            key->counter = fido_cred_sigcount(credential);
            buffer_append(&key->credential, fido_cred_id_ptr(credential),
                          fido_cred_id_len(credential));
            buffer_append(&key->public_key, fido_cred_pubkey_ptr(credential),
                          fido_cred_pubkey_len(credential));
        }
        fido_cred_free(&credential);
        if (fits)
            return result;
    }
    return bad("authData", error);
}

int webauthn_register(const struct identity_site *site, const uint8_t challenge[WEBAUTHN_CHALLENGE],
                      struct bytes answer_text, struct webauthn_key *key, struct error *error)
{
    static const char *const names[] = {"clientDataJSON", "attestationObject", NULL};
    __attribute__((cleanup(answer_free))) struct answer answer = {0};
    struct buffer *to[] = {&answer.client, &answer.object};
    struct webauthn_attestation attestation;
    fido_init(0);
    if (read_members(answer_text, names, to, error) != 0 ||
        check_client(site, challenge, "webauthn.create", buffer_bytes(&answer.client), error) !=
            0 ||
        webauthn_attestation_read(buffer_bytes(&answer.object), &attestation, error) != 0 ||
        check_data(site, attestation.data, USER_PRESENT | HAS_KEY, error) != 0)
        return -1;
    return take_key(site, buffer_bytes(&answer.client), &attestation, key, error);
}

void webauthn_key_free(struct webauthn_key *key)
{
    buffer_free(&key->credential);
    buffer_free(&key->public_key);
}

/* ---- checking ---- */

int webauthn_credential(struct bytes answer, struct buffer *credential, struct error *error)
{
    static const char *const names[] = {"id", NULL};
    return read_members(answer, names, &credential, error);
}

/* A statement that libfido2 can verify. */
static int load_assertion(fido_assert_t *assertion, const struct identity_site *site,
                          const struct answer *answer)
{
    return fido_assert_set_count(assertion, 1) == FIDO_OK &&
                   fido_assert_set_rp(assertion, site->id) == FIDO_OK &&
                   fido_assert_set_clientdata(assertion, answer->client.data,
                                              answer->client.length) == FIDO_OK &&
                   fido_assert_set_up(assertion, FIDO_OPT_TRUE) == FIDO_OK &&
                   fido_assert_set_authdata_raw(assertion, 0, answer->data.data,
                                                answer->data.length) == FIDO_OK &&
                   fido_assert_set_sig(assertion, 0, answer->signature.data,
                                       answer->signature.length) == FIDO_OK
               ? 0
               : -1;
}

/* Verifies the signature by the key's algorithm. */
static bool verify(const fido_assert_t *assertion, const struct webauthn_key *key)
{
    const void *bytes = key->public_key.data;
    size_t length = key->public_key.length;
    int result = FIDO_ERR_INVALID_SIG;
    if (key->algorithm == COSE_ES256) {
        es256_pk_t *public_key = es256_pk_new();
        if (public_key && es256_pk_from_ptr(public_key, bytes, length) == FIDO_OK)
            result = fido_assert_verify(assertion, 0, COSE_ES256, public_key);
        es256_pk_free(&public_key);
    } else if (key->algorithm == COSE_EDDSA) {
        eddsa_pk_t *public_key = eddsa_pk_new();
        if (public_key && eddsa_pk_from_ptr(public_key, bytes, length) == FIDO_OK)
            result = fido_assert_verify(assertion, 0, COSE_EDDSA, public_key);
        eddsa_pk_free(&public_key);
    } else if (key->algorithm == COSE_RS256) {
        rs256_pk_t *public_key = rs256_pk_new();
        if (public_key && rs256_pk_from_ptr(public_key, bytes, length) == FIDO_OK)
            result = fido_assert_verify(assertion, 0, COSE_RS256, public_key);
        rs256_pk_free(&public_key);
    }
    return result == FIDO_OK;
}

int webauthn_check(const struct identity_site *site, const uint8_t challenge[WEBAUTHN_CHALLENGE],
                   struct bytes answer_text, const struct webauthn_key *key, uint32_t *counter,
                   struct error *error)
{
    static const char *const names[] = {"clientDataJSON", "authenticatorData", "signature", NULL};
    __attribute__((cleanup(answer_free))) struct answer answer = {0};
    struct buffer *to[] = {&answer.client, &answer.data, &answer.signature};
    fido_init(0);
    if (read_members(answer_text, names, to, error) != 0 ||
        check_client(site, challenge, "webauthn.get", buffer_bytes(&answer.client), error) != 0 ||
        check_data(site, buffer_bytes(&answer.data), USER_PRESENT, error) != 0)
        return -1;
    fido_assert_t *assertion = fido_assert_new();
    bool good =
        assertion && load_assertion(assertion, site, &answer) == 0 && verify(assertion, key);
    *counter = good ? fido_assert_sigcount(assertion, 0) : 0;
    fido_assert_free(&assertion);
    return good ? 0 : error_set(error, "factor_wrong", NULL, "%s", "");
}
