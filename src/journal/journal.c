/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Creating, opening and appending. How durability is reached: doc/decisions/ on the journal. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "journal/files.h"
#include "journal/journal_internal.h"
#include "journal/reader_internal.h"

enum { DIRECTORY_MODE = 0750 };

static int set_origin(struct journal *journal, const char *origin, struct error *error)
{
    if (sodium_init() < 0 || !note_name_valid(bytes_of_string(origin)))
        return error_set(error, "journal_bad_key", "", "%s", origin);
    snprintf(journal->origin, sizeof journal->origin, "%s", origin);
    merkle_hash_data(bytes_of_string(origin), &journal->origin_hash);
    return 0;
}

static struct journal *allocate(void)
{
    struct journal *journal = memory_allocate(1, sizeof *journal);
    journal->directory = journal->wal = journal->lock = journal->active.file = -1;
    return journal;
}

void journal_close(struct journal *journal)
{
    if (!journal)
        return;
    file_close(&journal->active.file);
    file_close(&journal->wal);
    file_close(&journal->directory);
    file_close(&journal->lock); /* gives the lock back */
    edge_free(&journal->edge);
    buffer_free(&journal->unsynced.names);
    buffer_free(&journal->outdated.names);
    buffer_free(&journal->frame);
    free(journal->older);
    free(journal->leaves);
    free(journal);
}

static int take_lock(struct journal *journal, struct error *error)
{
    journal->lock = openat(journal->directory, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (journal->lock < 0)
        return file_error(error, "lock");
    if (flock(journal->lock, LOCK_EX | LOCK_NB) == 0)
        return 0;
    return errno == EWOULDBLOCK ? error_set_errno(error, "journal_in_use", "lock")
                                : file_error(error, "lock");
}

static int fill_new_directory(struct journal *journal, struct error *error)
{
    if (take_lock(journal, error) < 0)
        return -1;
    if (faccessat(journal->directory, "wal", F_OK, 0) == 0 ||
        faccessat(journal->directory, "checkpoint", F_OK, 0) == 0)
        return error_set(error, "journal_exists", "", "%s", journal->origin);
    if (files_make_directory(journal->directory, "tile", error) < 0 ||
        files_make_directory(journal->directory, "wal.new", error) < 0)
        return -1;
    journal->wal = openat(journal->directory, "wal.new", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (journal->wal < 0)
        return file_error(error, "wal");
    if (segment_create(journal->wal, 0, 0, &journal->origin_hash, NULL, &journal->active, error) <
        0)
        return -1;
    /* The name makes it a journal: before this moment there is none. */
    if (renameat(journal->directory, "wal.new", journal->directory, "wal") < 0)
        return file_error(error, "wal");
    return files_sync(journal->directory, ".", error);
}

int journal_create(const char *directory, const char *origin, struct error *error)
{
    struct journal *journal = allocate();
    int result = set_origin(journal, origin, error);
    if (result == 0 && mkdir(directory, DIRECTORY_MODE) < 0 && errno != EEXIST)
        result = file_error(error, directory);
    if (result == 0) {
        journal->directory = files_open_directory(directory, error);
        result = journal->directory < 0 ? -1 : fill_new_directory(journal, error);
    }
    journal_close(journal);
    return result;
}

static int open_directories(struct journal *journal, const char *directory, struct error *error)
{
    journal->directory = files_open_directory(directory, error);
    if (journal->directory < 0)
        return -1;
    journal->wal = openat(journal->directory, "wal", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (journal->wal < 0)
        return file_error(error, "wal");
    return take_lock(journal, error);
}

struct journal *journal_open(const char *directory, const char *origin, struct error *error)
{
    struct journal *journal = allocate();
    if (set_origin(journal, origin, error) < 0 || open_directories(journal, directory, error) < 0 ||
        journal_recover(journal, error) < 0) {
        journal_close(journal);
        return NULL;
    }
    return journal;
}

uint64_t journal_size(const struct journal *journal)
{
    return journal->active.end;
}

uint64_t journal_position(const struct journal *journal)
{
    return journal->active.position;
}

uint64_t journal_published_size(const struct journal *journal)
{
    return journal->published;
}

void journal_root(const struct journal *journal, struct merkle_hash *root)
{
    edge_root(&journal->edge, root);
}

int journal_last_entry(const struct journal *journal, struct buffer *out, struct error *error)
{
    AUTO_BUFFER complete = {0};
    struct bytes entries[TILE_WIDTH];
    struct bytes bundle = buffer_bytes(&journal->edge.bundle);
    unsigned width = tile_partial_width(0, journal->edge.size);
    if (journal->edge.size == 0)
        return 0;
    if (width == 0) {
        width = TILE_WIDTH;
        if (reader_load_tile(journal->directory, TILE_ENTRIES,
                             tile_complete_count(0, journal->edge.size) - 1, width, &complete, NULL,
                             error) < 0)
            return -1;
        bundle = buffer_bytes(&complete);
    }
    if (tile_split_bundle(bundle, width, entries, "tile/entries", error) < 0)
        return -1;
    buffer_append_bytes(out, entries[width - 1]);
    return 0;
}

static int put_tile(void *context, unsigned level, uint64_t index, struct bytes content,
                    struct error *error)
{
    struct journal *journal = context;
    AUTO_BUFFER path = {0};
    tile_append_path(&path, level, index, TILE_WIDTH);
    if (level < TILE_LEVELS && journal->has_partial[level]) {
        AUTO_BUFFER partial = {0};
        journal->has_partial[level] = false;
        buffer_append_format(&partial, "%s.p", buffer_string(&path));
        path_list_add(&journal->outdated, buffer_string(&partial));
        if (level == 0) {
            buffer_clear(&partial);
            tile_append_path(&partial, TILE_ENTRIES, index, TILE_WIDTH);
            buffer_append_string(&partial, ".p");
            path_list_add(&journal->outdated, buffer_string(&partial));
        }
    }
    path_list_add(&journal->unsynced, buffer_string(&path));
    return files_write(journal->directory, buffer_string(&path), content, error);
}

int journal_integrate(struct journal *journal, struct bytes entry, const struct merkle_hash *leaf,
                      struct error *error)
{
    const struct edge_sink sink = {put_tile, journal};
    return edge_add(&journal->edge, entry, leaf, &sink, error);
}

/* Begins a new segment behind the active one. When this fails, nothing has changed. */
static int next_segment(struct journal *journal, struct error *error)
{
    char spare[32] = "";
    struct segment next;
    if (journal->spares > 0)
        snprintf(spare, sizeof spare, "spare-%zu", journal->spares - 1);
    bool reuse = journal->spares > 0;
    journal->spares -= reuse;
    if (segment_create(journal->wal, journal->active.end, journal->active.position,
                       &journal->origin_hash, reuse ? spare : NULL, &next, error) < 0)
        return -1;
    journal->older =
        memory_resize(journal->older, journal->older_count + 1, sizeof *journal->older);
    journal->older[journal->older_count++] = journal->active.base;
    file_close(&journal->active.file);
    journal->active = next;
    return 0;
}

static int append_frame(struct journal *journal, const struct bytes *entries, size_t count,
                        size_t payload, uint64_t position, struct error *error)
{
    if (!segment_has_room(&journal->active, payload) && next_segment(journal, error) < 0)
        return -1;
    if (count > journal->leaf_capacity) {
        journal->leaves = memory_resize(journal->leaves, count, sizeof *journal->leaves);
        journal->leaf_capacity = count;
    }
    for (size_t i = 0; i < count; i++)
        merkle_hash_leaf(entries[i], &journal->leaves[i]);
    const struct segment_frame frame = {journal->active.end, position, entries, journal->leaves,
                                        count};
    if (segment_append(&journal->active, &frame, &journal->frame, &journal->failure) < 0) {
        if (error)
            *error = journal->failure;
        return -1;
    }
    /* Durable from here on: what fails now only stops what comes after. */
    for (size_t i = 0; i < count; i++) {
        struct error failure;
        if (journal_integrate(journal, entries[i], &journal->leaves[i], &failure) < 0)
            journal->failure = failure;
    }
    return 0;
}

static int refuse_if_failed(const struct journal *journal, struct error *error)
{
    if (!journal->failure.code)
        return 0;
    if (error)
        *error = journal->failure;
    return -1;
}

int journal_append(struct journal *journal, const struct bytes *entries, size_t count,
                   uint64_t position, struct error *error)
{
    size_t payload = 0;
    if (count == 0)
        return 0;
    for (size_t i = 0; i < count; i++) {
        if (entries[i].length > TILE_ENTRY_MAX)
            return error_set(error, "journal_entry_too_long", "", "%zu", entries[i].length);
        payload += journal_batch_cost(entries[i].length);
    }
    if (payload > JOURNAL_BATCH_MAX)
        return error_set(error, "journal_batch_too_long", "", "%zu", payload);
    if (refuse_if_failed(journal, error) < 0)
        return -1;
    return append_frame(journal, entries, count, payload, position, error);
}

void path_list_add(struct path_list *list, const char *path)
{
    buffer_append(&list->names, path, strlen(path) + 1);
    list->count++;
}

void path_list_clear(struct path_list *list)
{
    buffer_clear(&list->names);
    list->count = 0;
}
