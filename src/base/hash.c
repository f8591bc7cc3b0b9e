/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256 by libcrypto. */
#include "base/hash.h"

#include <openssl/evp.h>

#include "base/memory.h"

struct hash {
    EVP_MD_CTX *context;
};

/* libcrypto fails here only when memory is gone or the library is broken: nothing to go on with. */
static void insist(int result)
{
    if (result != 1)
        memory_exhausted();
}

struct hash *hash_start(void)
{
    struct hash *hash = memory_allocate(1, sizeof *hash);
    hash->context = EVP_MD_CTX_new();
    insist(hash->context && EVP_DigestInit_ex(hash->context, EVP_sha256(), NULL) == 1);
    return hash;
}

void hash_update(struct hash *hash, struct bytes bytes)
{
    insist(EVP_DigestUpdate(hash->context, bytes.data, bytes.length));
}

void hash_finish(struct hash *hash, uint8_t digest[static HASH_BYTES])
{
    insist(EVP_DigestFinal_ex(hash->context, digest, NULL));
    hash_free(hash);
}

void hash_free(struct hash *hash)
{
    if (!hash)
        return;
    EVP_MD_CTX_free(hash->context);
    free(hash);
}

void hash_sha256(struct bytes bytes, uint8_t digest[static HASH_BYTES])
{
    struct hash *hash = hash_start();
    hash_update(hash, bytes);
    hash_finish(hash, digest);
}
