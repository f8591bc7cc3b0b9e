/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Header, allocation tables and directory of a compound file, as far as one stream needs them. */
#include "disarm/format/cfb.h"

#include <stdlib.h>

#include "base/cursor.h"
#include "base/memory.h"

/* [MS-CFB] 2.1 and 2.2. */
enum {
    SECTOR_REGULAR_LAST = 0xFFFFFFFA,
    SECTOR_END = 0xFFFFFFFE,
    HEADER_LENGTH = 512,
    HEADER_TABLES = 109,
    ENTRY_LENGTH = 128,
    NAME_UNITS = 32,
    MINI_SHIFT = 6,
    ENTRY_STREAM = 2,
    ENTRY_ROOT = 5,
};

struct cfb {
    struct bytes file;
    unsigned shift;       /* of a sector */
    uint32_t mini_cutoff; /* streams below this length lie in the mini stream */
    uint32_t directory, mini_table, difat;
    uint32_t *table; /* next sector of each sector */
    size_t table_count;
};

struct entry {
    uint32_t start;
    uint64_t length;
};

static int damaged(struct error *error, const char *what)
{
    return error_set(error, "cfb_damaged", NULL, "%s", what);
}

static struct bytes sector(const struct cfb *cfb, uint32_t number)
{
    return bytes_slice(cfb->file, ((size_t)number + 1) << cfb->shift, (size_t)1 << cfb->shift);
}

/* Appends the entries of one sector of the allocation table. */
static void add_table(struct cfb *cfb, uint32_t number)
{
    struct cursor cursor = cursor_open(sector(cfb, number));
    size_t entries = (size_t)1 << (cfb->shift - 2);
    cfb->table = memory_resize(cfb->table, cfb->table_count + entries, sizeof *cfb->table);
    for (size_t i = 0; i < entries; i++)
        cfb->table[cfb->table_count++] =
            cursor_remaining(&cursor) ? cursor_u32le(&cursor) : SECTOR_END;
}

/* The tables are named in the header and, for large files, in a chain of sectors behind it. */
static int read_tables(struct cfb *cfb, struct cursor *header, struct error *error)
{
    size_t sectors = cfb->file.length >> cfb->shift, tables = 0;
    for (int i = 0; i < HEADER_TABLES; i++) {
        uint32_t number = cursor_u32le(header);
        if (number <= SECTOR_REGULAR_LAST && tables++ <= sectors)
            add_table(cfb, number);
    }
    for (uint32_t next = cfb->difat; next <= SECTOR_REGULAR_LAST;) {
        struct cursor cursor = cursor_open(sector(cfb, next));
        for (size_t i = 0; i + 1 < (size_t)1 << (cfb->shift - 2); i++) {
            uint32_t number = cursor_u32le(&cursor);
            if (number <= SECTOR_REGULAR_LAST && !cursor.failed && tables++ <= sectors)
                add_table(cfb, number);
        }
        next = cursor_u32le(&cursor);
        if (cursor.failed || tables > sectors)
            return damaged(error, "allocation table");
    }
    return 0;
}

static int read_header(struct cfb *cfb, struct error *error)
{
    struct cursor header = cursor_open(bytes_slice(cfb->file, 0, HEADER_LENGTH));
    if (!bytes_start_with(cfb->file, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"))
        return damaged(error, "header");
    cursor_seek(&header, 30);
    cfb->shift = cursor_u16le(&header);
    cursor_seek(&header, 48);
    cfb->directory = cursor_u32le(&header);
    cursor_skip(&header, 4);
    cfb->mini_cutoff = cursor_u32le(&header);
    cfb->mini_table = cursor_u32le(&header);
    cursor_skip(&header, 4);
    cfb->difat = cursor_u32le(&header);
    cursor_skip(&header, 4);
    if (header.failed || (cfb->shift != 9 && cfb->shift != 12))
        return damaged(error, "header");
    return read_tables(cfb, &header, error);
}

static uint32_t next_sector(const struct cfb *cfb, uint32_t number)
{
    return number < cfb->table_count ? cfb->table[number] : SECTOR_END;
}

/* Appends the sectors of a chain, length bytes at most. */
static int read_chain(const struct cfb *cfb, uint32_t start, uint64_t length, struct buffer *out,
                      struct error *error)
{
    size_t left = (cfb->file.length >> cfb->shift) + 1;
    while (start <= SECTOR_REGULAR_LAST && length) {
        struct bytes bytes = sector(cfb, start);
        if (left-- == 0 || bytes.length == 0)
            return damaged(error, "chain of sectors");
        bytes = bytes_slice(bytes, 0, length < bytes.length ? (size_t)length : bytes.length);
        buffer_append_bytes(out, bytes);
        length -= bytes.length;
        start = next_sector(cfb, start);
    }
    return 0;
}

/* Appends a short stream, which lies in pieces of 64 bytes in the stream of the root entry. */
static int read_mini(const struct cfb *cfb, const struct entry *root, const struct entry *entry,
                     struct buffer *out, struct error *error)
{
    AUTO_BUFFER pieces = {0}, table = {0};
    if (read_chain(cfb, root->start, root->length, &pieces, error) ||
        read_chain(cfb, cfb->mini_table, UINT64_MAX, &table, error))
        return -1;
    uint64_t length = entry->length;
    uint32_t piece = entry->start;
    for (size_t left = (pieces.length >> MINI_SHIFT) + 1; piece <= SECTOR_REGULAR_LAST && length;) {
        struct bytes bytes = bytes_slice(buffer_bytes(&pieces), (size_t)piece << MINI_SHIFT,
                                         length < 64 ? (size_t)length : 64);
        if (left-- == 0 || bytes.length == 0)
            return damaged(error, "chain of short sectors");
        buffer_append_bytes(out, bytes);
        length -= bytes.length;
        struct cursor next = cursor_open(buffer_bytes(&table));
        cursor_seek(&next, (size_t)piece * 4);
        piece = cursor_u32le(&next);
        if (next.failed)
            break;
    }
    return 0;
}

static bool name_is(struct bytes entry, const char *name)
{
    struct cursor cursor = cursor_open(entry);
    size_t length = strlen(name);
    for (size_t i = 0; i <= length && i < NAME_UNITS; i++) {
        uint16_t unit = cursor_u16le(&cursor);
        uint8_t wanted = (uint8_t)name[i];
        if (unit != wanted &&
            !((unit | 0x20) == (wanted | 0x20) && (wanted | 0x20) >= 'a' && (wanted | 0x20) <= 'z'))
            return false;
    }
    return true;
}

static int find_stream(struct bytes directory, const char *name, struct entry *root,
                       struct entry *found, struct error *error)
{
    bool seen = false;
    for (size_t at = 0; at + ENTRY_LENGTH <= directory.length; at += ENTRY_LENGTH) {
        struct bytes bytes = bytes_slice(directory, at, ENTRY_LENGTH);
        struct cursor cursor = cursor_open(bytes);
        cursor_seek(&cursor, 66);
        uint8_t type = cursor_u8(&cursor);
        cursor_seek(&cursor, 116);
        struct entry entry = {.start = cursor_u32le(&cursor)};
        entry.length = cursor_u64le(&cursor);
        if (type == ENTRY_ROOT && at == 0)
            *root = entry;
        if (type == ENTRY_STREAM && !seen && name_is(bytes, name)) {
            *found = entry;
            seen = true;
        }
    }
    return seen ? 0 : error_set(error, "cfb_no_stream", NULL, "%s", name);
}

int cfb_read_stream(struct bytes file, const char *name, struct buffer *out, struct error *error)
{
    struct cfb cfb = {.file = file};
    struct entry root = {0}, entry = {0};
    AUTO_BUFFER directory = {0};
    size_t before = out->length;
    int failed = read_header(&cfb, error) ||
                 read_chain(&cfb, cfb.directory, UINT64_MAX, &directory, error) ||
                 find_stream(buffer_bytes(&directory), name, &root, &entry, error);
    if (!failed && entry.length < cfb.mini_cutoff)
        failed = read_mini(&cfb, &root, &entry, out, error);
    else if (!failed)
        failed = read_chain(&cfb, entry.start, entry.length, out, error);
    free(cfb.table);
    if (!failed && out->length - before != entry.length)
        failed = damaged(error, "a stream is cut off");
    return failed ? -1 : 0;
}
