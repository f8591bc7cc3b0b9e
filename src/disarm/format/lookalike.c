/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mixed-script words, after the idea of UTS #39 with a table of the letters that matter here. */
#include "disarm/format/lookalike.h"

#include "base/utf8.h"

static const struct {
    uint16_t point;
    char latin;
} twins[] = {
    {0x0391, 'A'}, {0x0392, 'B'}, {0x0395, 'E'}, {0x0396, 'Z'}, {0x0397, 'H'}, {0x0399, 'I'},
    {0x039A, 'K'}, {0x039C, 'M'}, {0x039D, 'N'}, {0x039F, 'O'}, {0x03A1, 'P'}, {0x03A4, 'T'},
    {0x03A5, 'Y'}, {0x03A7, 'X'}, {0x03B1, 'a'}, {0x03B9, 'i'}, {0x03BA, 'k'}, {0x03BD, 'v'},
    {0x03BF, 'o'}, {0x03C1, 'p'}, {0x03C5, 'u'}, {0x0405, 'S'}, {0x0406, 'I'}, {0x0408, 'J'},
    {0x0410, 'A'}, {0x0412, 'B'}, {0x0415, 'E'}, {0x041A, 'K'}, {0x041C, 'M'}, {0x041D, 'H'},
    {0x041E, 'O'}, {0x0420, 'P'}, {0x0421, 'C'}, {0x0422, 'T'}, {0x0423, 'Y'}, {0x0425, 'X'},
    {0x0430, 'a'}, {0x0435, 'e'}, {0x043E, 'o'}, {0x0440, 'p'}, {0x0441, 'c'}, {0x0443, 'y'},
    {0x0445, 'x'}, {0x0455, 's'}, {0x0456, 'i'}, {0x0458, 'j'}, {0x04BB, 'h'}, {0x0501, 'd'},
    {0x051B, 'q'}, {0x051D, 'w'},
};

static bool is_latin(uint32_t point)
{
    return (point | 0x20) >= 'a' && (point | 0x20) <= 'z';
}

static bool is_foreign(uint32_t point)
{
    return point >= 0x0370 && point <= 0x052F;
}

static char twin_of(uint32_t point)
{
    for (size_t i = 0; i < sizeof twins / sizeof *twins; i++) {
        if (twins[i].point == point)
            return twins[i].latin;
    }
    return 0;
}

/* The end of the word that starts at offset at; *mixed when it holds letters of both kinds. */
static size_t word_end(struct bytes text, size_t at, bool *mixed)
{
    bool latin = false, foreign = false;
    while (at < text.length) {
        uint32_t point;
        size_t width = utf8_decode(bytes_slice(text, at, 4), &point);
        if (!width || (!is_latin(point) && !is_foreign(point)))
            break;
        latin |= is_latin(point);
        foreign |= is_foreign(point);
        at += width;
    }
    *mixed = latin && foreign;
    return at;
}

bool lookalike_append_plain(struct bytes text, struct buffer *out)
{
    bool changed = false;
    for (size_t at = 0; at < text.length;) {
        bool mixed;
        size_t end = word_end(text, at, &mixed);
        if (end == at)
            end++;
        if (!mixed) {
            buffer_append(out, text.data + at, end - at);
            at = end;
            continue;
        }
        while (at < end) {
            uint32_t point = utf8_take(text, &at);
            char latin = twin_of(point);
            changed |= latin != 0;
            utf8_append(out, latin ? (uint32_t)latin : point);
        }
    }
    return changed;
}
