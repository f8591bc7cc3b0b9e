/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256 (FIPS 180-4) by libcrypto, which uses the processor's own instructions where it can. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/bytes.h"

#define HASH_BYTES 32

/* A hash being computed. Opaque; made by hash_start, ended by hash_finish or hash_free. */
struct hash;

/* Starts a SHA-256. Never NULL: out of memory ends the process. */
struct hash *hash_start(void);

/* Adds bytes. */
void hash_update(struct hash *hash, struct bytes bytes);

/* Writes the digest and frees the hash. */
void hash_finish(struct hash *hash, uint8_t digest[static HASH_BYTES]);

/* Frees a hash that is not wanted any more; NULL does nothing. */
void hash_free(struct hash *hash);

/* The SHA-256 of bytes in one call. */
void hash_sha256(struct bytes bytes, uint8_t digest[static HASH_BYTES]);

#endif
