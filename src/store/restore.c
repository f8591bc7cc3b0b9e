/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making an organization's directory out of a backup's set. The database comes last. */
#include <stdio.h>

#include "base/error.h"
#include "base/file.h"
#include "base/time.h"
#include "journal/checkpoint.h"
#include "journal/copy.h"
#include "store/backup_internal.h"
#include "store/connection.h"
#include "store/record.h"

enum { MANIFEST_MAX = 4 << 20 };

struct restoring {
    const struct store_restore_options *options;
    const char *from; /* directory of the backup */
    bool link;        /* it is ours alone: links will do */
    struct store_backup_report *report;
    struct backup_set set;
    struct buffer set_path;
};

/* Finds the set and reads its manifest. */
static int find_set(struct restoring *restoring, struct error *error)
{
    AUTO_BUFFER name = {0}, manifest = {0}, json = {0};
    if (restoring->options->set)
        buffer_append_string(&name, restoring->options->set);
    else if (backup_set_newest(restoring->from, &name, error) != 0)
        return -1;
    snprintf(restoring->report->set, sizeof restoring->report->set, "%s", buffer_string(&name));
    buffer_append_format(&restoring->set_path, "%s/sets/%s", restoring->from, buffer_string(&name));
    store_append_path(&manifest, buffer_string(&restoring->set_path), "set.json");
    if (strchr(buffer_string(&name), '/') || !file_exists(buffer_string(&manifest)))
        return error_set(error, "backup_no_set", restoring->from, "%s", buffer_string(&name));
    if (file_read(buffer_string(&manifest), MANIFEST_MAX, &json, error) != 0)
        return -1;
    return backup_set_parse(buffer_bytes(&json), buffer_string(&manifest), &restoring->set, error);
}

/* Copies a key that the backup has, or takes it from the file that the caller named. */
static int restore_key(struct restoring *restoring, const char *name, const char *given,
                       bool needed, struct error *error)
{
    AUTO_BUFFER from = {0}, to = {0};
    buffer_append_format(&from, "%s/keys/%s", buffer_string(&restoring->set_path), name);
    buffer_append_format(&to, "%s/keys/%s", restoring->options->directory, name);
    const char *source = given ? given : buffer_string(&from);
    if (!needed && !file_exists(source))
        return 0;
    return file_copy(source, buffer_string(&to), 0600, error);
}

/*
 * With a signing key the sealer goes on from the set's checkpoint: that is what it last signed as
 * far as this copy knows. What the lost machine signed afterwards only witnesses can tell.
 */
static int restore_state(struct restoring *restoring, struct error *error)
{
    struct note note;
    AUTO_BUFFER key = {0}, state = {0};
    store_append_path(&key, restoring->options->directory, "keys/journal.key");
    store_append_path(&state, restoring->options->directory, "keys/journal.state");
    if (!file_exists(buffer_string(&key)))
        return 0;
    if (note_parse(buffer_bytes(&restoring->set.checkpoint), &note, "set.json", error) != 0)
        return -1;
    return file_replace(buffer_string(&state), note.text, 0600, error);
}

static int restore_keys(struct restoring *restoring, struct error *error)
{
    AUTO_BUFFER keys = {0};
    store_append_path(&keys, restoring->options->directory, "keys");
    if (file_make_directory(buffer_string(&keys), error) != 0 ||
        restore_key(restoring, "journal.pub", NULL, true, error) != 0 ||
        restore_key(restoring, "journal.first.pub", NULL, true, error) != 0 ||
        restore_key(restoring, "blob.key", restoring->options->blob_key, true, error) != 0 ||
        restore_key(restoring, "journal.key", NULL, false, error) != 0)
        return -1;
    return restore_state(restoring, error);
}

static int restore_journal(struct restoring *restoring, struct error *error)
{
    AUTO_BUFFER from = {0}, to = {0};
    uint64_t position;
    store_append_path(&from, restoring->from, "journal");
    store_append_path(&to, restoring->options->directory, "journal");
    const char *journal = buffer_string(&to);
    if (journal_copy(buffer_string(&from), journal, buffer_bytes(&restoring->set.checkpoint),
                     error) != 0 ||
        journal_copy_position(journal, &position, error) != 0)
        return -1;
    return journal_adopt(journal, position, error);
}

/* The database under a name that nobody opens, in a directory of its own so that it can be opened.
 */
static int stage_database(struct restoring *restoring, const char *staging, struct error *error)
{
    AUTO_BUFFER from = {0}, to = {0};
    char digest[65];
    store_append_path(&from, buffer_string(&restoring->set_path), "sekisho.db");
    store_append_path(&to, staging, "sekisho.db");
    if (file_make_directory(staging, error) != 0 ||
        file_copy(buffer_string(&from), buffer_string(&to), 0600, error) != 0 ||
        backup_digest(buffer_string(&to), digest, error) != 0)
        return -1;
    if (strcmp(digest, restoring->set.database_sha256) != 0)
        return error_set(error, "backup_changed", buffer_string(&from), "%s", digest);
    return 0;
}

/* Copies every blob that the database names. */
static int restore_blobs(struct restoring *restoring, struct store *store, struct error *error)
{
    struct store_blob_id id = {{0}};
    int64_t size = 0;
    int found;
    for (uint64_t n = 0; (found = blob_next(store, &id, n == 0, &size, error)) == 1; n++) {
        AUTO_BUFFER from = {0}, to = {0};
        blob_append_path(&from, restoring->from, &id);
        blob_append_path(&to, restoring->options->directory, &id);
        if (!file_exists(buffer_string(&from)))
            return error_set(error, "store_blob_missing", buffer_string(&from), "%s", "");
        if (backup_put_file(buffer_string(&from), buffer_string(&to), restoring->link,
                            &restoring->report->new_blobs, error) != 0)
            return -1;
    }
    return found;
}

/* The first entry behind the checkpoint says that, and from what, this copy was made. */
static int record_restore(struct restoring *restoring, struct store *store, struct error *error)
{
    struct store_fact facts[] = {{"set", restoring->report->set},
                                 {"database_sha256", restoring->set.database_sha256}};
    struct store_entry entry = {.actor = "sekisho",
                                .action = "store.restore",
                                .object = restoring->report->set,
                                .facts = facts,
                                .fact_count = sizeof facts / sizeof *facts};
    if (store_begin(store, error) != 0)
        return -1;
    if (store_record(store, &entry, error) != 0) {
        store_rollback(store);
        return -1;
    }
    return store_commit(store, error);
}

/* Everything but the database's final name, with the database opened beside it. */
static int restore_around(struct restoring *restoring, const char *staging, struct error *error)
{
    struct store *store;
    if (stage_database(restoring, staging, error) != 0 || restore_keys(restoring, error) != 0 ||
        restore_journal(restoring, error) != 0 || store_open(staging, &store, error) != 0)
        return -1;
    int result = restore_blobs(restoring, store, error);
    if (result == 0)
        result = record_restore(restoring, store, error);
    if (result == 0)
        result = store_settle(store, error);
    store_close(store);
    return result;
}

static int restore(struct restoring *restoring, struct error *error)
{
    AUTO_BUFFER staging = {0}, from = {0}, to = {0}, failed = {0};
    const char *directory = restoring->options->directory;
    store_append_path(&failed, directory, "sekisho.db.unproven");
    store_append_path(&staging, directory, "restoring");
    store_append_path(&from, buffer_string(&staging), "sekisho.db");
    store_append_path(&to, directory, "sekisho.db");
    if (find_set(restoring, error) != 0 || file_make_directory(directory, error) != 0 ||
        restore_around(restoring, buffer_string(&staging), error) != 0 ||
        file_rename(buffer_string(&from), buffer_string(&to), error) != 0 ||
        file_remove_tree(buffer_string(&staging), error) != 0)
        return -1;
    uint64_t copied = restoring->report->new_blobs;
    char set[sizeof restoring->report->set];
    memcpy(set, restoring->report->set, sizeof set);
    int result = store_prove(directory, restoring->report, error);
    if (result != 0)
        rename(buffer_string(&to), buffer_string(&failed)); /* nobody shall go on from it */
    restoring->report->new_blobs = copied;
    memcpy(restoring->report->set, set, sizeof set);
    return result;
}

int store_restore(const struct store_restore_options *options, struct store_backup_report *report,
                  struct error *error)
{
    struct restoring restoring = {.options = options, .from = options->from, .report = report};
    AUTO_BUFFER unpacked = {0};
    *report = (struct store_backup_report){0};
    if (file_exists(options->directory) && !file_directory_empty(options->directory))
        return error_set(error, "directory_not_empty", options->directory, "%s", "");
    int result = 0;
    if (backup_is_file(options->from)) {
        buffer_append_format(&unpacked, "%s.unpacked", options->directory);
        restoring.from = buffer_string(&unpacked);
        restoring.link = true;
        result = file_remove_tree(restoring.from, error);
        if (result == 0)
            result = backup_unpack(options->from, restoring.from, error);
    }
    if (result == 0)
        result = restore(&restoring, error);
    if (restoring.link)
        file_remove_tree(restoring.from, NULL);
    backup_set_free(&restoring.set);
    buffer_free(&restoring.set_path);
    return result;
}
