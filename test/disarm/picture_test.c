/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pieces that several picture modules stand on: profile, orientation, raster. */
#include "test.h"

#include "base/memory.h"
#include "disarm/format/picture_exif.h"
#include "disarm/format/picture_icc.h"
#include "disarm/format/picture_raster.h"
#include "disarm/verify/picture.h"

/* A profile with one tag behind its table; size as declared. */
static void append_profile(struct buffer *out, uint32_t size, const char *space, uint32_t tag_end)
{
    buffer_append_u32be(out, size);
    buffer_append(out, "none\2\x10\0\0mntr", 12);
    buffer_append_string(out, space);
    while (out->length < 36)
        buffer_append_byte(out, 0);
    buffer_append_string(out, "acsp");
    while (out->length < 128)
        buffer_append_byte(out, 0);
    buffer_append_u32be(out, 1);
    buffer_append_string(out, "wtpt");
    buffer_append_u32be(out, 144);
    buffer_append_u32be(out, tag_end - 144);
    while (out->length < 164)
        buffer_append_byte(out, 7);
}

static void profile_of_its_size_is_kept(void **state)
{
    (void)state;
    AUTO_BUFFER profile = {0};
    append_profile(&profile, 164, "RGB ", 164);
    assert_int_equal(picture_icc_sane(buffer_bytes(&profile), 3).length, 164);
    assert_true(verify_profile(buffer_bytes(&profile)));
}

static void profile_loses_bytes_behind_its_size(void **state)
{
    (void)state;
    AUTO_BUFFER profile = {0};
    append_profile(&profile, 164, "RGB ", 164);
    buffer_append_string(&profile, "payload");
    assert_int_equal(picture_icc_sane(buffer_bytes(&profile), 3).length, 164);
}

static void profile_with_wrong_sizes_or_space_is_not_sane(void **state)
{
    (void)state;
    AUTO_BUFFER cut = {0}, outside = {0}, gray = {0};
    append_profile(&cut, 165, "RGB ", 164);
    append_profile(&outside, 164, "RGB ", 165);
    append_profile(&gray, 164, "GRAY", 164);
    assert_int_equal(picture_icc_sane(buffer_bytes(&cut), 3).length, 0);
    assert_int_equal(picture_icc_sane(buffer_bytes(&outside), 3).length, 0);
    assert_int_equal(picture_icc_sane(buffer_bytes(&gray), 3).length, 0);
    assert_int_equal(picture_icc_sane(buffer_bytes(&gray), 1).length, 164);
}

static void orientation_is_written_so_that_it_is_read(void **state)
{
    (void)state;
    for (unsigned orientation = 2; orientation <= 8; orientation++) {
        AUTO_BUFFER exif = {0};
        picture_exif_append(&exif, orientation);
        assert_int_equal(picture_exif_orientation(buffer_bytes(&exif)), orientation);
        assert_true(verify_orientation(buffer_bytes(&exif)));
    }
}

static void orientation_of_nonsense_is_upright(void **state)
{
    (void)state;
    AUTO_BUFFER exif = {0};
    picture_exif_append(&exif, 9);
    assert_int_equal(picture_exif_orientation(buffer_bytes(&exif)), 1);
    assert_false(verify_orientation(buffer_bytes(&exif)));
    assert_int_equal(picture_exif_orientation(bytes_slice(buffer_bytes(&exif), 0, 15)), 1);
    assert_int_equal(picture_exif_orientation((struct bytes){0}), 1);
}

/* The first byte of each pixel of a picture of 3 × 2 after turning, row by row. */
static void assert_turned(unsigned orientation, uint32_t width, const char *expected)
{
    uint8_t *pixels = memory_allocate(6, 4);
    for (size_t i = 0; i < 6; i++)
        pixels[i * 4] = (uint8_t)("abcdef"[i]);
    struct raster raster = {3, 2, pixels};
    raster_orient(&raster, orientation);
    assert_int_equal(raster.width, width);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(raster.rgba[i * 4], expected[i]);
    raster_free(&raster);
}

static void raster_turns_as_exif_says(void **state)
{
    (void)state;
    assert_turned(1, 3, "abcdef");
    assert_turned(2, 3, "cbafed");
    assert_turned(3, 3, "fedcba");
    assert_turned(4, 3, "defabc");
    assert_turned(5, 2, "adbecf");
    assert_turned(6, 2, "daebfc");
    assert_turned(7, 2, "fcebda");
    assert_turned(8, 2, "cfbead");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(profile_of_its_size_is_kept),
        cmocka_unit_test(profile_loses_bytes_behind_its_size),
        cmocka_unit_test(profile_with_wrong_sizes_or_space_is_not_sane),
        cmocka_unit_test(orientation_is_written_so_that_it_is_read),
        cmocka_unit_test(orientation_of_nonsense_is_upright),
        cmocka_unit_test(raster_turns_as_exif_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
