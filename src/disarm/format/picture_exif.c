/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading and writing the orientation in EXIF. */
#include "disarm/format/picture_exif.h"

#include "base/cursor.h"

#define TAG_ORIENTATION 0x0112
#define TYPE_SHORT      3

static uint16_t read_u16(struct cursor *cursor, bool big)
{
    return big ? cursor_u16be(cursor) : cursor_u16le(cursor);
}

static uint32_t read_u32(struct cursor *cursor, bool big)
{
    return big ? cursor_u32be(cursor) : cursor_u32le(cursor);
}

unsigned picture_exif_orientation(struct bytes exif)
{
    if (exif.length >= 6 && !memcmp(exif.data, "Exif\0", 5))
        exif = bytes_slice(exif, 6, exif.length);
    struct cursor cursor = cursor_open(exif);
    uint16_t order = cursor_u16be(&cursor);
    bool big = order == 0x4D4D;
    if ((!big && order != 0x4949) || read_u16(&cursor, big) != 42)
        return 1;
    cursor_seek(&cursor, read_u32(&cursor, big));
    for (unsigned count = read_u16(&cursor, big); count && !cursor.failed; count--) {
        uint16_t tag = read_u16(&cursor, big);
        uint16_t type = read_u16(&cursor, big);
        cursor_skip(&cursor, 4);
        uint16_t value = read_u16(&cursor, big);
        cursor_skip(&cursor, 2);
        if (tag == TAG_ORIENTATION && type == TYPE_SHORT && !cursor.failed)
            return value >= 1 && value <= 8 ? value : 1;
    }
    return 1;
}

void picture_exif_append(struct buffer *out, unsigned orientation)
{
    buffer_append(out, "MM\0\x2A\0\0\0\x08", 8);
    buffer_append_u16be(out, 1);
    buffer_append_u16be(out, TAG_ORIENTATION);
    buffer_append_u16be(out, TYPE_SHORT);
    buffer_append_u32be(out, 1);
    buffer_append_u16be(out, (uint16_t)orientation);
    buffer_append_u16be(out, 0);
    buffer_append_u32be(out, 0);
}
