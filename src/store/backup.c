/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Taking a backup: one moment's snapshot, then everything that belongs to it, then reading it back.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/time.h"
#include "journal/copy.h"
#include "store/backup_internal.h"
#include "store/record.h"
#include "store/snapshot.h"

struct taking {
    const struct store_backup_options *options;
    const char *to; /* directory that is being written */
    bool link;      /* it is on its way into a tar file: links will do */
    struct store_backup_report *report;
    struct snapshot snapshot;
    struct backup_set set;
    struct buffer work; /* path of the set while it is written */
};

bool backup_is_file(const char *path)
{
    size_t length = strlen(path);
    return length > 4 && strcmp(path + length - 4, ".tar") == 0;
}

int backup_put_file(const char *from, const char *to, bool link_allowed, uint64_t *added,
                    struct error *error)
{
    AUTO_BUFFER parent = {0};
    if (file_exists(to))
        return 0;
    file_append_directory(&parent, to);
    if (file_make_directory(buffer_string(&parent), error) != 0)
        return -1;
    ++*added;
    if (link_allowed && link(from, to) == 0)
        return 0;
    return file_copy(from, to, 0400, error);
}

/* Copies the blobs that the snapshot names; those copied now are read back where they arrived. */
static int copy_blobs(struct taking *taking, struct error *error)
{
    struct store_blob_id id = {{0}};
    int64_t size = 0;
    int found;
    const char *source = taking->options->directory;
    uint64_t *blobs = &taking->report->blobs, *added = &taking->report->new_blobs;
    while ((found = blob_next(taking->snapshot.store, &id, *blobs == 0, &size, error)) == 1) {
        AUTO_BUFFER from = {0}, to = {0};
        uint64_t before = *added;
        blob_append_path(&from, source, &id);
        blob_append_path(&to, taking->to, &id);
        if (backup_put_file(buffer_string(&from), buffer_string(&to), taking->link, added, error) !=
                0 ||
            (*added != before && blob_check(taking->to, source, &id, size, error) != 0))
            return -1;
        ++*blobs;
    }
    return found;
}

/* Copies one of the keys; whoever reads the backup reads them too, so they are 0600 there as well.
 */
static int copy_key(struct taking *taking, const char *name, struct error *error)
{
    AUTO_BUFFER from = {0}, to = {0}, keys = {0};
    store_append_path(&keys, buffer_string(&taking->work), "keys");
    buffer_append_format(&from, "%s/keys/%s", taking->options->directory, name);
    buffer_append_format(&to, "%s/%s", buffer_string(&keys), name);
    if (file_make_directory(buffer_string(&keys), error) != 0)
        return -1;
    return file_copy(buffer_string(&from), buffer_string(&to), 0600, error);
}

static int copy_keys(struct taking *taking, struct error *error)
{
    if (copy_key(taking, "journal.pub", error) != 0 ||
        copy_key(taking, "journal.first.pub", error) != 0)
        return -1;
    if (!taking->options->without_blob_key && copy_key(taking, "blob.key", error) != 0)
        return -1;
    return taking->options->with_signing_key ? copy_key(taking, "journal.key", error) : 0;
}

static int copy_journal(struct taking *taking, struct error *error)
{
    AUTO_BUFFER from = {0}, to = {0};
    store_append_path(&from, taking->options->directory, "journal");
    store_append_path(&to, taking->to, "journal");
    return journal_copy(buffer_string(&from), buffer_string(&to),
                        buffer_bytes(&taking->snapshot.checkpoint), error);
}

/* Reads the database's organization into the manifest. */
static int read_organization(struct taking *taking, struct error *error)
{
    AUTO_ROWS *rows = NULL;
    if (store_query(taking->snapshot.store, STATEMENT_ORGANIZATION_READ, STORE_NO_VALUES, &rows,
                    error) != 0 ||
        store_rows_next(rows, error) < 0)
        return -1;
    buffer_append_string(&taking->set.organization, store_rows_text(rows, 0));
    return 0;
}

/* What was written is read back: the journal's proof, and that the database belongs to it. */
static int check_written(struct taking *taking, struct error *error)
{
    AUTO_BUFFER journal = {0}, key = {0}, database = {0};
    char digest[65];
    uint64_t position;
    store_append_path(&journal, taking->to, "journal");
    store_append_path(&key, buffer_string(&taking->work), "keys/journal.first.pub");
    store_append_path(&database, buffer_string(&taking->work), "sekisho.db");
    if (prove_journal(buffer_string(&journal), buffer_string(&key), &taking->set.entries, &position,
                      error) != 0 ||
        backup_check_together(taking->snapshot.store, position, error) != 0)
        return -1;
    if (backup_digest(buffer_string(&database), digest, error) != 0)
        return -1;
    if (strcmp(digest, taking->set.database_sha256) != 0)
        return error_set(error, "backup_changed", buffer_string(&database), "%s", digest);
    return 0;
}

/* The manifest gives the set its name as the last thing: before, there is no set. */
static int name_set(struct taking *taking, struct error *error)
{
    AUTO_BUFFER json = {0}, manifest = {0}, path = {0};
    taking->set.blobs = taking->report->blobs;
    taking->report->entries = taking->set.entries;
    backup_set_append(&json, &taking->set);
    store_append_path(&manifest, buffer_string(&taking->work), "set.json");
    if (file_create(buffer_string(&manifest), buffer_bytes(&json), 0600, error) != 0)
        return -1;
    for (int number = 1;; number++) {
        struct date day = time_date_in_japan(taking->set.created - TIME_JAPAN); /* in UTC */
        int64_t second = taking->set.created / TIME_SECOND % 86400;
        snprintf(taking->report->set, sizeof taking->report->set, "%04d%02d%02dT%02d%02d%02dZ-%02d",
                 day.year, day.month, day.day, (int)(second / 3600), (int)(second / 60 % 60),
                 (int)(second % 60), number);
        buffer_clear(&path);
        buffer_append_format(&path, "%s/sets/%s", taking->to, taking->report->set);
        if (!file_exists(buffer_string(&path)))
            return file_rename(buffer_string(&taking->work), buffer_string(&path), error);
    }
}

/* Everything of one set, from the database to its name. */
static int write_set(struct taking *taking, struct error *error)
{
    AUTO_BUFFER database = {0};
    buffer_append_format(&taking->work, "%s/sets/.new", taking->to);
    const char *work = buffer_string(&taking->work);
    store_append_path(&database, work, "sekisho.db");
    taking->set.created = time_now();
    buffer_append_bytes(&taking->set.checkpoint, buffer_bytes(&taking->snapshot.checkpoint));
    if (file_remove_tree(work, error) != 0 || file_make_directory(work, error) != 0 ||
        read_organization(taking, error) != 0 ||
        snapshot_write(&taking->snapshot, buffer_string(&database), error) != 0 ||
        backup_digest(buffer_string(&database), taking->set.database_sha256, error) != 0 ||
        copy_blobs(taking, error) != 0 || copy_keys(taking, error) != 0 ||
        copy_journal(taking, error) != 0 || check_written(taking, error) != 0)
        return -1;
    return name_set(taking, error);
}

/* Tells the living journal that there is a backup, and what its database is. */
static int record_backup(const struct taking *taking, struct error *error)
{
    struct store *store;
    struct store_fact facts[] = {{"set", taking->report->set},
                                 {"database_sha256", taking->set.database_sha256}};
    struct store_entry entry = {.actor = "sekisho",
                                .action = "store.backup",
                                .object = taking->report->set,
                                .facts = facts,
                                .fact_count = sizeof facts / sizeof *facts};
    if (store_open(taking->options->directory, &store, error) != 0)
        return -1;
    int result = store_begin(store, error);
    if (result == 0)
        result = store_record(store, &entry, error);
    if (result == 0)
        result = store_commit(store, error);
    store_close(store);
    return result;
}

/* A backup into a directory, which may hold earlier sets. */
static int take(const struct store_backup_options *options, const char *to, bool link,
                struct store_backup_report *report, struct error *error)
{
    struct taking taking = {.options = options, .to = to, .link = link, .report = report};
    AUTO_BUFFER sets = {0};
    store_append_path(&sets, to, "sets");
    *report = (struct store_backup_report){0};
    if (snapshot_take(options->directory, &taking.snapshot, error) != 0)
        return -1;
    int result = file_make_directory(buffer_string(&sets), error);
    if (result == 0)
        result = write_set(&taking, error);
    snapshot_free(&taking.snapshot);
    if (result == 0)
        result = record_backup(&taking, error);
    buffer_free(&taking.work);
    backup_set_free(&taking.set);
    return result;
}

int store_backup(const struct store_backup_options *options, struct store_backup_report *report,
                 struct error *error)
{
    if (!backup_is_file(options->to))
        return take(options, options->to, false, report, error);
    AUTO_BUFFER staging = {0};
    buffer_append_format(&staging, "%s.parts", options->to);
    const char *parts = buffer_string(&staging);
    if (file_exists(options->to))
        return error_set(error, "file_exists", options->to, "%s", "");
    if (file_remove_tree(parts, error) != 0)
        return -1;
    int result = take(options, parts, true, report, error);
    if (result == 0)
        result = backup_pack(parts, options->to, error);
    struct error ignored;
    return file_remove_tree(parts, result == 0 ? error : &ignored) == 0 ? result : -1;
}
