/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a journal: what was published from its tiles, what came after from the write-ahead log.
 */
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
#include "journal/reader_internal.h"

enum { SEGMENT_DIGITS = 20 };

static int load_edge_level(struct journal *journal, unsigned level, uint64_t size,
                           struct error *error)
{
    AUTO_BUFFER hashes = {0};
    unsigned width = tile_partial_width(level, size);
    if (width == 0)
        return 0;
    if (reader_load_tile(journal->directory, level, tile_complete_count(level, size), width,
                         &hashes, NULL, error) < 0)
        return -1;
    for (unsigned i = 0; i < width; i++)
        tile_read_hash(buffer_bytes(&hashes), i, &journal->edge.tiles[level][i]);
    journal->has_partial[level] = true;
    return 0;
}

/* The leaf hashes of the partial bundle must be those of the partial tile. */
static int load_bundle(struct journal *journal, uint64_t size, struct error *error)
{
    AUTO_BUFFER path = {0};
    struct bytes entries[TILE_WIDTH];
    unsigned width = tile_partial_width(0, size);
    if (width == 0)
        return 0;
    if (reader_load_tile(journal->directory, TILE_ENTRIES, tile_complete_count(0, size), width,
                         &journal->edge.bundle, &path, error) < 0 ||
        tile_split_bundle(buffer_bytes(&journal->edge.bundle), width, entries, buffer_string(&path),
                          error) < 0)
        return -1;
    for (unsigned i = 0; i < width; i++) {
        struct merkle_hash leaf;
        merkle_hash_leaf(entries[i], &leaf);
        if (!merkle_hash_equal(&leaf, &journal->edge.tiles[0][i]))
            return error_set(error, "journal_tiles_differ", buffer_string(&path), "%" PRIu64,
                             size - width + i);
    }
    return 0;
}

static int load_published(struct journal *journal, struct error *error)
{
    AUTO_BUFFER bytes = {0};
    struct note note;
    struct checkpoint checkpoint;
    struct merkle_hash root;
    struct error missing = {0};
    if (files_read(journal->directory, "checkpoint", NOTE_BYTES_MAX, &bytes, &missing) < 0) {
        if (strcmp(missing.code, "file_missing") == 0)
            return 0; /* nothing published yet: the write-ahead log must begin at 0 */
        if (error)
            *error = missing;
        return -1;
    }
    if (checkpoint_parse(buffer_bytes(&bytes), &note, &checkpoint, "checkpoint", error) < 0)
        return -1;
    if (!bytes_equal_string(checkpoint.origin, journal->origin))
        return error_set(error, "journal_other_origin", "checkpoint", "%.*s",
                         (int)checkpoint.origin.length, (const char *)checkpoint.origin.data);
    for (unsigned level = 0; level < TILE_LEVELS; level++)
        if (load_edge_level(journal, level, checkpoint.size, error) < 0)
            return -1;
    if (load_bundle(journal, checkpoint.size, error) < 0)
        return -1;
    journal->edge.size = journal->prepared = journal->published = checkpoint.size;
    edge_root(&journal->edge, &root);
    journal->prepared_root = root;
    if (!merkle_hash_equal(&root, &checkpoint.root))
        return error_set(error, "journal_tiles_differ", "checkpoint", "%" PRIu64, checkpoint.size);
    return 0;
}

static int compare_bases(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* Reads the names of the segments into journal->older, sorted, and removes everything else. */
static int list_segments(struct journal *journal, struct error *error)
{
    int descriptor = openat(journal->wal, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = descriptor < 0 ? NULL : fdopendir(descriptor);
    if (!entries) {
        file_error(error, "wal");
        file_close(&descriptor);
        return -1;
    }
    for (struct dirent *entry = readdir(entries); entry; entry = readdir(entries)) {
        struct bytes name = bytes_of_string(entry->d_name);
        uint64_t base = strtoull(entry->d_name, NULL, 10);
        if (name.length == SEGMENT_DIGITS &&
            strspn(entry->d_name, "0123456789") == SEGMENT_DIGITS) {
            journal->older =
                memory_resize(journal->older, journal->older_count + 1, sizeof *journal->older);
            journal->older[journal->older_count++] = base;
        } else if (bytes_start_with(name, "spare-") || bytes_equal_string(name, "fresh")) {
            unlinkat(journal->wal, entry->d_name, 0);
        }
    }
    closedir(entries);
    qsort(journal->older, journal->older_count, sizeof *journal->older, compare_bases);
    return 0;
}

/* Adds the entries of a frame that are not in the published tree yet. */
static int integrate_frame(void *context, const struct segment_frame *frame, struct error *error)
{
    struct journal *journal = context;
    for (size_t i = 0; i < frame->count; i++) {
        if (frame->first + i < journal->edge.size)
            continue;
        if (journal_integrate(journal, frame->entries[i], &frame->leaves[i], error) < 0)
            return -1;
    }
    return 0;
}

static int damaged(const struct segment *segment, struct error *error)
{
    char where[SEGMENT_NAME_BYTES + 8];
    snprintf(where, sizeof where, "wal/%s", segment->name);
    return error_set(error, "journal_log_damaged", where, "%" PRIu64, segment->end);
}

/*
 * Replays the segments from the one that holds the first unpublished entry on. Older ones may be in
 * the middle of being reused, and are not looked at.
 */
static int replay_segments(struct journal *journal, struct error *error)
{
    size_t first = 0;
    while (first + 1 < journal->older_count && journal->older[first + 1] <= journal->published)
        first++;
    if (journal->older_count == 0 || journal->older[first] > journal->published)
        return error_set(error, "journal_log_damaged", "wal", "%" PRIu64, journal->published);
    for (size_t i = first; i < journal->older_count; i++) {
        bool last = i + 1 == journal->older_count;
        struct segment segment;
        if (segment_replay(journal->wal, journal->older[i], &journal->origin_hash, integrate_frame,
                           journal, &segment, error) < 0)
            return -1;
        if (last ? segment.end < journal->published : segment.end != journal->older[i + 1]) {
            file_close(&segment.file);
            return damaged(&segment, error);
        }
        if (last)
            journal->active = segment;
        else
            file_close(&segment.file);
    }
    journal->older_count--; /* the last one is the active one */
    return 0;
}

/*
 * Removes the partial tiles of a level that a crash left half-written: those of sizes that were
 * never published.
 */
static void drop_unpublished(struct journal *journal, unsigned tile_level)
{
    unsigned level = tile_level == TILE_ENTRIES ? 0 : tile_level;
    uint64_t published = tile_complete_count(level, journal->published);
    for (uint64_t index = published; index <= tile_complete_count(level, journal->edge.size);
         index++) {
        AUTO_BUFFER path = {0};
        tile_append_path(&path, tile_level, index, TILE_WIDTH);
        buffer_append_string(&path, ".p");
        journal_remove_partials(journal, buffer_string(&path),
                                index == published ? tile_partial_width(level, journal->published)
                                                   : 0);
    }
}

int journal_recover(struct journal *journal, struct error *error)
{
    if (load_published(journal, error) < 0 || list_segments(journal, error) < 0 ||
        replay_segments(journal, error) < 0 || segment_secure_last(&journal->active, error) < 0)
        return -1;
    for (unsigned level = 0; level < TILE_LEVELS; level++)
        drop_unpublished(journal, level);
    drop_unpublished(journal, TILE_ENTRIES);
    journal_retire_segments(journal);
    return 0;
}
