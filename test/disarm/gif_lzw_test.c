/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LZW of GIF: what is coded comes back, and codes that cannot be end the decoding. */
#include "test.h"

#include "base/memory.h"
#include "disarm/format/gif_lzw.h"

/* Codes and decodes count indices made by a small generator; all must come back. */
static void assert_round_trip(size_t count, unsigned code_size, uint32_t seed, uint32_t step)
{
    AUTO_FREE uint8_t *indices = memory_allocate(count, 1);
    AUTO_FREE uint8_t *back = memory_allocate(count, 1);
    AUTO_BUFFER codes = {0};
    for (size_t i = 0; i < count; i++) {
        seed = seed * step + 12345;
        indices[i] = (uint8_t)(seed >> 16 & ((1u << code_size) - 1));
    }
    gif_lzw_encode(indices, count, code_size, &codes);
    assert_int_equal(gif_lzw_decode(buffer_bytes(&codes), code_size, back, count), count);
    assert_memory_equal(indices, back, count);
}

static void lzw_gives_back_noise_over_many_tables(void **state)
{
    (void)state;
    for (unsigned code_size = 2; code_size <= 8; code_size++)
        assert_round_trip(100000, code_size, code_size, 1103515245);
}

static void lzw_gives_back_one_color(void **state)
{
    (void)state;
    for (size_t count = 1; count < 3000; count += 7)
        assert_round_trip(count, 2, 0, 0);
}

static void lzw_gives_back_every_length_near_a_width_change(void **state)
{
    (void)state;
    for (size_t count = 1; count < 600; count++)
        assert_round_trip(count, 3, 99, 1103515245);
}

static void lzw_stops_at_a_code_that_is_not_there(void **state)
{
    (void)state;
    uint8_t back[16];
    /* 3 bits: clear (4), 0, then 7, which is one above what the table can have. */
    const uint8_t codes[] = {4 | 0 << 3 | (7 & 3) << 6, 7 >> 2};
    assert_int_equal(gif_lzw_decode((struct bytes){codes, sizeof codes}, 2, back, 16), 1);
    assert_int_equal(gif_lzw_decode((struct bytes){0}, 2, back, 16), 0);
}

static void lzw_never_gives_more_than_asked(void **state)
{
    (void)state;
    uint8_t indices[64] = {0}, back[8] = {9, 9, 9, 9, 9, 9, 9, 9};
    AUTO_BUFFER codes = {0};
    gif_lzw_encode(indices, sizeof indices, 2, &codes);
    assert_int_equal(gif_lzw_decode(buffer_bytes(&codes), 2, back, 5), 5);
    assert_int_equal(back[5], 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lzw_gives_back_noise_over_many_tables),
        cmocka_unit_test(lzw_gives_back_one_color),
        cmocka_unit_test(lzw_gives_back_every_length_near_a_width_change),
        cmocka_unit_test(lzw_stops_at_a_code_that_is_not_there),
        cmocka_unit_test(lzw_never_gives_more_than_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
