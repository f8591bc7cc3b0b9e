/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sealer's side of recorded entries (record.h): it reads them in the order of their commits,
 * appends them to the journal and, once a published checkpoint holds them, lets the store forget
 * them.
 *
 * The number of an entry runs from 1 without a gap, and the journal keeps the number of the last
 * entry that it took (its position): after a crash on either side the sealer goes on behind it, so
 * that every entry reaches the journal exactly once.
 */
#ifndef STORE_OUTBOX_H
#define STORE_OUTBOX_H

#include "store/store.h"

#define STORE_BATCH_MAX 1024 /* entries */

struct store_batch {
    struct bytes entries[STORE_BATCH_MAX]; /* views into bytes */
    size_t count;
    uint64_t last; /* number of the last one; that of the question when there is none */
    struct buffer bytes;
};

/*
 * Reads the entries behind number `after`, in order, in the open transaction or one of its own; the
 * caller frees the batch. Codes store_gap
 * (entries that the journal does not have are missing here) and store_behind (the journal has
 * entries that this store never recorded: an older database beside a newer journal).
 */
int store_outbox_read(struct store *store, uint64_t after, struct store_batch *batch,
                      struct error *error);

/* Forgets the entries up to this number, in a transaction of its own. */
int store_outbox_forget(struct store *store, uint64_t up_to, struct error *error);

/* The number of the last entry recorded ever, and how many entries still wait. */
int store_outbox_state(struct store *store, uint64_t *recorded, uint64_t *waiting,
                       struct error *error);

/* Frees what the batch holds. */
void store_batch_free(struct store_batch *batch);

#endif
