/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The second reader of BMP: header, palette, pixels and profile lie one behind the other without a
 * gap, every length is what the picture's size asks for, every index has a color.
 */
#include "base/cursor.h"
#include "disarm/verify/picture.h"

struct reader {
    struct cursor cursor;
    uint32_t header; /* 40, 108 or 124 */
    uint64_t width, height;
    unsigned bits;
    uint32_t compression, colors;
    uint64_t pixels; /* bytes */
    bool masks_outside;
    uint32_t profile; /* bytes */
};

static bool kind_sound(const struct reader *reader)
{
    bool indexed = reader->bits == 1 || reader->bits == 4 || reader->bits == 8;
    if (indexed != (reader->colors > 0) || (indexed && reader->colors > 1u << reader->bits))
        return false;
    switch (reader->compression) {
    case 0:
        return indexed || reader->bits == 16 || reader->bits == 24;
    case 1:
        return reader->bits == 8;
    case 3:
        return reader->bits == 16 || (reader->bits == 32 && reader->header > 40);
    default:
        return false;
    }
}

/* The masks that the compression and depth ask for; the fourth only inside the header. */
static bool masks_sound(struct reader *reader)
{
    static const uint32_t narrow[4] = {0xF800, 0x07E0, 0x1F, 0};
    static const uint32_t wide[4] = {0xFF0000, 0xFF00, 0xFF, 0xFF000000};
    static const uint32_t none[4] = {0};
    const uint32_t *expected = reader->compression != 3 ? none : reader->bits == 16 ? narrow : wide;
    bool sound = true;
    for (int i = 0; i < (reader->header > 40 ? 4 : 3); i++)
        sound = cursor_u32le(&reader->cursor) == expected[i] && sound;
    return sound;
}

/* What version 4 and 5 add; start is where the information header starts. */
static bool extension_sound(struct reader *reader, uint64_t profile_offset)
{
    struct cursor *cursor = &reader->cursor;
    bool sound = masks_sound(reader);
    sound = cursor_u32le(cursor) == (reader->header == 124 ? 0x4D424544 : 0x73524742) && sound;
    for (int i = 0; i < 12; i++)
        sound = cursor_u32le(cursor) == 0 && sound;
    if (reader->header == 124) {
        sound = cursor_u32le(cursor) == 4 && sound;
        sound = cursor_u32le(cursor) == profile_offset && sound;
        reader->profile = cursor_u32le(cursor);
        sound = cursor_u32le(cursor) == 0 && reader->profile && sound;
    }
    return sound && !cursor->failed;
}

static bool header_sound(struct reader *reader)
{
    struct cursor *cursor = &reader->cursor;
    uint32_t size;
    bool sound = cursor_u16le(cursor) == 0x4D42;
    size = cursor_u32le(cursor);
    sound = size == cursor->bytes.length && cursor_u32le(cursor) == 0 && sound;
    uint64_t offset = cursor_u32le(cursor);
    reader->header = cursor_u32le(cursor);
    reader->width = cursor_u32le(cursor);
    reader->height = cursor_u32le(cursor);
    sound = cursor_u16le(cursor) == 1 && sound;
    reader->bits = cursor_u16le(cursor);
    reader->compression = cursor_u32le(cursor);
    reader->pixels = cursor_u32le(cursor);
    cursor_skip(cursor, 8);
    reader->colors = cursor_u32le(cursor);
    sound = cursor_u32le(cursor) == 0 && sound;
    if (!sound || cursor->failed || !reader->width || !reader->height ||
        reader->width > INT32_MAX || reader->height > INT32_MAX ||
        (reader->header != 40 && reader->header != 108 && reader->header != 124) ||
        !kind_sound(reader))
        return false;
    if (reader->header > 40) {
        if (!extension_sound(reader, offset - 14 + reader->pixels))
            return false;
    } else if (reader->compression == 3 && !masks_sound(reader)) {
        return false;
    }
    return cursor->position + (uint64_t)reader->colors * 4 == offset;
}

static bool palette_sound(struct reader *reader)
{
    bool sound = true;
    for (uint32_t i = 0; i < reader->colors; i++)
        sound = cursor_u32le(&reader->cursor) >> 24 == 0 && sound;
    return sound;
}

/* Plain rows: the right number of bytes, padding zero, indices inside the palette. */
static bool rows_sound(const struct reader *reader, struct bytes pixels)
{
    uint64_t used = reader->width * reader->bits, row = (used + 31) / 32 * 4;
    if (pixels.length != row * reader->height)
        return false;
    for (uint64_t y = 0; y < reader->height; y++) {
        const uint8_t *data = pixels.data + y * row;
        for (uint64_t bit = used; bit < row * 8; bit++) {
            if (data[bit / 8] >> (7 - bit % 8) & 1)
                return false;
        }
        for (uint64_t x = 0; reader->bits <= 8 && x < reader->width; x++) {
            uint64_t end = (x + 1) * reader->bits;
            unsigned index = data[(end - 1) / 8] >> (8 - ((end - 1) % 8 + 1));
            if ((index & ((1u << reader->bits) - 1)) >= reader->colors)
                return false;
        }
    }
    return true;
}

/* RLE8 in our form: every row whole, no jumps, one end, nothing behind it. */
static bool runs_sound(const struct reader *reader, struct bytes pixels)
{
    struct cursor cursor = cursor_open(pixels);
    uint64_t x = 0, y = 0;
    while (!cursor.failed) {
        unsigned count = cursor_u8(&cursor), value = cursor_u8(&cursor);
        if (count == 0 && value <= 1) {
            bool last = y + 1 == reader->height;
            if (x != reader->width || last != (value == 1))
                return false;
            if (last)
                return cursor_at_end(&cursor);
            x = 0;
            y++;
            continue;
        }
        if (count == 0 && value < 3)
            return false;
        x += count ? count : value;
        if (x > reader->width || (count && value >= reader->colors))
            return false;
        for (unsigned i = 0; !count && i < value; i++) {
            if (cursor_u8(&cursor) >= reader->colors)
                return false;
        }
        if (!count && value % 2 && cursor_u8(&cursor) != 0)
            return false;
    }
    return false;
}

int verify_bmp(struct verify_job *job, struct bytes out, struct error *error)
{
    struct reader reader = {.cursor = cursor_open(out)};
    bool sound = header_sound(&reader) && reader.width <= job->limits->pixels / reader.height &&
                 palette_sound(&reader);
    if (sound) {
        struct bytes pixels = cursor_take(&reader.cursor, reader.pixels);
        sound = !reader.cursor.failed && (reader.compression == 1 ? runs_sound(&reader, pixels)
                                                                  : rows_sound(&reader, pixels));
    }
    if (sound && reader.profile)
        sound = verify_profile(cursor_take(&reader.cursor, reader.profile));
    if (sound && cursor_at_end(&reader.cursor))
        return 0;
    return error_set(error, "verify_picture", "bmp", "(%zu)", reader.cursor.position);
}
