/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The check of a colour profile: header and tag table, never the curves themselves. */
#include "disarm/format/picture_icc.h"

#include "base/cursor.h"

#define HEADER_LENGTH 128
#define TAG_LENGTH    12
#define TAGS_LIMIT    100

/* Profile classes that describe a device's colours (ICC.1 §7.2.5): scnr mntr prtr spac. */
static bool class_known(uint32_t class)
{
    return class == 0x73636E72 || class == 0x6D6E7472 || class == 0x70727472 || class == 0x73706163;
}

/* Channels of a data colour space (ICC.1 §7.2.6) that pictures use; 0 for others. */
static unsigned space_channels(uint32_t space)
{
    switch (space) {
    case 0x47524159: /* GRAY */
        return 1;
    case 0x52474220: /* RGB */
    case 0x4C616220: /* Lab */
    case 0x59436272: /* YCbr */
        return 3;
    case 0x434D594B: /* CMYK */
        return 4;
    default:
        return 0;
    }
}

static bool tags_inside(struct cursor *cursor, uint32_t size)
{
    uint32_t count = cursor_u32be(cursor);
    if (cursor->failed || count == 0 || count > TAGS_LIMIT)
        return false;
    size_t first = HEADER_LENGTH + 4 + (size_t)count * TAG_LENGTH;
    for (uint32_t i = 0; i < count; i++) {
        cursor_skip(cursor, 4);
        uint32_t offset = cursor_u32be(cursor);
        uint32_t length = cursor_u32be(cursor);
        if (cursor->failed || offset < first || offset > size || length > size - offset)
            return false;
    }
    return true;
}

struct bytes picture_icc_sane(struct bytes profile, unsigned channels)
{
    const struct bytes none = {0};
    if (profile.length < HEADER_LENGTH + 4 + TAG_LENGTH || profile.length > PICTURE_ICC_LIMIT)
        return none;
    struct cursor cursor = cursor_open(profile);
    uint32_t size = cursor_u32be(&cursor);
    cursor_seek(&cursor, 12);
    uint32_t class = cursor_u32be(&cursor);
    uint32_t space = cursor_u32be(&cursor);
    cursor_seek(&cursor, 36);
    uint32_t signature = cursor_u32be(&cursor);
    cursor_seek(&cursor, HEADER_LENGTH);
    if (cursor.failed || size < HEADER_LENGTH + 4 + TAG_LENGTH || size > profile.length)
        return none;
    if (signature != 0x61637370 /* acsp */ || !class_known(class) ||
        space_channels(space) != channels || !tags_inside(&cursor, size))
        return none;
    return bytes_slice(profile, 0, size);
}
