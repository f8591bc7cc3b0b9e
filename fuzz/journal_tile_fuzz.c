/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entry bundles; the first byte says how many entries there should be. */
#include <stdlib.h>

#include "fuzz.h"
#include "journal/tile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes entries[TILE_WIDTH];
    AUTO_BUFFER again = {0};
    if (size == 0)
        return 0;
    struct bytes bundle = {data + 1, size - 1};
    unsigned count = data[0] + 1u;
    if (tile_split_bundle(bundle, count, entries, "bundle", NULL) < 0)
        return 0;
    for (unsigned i = 0; i < count; i++)
        tile_append_entry(&again, entries[i]);
    if (!bytes_equal(buffer_bytes(&again), bundle))
        abort();
    return 0;
}
