/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making tiles durable, publishing checkpoints, and tidying up what they made superfluous. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/memory.h"
#include "journal/checkpoint.h"
#include "journal/files.h"
#include "journal/journal_internal.h"

enum { CHECKPOINT_MODE = 0644 };

static int write_partial(struct journal *journal, unsigned level, uint64_t index, unsigned width,
                         struct bytes content, struct error *error)
{
    AUTO_BUFFER path = {0};
    tile_append_path(&path, level, index, width);
    path_list_add(&journal->unsynced, buffer_string(&path));
    return files_write(journal->directory, buffer_string(&path), content, error);
}

/*
 * True when the partial tile of a level is the one that was written for the last checkpoint.
 * Writing it again would cut it for a moment, and a process that dies then would leave a published
 * tree that nobody can read.
 */
static bool partial_is_there(const struct journal *journal, unsigned level)
{
    unsigned shift = TILE_HEIGHT * level;
    return journal->edge.size >> shift == journal->prepared >> shift;
}

static int write_partials(struct journal *journal, struct error *error)
{
    uint64_t size = journal->edge.size;
    for (unsigned level = 0; level < TILE_LEVELS; level++) {
        unsigned width = tile_partial_width(level, size);
        if (width == 0 || partial_is_there(journal, level))
            continue;
        journal->has_partial[level] = true;
        struct bytes hashes = {journal->edge.tiles[level]->bytes,
                               width * sizeof(struct merkle_hash)};
        if (write_partial(journal, level, tile_complete_count(level, size), width, hashes, error) <
            0)
            return -1;
    }
    unsigned width = tile_partial_width(0, size);
    if (width == 0 || partial_is_there(journal, 0))
        return 0;
    return write_partial(journal, TILE_ENTRIES, tile_complete_count(0, size), width,
                         buffer_bytes(&journal->edge.bundle), error);
}

static bool list_has(const struct path_list *list, const char *path)
{
    const char *name = (const char *)list->names.data;
    for (size_t i = 0; i < list->count; i++, name += strlen(name) + 1)
        if (strcmp(name, path) == 0)
            return true;
    return false;
}

/* Adds the directories above a path that the list does not have yet. */
static void add_parents(struct path_list *directories, const char *path)
{
    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        AUTO_BUFFER parent = {0};
        buffer_append(&parent, path, (size_t)(slash - path));
        if (!list_has(directories, buffer_string(&parent)))
            path_list_add(directories, buffer_string(&parent));
    }
}

static int sync_list(struct journal *journal, const struct path_list *list, struct error *error)
{
    const char *name = (const char *)list->names.data;
    for (size_t i = 0; i < list->count; i++, name += strlen(name) + 1)
        if (files_sync(journal->directory, name, error) < 0)
            return -1;
    return 0;
}

/* A few files are synced one by one with their directories; many by one call for all. */
static int sync_tiles(struct journal *journal, struct error *error)
{
    if (journal->unsynced.count > JOURNAL_SYNC_MAX) {
        if (syncfs(journal->directory) < 0)
            return file_error(error, "tile");
    } else {
        struct path_list directories = {0};
        const char *name = (const char *)journal->unsynced.names.data;
        for (size_t i = 0; i < journal->unsynced.count; i++, name += strlen(name) + 1)
            add_parents(&directories, name);
        int result = sync_list(journal, &journal->unsynced, error);
        if (result == 0)
            result = sync_list(journal, &directories, error);
        buffer_free(&directories.names);
        if (result < 0)
            return -1;
    }
    path_list_clear(&journal->unsynced);
    return 0;
}

int journal_prepare(struct journal *journal, struct error *error)
{
    if (!journal->failure.code && (write_partials(journal, &journal->failure) == 0) &&
        sync_tiles(journal, &journal->failure) == 0) {
        journal->prepared = journal->edge.size;
        journal_root(journal, &journal->prepared_root);
        return 0;
    }
    if (error)
        *error = journal->failure;
    return -1;
}

/* What cannot be removed only takes up room. */
void journal_remove_partials(struct journal *journal, const char *path, unsigned keep)
{
    int descriptor = openat(journal->directory, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = descriptor < 0 ? NULL : fdopendir(descriptor);
    if (!entries) {
        file_close(&descriptor);
        return;
    }
    for (struct dirent *entry = readdir(entries); entry; entry = readdir(entries))
        if (strtoul(entry->d_name, NULL, 10) > keep)
            unlinkat(dirfd(entries), entry->d_name, 0);
    closedir(entries);
    if (keep == 0)
        unlinkat(journal->directory, path, AT_REMOVEDIR);
}

static void remove_outdated(struct journal *journal)
{
    const char *name = (const char *)journal->outdated.names.data;
    for (size_t i = 0; i < journal->outdated.count; i++, name += strlen(name) + 1)
        journal_remove_partials(journal, name, 0);
    path_list_clear(&journal->outdated);
}

/* A segment is needed as long as the one behind it begins after the published size. */
void journal_retire_segments(struct journal *journal)
{
    size_t kept = 0;
    for (size_t i = 0; i < journal->older_count; i++) {
        uint64_t next = i + 1 < journal->older_count ? journal->older[i + 1] : journal->active.base;
        char name[SEGMENT_NAME_BYTES], spare[32];
        if (next > journal->published) {
            journal->older[kept++] = journal->older[i];
            continue;
        }
        segment_name(journal->older[i], name);
        snprintf(spare, sizeof spare, "spare-%zu", journal->spares);
        if (journal->spares < JOURNAL_SPARES_MAX &&
            renameat(journal->wal, name, journal->wal, spare) == 0)
            journal->spares++;
        else
            unlinkat(journal->wal, name, 0);
    }
    journal->older_count = kept;
}

int journal_publish(struct journal *journal, struct bytes note_bytes, struct error *error)
{
    struct note note;
    struct checkpoint checkpoint;
    if (checkpoint_parse(note_bytes, &note, &checkpoint, "checkpoint", error) < 0)
        return -1;
    if (checkpoint.size != journal->prepared ||
        !merkle_hash_equal(&journal->prepared_root, &checkpoint.root) ||
        !bytes_equal_string(checkpoint.origin, journal->origin))
        return error_set(error, "journal_wrong_checkpoint", "checkpoint", "%" PRIu64,
                         checkpoint.size);
    if (files_replace(journal->directory, "checkpoint", note_bytes, CHECKPOINT_MODE, error) < 0)
        return -1;
    journal->published = checkpoint.size;
    remove_outdated(journal);
    journal_retire_segments(journal);
    return 0;
}
