/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The Merkle tree of RFC 6962 section 2: hashes, roots, proofs and their verification.
 *
 * Nothing here touches a file: hashes of complete subtrees come from a source that the caller
 * gives. Sizes and indexes count entries; levels count up from the leaves (0).
 */
#ifndef JOURNAL_MERKLE_H
#define JOURNAL_MERKLE_H

#include "base/bytes.h"
#include "base/error.h"

struct merkle_hash {
    uint8_t bytes[32]; /* SHA-256 */
};

/* SHA-256 of the bytes as they are; with no bytes, the root of the empty tree. */
void merkle_hash_data(struct bytes data, struct merkle_hash *out);

/* SHA-256(0x00 ‖ entry). */
void merkle_hash_leaf(struct bytes entry, struct merkle_hash *out);

/* SHA-256(0x01 ‖ left ‖ right); out may be one of the two. */
void merkle_hash_node(const struct merkle_hash *left, const struct merkle_hash *right,
                      struct merkle_hash *out);

/* The hash over count neighbouring hashes of one level; count is a power of two, at most 256. */
void merkle_hash_subtree(const struct merkle_hash *hashes, size_t count, struct merkle_hash *out);

static inline bool merkle_hash_equal(const struct merkle_hash *a, const struct merkle_hash *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

/* Where the hash of the complete subtree over entries [index << level, (index + 1) << level) is. */
struct merkle_source {
    int (*read)(void *context, unsigned level, uint64_t index, struct merkle_hash *out,
                struct error *error);
    void *context;
};

/* The root of the first size entries. Fails only where the source fails. */
int merkle_root(const struct merkle_source *source, uint64_t size, struct merkle_hash *out,
                struct error *error);

enum { MERKLE_PROOF_MAX = 64 };

struct merkle_proof {
    struct merkle_hash hashes[MERKLE_PROOF_MAX];
    size_t count;
};

/* PATH(index, D[size]), leaf's sibling first; index < size. */
int merkle_prove_inclusion(const struct merkle_source *source, uint64_t index, uint64_t size,
                           struct merkle_proof *proof, struct error *error);

/* PROOF(old_size, D[new_size]); empty when old_size is 0 or both are equal. */
int merkle_prove_consistency(const struct merkle_source *source, uint64_t old_size,
                             uint64_t new_size, struct merkle_proof *proof, struct error *error);

/* True when the leaf hash stands at index in the tree of that size and root. */
bool merkle_verify_inclusion(const struct merkle_hash *leaf, uint64_t index, uint64_t size,
                             const struct merkle_proof *proof, const struct merkle_hash *root);

/* True when the new tree begins with the whole old tree. An old size of 0 needs an empty proof. */
bool merkle_verify_consistency(uint64_t old_size, const struct merkle_hash *old_root,
                               uint64_t new_size, const struct merkle_hash *new_root,
                               const struct merkle_proof *proof);

#endif
