/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What several picture formats carry: colour profile and orientation, checked for the second time.
 */
#include "disarm/verify/picture.h"

#include "base/cursor.h"

bool verify_profile(struct bytes profile)
{
    struct cursor cursor = cursor_open(profile);
    if (cursor_u32be(&cursor) != profile.length)
        return false;
    cursor_seek(&cursor, 36);
    if (cursor_u32be(&cursor) != 0x61637370 /* acsp */)
        return false;
    cursor_seek(&cursor, 128);
    uint32_t tags = cursor_u32be(&cursor);
    return !cursor.failed && tags >= 1 && tags <= 100 && cursor_remaining(&cursor) >= tags * 12;
}

bool verify_orientation(struct bytes exif)
{
    static const uint8_t form[26] = {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0,
                                     3,   0,   0, 0,  1, 0, 0, 0, 0, 0, 0, 0,    0};
    if (exif.length != sizeof form || exif.data[19] < 2 || exif.data[19] > 8)
        return false;
    return !memcmp(exif.data, form, 19) && !memcmp(exif.data + 20, form + 20, 6);
}
