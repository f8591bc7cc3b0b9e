/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an OLE2 compound file is ([MS-CFB]), told by the names in its directory. */
#include "disarm/format/identify_parts.h"

#include <strings.h>

#include "base/cursor.h"

enum {
    HEADER_BYTES = 512,
    ENTRY_BYTES = 128,
    SECTORS_LOOKED_AT = 4096,
    HEADER_DIFAT_ENTRIES = 109,
    NAME_CHARACTERS = 32,
};

struct ole2 {
    struct bytes bytes;
    unsigned sector_shift; /* sector size is 1 << shift */
};

static struct bytes sector(const struct ole2 *file, uint32_t number)
{
    return bytes_slice(file->bytes, ((size_t)number + 1) << file->sector_shift,
                       (size_t)1 << file->sector_shift);
}

/* The sector behind `number` in its chain; only tables named in the header itself are followed. */
static uint32_t next_sector(const struct ole2 *file, uint32_t number)
{
    uint32_t per_sector = (1u << file->sector_shift) / 4;
    if (number / per_sector >= HEADER_DIFAT_ENTRIES)
        return UINT32_MAX;
    struct cursor header = cursor_open(bytes_slice(file->bytes, 0, HEADER_BYTES));
    cursor_seek(&header, 76 + 4 * (size_t)(number / per_sector));
    struct cursor table = cursor_open(sector(file, cursor_u32le(&header)));
    cursor_seek(&table, 4 * (size_t)(number % per_sector));
    uint32_t next = cursor_u32le(&table);
    return table.failed ? UINT32_MAX : next;
}

struct stream_name {
    const char *name;
    const char *format;
    int rank; /* the highest one decides: a message may hold a workbook, never the other way */
};

static const struct stream_name stream_names[] = {
    {"Book", "xls", 2},
    {"DocumentText", "jtd", 1},
    {"EncryptedPackage", "ooxml_encrypted", 4},
    {"HwpSummaryInformation", "ole2", 3},
    {"JSRV_SegmentInformation", "jtd", 3},
    {"PowerPoint Document", "ppt", 2},
    {"VisioDocument", "vsd", 2},
    {"WordDocument", "doc", 2},
    {"Workbook", "xls", 2},
    {"__properties_version1.0", "msg", 3},
};

/* Compares the UTF-16 name of a directory entry with each stream name. */
static const struct stream_name *match_entry(struct bytes entry)
{
    char name[NAME_CHARACTERS + 1] = {0};
    struct cursor cursor = cursor_open(entry);
    for (size_t i = 0; i < NAME_CHARACTERS; i++) {
        uint16_t unit = cursor_u16le(&cursor);
        if (!unit)
            break;
        name[i] = unit < 0x80 ? (char)unit : '?';
    }
    for (size_t i = 0; i < sizeof stream_names / sizeof *stream_names; i++) {
        if (!strcasecmp(name, stream_names[i].name))
            return &stream_names[i];
    }
    return NULL;
}

const char *identify_ole2(struct bytes in)
{
    struct cursor header = cursor_open(in);
    cursor_seek(&header, 30);
    struct ole2 file = {in, cursor_u16le(&header)};
    cursor_seek(&header, 48);
    uint32_t number = cursor_u32le(&header);
    if (header.failed || (file.sector_shift != 9 && file.sector_shift != 12))
        return "ole2";
    const struct stream_name *best = NULL;
    for (int i = 0; i < SECTORS_LOOKED_AT && number < UINT32_MAX - 5; i++) {
        struct bytes entries = sector(&file, number);
        if (entries.length < ENTRY_BYTES)
            break;
        for (size_t at = 0; at < entries.length; at += ENTRY_BYTES) {
            const struct stream_name *found = match_entry(bytes_slice(entries, at, ENTRY_BYTES));
            if (found && (!best || found->rank > best->rank))
                best = found;
        }
        number = next_sector(&file, number);
    }
    return best ? best->format : "ole2";
}
