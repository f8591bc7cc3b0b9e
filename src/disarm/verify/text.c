/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The second reader of plain text: its own account of which characters are allowed. */
#include "disarm/verify/text.h"

#include <inttypes.h>

#include "base/encoding.h"
#include "base/utf8.h"

/* Code points that never stand in a disarmed text, as pairs of first and last. */
static const uint32_t forbidden[][2] = {
    {0x0, 0x8},         {0xB, 0xB},         {0xE, 0x1F},        {0x7F, 0x9F},
    {0xAD, 0xAD},       {0x34F, 0x34F},     {0x61C, 0x61C},     {0x115F, 0x1160},
    {0x17B4, 0x17B5},   {0x180E, 0x180E},   {0x200B, 0x200B},   {0x200E, 0x200F},
    {0x2028, 0x202E},   {0x2060, 0x206F},   {0x3164, 0x3164},   {0xFDD0, 0xFDEF},
    {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB},   {0xFFFE, 0xFFFF},
    {0x13430, 0x1345F}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE00FF},
    {0xE01F0, 0xE0FFF},
};

/* Marks that belong to the character before them: never at the start, never two at once, but for a
 * joiner behind the selector of a pictograph. */
static bool is_attached(uint32_t point)
{
    return (point >= 0x180B && point <= 0x180F) || point == 0x200C || point == 0x200D ||
           (point >= 0xFE00 && point <= 0xFE0F) || (point >= 0xE0100 && point <= 0xE01EF);
}

int verify_characters(struct bytes utf8, struct error *error)
{
    uint32_t before = 0x200D; /* as if a mark stood before the start */
    for (size_t at = 0; at < utf8.length;) {
        uint32_t point;
        size_t width = utf8_decode(bytes_slice(utf8, at, 4), &point);
        if (!width)
            return error_set(error, "verify_text", NULL, "offset %zu is not UTF-8", at);
        bool bad = (point & 0xFFFE) == 0xFFFE || (is_attached(point) && is_attached(before) &&
                                                  !(point == 0x200D && before == 0xFE0F));
        for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
            bad |= point >= forbidden[i][0] && point <= forbidden[i][1];
        if (bad)
            return error_set(error, "verify_text", NULL, "U+%04" PRIX32 " at offset %zu", point,
                             at);
        before = point;
        at += width;
    }
    return 0;
}

int verify_decoded_text(struct bytes file, struct buffer *utf8, struct error *error)
{
    enum encoding encoding = encoding_detect(file);
    if (encoding == ENCODING_UNKNOWN)
        return error_set(error, "verify_text", NULL, "no encoding fits");
    size_t mark = encoding_mark(file, &encoding);
    if (encoding_to_utf8(encoding, bytes_slice(file, mark, file.length), utf8))
        return error_set(error, "verify_text", NULL, "bytes without meaning in %s",
                         encoding_name(encoding));
    return verify_characters(buffer_bytes(utf8), error);
}

int verify_text(struct verify_job *job, struct bytes file, struct error *error)
{
    (void)job; /* a text holds nothing that could be nested or unpacked */
    AUTO_BUFFER utf8 = {0};
    return verify_decoded_text(file, &utf8, error);
}
