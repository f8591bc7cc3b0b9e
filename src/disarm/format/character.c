/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leaving out the characters that deceive, by a table of ranges with the reason of each. */
#include "disarm/format/character.h"

#include "base/cursor.h"
#include "base/utf8.h"

enum {
    JOINER = CHARACTER_CLASS_COUNT, /* stays between characters that join */
    SELECTOR,                       /* stays once behind a visible character */
};

struct range {
    uint32_t first, last;
    uint8_t kind;
};

/* Sorted. What is not listed stays, users' own characters (外字) included. */
static const struct range ranges[] = {
    {0x0000, 0x0008, CHARACTER_CONTROL},
    {0x000B, 0x000B, CHARACTER_CONTROL}, /* tab, LF, FF and CR stay */
    {0x000E, 0x001F, CHARACTER_CONTROL},
    {0x007F, 0x009F, CHARACTER_CONTROL},
    {0x00AD, 0x00AD, CHARACTER_INVISIBLE}, /* soft hyphen: hides in names and links */
    {0x034F, 0x034F, CHARACTER_INVISIBLE}, /* combining grapheme joiner */
    {0x061C, 0x061C, CHARACTER_DIRECTION}, /* Arabic letter mark */
    {0x115F, 0x1160, CHARACTER_INVISIBLE}, /* Hangul fillers: blank letters */
    {0x17B4, 0x17B5, CHARACTER_INVISIBLE}, /* Khmer inherent vowels */
    {0x180B, 0x180D, SELECTOR},            /* Mongolian variation */
    {0x180E, 0x180E, CHARACTER_INVISIBLE}, /* Mongolian vowel separator */
    {0x180F, 0x180F, SELECTOR},
    {0x200B, 0x200B, CHARACTER_INVISIBLE}, /* zero width space */
    {0x200C, 0x200D, JOINER},
    {0x200E, 0x200F, CHARACTER_DIRECTION}, /* left-to-right and right-to-left mark */
    {0x2028, 0x2029, CHARACTER_CONTROL},   /* line ends that only some readers see */
    {0x202A, 0x202E, CHARACTER_DIRECTION}, /* embeddings and overrides */
    {0x2060, 0x2065, CHARACTER_INVISIBLE}, /* word joiner, invisible operators */
    {0x2066, 0x2069, CHARACTER_DIRECTION}, /* isolates */
    {0x206A, 0x206F, CHARACTER_DIRECTION}, /* deprecated format characters */
    {0x3164, 0x3164, CHARACTER_INVISIBLE}, /* Hangul filler */
    {0xFDD0, 0xFDEF, CHARACTER_CONTROL},   /* noncharacters */
    {0xFE00, 0xFE0F, SELECTOR},
    {0xFEFF, 0xFEFF, CHARACTER_INVISIBLE},   /* byte order mark inside a text */
    {0xFFA0, 0xFFA0, CHARACTER_INVISIBLE},   /* half-width Hangul filler */
    {0xFFF0, 0xFFFB, CHARACTER_INVISIBLE},   /* interlinear annotation */
    {0xFFFE, 0xFFFF, CHARACTER_CONTROL},     /* noncharacters */
    {0x13430, 0x1345F, CHARACTER_INVISIBLE}, /* hieroglyph joiners */
    {0x1BCA0, 0x1BCA3, CHARACTER_INVISIBLE}, /* shorthand format controls */
    {0x1D173, 0x1D17A, CHARACTER_INVISIBLE}, /* musical format controls */
    {0xE0000, 0xE00FF, CHARACTER_INVISIBLE}, /* tags: a whole text can hide in them */
    {0xE0100, 0xE01EF, SELECTOR},            /* ideographic variation (異体字) */
    {0xE01F0, 0xE0FFF, CHARACTER_INVISIBLE},
};

static uint8_t kind_of(uint32_t point)
{
    size_t low = 0, high = sizeof ranges / sizeof *ranges;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (point > ranges[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < sizeof ranges / sizeof *ranges && point >= ranges[low].first)
        return ranges[low].kind;
    /* The last two code points of every plane are no characters. */
    return (point & 0xFFFE) == 0xFFFE ? CHARACTER_CONTROL : CHARACTER_KEPT;
}

/* Scripts whose letters join, and pictographs: there a joiner changes what is seen. */
static bool can_join(uint32_t point)
{
    return (point >= 0x0600 && point <= 0x0DFF) || (point >= 0x1000 && point <= 0x109F) ||
           (point >= 0x1780 && point <= 0x18AF) || (point >= 0x2190 && point <= 0x2BFF) ||
           (point >= 0x1F000 && point <= 0x1FAFF) || point == 0xFE0F;
}

/* Something visible that a selector can choose a form of. */
static bool can_vary(uint32_t point)
{
    return point > 0x20 && point != 0x3000 && kind_of(point) == CHARACTER_KEPT;
}

/* The next character that does not go in any case; 0 at the end. cursor is a copy. */
static uint32_t look_ahead(struct cursor cursor)
{
    while (cursor_remaining(&cursor)) {
        uint32_t point = utf8_take(cursor.bytes, &cursor.position);
        uint8_t kind = kind_of(point);
        if (kind == CHARACTER_KEPT || kind >= CHARACTER_CLASS_COUNT)
            return point;
    }
    return 0;
}

/* The class of a character behind `before`, with the rest of the text in cursor. */
static enum character_class decide(uint32_t point, uint32_t before, struct cursor cursor)
{
    uint8_t kind = kind_of(point);
    if (kind == SELECTOR)
        return can_vary(before) ? CHARACTER_KEPT : CHARACTER_INVISIBLE;
    if (kind == JOINER)
        return can_join(before) && can_join(look_ahead(cursor)) ? CHARACTER_KEPT
                                                                : CHARACTER_INVISIBLE;
    return (enum character_class)kind;
}

void character_clean(struct bytes text, struct buffer *out, struct character_counts *counts)
{
    struct cursor cursor = cursor_open(text);
    uint32_t before = 0;
    while (cursor_remaining(&cursor)) {
        uint32_t point = utf8_take(cursor.bytes, &cursor.position);
        enum character_class class = decide(point, before, cursor);
        if (counts)
            counts->of[class]++;
        if (class != CHARACTER_KEPT)
            continue;
        utf8_append(out, point);
        before = point;
    }
}

void character_record(struct job *job, const char *part, const struct character_counts *counts)
{
    static const struct {
        enum character_class class;
        const char *kind, *reason;
    } rows[] = {
        {CHARACTER_CONTROL, "control_character", "control_character"},
        {CHARACTER_DIRECTION, "direction_character", "direction_character"},
        {CHARACTER_INVISIBLE, "invisible_character", "invisible_character"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t count = counts->of[rows[i].class];
        if (count)
            job_record(job, part, rows[i].kind, RECEIPT_DROPPED, rows[i].reason, count, 0);
    }
}
