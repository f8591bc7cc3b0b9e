/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys, check values and ciphers of encrypted ZIP members. */
#include "disarm/format/zip_crypt.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <zlib.h>

#include "base/cursor.h"
#include "base/encoding.h"
#include "base/memory.h"
#include "base/random.h"

enum {
    HEADER_LENGTH = 12, /* traditional: random bytes in front, the last one is a check */
    CHECK_LENGTH = 2,
    CODE_LENGTH = 10, /* of HMAC-SHA1 */
    BLOCK_LENGTH = 16,
    KEY_MAXIMUM = 32,
    SALT_MAXIMUM = 16,
    ITERATIONS = 1000, /* fixed by the specification of AE-x */
    EXTRA_AES = 0x9901,
    FLAG_ENCRYPTED = 1 << 0,
    FLAG_DESCRIPTOR = 1 << 3,
    FLAG_STRONG = 1 << 6,
};

/* A password in the bytes that a program may have used. */
struct bytes_pair {
    struct buffer forms[2];
    size_t count;
};

static struct bytes_pair password_forms(const char *password)
{
    struct bytes_pair pair = {.count = 1};
    buffer_append_string(&pair.forms[0], password);
    bool lost = encoding_from_utf8(ENCODING_CP932, bytes_of_string(password), &pair.forms[1]);
    if (!lost && !bytes_equal(buffer_bytes(&pair.forms[0]), buffer_bytes(&pair.forms[1])))
        pair.count = 2;
    return pair;
}

static void forms_free(struct bytes_pair *pair)
{
    for (size_t i = 0; i < 2; i++) {
        if (pair->forms[i].data)
            OPENSSL_cleanse(pair->forms[i].data, pair->forms[i].capacity);
        buffer_free(&pair->forms[i]);
    }
}

/* The three keys of traditional encryption, APPNOTE 6.1.5. */
struct traditional {
    uint32_t keys[3];
};

static uint32_t crc_step(uint32_t crc, uint8_t byte)
{
    return (uint32_t)get_crc_table()[(crc ^ byte) & 0xFF] ^ (crc >> 8);
}

static void traditional_update(struct traditional *state, uint8_t byte)
{
    state->keys[0] = crc_step(state->keys[0], byte);
    state->keys[1] = (state->keys[1] + (state->keys[0] & 0xFF)) * 134775813u + 1;
    state->keys[2] = crc_step(state->keys[2], (uint8_t)(state->keys[1] >> 24));
}

static uint8_t traditional_decrypt(struct traditional *state, uint8_t byte)
{
    uint32_t mixed = (state->keys[2] | 2) & 0xFFFF;
    uint8_t plain = byte ^ (uint8_t)(mixed * (mixed ^ 1) >> 8);
    traditional_update(state, plain);
    return plain;
}

static struct traditional traditional_open(struct bytes password)
{
    struct traditional state = {{0x12345678, 0x23456789, 0x34567890}};
    for (size_t i = 0; i < password.length; i++)
        traditional_update(&state, password.data[i]);
    return state;
}

static int decrypt_traditional(const struct zip_member *member, struct bytes password,
                               struct buffer *storage, struct error *error)
{
    struct cursor cursor = cursor_open(member->packed);
    struct bytes header = cursor_take(&cursor, HEADER_LENGTH);
    if (cursor.failed)
        return error_set(error, "zip_damaged", NULL, "encryption header");
    struct traditional state = traditional_open(password);
    uint8_t check = 0;
    for (size_t i = 0; i < header.length; i++)
        check = traditional_decrypt(&state, header.data[i]);
    /* Most programs put the CRC's high byte there, those that stream the time's. */
    bool right = check == member->crc32 >> 24 ||
                 ((member->flags & FLAG_DESCRIPTOR) && check == member->time >> 8);
    if (!right)
        return error_set(error, "password_wrong", NULL, "%s", "");
    struct bytes cipher = cursor_take_rest(&cursor);
    buffer_reserve(storage, cipher.length);
    for (size_t i = 0; i < cipher.length; i++)
        buffer_append_byte(storage, traditional_decrypt(&state, cipher.data[i]));
    return 0;
}

struct aes_kind {
    uint16_t version;   /* 1: the CRC is there too, 2: it is not */
    uint16_t method;    /* of the packed bytes */
    size_t key_length;  /* bytes */
    size_t salt_length; /* half of it */
};

static int read_aes_extra(const struct zip_member *member, struct aes_kind *kind,
                          struct error *error)
{
    struct cursor extra = cursor_open(member->extra);
    while (cursor_remaining(&extra) >= 4) {
        uint16_t id = cursor_u16le(&extra);
        struct cursor field = cursor_open(cursor_take(&extra, cursor_u16le(&extra)));
        if (id != EXTRA_AES)
            continue;
        kind->version = cursor_u16le(&field);
        cursor_skip(&field, 2);
        uint8_t strength = cursor_u8(&field);
        kind->method = cursor_u16le(&field);
        if (field.failed || strength < 1 || strength > 3 || kind->version < 1 || kind->version > 2)
            break;
        kind->key_length = 8u + 8u * strength;
        kind->salt_length = kind->key_length / 2;
        return 0;
    }
    return error_set(error, "zip_encryption", NULL, "AES");
}

/* The two keys and the check value that come out of a password and a salt. */
struct aes_keys {
    uint8_t bytes[2 * KEY_MAXIMUM + CHECK_LENGTH];
    size_t key_length;
};

static struct aes_keys derive(struct bytes password, struct bytes salt, size_t key_length)
{
    struct aes_keys keys = {.key_length = key_length};
    if (!PKCS5_PBKDF2_HMAC_SHA1((const char *)password.data, (int)password.length, salt.data,
                                (int)salt.length, ITERATIONS, (int)(2 * key_length + CHECK_LENGTH),
                                keys.bytes))
        memory_exhausted();
    return keys;
}

static const uint8_t *check_value(const struct aes_keys *keys)
{
    return keys->bytes + 2 * keys->key_length;
}

static void authenticate(const struct aes_keys *keys, struct bytes cipher, uint8_t code[static 20])
{
    if (!HMAC(EVP_sha1(), keys->bytes + keys->key_length, (int)keys->key_length, cipher.data,
              cipher.length, code, NULL))
        memory_exhausted();
}

/* Counter mode with the counter in little-endian order, from 1 on. Both directions. */
static void apply_counter(const struct aes_keys *keys, struct bytes in, struct buffer *out)
{
    const EVP_CIPHER *cipher = keys->key_length == 16   ? EVP_aes_128_ecb()
                               : keys->key_length == 24 ? EVP_aes_192_ecb()
                                                        : EVP_aes_256_ecb();
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    if (!context || !EVP_EncryptInit_ex(context, cipher, NULL, keys->bytes, NULL))
        memory_exhausted();
    buffer_reserve(out, in.length);
    for (size_t at = 0; at < in.length; at += BLOCK_LENGTH) {
        uint8_t counter[BLOCK_LENGTH] = {0}, stream[2 * BLOCK_LENGTH];
        uint64_t number = at / BLOCK_LENGTH + 1;
        for (size_t i = 0; i < 8; i++)
            counter[i] = (uint8_t)(number >> 8 * i);
        int made;
        if (!EVP_EncryptUpdate(context, stream, &made, counter, BLOCK_LENGTH))
            memory_exhausted();
        for (size_t i = 0; i < BLOCK_LENGTH && at + i < in.length; i++)
            buffer_append_byte(out, in.data[at + i] ^ stream[i]);
    }
    EVP_CIPHER_CTX_free(context);
}

static int decrypt_aes(const struct zip_member *member, const struct aes_kind *kind,
                       struct bytes password, struct buffer *storage, struct error *error)
{
    struct cursor cursor = cursor_open(member->packed);
    struct bytes salt = cursor_take(&cursor, kind->salt_length);
    struct bytes check = cursor_take(&cursor, CHECK_LENGTH);
    size_t left = cursor_remaining(&cursor);
    struct bytes cipher = cursor_take(&cursor, left > CODE_LENGTH ? left - CODE_LENGTH : 0);
    struct bytes code = cursor_take(&cursor, CODE_LENGTH);
    if (cursor.failed)
        return error_set(error, "zip_damaged", NULL, "AES");
    struct aes_keys keys = derive(password, salt, kind->key_length);
    uint8_t expected[20];
    if (CRYPTO_memcmp(check.data, check_value(&keys), CHECK_LENGTH))
        return error_set(error, "password_wrong", NULL, "%s", "");
    authenticate(&keys, cipher, expected);
    if (CRYPTO_memcmp(code.data, expected, CODE_LENGTH))
        return error_set(error, "zip_damaged", NULL, "AES authentication");
    apply_counter(&keys, cipher, storage);
    OPENSSL_cleanse(&keys, sizeof keys);
    return 0;
}

int zip_decrypt(const struct zip_member *member, const char *password, struct buffer *storage,
                struct zip_member *plain, bool *sealed, struct error *error)
{
    struct aes_kind kind = {.method = member->method};
    bool aes = member->method == ZIP_AES;
    if (member->flags & FLAG_STRONG)
        return error_set(error, "zip_encryption", NULL, "strong encryption");
    if (aes && read_aes_extra(member, &kind, error))
        return -1;
    if (!password || !*password)
        return error_set(error, "password_needed", NULL, "%s", "");
    struct bytes_pair forms = password_forms(password);
    int failed = -1;
    for (size_t i = 0; failed && i < forms.count; i++) {
        struct bytes form = buffer_bytes(&forms.forms[i]);
        buffer_clear(storage);
        failed = aes ? decrypt_aes(member, &kind, form, storage, error)
                     : decrypt_traditional(member, form, storage, error);
    }
    forms_free(&forms);
    *plain = *member;
    plain->encrypted = false;
    plain->method = kind.method;
    plain->packed = buffer_bytes(storage);
    *sealed = aes && kind.version == 2;
    return failed;
}

void zip_encrypt(struct bytes packed, uint16_t method, const char *password, struct buffer *extra,
                 struct buffer *out)
{
    uint8_t salt[SALT_MAXIMUM], code[20];
    AUTO_BUFFER cipher = {0};
    random_fill(salt, sizeof salt);
    struct aes_keys keys =
        derive(bytes_of_string(password), (struct bytes){salt, sizeof salt}, KEY_MAXIMUM);
    apply_counter(&keys, packed, &cipher);
    authenticate(&keys, buffer_bytes(&cipher), code);
    buffer_append(out, salt, sizeof salt);
    buffer_append(out, check_value(&keys), CHECK_LENGTH);
    buffer_append_bytes(out, buffer_bytes(&cipher));
    buffer_append(out, code, CODE_LENGTH);
    OPENSSL_cleanse(&keys, sizeof keys);
    buffer_append_u16le(extra, EXTRA_AES);
    buffer_append_u16le(extra, 7);
    buffer_append_u16le(extra, 2);
    buffer_append_string(extra, "AE");
    buffer_append_byte(extra, 3);
    buffer_append_u16le(extra, method);
}

void zip_crypt_warm(void)
{
    /* The configuration file of the system has no say here, and could not be opened later. */
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    AUTO_BUFFER extra = {0}, sealed = {0};
    zip_encrypt(bytes_of_string("warm"), 0, "warm", &extra, &sealed);
}
