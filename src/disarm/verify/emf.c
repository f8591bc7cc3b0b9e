/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The second reader of EMF: every record listed, as long as its counts say, with its offsets where
 * our writer puts them; the header's sums right; the end at the end.
 */
#include "base/cursor.h"
#include "disarm/verify/metafile.h"
#include "disarm/verify/picture.h"

/* How the length of a record follows from its content. */
enum shape {
    ABSENT,
    PLAIN,   /* size */
    COUNTED, /* size + count at 24 × unit */
    GROUPED, /* groups at 24, count at 28 */
    PALETTE, /* 16 + entries × 4 */
    REGION,  /* size + length in the field at unit */
    PEN,     /* 52 + styles × 4 */
    TEXT,    /* unit bytes a character */
    SHORT_TEXT,
    BITMAP, /* fields at unit, colour usage at 80 or 64 or 12 */
    GRADIENT,
};

struct rule {
    uint8_t first, last; /* record types */
    uint8_t shape;
    uint16_t size;
    uint8_t unit;
};

/* Sorted by type; [MS-EMF] 2.1.1. */
static const struct rule rules[] = {
    {2, 6, COUNTED, 28, 8},    {7, 8, GROUPED, 32, 8},        {9, 13, PLAIN, 16, 0},
    {15, 15, PLAIN, 20, 0},    {16, 22, PLAIN, 12, 0},        {23, 23, PLAIN, 32, 0},
    {24, 25, PLAIN, 12, 0},    {26, 27, PLAIN, 16, 0},        {28, 28, PLAIN, 8, 0},
    {29, 32, PLAIN, 24, 0},    {33, 33, PLAIN, 8, 0},         {34, 34, PLAIN, 12, 0},
    {35, 35, PLAIN, 32, 0},    {36, 36, PLAIN, 36, 0},        {37, 37, PLAIN, 12, 0},
    {38, 38, PLAIN, 28, 0},    {39, 39, PLAIN, 24, 0},        {40, 40, PLAIN, 12, 0},
    {41, 41, PLAIN, 28, 0},    {42, 43, PLAIN, 24, 0},        {44, 44, PLAIN, 32, 0},
    {45, 47, PLAIN, 40, 0},    {48, 48, PLAIN, 12, 0},        {49, 49, PALETTE, 16, 0},
    {52, 52, PLAIN, 8, 0},     {53, 53, PLAIN, 24, 0},        {54, 54, PLAIN, 16, 0},
    {55, 55, PLAIN, 40, 0},    {56, 56, COUNTED, 28, 9},      {57, 58, PLAIN, 12, 0},
    {59, 61, PLAIN, 8, 0},     {62, 64, PLAIN, 24, 0},        {65, 66, PLAIN, 8, 0},
    {67, 67, PLAIN, 12, 0},    {68, 68, PLAIN, 8, 0},         {71, 71, REGION, 32, 24},
    {72, 72, REGION, 40, 24},  {73, 74, REGION, 28, 24},      {75, 75, REGION, 16, 8},
    {76, 76, BITMAP, 100, 84}, {77, 77, BITMAP, 108, 84},     {80, 80, BITMAP, 76, 48},
    {81, 81, BITMAP, 80, 48},  {82, 82, PLAIN, 332, 0},       {83, 83, TEXT, 76, 1},
    {84, 84, TEXT, 76, 2},     {85, 89, COUNTED, 28, 4},      {90, 91, GROUPED, 32, 4},
    {92, 92, COUNTED, 28, 5},  {93, 94, BITMAP, 32, 16},      {95, 95, PEN, 52, 0},
    {98, 98, PLAIN, 12, 0},    {108, 108, SHORT_TEXT, 36, 0}, {114, 114, BITMAP, 108, 84},
    {115, 115, PLAIN, 12, 0},  {116, 116, BITMAP, 108, 84},   {118, 118, GRADIENT, 36, 0},
    {120, 120, PLAIN, 16, 0},
};

static uint64_t field(struct bytes record, size_t offset)
{
    struct cursor cursor = cursor_open(record);
    cursor_seek(&cursor, offset);
    return cursor_u32le(&cursor);
}

static uint64_t whole(uint64_t length)
{
    return (length + 3) & ~UINT64_C(3);
}

/* Length of a text record, or 0 when its parts are not where they belong. */
static uint64_t text_length(struct bytes record, const struct rule *rule)
{
    uint64_t count = field(record, 44), pairs = field(record, 52) & 0x2000 ? 2 : 1;
    uint64_t distances = rule->size + whole(count * rule->unit);
    if ((count && field(record, 48) != rule->size) || field(record, 72) != distances)
        return 0;
    return distances + count * 4 * pairs;
}

static uint64_t bitmap_length(struct bytes record, const struct rule *rule, uint64_t pixels_limit)
{
    uint64_t info = field(record, rule->unit + 4), bits = field(record, rule->unit + 12);
    size_t usage = rule->size >= 100 ? 80 : rule->size == 32 ? 12 : 64;
    if (info == 0 && rule->size != 32)
        return field(record, rule->unit) || field(record, rule->unit + 8) || bits ? 0 : rule->size;
    if (field(record, usage) || field(record, rule->unit) != rule->size ||
        field(record, rule->unit + 8) != rule->size + info ||
        !verify_bitmap(bytes_slice(record, rule->size, info),
                       bytes_slice(record, rule->size + info, bits), pixels_limit))
        return 0;
    return rule->size + info + bits;
}

static uint64_t region_length(struct bytes record, const struct rule *rule)
{
    uint64_t length = field(record, rule->unit);
    if (length == 0)
        return rule->size == 16 ? 16 : 0;
    bool sound = field(record, rule->size) == 32 && field(record, rule->size + 4) == 1 &&
                 length == 32 + field(record, rule->size + 8) * 16;
    return sound ? rule->size + length : 0;
}

static uint64_t grouped_length(struct bytes record, const struct rule *rule)
{
    uint64_t groups = field(record, 24), count = field(record, 28), sum = 0;
    for (uint64_t i = 0; i < groups && 32 + i * 4 < record.length; i++)
        sum += field(record, 32 + i * 4);
    return sum == count ? 32 + groups * 4 + count * rule->unit : 0;
}

/* The length that a record must have before it is filled up to four bytes; 0: unsound. */
static uint64_t expected_length(struct bytes record, const struct rule *rule, uint64_t limit)
{
    switch (rule->shape) {
    case PLAIN:
        return rule->size;
    case COUNTED:
        return rule->size + field(record, 24) * rule->unit;
    case GROUPED:
        return grouped_length(record, rule);
    case PALETTE:
        return (field(record, 12) & 0xFFFF) == 0x300 ? 16 + (field(record, 12) >> 16) * 4 : 0;
    case REGION:
        return region_length(record, rule);
    case PEN:
        return field(record, 12) || field(record, 16) || field(record, 20) || field(record, 24)
                   ? 0
                   : 52 + field(record, 48) * 4;
    case TEXT:
        return text_length(record, rule);
    case SHORT_TEXT:
        return 36 + (field(record, 20) & 0x100 ? 0 : 16) +
               field(record, 16) * (field(record, 20) & 0x200 ? 1 : 2);
    case BITMAP:
        return bitmap_length(record, rule, limit);
    default:
        return 36 + field(record, 24) * 16 + field(record, 28) * (field(record, 32) == 2 ? 12 : 8);
    }
}

static bool record_sound(struct bytes record, uint64_t type, uint64_t limit)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (type < rules[i].first || type > rules[i].last)
            continue;
        uint64_t length = expected_length(record, &rules[i], limit);
        if (!length || length > record.length || whole(length) != record.length)
            return false;
        for (size_t at = length; at < record.length; at++) {
            if (record.data[at])
                return false;
        }
        return true;
    }
    return false;
}

static bool header_sound(struct bytes header, struct bytes file)
{
    return header.length == 108 && field(header, 40) == 0x464D4520 &&
           field(header, 44) == 0x10000 && field(header, 48) == file.length &&
           field(header, 56) >> 16 == 0 && !field(header, 60) && !field(header, 64) &&
           !field(header, 68) && !field(header, 88) && !field(header, 92) && !field(header, 96);
}

static bool end_sound(struct bytes record)
{
    return record.length == 20 && !field(record, 8) && field(record, 12) == 16 &&
           field(record, 16) == 20;
}

int verify_emf(struct verify_job *job, struct bytes out, struct error *error)
{
    size_t position = 0;
    uint64_t records = 0, type = 0;
    bool sound = true;
    while (sound && type != 14) {
        uint64_t size = field(bytes_slice(out, position, 8), 4);
        struct bytes record = bytes_slice(out, position, size);
        type = field(record, 0);
        sound = size >= 8 && record.length == size;
        if (sound)
            sound = records == 0 ? type == 1 && header_sound(record, out)
                    : type == 14 ? end_sound(record)
                                 : record_sound(record, type, job->limits->pixels);
        records++;
        position += record.length;
    }
    if (sound && position == out.length && field(out, 52) == records)
        return 0;
    return error_set(error, "verify_picture", "emf", "%u (%zu)", (unsigned)type, position);
}
