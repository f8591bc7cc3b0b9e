/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names and contents of tiles and entry bundles (C2SP tlog-tiles). */
#include "journal/tile.h"

#include <assert.h>

#include "base/cursor.h"

/* "x001/x234/067": three digits an element, all but the last behind an x. */
static void append_index(struct buffer *out, uint64_t index)
{
    unsigned groups[8];
    unsigned count = 0;
    do {
        groups[count++] = (unsigned)(index % 1000);
        index /= 1000;
    } while (index > 0);
    while (count-- > 1)
        buffer_append_format(out, "x%03u/", groups[count]);
    buffer_append_format(out, "%03u", groups[0]);
}

void tile_append_path(struct buffer *out, unsigned level, uint64_t index, unsigned width)
{
    assert(width > 0 && width <= TILE_WIDTH);
    if (level == TILE_ENTRIES)
        buffer_append_string(out, "tile/entries/");
    else
        buffer_append_format(out, "tile/%u/", level);
    append_index(out, index);
    if (width < TILE_WIDTH)
        buffer_append_format(out, ".p/%u", width);
}

unsigned tile_partial_width(unsigned level, uint64_t size)
{
    return (unsigned)(size >> (TILE_HEIGHT * level)) % TILE_WIDTH;
}

uint64_t tile_complete_count(unsigned level, uint64_t size)
{
    return level + 1 >= TILE_LEVELS ? 0 : size >> (TILE_HEIGHT * (level + 1));
}

void tile_read_hash(struct bytes tile, unsigned i, struct merkle_hash *out)
{
    struct bytes hash = bytes_slice(tile, i * sizeof out->bytes, sizeof out->bytes);
    assert(hash.length == sizeof out->bytes);
    memcpy(out->bytes, hash.data, sizeof out->bytes);
}

void tile_append_entry(struct buffer *bundle, struct bytes entry)
{
    assert(entry.length <= TILE_ENTRY_MAX);
    buffer_append_u16be(bundle, (uint16_t)entry.length);
    buffer_append_bytes(bundle, entry);
}

int tile_split_bundle(struct bytes bundle, unsigned count, struct bytes entries[TILE_WIDTH],
                      const char *where, struct error *error)
{
    assert(count <= TILE_WIDTH);
    struct cursor cursor = cursor_open(bundle);
    for (unsigned i = 0; i < count; i++) {
        entries[i] = cursor_take(&cursor, cursor_u16be(&cursor));
        if (cursor.failed)
            return error_set(error, "journal_bundle_broken", where, "%u / %u", i, count);
    }
    if (!cursor_at_end(&cursor))
        return error_set(error, "journal_bundle_broken", where, "+%zu", cursor_remaining(&cursor));
    return 0;
}
