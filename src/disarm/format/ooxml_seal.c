/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two streams of agile encryption, and those that say how they are to be read. */
#include "disarm/format/ooxml_seal.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include "base/memory.h"
#include "base/random.h"
#include "disarm/format/cfb_write.h"
#include "disarm/format/ooxml_key.h"

enum {
    SALT = 16,
    KEY = 32,
    HASH = 64,
    SPIN = 100000, /* what Office takes */
    VERIFIER = 16,
};

struct seal {
    EVP_MD_CTX *context;
    uint8_t data_salt[SALT], password_salt[SALT], key[KEY];
    struct ooxml_digest spun;
};

static void encrypt(const uint8_t key[KEY], const uint8_t vector[OOXML_BLOCK], struct bytes in,
                    uint8_t *out)
{
    if (!ooxml_key_encrypt(key, KEY, vector, in, out))
        memory_exhausted();
}

static void append_value(struct buffer *xml, const char *name, struct bytes value)
{
    uint8_t base64[2 * HASH];
    EVP_EncodeBlock(base64, value.data, (int)value.length);
    buffer_append_format(xml, " %s=\"%s\"", name, (const char *)base64);
}

/* A value closed with a key of the password: 2.3.4.13. */
static void append_with_password(struct seal *seal, struct buffer *xml, const char *name,
                                 const char *block_key, struct bytes value)
{
    struct ooxml_digest digest;
    uint8_t closed[HASH];
    ooxml_key_hash(seal->context, EVP_sha512(), ooxml_digest_bytes(&seal->spun),
                   bytes_of_string(block_key), &digest);
    encrypt(digest.bytes, seal->password_salt, value, closed);
    append_value(xml, name, (struct bytes){closed, value.length});
    OPENSSL_cleanse(&digest, sizeof digest);
}

/* A value closed with the key of the data: 2.3.4.14. */
static void append_with_key(struct seal *seal, struct buffer *xml, const char *name,
                            const char *block_key, struct bytes value)
{
    uint8_t vector[OOXML_BLOCK], closed[HASH];
    ooxml_key_vector(seal->context, EVP_sha512(), (struct bytes){seal->data_salt, SALT},
                     bytes_of_string(block_key), vector);
    encrypt(seal->key, vector, value, closed);
    append_value(xml, name, (struct bytes){closed, value.length});
}

/* EncryptedPackage: the length, then segments, the last one filled up with zeroes: 2.3.4.15. */
static void seal_package(struct seal *seal, struct bytes package, struct buffer *out)
{
    buffer_append_u64le(out, package.length);
    for (size_t at = 0, i = 0; at < package.length; at += OOXML_SEGMENT, i++) {
        struct bytes part = bytes_slice(package, at, OOXML_SEGMENT);
        uint8_t plain[OOXML_SEGMENT] = {0}, vector[OOXML_BLOCK];
        size_t length = (part.length + OOXML_BLOCK - 1) / OOXML_BLOCK * OOXML_BLOCK;
        memcpy(plain, part.data, part.length);
        ooxml_key_segment_vector(seal->context, EVP_sha512(), (struct bytes){seal->data_salt, SALT},
                                 (uint32_t)i, vector);
        buffer_reserve(out, length);
        encrypt(seal->key, vector, (struct bytes){plain, length}, out->data + out->length);
        out->length += length;
    }
}

#define CIPHER                                                                                     \
    " saltSize=\"16\" blockSize=\"16\" keyBits=\"256\" hashSize=\"64\" cipherAlgorithm=\"AES\""    \
    " cipherChaining=\"ChainingModeCBC\" hashAlgorithm=\"SHA512\""
#define NAMES "http://schemas.microsoft.com/office/2006/"

static void append_integrity(struct seal *seal, struct bytes sealed, struct buffer *xml)
{
    uint8_t key[HASH], code[HASH];
    random_fill(key, sizeof key);
    if (!HMAC(EVP_sha512(), key, sizeof key, sealed.data, sealed.length, code, NULL))
        memory_exhausted();
    buffer_append_string(xml, "<dataIntegrity");
    append_with_key(seal, xml, "encryptedHmacKey", OOXML_KEY_HMAC_KEY,
                    (struct bytes){key, sizeof key});
    append_with_key(seal, xml, "encryptedHmacValue", OOXML_KEY_HMAC_VALUE,
                    (struct bytes){code, sizeof code});
    buffer_append_string(xml, "/>");
}

static void append_password(struct seal *seal, struct buffer *xml)
{
    uint8_t input[VERIFIER];
    struct ooxml_digest value;
    random_fill(input, sizeof input);
    ooxml_key_hash(seal->context, EVP_sha512(), (struct bytes){input, sizeof input},
                   (struct bytes){input, 0}, &value);
    buffer_append_format(xml, "<p:encryptedKey spinCount=\"%d\"" CIPHER, SPIN);
    append_value(xml, "saltValue", (struct bytes){seal->password_salt, SALT});
    append_with_password(seal, xml, "encryptedVerifierHashInput", OOXML_KEY_VERIFIER_INPUT,
                         (struct bytes){input, sizeof input});
    append_with_password(seal, xml, "encryptedVerifierHashValue", OOXML_KEY_VERIFIER_VALUE,
                         ooxml_digest_bytes(&value));
    append_with_password(seal, xml, "encryptedKeyValue", OOXML_KEY_DATA,
                         (struct bytes){seal->key, KEY});
    buffer_append_string(xml, "/>");
}

/* EncryptionInfo: version 4.4, flags, and XML: 2.3.4.10. */
static void describe(struct seal *seal, struct bytes sealed, struct buffer *out)
{
    buffer_append(out, "\4\0\4\0\x40\0\0\0", 8);
    buffer_append_string(out, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n"
                              "<encryption xmlns=\"" NAMES "encryption\" xmlns:p=\"" NAMES
                              "keyEncryptor/password\""
                              " xmlns:c=\"" NAMES "keyEncryptor/certificate\"><keyData" CIPHER);
    append_value(out, "saltValue", (struct bytes){seal->data_salt, SALT});
    buffer_append_string(out, "/>");
    append_integrity(seal, sealed, out);
    buffer_append_string(out,
                         "<keyEncryptors><keyEncryptor uri=\"" NAMES "keyEncryptor/password\">");
    append_password(seal, out);
    buffer_append_string(out, "</keyEncryptor></keyEncryptors></encryption>");
}

/* UNICODE-LP-P4, 2.1.2: length in bytes, UTF-16LE, filled up to four bytes. */
static void append_name(struct buffer *out, const char *name)
{
    size_t letters = strlen(name);
    buffer_append_u32le(out, (uint32_t)(2 * letters));
    for (size_t i = 0; i < letters + letters % 2; i++)
        buffer_append_u16le(out, i < letters ? (uint8_t)name[i] : 0);
}

/* Reader, updater and writer: 1.0 each. */
static void append_versions(struct buffer *out)
{
    for (int i = 0; i < 3; i++)
        buffer_append_u32le(out, 1);
}

#define SPACE     "StrongEncryptionDataSpace"
#define TRANSFORM "StrongEncryptionTransform"
#define PACKAGE   "EncryptedPackage"

/* The four streams of DataSpaces: 2.1.5 to 2.1.9 and 2.3.2 of the same specification. */
struct spaces {
    struct buffer version, map, space, transform;
};

static void describe_spaces(struct spaces *spaces)
{
    append_name(&spaces->version, "Microsoft.Container.DataSpaces");
    append_versions(&spaces->version);
    const uint32_t map[] = {8, 1, 0x68, 1, 0};
    for (size_t i = 0; i < sizeof map / sizeof *map; i++)
        buffer_append_u32le(&spaces->map, map[i]);
    append_name(&spaces->map, PACKAGE);
    append_name(&spaces->map, SPACE);
    buffer_append_u32le(&spaces->space, 8);
    buffer_append_u32le(&spaces->space, 1);
    append_name(&spaces->space, TRANSFORM);
    buffer_append_u32le(&spaces->transform, 0x58);
    buffer_append_u32le(&spaces->transform, 1);
    append_name(&spaces->transform, "{FF9A3F03-56EF-4613-BDD5-5A41C1D07246}");
    append_name(&spaces->transform, "Microsoft.Container.EncryptionTransform");
    append_versions(&spaces->transform);
    const uint32_t agile[] = {0, 0, 0, 4}; /* no name, no size, no mode: EncryptionInfo has them */
    for (size_t i = 0; i < sizeof agile / sizeof *agile; i++)
        buffer_append_u32le(&spaces->transform, agile[i]);
}

static int write_file(struct bytes description, struct bytes sealed, struct buffer *out,
                      struct error *error)
{
    struct spaces spaces = {0};
    describe_spaces(&spaces);
    const uint32_t none = CFB_NONE;
    const struct cfb_entry entries[] = {
        {"Root Entry", CFB_ROOT, CFB_BLACK, none, none, 2, {0}},
        {"\6DataSpaces", CFB_STORAGE, CFB_BLACK, none, none, 5, {0}},
        {"EncryptionInfo", CFB_STREAM, CFB_BLACK, 1, 3, none, description},
        {PACKAGE, CFB_STREAM, CFB_BLACK, none, none, none, sealed},
        {"Version", CFB_STREAM, CFB_BLACK, none, none, none, buffer_bytes(&spaces.version)},
        {"DataSpaceMap", CFB_STREAM, CFB_BLACK, 4, 6, none, buffer_bytes(&spaces.map)},
        {"DataSpaceInfo", CFB_STORAGE, CFB_BLACK, none, 7, 8, {0}},
        {"TransformInfo", CFB_STORAGE, CFB_RED, none, none, 9, {0}},
        {SPACE, CFB_STREAM, CFB_BLACK, none, none, none, buffer_bytes(&spaces.space)},
        {TRANSFORM, CFB_STORAGE, CFB_BLACK, none, none, 10, {0}},
        {"\6Primary", CFB_STREAM, CFB_BLACK, none, none, none, buffer_bytes(&spaces.transform)},
    };
    int failed = cfb_write(entries, sizeof entries / sizeof *entries, out, error);
    buffer_free(&spaces.version);
    buffer_free(&spaces.map);
    buffer_free(&spaces.space);
    buffer_free(&spaces.transform);
    return failed;
}

int ooxml_seal(struct bytes package, const char *password, struct buffer *out, struct error *error)
{
    AUTO_BUFFER description = {0}, sealed = {0};
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    struct seal seal = {.context = EVP_MD_CTX_new()};
    if (!seal.context)
        memory_exhausted();
    random_fill(seal.data_salt, SALT);
    random_fill(seal.password_salt, SALT);
    random_fill(seal.key, KEY);
    ooxml_key_spin(seal.context, EVP_sha512(), (struct bytes){seal.password_salt, SALT}, password,
                   SPIN, &seal.spun);
    seal_package(&seal, package, &sealed);
    describe(&seal, buffer_bytes(&sealed), &description);
    EVP_MD_CTX_free(seal.context);
    OPENSSL_cleanse(&seal, sizeof seal);
    return write_file(buffer_bytes(&description), buffer_bytes(&sealed), out, error);
}
