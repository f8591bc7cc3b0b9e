/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Header, allocation tables, directory and streams of a compound file, laid out in one go. */
#include "disarm/format/cfb_write.h"

#include "base/memory.h"

/* [MS-CFB] 2.1 to 2.6. */
enum {
    SECTOR = 512,
    SHORT_SECTOR = 64,
    SHORT_BELOW = 4096,
    NUMBERS = SECTOR / 4, /* in one sector */
    HEADER_TABLES = 109,
    ENTRY = 128,
    NAME_UNITS = 32,
    DATA_MAXIMUM = 1 << 30, /* well below the 2 GB of version 3 */
};

#define SECTOR_DIFAT 0xFFFFFFFC
#define SECTOR_TABLE 0xFFFFFFFD
#define SECTOR_END   0xFFFFFFFE
#define SECTOR_FREE  0xFFFFFFFF

/* How many sectors each part of the file has, in the order of the file. */
struct layout {
    size_t tables, continuations, directory, short_table, short_sectors, streams;
    size_t short_pieces; /* of SHORT_SECTOR bytes */
};

static size_t divide_up(size_t length, size_t unit)
{
    return length / unit + (length % unit != 0);
}

static bool is_short(const struct cfb_entry *entry)
{
    return entry->data.length < SHORT_BELOW;
}

static struct layout lay_out(const struct cfb_entry *entries, size_t count)
{
    struct layout layout = {.directory = divide_up(count * ENTRY, SECTOR)};
    for (size_t i = 0; i < count; i++) {
        if (is_short(&entries[i]))
            layout.short_pieces += divide_up(entries[i].data.length, SHORT_SECTOR);
        else
            layout.streams += divide_up(entries[i].data.length, SECTOR);
    }
    layout.short_table = divide_up(layout.short_pieces, NUMBERS);
    layout.short_sectors = divide_up(layout.short_pieces * SHORT_SECTOR, SECTOR);
    size_t content = layout.directory + layout.short_table + layout.short_sectors + layout.streams;
    for (size_t before = SIZE_MAX; before != layout.tables;) { /* the tables count themselves */
        before = layout.tables;
        layout.continuations =
            before > HEADER_TABLES ? divide_up(before - HEADER_TABLES, NUMBERS - 1) : 0;
        layout.tables = divide_up(content + before + layout.continuations, NUMBERS);
    }
    return layout;
}

static void fill(struct buffer *out, size_t start, size_t unit, uint8_t byte)
{
    while ((out->length - start) % unit)
        buffer_append_byte(out, byte);
}

/* A chain of count neighbours, the first of which has the number first. */
static void append_chain(struct buffer *out, size_t first, size_t count)
{
    for (size_t i = 1; i <= count; i++)
        buffer_append_u32le(out, i < count ? (uint32_t)(first + i) : SECTOR_END);
}

static void append_same(struct buffer *out, uint32_t number, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffer_append_u32le(out, number);
}

/* The number of the first of count sectors, or the end mark when there are none. */
static uint32_t first_or_end(size_t first, size_t count)
{
    return count ? (uint32_t)first : SECTOR_END;
}

static void append_header(struct buffer *out, const struct layout *layout)
{
    size_t directory = layout->tables + layout->continuations;
    buffer_append(out, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
    append_same(out, 0, 4); /* class */
    buffer_append_u16le(out, 0x3E);
    buffer_append_u16le(out, 3);
    buffer_append_u16le(out, 0xFFFE);
    buffer_append_u16le(out, 9);
    buffer_append_u16le(out, 6);
    buffer_append(out, "\0\0\0\0\0\0", 6);
    buffer_append_u32le(out, 0); /* sectors of the directory are not counted in version 3 */
    buffer_append_u32le(out, (uint32_t)layout->tables);
    buffer_append_u32le(out, (uint32_t)directory);
    buffer_append_u32le(out, 0);
    buffer_append_u32le(out, SHORT_BELOW);
    buffer_append_u32le(out, first_or_end(directory + layout->directory, layout->short_table));
    buffer_append_u32le(out, (uint32_t)layout->short_table);
    buffer_append_u32le(out, first_or_end(layout->tables, layout->continuations));
    buffer_append_u32le(out, (uint32_t)layout->continuations);
    for (size_t i = 0; i < HEADER_TABLES; i++)
        buffer_append_u32le(out, i < layout->tables ? (uint32_t)i : SECTOR_FREE);
}

/* The allocation table: what follows each sector. */
static void append_tables(struct buffer *out, const struct layout *layout,
                          const struct cfb_entry *entries, size_t count)
{
    size_t start = out->length, at = layout->tables + layout->continuations;
    const size_t parts[] = {layout->directory, layout->short_table, layout->short_sectors};
    append_same(out, SECTOR_TABLE, layout->tables);
    append_same(out, SECTOR_DIFAT, layout->continuations);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        append_chain(out, at, parts[i]);
        at += parts[i];
    }
    for (size_t i = 0; i < count; i++) {
        size_t sectors = is_short(&entries[i]) ? 0 : divide_up(entries[i].data.length, SECTOR);
        append_chain(out, at, sectors);
        at += sectors;
    }
    fill(out, start, SECTOR, 0xFF);
}

/* Where the allocation table is, beyond what the header says: 2.5. */
static void append_continuations(struct buffer *out, const struct layout *layout)
{
    size_t table = HEADER_TABLES;
    for (size_t i = 1; i <= layout->continuations; i++) {
        for (size_t place = 0; place < NUMBERS - 1; place++, table++)
            buffer_append_u32le(out, table < layout->tables ? (uint32_t)table : SECTOR_FREE);
        buffer_append_u32le(out, i < layout->continuations ? (uint32_t)(layout->tables + i)
                                                           : SECTOR_END);
    }
}

static void append_entry(struct buffer *out, const struct cfb_entry *entry, uint32_t start,
                         size_t length)
{
    size_t letters = strlen(entry->name);
    for (size_t i = 0; i < NAME_UNITS; i++)
        buffer_append_u16le(out, i < letters ? (uint8_t)entry->name[i] : 0);
    buffer_append_u16le(out, (uint16_t)(2 * letters + 2));
    buffer_append_byte(out, (uint8_t)entry->type);
    buffer_append_byte(out, entry->colour);
    buffer_append_u32le(out, entry->left);
    buffer_append_u32le(out, entry->right);
    buffer_append_u32le(out, entry->child);
    append_same(out, 0, 9); /* class, state, times */
    buffer_append_u32le(out, start);
    buffer_append_u64le(out, length);
}

static void append_directory(struct buffer *out, const struct layout *layout,
                             const struct cfb_entry *entries, size_t count)
{
    size_t at = layout->tables + layout->continuations + layout->directory + layout->short_table;
    append_entry(out, &entries[0], first_or_end(at, layout->short_sectors),
                 layout->short_pieces * SHORT_SECTOR);
    at += layout->short_sectors;
    size_t piece = 0;
    for (size_t i = 1; i < count; i++) {
        const struct cfb_entry *entry = &entries[i];
        size_t length = entry->data.length;
        if (entry->type == CFB_STORAGE) {
            append_entry(out, entry, 0, 0);
        } else if (is_short(entry)) {
            append_entry(out, entry, first_or_end(piece, length), length);
            piece += divide_up(length, SHORT_SECTOR);
        } else {
            append_entry(out, entry, (uint32_t)at, length);
            at += divide_up(length, SECTOR);
        }
    }
    for (size_t i = count; i % (SECTOR / ENTRY); i++) { /* unused entries, 2.6.3 */
        append_same(out, 0, 17);
        append_same(out, CFB_NONE, 3);
        append_same(out, 0, 12);
    }
}

static void append_short_streams(struct buffer *out, const struct cfb_entry *entries, size_t count)
{
    size_t start = out->length, piece = 0;
    for (size_t i = 0; i < count; i++) {
        size_t pieces = is_short(&entries[i]) ? divide_up(entries[i].data.length, SHORT_SECTOR) : 0;
        append_chain(out, piece, pieces);
        piece += pieces;
    }
    fill(out, start, SECTOR, 0xFF);
    start = out->length;
    for (size_t i = 0; i < count; i++) {
        if (!is_short(&entries[i]))
            continue;
        buffer_append_bytes(out, entries[i].data);
        fill(out, start, SHORT_SECTOR, 0);
    }
    fill(out, start, SECTOR, 0);
}

int cfb_write(const struct cfb_entry *entries, size_t count, struct buffer *out,
              struct error *error)
{
    size_t start = out->length, length = 0;
    for (size_t i = 0; i < count; i++) {
        if (entries[i].data.length > DATA_MAXIMUM - length)
            return error_set(error, "cfb_large", NULL, "%s", entries[i].name);
        length += entries[i].data.length;
    }
    struct layout layout = lay_out(entries, count);
    append_header(out, &layout);
    append_tables(out, &layout, entries, count);
    append_continuations(out, &layout);
    append_directory(out, &layout, entries, count);
    append_short_streams(out, entries, count);
    for (size_t i = 0; i < count; i++) {
        if (!is_short(&entries[i]))
            buffer_append_bytes(out, entries[i].data);
        fill(out, start, SECTOR, 0);
    }
    return 0;
}
