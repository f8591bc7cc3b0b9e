/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a zip really is: its central directory is walked (APPNOTE 4.3), and the content types of an
 * Open Packaging package (ECMA-376-2 10.1.2) or the mimetype member of an ODF package are read.
 * This reader is for telling kinds apart only; it accepts what ordinary readers accept.
 */
#include "disarm/format/identify_parts.h"

#include <expat.h>
#include <stdlib.h>
#include <strings.h>
#include <zlib.h>

#include "base/buffer.h"
#include "base/cursor.h"
#include "base/memory.h"

enum {
    END_RECORD_BYTES = 22,
    END_COMMENT_MAX = 65535,
    MEMBERS_LOOKED_AT = 20000,
    TYPES_PART_MAX = 4 << 20, /* bytes of [Content_Types].xml that are read */
};

/* The zip64 end record (APPNOTE 4.3.14) that belongs to the end record at position `end`. */
static bool read_zip64(struct bytes in, size_t end, uint64_t *offset, uint64_t *length)
{
    if (end < 20)
        return false;
    struct cursor locator = cursor_open(bytes_slice(in, end - 20, 20));
    if (!bytes_start_with(cursor_take(&locator, 4), "PK\x06\x07"))
        return false;
    cursor_skip(&locator, 4);
    struct cursor record = cursor_open(in);
    uint64_t at = cursor_u64le(&locator);
    cursor_seek(&record, at < in.length ? (size_t)at : in.length);
    if (!bytes_start_with(cursor_take(&record, 4), "PK\x06\x06"))
        return false;
    cursor_skip(&record, 36);
    *length = cursor_u64le(&record);
    *offset = cursor_u64le(&record);
    return !record.failed;
}

/* Reads the end record at `end`; false when its directory is not where it says. */
static bool read_end_record(struct bytes in, size_t end, struct zip_directory *directory)
{
    struct cursor cursor = cursor_open(bytes_slice(in, end, END_RECORD_BYTES));
    cursor_skip(&cursor, 10);
    uint16_t entries = cursor_u16le(&cursor);
    uint64_t length = cursor_u32le(&cursor);
    uint64_t offset = cursor_u32le(&cursor);
    if (cursor.failed)
        return false;
    size_t behind = end;
    if (offset == UINT32_MAX || length == UINT32_MAX || entries == UINT16_MAX) {
        if (read_zip64(in, end, &offset, &length))
            behind = SIZE_MAX;
    }
    if (offset > in.length || length > in.length)
        return false;
    *directory = (struct zip_directory){(size_t)offset, (size_t)length, 0};
    if (behind != SIZE_MAX && offset + length <= end) {
        directory->shift = end - (size_t)(offset + length);
        directory->offset += directory->shift;
    }
    return entries == 0 || bytes_start_with(bytes_slice(in, directory->offset, 4), "PK\x01\x02");
}

bool identify_zip_directory(struct bytes in, bool to_end, struct zip_directory *directory)
{
    if (in.length < END_RECORD_BYTES)
        return false;
    size_t end = in.length - END_RECORD_BYTES;
    size_t last = end > END_COMMENT_MAX ? end - END_COMMENT_MAX : 0;
    for (;; end--) {
        if (in.data[end] == 'P' && bytes_start_with(bytes_slice(in, end, 4), "PK\x05\x06")) {
            struct cursor comment = cursor_open(bytes_slice(in, end + 20, 2));
            bool reaches = end + END_RECORD_BYTES + cursor_u16le(&comment) == in.length;
            if ((reaches || !to_end) && read_end_record(in, end, directory))
                return true;
        }
        if (end == last)
            return false;
    }
}

/* Takes the next central directory entry; false at the end. */
static bool next_member(struct cursor *entries, struct bytes in, size_t shift,
                        struct zip_member *member)
{
    if (!bytes_start_with(cursor_take(entries, 4), "PK\x01\x02"))
        return false;
    cursor_skip(entries, 4);
    member->flags = cursor_u16le(entries);
    member->method = cursor_u16le(entries);
    cursor_skip(entries, 8);
    uint32_t packed = cursor_u32le(entries);
    cursor_skip(entries, 4);
    uint16_t name = cursor_u16le(entries), extra = cursor_u16le(entries);
    uint16_t comment = cursor_u16le(entries);
    cursor_skip(entries, 8);
    uint32_t offset = cursor_u32le(entries);
    member->name = cursor_take(entries, name);
    cursor_skip(entries, (size_t)extra + comment);
    struct cursor local = cursor_open(bytes_slice(in, (size_t)offset + shift, SIZE_MAX));
    cursor_skip(&local, 26);
    uint16_t local_name = cursor_u16le(&local), local_extra = cursor_u16le(&local);
    cursor_skip(&local, (size_t)local_name + local_extra);
    member->data = bytes_slice(cursor_take_rest(&local), 0, packed);
    return !entries->failed;
}

/* Appends the unpacked bytes of a stored or deflated member, TYPES_PART_MAX at most. */
static void unpack(const struct zip_member *member, struct buffer *out)
{
    if (member->method == 0)
        buffer_append_bytes(out, bytes_slice(member->data, 0, TYPES_PART_MAX));
    if (member->method != Z_DEFLATED)
        return;
    z_stream stream = {0};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        memory_exhausted();
    stream.next_in = (z_const Bytef *)(uintptr_t)member->data.data;
    stream.avail_in = (uInt)member->data.length;
    int result = Z_OK;
    while (result == Z_OK && out->length < TYPES_PART_MAX) {
        buffer_reserve(out, 1 << 14);
        stream.next_out = out->data + out->length;
        stream.avail_out = 1 << 14;
        result = inflate(&stream, Z_NO_FLUSH);
        out->length += (1 << 14) - stream.avail_out;
    }
    inflateEnd(&stream);
}

struct main_type {
    const char *content_type;
    const char *format;
    int danger; /* the highest one decides when a package names several */
};

/* Content types of main parts: ECMA-376-1 and [MS-OFFMACRO2] 2.2, [MS-XLSB] 2.1.7. */
static const struct main_type main_types[] = {
    {"application/vnd.ms-excel.addin.macroEnabled.main+xml", "xlam", 3},
    {"application/vnd.ms-excel.sheet.binary.macroEnabled.main", "xlsb", 3},
    {"application/vnd.ms-excel.sheet.macroEnabled.main+xml", "xlsm", 2},
    {"application/vnd.ms-excel.template.macroEnabled.main+xml", "xltm", 2},
    {"application/vnd.ms-package.xps-fixeddocumentsequence+xml", "xps", 0},
    {"application/vnd.ms-powerpoint.addin.macroEnabled.main+xml", "ppam", 3},
    {"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml", "pptm", 2},
    {"application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml", "ppsm", 2},
    {"application/vnd.ms-powerpoint.template.macroEnabled.main+xml", "potm", 2},
    {"application/vnd.ms-visio.drawing.main+xml", "vsdx", 1},
    {"application/vnd.ms-visio.drawing.macroEnabled.main+xml", "vsdx", 3},
    {"application/vnd.ms-word.document.macroEnabled.main+xml", "docm", 2},
    {"application/vnd.ms-word.template.macroEnabledTemplate.main+xml", "dotm", 2},
    {"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml", "pptx",
     1},
    {"application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml", "ppsx", 1},
    {"application/vnd.openxmlformats-officedocument.presentationml.template.main+xml", "potx", 1},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", "xlsx", 1},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml", "xltx", 1},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", "docx", 1},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml", "dotx", 1},
};

static void XMLCALL on_type(void *state, const XML_Char *name, const XML_Char **attributes)
{
    (void)name;
    const struct main_type **best = state;
    for (; attributes[0]; attributes += 2) {
        if (strcmp(attributes[0], "ContentType"))
            continue;
        for (size_t i = 0; i < sizeof main_types / sizeof *main_types; i++) {
            const struct main_type *type = &main_types[i];
            if (!strcasecmp(attributes[1], type->content_type) &&
                (!*best || type->danger > (*best)->danger))
                *best = type;
        }
    }
}

/* The kind of package that [Content_Types].xml describes, or NULL. */
static const char *read_content_types(const struct zip_member *member)
{
    AUTO_BUFFER xml = {0};
    unpack(member, &xml);
    const struct main_type *best = NULL;
    XML_Parser parser = XML_ParserCreate(NULL);
    if (!parser)
        memory_exhausted();
    XML_SetUserData(parser, &best);
    XML_SetStartElementHandler(parser, on_type);
    XML_Parse(parser, (const char *)xml.data, (int)xml.length, XML_TRUE);
    XML_ParserFree(parser);
    return best ? best->format : NULL;
}

struct name_and_format {
    const char *name;
    const char *format;
};

static const char *find_name(struct bytes name, const struct name_and_format *table, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes_start_with(name, table[i].name))
            return table[i].format;
    }
    return NULL;
}

/* The mimetype member of an ODF package (ODF 1.3 part 2, 3.3) and of its kin. */
static const char *read_mimetype(const struct zip_member *member)
{
    static const struct name_and_format table[] = {
        {"application/vnd.oasis.opendocument.text", "odt"},
        {"application/vnd.oasis.opendocument.spreadsheet", "ods"},
        {"application/vnd.oasis.opendocument.presentation", "odp"},
        {"application/vnd.oasis.opendocument.", "odg"},
        {"application/vnd.sun.xml.", "odg"},
        {"application/epub+zip", "epub"},
    };
    AUTO_BUFFER type = {0};
    unpack(member, &type);
    return find_name(buffer_bytes(&type), table, sizeof table / sizeof *table);
}

const char *identify_zip(struct bytes in)
{
    struct zip_directory directory;
    if (!identify_zip_directory(in, false, &directory))
        return "zip";
    static const struct name_and_format programs[] = {
        {"META-INF/MANIFEST.MF", "jar"},
        {"AndroidManifest.xml", "jar"},
    };
    struct cursor entries = cursor_open(bytes_slice(in, directory.offset, directory.length));
    struct zip_member member;
    const char *program = NULL;
    for (int i = 0; i < MEMBERS_LOOKED_AT; i++) {
        if (!next_member(&entries, in, directory.shift, &member))
            break;
        const char *format = NULL;
        if (member.name.length == 19 &&
            !strncasecmp((const char *)member.name.data, "[Content_Types].xml", 19))
            format = read_content_types(&member);
        else if (bytes_equal_string(member.name, "mimetype"))
            format = read_mimetype(&member);
        if (format)
            return format;
        if (!program)
            program = find_name(member.name, programs, sizeof programs / sizeof *programs);
    }
    return program ? program : "zip";
}
