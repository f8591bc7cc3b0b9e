/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flag 11, the Unicode path field, or recognition over all names that have neither. */
#include "disarm/format/zip_name.h"

#include "base/cursor.h"
#include "base/utf8.h"

/* APPNOTE 4.6.9: version, CRC of the name in the header, the name in UTF-8. */
enum { EXTRA_UNICODE_PATH = 0x7075 };

static bool find_unicode_path(const struct zip_member *member, struct bytes *path)
{
    struct cursor extra = cursor_open(member->extra);
    while (cursor_remaining(&extra) >= 4) {
        uint16_t id = cursor_u16le(&extra);
        struct cursor field = cursor_open(cursor_take(&extra, cursor_u16le(&extra)));
        if (id != EXTRA_UNICODE_PATH)
            continue;
        uint8_t version = cursor_u8(&field);
        uint32_t crc = cursor_u32le(&field);
        *path = cursor_take_rest(&field);
        return !field.failed && version == 1 && crc == zip_crc32(member->name) && utf8_valid(*path);
    }
    return false;
}

static bool says_itself(const struct zip_member *member, struct bytes *name)
{
    *name = member->name;
    return (member->utf8_name && utf8_valid(member->name)) || find_unicode_path(member, name);
}

enum encoding zip_name_encoding(const struct zip_archive *archive)
{
    AUTO_BUFFER all = {0};
    struct bytes name;
    for (size_t i = 0; i < archive->count; i++) {
        if (says_itself(&archive->members[i], &name))
            continue;
        buffer_append_bytes(&all, archive->members[i].name);
        buffer_append_byte(&all, '\n');
    }
    enum encoding encoding = encoding_detect(buffer_bytes(&all));
    return encoding == ENCODING_UNKNOWN ? ENCODING_CP932 : encoding;
}

void zip_name_append(const struct zip_member *member, enum encoding encoding, struct buffer *out)
{
    struct bytes name;
    if (says_itself(member, &name))
        encoding = ENCODING_UTF8;
    encoding_to_utf8(encoding, name, out);
}
