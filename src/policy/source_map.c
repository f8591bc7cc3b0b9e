/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where in the source each byte of a text stands that was joined from pieces of it. */
#include "policy/source_map.h"

#include <stdlib.h>

#include "base/memory.h"

void source_map_add(struct source_map *map, size_t at, size_t offset, bool whole)
{
    if ((map->count & (map->count - 1)) == 0)
        map->pieces =
            memory_resize(map->pieces, map->count ? map->count * 2 : 1, sizeof *map->pieces);
    map->pieces[map->count++] = (struct source_piece){at, offset, whole};
}

size_t source_map_find(const struct source_map *map, size_t at)
{
    size_t first = 0, end = map->count;
    at += map->cut;
    while (end - first > 1) {
        size_t middle = first + (end - first) / 2;
        if (map->pieces[middle].at <= at)
            first = middle;
        else
            end = middle;
    }
    const struct source_piece *piece = &map->pieces[first];
    return piece->whole ? piece->offset + at - piece->at : piece->offset;
}

void source_map_free(struct source_map *map)
{
    free(map->pieces);
    *map = (struct source_map){0};
}
