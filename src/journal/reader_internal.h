/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading single tiles and bundles inside the room. */
#ifndef JOURNAL_READER_INTERNAL_H
#define JOURNAL_READER_INTERNAL_H

#include "journal/reader.h"
#include "journal/tile.h"

/*
 * Appends the first width hashes of a tile: from its partial file or, when that is gone, from the
 * complete one. level may be TILE_ENTRIES, for the bytes of a bundle with exactly width entries (of
 * a complete bundle, its first width ones). Puts the path that was read into path (may be NULL).
 * Codes: those of files.h, journal_tile_size, journal_bundle_broken.
 */
int reader_load_tile(int directory, unsigned level, uint64_t index, unsigned width,
                     struct buffer *out, struct buffer *path, struct error *error);

/* The width of a tile in a tree of that size; 0 when the tile is not in it. */
unsigned reader_tile_width(unsigned level, uint64_t index, uint64_t size);

/* The directory that the reader has open. */
int reader_directory(const struct journal_reader *reader);

#endif
