/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who uses which blob, and looking through all of them. */
#include <sys/file.h>

#include "base/error.h"
#include "base/file.h"
#include "store/blob_collect.h"
#include "store/blob_file.h"
#include "store/connection.h"

int store_blob_share(struct store *store, const struct store_blob_id *id, const char *owner,
                     int64_t retain_until, struct error *error)
{
    struct store_value value = store_blob(id->bytes, sizeof id->bytes);
    if (store_run(store, STATEMENT_BLOB_USE_ADD, STORE_VALUES(value, store_text(owner)), error) !=
        0)
        return -1;
    return store_run(store, STATEMENT_BLOB_RETAIN, STORE_VALUES(value, store_integer(retain_until)),
                     error);
}

int store_blob_release(struct store *store, const struct store_blob_id *id, const char *owner,
                       struct error *error)
{
    return store_run(store, STATEMENT_BLOB_USE_REMOVE,
                     STORE_VALUES(store_blob(id->bytes, sizeof id->bytes), store_text(owner)),
                     error);
}

int blob_next(struct store *store, struct store_blob_id *id, bool first, int64_t *size,
              struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(
            store, STATEMENT_BLOB_LIST,
            STORE_VALUES(store_blob(id->bytes, first ? 0 : sizeof id->bytes), store_integer(1)),
            &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found == 1 && blob_id_from_bytes(store_rows_blob(rows, 0), id, error) != 0)
        return -1;
    *size = store_rows_integer(rows, 1);
    return found;
}

int store_blob_check_all(struct store *store, uint64_t *checked, struct error *error)
{
    struct store_blob_id id = {{0}};
    int64_t size = 0;
    int found;
    AUTO_FD lock = blob_collector_hold(store, true, LOCK_SH, error);
    if (lock < 0)
        return -1;
    for (*checked = 0; (found = blob_next(store, &id, *checked == 0, &size, error)) == 1;
         ++*checked)
        if (blob_check(store_directory(store), store_directory(store), &id, size, error) != 0)
            return -1;
    return found;
}
