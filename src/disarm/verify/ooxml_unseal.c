/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The streams of a closed Office document, word for word, and the way back to the package. */
#include "disarm/verify/ooxml_unseal.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/cursor.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "disarm/verify/compound.h"

enum { BLOCK = 16, PART = 4096, TURNS = 100000, DIGEST = 64, UNITS = 255 };

/* The values of EncryptionInfo. */
struct values {
    uint8_t data_salt[16], code_key[64], code[64], salt[16], input[16], check[64], key[32];
};

#define HOME "http://schemas.microsoft.com/office/2006/"
#define KIND                                                                                       \
    " saltSize=\"16\" blockSize=\"16\" keyBits=\"256\" hashSize=\"64\" cipherAlgorithm=\"AES\" "   \
    "cipherChaining=\"ChainingModeCBC\" hashAlgorithm=\"SHA512\" saltValue=\""

/* EncryptionInfo behind its version: what stands before each value. */
static const struct {
    const char *before;
    size_t offset, length;
} description[] = {
    {"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n<encryption xmlns=\"" HOME
     "encryption\" xmlns:p=\"" HOME "keyEncryptor/password\" xmlns:c=\"" HOME
     "keyEncryptor/certificate\"><keyData" KIND,
     offsetof(struct values, data_salt), 16},
    {"\"/><dataIntegrity encryptedHmacKey=\"", offsetof(struct values, code_key), 64},
    {"\" encryptedHmacValue=\"", offsetof(struct values, code), 64},
    {"\"/><keyEncryptors><keyEncryptor uri=\"" HOME
     "keyEncryptor/password\"><p:encryptedKey spinCount=\"100000\"" KIND,
     offsetof(struct values, salt), 16},
    {"\" encryptedVerifierHashInput=\"", offsetof(struct values, input), 16},
    {"\" encryptedVerifierHashValue=\"", offsetof(struct values, check), 64},
    {"\" encryptedKeyValue=\"", offsetof(struct values, key), 32},
};

static bool take_text(struct cursor *cursor, const char *text)
{
    return bytes_equal_string(cursor_take(cursor, strlen(text)), text);
}

/* Takes base64 of exactly length bytes in its one shortest form. */
static bool take_base64(struct cursor *cursor, uint8_t *value, size_t length)
{
    unsigned char again[100], decoded[80];
    int letters = (int)((length + 2) / 3 * 4);
    struct bytes written = cursor_take(cursor, (size_t)letters);
    if (cursor->failed || EVP_DecodeBlock(decoded, written.data, letters) < (int)length)
        return false;
    memcpy(value, decoded, length);
    EVP_EncodeBlock(again, value, (int)length);
    return memcmp(again, written.data, (size_t)letters) == 0;
}

static bool read_description(struct bytes stream, struct values *values)
{
    struct cursor cursor = cursor_open(stream);
    bool good = cursor_u32le(&cursor) == 0x00040004 && cursor_u32le(&cursor) == 0x40;
    for (size_t i = 0; good && i < sizeof description / sizeof *description; i++)
        good =
            take_text(&cursor, description[i].before) &&
            take_base64(&cursor, (uint8_t *)values + description[i].offset, description[i].length);
    return good && take_text(&cursor, "\"/></keyEncryptor></keyEncryptors></encryption>") &&
           cursor_at_end(&cursor);
}

/* Length in bytes, UTF-16, filled up to four bytes. */
static bool take_name(struct cursor *cursor, const char *name)
{
    uint32_t letters = (uint32_t)strlen(name);
    bool good = cursor_u32le(cursor) == 2 * letters;
    for (uint32_t i = 0; i < letters; i++)
        good = cursor_u16le(cursor) == (uint8_t)name[i] && good;
    return (letters % 2 == 0 || cursor_u16le(cursor) == 0) && good;
}

static bool take_numbers(struct cursor *cursor, const uint32_t *numbers, size_t count)
{
    bool good = true;
    for (size_t i = 0; i < count; i++)
        good = cursor_u32le(cursor) == numbers[i] && good;
    return good && !cursor->failed;
}

/* Entries of the file, by their number. */
enum { INFORMATION = 2, PACKAGE = 3, VERSION = 4, MAP = 5, SPACE = 8, PRIMARY = 10, ENTRIES = 11 };

/* The streams under DataSpaces say that the package is encrypted, and nothing else: 2.1 and 2.2. */
static bool check_spaces(const struct compound_entry entries[ENTRIES])
{
    struct cursor version = cursor_open(entries[VERSION].data);
    struct cursor map = cursor_open(entries[MAP].data);
    struct cursor space = cursor_open(entries[SPACE].data);
    struct cursor primary = cursor_open(entries[PRIMARY].data);
    return take_name(&version, "Microsoft.Container.DataSpaces") &&
           take_numbers(&version, (const uint32_t[]){1, 1, 1}, 3) && cursor_at_end(&version) &&
           take_numbers(&map, (const uint32_t[]){8, 1, 104, 1, 0}, 5) &&
           take_name(&map, "EncryptedPackage") && take_name(&map, "StrongEncryptionDataSpace") &&
           cursor_at_end(&map) && take_numbers(&space, (const uint32_t[]){8, 1}, 2) &&
           take_name(&space, "StrongEncryptionTransform") && cursor_at_end(&space) &&
           take_numbers(&primary, (const uint32_t[]){88, 1}, 2) &&
           take_name(&primary, "{FF9A3F03-56EF-4613-BDD5-5A41C1D07246}") &&
           take_name(&primary, "Microsoft.Container.EncryptionTransform") &&
           take_numbers(&primary, (const uint32_t[]){1, 1, 1, 0, 0, 0, 4}, 7) &&
           cursor_at_end(&primary);
}

/* result = SHA-512(a ‖ b); result may be a part of either. */
static void digest_pair(EVP_MD_CTX *context, struct bytes a, struct bytes b, uint8_t result[DIGEST])
{
    if (!EVP_DigestInit_ex(context, EVP_sha512(), NULL) ||
        !EVP_DigestUpdate(context, a.data, a.length) ||
        !EVP_DigestUpdate(context, b.data, b.length) || !EVP_DigestFinal_ex(context, result, NULL))
        memory_exhausted();
}

static void number_bytes(uint32_t number, uint8_t bytes[4])
{
    for (int i = 0; i < 4; i++, number >>= 8)
        bytes[i] = (uint8_t)number;
}

static void stretch(EVP_MD_CTX *context, const uint8_t salt[16], const char *password,
                    uint8_t result[DIGEST])
{
    AUTO_BUFFER letters = {0};
    struct bytes text = bytes_of_string(password);
    for (size_t at = 0; at < text.length && letters.length < 2 * UNITS;) {
        uint32_t point = utf8_take(text, &at);
        if (point > 0xFFFF)
            buffer_append_u16le(&letters, (uint16_t)(0xD7C0 + (point >> 10)));
        buffer_append_u16le(&letters,
                            (uint16_t)(point > 0xFFFF ? 0xDC00 | (point & 0x3FF) : point));
    }
    digest_pair(context, (struct bytes){salt, 16}, buffer_bytes(&letters), result);
    OPENSSL_cleanse(letters.data, letters.capacity);
    for (uint32_t turn = 0; turn < TURNS; turn++) {
        uint8_t number[4];
        number_bytes(turn, number);
        digest_pair(context, (struct bytes){number, 4}, (struct bytes){result, DIGEST}, result);
    }
}

/* AES-256 in CBC without padding, in place. */
static bool decrypt(const uint8_t *key, const uint8_t *vector, uint8_t *data, size_t length)
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int made = 0, rest = 0;
    bool good = context && length % BLOCK == 0 && length <= PART &&
                EVP_DecryptInit_ex(context, EVP_aes_256_cbc(), NULL, key, vector) &&
                EVP_CIPHER_CTX_set_padding(context, 0) &&
                EVP_DecryptUpdate(context, data, &made, data, (int)length) &&
                EVP_DecryptFinal_ex(context, data + made, &rest) && (size_t)(made + rest) == length;
    EVP_CIPHER_CTX_free(context);
    return good;
}

/* A value under a key that comes from the stretched password and a purpose of eight bytes. */
static bool decrypt_value(EVP_MD_CTX *context, const uint8_t stretched[DIGEST],
                          const uint8_t purpose[8], const uint8_t salt[16], uint8_t *value,
                          size_t length)
{
    uint8_t own[DIGEST];
    digest_pair(context, (struct bytes){stretched, DIGEST}, (struct bytes){purpose, 8}, own);
    return decrypt(own, salt, value, length);
}

/* Opens values->key; false when the password is another one. */
static bool open_key(EVP_MD_CTX *context, const char *password, struct values *values)
{
    static const uint8_t purposes[3][8] = {{0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79},
                                           {0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E},
                                           {0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6}};
    uint8_t stretched[DIGEST], own[DIGEST];
    stretch(context, values->salt, password, stretched);
    bool good = decrypt_value(context, stretched, purposes[0], values->salt, values->input, 16) &&
                decrypt_value(context, stretched, purposes[1], values->salt, values->check, 64) &&
                decrypt_value(context, stretched, purposes[2], values->salt, values->key, 32);
    digest_pair(context, (struct bytes){values->input, 16}, (struct bytes){0}, own);
    OPENSSL_cleanse(stretched, sizeof stretched);
    return good && CRYPTO_memcmp(own, values->check, DIGEST) == 0;
}

/* A vector of the data's salt: for a purpose, or for the number of a part. */
static void make_vector(EVP_MD_CTX *context, const struct values *values, struct bytes with,
                        uint8_t vector[DIGEST])
{
    digest_pair(context, (struct bytes){values->data_salt, 16}, with, vector);
}

static bool check_code(EVP_MD_CTX *context, struct values *values, struct bytes stream)
{
    static const uint8_t purposes[2][8] = {{0x5F, 0xB2, 0xAD, 0x01, 0x0C, 0xB9, 0xE1, 0xF6},
                                           {0xA0, 0x67, 0x7F, 0x02, 0xB2, 0x2C, 0x84, 0x33}};
    uint8_t vector[DIGEST], own[DIGEST];
    make_vector(context, values, (struct bytes){purposes[0], 8}, vector);
    if (!decrypt(values->key, vector, values->code_key, 64))
        return false;
    make_vector(context, values, (struct bytes){purposes[1], 8}, vector);
    return decrypt(values->key, vector, values->code, 64) &&
           HMAC(EVP_sha512(), values->code_key, 64, stream.data, stream.length, own, NULL) &&
           CRYPTO_memcmp(own, values->code, DIGEST) == 0;
}

static bool open_package(EVP_MD_CTX *context, const struct values *values, struct bytes stream,
                         struct buffer *package)
{
    struct cursor cursor = cursor_open(stream);
    uint64_t length = cursor_u64le(&cursor);
    size_t start = package->length, left = cursor_remaining(&cursor);
    if (cursor.failed || length > left || left - length >= BLOCK || left % BLOCK)
        return false;
    buffer_append_bytes(package, cursor_take_rest(&cursor));
    for (size_t at = 0, i = 0; at < left; at += PART, i++) {
        uint8_t number[4], vector[DIGEST];
        number_bytes((uint32_t)i, number);
        make_vector(context, values, (struct bytes){number, 4}, vector);
        if (!decrypt(values->key, vector, package->data + start + at,
                     left - at < PART ? left - at : PART))
            return false;
    }
    while (package->length - start > length) {
        if (package->data[--package->length])
            return false;
    }
    return true;
}

bool unseal_package(struct bytes file, const char *password, struct buffer *package)
{
    const uint32_t none = COMPOUND_NONE;
    struct compound_entry entries[ENTRIES] = {
        {"Root Entry", COMPOUND_ROOT, true, none, none, 2, {0}},
        {"\x06"
         "DataSpaces",
         COMPOUND_STORAGE,
         true,
         none,
         none,
         5,
         {0}},
        {"EncryptionInfo", COMPOUND_STREAM, true, 1, 3, none, {0}},
        {"EncryptedPackage", COMPOUND_STREAM, true, none, none, none, {0}},
        {"Version", COMPOUND_STREAM, true, none, none, none, {0}},
        {"DataSpaceMap", COMPOUND_STREAM, true, 4, 6, none, {0}},
        {"DataSpaceInfo", COMPOUND_STORAGE, true, none, 7, 8, {0}},
        {"TransformInfo", COMPOUND_STORAGE, false, none, none, 9, {0}},
        {"StrongEncryptionDataSpace", COMPOUND_STREAM, true, none, none, none, {0}},
        {"StrongEncryptionTransform", COMPOUND_STORAGE, true, none, none, 10, {0}},
        {"\x06Primary", COMPOUND_STREAM, true, none, none, none, {0}},
    };
    struct values values;
    if (!compound_read(file, entries, ENTRIES) || !check_spaces(entries) ||
        !read_description(entries[INFORMATION].data, &values))
        return false;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!context)
        memory_exhausted();
    struct bytes stream = entries[PACKAGE].data;
    bool good = open_key(context, password, &values) && check_code(context, &values, stream) &&
                open_package(context, &values, stream, package);
    EVP_MD_CTX_free(context);
    OPENSSL_cleanse(&values, sizeof values);
    return good;
}
