/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The second reader of PNG and APNG: chunks in one fixed order, every checksum right, every zlib
 * stream exactly as long as its rows and without a byte behind it.
 */
#include <zlib.h>

#include "base/buffer.h"
#include "base/cursor.h"
#include "disarm/verify/picture.h"

#define WINDOW        ((size_t)1 << 15)
#define PROFILE_LIMIT ((size_t)4 << 20)

struct chunk {
    char name[5];
    struct bytes body;
};

struct reader {
    struct cursor cursor;
    struct chunk chunk; /* the current one */
    uint32_t width, height;
    unsigned depth, color;
    bool interlaced;
    size_t palette;    /* entries */
    uint32_t frames;   /* declared by acTL, 0 without animation */
    uint32_t sequence; /* of the next fcTL or fdAT */
    uint64_t pixels;
    uint64_t pixels_limit;
};

static bool is(const struct reader *reader, const char *name)
{
    return !strcmp(reader->chunk.name, name);
}

/* Reads the next chunk whole and checks its CRC. */
static bool next_chunk(struct reader *reader)
{
    struct cursor *cursor = &reader->cursor;
    uint32_t length = cursor_u32be(cursor);
    size_t start = cursor->position;
    struct bytes name = cursor_take(cursor, 4);
    reader->chunk = (struct chunk){.body = cursor_take(cursor, length)};
    uint32_t declared = cursor_u32be(cursor);
    if (cursor->failed)
        return false;
    memcpy(reader->chunk.name, name.data, 4);
    return crc32_z(0, cursor->bytes.data + start, 4 + (size_t)length) == declared;
}

/* Bytes of the filtered rows of a picture (W3C PNG §8.1): one pass, or the seven of Adam7. */
static uint64_t rows_length(const struct reader *reader, uint32_t width, uint32_t height)
{
    static const unsigned samples[] = {1, 0, 3, 1, 2, 0, 4};
    uint64_t bits = (uint64_t)samples[reader->color] * reader->depth;
    if (!reader->interlaced)
        return height * (1 + (width * bits + 7) / 8);
    uint64_t total = 0;
    for (unsigned pass = 1; pass <= 7; pass++) {
        /* Passes 1, 3, 5, 7 halve the rows, 2, 4, 6 the columns. */
        unsigned step_x = pass < 3 ? 8 : pass < 5 ? 4 : pass < 7 ? 2 : 1;
        unsigned step_y = pass < 4 ? 8 : pass < 6 ? 4 : 2;
        unsigned first_x = pass % 2 ? 0 : step_x / 2;
        unsigned first_y = pass % 2 && pass > 1 ? step_y / 2 : 0;
        if (width <= first_x || height <= first_y)
            continue;
        uint64_t columns = (width - first_x - 1) / step_x + 1;
        uint64_t rows = (height - first_y - 1) / step_y + 1;
        total += rows * (1 + (columns * bits + 7) / 8);
    }
    return total;
}

/* True when packed is one zlib stream of exactly length bytes and nothing more. */
static bool stream_exact(struct bytes packed, uint64_t length)
{
    uint8_t window[WINDOW];
    z_stream stream = {0};
    if (packed.length > UINT32_MAX || inflateInit(&stream) != Z_OK)
        return false;
    stream.next_in = (z_const Bytef *)(uintptr_t)packed.data;
    stream.avail_in = (uInt)packed.length;
    uint64_t done = 0;
    int state = Z_OK;
    while (state == Z_OK && done <= length) {
        stream.next_out = window;
        stream.avail_out = WINDOW;
        state = inflate(&stream, Z_NO_FLUSH);
        done += WINDOW - stream.avail_out;
    }
    bool exact = state == Z_STREAM_END && stream.avail_in == 0 && done == length;
    inflateEnd(&stream);
    return exact;
}

static bool rows_sound(struct reader *reader, uint32_t width, uint32_t height, struct bytes packed)
{
    reader->pixels += (uint64_t)width * height;
    return reader->pixels <= reader->pixels_limit &&
           stream_exact(packed, rows_length(reader, width, height));
}

static bool header_sound(struct reader *reader)
{
    struct cursor cursor = cursor_open(reader->chunk.body);
    reader->width = cursor_u32be(&cursor);
    reader->height = cursor_u32be(&cursor);
    reader->depth = cursor_u8(&cursor);
    reader->color = cursor_u8(&cursor);
    bool plain = cursor_u16be(&cursor) == 0;
    unsigned interlace = cursor_u8(&cursor);
    reader->interlaced = interlace == 1;
    /* Bit d of each mask: depth d is allowed for that colour type (§11.2.1). */
    static const uint32_t depths[7] = {0x10116, 0, 0x10100, 0x116, 0x10100, 0, 0x10100};
    return cursor_at_end(&cursor) && plain && interlace <= 1 && reader->width && reader->height &&
           reader->width <= INT32_MAX && reader->height <= INT32_MAX && reader->color < 7 &&
           reader->depth <= 16 && depths[reader->color] >> reader->depth & 1;
}

static bool profile_sound(struct reader *reader)
{
    struct cursor cursor = cursor_open(reader->chunk.body);
    if (!bytes_equal(cursor_take(&cursor, 5), (struct bytes){(const uint8_t *)"icc\0\0", 5}))
        return false;
    struct bytes packed = cursor_take_rest(&cursor);
    AUTO_BUFFER profile = {0};
    buffer_reserve(&profile, PROFILE_LIMIT);
    uLongf length = PROFILE_LIMIT;
    uLong taken = packed.length;
    if (uncompress2(profile.data, &length, packed.data, &taken) != Z_OK || taken != packed.length)
        return false;
    profile.length = length;
    return verify_profile(buffer_bytes(&profile));
}

static bool srgb_sound(struct reader *reader)
{
    return reader->chunk.body.length == 1 && reader->chunk.body.data[0] <= 3;
}

static bool gamma_sound(struct reader *reader)
{
    return reader->chunk.body.length == 4;
}

static bool chromaticities_sound(struct reader *reader)
{
    return reader->chunk.body.length == 32;
}

static bool cicp_sound(struct reader *reader)
{
    const struct bytes body = reader->chunk.body;
    return body.length == 4 && body.data[2] == 0 && body.data[3] <= 1;
}

static bool palette_sound(struct reader *reader)
{
    size_t length = reader->chunk.body.length;
    reader->palette = length / 3;
    return reader->color == 3 && length && length % 3 == 0 && reader->palette <= 256;
}

static bool transparency_sound(struct reader *reader)
{
    size_t length = reader->chunk.body.length;
    if (reader->color == 3)
        return length >= 1 && length <= reader->palette;
    return (reader->color == 0 && length == 2) || (reader->color == 2 && length == 6);
}

static bool density_sound(struct reader *reader)
{
    return reader->chunk.body.length == 9 && reader->chunk.body.data[8] <= 1;
}

static bool orientation_sound(struct reader *reader)
{
    return verify_orientation(reader->chunk.body);
}

static bool animation_sound(struct reader *reader)
{
    struct cursor cursor = cursor_open(reader->chunk.body);
    reader->frames = cursor_u32be(&cursor);
    return cursor_u32be(&cursor) <= INT32_MAX && cursor_at_end(&cursor) && reader->frames;
}

/* The chunks that may stand between IHDR and the frames, each at most once, in this order. */
static const struct {
    const char *name;
    bool (*sound)(struct reader *reader);
} optional[] = {
    {"cICP", cicp_sound},         {"iCCP", profile_sound},        {"sRGB", srgb_sound},
    {"gAMA", gamma_sound},        {"cHRM", chromaticities_sound}, {"PLTE", palette_sound},
    {"tRNS", transparency_sound}, {"pHYs", density_sound},        {"eXIf", orientation_sound},
    {"acTL", animation_sound},
};

static int refuse(const struct reader *reader, struct error *error)
{
    return error_set(error, "verify_picture", "png", "%s (%zu)", reader->chunk.name,
                     reader->cursor.position);
}

/* One fcTL; width and height of its frame come back. */
static bool frame_sound(struct reader *reader, uint32_t *width, uint32_t *height)
{
    struct cursor cursor = cursor_open(reader->chunk.body);
    bool sound = cursor_u32be(&cursor) == reader->sequence++;
    *width = cursor_u32be(&cursor);
    *height = cursor_u32be(&cursor);
    uint64_t right = (uint64_t)cursor_u32be(&cursor) + *width;
    uint64_t bottom = (uint64_t)cursor_u32be(&cursor) + *height;
    cursor_skip(&cursor, 4);
    sound = cursor_u8(&cursor) <= 2 && sound;
    sound = cursor_u8(&cursor) <= 1 && sound;
    return sound && cursor_at_end(&cursor) && *width && *height && right <= reader->width &&
           bottom <= reader->height;
}

/* Frames behind IDAT: fcTL and one fdAT each. */
static bool frames_sound(struct reader *reader, uint32_t seen)
{
    for (; seen < reader->frames; seen++) {
        uint32_t width, height;
        if (!is(reader, "fcTL") || !frame_sound(reader, &width, &height) || !next_chunk(reader) ||
            !is(reader, "fdAT"))
            return false;
        struct cursor cursor = cursor_open(reader->chunk.body);
        if (cursor_u32be(&cursor) != reader->sequence++ ||
            !rows_sound(reader, width, height, cursor_take_rest(&cursor)) || !next_chunk(reader))
            return false;
    }
    return true;
}

static bool pixels_sound(struct reader *reader)
{
    uint32_t width, height, seen = 0;
    if (reader->frames && is(reader, "fcTL")) {
        if (!frame_sound(reader, &width, &height) || width != reader->width ||
            height != reader->height || !next_chunk(reader))
            return false;
        seen = 1;
    }
    return is(reader, "IDAT") &&
           rows_sound(reader, reader->width, reader->height, reader->chunk.body) &&
           next_chunk(reader) && frames_sound(reader, seen);
}

int verify_png(struct verify_job *job, struct bytes out, struct error *error)
{
    struct reader reader = {.cursor = cursor_open(out), .pixels_limit = job->limits->pixels};
    if (cursor_u64be(&reader.cursor) != 0x89504E470D0A1A0A || !next_chunk(&reader) ||
        !is(&reader, "IHDR") || !header_sound(&reader) || !next_chunk(&reader))
        return refuse(&reader, error);
    for (size_t i = 0; i < sizeof optional / sizeof *optional; i++) {
        if (is(&reader, optional[i].name) && (!optional[i].sound(&reader) || !next_chunk(&reader)))
            return refuse(&reader, error);
    }
    if (reader.color == 3 && !reader.palette)
        return refuse(&reader, error);
    if (!pixels_sound(&reader) || !is(&reader, "IEND") || reader.chunk.body.length)
        return refuse(&reader, error);
    return cursor_at_end(&reader.cursor) ? 0 : refuse(&reader, error);
}
