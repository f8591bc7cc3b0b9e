/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Removing blobs that nobody needs. A file goes inside the transaction that finds no user for it,
 * so that nobody can begin to use it in between; keeping a blob checks in its own transaction that
 * the file is there. A reader that has it open reads on to its end.
 */
#include "store/blob_collect.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/time.h"
#include "store/blob_file.h"
#include "store/connection.h"

enum {
    ORPHAN_AGE = 3600, /* seconds before a file without a row counts as forgotten */
    LEFTOVER_AGE = 60, /* seconds: between creating and locking, a temporary file has no lock */
};

struct collection {
    struct store *store;
    int64_t now;
    uint64_t removed;
};

int blob_collector_hold(struct store *store, bool wait, int operation, struct error *error)
{
    AUTO_BUFFER path = {0}, blobs = {0};
    store_append_path(&blobs, store_directory(store), "blobs");
    store_append_path(&path, store_directory(store), "blobs/lock");
    if (file_make_directory(buffer_string(&blobs), error) != 0)
        return -1;
    int fd = file_open(buffer_string(&path), O_RDWR | O_CREAT | O_NOFOLLOW, 0600, error);
    if (fd < 0 || flock(fd, operation | (wait ? 0 : LOCK_NB)) == 0)
        return fd;
    file_error(error, buffer_string(&path));
    file_close(&fd);
    return -1;
}

/* Unlinks a file; that it is not there is as good. */
static int remove_file(const char *path, struct error *error)
{
    return unlink(path) == 0 || errno == ENOENT ? 0 : file_error(error, path);
}

/* In a transaction: takes the blob's row away if it may go; 1 it went, 0 it stays. */
static int remove_row(struct collection *collection, const struct store_blob_id *id,
                      struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(
            collection->store, STATEMENT_BLOB_REMOVE,
            STORE_VALUES(store_blob(id->bytes, sizeof id->bytes), store_integer(collection->now)),
            &rows, error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found == 1 && store_rows_next(rows, error) != 0)
        return -1;
    return found;
}

static int remove_blob(struct collection *collection, const struct store_blob_id *id,
                       struct error *error)
{
    AUTO_BUFFER path = {0};
    blob_append_path(&path, store_directory(collection->store), id);
    if (store_begin(collection->store, error) != 0)
        return -1;
    int went = remove_row(collection, id, error);
    if (went == 1 && remove_file(buffer_string(&path), error) != 0)
        went = -1;
    if (went == 1 && store_commit(collection->store, error) == 0) {
        collection->removed++;
        return 0;
    }
    store_rollback(collection->store);
    return went == 0 ? 0 : -1;
}

/* The first blob that may go: 1 and its id, 0 none, -1 error. */
static int find_removable(struct collection *collection, struct store_blob_id *id,
                          struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(collection->store, STATEMENT_BLOB_LIST_REMOVABLE,
                    STORE_VALUES(store_integer(collection->now), store_integer(1)), &rows,
                    error) != 0)
        return -1;
    int found = store_rows_next(rows, error);
    if (found == 1 && blob_id_from_bytes(store_rows_blob(rows, 0), id, error) != 0)
        return -1;
    return found;
}

/* True when the file was last written so many seconds ago. */
static bool aged(const char *path, int age)
{
    struct stat status;
    return lstat(path, &status) == 0 && time_now() / TIME_SECOND - status.st_mtime >= age;
}

/* True when no living writer holds the file's lock. */
static bool abandoned(const char *path)
{
    AUTO_FD fd = file_open(path, O_RDONLY | O_NOFOLLOW, 0, NULL);
    return fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0;
}

/* 1 when the database knows the blob, 0 when not. */
static int known(struct store *store, const struct store_blob_id *id, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(store, STATEMENT_BLOB_READ,
                    STORE_VALUES(store_blob(id->bytes, sizeof id->bytes)), &rows, error) != 0)
        return -1;
    return store_rows_next(rows, error);
}

/* Removes a file that has no row, holding everybody off who might be about to give it one. */
static int remove_orphan(struct collection *collection, const struct store_blob_id *id,
                         const char *path, struct error *error)
{
    if (store_begin(collection->store, error) != 0)
        return -1;
    int result = known(collection->store, id, error);
    if (result == 0) {
        result = remove_file(path, error);
        collection->removed += result == 0;
    }
    store_rollback(collection->store);
    return result < 0 ? -1 : 0;
}

static int visit_file(void *context, const char *name, const char *path, struct error *error)
{
    struct collection *collection = context;
    struct store_blob_id id;
    if (strncmp(name, "tmp/", 4) == 0) {
        if (!aged(path, LEFTOVER_AGE) || !abandoned(path))
            return 0;
        collection->removed++;
        return remove_file(path, error);
    }
    if (!blob_id_from_name(name, &id) || !aged(path, ORPHAN_AGE))
        return 0;
    int is_known = known(collection->store, &id, error);
    if (is_known != 0 || !abandoned(path))
        return is_known < 0 ? -1 : 0;
    return remove_orphan(collection, &id, path, error);
}

int store_blob_remove(struct store *store, const struct store_blob_id *id, int64_t now,
                      struct error *error)
{
    struct collection collection = {store, now, 0};
    AUTO_FD lock = blob_collector_hold(store, false, LOCK_EX, NULL);
    return lock < 0 ? 0 : remove_blob(&collection, id, error);
}

int store_blob_collect(struct store *store, int64_t now, uint64_t *removed, struct error *error)
{
    struct collection collection = {store, now, 0};
    AUTO_BUFFER blobs = {0};
    AUTO_FD lock = blob_collector_hold(store, false, LOCK_EX, NULL);
    *removed = 0;
    if (lock < 0)
        return 0; /* another collector, or a backup, is at work: next time */
    struct store_blob_id id;
    int found;
    while ((found = find_removable(&collection, &id, error)) == 1)
        if (remove_blob(&collection, &id, error) != 0)
            return -1;
    store_append_path(&blobs, store_directory(store), "blobs");
    if (found < 0 || file_walk(buffer_string(&blobs), visit_file, &collection, error) != 0)
        return -1;
    *removed = collection.removed;
    return 0;
}
