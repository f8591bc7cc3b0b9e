/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copying the tiles of one tree, and going on from a copy. */
#include "journal/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "journal/checkpoint.h"
#include "journal/entry.h"
#include "journal/files.h"
#include "journal/reader_internal.h"
#include "journal/segment.h"

enum { CHECKPOINT_MODE = 0644 };

struct copying {
    int from, to; /* directories */
    uint64_t size;
    int (*each)(const struct copying *copying, unsigned level, uint64_t index, unsigned width,
                const char *path, const char *temporary, struct error *error);
};

/* Writes one tile or bundle, cut to the width that the tree has of it, under a temporary name. */
static int write_tile(const struct copying *copying, unsigned level, uint64_t index, unsigned width,
                      const char *path, const char *temporary, struct error *error)
{
    AUTO_BUFFER tile = {0};
    (void)path;
    if (reader_load_tile(copying->from, level, index, width, &tile, NULL, error) < 0)
        return -1;
    return files_write(copying->to, temporary, buffer_bytes(&tile), error);
}

/* Gives it its own name, once it is durable. */
static int name_tile(const struct copying *copying, unsigned level, uint64_t index, unsigned width,
                     const char *path, const char *temporary, struct error *error)
{
    (void)level;
    (void)index;
    (void)width;
    if (renameat(copying->to, temporary, copying->to, path) < 0)
        return file_error(error, path);
    return 0;
}

/* Does one step for a tile that is not there yet. */
static int visit_tile(const struct copying *copying, unsigned level, uint64_t index, unsigned width,
                      struct error *error)
{
    AUTO_BUFFER path = {0}, temporary = {0};
    tile_append_path(&path, level, index, width);
    buffer_append_format(&temporary, "%s.new", buffer_string(&path));
    if (faccessat(copying->to, buffer_string(&path), F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        return 0;
    return copying->each(copying, level, index, width, buffer_string(&path),
                         buffer_string(&temporary), error);
}

/* All tiles of a level; the last one may be partial. */
static int visit_level(const struct copying *copying, unsigned level, struct error *error)
{
    unsigned tile_level = level == TILE_ENTRIES ? 0 : level;
    uint64_t complete = tile_complete_count(tile_level, copying->size);
    for (uint64_t index = 0; index < complete; index++)
        if (visit_tile(copying, level, index, TILE_WIDTH, error) < 0)
            return -1;
    unsigned width = tile_partial_width(tile_level, copying->size);
    return width == 0 ? 0 : visit_tile(copying, level, complete, width, error);
}

/* All tiles of the tree; then everything is durable. */
static int visit_tree(const struct copying *copying, struct error *error)
{
    for (unsigned level = 0; level < TILE_LEVELS; level++)
        if (visit_level(copying, level, error) < 0)
            return -1;
    if (visit_level(copying, TILE_ENTRIES, error) < 0)
        return -1;
    return syncfs(copying->to) < 0 ? file_error(error, "tile") : 0;
}

/* A tile that has its own name is whole, also after a crash in the middle of this. */
static int copy_tree(struct copying *copying, struct bytes bytes, struct error *error)
{
    struct note note;
    struct checkpoint checkpoint;
    if (checkpoint_parse(bytes, &note, &checkpoint, "checkpoint", error) < 0)
        return -1;
    copying->size = checkpoint.size;
    copying->each = write_tile;
    if (visit_tree(copying, error) < 0)
        return -1;
    copying->each = name_tile;
    if (visit_tree(copying, error) < 0)
        return -1;
    return files_replace(copying->to, "checkpoint", bytes, CHECKPOINT_MODE, error);
}

int journal_copy(const char *from, const char *to, struct bytes checkpoint, struct error *error)
{
    if (mkdir(to, 0750) < 0 && errno != EEXIST)
        return file_error(error, to);
    struct copying copying = {.from = files_open_directory(from, error), .to = -1};
    int result = copying.from < 0 ? -1 : 0;
    if (result == 0)
        result = (copying.to = files_open_directory(to, error)) < 0 ? -1 : 0;
    if (result == 0)
        result = copy_tree(&copying, checkpoint, error);
    file_close(&copying.from);
    file_close(&copying.to);
    return result;
}

/* Reads the published checkpoint of a directory into bytes, of which the other two are views. */
static int read_checkpoint(int directory, struct buffer *bytes, struct checkpoint *checkpoint,
                           struct error *error)
{
    struct note note;
    if (files_read(directory, "checkpoint", NOTE_BYTES_MAX, bytes, error) < 0)
        return -1;
    return checkpoint_parse(buffer_bytes(bytes), &note, checkpoint, "checkpoint", error);
}

/* Reads backwards to the last entry that has a sequence number. */
static int find_position(struct journal_reader *reader, uint64_t size, uint64_t *position,
                         struct error *error)
{
    for (*position = 0; size > 0 && *position == 0; size--) {
        AUTO_BUFFER entry = {0};
        if (journal_reader_entry(reader, size - 1, &entry, error) < 0 ||
            journal_entry_check(buffer_bytes(&entry), position, "entry", error) < 0)
            return -1;
    }
    return 0;
}

int journal_copy_position(const char *directory, uint64_t *position, struct error *error)
{
    AUTO_BUFFER bytes = {0};
    struct checkpoint checkpoint;
    struct journal_reader *reader = journal_reader_open(directory, error);
    if (!reader)
        return -1;
    int result = read_checkpoint(reader_directory(reader), &bytes, &checkpoint, error);
    if (result == 0) {
        journal_reader_set_size(reader, checkpoint.size);
        result = find_position(reader, checkpoint.size, position, error);
    }
    journal_reader_free(reader);
    return result;
}

/* Makes the write-ahead log under another name, then gives it its own. */
static int create_log(int directory, uint64_t size, uint64_t position,
                      const struct merkle_hash *origin, struct error *error)
{
    struct segment segment;
    if (faccessat(directory, "wal", F_OK, 0) == 0)
        return error_set(error, "journal_exists", "wal", "%" PRIu64, size);
    if (files_make_directory(directory, "wal.new", error) < 0)
        return -1;
    AUTO_FD wal = openat(directory, "wal.new", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (wal < 0)
        return file_error(error, "wal");
    if (segment_create(wal, size, position, origin, NULL, &segment, error) < 0)
        return -1;
    file_close(&segment.file);
    if (renameat(directory, "wal.new", directory, "wal") < 0)
        return file_error(error, "wal");
    return files_sync(directory, ".", error);
}

int journal_adopt(const char *path, uint64_t position, struct error *error)
{
    AUTO_BUFFER bytes = {0};
    struct checkpoint checkpoint;
    struct merkle_hash origin;
    AUTO_FD directory = files_open_directory(path, error);
    if (directory < 0 || read_checkpoint(directory, &bytes, &checkpoint, error) < 0)
        return -1;
    merkle_hash_data(checkpoint.origin, &origin);
    return create_log(directory, checkpoint.size, position, &origin, error);
}
