/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys from passwords, and AES in the ways that [MS-OFFCRYPTO] uses it. */
#include "disarm/format/ooxml_cipher.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>

#include "base/cursor.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "disarm/format/ooxml_xml.h"

enum {
    SEGMENT = 4096,
    BLOCK = 16,
    KEY_MAXIMUM = 32,
    SALT_MAXIMUM = 64,
    SPIN_MAXIMUM = 10000000, /* 2.3.4.10 */
    STANDARD_SPIN = 50000,
    PASSWORD_UNITS_MAXIMUM = 255,
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

struct agile {
    struct agile_key data, password;
};

static int unsupported(struct error *error, const char *what)
{
    return error_set(error, "ooxml_encryption", NULL, "%s", what);
}

static int wrong_password(struct error *error)
{
    return error_set(error, "password_wrong", NULL, "%s", "");
}

/* The password as UTF-16LE without a zero behind it. */
static void append_utf16(struct buffer *out, const char *password)
{
    struct bytes text = bytes_of_string(password);
    while (text.length && out->length < 2 * PASSWORD_UNITS_MAXIMUM) {
        uint32_t point;
        size_t length = utf8_decode(text, &point);
        if (!length) {
            length = 1;
            point = UTF8_REPLACEMENT;
        }
        if (point >= 0x10000) {
            buffer_append_u16le(out, (uint16_t)(0xD800 + ((point - 0x10000) >> 10)));
            point = 0xDC00 + ((point - 0x10000) & 0x3FF);
        }
        buffer_append_u16le(out, (uint16_t)point);
        text = bytes_slice(text, length, text.length);
    }
}

struct digest {
    uint8_t bytes[EVP_MAX_MD_SIZE];
    unsigned length;
};

/* digest = hash(a ‖ b); b may be the digest itself. */
static void hash_two(EVP_MD_CTX *context, const EVP_MD *hash, struct bytes a, struct bytes b,
                     struct digest *digest)
{
    if (!EVP_DigestInit_ex(context, hash, NULL) || !EVP_DigestUpdate(context, a.data, a.length) ||
        !EVP_DigestUpdate(context, b.data, b.length) ||
        !EVP_DigestFinal_ex(context, digest->bytes, &digest->length))
        memory_exhausted();
}

static struct bytes digest_bytes(const struct digest *digest)
{
    return (struct bytes){digest->bytes, digest->length};
}

/* H(0) = hash(salt ‖ password), H(n) = hash(n ‖ H(n-1)): 2.3.4.7 and 2.3.4.11. */
static void spin_password(EVP_MD_CTX *context, const EVP_MD *hash, struct bytes salt,
                          const char *password, uint32_t spin, struct digest *digest)
{
    AUTO_BUFFER units = {0};
    append_utf16(&units, password);
    hash_two(context, hash, salt, buffer_bytes(&units), digest);
    OPENSSL_cleanse(units.data, units.capacity);
    for (uint32_t i = 0; i < spin; i++) {
        uint8_t counter[4] = {(uint8_t)i, (uint8_t)(i >> 8), (uint8_t)(i >> 16),
                              (uint8_t)(i >> 24)};
        hash_two(context, i ? NULL : hash, (struct bytes){counter, 4}, digest_bytes(digest),
                 digest);
    }
}

/* Cuts a digest to length, or fills it up with 0x36. */
static void fit(const struct digest *digest, uint8_t *out, size_t length)
{
    for (size_t i = 0; i < length; i++)
        out[i] = i < digest->length ? digest->bytes[i] : 0x36;
}

/* AES without padding; in must be whole blocks. iv NULL: ECB. */
static bool aes_decrypt(const uint8_t *key, size_t key_length, const uint8_t *iv, struct bytes in,
                        uint8_t *out)
{
    const EVP_CIPHER *const ciphers[2][3] = {
        {EVP_aes_128_ecb(), EVP_aes_192_ecb(), EVP_aes_256_ecb()},
        {EVP_aes_128_cbc(), EVP_aes_192_cbc(), EVP_aes_256_cbc()}};
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int made = 0, last = 0;
    bool good =
        context && in.length % BLOCK == 0 && in.length <= INT32_MAX &&
        EVP_DecryptInit_ex(context, ciphers[iv != NULL][key_length / 8 - 2], NULL, key, iv) &&
        EVP_CIPHER_CTX_set_padding(context, 0) &&
        EVP_DecryptUpdate(context, out, &made, in.data, (int)in.length) &&
        EVP_DecryptFinal_ex(context, out + made, &last);
    EVP_CIPHER_CTX_free(context);
    return good;
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

static void take_key(struct agile_key *key, const char **attributes)
{
    static const char *const names[] = {"saltValue", "encryptedVerifierHashInput",
                                        "encryptedVerifierHashValue", "encryptedKeyValue"};
    struct bytes *const views[] = {&key->salt, &key->verifier_input, &key->verifier_value,
                                   &key->value};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        decode_base64(ooxml_xml_attribute(attributes, names[i]), &key->storage, views[i]);
    size_t at = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) { /* the storage has moved */
        views[i]->data = key->storage.data + at;
        at += views[i]->length;
    }
    size_t bits = number(attributes, "keyBits"), spin = number(attributes, "spinCount");
    key->hash = find_hash(ooxml_xml_attribute(attributes, "hashAlgorithm"));
    key->key_length = bits / 8;
    key->spin = (uint32_t)spin;
    key->supported = key->hash && (bits == 128 || bits == 192 || bits == 256) &&
                     number(attributes, "blockSize") == BLOCK && spin <= SPIN_MAXIMUM &&
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
    else if (!strcmp(local, "encryptedKey") && !agile->password.storage.length &&
             strstr(name, "/keyEncryptor/password"))
        take_key(&agile->password, attributes);
}

/* Decrypts one of the small values of the password's key: 2.3.4.12. */
static bool open_value(EVP_MD_CTX *context, const struct agile_key *key,
                       const struct digest *password, const char *block_key, struct bytes in,
                       uint8_t out[SALT_MAXIMUM * 2])
{
    struct digest digest;
    uint8_t derived[KEY_MAXIMUM], iv[BLOCK];
    hash_two(context, key->hash, digest_bytes(password),
             (struct bytes){(const uint8_t *)block_key, 8}, &digest);
    fit(&digest, derived, key->key_length);
    for (size_t i = 0; i < BLOCK; i++)
        iv[i] = i < key->salt.length ? key->salt.data[i] : 0x36;
    return in.length && in.length <= SALT_MAXIMUM * 2 &&
           aes_decrypt(derived, key->key_length, iv, in, out);
}

/* Finds the key of the data; false when the password is another one. */
static bool open_key(EVP_MD_CTX *context, const struct agile *agile, const char *password,
                     uint8_t key[SALT_MAXIMUM * 2])
{
    const struct agile_key *sealed = &agile->password;
    struct digest spun, expected;
    uint8_t input[SALT_MAXIMUM * 2], value[SALT_MAXIMUM * 2];
    spin_password(context, sealed->hash, sealed->salt, password, sealed->spin, &spun);
    if (!open_value(context, sealed, &spun, "\xfe\xa7\xd2\x76\x3b\x4b\x9e\x79",
                    sealed->verifier_input, input) ||
        !open_value(context, sealed, &spun, "\xd7\xaa\x0f\x6d\x30\x61\x34\x4e",
                    sealed->verifier_value, value))
        return false;
    hash_two(context, sealed->hash, (struct bytes){input, sealed->verifier_input.length},
             (struct bytes){input, 0}, &expected);
    if (sealed->verifier_value.length < expected.length ||
        CRYPTO_memcmp(expected.bytes, value, expected.length) != 0)
        return false;
    return open_value(context, sealed, &spun, "\x14\x6e\x0b\xe7\xab\xac\xd0\xd6", sealed->value,
                      key);
}

/* The package: its length, then segments of 4,096 bytes, each with its own vector: 2.3.4.15. */
static int open_segments(EVP_MD_CTX *context, const struct agile_key *data, const uint8_t *key,
                         struct bytes sealed, struct buffer *out, struct error *error)
{
    struct cursor cursor = cursor_open(sealed);
    uint64_t length = cursor_u64le(&cursor);
    size_t before = out->length;
    for (uint32_t i = 0; cursor_remaining(&cursor) >= BLOCK; i++) {
        size_t size = cursor_remaining(&cursor) & ~(size_t)(BLOCK - 1);
        struct bytes segment = cursor_take(&cursor, size < SEGMENT ? size : SEGMENT);
        uint8_t counter[4] = {(uint8_t)i, (uint8_t)(i >> 8), (uint8_t)(i >> 16),
                              (uint8_t)(i >> 24)};
        struct digest digest;
        uint8_t iv[BLOCK];
        hash_two(context, data->hash, data->salt, (struct bytes){counter, 4}, &digest);
        fit(&digest, iv, BLOCK);
        buffer_reserve(out, segment.length);
        if (!aes_decrypt(key, data->key_length, iv, segment, out->data + out->length))
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
    int failed = open_key(context, agile, password, key)
                     ? open_segments(context, &agile->data, key, sealed, out, error)
                     : wrong_password(error);
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
    return failed;
}

/* The key of standard encryption: 2.3.4.7. */
static void standard_key(EVP_MD_CTX *context, struct bytes salt, const char *password,
                         size_t key_length, uint8_t key[2 * EVP_MAX_MD_SIZE])
{
    static const uint8_t zero[4];
    struct digest spun, halves[2];
    spin_password(context, EVP_sha1(), salt, password, STANDARD_SPIN, &spun);
    hash_two(context, EVP_sha1(), digest_bytes(&spun), (struct bytes){zero, 4}, &spun);
    for (int half = 0; half < 2; half++) {
        uint8_t pad[64];
        memset(pad, half ? 0x5C : 0x36, sizeof pad);
        for (unsigned i = 0; i < spun.length; i++)
            pad[i] ^= spun.bytes[i];
        hash_two(context, EVP_sha1(), (struct bytes){pad, sizeof pad}, (struct bytes){pad, 0},
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
    uint8_t input[BLOCK], value[2 * BLOCK];
    struct digest digest;
    if (!aes_decrypt(key, key_length, NULL, verifier->input, input) ||
        !aes_decrypt(key, key_length, NULL, verifier->value, value))
        return false;
    hash_two(context, EVP_sha1(), (struct bytes){input, sizeof input}, (struct bytes){input, 0},
             &digest);
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
    struct bytes blocks = cursor_take(&cursor, cursor_remaining(&cursor) & ~(size_t)(BLOCK - 1));
    if (cursor.failed || length > blocks.length)
        return unsupported(error, "length");
    buffer_reserve(out, blocks.length);
    if (!aes_decrypt(key, key_length, NULL, blocks, out->data + out->length))
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
    verifier.input = cursor_take(&cursor, BLOCK);
    uint32_t hash_length = cursor_u32le(&cursor);
    verifier.value = cursor_take(&cursor, 2 * BLOCK);
    /* AES-128, -192, -256 and SHA-1: 2.3.2 */
    bool known = algorithm >= 0x660E && algorithm <= 0x6610 && (hash == 0x8004 || hash == 0) &&
                 (bits == 128 || bits == 192 || bits == 256) && hash_length == 20;
    if (cursor.failed || header.failed || !known || verifier.salt.length > SALT_MAXIMUM)
        return unsupported(error, "standard");
    return open_standard(&verifier, bits / 8, sealed, password, out, error);
}
