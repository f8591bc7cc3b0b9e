/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The second reader of WMF: headers with their sums, every record listed and as long as its counts
 * say, the end at the end.
 */
#include "base/cursor.h"
#include "disarm/verify/metafile.h"
#include "disarm/verify/picture.h"

enum shape {
    PLAIN,    /* words */
    FONT,     /* 9 words and a name */
    POLYGON,  /* 1 + points × 2 */
    POLYGONS, /* 1 + groups + points × 2 */
    PALETTE,  /* 2 + entries × 2 */
    TEXT,
    PLACED_TEXT,
    BITMAP,      /* words, then a bitmap; or one word more and none */
    BITMAP_ONLY, /* words, then a bitmap */
};

static const struct rule {
    uint16_t function;
    uint8_t shape, words;
} rules[] = {
    {0x001E, PLAIN, 0},       {0x0035, PLAIN, 0},        {0x0037, PALETTE, 0},
    {0x00F7, PALETTE, 0},     {0x0102, PLAIN, 1},        {0x0103, PLAIN, 1},
    {0x0104, PLAIN, 1},       {0x0106, PLAIN, 1},        {0x0107, PLAIN, 1},
    {0x0108, PLAIN, 1},       {0x0127, PLAIN, 1},        {0x012A, PLAIN, 1},
    {0x012B, PLAIN, 1},       {0x012C, PLAIN, 1},        {0x012D, PLAIN, 1},
    {0x012E, PLAIN, 1},       {0x0139, PLAIN, 1},        {0x0142, BITMAP_ONLY, 2},
    {0x0149, PLAIN, 1},       {0x01F0, PLAIN, 1},        {0x0201, PLAIN, 2},
    {0x0209, PLAIN, 2},       {0x020A, PLAIN, 2},        {0x020B, PLAIN, 2},
    {0x020C, PLAIN, 2},       {0x020D, PLAIN, 2},        {0x020E, PLAIN, 2},
    {0x020F, PLAIN, 2},       {0x0211, PLAIN, 2},        {0x0213, PLAIN, 2},
    {0x0214, PLAIN, 2},       {0x0220, PLAIN, 2},        {0x0228, PLAIN, 2},
    {0x0231, PLAIN, 2},       {0x0234, PLAIN, 1},        {0x02FA, PLAIN, 5},
    {0x02FB, FONT, 9},        {0x02FC, PLAIN, 4},        {0x0324, POLYGON, 0},
    {0x0325, POLYGON, 0},     {0x0410, PLAIN, 4},        {0x0412, PLAIN, 4},
    {0x0415, PLAIN, 4},       {0x0416, PLAIN, 4},        {0x0418, PLAIN, 4},
    {0x0419, PLAIN, 4},       {0x041B, PLAIN, 4},        {0x041F, PLAIN, 4},
    {0x0429, PLAIN, 4},       {0x0521, TEXT, 0},         {0x0538, POLYGONS, 0},
    {0x0548, PLAIN, 5},       {0x061C, PLAIN, 6},        {0x061D, PLAIN, 6},
    {0x0817, PLAIN, 8},       {0x081A, PLAIN, 8},        {0x0830, PLAIN, 8},
    {0x0940, BITMAP, 8},      {0x0A32, PLACED_TEXT, 4},  {0x0B41, BITMAP, 10},
    {0x0D33, BITMAP_ONLY, 9}, {0x0F43, BITMAP_ONLY, 11},
};

static size_t word(struct bytes body, size_t index)
{
    struct cursor cursor = cursor_open(body);
    cursor_seek(&cursor, index * 2);
    return cursor_u16le(&cursor);
}

static bool bitmap_sound(struct bytes packed, uint64_t limit)
{
    size_t info = verify_bitmap_info_length(packed);
    size_t bits = packed.length - info;
    struct cursor cursor = cursor_open(packed);
    cursor_seek(&cursor, 20);
    size_t declared = cursor_u32le(&cursor);
    if (!info || info > packed.length || cursor.failed)
        return false;
    if (bits == declared + 1 && packed.data[packed.length - 1] == 0)
        bits--;
    return verify_bitmap(bytes_slice(packed, 0, info), bytes_slice(packed, info, bits), limit);
}

static bool font_sound(struct bytes body)
{
    struct bytes face = bytes_slice(body, 18, body.length);
    size_t length = face.length ? strnlen((const char *)face.data, face.length) : 0;
    return length < 32 && face.length == (length + 2) / 2 * 2 && face.data[face.length - 1] == 0;
}

/* Words of a record with counts in it. */
static size_t counted_words(struct bytes body, enum shape shape)
{
    size_t words = word(body, 0);
    if (shape == POLYGON)
        return 1 + words * 2;
    if (shape == PALETTE)
        return 2 + word(body, 1) * 2;
    if (shape == TEXT)
        return 1 + (words + 1) / 2 + 2;
    size_t points = 0;
    for (size_t i = 0; i < words; i++)
        points += word(body, 1 + i);
    return 1 + words + points * 2;
}

static bool placed_text_sound(struct bytes body)
{
    size_t count = word(body, 2), options = word(body, 3);
    size_t bare = 8 + (options & 6 ? 8 : 0) + (count + 1) / 2 * 2;
    return body.length == bare || body.length == bare + count * (options & 0x2000 ? 4 : 2);
}

static bool record_sound(uint16_t function, struct bytes body, uint64_t limit)
{
    const struct rule *rule = NULL;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (rules[i].function == function)
            rule = &rules[i];
    }
    if (!rule)
        return false;
    size_t fixed = (size_t)rule->words * 2;
    switch (rule->shape) {
    case PLAIN:
        return body.length == fixed;
    case FONT:
        return body.length > fixed && font_sound(body);
    case PLACED_TEXT:
        return placed_text_sound(body);
    case BITMAP:
        if (body.length == fixed + 2)
            return true;
        __attribute__((fallthrough));
    case BITMAP_ONLY:
        return body.length > fixed && bitmap_sound(bytes_slice(body, fixed, body.length), limit);
    default:
        return body.length == counted_words(body, rule->shape) * 2;
    }
}

/* The placeable header: its words, checksum included, cancel each other out. */
static bool placeable_sound(struct bytes header)
{
    size_t sum = 0;
    for (size_t i = 0; i < 11; i++)
        sum ^= word(header, i);
    return header.length == 22 && !sum && !word(header, 2) && !word(header, 8) && !word(header, 9);
}

static bool header_sound(struct cursor *cursor)
{
    uint64_t rest = cursor_remaining(cursor);
    bool sound = cursor_u16le(cursor) == 1;
    sound = cursor_u16le(cursor) == 9 && sound;
    sound = cursor_u16le(cursor) == 0x0300 && sound;
    sound = cursor_u32le(cursor) * UINT64_C(2) == rest && sound;
    cursor_skip(cursor, 6);
    return cursor_u16le(cursor) == 0 && sound && !cursor->failed;
}

int verify_wmf(struct verify_job *job, struct bytes out, struct error *error)
{
    struct cursor cursor = cursor_open(out);
    bool sound = true;
    if (cursor_u32le(&cursor) == 0x9AC6CDD7)
        sound = placeable_sound(bytes_slice(out, 0, 22));
    cursor_seek(&cursor, cursor.bytes.length >= 22 && out.data[0] == 0xD7 ? 22 : 0);
    sound = sound && header_sound(&cursor);
    while (sound) {
        size_t length = (size_t)cursor_u32le(&cursor) * 2;
        uint16_t function = cursor_u16le(&cursor);
        struct bytes body = cursor_take(&cursor, length < 6 ? SIZE_MAX : length - 6);
        if (!function && length == 6 && cursor_at_end(&cursor))
            return 0;
        sound = !cursor.failed && record_sound(function, body, job->limits->pixels);
    }
    return error_set(error, "verify_picture", "wmf", "(%zu)", cursor.position);
}
