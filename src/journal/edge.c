/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The right edge of a growing tree (C2SP tlog-tiles; RFC 6962 section 2.1). */
#include "journal/edge.h"

static int keep_first(int result, int next)
{
    return result < 0 ? result : next;
}

/* Puts a hash into the partial tile of a level, and its root one level up when that completes it.
 */
static int add_hash(struct edge *edge, unsigned level, uint64_t index,
                    const struct merkle_hash *hash, const struct edge_sink *sink,
                    struct error *error)
{
    int result = 0;
    struct merkle_hash up = *hash;
    for (; level < TILE_LEVELS; level++) {
        struct merkle_hash *tile = edge->tiles[level];
        tile[index % TILE_WIDTH] = up;
        if (index % TILE_WIDTH != TILE_WIDTH - 1)
            break;
        index /= TILE_WIDTH;
        struct bytes content = {tile->bytes, TILE_BYTES};
        result = keep_first(result, sink->put(sink->context, level, index, content, error));
        merkle_hash_subtree(tile, TILE_WIDTH, &up);
    }
    return result;
}

int edge_add(struct edge *edge, struct bytes entry, const struct merkle_hash *leaf,
             const struct edge_sink *sink, struct error *error)
{
    int result = 0;
    uint64_t index = edge->size++;
    tile_append_entry(&edge->bundle, entry);
    if (edge->size % TILE_WIDTH == 0) {
        result = sink->put(sink->context, TILE_ENTRIES, index / TILE_WIDTH,
                           buffer_bytes(&edge->bundle), error);
        buffer_clear(&edge->bundle);
    }
    return keep_first(result, add_hash(edge, 0, index, leaf, sink, error));
}

void edge_root(const struct edge *edge, struct merkle_hash *root)
{
    struct merkle_hash parts[TILE_LEVELS * TILE_HEIGHT];
    size_t count = 0;
    for (unsigned level = TILE_LEVELS; level-- > 0;) {
        unsigned width = tile_partial_width(level, edge->size);
        unsigned at = 0;
        for (unsigned part = TILE_WIDTH / 2; part > 0; part /= 2) {
            if (!(width & part))
                continue;
            merkle_hash_subtree(&edge->tiles[level][at], part, &parts[count++]);
            at += part;
        }
    }
    if (count == 0) {
        merkle_hash_data((struct bytes){NULL, 0}, root);
        return;
    }
    *root = parts[--count];
    while (count > 0)
        merkle_hash_node(&parts[--count], root, root);
}

void edge_free(struct edge *edge)
{
    buffer_free(&edge->bundle);
}
