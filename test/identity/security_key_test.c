/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A key made of software shows what the server takes and what it refuses. */
#include "login_fixture.h"

#include <jansson.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include "base/hash.h"
#include "base/json.h"
#include "identity/internal.h"
#include "identity/webauthn.h"

static const struct identity_site site = {"sekisho.example", "https://sekisho.example:8082"};

struct key {
    EVP_PKEY *pair;
    uint8_t id[20];
    uint32_t counter;
    const char *origin; /* what the browser says; NULL: the site's */
    const char *format; /* attestation: none or packed */
    uint8_t flags;
};

static struct key make_key(uint8_t id)
{
    struct key key = {.pair = EVP_EC_gen("P-256"), .format = "none", .flags = 0x01};
    memset(key.id, id, sizeof key.id);
    assert_non_null(key.pair);
    return key;
}

/* The client data for the challenge in the server's options. */
static void client_data(const struct key *key, const char *type, struct buffer *options,
                        struct buffer *out)
{
    json_t *json = json_loadb((const char *)options->data, options->length, 0, NULL);
    assert_non_null(json);
    struct json_writer writer = json_writer_open(out);
    json_begin_object(&writer);
    json_member_string(&writer, "type", type);
    json_member_string(&writer, "challenge", json_string_value(json_object_get(json, "challenge")));
    json_member_string(&writer, "origin", key->origin ? key->origin : site.origin);
    json_end_object(&writer);
    json_decref(json);
}

static void head(const struct key *key, uint8_t flags, struct buffer *out)
{
    uint8_t hash[HASH_BYTES];
    hash_sha256(bytes_of_string(site.id), hash);
    buffer_append(out, hash, sizeof hash);
    buffer_append_byte(out, flags);
    buffer_append_u32be(out, key->counter);
}

static void sign(const struct key *key, struct buffer *data, struct buffer *client,
                 struct buffer *signature)
{
    uint8_t hash[HASH_BYTES], out[128];
    size_t length = sizeof out;
    AUTO_BUFFER message = {0};
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    hash_sha256(buffer_bytes(client), hash);
    buffer_append_bytes(&message, buffer_bytes(data));
    buffer_append(&message, hash, sizeof hash);
    assert_int_equal(EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key->pair), 1);
    assert_int_equal(EVP_DigestSign(context, out, &length, message.data, message.length), 1);
    buffer_append(signature, out, length);
    EVP_MD_CTX_free(context);
}

/* Authenticator data with the public key in COSE's form. */
static void attested_data(const struct key *key, struct buffer *out)
{
    uint8_t point[65];
    size_t length = 0;
    assert_int_equal(EVP_PKEY_get_octet_string_param(key->pair, OSSL_PKEY_PARAM_PUB_KEY, point,
                                                     sizeof point, &length),
                     1);
    head(key, key->flags | 0x40, out);
    buffer_append(out, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
    buffer_append_u16be(out, sizeof key->id);
    buffer_append(out, key->id, sizeof key->id);
    buffer_append(out, "\xA5\x01\x02\x03\x26\x20\x01\x21\x58\x20", 10);
    buffer_append(out, point + 1, 32);
    buffer_append(out, "\x22\x58\x20", 3);
    buffer_append(out, point + 33, 32);
}

static void member(struct json_writer *json, const char *name, struct buffer *bytes)
{
    AUTO_BUFFER text = {0};
    identity_base64_append(&text, buffer_bytes(bytes));
    json_member_string(json, name, buffer_string(&text));
}

/* What the browser answers when registering; `break_signature` spoils a packed attestation. */
static void registration(const struct key *key, struct buffer *options, bool break_signature,
                         struct buffer *out)
{
    AUTO_BUFFER client = {0}, data = {0}, object = {0}, signature = {0};
    client_data(key, "webauthn.create", options, &client);
    attested_data(key, &data);
    buffer_append_string(&object, "\xA3\x63"
                                  "fmt");
    if (!strcmp(key->format, "packed")) {
        sign(key, &data, &client, &signature);
        signature.data[signature.length - 1] ^= break_signature;
        buffer_append_string(&object, "\x66"
                                      "packed"
                                      "\x67"
                                      "attStmt"
                                      "\xA2\x63"
                                      "alg"
                                      "\x26\x63"
                                      "sig"
                                      "\x58");
        buffer_append_byte(&object, (uint8_t)signature.length);
        buffer_append_bytes(&object, buffer_bytes(&signature));
    } else {
        buffer_append_byte(&object, (uint8_t)(0x60 + strlen(key->format)));
        buffer_append_string(&object, key->format);
        buffer_append_string(&object, "\x67"
                                      "attStmt"
                                      "\xA0");
    }
    buffer_append_string(&object, "\x68"
                                  "authData"
                                  "\x58");
    buffer_append_byte(&object, (uint8_t)data.length);
    buffer_append_bytes(&object, buffer_bytes(&data));
    struct json_writer json = json_writer_open(out);
    json_begin_object(&json);
    member(&json, "clientDataJSON", &client);
    member(&json, "attestationObject", &object);
    json_end_object(&json);
}

/* What it answers when logging in. */
static void assertion(struct key *key, struct buffer *options, struct buffer *out)
{
    AUTO_BUFFER client = {0}, data = {0}, signature = {0}, id = {0};
    client_data(key, "webauthn.get", options, &client);
    head(key, key->flags, &data);
    sign(key, &data, &client, &signature);
    buffer_append(&id, key->id, sizeof key->id);
    struct json_writer json = json_writer_open(out);
    json_begin_object(&json);
    member(&json, "id", &id);
    member(&json, "clientDataJSON", &client);
    member(&json, "authenticatorData", &data);
    member(&json, "signature", &signature);
    json_end_object(&json);
}

/* Registers a key in a session; 0 or the code of the refusal. */
static const char *enroll(struct store *store, const char *session_token, const char *zone,
                          const struct key *key, bool break_signature,
                          char token[IDENTITY_TOKEN_SIZE])
{
    AUTO_BUFFER options = {0}, answer = {0};
    struct identity_session session = fixture_session(store, session_token, zone, NOW);
    expect_ok(identity_key_register_begin(store, &session, &site, NOW, &options, &error), &error);
    registration(key, &options, break_signature, &answer);
    return identity_key_register_finish(store, &session, &site, "青い鍵", buffer_bytes(&answer),
                                        NOW, token, &error) == 0
               ? NULL
               : error.code;
}

/* Logs in and shows a key; NULL or the code of the refusal. */
static const char *show(struct store *store, struct key *key, int64_t delay)
{
    AUTO_BUFFER options = {0}, answer = {0};
    char token[IDENTITY_TOKEN_SIZE];
    struct identity_login login = fixture_login(store, "hanako", GOOD, NOW);
    assert_int_equal(login.state, IDENTITY_SECOND_FACTOR);
    struct identity_session session = fixture_session(store, login.token, "lgwan", NOW);
    expect_ok(identity_key_check_begin(store, &session, &site, NOW, &options, &error), &error);
    assertion(key, &options, &answer);
    if (identity_key_check_finish(store, &session, &site, buffer_bytes(&answer), NOW + delay, token,
                                  &error) != 0)
        return error.code;
    assert_int_equal(fixture_session(store, token, "lgwan", NOW).stage, IDENTITY_FULL);
    return NULL;
}

/* The hall, with one key registered. */
static struct store *hall_with_key(void *state, struct key *key)
{
    int64_t hanako;
    char token[IDENTITY_TOKEN_SIZE];
    struct store *store = fixture_hall(state, &hanako);
    struct identity_login login = fixture_login_in(store, "hanako", GOOD, "mynumber", NOW);
    *key = make_key(7);
    assert_null(enroll(store, login.token, "mynumber", key, false, token));
    assert_int_equal(fixture_session(store, token, "mynumber", NOW).stage, IDENTITY_FULL);
    return store;
}

static void a_key_is_registered_and_shown(void **state)
{
    struct key key;
    struct identity_key list[2];
    size_t count;
    struct store *store = hall_with_key(*state, &key);
    key.counter = 5;
    assert_null(show(store, &key, 0));
    expect_ok(identity_key_list(store, 1, list, 2, &count, &error), &error);
    assert_int_equal(count, 1);
    assert_string_equal(list[0].name, "青い鍵");
    assert_int_equal(list[0].used, NOW);
    EVP_PKEY_free(key.pair);
    store_close(store);
}

static void a_counter_that_goes_back_betrays_a_copy(void **state)
{
    struct key key;
    struct store *store = hall_with_key(*state, &key);
    key.counter = 5;
    assert_null(show(store, &key, 0));
    assert_string_equal(show(store, &key, 0), "factor_copied");
    key.counter = 4;
    assert_string_equal(show(store, &key, 0), "factor_copied");
    key.counter = 6;
    assert_null(show(store, &key, 0));
    EVP_PKEY_free(key.pair);
    store_close(store);
}

static void a_key_that_does_not_count_stays_good(void **state)
{
    struct key key;
    struct store *store = hall_with_key(*state, &key);
    assert_null(show(store, &key, 0));
    assert_null(show(store, &key, 0));
    EVP_PKEY_free(key.pair);
    store_close(store);
}

static void another_key_origin_or_time_is_refused(void **state)
{
    struct key key, other = make_key(7);
    struct store *store = hall_with_key(*state, &key);
    assert_string_equal(show(store, &other, 0), "factor_wrong");
    other.id[0] = 1;
    assert_string_equal(show(store, &other, 0), "factor_wrong");
    key.origin = "https://sekisho.example.evil:8082";
    assert_string_equal(show(store, &key, 0), "factor_wrong");
    key.origin = NULL;
    key.flags = 0;
    assert_string_equal(show(store, &key, 0), "factor_wrong");
    key.flags = 0x01;
    assert_string_equal(show(store, &key, 301 * TIME_SECOND), "factor_expired");
    assert_null(show(store, &key, 0));
    EVP_PKEY_free(key.pair);
    EVP_PKEY_free(other.pair);
    store_close(store);
}

static void a_challenge_is_good_for_one_answer(void **state)
{
    struct key key;
    struct store *store = hall_with_key(*state, &key);
    AUTO_BUFFER options = {0}, answer = {0};
    char token[IDENTITY_TOKEN_SIZE];
    struct identity_login login = fixture_login(store, "hanako", GOOD, NOW);
    struct identity_session session = fixture_session(store, login.token, "lgwan", NOW);
    expect_ok(identity_key_check_begin(store, &session, &site, NOW, &options, &error), &error);
    assertion(&key, &options, &answer);
    expect_ok(identity_key_check_finish(store, &session, &site, buffer_bytes(&answer), NOW, token,
                                        &error),
              &error);
    session = fixture_session(store, fixture_login(store, "hanako", GOOD, NOW).token, "lgwan", NOW);
    expect_code(identity_key_check_finish(store, &session, &site, buffer_bytes(&answer), NOW, token,
                                          &error),
                &error, "factor_expired");
    AUTO_BUFFER fresh = {0};
    expect_ok(identity_key_check_begin(store, &session, &site, NOW, &fresh, &error), &error);
    expect_code(identity_key_check_finish(store, &session, &site, buffer_bytes(&answer), NOW, token,
                                          &error),
                &error, "factor_wrong");
    EVP_PKEY_free(key.pair);
    store_close(store);
}

static void an_attestation_that_came_must_be_true(void **state)
{
    int64_t hanako;
    char token[IDENTITY_TOKEN_SIZE];
    struct store *store = fixture_hall(*state, &hanako);
    struct identity_login login = fixture_login_in(store, "hanako", GOOD, "mynumber", NOW);
    struct key key = make_key(7);
    key.format = "tpm";
    assert_string_equal(enroll(store, login.token, "mynumber", &key, false, token),
                        "factor_format");
    key.format = "packed";
    assert_string_equal(enroll(store, login.token, "mynumber", &key, true, token), "factor_wrong");
    key.origin = "https://elsewhere.example";
    assert_string_equal(enroll(store, login.token, "mynumber", &key, false, token),
                        "factor_challenge");
    key.origin = NULL;
    assert_null(enroll(store, login.token, "mynumber", &key, false, token));
    assert_string_equal(enroll(store, token, "mynumber", &key, false, login.token), "factor_taken");
    EVP_PKEY_free(key.pair);
    store_close(store);
}

static void an_answer_that_is_not_of_the_form_is_refused(void **state)
{
    (void)state;
    static const uint8_t challenge[WEBAUTHN_CHALLENGE] = {0};
    static const char *const answers[] = {
        "",
        "[]",
        "{",
        "{}",
        "{\"clientDataJSON\":1,\"attestationObject\":\"\"}",
        "{\"clientDataJSON\":\"e30\",\"attestationObject\":\"oA\"}",
        "{\"clientDataJSON\":\"***\",\"attestationObject\":\"oA\"}",
    };
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct webauthn_key key = {0};
        expect_code(webauthn_register(&site, challenge, bytes_of_string(answers[i]), &key, &error),
                    &error, "factor_format");
        webauthn_key_free(&key);
    }
}

static void cbor_with_holes_lengths_and_depth_is_refused(void **state)
{
    (void)state;
    struct webauthn_attestation attestation;
#define CBOR(text)                                                                                 \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text) - 1                                                  \
    }
    static const struct bytes objects[] = {
        CBOR(""),
        CBOR("\xA0"),
        CBOR("\xBF\xFF"),
        CBOR("\xA3\x63"
             "fmt"
             "\x64"
             "none"
             "\x67"
             "attStmt"
             "\xA0\x68"
             "authData"
             "\x5B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"),
        CBOR("\xA3\x63"
             "fmt"
             "\x64"
             "none"
             "\x67"
             "attStmt"
             "\xBB\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x68"
             "authData"
             "\x41"
             "x"),
        CBOR("\xA3\x63"
             "fmt"
             "\x64"
             "none"
             "\x67"
             "attStmt"
             "\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x00\x68"
             "authData"
             "\x41"
             "x"),
        CBOR("\xA3\x63"
             "fmt"
             "\x64"
             "none"
             "\x67"
             "attStmt"
             "\xA0\x68"
             "authData"
             "\x41"
             "x"
             "y"),
    };
    static const struct bytes good = CBOR("\xA3\x63"
                                          "fmt"
                                          "\x64"
                                          "none"
                                          "\x67"
                                          "attStmt"
                                          "\xA0\x68"
                                          "authData"
                                          "\x41"
                                          "x");
    expect_ok(webauthn_attestation_read(good, &attestation, &error), &error);
    assert_true(bytes_equal_string(attestation.data, "x"));
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++)
        expect_code(webauthn_attestation_read(objects[i], &attestation, &error), &error,
                    "factor_format");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_unit_test(a_key_is_registered_and_shown),
        scratch_unit_test(a_counter_that_goes_back_betrays_a_copy),
        scratch_unit_test(a_key_that_does_not_count_stays_good),
        scratch_unit_test(another_key_origin_or_time_is_refused),
        scratch_unit_test(a_challenge_is_good_for_one_answer),
        scratch_unit_test(an_attestation_that_came_must_be_true),
        cmocka_unit_test(an_answer_that_is_not_of_the_form_is_refused),
        cmocka_unit_test(cbor_with_holes_lengths_and_depth_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
