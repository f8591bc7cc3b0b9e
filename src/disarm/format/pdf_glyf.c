/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TrueType outlines (ISO/IEC 14496-22, 5.3.3) without instructions: the interpreter of hinting
 * programs has been the way in of real attacks, and pages are drawn well without it. A glyph that
 * does not follow the format becomes an empty one.
 */
#include "base/cursor.h"
#include "disarm/format/pdf_program.h"

enum {
    POINT_X_SHORT = 0x02,
    POINT_Y_SHORT = 0x04,
    POINT_REPEAT = 0x08,
    POINT_X_SAME = 0x10,
    POINT_Y_SAME = 0x20,
    ARGUMENTS_ARE_WORDS = 0x0001,
    HAS_SCALE = 0x0008,
    MORE_COMPONENTS = 0x0020,
    HAS_XY_SCALE = 0x0040,
    HAS_MATRIX = 0x0080,
    HAS_INSTRUCTIONS = 0x0100,
    COMPONENTS = 256,
};

/* Flags and coordinates of a simple glyph: their length decides what is copied. */
static bool skip_points(struct cursor *cursor, unsigned points)
{
    size_t coordinates = 0;
    for (unsigned point = 0; point < points;) {
        uint8_t flag = cursor_u8(cursor);
        unsigned times = 1 + (flag & POINT_REPEAT ? cursor_u8(cursor) : 0u);
        if (cursor->failed || times > points - point)
            return false;
        unsigned x = flag & POINT_X_SHORT ? 1 : flag & POINT_X_SAME ? 0 : 2;
        unsigned y = flag & POINT_Y_SHORT ? 1 : flag & POINT_Y_SAME ? 0 : 2;
        coordinates += (size_t)times * (x + y);
        point += times;
    }
    cursor_skip(cursor, coordinates);
    return !cursor->failed;
}

static bool copy_simple(struct cursor *cursor, struct bytes glyph, unsigned contours,
                        struct buffer *out)
{
    unsigned points = 0;
    for (unsigned i = 0; i < contours; i++) {
        unsigned end = cursor_u16be(cursor) + 1u;
        if (cursor->failed || end < points)
            return false;
        points = end;
    }
    size_t head = cursor->position;
    cursor_skip(cursor, cursor_u16be(cursor));
    size_t start = cursor->position;
    if (cursor->failed || !skip_points(cursor, points))
        return false;
    buffer_append_bytes(out, bytes_slice(glyph, 0, head));
    buffer_append_u16be(out, 0); /* instructionLength */
    buffer_append_bytes(out, bytes_slice(glyph, start, cursor->position - start));
    return true;
}

static bool copy_composite(struct cursor *cursor, struct bytes glyph, unsigned glyphs,
                           struct buffer *out)
{
    buffer_append_bytes(out, bytes_slice(glyph, 0, cursor->position));
    unsigned flags = MORE_COMPONENTS;
    for (int i = 0; flags & MORE_COMPONENTS; i++) {
        flags = cursor_u16be(cursor);
        unsigned index = cursor_u16be(cursor);
        size_t rest = flags & ARGUMENTS_ARE_WORDS ? 4 : 2;
        rest += flags & HAS_SCALE ? 2 : flags & HAS_XY_SCALE ? 4 : flags & HAS_MATRIX ? 8 : 0;
        struct bytes arguments = cursor_take(cursor, rest);
        if (cursor->failed || index >= glyphs || i == COMPONENTS)
            return false;
        buffer_append_u16be(out, (uint16_t)(flags & ~(unsigned)HAS_INSTRUCTIONS));
        buffer_append_u16be(out, (uint16_t)index);
        buffer_append_bytes(out, arguments);
    }
    return true;
}

static void copy_glyph(struct bytes glyph, unsigned glyphs, struct buffer *out)
{
    struct cursor cursor = cursor_open(glyph);
    size_t start = out->length;
    int contours = (int16_t)cursor_u16be(&cursor);
    cursor_skip(&cursor, 8); /* bounding box */
    if (cursor.failed ||
        !(contours >= 0 ? contours > 0 && copy_simple(&cursor, glyph, (unsigned)contours, out)
                        : copy_composite(&cursor, glyph, glyphs, out)))
        out->length = start;
    while (out->length % 4)
        buffer_append_byte(out, 0);
}

static void append_offset(struct buffer *loca, bool long_offsets, size_t offset)
{
    if (long_offsets)
        buffer_append_u32be(loca, (uint32_t)offset);
    else
        buffer_append_u16be(loca, (uint16_t)(offset / 2));
}

bool pdf_glyf_rewrite(struct bytes glyf, struct bytes loca, bool long_offsets, unsigned glyphs,
                      struct buffer *new_glyf, struct buffer *new_loca)
{
    struct cursor cursor = cursor_open(loca);
    size_t offset = long_offsets ? cursor_u32be(&cursor) : cursor_u16be(&cursor) * 2u;
    if (cursor.failed)
        return false;
    for (unsigned i = 0; i < glyphs; i++) {
        size_t next = long_offsets ? cursor_u32be(&cursor) : cursor_u16be(&cursor) * 2u;
        if (cursor.failed)
            next = glyf.length; /* a table that is too short: the last glyph reaches to the end */
        append_offset(new_loca, long_offsets, new_glyf->length);
        if (next > offset)
            copy_glyph(bytes_slice(glyf, offset, next - offset), glyphs, new_glyf);
        if (!long_offsets && new_glyf->length > 2 * UINT16_MAX)
            return false;
        offset = next;
    }
    append_offset(new_loca, long_offsets, new_glyf->length);
    if (!new_glyf->length)
        buffer_append_u32be(new_glyf, 0); /* a table that is not there would be taken for damage */
    return true;
}
