/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "base/buffer.h"
#include "journal/merkle.h"

/* The reference tree of Certificate Transparency: its leaves, roots and proofs are published. */
static const struct {
    const char *leaf;
    size_t length;
    const char *root; /* of the tree that ends with this leaf */
} reference[] = {
    {"", 0, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
    {"\x00", 1, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
    {"\x10", 1, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
    {"\x20\x21", 2, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
    {"\x30\x31", 2, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
    {"\x40\x41\x42\x43", 4, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
    {"\x50\x51\x52\x53\x54\x55\x56\x57", 8,
     "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
    {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16,
     "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
};

#define EMPTY_ROOT "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

enum { LEAVES = 300 };
static struct merkle_hash leaves[LEAVES];

/* MTH straight from its definition in RFC 6962 section 2.1. */
static struct merkle_hash defined_root(size_t start, size_t end)
{
    struct merkle_hash left, right;
    if (end - start == 1)
        return leaves[start];
    size_t k = 1;
    while (k * 2 < end - start)
        k *= 2;
    left = defined_root(start, start + k);
    right = defined_root(start + k, end);
    merkle_hash_node(&left, &right, &left);
    return left;
}

static int read_subtree(void *context, unsigned level, uint64_t index, struct merkle_hash *out,
                        struct error *error)
{
    (void)context;
    (void)error;
    *out = defined_root(index << level, (index + 1) << level);
    return 0;
}

static const struct merkle_source source = {read_subtree, NULL};

static void assert_hash(const struct merkle_hash *hash, const char *hexadecimal)
{
    AUTO_BUFFER text = {0};
    for (size_t i = 0; i < sizeof hash->bytes; i++)
        buffer_append_format(&text, "%02x", hash->bytes[i]);
    assert_string_equal(buffer_string(&text), hexadecimal);
}

static int use_reference_leaves(void **state)
{
    (void)state;
    for (size_t i = 0; i < 8; i++)
        merkle_hash_leaf((struct bytes){(const uint8_t *)reference[i].leaf, reference[i].length},
                         &leaves[i]);
    return 0;
}

static int use_many_leaves(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < LEAVES; i++)
        merkle_hash_leaf((struct bytes){(const uint8_t *)&i, sizeof i}, &leaves[i]);
    return 0;
}

static void merkle_has_the_published_roots(void **state)
{
    (void)state;
    struct merkle_hash root;
    assert_int_equal(merkle_root(&source, 0, &root, NULL), 0);
    assert_hash(&root, EMPTY_ROOT);
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(merkle_root(&source, i + 1, &root, NULL), 0);
        assert_hash(&root, reference[i].root);
    }
}

static void merkle_has_the_published_proofs(void **state)
{
    (void)state;
    struct merkle_proof proof;
    assert_int_equal(merkle_prove_inclusion(&source, 0, 8, &proof, NULL), 0);
    assert_int_equal(proof.count, 3);
    assert_hash(&proof.hashes[0],
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7");
    assert_hash(&proof.hashes[1],
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e");
    assert_hash(&proof.hashes[2],
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
    assert_int_equal(merkle_prove_consistency(&source, 6, 8, &proof, NULL), 0);
    assert_int_equal(proof.count, 3);
    assert_hash(&proof.hashes[0],
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a");
    assert_hash(&proof.hashes[1],
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0");
    assert_hash(&proof.hashes[2],
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
}

static void merkle_proves_every_entry_of_every_size(void **state)
{
    (void)state;
    for (uint64_t size = 1; size <= LEAVES; size += size < 40 ? 1 : 37) {
        struct merkle_hash root;
        merkle_root(&source, size, &root, NULL);
        struct merkle_hash expected = defined_root(0, size);
        assert_memory_equal(&root, &expected, sizeof root);
        for (uint64_t index = 0; index < size; index++) {
            struct merkle_proof proof;
            merkle_prove_inclusion(&source, index, size, &proof, NULL);
            assert_true(merkle_verify_inclusion(&leaves[index], index, size, &proof, &root));
            assert_false(merkle_verify_inclusion(&leaves[index], index + 1, size, &proof, &root));
            if (proof.count == 0)
                continue;
            proof.hashes[proof.count - 1].bytes[7] ^= 1;
            assert_false(merkle_verify_inclusion(&leaves[index], index, size, &proof, &root));
            proof.hashes[proof.count - 1].bytes[7] ^= 1;
            proof.count--;
            assert_false(merkle_verify_inclusion(&leaves[index], index, size, &proof, &root));
            proof.count += 2;
            assert_false(merkle_verify_inclusion(&leaves[index], index, size, &proof, &root));
        }
    }
}

static void merkle_proves_consistency_of_every_pair(void **state)
{
    (void)state;
    for (uint64_t new_size = 0; new_size <= 70; new_size++) {
        for (uint64_t old_size = 0; old_size <= new_size; old_size++) {
            struct merkle_hash old_root, new_root;
            struct merkle_proof proof;
            merkle_root(&source, old_size, &old_root, NULL);
            merkle_root(&source, new_size, &new_root, NULL);
            merkle_prove_consistency(&source, old_size, new_size, &proof, NULL);
            assert_true(
                merkle_verify_consistency(old_size, &old_root, new_size, &new_root, &proof));
            if (old_size == 0 || old_size == new_size)
                continue;
            old_root.bytes[0] ^= 1;
            assert_false(
                merkle_verify_consistency(old_size, &old_root, new_size, &new_root, &proof));
            old_root.bytes[0] ^= 1;
            new_root.bytes[31] ^= 1;
            assert_false(
                merkle_verify_consistency(old_size, &old_root, new_size, &new_root, &proof));
            new_root.bytes[31] ^= 1;
            proof.count--;
            assert_false(
                merkle_verify_consistency(old_size, &old_root, new_size, &new_root, &proof));
            proof.count += 2;
            assert_false(
                merkle_verify_consistency(old_size, &old_root, new_size, &new_root, &proof));
        }
    }
}

static void merkle_refuses_a_proof_from_a_larger_to_a_smaller_tree(void **state)
{
    (void)state;
    struct merkle_hash root = leaves[0];
    struct merkle_proof empty = {.count = 0};
    assert_false(merkle_verify_consistency(2, &root, 1, &root, &empty));
    assert_false(merkle_verify_consistency(2, &root, 3, &root, &empty));
    assert_false(merkle_verify_consistency(3, &root, 4, &root, &empty));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(merkle_has_the_published_roots, use_reference_leaves),
        cmocka_unit_test_setup(merkle_has_the_published_proofs, use_reference_leaves),
        cmocka_unit_test_setup(merkle_proves_every_entry_of_every_size, use_many_leaves),
        cmocka_unit_test_setup(merkle_proves_consistency_of_every_pair, use_many_leaves),
        cmocka_unit_test_setup(merkle_refuses_a_proof_from_a_larger_to_a_smaller_tree,
                               use_many_leaves),
    };
    return cmocka_run_group_tests_name("merkle", tests, NULL, NULL);
}
