/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The right edge of a growing tree: the last, partial tile of every level and the last, partial
 * bundle. Adding an entry gives out the tiles and bundles that it completes.
 */
#ifndef JOURNAL_EDGE_H
#define JOURNAL_EDGE_H

#include "journal/tile.h"

struct edge {
    uint64_t size; /* entries */
    struct merkle_hash tiles[TILE_LEVELS][TILE_WIDTH];
    struct buffer bundle; /* the entries under the partial tile of level 0 */
};

/* What becomes of a tile (or, with level TILE_ENTRIES, a bundle) that is complete. */
struct edge_sink {
    int (*put)(void *context, unsigned level, uint64_t index, struct bytes content,
               struct error *error);
    void *context;
};

/* Adds an entry with its leaf hash. Fails only where the sink fails; the edge has grown even so. */
int edge_add(struct edge *edge, struct bytes entry, const struct merkle_hash *leaf,
             const struct edge_sink *sink, struct error *error);

/* The root of the tree. */
void edge_root(const struct edge *edge, struct merkle_hash *root);

/* Frees the bundle. */
void edge_free(struct edge *edge);

#endif
