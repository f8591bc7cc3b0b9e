/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The second reader of WebP (RFC 9649): chunks in one fixed order without a gap, every picture
 * decoded once by libwebp.
 */
#include <webp/decode.h>

#include "base/buffer.h"
#include "base/cursor.h"
#include "disarm/verify/picture.h"

struct reader {
    struct cursor cursor;
    char name[5];       /* of the current chunk; empty at the end */
    struct bytes body;  /* of the current chunk */
    struct bytes whole; /* the current chunk with its header and padding */
    uint32_t width, height;
    uint64_t pixels, pixels_limit;
};

static bool next_chunk(struct reader *reader)
{
    struct cursor *cursor = &reader->cursor;
    size_t start = cursor->position;
    memset(reader->name, 0, sizeof reader->name);
    if (cursor_at_end(cursor))
        return true;
    struct bytes name = cursor_take(cursor, 4);
    size_t length = cursor_u32le(cursor);
    reader->body = cursor_take(cursor, length);
    if (length % 2 && cursor_u8(cursor) != 0)
        return false;
    if (cursor->failed)
        return false;
    memcpy(reader->name, name.data, 4);
    reader->whole = bytes_slice(cursor->bytes, start, cursor->position - start);
    return true;
}

static bool is(const struct reader *reader, const char *name)
{
    return !strcmp(reader->name, name);
}

static uint32_t take_u24(struct cursor *cursor)
{
    uint32_t low = cursor_u16le(cursor);
    return low | (uint32_t)cursor_u8(cursor) << 16;
}

/* A shown key frame whose partitions (RFC 6386 §9.1) lie inside it; the count of token partitions
 * is coded, so their sizes are checked by the decoder. */
static bool lossy_sound(struct bytes body)
{
    struct cursor cursor = cursor_open(body);
    uint32_t tag = take_u24(&cursor);
    bool sound = (tag & 1) == 0 && (tag >> 1 & 7) <= 3 && tag & 0x10;
    sound = take_u24(&cursor) == 0x2A019D && sound;
    unsigned width = cursor_u16le(&cursor), height = cursor_u16le(&cursor);
    return sound && width && height && width < 0x4000 && height < 0x4000 &&
           cursor_remaining(&cursor) >= tag >> 5;
}

/* Decodes the chunks of one picture in a file of their own; its size comes back. */
static bool decode(struct reader *reader, struct bytes alpha, struct bytes coded, uint32_t *width,
                   uint32_t *height)
{
    AUTO_BUFFER file = {0};
    WebPBitstreamFeatures features;
    bool extended = alpha.length > 0;
    struct bytes body = bytes_slice(coded, 8, coded.length);
    if (WebPGetFeatures(coded.data, coded.length, &features) != VP8_STATUS_OK &&
        WebPGetFeatures(body.data, body.length, &features) != VP8_STATUS_OK)
        return false;
    *width = (uint32_t)features.width;
    *height = (uint32_t)features.height;
    reader->pixels += (uint64_t)*width * *height;
    if (reader->pixels > reader->pixels_limit)
        return false;
    buffer_append_string(&file, "RIFF");
    buffer_append_u32le(&file, (uint32_t)(4 + (extended ? 18 + alpha.length : 0) + coded.length));
    buffer_append_string(&file, "WEBP");
    if (extended) {
        buffer_append(&file, "VP8X\x0A\0\0\0\x10\0\0\0", 12);
        buffer_append_u16le(&file, (uint16_t)(*width - 1));
        buffer_append_byte(&file, 0);
        buffer_append_u16le(&file, (uint16_t)(*height - 1));
        buffer_append_byte(&file, 0);
        buffer_append_bytes(&file, alpha);
    }
    buffer_append_bytes(&file, coded);
    uint8_t *pixels = WebPDecodeRGBA(file.data, file.length, NULL, NULL);
    WebPFree(pixels);
    return pixels != NULL;
}

/* ALPH? VP8 or VP8L at the current chunk. */
static bool picture_sound(struct reader *reader, uint32_t *width, uint32_t *height)
{
    struct bytes alpha = {0};
    if (is(reader, "ALPH")) {
        alpha = reader->whole;
        if (reader->body.length < 2 || reader->body.data[0] != 1 || !next_chunk(reader) ||
            !is(reader, "VP8 "))
            return false;
    }
    if (is(reader, "VP8 ") ? !lossy_sound(reader->body) : !is(reader, "VP8L"))
        return false;
    return decode(reader, alpha, reader->whole, width, height) && next_chunk(reader);
}

static bool frame_sound(struct reader *reader)
{
    struct reader inner = {.cursor = cursor_open(reader->body),
                           .pixels = reader->pixels,
                           .pixels_limit = reader->pixels_limit};
    struct cursor *cursor = &inner.cursor;
    uint32_t width, height;
    uint64_t x = take_u24(cursor) * UINT64_C(2), y = take_u24(cursor) * UINT64_C(2);
    uint32_t right = take_u24(cursor), bottom = take_u24(cursor);
    take_u24(cursor);
    unsigned flags = cursor_u8(cursor);
    bool sound = flags <= 3 && next_chunk(&inner) && picture_sound(&inner, &width, &height) &&
                 !inner.name[0] && width == right + 1 && height == bottom + 1 &&
                 x + width <= reader->width && y + height <= reader->height;
    reader->pixels = inner.pixels;
    return sound && next_chunk(reader);
}

static bool optional_sound(struct reader *reader, bool present, const char *name)
{
    if (!present)
        return true;
    if (!is(reader, name))
        return false;
    bool sound = !strcmp(name, "ICCP")   ? verify_profile(reader->body)
                 : !strcmp(name, "EXIF") ? verify_orientation(reader->body)
                                         : reader->body.length == 6;
    return sound && next_chunk(reader);
}

static bool extended_sound(struct reader *reader)
{
    struct cursor cursor = cursor_open(reader->body);
    unsigned flags = cursor_u8(&cursor);
    bool sound = (flags & ~0x3Au) == 0 && take_u24(&cursor) == 0;
    reader->width = take_u24(&cursor) + 1;
    reader->height = take_u24(&cursor) + 1;
    if (!sound || !cursor_at_end(&cursor) || !next_chunk(reader) ||
        !optional_sound(reader, flags & 0x20, "ICCP") ||
        !optional_sound(reader, flags & 0x02, "ANIM"))
        return false;
    if (flags & 0x02) {
        if (!is(reader, "ANMF"))
            return false;
        while (is(reader, "ANMF")) {
            if (!frame_sound(reader))
                return false;
        }
    } else {
        uint32_t width, height;
        if (!picture_sound(reader, &width, &height) || width != reader->width ||
            height != reader->height)
            return false;
    }
    return optional_sound(reader, flags & 0x08, "EXIF");
}

static bool file_sound(struct reader *reader)
{
    struct cursor *cursor = &reader->cursor;
    uint32_t width, height;
    bool sound = bytes_equal_string(cursor_take(cursor, 4), "RIFF");
    sound = cursor_u32le(cursor) + UINT64_C(8) == cursor->bytes.length && sound;
    sound = bytes_equal_string(cursor_take(cursor, 4), "WEBP") && sound;
    if (!sound || !next_chunk(reader))
        return false;
    sound = is(reader, "VP8X") ? extended_sound(reader)
                               : !is(reader, "ALPH") && picture_sound(reader, &width, &height);
    return sound && !reader->name[0] && cursor_at_end(cursor);
}

int verify_webp(struct verify_job *job, struct bytes out, struct error *error)
{
    struct reader reader = {.cursor = cursor_open(out), .pixels_limit = job->limits->pixels};
    if (file_sound(&reader))
        return 0;
    return error_set(error, "verify_picture", "webp", "%s (%zu)", reader.name,
                     reader.cursor.position);
}
