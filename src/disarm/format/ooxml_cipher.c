/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening the two encryptions of [MS-OFFCRYPTO]. */
#include "disarm/format/ooxml_cipher.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>

#include "base/cursor.h"
#include "base/memory.h"
#include "disarm/format/ooxml_key.h"
#include "disarm/format/ooxml_xml.h"

enum {
    KEY_MAXIMUM = 32,
    SALT_MAXIMUM = 64,
    SPIN_MAXIMUM = 10000000, /* 2.3.4.10 */
    STANDARD_SPIN = 50000,
};

/* One <keyData> or <p:encryptedKey>. */
struct agile_key {
    struct bytes salt;
    const EVP_MD *hash;
    size_t key_length; /* bytes */
    uint32_t spin;
    struct bytes verifier_input, verifier_value, value;
    bool supported;
    struct buffer storage; /* decoded base64 of the above */
};

/* <dataIntegrity>: an HMAC over the closed package, and its key. Older writers leave it out. */
struct agile_integrity {
    struct bytes key, value;
    struct buffer storage;
};

struct agile {
    struct agile_key data, password;
    struct agile_integrity integrity;
};

static int unsupported(struct error *error, const char *what)
{
    return error_set(error, "ooxml_encryption", NULL, "%s", what);
}

static int wrong_password(struct error *error)
{
    return error_set(error, "password_wrong", NULL, "%s", "");
}

static void decode_base64(const char *text, struct buffer *out, struct bytes *view)
{
    size_t length = text ? strlen(text) : 0;
    if (length == 0 || length > 4096 || length % 4)
        return;
    buffer_reserve(out, length + 4);
    int made = EVP_DecodeBlock(out->data + out->length, (const unsigned char *)text, (int)length);
    if (made < 0)
        return;
    made -= text[length - 1] == '=';
    made -= text[length - 2] == '=';
    *view = (struct bytes){NULL, (size_t)made};
    out->length += (size_t)made;
}

static const EVP_MD *find_hash(const char *name)
{
    static const char *const names[] = {"SHA1", "SHA256", "SHA384", "SHA512"};
    const EVP_MD *const hashes[] = {EVP_sha1(), EVP_sha256(), EVP_sha384(), EVP_sha512()};
    for (size_t i = 0; name && i < sizeof names / sizeof *names; i++) {
        if (!strcmp(name, names[i]) || (i == 0 && !strcmp(name, "SHA-1")))
            return hashes[i];
    }
    return NULL;
}

static size_t number(const char **attributes, const char *name)
{
    const char *value = ooxml_xml_attribute(attributes, name);
    return value ? strtoul(value, NULL, 10) : 0;
}

static bool says(const char **attributes, const char *name, const char *wanted)
{
    const char *value = ooxml_xml_attribute(attributes, name);
    return value && !strcmp(value, wanted);
}

/* Decodes the named attributes into storage, with a view of each. */
static void take_values(struct buffer *storage, const char **attributes, const char *const *names,
                        struct bytes *const *views, size_t count)
{
    for (size_t i = 0; i < count; i++)
        decode_base64(ooxml_xml_attribute(attributes, names[i]), storage, views[i]);
    size_t at = 0;
    for (size_t i = 0; i < count; i++) { /* the storage has moved */
        views[i]->data = storage->data + at;
        at += views[i]->length;
    }
}

static void take_integrity(struct agile_integrity *integrity, const char **attributes)
{
    static const char *const names[] = {"encryptedHmacKey", "encryptedHmacValue"};
    struct bytes *const views[] = {&integrity->key, &integrity->value};
    take_values(&integrity->storage, attributes, names, views, sizeof names / sizeof *names);
}

static void take_key(struct agile_key *key, const char **attributes)
{
    static const char *const names[] = {"saltValue", "encryptedVerifierHashInput",
                                        "encryptedVerifierHashValue", "encryptedKeyValue"};
    struct bytes *const views[] = {&key->salt, &key->verifier_input, &key->verifier_value,
                                   &key->value};
    take_values(&key->storage, attributes, names, views, sizeof names / sizeof *names);
    size_t bits = number(attributes, "keyBits"), spin = number(attributes, "spinCount");
    key->hash = find_hash(ooxml_xml_attribute(attributes, "hashAlgorithm"));
    key->key_length = bits / 8;
    key->spin = (uint32_t)spin;
    key->supported = key->hash && (bits == 128 || bits == 192 || bits == 256) &&
                     number(attributes, "blockSize") == OOXML_BLOCK && spin <= SPIN_MAXIMUM &&
                     key->salt.length && key->salt.length <= SALT_MAXIMUM &&
                     says(attributes, "cipherAlgorithm", "AES") &&
                     says(attributes, "cipherChaining", "ChainingModeCBC");
}

static void on_start(void *data, const char *name, const char **attributes)
{
    struct agile *agile = data;
    const char *local = ooxml_xml_local(name);
    if (!strcmp(local, "keyData") && !agile->data.storage.length)
        take_key(&agile->data, attributes);
    else if (!strcmp(local, "dataIntegrity") && !agile->integrity.storage.length)
        take_integrity(&agile->integrity, attributes);
    else if (!strcmp(local, "encryptedKey") && !agile->password.storage.length &&
             strstr(name, "/keyEncryptor/password"))
        take_key(&agile->password, attributes);
}

/* Decrypts one of the small values of the password's key: 2.3.4.12. */
static bool open_value(EVP_MD_CTX *context, const struct agile_key *key,
                       const struct ooxml_digest *password, const char *block_key, struct bytes in,
                       uint8_t out[SALT_MAXIMUM * 2])
{
    struct ooxml_digest digest;
    uint8_t derived[KEY_MAXIMUM], iv[OOXML_BLOCK];
    ooxml_key_hash(context, key->hash, ooxml_digest_bytes(password),
                   (struct bytes){(const uint8_t *)block_key, 8}, &digest);
    ooxml_key_fit(&digest, derived, key->key_length);
    for (size_t i = 0; i < OOXML_BLOCK; i++)
        iv[i] = i < key->salt.length ? key->salt.data[i] : 0x36;
    return in.length && in.length <= SALT_MAXIMUM * 2 &&
           ooxml_key_decrypt(derived, key->key_length, iv, in, out);
}

/* Finds the key of the data; false when the password is another one. */
static bool open_key(EVP_MD_CTX *context, const struct agile *agile, const char *password,
                     uint8_t key[SALT_MAXIMUM * 2])
{
    const struct agile_key *sealed = &agile->password;
    struct ooxml_digest spun, expected;
    uint8_t input[SALT_MAXIMUM * 2], value[SALT_MAXIMUM * 2];
    ooxml_key_spin(context, sealed->hash, sealed->salt, password, sealed->spin, &spun);
    if (!open_value(context, sealed, &spun, OOXML_KEY_VERIFIER_INPUT, sealed->verifier_input,
                    input) ||
        !open_value(context, sealed, &spun, OOXML_KEY_VERIFIER_VALUE, sealed->verifier_value,
                    value))
        return false;
    ooxml_key_hash(context, sealed->hash, (struct bytes){input, sealed->verifier_input.length},
                   (struct bytes){input, 0}, &expected);
    if (sealed->verifier_value.length < expected.length ||
        CRYPTO_memcmp(expected.bytes, value, expected.length) != 0)
        return false;
    return open_value(context, sealed, &spun, OOXML_KEY_DATA, sealed->value, key);
}

/* Decrypts a value that the key of the data closes: 2.3.4.14. */
static bool open_with_data_key(EVP_MD_CTX *context, const struct agile_key *data,
                               const uint8_t *key, const char *block_key, struct bytes in,
                               uint8_t out[SALT_MAXIMUM * 2])
{
    uint8_t iv[OOXML_BLOCK];
    ooxml_key_vector(context, data->hash, data->salt, (struct bytes){(const uint8_t *)block_key, 8},
                     iv);
    return in.length <= SALT_MAXIMUM * 2 && ooxml_key_decrypt(key, data->key_length, iv, in, out);
}

/* True when the closed package is what its author closed, or nothing says what that was. */
static bool is_whole(EVP_MD_CTX *context, const struct agile *agile, const uint8_t *key,
                     struct bytes sealed)
{
    const struct agile_integrity *integrity = &agile->integrity;
    const EVP_MD *hash = agile->data.hash;
    size_t length = (size_t)EVP_MD_get_size(hash);
    uint8_t own_key[SALT_MAXIMUM * 2], said[SALT_MAXIMUM * 2], found[EVP_MAX_MD_SIZE];
    if (!integrity->key.length && !integrity->value.length)
        return true;
    return integrity->key.length >= length && integrity->value.length >= length &&
           open_with_data_key(context, &agile->data, key, OOXML_KEY_HMAC_KEY, integrity->key,
                              own_key) &&
           open_with_data_key(context, &agile->data, key, OOXML_KEY_HMAC_VALUE, integrity->value,
                              said) &&
           HMAC(hash, own_key, (int)length, sealed.data, sealed.length, found, NULL) &&
           CRYPTO_memcmp(said, found, length) == 0;
}

/* The package: its length, then segments of 4,096 bytes, each with its own vector: 2.3.4.15. */
static int open_segments(EVP_MD_CTX *context, const struct agile_key *data, const uint8_t *key,
                         struct bytes sealed, struct buffer *out, struct error *error)
{
    struct cursor cursor = cursor_open(sealed);
    uint64_t length = cursor_u64le(&cursor);
    size_t before = out->length;
    for (uint32_t i = 0; cursor_remaining(&cursor) >= OOXML_BLOCK; i++) {
        size_t size = cursor_remaining(&cursor) & ~(size_t)(OOXML_BLOCK - 1);
        struct bytes segment = cursor_take(&cursor, size < OOXML_SEGMENT ? size : OOXML_SEGMENT);
        uint8_t iv[OOXML_BLOCK];
        ooxml_key_segment_vector(context, data->hash, data->salt, i, iv);
        buffer_reserve(out, segment.length);
        if (!ooxml_key_decrypt(key, data->key_length, iv, segment, out->data + out->length))
            return unsupported(error, "AES");
        out->length += segment.length;
    }
    if (cursor.failed || length > out->length - before)
        return unsupported(error, "length");
    out->length = before + (size_t)length;
    return 0;
}

static int open_agile(const struct agile *agile, struct bytes sealed, const char *password,
                      struct buffer *out, struct error *error)
{
    if (!agile->data.supported || !agile->password.supported)
        return unsupported(error, "agile");
    uint8_t key[SALT_MAXIMUM * 2] = {0};
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!context)
        memory_exhausted();
    int failed;
    if (!open_key(context, agile, password, key))
        failed = wrong_password(error);
    else if (!is_whole(context, agile, key, sealed))
        failed = error_set(error, "ooxml_altered", NULL, "%s", "HMAC");
    else
        failed = open_segments(context, &agile->data, key, sealed, out, error);
    EVP_MD_CTX_free(context);
    OPENSSL_cleanse(key, sizeof key);
    return failed;
}

int ooxml_cipher_agile(struct bytes description, struct bytes sealed, const char *password,
                       struct buffer *out, struct error *error)
{
    static const struct ooxml_xml_handlers handlers = {.start = on_start};
    struct agile agile = {0};
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    int failed = ooxml_xml_read(description, &handlers, &agile, NULL, error);
    if (!failed)
        failed = open_agile(&agile, sealed, password, out, error);
    buffer_free(&agile.data.storage);
    buffer_free(&agile.password.storage);
    buffer_free(&agile.integrity.storage);
    return failed;
}

/* The key of standard encryption: 2.3.4.7. */
static void standard_key(EVP_MD_CTX *context, struct bytes salt, const char *password,
                         size_t key_length, uint8_t key[2 * EVP_MAX_MD_SIZE])
{
    static const uint8_t zero[4];
    struct ooxml_digest spun, halves[2];
    ooxml_key_spin(context, EVP_sha1(), salt, password, STANDARD_SPIN, &spun);
    ooxml_key_hash(context, EVP_sha1(), ooxml_digest_bytes(&spun), (struct bytes){zero, 4}, &spun);
    for (int half = 0; half < 2; half++) {
        uint8_t pad[64];
        memset(pad, half ? 0x5C : 0x36, sizeof pad);
        for (unsigned i = 0; i < spun.length; i++)
            pad[i] ^= spun.bytes[i];
        ooxml_key_hash(context, EVP_sha1(), (struct bytes){pad, sizeof pad}, (struct bytes){pad, 0},
                       &halves[half]);
        memcpy(key + (size_t)half * 20, halves[half].bytes, 20);
    }
    memset(key + key_length, 0, 2 * EVP_MAX_MD_SIZE - key_length);
}

/* EncryptionVerifier, 2.3.3: salt, encrypted verifier, its encrypted hash. */
struct verifier {
    struct bytes salt, input, value;
};

static bool verifier_agrees(EVP_MD_CTX *context, const struct verifier *verifier,
                            const uint8_t *key, size_t key_length)
{
    uint8_t input[OOXML_BLOCK], value[2 * OOXML_BLOCK];
    struct ooxml_digest digest;
    if (!ooxml_key_decrypt(key, key_length, NULL, verifier->input, input) ||
        !ooxml_key_decrypt(key, key_length, NULL, verifier->value, value))
        return false;
    ooxml_key_hash(context, EVP_sha1(), (struct bytes){input, sizeof input},
                   (struct bytes){input, 0}, &digest);
    return CRYPTO_memcmp(digest.bytes, value, 20) == 0;
}

static int open_standard(const struct verifier *verifier, size_t key_length, struct bytes sealed,
                         const char *password, struct buffer *out, struct error *error)
{
    uint8_t key[2 * EVP_MAX_MD_SIZE];
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!context)
        memory_exhausted();
    standard_key(context, verifier->salt, password, key_length, key);
    bool agrees = verifier_agrees(context, verifier, key, key_length);
    EVP_MD_CTX_free(context);
    if (!agrees)
        return wrong_password(error);
    struct cursor cursor = cursor_open(sealed);
    uint64_t length = cursor_u64le(&cursor);
    struct bytes blocks =
        cursor_take(&cursor, cursor_remaining(&cursor) & ~(size_t)(OOXML_BLOCK - 1));
    if (cursor.failed || length > blocks.length)
        return unsupported(error, "length");
    buffer_reserve(out, blocks.length);
    if (!ooxml_key_decrypt(key, key_length, NULL, blocks, out->data + out->length))
        return unsupported(error, "AES");
    out->length += (size_t)length;
    OPENSSL_cleanse(key, sizeof key);
    return 0;
}

int ooxml_cipher_standard(struct bytes description, struct bytes sealed, const char *password,
                          struct buffer *out, struct error *error)
{
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    struct cursor cursor = cursor_open(description);
    struct cursor header = cursor_open(cursor_take(&cursor, cursor_u32le(&cursor)));
    cursor_skip(&header, 8);
    uint32_t algorithm = cursor_u32le(&header), hash = cursor_u32le(&header);
    uint32_t bits = cursor_u32le(&header);
    struct verifier verifier = {.salt = cursor_take(&cursor, cursor_u32le(&cursor))};
    verifier.input = cursor_take(&cursor, OOXML_BLOCK);
    uint32_t hash_length = cursor_u32le(&cursor);
    verifier.value = cursor_take(&cursor, 2 * OOXML_BLOCK);
    /* AES-128, -192, -256 and SHA-1: 2.3.2 */
    bool known = algorithm >= 0x660E && algorithm <= 0x6610 && (hash == 0x8004 || hash == 0) &&
                 (bits == 128 || bits == 192 || bits == 256) && hash_length == 20;
    if (cursor.failed || header.failed || !known || verifier.salt.length > SALT_MAXIMUM)
        return unsupported(error, "standard");
    return open_standard(&verifier, bits / 8, sealed, password, out, error);
}
