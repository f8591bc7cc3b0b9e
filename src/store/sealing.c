/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Joining the outbox to the sealer. */
#include "store/sealing.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "store/outbox.h"
#include "store/seal_places.h"

struct store_sealing {
    struct store *store;
    struct sealer *sealer;
    struct store_batch batch; /* holds what the sealer's views point to */
    uint64_t forgotten;       /* up to this number */
    struct seal_places places;
};

_Static_assert(STORE_BATCH_MAX <= SEALER_BATCH_MAX, "a batch of the store fits into the sealer's");

static int read_entries(void *context, uint64_t position, struct sealer_batch *batch,
                        struct error *error)
{
    struct store_sealing *sealing = context;
    store_batch_free(&sealing->batch);
    if (store_outbox_read(sealing->store, position, &sealing->batch, error) != 0)
        return -1;
    batch->count = sealing->batch.count;
    batch->position = sealing->batch.last;
    memcpy(batch->entries, sealing->batch.entries, batch->count * sizeof *batch->entries);
    return 0;
}

static int forget_sealed(void *context, uint64_t position, uint64_t size, struct error *error)
{
    struct store_sealing *sealing = context;
    (void)size;
    if (position <= sealing->forgotten)
        return 0;
    if (store_outbox_forget(sealing->store, position, error) != 0)
        return -1;
    sealing->forgotten = position;
    return 0;
}

int store_sealing_open(const char *directory, const struct sealer_witnesses *witnesses,
                       struct store_sealing **out, struct error *error)
{
    struct store_sealing *sealing = memory_allocate(1, sizeof *sealing);
    const struct sealer_source source = {read_entries, forget_sealed, sealing};
    seal_places_set(&sealing->places, directory);
    if (store_open(directory, &sealing->store, error) != 0 ||
        !(sealing->sealer = sealer_open(&sealing->places.paths, &source, witnesses, error))) {
        store_sealing_close(sealing);
        return -1;
    }
    *out = sealing;
    return 0;
}

struct sealer *store_sealing_sealer(struct store_sealing *sealing)
{
    return sealing->sealer;
}

void store_sealing_close(struct store_sealing *sealing)
{
    if (!sealing)
        return;
    if (sealing->sealer)
        sealer_close(sealing->sealer);
    store_close(sealing->store);
    store_batch_free(&sealing->batch);
    seal_places_free(&sealing->places);
    free(sealing);
}
