/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sealing small secrets: "SKS1", number of the key, nonce, ciphertext with its tag. */
#include "store/secret.h"

#include "base/cursor.h"
#include "base/error.h"
#include "store/blob_file.h"

#define MAGIC "SKS1"

enum {
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
};
_Static_assert(STORE_SECRET_OVERHEAD == 4 + 4 + NONCE + TAG, "magic, number, nonce, tag");

int store_secret_seal(struct store *store, const char *place, struct bytes secret,
                      struct buffer *sealed, struct error *error)
{
    struct blob_keys keys;
    uint8_t nonce[NONCE];
    if (blob_keys_read(store_directory(store), 0, &keys, error) != 0)
        return -1;
    randombytes_buf(nonce, sizeof nonce);
    buffer_append_string(sealed, MAGIC);
    buffer_append_u32le(sealed, keys.number);
    buffer_append(sealed, nonce, sizeof nonce);
    buffer_reserve(sealed, secret.length + TAG);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed->data + sealed->length, NULL, secret.data,
                                               secret.length, (const uint8_t *)place, strlen(place),
                                               NULL, nonce, keys.secret);
    sealed->length += secret.length + TAG;
    sodium_memzero(&keys, sizeof keys);
    return 0;
}

int store_secret_open(struct store *store, const char *place, struct bytes sealed,
                      struct buffer *secret, struct error *error)
{
    struct blob_keys keys;
    struct cursor cursor = cursor_open(sealed);
    bool ours = bytes_equal_string(cursor_take(&cursor, 4), MAGIC);
    uint32_t number = cursor_u32le(&cursor);
    struct bytes nonce = cursor_take(&cursor, NONCE), rest = cursor_take_rest(&cursor);
    if (!ours || cursor.failed || number == 0 || rest.length < TAG)
        return error_set(error, "store_secret_broken", place, "%s", "");
    if (blob_keys_read(store_directory(store), number, &keys, error) != 0)
        return -1;
    buffer_reserve(secret, rest.length);
    int opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
        secret->data + secret->length, NULL, NULL, rest.data, rest.length, (const uint8_t *)place,
        strlen(place), nonce.data, keys.secret);
    sodium_memzero(&keys, sizeof keys);
    if (opened != 0)
        return error_set(error, "store_secret_broken", place, "%s", "");
    secret->length += rest.length - TAG;
    return 0;
}
