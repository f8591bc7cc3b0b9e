/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Roots and proofs (RFC 6962 section 2.1) and their verification (RFC 9162 section 2.1). */
#include "journal/merkle.h"

#include <assert.h>

/* The largest power of two below size; size is 2 or more. */
static uint64_t split_point(uint64_t size)
{
    return UINT64_C(1) << (63 - __builtin_clzll(size - 1));
}

/*
 * MTH(D[start:end]) of a range that is a node of the tree: its complete subtrees, largest first,
 * folded from the right.
 */
static int hash_range(const struct merkle_source *source, uint64_t start, uint64_t end,
                      struct merkle_hash *out, struct error *error)
{
    struct merkle_hash parts[64];
    size_t count = 0;
    assert(start < end);
    do {
        unsigned level = 63 - (unsigned)__builtin_clzll(end - start);
        if (source->read(source->context, level, start >> level, &parts[count++], error) < 0)
            return -1;
        start += UINT64_C(1) << level;
    } while (start < end);
    *out = parts[--count];
    while (count > 0)
        merkle_hash_node(&parts[--count], out, out);
    return 0;
}

int merkle_root(const struct merkle_source *source, uint64_t size, struct merkle_hash *out,
                struct error *error)
{
    if (size == 0) {
        merkle_hash_data((struct bytes){NULL, 0}, out);
        return 0;
    }
    return hash_range(source, 0, size, out, error);
}

static int add_range(struct merkle_proof *proof, const struct merkle_source *source, uint64_t start,
                     uint64_t end, struct error *error)
{
    assert(proof->count < MERKLE_PROOF_MAX);
    return hash_range(source, start, end, &proof->hashes[proof->count++], error);
}

/* Proofs are gathered from the root down, and are written from the leaf up. */
static void reverse(struct merkle_proof *proof)
{
    for (size_t i = 0; i < proof->count / 2; i++) {
        struct merkle_hash kept = proof->hashes[i];
        proof->hashes[i] = proof->hashes[proof->count - 1 - i];
        proof->hashes[proof->count - 1 - i] = kept;
    }
}

int merkle_prove_inclusion(const struct merkle_source *source, uint64_t index, uint64_t size,
                           struct merkle_proof *proof, struct error *error)
{
    assert(index < size);
    uint64_t start = 0, end = size;
    proof->count = 0;
    while (end - start > 1) {
        uint64_t middle = start + split_point(end - start);
        bool left = index < middle;
        if (add_range(proof, source, left ? middle : start, left ? end : middle, error) < 0)
            return -1;
        if (left)
            end = middle;
        else
            start = middle;
    }
    reverse(proof);
    return 0;
}

int merkle_prove_consistency(const struct merkle_source *source, uint64_t old_size,
                             uint64_t new_size, struct merkle_proof *proof, struct error *error)
{
    assert(old_size <= new_size);
    uint64_t start = 0, end = new_size;
    proof->count = 0;
    if (old_size == 0)
        return 0;
    while (end != old_size) {
        uint64_t middle = start + split_point(end - start);
        bool left = old_size <= middle;
        if (add_range(proof, source, left ? middle : start, left ? end : middle, error) < 0)
            return -1;
        if (left)
            end = middle;
        else
            start = middle;
    }
    if (start > 0 && add_range(proof, source, start, end, error) < 0)
        return -1;
    reverse(proof);
    return 0;
}

bool merkle_verify_inclusion(const struct merkle_hash *leaf, uint64_t index, uint64_t size,
                             const struct merkle_proof *proof, const struct merkle_hash *root)
{
    if (index >= size)
        return false;
    uint64_t node = index, last = size - 1;
    struct merkle_hash hash = *leaf;
    for (size_t i = 0; i < proof->count; i++) {
        if (last == 0)
            return false;
        if (node & 1 || node == last) {
            merkle_hash_node(&proof->hashes[i], &hash, &hash);
            while (!(node & 1) && node != 0) {
                node >>= 1;
                last >>= 1;
            }
        } else {
            merkle_hash_node(&hash, &proof->hashes[i], &hash);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && merkle_hash_equal(&hash, root);
}

/* The walk of RFC 9162 section 2.1.4.2, steps 3 to 6, for 0 < old_size < new_size. */
static bool walk_consistency(uint64_t old_size, const struct merkle_hash *old_root,
                             uint64_t new_size, const struct merkle_hash *new_root,
                             const struct merkle_proof *proof)
{
    bool old_complete = (old_size & (old_size - 1)) == 0;
    if (!old_complete && proof->count == 0)
        return false;
    struct merkle_hash old_hash = old_complete ? *old_root : proof->hashes[0];
    struct merkle_hash new_hash = old_hash;
    uint64_t node = old_size - 1, last = new_size - 1;
    while (node & 1) {
        node >>= 1;
        last >>= 1;
    }
    for (size_t i = old_complete ? 0 : 1; i < proof->count; i++) {
        const struct merkle_hash *next = &proof->hashes[i];
        if (last == 0)
            return false;
        if (node & 1 || node == last) {
            merkle_hash_node(next, &old_hash, &old_hash);
            merkle_hash_node(next, &new_hash, &new_hash);
            while (!(node & 1) && node != 0) {
                node >>= 1;
                last >>= 1;
            }
        } else {
            merkle_hash_node(&new_hash, next, &new_hash);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && merkle_hash_equal(&old_hash, old_root) &&
           merkle_hash_equal(&new_hash, new_root);
}

bool merkle_verify_consistency(uint64_t old_size, const struct merkle_hash *old_root,
                               uint64_t new_size, const struct merkle_hash *new_root,
                               const struct merkle_proof *proof)
{
    if (old_size > new_size)
        return false;
    if (old_size == new_size)
        return proof->count == 0 && merkle_hash_equal(old_root, new_root);
    if (old_size == 0)
        return proof->count == 0;
    return walk_consistency(old_size, old_root, new_size, new_root, proof);
}
