/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tiles and entry bundles as files (C2SP tlog-tiles): names, widths, and the bytes of a bundle.
 * A tile holds up to 256 hashes of one tile level; a bundle holds the entries under one tile of
 * level 0, each behind its length as a big-endian u16.
 */
#ifndef JOURNAL_TILE_H
#define JOURNAL_TILE_H

#include "base/buffer.h"
#include "journal/merkle.h"

enum {
    TILE_HEIGHT = 8,
    TILE_WIDTH = 256,
    TILE_BYTES = 8192,
    TILE_LEVELS = 8,        /* tile levels 0 … 7 hold 2^64 entries */
    TILE_ENTRIES = 255,     /* stands for "entries" where a tile level is asked for */
    TILE_ENTRY_MAX = 65535, /* bytes of one entry */
    TILE_BUNDLE_MAX = 256 * (2 + TILE_ENTRY_MAX),
};

/*
 * Appends "tile/<level>/<index>" with ".p/<width>" behind it when width is below 256, relative to
 * the journal's directory. level may be TILE_ENTRIES.
 */
void tile_append_path(struct buffer *out, unsigned level, uint64_t index, unsigned width);

/* How many hashes the last, partial tile of a level has in a tree of that size; 0: there is none.
 */
unsigned tile_partial_width(unsigned level, uint64_t size);

/* How many complete tiles a level has in a tree of that size. */
uint64_t tile_complete_count(unsigned level, uint64_t size);

/* Hash i of a tile's bytes. */
void tile_read_hash(struct bytes tile, unsigned i, struct merkle_hash *out);

/* Appends an entry behind its length; the entry has at most TILE_ENTRY_MAX bytes. */
void tile_append_entry(struct buffer *bundle, struct bytes entry);

/*
 * Cuts a bundle into exactly count entries (views into bundle). -1 with code journal_bundle_broken
 * when an entry is cut short, or bytes follow the last one; where is the caller's name of the file.
 */
int tile_split_bundle(struct bytes bundle, unsigned count, struct bytes entries[TILE_WIDTH],
                      const char *where, struct error *error);

#endif
