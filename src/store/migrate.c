/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bringing a database of any released version forward, step by step, in one transaction. */
#include "base/error.h"
#include "base/time.h"
#include "store/connection.h"

/* The version that the database has; 0: empty. -1: error. */
static int read_version(struct store *store, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_SCHEMA_READ, STORE_NO_VALUES, &rows, error) != 0 ||
        store_rows_next(rows, error) != 1)
        return -1;
    return (int)store_rows_integer(rows, 0);
}

/* One step; its text is ours, from src/store/migrations. */
static int apply(struct store *store, const struct migration *step, struct error *error)
{
    if (sqlite3_exec(store->database, step->sql, NULL, NULL, NULL) != SQLITE_OK)
        return connection_error(store, error);
    return store_run(store, STATEMENT_SCHEMA_ADD,
                     STORE_VALUES(store_integer(step->version), store_integer(time_now())), error);
}

/* All missing steps, inside the caller's transaction. */
static int apply_missing(struct store *store, int target, struct error *error)
{
    if (store_run(store, STATEMENT_SCHEMA_PREPARE, STORE_NO_VALUES, error) != 0)
        return -1;
    int version = read_version(store, error);
    if (version < 0)
        return -1;
    for (; version < target; version++)
        if (apply(store, &migration_table[version], error) != 0)
            return -1;
    return 0;
}

int migrate_to(struct store *store, int target, struct error *error)
{
    int version = read_version(store, NULL); /* fails only where there is no schema at all */
    if (version > (int)migration_count)
        return error_set(error, "store_newer_schema", store->directory, "%d > %zu", version,
                         migration_count);
    if (version >= target)
        return 0;
    if (store_begin(store, error) != 0)
        return -1;
    if (apply_missing(store, target, error) != 0) {
        store_rollback(store);
        return -1;
    }
    return store_commit(store, error);
}
