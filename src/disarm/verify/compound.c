/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A walk over the sectors of a compound file from the first to the last. */
#include "disarm/verify/compound.h"

#include "base/cursor.h"

enum {
    SECTOR = 512,
    PIECE = 64, /* of a short stream */
    SHORT_LIMIT = 4096,
    IN_SECTOR = SECTOR / 4, /* numbers */
    IN_HEADER = 109,
    ENTRY = 128,
};

#define MARK_CONTINUATION 0xFFFFFFFC
#define MARK_TABLE        0xFFFFFFFD
#define MARK_LAST         0xFFFFFFFE
#define MARK_UNUSED       0xFFFFFFFF

struct walk {
    struct bytes file;
    struct bytes table; /* what follows each sector */
    size_t sectors, at; /* sectors behind the header, and how many were met */
    uint32_t tables, continuations, directory, short_table, short_tables;
    uint32_t first_continuation;
    struct bytes pieces, piece_table;
    size_t piece; /* short pieces met */
    bool sound;
};

static uint32_t number_at(struct bytes numbers, size_t index)
{
    struct cursor cursor = cursor_open(bytes_slice(numbers, index * 4, 4));
    return cursor_u32le(&cursor);
}

static void want(struct walk *walk, bool condition)
{
    walk->sound = walk->sound && condition;
}

static bool all(struct bytes bytes, uint8_t value)
{
    for (size_t i = 0; i < bytes.length; i++) {
        if (bytes.data[i] != value)
            return false;
    }
    return true;
}

static struct bytes sectors_from(const struct walk *walk, size_t first, size_t count)
{
    return bytes_slice(walk->file, (first + 1) * SECTOR, count * SECTOR);
}

/* The next count sectors, which the table must chain and something must call `first`. */
static struct bytes take_chain(struct walk *walk, uint32_t first, size_t count)
{
    want(walk, count <= walk->sectors - walk->at);
    want(walk, first == (count ? walk->at : MARK_LAST));
    for (size_t i = 1; walk->sound && i <= count; i++, walk->at++)
        want(walk, number_at(walk->table, walk->at) == (i < count ? walk->at + 1 : MARK_LAST));
    return walk->sound ? sectors_from(walk, walk->at - count, count) : (struct bytes){0};
}

static void read_header(struct walk *walk)
{
    static const uint16_t fixed[] = {0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, 0, 0};
    struct cursor header = cursor_open(bytes_slice(walk->file, 8, SECTOR - 8));
    want(walk, compound_begins(walk->file) && walk->file.length % SECTOR == 0);
    want(walk, all(cursor_take(&header, 16), 0));
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        want(walk, cursor_u16le(&header) == fixed[i]);
    walk->tables = cursor_u32le(&header);
    walk->directory = cursor_u32le(&header);
    want(walk, cursor_u32le(&header) == 0);
    want(walk, cursor_u32le(&header) == SHORT_LIMIT);
    walk->short_table = cursor_u32le(&header);
    walk->short_tables = cursor_u32le(&header);
    walk->first_continuation = cursor_u32le(&header);
    walk->continuations = cursor_u32le(&header);
    for (uint32_t i = 0; i < IN_HEADER; i++)
        want(walk, cursor_u32le(&header) == (i < walk->tables ? i : MARK_UNUSED));
    want(walk, cursor_at_end(&header));
}

/* The table fills the first sectors; what the header has no room for stands behind it. */
static void read_table(struct walk *walk)
{
    walk->sectors = walk->file.length / SECTOR - 1;
    want(walk, walk->tables == (walk->sectors + IN_SECTOR - 1) / IN_SECTOR);
    uint32_t rest = walk->tables > IN_HEADER ? walk->tables - IN_HEADER : 0;
    want(walk, walk->continuations == (rest + IN_SECTOR - 2) / (IN_SECTOR - 1));
    want(walk, walk->first_continuation == (rest ? walk->tables : MARK_LAST));
    if (!walk->sound)
        return;
    walk->table = sectors_from(walk, 0, walk->tables);
    struct bytes more = sectors_from(walk, walk->tables, walk->continuations);
    for (; walk->sound && walk->at < walk->tables; walk->at++)
        want(walk, number_at(walk->table, walk->at) == MARK_TABLE);
    for (uint32_t i = 0, place = IN_HEADER; walk->sound && i < walk->continuations; i++) {
        want(walk, number_at(walk->table, walk->at++) == MARK_CONTINUATION);
        for (uint32_t slot = 0; slot < IN_SECTOR - 1; slot++, place++)
            want(walk, number_at(more, i * IN_SECTOR + slot) ==
                           (place < walk->tables ? place : MARK_UNUSED));
        want(walk, number_at(more, (i + 1) * IN_SECTOR - 1) ==
                       (i + 1 < walk->continuations ? walk->at : MARK_LAST));
    }
}

/* The part of an entry before its place and length. */
static void check_entry(struct walk *walk, struct cursor *cursor,
                        const struct compound_entry *entry)
{
    size_t letters = strlen(entry->name);
    for (size_t i = 0; i < 32; i++)
        want(walk, cursor_u16le(cursor) == (i < letters ? (uint8_t)entry->name[i] : 0));
    want(walk, cursor_u16le(cursor) == 2 * letters + 2);
    want(walk, cursor_u8(cursor) == entry->type);
    want(walk, cursor_u8(cursor) == entry->black);
    want(walk, cursor_u32le(cursor) == entry->left);
    want(walk, cursor_u32le(cursor) == entry->right);
    want(walk, cursor_u32le(cursor) == entry->child);
    want(walk, all(cursor_take(cursor, 36), 0));
}

static struct bytes take_short(struct walk *walk, uint32_t start, size_t length)
{
    size_t count = (length + PIECE - 1) / PIECE;
    want(walk, start == (count ? walk->piece : MARK_LAST));
    struct bytes found = bytes_slice(walk->pieces, walk->piece * PIECE, count * PIECE);
    want(walk, found.length == count * PIECE);
    for (size_t i = 1; walk->sound && i <= count; i++, walk->piece++)
        want(walk, number_at(walk->piece_table, walk->piece) ==
                       (i < count ? walk->piece + 1 : MARK_LAST));
    return found;
}

static void read_entry(struct walk *walk, struct cursor *cursor, struct compound_entry *entry)
{
    check_entry(walk, cursor, entry);
    uint32_t start = cursor_u32le(cursor);
    uint64_t length = cursor_u64le(cursor);
    want(walk, !cursor->failed && length <= walk->file.length);
    if (!walk->sound)
        return;
    if (entry->type == COMPOUND_STORAGE) {
        want(walk, start == 0 && length == 0);
        return;
    }
    size_t whole = ((size_t)length + SECTOR - 1) / SECTOR;
    if (entry->type == COMPOUND_ROOT) {
        walk->piece_table = take_chain(walk, walk->short_table, walk->short_tables);
        walk->pieces = take_chain(walk, start, whole);
        want(walk, all(bytes_slice(walk->pieces, (size_t)length, SIZE_MAX), 0));
        walk->pieces = bytes_slice(walk->pieces, 0, (size_t)length);
        return;
    }
    struct bytes found = length < SHORT_LIMIT ? take_short(walk, start, (size_t)length)
                                              : take_chain(walk, start, whole);
    want(walk, all(bytes_slice(found, (size_t)length, SIZE_MAX), 0));
    entry->data = bytes_slice(found, 0, (size_t)length);
}

/* Entries that fill up the last sector of the directory. */
static void check_unused(struct walk *walk, struct cursor *cursor)
{
    while (cursor_remaining(cursor)) {
        want(walk, all(cursor_take(cursor, 68), 0));
        want(walk, all(cursor_take(cursor, 12), 0xFF));
        want(walk, all(cursor_take(cursor, 48), 0));
    }
}

bool compound_begins(struct bytes file)
{
    return bytes_start_with(file, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
}

bool compound_read(struct bytes file, struct compound_entry *entries, size_t count)
{
    struct walk walk = {.file = file, .sound = file.length > SECTOR};
    if (!walk.sound)
        return false;
    read_header(&walk);
    read_table(&walk);
    struct bytes directory =
        take_chain(&walk, walk.directory, (count * ENTRY + SECTOR - 1) / SECTOR);
    struct cursor cursor = cursor_open(directory);
    for (size_t i = 0; walk.sound && i < count; i++)
        read_entry(&walk, &cursor, &entries[i]);
    check_unused(&walk, &cursor);
    want(&walk, walk.at == walk.sectors);
    want(&walk, all(bytes_slice(walk.table, walk.sectors * 4, SIZE_MAX), 0xFF));
    want(&walk, walk.piece * PIECE == walk.pieces.length);
    want(&walk, walk.short_tables == (walk.piece + IN_SECTOR - 1) / IN_SECTOR);
    want(&walk, all(bytes_slice(walk.piece_table, walk.piece * 4, SIZE_MAX), 0xFF));
    return walk.sound;
}
