/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The second reader of GIF: screen, at most one loop count, then frames; every code of every frame
 * is followed, so that the pixels are exactly as many as declared and each has a color.
 */
#include "base/buffer.h"
#include "base/cursor.h"
#include "base/memory.h"
#include "disarm/verify/picture.h"

#define CODES 4096

struct reader {
    struct cursor cursor;
    size_t colors; /* of the global palette */
    uint64_t pixels, pixels_limit;
};

/* Lengths of the strings of the LZW table: enough to count pixels. */
struct lengths {
    uint32_t of[CODES];
};

/* Follows the codes; true when they give exactly count pixels, end properly and leave no byte. */
static bool codes_exact(struct bytes codes, unsigned size, size_t colors, uint64_t count)
{
    AUTO_FREE struct lengths *lengths = memory_allocate(1, sizeof *lengths);
    const uint32_t clear = 1u << size;
    uint32_t free_code = clear + 2, before = 0;
    unsigned width = size + 1;
    uint64_t bit = 0, seen = 0;
    for (;;) {
        if (bit + width > (uint64_t)codes.length * 8)
            return false;
        uint32_t code = 0;
        for (unsigned i = 0; i < width; i++, bit++)
            code |= (uint32_t)(codes.data[bit / 8] >> (bit % 8) & 1) << i;
        if (code == clear) {
            free_code = clear + 2;
            width = size + 1;
            before = 0;
            continue;
        }
        if (code == clear + 1)
            break;
        if (before && free_code < CODES)
            lengths->of[free_code++] = before + 1;
        if (code < clear ? code >= colors : code >= free_code)
            return false;
        before = code < clear ? 1 : lengths->of[code];
        seen += before;
        if (seen > count)
            return false;
        if (free_code == 1u << width && width < 12)
            width++;
    }
    return seen == count && (bit + 7) / 8 == codes.length;
}

/* Joins the sub-blocks: all but the last must be full. */
static bool join(struct cursor *cursor, struct buffer *codes)
{
    size_t length = 255;
    for (;;) {
        size_t next = cursor_u8(cursor);
        if (cursor->failed || (next && length != 255))
            return false;
        if (!next)
            return true;
        length = next;
        buffer_append_bytes(codes, cursor_take(cursor, length));
    }
}

static size_t take_palette(struct cursor *cursor, unsigned flags)
{
    if (!(flags & 0x80))
        return 0;
    size_t colors = (size_t)2 << (flags & 7);
    cursor_skip(cursor, colors * 3);
    return colors;
}

/* One image descriptor with its codes; the separator has been read. */
static bool image_sound(struct reader *reader)
{
    struct cursor *cursor = &reader->cursor;
    cursor_skip(cursor, 4);
    uint64_t width = cursor_u16le(cursor), height = cursor_u16le(cursor);
    unsigned flags = cursor_u8(cursor);
    size_t colors = take_palette(cursor, flags);
    colors = colors ? colors : reader->colors;
    unsigned size = cursor_u8(cursor);
    reader->pixels += width * height;
    AUTO_BUFFER codes = {0};
    if (cursor->failed || flags & 0x38 || (!(flags & 0x80) && flags & 7) || size < 2 || size > 8 ||
        reader->pixels > reader->pixels_limit || !join(cursor, &codes))
        return false;
    return width && height && codes_exact(buffer_bytes(&codes), size, colors, width * height);
}

/* The body of a graphic control extension; its label has been read. */
static bool control_sound(struct cursor *cursor)
{
    bool sound = cursor_u8(cursor) == 4;
    unsigned flags = cursor_u8(cursor);
    cursor_skip(cursor, 3);
    return sound && (flags & 0xF2) == 0 && cursor_u8(cursor) == 0 && !cursor->failed;
}

static bool screen_sound(struct reader *reader)
{
    struct cursor *cursor = &reader->cursor;
    bool sound = bytes_equal_string(cursor_take(cursor, 6), "GIF89a");
    sound = cursor_u16le(cursor) > 0 && sound;
    sound = cursor_u16le(cursor) > 0 && sound;
    unsigned flags = cursor_u8(cursor), background = cursor_u8(cursor);
    sound = (flags & 0x78) == 0x70 && cursor_u8(cursor) == 0 && sound;
    reader->colors = take_palette(cursor, flags);
    return sound && !cursor->failed && (!background || background < reader->colors);
}

/* The loop count, when it stands here. */
static void skip_loop(struct cursor *cursor)
{
    static const uint8_t form[16] = {0x21, 0xFF, 11,  'N', 'E', 'T', 'S', 'C',
                                     'A',  'P',  'E', '2', '.', '0', 3,   1};
    struct bytes here = bytes_slice(cursor->bytes, cursor->position, 19);
    if (here.length == 19 && !memcmp(here.data, form, sizeof form) && here.data[18] == 0)
        cursor_skip(cursor, 19);
}

static bool frames_sound(struct reader *reader)
{
    struct cursor *cursor = &reader->cursor;
    for (size_t frames = 0; !cursor->failed; frames++) {
        uint8_t block = cursor_u8(cursor);
        if (block == 0x3B)
            return frames > 0 && cursor_at_end(cursor);
        if (block == 0x21) {
            if (cursor_u8(cursor) != 0xF9 || !control_sound(cursor))
                return false;
            block = cursor_u8(cursor);
        }
        if (block != 0x2C || !image_sound(reader))
            return false;
    }
    return false;
}

int verify_gif(struct verify_job *job, struct bytes out, struct error *error)
{
    struct reader reader = {.cursor = cursor_open(out), .pixels_limit = job->limits->pixels};
    if (screen_sound(&reader)) {
        skip_loop(&reader.cursor);
        if (frames_sound(&reader))
            return 0;
    }
    return error_set(error, "verify_picture", "gif", "(%zu)", reader.cursor.position);
}
