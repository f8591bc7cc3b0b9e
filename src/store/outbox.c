/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recorded entries, read in order by the sealer. */
#include "store/outbox.h"

#include "base/error.h"
#include "store/connection.h"

#define BATCH_BYTES (4u << 20) /* after this many bytes a batch takes no further entry */

int store_outbox_state(struct store *store, uint64_t *recorded, uint64_t *waiting,
                       struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_OUTBOX_STATE, STORE_NO_VALUES, &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found == 0)
        error_set(error, "store_broken", store_directory(store), "counter");
    *recorded = (uint64_t)store_rows_integer(rows, 0);
    *waiting = (uint64_t)store_rows_integer(rows, 1);
    return found == 1 ? 0 : -1;
}

/* Copies the entries that follow `after` one by one; the views are made when all bytes are in. */
static int read_entries(struct store *store, uint64_t after, struct store_batch *batch,
                        struct error *error)
{
    AUTO_ROWS *rows = NULL;
    size_t ends[STORE_BATCH_MAX];
    if (store_query(store, STATEMENT_OUTBOX_READ,
                    STORE_VALUES(store_integer((int64_t)after), store_integer(STORE_BATCH_MAX)),
                    &rows, error) != 0)
        return -1;
    int found = 1;
    while (batch->bytes.length < BATCH_BYTES && (found = store_rows_next(rows, error)) == 1) {
        if ((uint64_t)store_rows_integer(rows, 0) != batch->last + 1)
            return error_set(error, "store_gap", store_directory(store), "%ju",
                             (uintmax_t)batch->last + 1);
        buffer_append_bytes(&batch->bytes, store_rows_blob(rows, 1));
        ends[batch->count++] = batch->bytes.length;
        batch->last++;
    }
    for (size_t i = 0, start = 0; i < batch->count; start = ends[i++])
        batch->entries[i] = bytes_slice(buffer_bytes(&batch->bytes), start, ends[i] - start);
    return found < 0 ? -1 : 0;
}

/* The questions of one read, all of one state. */
static int read_state(struct store *store, uint64_t after, struct store_batch *batch,
                      struct error *error)
{
    uint64_t recorded, waiting;
    if (store_outbox_state(store, &recorded, &waiting, error) != 0)
        return -1;
    if (recorded < after)
        return error_set(error, "store_behind", store_directory(store), "%ju < %ju",
                         (uintmax_t)recorded, (uintmax_t)after);
    if (read_entries(store, after, batch, error) != 0)
        return -1;
    if (batch->count == 0 && recorded > after)
        return error_set(error, "store_gap", store_directory(store), "%ju", (uintmax_t)after + 1);
    return 0;
}

int store_outbox_read(struct store *store, uint64_t after, struct store_batch *batch,
                      struct error *error)
{
    bool own = store->transaction == TRANSACTION_NONE;
    batch->count = 0;
    batch->last = after;
    batch->bytes = (struct buffer){0};
    if (own && store_begin_read(store, error) != 0)
        return -1;
    int result = read_state(store, after, batch, error);
    if (own && result == 0)
        return store_commit(store, error);
    if (own)
        store_rollback(store);
    return result;
}

int store_outbox_forget(struct store *store, uint64_t up_to, struct error *error)
{
    if (store_begin(store, error) != 0)
        return -1;
    if (store_run(store, STATEMENT_OUTBOX_FORGET, STORE_VALUES(store_integer((int64_t)up_to)),
                  error) != 0) {
        store_rollback(store);
        return -1;
    }
    return store_commit(store, error);
}

void store_batch_free(struct store_batch *batch)
{
    buffer_free(&batch->bytes);
    batch->count = 0;
}
