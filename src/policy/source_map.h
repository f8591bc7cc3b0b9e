/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where in the source each byte of a text stands that was joined from pieces of it. */
#ifndef POLICY_SOURCE_MAP_H
#define POLICY_SOURCE_MAP_H

#include <stdbool.h>
#include <stddef.h>

/* The pieces in the order of the text. */
struct source_map {
    struct source_piece {
        size_t at;     /* in the text */
        size_t offset; /* in the source, of its first byte */
        bool whole;    /* its bytes follow each other there; else all of it stands for that place */
    } * pieces;
    size_t count;
    size_t cut; /* bytes that were cut off the front of the text since */
};

/* Adds the piece that begins at `at`, behind all others. */
void source_map_add(struct source_map *map, size_t at, size_t offset, bool whole);

/* The place of a byte of the text; there must be a piece that it stands in. */
size_t source_map_find(const struct source_map *map, size_t at);

void source_map_free(struct source_map *map);

#endif
