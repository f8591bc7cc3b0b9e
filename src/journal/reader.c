/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading tiles and entries of a published journal, with a small cache of tiles. */
#include <assert.h>
#include <inttypes.h>

#include "base/cursor.h"
#include "base/memory.h"
#include "journal/files.h"
#include "journal/note.h"
#include "journal/reader_internal.h"

enum { CACHE_TILES = 64 };

struct cached_tile {
    unsigned level;
    uint64_t index;
    struct buffer hashes; /* empty: nothing cached here */
};

struct journal_reader {
    int directory;
    uint64_t size;
    struct cached_tile cache[CACHE_TILES];
};

struct journal_reader *journal_reader_open(const char *directory, struct error *error)
{
    int descriptor = files_open_directory(directory, error);
    if (descriptor < 0)
        return NULL;
    struct journal_reader *reader = memory_allocate(1, sizeof *reader);
    reader->directory = descriptor;
    return reader;
}

void journal_reader_free(struct journal_reader *reader)
{
    if (!reader)
        return;
    file_close(&reader->directory);
    for (size_t i = 0; i < CACHE_TILES; i++)
        buffer_free(&reader->cache[i].hashes);
    free(reader);
}

int reader_directory(const struct journal_reader *reader)
{
    return reader->directory;
}

int journal_reader_checkpoint(struct journal_reader *reader, struct buffer *note,
                              struct error *error)
{
    return files_read(reader->directory, "checkpoint", NOTE_BYTES_MAX, note, error);
}

void journal_reader_set_size(struct journal_reader *reader, uint64_t size)
{
    reader->size = size;
    for (size_t i = 0; i < CACHE_TILES; i++)
        buffer_clear(&reader->cache[i].hashes);
}

unsigned reader_tile_width(unsigned level, uint64_t index, uint64_t size)
{
    unsigned tile_level = level == TILE_ENTRIES ? 0 : level;
    uint64_t complete = tile_complete_count(tile_level, size);
    if (index < complete)
        return TILE_WIDTH;
    return index == complete ? tile_partial_width(tile_level, size) : 0;
}

/* Cuts what was read down to width, or says that it has too few or too many. */
static int fit(unsigned level, unsigned width, unsigned file_width, struct bytes read,
               size_t *length, const char *path, struct error *error)
{
    if (level != TILE_ENTRIES) {
        *length = width * sizeof(struct merkle_hash);
        if (read.length == file_width * sizeof(struct merkle_hash))
            return 0;
        return error_set(error, "journal_tile_size", path, "%zu", read.length);
    }
    struct bytes entries[TILE_WIDTH];
    if (tile_split_bundle(read, file_width, entries, path, error) < 0)
        return -1;
    *length = (size_t)(entries[width - 1].data + entries[width - 1].length - read.data);
    return 0;
}

int reader_load_tile(int directory, unsigned level, uint64_t index, unsigned width,
                     struct buffer *out, struct buffer *path, struct error *error)
{
    AUTO_BUFFER name = {0};
    AUTO_BUFFER read = {0};
    size_t limit = level == TILE_ENTRIES ? TILE_BUNDLE_MAX : TILE_BYTES;
    unsigned file_width = width;
    struct error missing = {0};
    tile_append_path(&name, level, index, width);
    int result = files_read(directory, buffer_string(&name), limit, &read, &missing);
    if (result < 0 && width < TILE_WIDTH && strcmp(missing.code, "file_missing") == 0) {
        AUTO_BUFFER complete = {0};
        file_width = TILE_WIDTH;
        tile_append_path(&complete, level, index, TILE_WIDTH);
        result = files_read(directory, buffer_string(&complete), limit, &read, NULL);
        if (result == 0) {
            buffer_clear(&name);
            buffer_append_bytes(&name, buffer_bytes(&complete));
        }
    }
    if (path)
        buffer_append_bytes(path, buffer_bytes(&name));
    if (result < 0) {
        if (error)
            *error = missing;
        return -1;
    }
    size_t length;
    if (fit(level, width, file_width, buffer_bytes(&read), &length, buffer_string(&name), error) <
        0)
        return -1;
    buffer_append(out, read.data, length);
    return 0;
}

static int load_cached(struct journal_reader *reader, unsigned level, uint64_t index,
                       struct bytes *hashes, struct error *error)
{
    struct cached_tile *cached = &reader->cache[(level * 7 + index) % CACHE_TILES];
    if (cached->hashes.length == 0 || cached->level != level || cached->index != index) {
        unsigned width = reader_tile_width(level, index, reader->size);
        if (width == 0)
            return error_set(error, "journal_beyond_end", "", "%" PRIu64, reader->size);
        buffer_clear(&cached->hashes);
        cached->level = level;
        cached->index = index;
        if (reader_load_tile(reader->directory, level, index, width, &cached->hashes, NULL, error) <
            0)
            return -1;
    }
    *hashes = buffer_bytes(&cached->hashes);
    return 0;
}

static int read_subtree(void *context, unsigned level, uint64_t index, struct merkle_hash *out,
                        struct error *error)
{
    unsigned height = level % TILE_HEIGHT;
    uint64_t start = index << height;
    struct bytes hashes;
    if (load_cached(context, level / TILE_HEIGHT, start / TILE_WIDTH, &hashes, error) < 0)
        return -1;
    unsigned first = (unsigned)(start % TILE_WIDTH), count = 1u << height;
    struct merkle_hash row[TILE_WIDTH / 2];
    if ((first + count) * sizeof *row > hashes.length)
        return error_set(error, "journal_beyond_end", "", "%" PRIu64, index);
    for (unsigned i = 0; i < count; i++)
        tile_read_hash(hashes, first + i, &row[i]);
    merkle_hash_subtree(row, count, out);
    return 0;
}

struct merkle_source journal_reader_source(struct journal_reader *reader)
{
    return (struct merkle_source){read_subtree, reader};
}

int journal_reader_root(const char *directory, uint64_t tree_size, uint64_t size,
                        struct merkle_hash *root, struct error *error)
{
    struct journal_reader *reader = journal_reader_open(directory, error);
    if (!reader)
        return -1;
    journal_reader_set_size(reader, tree_size);
    struct merkle_source source = journal_reader_source(reader);
    int result = merkle_root(&source, size, root, error);
    journal_reader_free(reader);
    return result;
}

int journal_reader_visit(struct journal_reader *reader, uint64_t first, uint64_t end,
                         int (*visit)(void *context, uint64_t index, struct bytes entry,
                                      struct error *error),
                         void *context, struct error *error)
{
    AUTO_BUFFER bundle = {0};
    AUTO_BUFFER path = {0};
    if (end > reader->size)
        end = reader->size;
    while (first < end) {
        uint64_t tile = first / TILE_WIDTH;
        unsigned width = reader_tile_width(TILE_ENTRIES, tile, reader->size);
        struct bytes entries[TILE_WIDTH];
        buffer_clear(&bundle);
        buffer_clear(&path);
        if (reader_load_tile(reader->directory, TILE_ENTRIES, tile, width, &bundle, &path, error) <
                0 ||
            tile_split_bundle(buffer_bytes(&bundle), width, entries, buffer_string(&path), error) <
                0)
            return -1;
        for (; first < end && first / TILE_WIDTH == tile; first++) {
            int result = visit(context, first, entries[first % TILE_WIDTH], error);
            if (result != 0)
                return result < 0 ? -1 : 0;
        }
    }
    return 0;
}

static int take_entry(void *context, uint64_t index, struct bytes entry, struct error *error)
{
    (void)index;
    (void)error;
    buffer_append_bytes(context, entry);
    return 1;
}

int journal_reader_entry(struct journal_reader *reader, uint64_t index, struct buffer *out,
                         struct error *error)
{
    if (index >= reader->size)
        return error_set(error, "journal_beyond_end", "", "%" PRIu64, index);
    return journal_reader_visit(reader, index, index + 1, take_entry, out, error);
}
