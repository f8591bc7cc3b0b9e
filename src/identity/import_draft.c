/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of people that waits for being confirmed: one for each person, for an hour. */
#include "base/time.h"
#include "identity/import.h"
#include "identity/internal.h"

#define DRAFT_LIFE (3600 * TIME_SECOND)

static int keep(struct store *store, int64_t person, struct bytes csv, int64_t now,
                struct error *error)
{
    if (store_run(store, STATEMENT_IMPORT_DRAFT_FORGET,
                  STORE_VALUES(store_integer(now - DRAFT_LIFE)), error) != 0)
        return -1;
    return store_run(
        store, STATEMENT_IMPORT_DRAFT_SET,
        STORE_VALUES(store_integer(person), store_integer(now), store_blob(csv.data, csv.length)),
        error);
}

int identity_import_keep(struct store *store, int64_t person, struct bytes csv, int64_t now,
                         struct error *error)
{
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(store, keep(store, person, csv, now, error), error);
}

int identity_import_kept(struct store *store, int64_t person, int64_t now, struct buffer *csv,
                         struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_IMPORT_DRAFT_READ,
                    STORE_VALUES(store_integer(person), store_integer(now - DRAFT_LIFE)), &rows,
                    error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found == 1)
        buffer_append_bytes(csv, store_rows_blob(rows, 0));
    return found;
}

int identity_import_drop(struct store *store, int64_t person, struct error *error)
{
    if (store_begin(store, error) != 0)
        return -1;
    return store_conclude(
        store,
        store_run(store, STATEMENT_IMPORT_DRAFT_REMOVE, STORE_VALUES(store_integer(person)), error),
        error);
}
