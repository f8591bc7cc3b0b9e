/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening what our writer closed with a password. */
#include "disarm/verify/pdf_unseal.h"

#include <openssl/evp.h>

#include "base/cursor.h"

#define FORM                                                                                       \
    "<</Filter/Standard/V 5/R 6/Length 256/P -4/CF<</StdCF<</AuthEvent/DocOpen/CFM/AESV3"          \
    "/Length 32>>>>/StmF/StdCF/StrF/StdCF"

enum { USER_BYTES = 48, LOCKED_BYTES = 32, RIGHTS_BYTES = 16, STREAM_LIMIT = 1 << 30 };

static bool decrypt(const EVP_CIPHER *cipher, const uint8_t *key, const uint8_t *start,
                    struct bytes data, bool padded, struct buffer *out)
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int made = 0, rest = 0;
    buffer_reserve(out, data.length + 32);
    bool opened =
        context && data.length < STREAM_LIMIT &&
        EVP_DecryptInit_ex(context, cipher, NULL, key, start) &&
        EVP_CIPHER_CTX_set_padding(context, padded) &&
        EVP_DecryptUpdate(context, out->data + out->length, &made, data.data, (int)data.length) &&
        EVP_DecryptFinal_ex(context, out->data + out->length + made, &rest);
    EVP_CIPHER_CTX_free(context);
    out->length += opened ? (size_t)(made + rest) : 0;
    return opened;
}

/* The hash of algorithm 2.B for a user's password. */
static bool hash(struct bytes password, struct bytes salt, uint8_t result[32])
{
    uint8_t state[EVP_MAX_MD_SIZE];
    unsigned width = 0;
    AUTO_BUFFER block = {0};
    buffer_append_bytes(&block, password);
    buffer_append_bytes(&block, salt);
    bool sound = EVP_Digest(block.data, block.length, state, &width, EVP_sha256(), NULL);
    for (unsigned round = 1; sound; round++) {
        buffer_clear(&block);
        for (int i = 0; i < 64; i++) {
            buffer_append_bytes(&block, password);
            buffer_append(&block, state, width);
        }
        EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
        int made = 0;
        sound = context &&
                EVP_EncryptInit_ex(context, EVP_aes_128_cbc(), NULL, state, state + 16) &&
                EVP_CIPHER_CTX_set_padding(context, 0) &&
                EVP_EncryptUpdate(context, block.data, &made, block.data, (int)block.length);
        EVP_CIPHER_CTX_free(context);
        unsigned modulus = 0;
        for (int i = 0; i < 16; i++)
            modulus += block.data[i];
        const EVP_MD *digests[] = {EVP_sha256(), EVP_sha384(), EVP_sha512()};
        sound = sound &&
                EVP_Digest(block.data, block.length, state, &width, digests[modulus % 3], NULL);
        if (round >= 64 && block.data[block.length - 1] <= round - 32)
            break;
    }
    memcpy(result, state, 32);
    return sound;
}

/* Takes "/key<hexadecimal>" of exactly this many bytes. */
static bool take_entry(struct cursor *cursor, const char *key, uint8_t *to, size_t length)
{
    struct bytes name = cursor_take(cursor, strlen(key));
    if (cursor->failed || !bytes_equal_string(name, key) || cursor_u8(cursor) != '<')
        return false;
    for (size_t i = 0; i < 2 * length; i++) {
        uint8_t c = cursor_u8(cursor);
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'F')))
            return false;
        unsigned digit = c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'A' + 10);
        to[i / 2] = (uint8_t)(i % 2 ? to[i / 2] << 4 | digit : digit);
    }
    return cursor_u8(cursor) == '>';
}

bool unseal_key(struct bytes dictionary, const char *password, uint8_t key[32])
{
    static const uint8_t zero[16];
    uint8_t user[USER_BYTES], locked[LOCKED_BYTES], owner[USER_BYTES], spare[LOCKED_BYTES];
    uint8_t rights[RIGHTS_BYTES], own[32];
    struct cursor cursor = cursor_open(dictionary);
    AUTO_BUFFER opened = {0};
    if (!password || !bytes_equal_string(cursor_take(&cursor, strlen(FORM)), FORM) ||
        !take_entry(&cursor, "/U", user, sizeof user) ||
        !take_entry(&cursor, "/UE", locked, sizeof locked) ||
        !take_entry(&cursor, "/O", owner, sizeof owner) ||
        !take_entry(&cursor, "/OE", spare, sizeof spare) ||
        !take_entry(&cursor, "/Perms", rights, sizeof rights) ||
        !bytes_equal_string(cursor_take_rest(&cursor), ">>"))
        return false;
    struct bytes text = bytes_slice(bytes_of_string(password), 0, 127);
    if (!hash(text, (struct bytes){user + 32, 8}, own) || memcmp(own, user, 32) != 0 ||
        !hash(text, (struct bytes){user + 40, 8}, own) ||
        !decrypt(EVP_aes_256_cbc(), own, zero, (struct bytes){locked, sizeof locked}, false,
                 &opened) ||
        opened.length != 32)
        return false;
    memcpy(key, opened.data, 32);
    return true;
}

bool unseal_stream(const uint8_t key[32], struct bytes data, struct buffer *out)
{
    struct bytes coded = bytes_slice(data, 16, data.length);
    return data.length >= 32 && decrypt(EVP_aes_256_cbc(), key, data.data, coded, true, out);
}
