/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holding the collector off while somebody reads many blobs. */
#ifndef STORE_BLOB_COLLECT_H
#define STORE_BLOB_COLLECT_H

#include "store/blob.h"

/* Takes the collector's lock with LOCK_SH or LOCK_EX; the descriptor, whose closing gives it back.
 */
int blob_collector_hold(struct store *store, bool wait, int operation, struct error *error);

#endif
