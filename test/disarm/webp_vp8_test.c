/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The transcode of VP8 frames, over what libwebp's encoder can make: partitions, segments, small
 * and large coefficients. Pixels must be the same, and so must a second transcode.
 */
#include "test.h"

#include <webp/decode.h>
#include <webp/encode.h>

#include "disarm/format/webp_vp8.h"

/* A frame with smooth and noisy parts, coded as the configuration says. */
static void encode(const WebPConfig *config, int width, int height, struct buffer *frame)
{
    WebPPicture picture;
    WebPMemoryWriter writer;
    WebPMemoryWriterInit(&writer);
    assert_true(WebPPictureInit(&picture));
    picture.use_argb = 1;
    picture.width = width;
    picture.height = height;
    assert_true(WebPPictureAlloc(&picture));
    uint32_t noise = 1;
    for (int i = 0; i < width * height; i++) {
        noise = noise * 1664525 + 1013904223;
        uint32_t smooth = (uint32_t)(i % width * 3) & 0xFF;
        uint32_t value = i / width % 32 < 16 ? smooth * 0x010101 : noise >> 8;
        picture.argb[i] = 0xFF000000 | value;
    }
    picture.writer = WebPMemoryWrite;
    picture.custom_ptr = &writer;
    assert_true(WebPEncode(config, &picture));
    struct bytes file = {writer.mem, writer.size};
    size_t start = bytes_find(file, 0, "VP8 ") + 8;
    buffer_append_bytes(frame, bytes_slice(file, start, SIZE_MAX));
    WebPPictureFree(&picture);
    WebPMemoryWriterClear(&writer);
}

static void assert_same_pixels(struct bytes a, struct bytes b)
{
    int width, height, other_width, other_height;
    uint8_t *left = WebPDecodeRGB(a.data, a.length, &width, &height);
    uint8_t *right = WebPDecodeRGB(b.data, b.length, &other_width, &other_height);
    assert_non_null(left);
    assert_non_null(right);
    assert_int_equal(width, other_width);
    assert_int_equal(height, other_height);
    assert_memory_equal(left, right, (size_t)width * (size_t)height * 3);
    WebPFree(left);
    WebPFree(right);
}

static void assert_transcodes(const WebPConfig *config, int width, int height)
{
    AUTO_BUFFER frame = {0}, once = {0}, twice = {0};
    struct error error = {0};
    encode(config, width, height, &frame);
    assert_int_equal(vp8_transcode(buffer_bytes(&frame), &once, "", &error), 0);
    assert_int_equal(vp8_transcode(buffer_bytes(&once), &twice, "", &error), 0);
    assert_true(bytes_equal(buffer_bytes(&once), buffer_bytes(&twice)));
    assert_true(once.length < frame.length + 64);
    assert_same_pixels(buffer_bytes(&frame), buffer_bytes(&once));
}

static WebPConfig configuration(float quality)
{
    WebPConfig config;
    assert_true(WebPConfigInit(&config));
    config.quality = quality;
    return config;
}

static void vp8_keeps_pixels_at_every_quality(void **state)
{
    (void)state;
    for (int quality = 0; quality <= 100; quality += 20) {
        WebPConfig config = configuration((float)quality);
        assert_transcodes(&config, 95, 130);
    }
}

static void vp8_keeps_pixels_with_many_partitions_and_segments(void **state)
{
    (void)state;
    for (int partitions = 0; partitions <= 3; partitions++) {
        WebPConfig config = configuration(70);
        config.partitions = partitions;
        config.segments = 1 + partitions;
        config.method = 6;
        config.filter_type = partitions & 1;
        assert_transcodes(&config, 160, 144);
    }
}

static void vp8_drops_bytes_behind_the_last_symbol(void **state)
{
    (void)state;
    AUTO_BUFFER frame = {0}, plain = {0}, padded = {0};
    struct error error = {0};
    WebPConfig config = configuration(50);
    encode(&config, 64, 64, &frame);
    assert_int_equal(vp8_transcode(buffer_bytes(&frame), &plain, "", &error), 0);
    buffer_append_string(&frame, "payload behind the last symbol");
    assert_int_equal(vp8_transcode(buffer_bytes(&frame), &padded, "", &error), 0);
    assert_true(bytes_equal(buffer_bytes(&plain), buffer_bytes(&padded)));
}

static void vp8_refuses_a_frame_that_is_cut(void **state)
{
    (void)state;
    AUTO_BUFFER frame = {0}, out = {0};
    struct error error = {0};
    WebPConfig config = configuration(50);
    encode(&config, 64, 64, &frame);
    struct bytes cut = bytes_slice(buffer_bytes(&frame), 0, frame.length * 2 / 3);
    assert_int_equal(vp8_transcode(cut, &out, "", &error), -1);
    assert_string_equal(error.code, "bad_picture");
    assert_int_equal(out.length, 0);
    assert_int_equal(vp8_transcode((struct bytes){0}, &out, "", &error), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vp8_keeps_pixels_at_every_quality),
        cmocka_unit_test(vp8_keeps_pixels_with_many_partitions_and_segments),
        cmocka_unit_test(vp8_drops_bytes_behind_the_last_symbol),
        cmocka_unit_test(vp8_refuses_a_frame_that_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
