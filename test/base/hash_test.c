/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "base/hash.h"

/* FIPS 180-4 example "abc". */
static const uint8_t abc[HASH_BYTES] = {
    0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
    0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};

static void hash_agrees_with_the_standard(void **state)
{
    (void)state;
    uint8_t digest[HASH_BYTES];
    hash_sha256(bytes_of_string("abc"), digest);
    assert_memory_equal(digest, abc, HASH_BYTES);
}

static void hash_in_pieces_is_the_same(void **state)
{
    (void)state;
    uint8_t digest[HASH_BYTES];
    struct hash *hash = hash_start();
    hash_update(hash, bytes_of_string("a"));
    hash_update(hash, (struct bytes){NULL, 0});
    hash_update(hash, bytes_of_string("bc"));
    hash_finish(hash, digest);
    assert_memory_equal(digest, abc, HASH_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hash_agrees_with_the_standard),
        cmocka_unit_test(hash_in_pieces_is_the_same),
    };
    hash_free(NULL);
    return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
