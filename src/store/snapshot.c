/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Database and journal are two things that grow side by side. What makes them fit together is one
 * short moment in which no transaction can commit: in it the reading transaction begins and the
 * checkpoint is read. Every entry of that checkpoint was recorded before, and no entry was
 * forgotten by the database that the checkpoint does not hold.
 */
#include "store/snapshot.h"

#include <fcntl.h>
#include <sys/file.h>

#include "base/error.h"
#include "base/file.h"
#include "journal/note.h"
#include "store/blob_collect.h"
#include "store/connection.h"
#include "store/outbox.h"

/* In the moment: pins the state that the reading transaction sees, and reads the checkpoint. */
static int take_both(struct snapshot *snapshot, const char *directory, struct error *error)
{
    uint64_t recorded, waiting;
    AUTO_BUFFER path = {0};
    store_append_path(&path, directory, "journal/checkpoint");
    if (store_begin_read(snapshot->store, error) != 0 ||
        store_outbox_state(snapshot->store, &recorded, &waiting, error) != 0)
        return -1;
    return file_read(buffer_string(&path), NOTE_BYTES_MAX, &snapshot->checkpoint, error);
}

int snapshot_take(const char *directory, struct snapshot *snapshot, struct error *error)
{
    struct store *barrier = NULL;
    *snapshot = (struct snapshot){.collector = -1};
    int result = store_open(directory, &barrier, error);
    if (result == 0)
        result = store_open(directory, &snapshot->store, error);
    if (result == 0)
        result =
            (snapshot->collector = blob_collector_hold(snapshot->store, true, LOCK_SH, error)) < 0
                ? -1
                : 0;
    if (result == 0)
        result = store_begin(barrier, error);
    if (result == 0)
        result = take_both(snapshot, directory, error);
    store_close(barrier);
    if (result != 0)
        snapshot_free(snapshot);
    return result;
}

/* Copies page by page inside the reading transaction, so that all pages are of the moment. */
static int copy_pages(struct store *store, sqlite3 *copy, const char *path, struct error *error)
{
    sqlite3_backup *backup = sqlite3_backup_init(copy, "main", store->database, "main");
    int code = backup ? sqlite3_backup_step(backup, -1) : sqlite3_errcode(copy);
    int end = sqlite3_backup_finish(backup);
    if (code == SQLITE_DONE && end == SQLITE_OK)
        return 0;
    if ((code & 0xFF) == SQLITE_FULL)
        return error_set(error, "disk_full", path, "%s", "");
    return error_set(error, "store_failed", path, "%s (%d)", sqlite3_errstr(code), code);
}

int snapshot_write(struct snapshot *snapshot, const char *path, struct error *error)
{
    sqlite3 *copy = NULL;
    if (file_create(path, (struct bytes){NULL, 0}, 0600, error) != 0)
        return -1;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(path, &copy, flags, NULL);
    int result = code == SQLITE_OK
                     ? copy_pages(snapshot->store, copy, path, error)
                     : error_set(error, "store_failed", path, "%s", sqlite3_errstr(code));
    sqlite3_close(copy);
    if (result != 0)
        return -1;
    AUTO_FD fd = file_open(path, O_RDONLY, 0, error);
    return fd < 0 ? -1 : file_sync(fd, path, error);
}

void snapshot_free(struct snapshot *snapshot)
{
    store_close(snapshot->store);
    snapshot->store = NULL;
    buffer_free(&snapshot->checkpoint);
    file_close(&snapshot->collector);
}
