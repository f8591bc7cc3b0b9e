/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The second reader of JPEG (ITU-T T.81 annex B): walks every segment and every byte of the scans.
 *
 *     SOI [JFIF] [Adobe] [Exif orientation] [ICC …] DQT … SOFn (DHT … SOS data)+ EOI
 */
#include "base/buffer.h"
#include "base/cursor.h"
#include "disarm/verify/picture.h"

enum {
    SOF0 = 0xC0,
    SOF1 = 0xC1,
    SOF2 = 0xC2,
    DHT = 0xC4,
    SOI = 0xD8,
    EOI = 0xD9,
    SOS = 0xDA,
    DQT = 0xDB,
    APP0 = 0xE0,
    APP1 = 0xE1,
    APP2 = 0xE2,
    APP14 = 0xEE,
};

#define SCANS_LIMIT 300

struct reader {
    struct cursor cursor;
    unsigned marker;   /* of the segment being read */
    struct bytes body; /* of that segment */
    unsigned components;
    bool progressive;
    uint8_t ids[10];
};

/* Reads the next marker and, where it has one, its segment. */
static bool next_segment(struct reader *reader)
{
    struct cursor *cursor = &reader->cursor;
    if (cursor_u8(cursor) != 0xFF)
        return false;
    reader->marker = cursor_u8(cursor);
    reader->body = (struct bytes){0};
    if (reader->marker == SOI || reader->marker == EOI)
        return !cursor->failed;
    unsigned length = cursor_u16be(cursor);
    if (length < 2)
        return false;
    reader->body = cursor_take(cursor, length - 2);
    return !cursor->failed;
}

static bool jfif_sound(struct bytes body)
{
    struct cursor cursor = cursor_open(body);
    if (!bytes_equal(cursor_take(&cursor, 7), (struct bytes){(const uint8_t *)"JFIF\0\1\1", 7}))
        return false;
    bool sound = cursor_u8(&cursor) <= 2;
    sound = cursor_u16be(&cursor) > 0 && sound;
    sound = cursor_u16be(&cursor) > 0 && sound;
    return cursor_u16be(&cursor) == 0 && sound && cursor_at_end(&cursor);
}

static bool adobe_sound(struct bytes body)
{
    return body.length == 12 && !memcmp(body.data, "Adobe\0\x64\0\0\0\0", 11) && body.data[11] <= 2;
}

static bool exif_sound(struct bytes body)
{
    return body.length > 6 && !memcmp(body.data, "Exif\0", 6) &&
           verify_orientation(bytes_slice(body, 6, body.length));
}

/* The profile, in numbered pieces (ICC.1 annex B.4). Leaves the segment behind it current. */
static bool profile_sound(struct reader *reader)
{
    AUTO_BUFFER profile = {0};
    unsigned expected = 1, count = 0;
    do {
        struct bytes body = reader->body;
        if (body.length < 15 || memcmp(body.data, "ICC_PROFILE", 12) != 0 ||
            body.data[12] != expected || (count && body.data[13] != count))
            return false;
        count = body.data[13];
        expected++;
        buffer_append_bytes(&profile, bytes_slice(body, 14, body.length));
        if (!next_segment(reader))
            return false;
    } while (reader->marker == APP2);
    return expected == count + 1 && verify_profile(buffer_bytes(&profile));
}

static bool quantisation_sound(struct bytes body)
{
    struct cursor cursor = cursor_open(body);
    while (cursor_remaining(&cursor)) {
        unsigned kind = cursor_u8(&cursor);
        if (kind >> 4 > 1 || (kind & 15) > 3)
            return false;
        cursor_skip(&cursor, kind >> 4 ? 128 : 64);
    }
    return cursor_at_end(&cursor);
}

static bool huffman_sound(struct bytes body)
{
    struct cursor cursor = cursor_open(body);
    while (cursor_remaining(&cursor)) {
        unsigned kind = cursor_u8(&cursor);
        unsigned symbols = 0, room = 1;
        for (int length = 1; length <= 16; length++) {
            unsigned count = cursor_u8(&cursor);
            room *= 2;
            if (count > room)
                return false;
            room -= count;
            symbols += count;
        }
        if (kind >> 4 > 1 || (kind & 15) > 3 || symbols > 256)
            return false;
        cursor_skip(&cursor, symbols);
    }
    return cursor_at_end(&cursor);
}

static bool frame_sound(struct reader *reader)
{
    struct cursor cursor = cursor_open(reader->body);
    unsigned precision = cursor_u8(&cursor);
    unsigned height = cursor_u16be(&cursor), width = cursor_u16be(&cursor);
    reader->components = cursor_u8(&cursor);
    reader->progressive = reader->marker == SOF2;
    if (precision != 8 || !height || !width || !reader->components ||
        reader->components > sizeof reader->ids)
        return false;
    for (unsigned i = 0; i < reader->components; i++) {
        reader->ids[i] = cursor_u8(&cursor);
        unsigned sampling = cursor_u8(&cursor);
        unsigned table = cursor_u8(&cursor);
        if (sampling >> 4 < 1 || sampling >> 4 > 4 || (sampling & 15) < 1 || (sampling & 15) > 4 ||
            table > 3)
            return false;
    }
    return cursor_at_end(&cursor);
}

static bool scan_sound(const struct reader *reader)
{
    struct cursor cursor = cursor_open(reader->body);
    unsigned count = cursor_u8(&cursor);
    if (count < 1 || count > 4 || count > reader->components)
        return false;
    for (unsigned i = 0; i < count; i++) {
        uint8_t id = cursor_u8(&cursor);
        uint8_t tables = cursor_u8(&cursor);
        if (!memchr(reader->ids, id, reader->components) || tables >> 4 > 3 || (tables & 15) > 3)
            return false;
    }
    unsigned start = cursor_u8(&cursor), end = cursor_u8(&cursor);
    unsigned steps = cursor_u8(&cursor);
    if (!reader->progressive && (start != 0 || end != 63 || steps != 0))
        return false;
    return end <= 63 && start <= end && (steps & 15) <= 13 && cursor_at_end(&cursor);
}

/* Moves over the coded data of one scan: 0xFF stands only before a zero (T.81 §B.1.1.5). */
static bool skip_data(struct cursor *cursor)
{
    const struct bytes all = cursor->bytes;
    for (size_t at = cursor->position; at < all.length; at++) {
        const uint8_t *found = memchr(all.data + at, 0xFF, all.length - at);
        if (!found)
            return false;
        at = (size_t)(found - all.data) + 1;
        if (at < all.length && all.data[at] != 0) {
            cursor_seek(cursor, at - 1);
            return true;
        }
    }
    return false;
}

static int refuse(const struct reader *reader, const char *what, struct error *error)
{
    return error_set(error, "verify_picture", "jpeg", "%s (%zu)", what, reader->cursor.position);
}

/* The segments in front of the quantisation tables. */
static int walk_markers(struct reader *reader, struct error *error)
{
    if (!next_segment(reader) || reader->marker != SOI || !next_segment(reader))
        return refuse(reader, "SOI", error);
    static const struct {
        unsigned marker;
        bool (*sound)(struct bytes body);
        const char *name;
    } optional[] = {
        {APP0, jfif_sound, "JFIF"}, {APP14, adobe_sound, "Adobe"}, {APP1, exif_sound, "Exif"}};
    for (size_t i = 0; i < sizeof optional / sizeof *optional; i++) {
        if (reader->marker != optional[i].marker)
            continue;
        if (!optional[i].sound(reader->body) || !next_segment(reader))
            return refuse(reader, optional[i].name, error);
    }
    if (reader->marker == APP2 && !profile_sound(reader))
        return refuse(reader, "ICC", error);
    return 0;
}

static int walk_scans(struct reader *reader, struct error *error)
{
    for (unsigned scans = 0; reader->marker != EOI; scans++) {
        while (reader->marker == DHT) {
            if (!huffman_sound(reader->body) || !next_segment(reader))
                return refuse(reader, "DHT", error);
        }
        if (scans == SCANS_LIMIT || reader->marker != SOS || !scan_sound(reader))
            return refuse(reader, "SOS", error);
        if (!skip_data(&reader->cursor) || !next_segment(reader))
            return refuse(reader, "scan", error);
        if (reader->marker == EOI)
            return 0;
    }
    return refuse(reader, "EOI", error);
}

int verify_jpeg(struct verify_job *job, struct bytes out, struct error *error)
{
    (void)job;
    struct reader reader = {.cursor = cursor_open(out)};
    if (walk_markers(&reader, error))
        return -1;
    while (reader.marker == DQT) {
        if (!quantisation_sound(reader.body) || !next_segment(&reader))
            return refuse(&reader, "DQT", error);
    }
    if (reader.marker < SOF0 || reader.marker > SOF2 || !frame_sound(&reader) ||
        !next_segment(&reader))
        return refuse(&reader, "SOF", error);
    if (walk_scans(&reader, error))
        return -1;
    return cursor_at_end(&reader.cursor) ? 0 : refuse(&reader, "tail", error);
}
