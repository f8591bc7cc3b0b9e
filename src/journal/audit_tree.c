/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tree from the signed root down. A tile is authentic when its hashes lead to the signed root;
 * an entry is authentic when its hash stands in an authentic tile. So a difference can be laid to
 * the file that is wrong.
 */
#include <inttypes.h>

#include "journal/audit_internal.h"
#include "journal/reader_internal.h"

struct tile_view {
    unsigned level;
    uint64_t index;
    unsigned width;
    const struct merkle_hash *hashes; /* NULL: the tile could not be read */
    bool authentic;
};

static void report(struct audit *audit, const char *code, const char *path, uint64_t entry)
{
    struct error error;
    error_set(&error, code, path, "%" PRIu64, entry);
    audit_report(audit, &error, entry);
}

/* Loads a tile's hashes; on failure reports it and gives false. */
static bool load_hashes(struct audit *audit, unsigned level, uint64_t index, unsigned width,
                        struct merkle_hash *hashes, struct buffer *path)
{
    AUTO_BUFFER bytes = {0};
    struct error error;
    if (reader_load_tile(audit->directory, level, index, width, &bytes, path, &error) < 0) {
        audit_report(audit, &error, index << (TILE_HEIGHT * (level + 1)));
        return false;
    }
    for (unsigned i = 0; i < width; i++)
        tile_read_hash(buffer_bytes(&bytes), i, &hashes[i]);
    return true;
}

/* True when the leaf hashes of a complete bundle lead to the hash that its parent has for it. */
static bool bundle_is_authentic(const struct bytes *entries, unsigned width,
                                const struct merkle_hash *expected)
{
    struct merkle_hash leaves[TILE_WIDTH], root;
    if (!expected || width != TILE_WIDTH)
        return false;
    for (unsigned i = 0; i < width; i++)
        merkle_hash_leaf(entries[i], &leaves[i]);
    merkle_hash_subtree(leaves, width, &root);
    return merkle_hash_equal(&root, expected);
}

static void audit_bundle(struct audit *audit, const struct tile_view *tile,
                         const struct merkle_hash *expected)
{
    AUTO_BUFFER bundle = {0};
    AUTO_BUFFER path = {0};
    struct bytes entries[TILE_WIDTH];
    struct error error;
    uint64_t first = tile->index * TILE_WIDTH;
    if (reader_load_tile(audit->directory, TILE_ENTRIES, tile->index, tile->width, &bundle, &path,
                         &error) < 0 ||
        tile_split_bundle(buffer_bytes(&bundle), tile->width, entries, buffer_string(&path),
                          &error) < 0) {
        audit_report(audit, &error, first);
        audit->sequence = AUDIT_NO_ENTRY;
        return;
    }
    bool trusted = !tile->authentic && bundle_is_authentic(entries, tile->width, expected);
    for (unsigned i = 0; i < tile->width; i++) {
        struct merkle_hash leaf;
        merkle_hash_leaf(entries[i], &leaf);
        if (!trusted && tile->hashes && !merkle_hash_equal(&leaf, &tile->hashes[i])) {
            report(audit, "journal_entry_changed", buffer_string(&path), first + i);
            audit->sequence = AUDIT_NO_ENTRY;
            continue;
        }
        audit->result->checked += trusted || tile->authentic;
        audit_entry(audit, first + i, entries[i], buffer_string(&path));
    }
}

static void audit_children(struct audit *audit, const struct tile_view *tile);

/* A complete tile, with the hash that its parent has for it, or NULL when that is not known. */
static void audit_complete_tile(struct audit *audit, unsigned level, uint64_t index,
                                const struct merkle_hash *expected)
{
    AUTO_BUFFER path = {0};
    struct merkle_hash hashes[TILE_WIDTH], root;
    struct tile_view tile = {.level = level, .index = index, .width = TILE_WIDTH};
    if (load_hashes(audit, level, index, TILE_WIDTH, hashes, &path)) {
        tile.hashes = hashes;
        merkle_hash_subtree(hashes, TILE_WIDTH, &root);
        tile.authentic = expected && merkle_hash_equal(&root, expected);
        if (expected && !tile.authentic)
            report(audit, "journal_tile_changed", buffer_string(&path),
                   index << (TILE_HEIGHT * (level + 1)));
    }
    if (level == 0)
        audit_bundle(audit, &tile, expected);
    else
        audit_children(audit, &tile);
}

static void audit_children(struct audit *audit, const struct tile_view *tile)
{
    for (unsigned i = 0; i < tile->width; i++)
        audit_complete_tile(audit, tile->level - 1, tile->index * TILE_WIDTH + i,
                            tile->authentic ? &tile->hashes[i] : NULL);
}

/* The hashes of a partial tile made anew from what is below it; false when that cannot be read. */
static bool rebuild_partial(struct audit *audit, unsigned level, struct merkle_hash *hashes)
{
    uint64_t size = audit->result->size;
    uint64_t index = tile_complete_count(level, size);
    unsigned width = tile_partial_width(level, size);
    AUTO_BUFFER bytes = {0};
    if (level == 0) {
        struct bytes entries[TILE_WIDTH];
        if (reader_load_tile(audit->directory, TILE_ENTRIES, index, width, &bytes, NULL, NULL) <
                0 ||
            tile_split_bundle(buffer_bytes(&bytes), width, entries, "", NULL) < 0)
            return false;
        for (unsigned i = 0; i < width; i++)
            merkle_hash_leaf(entries[i], &hashes[i]);
        return true;
    }
    for (unsigned i = 0; i < width; i++) {
        struct merkle_hash child[TILE_WIDTH];
        buffer_clear(&bytes);
        if (reader_load_tile(audit->directory, level - 1, index * TILE_WIDTH + i, TILE_WIDTH,
                             &bytes, NULL, NULL) < 0)
            return false;
        for (unsigned k = 0; k < TILE_WIDTH; k++)
            tile_read_hash(buffer_bytes(&bytes), k, &child[k]);
        merkle_hash_subtree(child, TILE_WIDTH, &hashes[i]);
    }
    return true;
}

static bool gives_signed_root(const struct audit *audit, const struct edge *edge)
{
    struct merkle_hash root;
    edge_root(edge, &root);
    return merkle_hash_equal(&root, &audit->result->root);
}

/*
 * The partial tiles as they are on the disk; where they do not give the signed root, a second try
 * with those made anew from below. What differs between the two is then the file at fault.
 */
static bool load_edge(struct audit *audit, struct edge *edge, bool readable[TILE_LEVELS])
{
    struct edge anew = {.size = audit->result->size};
    bool complete = true;
    edge->size = audit->result->size;
    for (unsigned level = 0; level < TILE_LEVELS; level++) {
        unsigned width = tile_partial_width(level, edge->size);
        readable[level] =
            width > 0 && load_hashes(audit, level, tile_complete_count(level, edge->size), width,
                                     edge->tiles[level], NULL);
        complete = complete && (width == 0 || readable[level]);
    }
    if (complete && gives_signed_root(audit, edge))
        return true;
    for (unsigned level = 0; level < TILE_LEVELS; level++)
        if (tile_partial_width(level, edge->size) > 0 &&
            !rebuild_partial(audit, level, anew.tiles[level]))
            return false;
    if (!gives_signed_root(audit, &anew))
        return false;
    for (unsigned level = 0; level < TILE_LEVELS; level++) {
        unsigned width = tile_partial_width(level, edge->size);
        uint64_t index = tile_complete_count(level, edge->size);
        AUTO_BUFFER path = {0};
        if (!readable[level] ||
            memcmp(edge->tiles[level], anew.tiles[level], width * sizeof(struct merkle_hash)) == 0)
            continue;
        tile_append_path(&path, level, index, width);
        report(audit, "journal_tile_changed", buffer_string(&path),
               index << (TILE_HEIGHT * (level + 1)));
    }
    *edge = anew;
    for (unsigned level = 0; level < TILE_LEVELS; level++)
        readable[level] = true;
    return true;
}

bool audit_tree(struct audit *audit)
{
    struct edge edge = {0};
    bool readable[TILE_LEVELS];
    bool authentic = load_edge(audit, &edge, readable);
    if (!authentic)
        report(audit, "journal_root_differs", "checkpoint", AUDIT_NO_ENTRY);
    for (unsigned level = TILE_LEVELS; level-- > 0;) {
        struct tile_view tile = {.level = level,
                                 .index = tile_complete_count(level, audit->result->size),
                                 .width = tile_partial_width(level, audit->result->size),
                                 .hashes = readable[level] ? edge.tiles[level] : NULL,
                                 .authentic = authentic};
        if (tile.width == 0)
            continue;
        if (level == 0)
            audit_bundle(audit, &tile, NULL);
        else
            audit_children(audit, &tile);
    }
    return authentic;
}
