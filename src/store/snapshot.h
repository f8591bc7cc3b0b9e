/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state of database and journal at one moment, while others go on. */
#ifndef STORE_SNAPSHOT_H
#define STORE_SNAPSHOT_H

#include "store/store.h"

struct snapshot {
    struct store *store;      /* reads the database as of the moment, until it is freed */
    struct buffer checkpoint; /* published at that moment */
    int collector;            /* holds the collector off: no blob of the moment goes */
};

/* Takes it; writers wait only while the checkpoint is read. The caller frees it. */
int snapshot_take(const char *directory, struct snapshot *snapshot, struct error *error);

/* Writes the database as of the moment to a new file (0600), durably. */
int snapshot_write(struct snapshot *snapshot, const char *path, struct error *error);

/* Ends it. */
void snapshot_free(struct snapshot *snapshot);

#endif
