/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random tokens, their hashes, and their text form. */
#include <sodium.h>

#include "base/memory.h"
#include "identity/internal.h"

_Static_assert(IDENTITY_TOKEN_SIZE ==
                   sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
               "32 bytes");

/* The token carries 256 random bits, so a plain hash cannot be searched back. */
static void hash_text(const char *token, uint8_t hash[IDENTITY_HASH_BYTES])
{
    crypto_generichash(hash, IDENTITY_HASH_BYTES, (const uint8_t *)token, strlen(token), NULL, 0);
}

void identity_token_make(char token[IDENTITY_TOKEN_SIZE], uint8_t hash[IDENTITY_HASH_BYTES])
{
    uint8_t random[32];
    if (sodium_init() < 0)
        memory_exhausted();
    randombytes_buf(random, sizeof random);
    sodium_bin2base64(token, IDENTITY_TOKEN_SIZE, random, sizeof random,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    hash_text(token, hash);
    sodium_memzero(random, sizeof random);
}

bool identity_token_hash(const char *token, uint8_t hash[IDENTITY_HASH_BYTES])
{
    if (strlen(token) != IDENTITY_TOKEN_SIZE - 1)
        return false;
    hash_text(token, hash);
    return true;
}

void identity_token_csrf(const char *token, char csrf[IDENTITY_TOKEN_SIZE])
{
    static const uint8_t purpose[] = "csrf";
    uint8_t made[32];
    crypto_generichash(made, sizeof made, purpose, sizeof purpose, (const uint8_t *)token,
                       strlen(token));
    sodium_bin2base64(csrf, IDENTITY_TOKEN_SIZE, made, sizeof made,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void identity_base64_append(struct buffer *out, struct bytes bytes)
{
    size_t size = sodium_base64_encoded_len(bytes.length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    buffer_reserve(out, size);
    sodium_bin2base64((char *)out->data + out->length, size, bytes.data, bytes.length,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    out->length += size - 1;
}

int identity_base64_decode(struct buffer *out, const char *text)
{
    size_t length = strlen(text), written;
    buffer_reserve(out, length + 1);
    if (sodium_base642bin(out->data + out->length, length + 1, text, length, NULL, &written, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return -1;
    out->length += written;
    return 0;
}
