/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What reading and writing of closed Office packages share: keys from passwords, and AES. */
#ifndef DISARM_FORMAT_OOXML_KEY_H
#define DISARM_FORMAT_OOXML_KEY_H

#include <openssl/evp.h>

#include "base/bytes.h"

enum {
    OOXML_BLOCK = 16,     /* bytes of an AES block */
    OOXML_SEGMENT = 4096, /* bytes of the package that share one initialization vector */
};

/* What the key of each value is derived with: [MS-OFFCRYPTO] 2.3.4.13 and 2.3.4.14. */
#define OOXML_KEY_VERIFIER_INPUT "\xfe\xa7\xd2\x76\x3b\x4b\x9e\x79"
#define OOXML_KEY_VERIFIER_VALUE "\xd7\xaa\x0f\x6d\x30\x61\x34\x4e"
#define OOXML_KEY_DATA           "\x14\x6e\x0b\xe7\xab\xac\xd0\xd6"
#define OOXML_KEY_HMAC_KEY       "\x5f\xb2\xad\x01\x0c\xb9\xe1\xf6"
#define OOXML_KEY_HMAC_VALUE     "\xa0\x67\x7f\x02\xb2\x2c\x84\x33"

struct ooxml_digest {
    uint8_t bytes[EVP_MAX_MD_SIZE];
    unsigned length;
};

static inline struct bytes ooxml_digest_bytes(const struct ooxml_digest *digest)
{
    return (struct bytes){digest->bytes, digest->length};
}

/* digest = hash(a ‖ b); b may be the digest itself. hash NULL: the one that context had before. */
void ooxml_key_hash(EVP_MD_CTX *context, const EVP_MD *hash, struct bytes a, struct bytes b,
                    struct ooxml_digest *digest);

/* H(0) = hash(salt ‖ password), H(n) = hash(n ‖ H(n-1)): 2.3.4.7 and 2.3.4.11. */
void ooxml_key_spin(EVP_MD_CTX *context, const EVP_MD *hash, struct bytes salt,
                    const char *password, uint32_t spin, struct ooxml_digest *digest);

/* Cuts a digest to length bytes, or fills it up with 0x36. */
void ooxml_key_fit(const struct ooxml_digest *digest, uint8_t *out, size_t length);

/* The initialization vector hash(salt ‖ block_key), where block_key is a constant above or the
 * number of a segment. */
void ooxml_key_vector(EVP_MD_CTX *context, const EVP_MD *hash, struct bytes salt,
                      struct bytes block_key, uint8_t vector[OOXML_BLOCK]);

/* The same for a segment of the package: 2.3.4.15. */
void ooxml_key_segment_vector(EVP_MD_CTX *context, const EVP_MD *hash, struct bytes salt,
                              uint32_t segment, uint8_t vector[OOXML_BLOCK]);

/*
 * AES of whole blocks without padding, `in` to as many bytes at `out`. key_length: 16, 24 or 32.
 * iv NULL: ECB, else CBC. False when `in` is not whole blocks or longer than 2 GB.
 */
bool ooxml_key_decrypt(const uint8_t *key, size_t key_length, const uint8_t *iv, struct bytes in,
                       uint8_t *out);
bool ooxml_key_encrypt(const uint8_t *key, size_t key_length, const uint8_t *iv, struct bytes in,
                       uint8_t *out);

#endif
