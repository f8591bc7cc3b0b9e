/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening and closing a connection with every safety of SQLite on, and its transactions. */
#include "store/connection.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>

#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"

#define LARGEST_VALUE (64 << 20) /* bytes of one value; files belong into blobs */

void store_append_path(struct buffer *out, const char *directory, const char *inside)
{
    buffer_append_format(out, "%s/%s", directory, inside);
}

int connection_error(struct store *store, struct error *error)
{
    const char *says = sqlite3_errmsg(store->database);
    int code = sqlite3_extended_errcode(store->database);
    switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return error_set(error, "store_busy", store->directory, "%s", says);
    case SQLITE_FULL:
        return error_set(error, "disk_full", store->directory, "%s", says);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return error_set(error, "file_read_only", store->directory, "%s", says);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return error_set(error, "store_broken", store->directory, "%s", says);
    case SQLITE_CONSTRAINT:
        return error_set(error, "store_conflict", store->directory, "%s", says);
    case SQLITE_NOMEM:
        memory_exhausted();
    default:
        break;
    }
    errno = sqlite3_system_errno(store->database);
    if (errno == ENOSPC || errno == EDQUOT || errno == EROFS || errno == EACCES)
        return file_error(error, store->directory);
    /* where a file beside the database cannot be made, SQLite looks for it and misses it */
    if (errno == ENOENT && !file_exists(store->directory))
        return error_set(error, "file_missing", store->directory, "%s", "");
    return error_set(error, "store_failed", store->directory, "%s (%d)", says, code);
}

/* Another process writes: look again every millisecond, which is fairer than SQLite's growing
 * pause. */
static int wait_for_turn(void *context, int attempt)
{
    (void)context;
    const struct timespec pause = {0, 1000000};
    if (attempt >= STORE_PATIENCE)
        return 0;
    nanosleep(&pause, NULL);
    return 1;
}

static int set_up(struct store *store, struct error *error)
{
    static const struct {
        int option, value;
    } options[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},      {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
        {SQLITE_DBCONFIG_DQS_DML, 0},        {SQLITE_DBCONFIG_DQS_DDL, 0},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0}, {SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0},
    };
    static const enum store_statement settings[] = {
        STATEMENT_CONNECTION_JOURNAL_MODE, STATEMENT_CONNECTION_SYNCHRONOUS,
        STATEMENT_CONNECTION_FOREIGN_KEYS, STATEMENT_CONNECTION_TRUSTED_SCHEMA,
        STATEMENT_CONNECTION_CELL_CHECK,   STATEMENT_CONNECTION_SECURE_DELETE,
        STATEMENT_CONNECTION_TEMP_STORE,
    };
    sqlite3_busy_handler(store->database, wait_for_turn, NULL);
    sqlite3_extended_result_codes(store->database, 1);
    sqlite3_limit(store->database, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(store->database, SQLITE_LIMIT_LENGTH, LARGEST_VALUE);
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (sqlite3_db_config(store->database, options[i].option, options[i].value, NULL) !=
            SQLITE_OK)
            return connection_error(store, error);
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        if (store_run(store, settings[i], STORE_NO_VALUES, error) != 0)
            return -1;
    return 0;
}

int connection_open(const char *directory, int flags, struct store **out, struct error *error)
{
    struct store *store = memory_allocate(1, sizeof *store);
    store->directory = memory_copy_string(directory, strlen(directory));
    store->process = getpid();
    AUTO_BUFFER path = {0};
    store_append_path(&path, directory, "sekisho.db");
    flags |= SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE;
    int result = 0;
    if (sqlite3_open_v2(buffer_string(&path), &store->database, flags, NULL) != SQLITE_OK)
        result = connection_error(store, error);
    if (result != 0 || set_up(store, error) != 0) {
        store_close(store);
        return -1;
    }
    *out = store;
    return 0;
}

int store_create(const char *directory, struct error *error)
{
    AUTO_BUFFER path = {0};
    store_append_path(&path, directory, "sekisho.db");
    if (file_create(buffer_string(&path), (struct bytes){NULL, 0}, 0600, error) != 0)
        return -1;
    struct store *store;
    if (connection_open(directory, SQLITE_OPEN_READWRITE, &store, error) != 0)
        return -1;
    int result = migrate_to(store, (int)migration_count, error);
    store_close(store);
    return result;
}

int store_open(const char *directory, struct store **out, struct error *error)
{
    struct store *store;
    AUTO_BUFFER path = {0};
    store_append_path(&path, directory, "sekisho.db");
    AUTO_FD fd = file_open(buffer_string(&path), O_RDWR | O_NOFOLLOW, 0, error); /* a clear error */
    if (fd < 0)
        return -1;
    file_close(&fd);
    if (connection_open(directory, SQLITE_OPEN_READWRITE, &store, error) != 0)
        return -1;
    if (migrate_to(store, (int)migration_count, error) != 0) {
        store_close(store);
        return -1;
    }
    *out = store;
    return 0;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    if (store->database && store->process == getpid()) {
        store_rollback(store);
        for (size_t i = 0; i < STATEMENT_COUNT; i++)
            sqlite3_finalize(store->rows[i].prepared);
        sqlite3_close(store->database);
    }
    free(store->directory);
    free(store);
}

const char *store_directory(const struct store *store)
{
    return store->directory;
}

static int begin(struct store *store, enum store_statement statement,
                 enum store_transaction transaction, struct error *error)
{
    if (store->transaction != TRANSACTION_NONE)
        return error_set(error, "store_nested", store->directory, "%s",
                         statement_table[statement].name);
    if (store_run(store, statement, STORE_NO_VALUES, error) != 0)
        return -1;
    store->transaction = transaction;
    return 0;
}

int store_begin(struct store *store, struct error *error)
{
    return begin(store, STATEMENT_TRANSACTION_BEGIN, TRANSACTION_WRITE, error);
}

int store_begin_read(struct store *store, struct error *error)
{
    return begin(store, STATEMENT_TRANSACTION_BEGIN_READ, TRANSACTION_READ, error);
}

int store_commit(struct store *store, struct error *error)
{
    if (store->transaction == TRANSACTION_NONE)
        return error_set(error, "store_no_transaction", store->directory, "%s", "commit");
    if (store->open_rows > 0) {
        store_rollback(store);
        return error_set(error, "store_nested", store->directory, "%s", "commit");
    }
    if (store_run(store, STATEMENT_TRANSACTION_COMMIT, STORE_NO_VALUES, error) != 0) {
        store_rollback(store);
        return -1;
    }
    store->transaction = TRANSACTION_NONE;
    return 0;
}

void store_rollback(struct store *store)
{
    if (store->transaction == TRANSACTION_NONE)
        return;
    for (size_t i = 0; i < STATEMENT_COUNT && store->open_rows > 0; i++) {
        struct store_rows *rows = &store->rows[i];
        store_rows_close(&rows);
    }
    /* After a full disk SQLite may have rolled back by itself. */
    if (!sqlite3_get_autocommit(store->database))
        store_run(store, STATEMENT_TRANSACTION_ROLLBACK, STORE_NO_VALUES, NULL);
    store->transaction = TRANSACTION_NONE;
}

int store_conclude(struct store *store, int result, struct error *error)
{
    if (result == 0)
        return store_commit(store, error);
    store_rollback(store);
    return -1;
}

int store_check(struct store *store, struct error *error)
{
    struct store_rows *rows;
    if (store_query(store, STATEMENT_CHECK_INTEGRITY, STORE_NO_VALUES, &rows, error) != 0)
        return -1;
    int result = store_rows_next(rows, error) == 1 ? 0 : -1;
    if (result == 0 && strcmp(store_rows_text(rows, 0), "ok") != 0)
        result = error_set(error, "store_broken", store->directory, "%s", store_rows_text(rows, 0));
    store_rows_close(&rows);
    if (result != 0 ||
        store_query(store, STATEMENT_CHECK_REFERENCES, STORE_NO_VALUES, &rows, error) != 0)
        return -1;
    result = store_rows_next(rows, error);
    if (result == 1)
        result = error_set(error, "store_broken", store->directory, "%s -> %s",
                           store_rows_text(rows, 0), store_rows_text(rows, 2));
    store_rows_close(&rows);
    return result;
}

int store_settle(struct store *store, struct error *error)
{
    return store_run(store, STATEMENT_CONNECTION_CHECKPOINT, STORE_NO_VALUES, error);
}
