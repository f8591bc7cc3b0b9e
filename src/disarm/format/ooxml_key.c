/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys from passwords as [MS-OFFCRYPTO] makes them, and its two ways of AES. */
#include "disarm/format/ooxml_key.h"

#include <openssl/crypto.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/utf8.h"

enum { PASSWORD_UNITS_MAXIMUM = 255 };

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

void ooxml_key_hash(EVP_MD_CTX *context, const EVP_MD *hash, struct bytes a, struct bytes b,
                    struct ooxml_digest *digest)
{
    if (!EVP_DigestInit_ex(context, hash, NULL) || !EVP_DigestUpdate(context, a.data, a.length) ||
        !EVP_DigestUpdate(context, b.data, b.length) ||
        !EVP_DigestFinal_ex(context, digest->bytes, &digest->length))
        memory_exhausted();
}

void ooxml_key_spin(EVP_MD_CTX *context, const EVP_MD *hash, struct bytes salt,
                    const char *password, uint32_t spin, struct ooxml_digest *digest)
{
    AUTO_BUFFER units = {0};
    append_utf16(&units, password);
    ooxml_key_hash(context, hash, salt, buffer_bytes(&units), digest);
    OPENSSL_cleanse(units.data, units.capacity);
    for (uint32_t i = 0; i < spin; i++) {
        uint8_t counter[4] = {(uint8_t)i, (uint8_t)(i >> 8), (uint8_t)(i >> 16),
                              (uint8_t)(i >> 24)};
        ooxml_key_hash(context, i ? NULL : hash, (struct bytes){counter, 4},
                       ooxml_digest_bytes(digest), digest);
    }
}

void ooxml_key_fit(const struct ooxml_digest *digest, uint8_t *out, size_t length)
{
    for (size_t i = 0; i < length; i++)
        out[i] = i < digest->length ? digest->bytes[i] : 0x36;
}

void ooxml_key_vector(EVP_MD_CTX *context, const EVP_MD *hash, struct bytes salt,
                      struct bytes block_key, uint8_t vector[OOXML_BLOCK])
{
    struct ooxml_digest digest;
    ooxml_key_hash(context, hash, salt, block_key, &digest);
    ooxml_key_fit(&digest, vector, OOXML_BLOCK);
}

void ooxml_key_segment_vector(EVP_MD_CTX *context, const EVP_MD *hash, struct bytes salt,
                              uint32_t segment, uint8_t vector[OOXML_BLOCK])
{
    uint8_t number[4] = {(uint8_t)segment, (uint8_t)(segment >> 8), (uint8_t)(segment >> 16),
                         (uint8_t)(segment >> 24)};
    ooxml_key_vector(context, hash, salt, (struct bytes){number, sizeof number}, vector);
}

static bool apply(bool encrypt, const uint8_t *key, size_t key_length, const uint8_t *iv,
                  struct bytes in, uint8_t *out)
{
    const EVP_CIPHER *const ciphers[2][3] = {
        {EVP_aes_128_ecb(), EVP_aes_192_ecb(), EVP_aes_256_ecb()},
        {EVP_aes_128_cbc(), EVP_aes_192_cbc(), EVP_aes_256_cbc()}};
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int made = 0, last = 0;
    bool good = context && in.length % OOXML_BLOCK == 0 && in.length <= INT32_MAX &&
                EVP_CipherInit_ex(context, ciphers[iv != NULL][key_length / 8 - 2], NULL, key, iv,
                                  encrypt) &&
                EVP_CIPHER_CTX_set_padding(context, 0) &&
                EVP_CipherUpdate(context, out, &made, in.data, (int)in.length) &&
                EVP_CipherFinal_ex(context, out + made, &last);
    EVP_CIPHER_CTX_free(context);
    return good;
}

bool ooxml_key_decrypt(const uint8_t *key, size_t key_length, const uint8_t *iv, struct bytes in,
                       uint8_t *out)
{
    return apply(false, key, key_length, iv, in, out);
}

bool ooxml_key_encrypt(const uint8_t *key, size_t key_length, const uint8_t *iv, struct bytes in,
                       uint8_t *out)
{
    return apply(true, key, key_length, iv, in, out);
}
