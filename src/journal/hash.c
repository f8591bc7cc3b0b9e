/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The hashes of the tree. The plain SHA-256 functions of libcrypto are used because fetching an EVP
 * context costs as much as hashing a short entry does; both end in the same SHA-NI code.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "journal/merkle.h"

#include <assert.h>
#include <openssl/sha.h>

enum { SUBTREE_MAX = 256 };

void merkle_hash_data(struct bytes data, struct merkle_hash *out)
{
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, data.data, data.length);
    SHA256_Final(out->bytes, &context);
}

void merkle_hash_leaf(struct bytes entry, struct merkle_hash *out)
{
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, "\x00", 1);
    SHA256_Update(&context, entry.data, entry.length);
    SHA256_Final(out->bytes, &context);
}

void merkle_hash_node(const struct merkle_hash *left, const struct merkle_hash *right,
                      struct merkle_hash *out)
{
    uint8_t message[1 + 2 * sizeof left->bytes];
    message[0] = 0x01;
    memcpy(message + 1, left->bytes, sizeof left->bytes);
    memcpy(message + 1 + sizeof left->bytes, right->bytes, sizeof right->bytes);
    merkle_hash_data((struct bytes){message, sizeof message}, out);
}

void merkle_hash_subtree(const struct merkle_hash *hashes, size_t count, struct merkle_hash *out)
{
    assert(count > 0 && count <= SUBTREE_MAX && (count & (count - 1)) == 0);
    struct merkle_hash row[SUBTREE_MAX / 2];
    if (count == 1) {
        *out = hashes[0];
        return;
    }
    const struct merkle_hash *below = hashes;
    for (size_t width = count / 2; width > 0; width /= 2) {
        for (size_t i = 0; i < width; i++)
            merkle_hash_node(&below[2 * i], &below[2 * i + 1], &row[i]);
        below = row;
    }
    *out = row[0];
}
