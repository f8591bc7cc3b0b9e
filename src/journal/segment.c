/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Segments of the write-ahead log: the bytes of headers and frames, writing and replaying. */
#include "journal/segment.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cursor.h"
#include "base/memory.h"
#include "journal/files.h"
#include "journal/tile.h"

#define SEGMENT_MAGIC "SEKISHO1"
#define FRAME_MAGIC   UINT32_C(0xF75EC150) /* not the start of any UTF-8 text */

/*
 * Header of a segment: magic 8, base 8, position 8, salt 16, origin 32, digest 32, zeroes.
 * Header of a frame:   magic 4, count 4, first 8, position 8, payload bytes 8, digest 32; then the
 * payload. All numbers are big-endian. A segment's digest is over the bytes before it.
 */
enum {
    SEGMENT_SIGNED = 8 + 8 + 8 + SEGMENT_SALT_BYTES + 32,
    FRAME_SIGNED = 4 + 4 + 8 + 8 + 8,
    FRAME_HEADER = FRAME_SIGNED + 32,
    ZERO_PIECE = SEGMENT_BYTES < 1 << 20 ? SEGMENT_BYTES : 1 << 20,
    SEGMENT_MODE = 0640,
};

void segment_name(uint64_t base, char name[SEGMENT_NAME_BYTES])
{
    snprintf(name, SEGMENT_NAME_BYTES, "%020" PRIu64, base);
}

static size_t round_to_block(size_t length)
{
    return (length + SEGMENT_BLOCK - 1) / SEGMENT_BLOCK * SEGMENT_BLOCK;
}

bool segment_has_room(const struct segment *segment, size_t payload)
{
    return segment->offset + FRAME_HEADER + payload <= SEGMENT_BYTES;
}

/* Writes every block once, so that later writes need no new blocks. */
static int fill(int file, const char *name, struct error *error)
{
    AUTO_FREE uint8_t *zeroes = memory_allocate(ZERO_PIECE, 1);
    for (size_t offset = 0; offset < SEGMENT_BYTES; offset += ZERO_PIECE)
        if (files_write_at(file, (struct bytes){zeroes, ZERO_PIECE}, offset, name, error) < 0)
            return -1;
    return fsync(file) < 0 ? file_error(error, name) : 0;
}

static int write_header(struct segment *segment, const struct merkle_hash *origin,
                        struct error *error)
{
    AUTO_BUFFER header = {0};
    struct merkle_hash digest;
    uint8_t zeroes[SEGMENT_BLOCK] = {0};
    buffer_append_string(&header, SEGMENT_MAGIC);
    buffer_append_u64be(&header, segment->base);
    buffer_append_u64be(&header, segment->position);
    buffer_append(&header, segment->salt, sizeof segment->salt);
    buffer_append(&header, origin->bytes, sizeof origin->bytes);
    merkle_hash_data(buffer_bytes(&header), &digest);
    buffer_append(&header, digest.bytes, sizeof digest.bytes);
    buffer_append(&header, zeroes, SEGMENT_BLOCK - header.length);
    if (files_write_at(segment->file, buffer_bytes(&header), 0, segment->name, error) < 0)
        return -1;
    return fdatasync(segment->file) < 0 ? file_error(error, segment->name) : 0;
}

#define FRESH_NAME "fresh"

int segment_create(int directory, uint64_t base, uint64_t position,
                   const struct merkle_hash *origin, const char *spare, struct segment *segment,
                   struct error *error)
{
    const char *from = spare ? spare : FRESH_NAME;
    *segment =
        (struct segment){.base = base, .end = base, .position = position, .offset = SEGMENT_BLOCK};
    segment_name(base, segment->name);
    randombytes_buf(segment->salt, sizeof segment->salt);
    segment->file =
        openat(directory, from, (spare ? 0 : O_CREAT | O_TRUNC) | O_RDWR | O_CLOEXEC, SEGMENT_MODE);
    if (segment->file < 0)
        return file_error(error, from);
    if ((!spare && fill(segment->file, from, error) < 0) ||
        write_header(segment, origin, error) < 0) {
        file_close(&segment->file);
        unlinkat(directory, from, 0);
        return -1;
    }
    if (renameat(directory, from, directory, segment->name) < 0 || fsync(directory) < 0) {
        file_error(error, segment->name);
        file_close(&segment->file);
        return -1;
    }
    return 0;
}

/* SHA-256(salt ‖ frame header ‖ leaf hashes). */
static void frame_digest(const struct segment *segment, struct bytes header,
                         const struct merkle_hash *leaves, size_t count, struct merkle_hash *out)
{
    AUTO_BUFFER message = {0};
    buffer_reserve(&message, sizeof segment->salt + header.length + count * sizeof *leaves);
    buffer_append(&message, segment->salt, sizeof segment->salt);
    buffer_append_bytes(&message, header);
    buffer_append(&message, leaves, count * sizeof *leaves);
    merkle_hash_data(buffer_bytes(&message), out);
}

static void append_frame(struct buffer *out, const struct segment *segment,
                         const struct segment_frame *frame)
{
    struct merkle_hash digest;
    size_t payload = 0;
    for (size_t i = 0; i < frame->count; i++)
        payload += 2 + frame->entries[i].length;
    buffer_reserve(out, FRAME_HEADER + payload);
    buffer_append_u32be(out, FRAME_MAGIC);
    buffer_append_u32be(out, (uint32_t)frame->count);
    buffer_append_u64be(out, frame->first);
    buffer_append_u64be(out, frame->position);
    buffer_append_u64be(out, payload);
    frame_digest(segment, buffer_bytes(out), frame->leaves, frame->count, &digest);
    buffer_append(out, digest.bytes, sizeof digest.bytes);
    for (size_t i = 0; i < frame->count; i++)
        tile_append_entry(out, frame->entries[i]);
}

int segment_append(struct segment *segment, const struct segment_frame *frame,
                   struct buffer *scratch, struct error *error)
{
    buffer_clear(scratch);
    append_frame(scratch, segment, frame);
    assert(segment->offset + scratch->length <= SEGMENT_BYTES);
    if (files_write_at(segment->file, buffer_bytes(scratch), segment->offset, segment->name,
                       error) < 0)
        return -1;
    if (fdatasync(segment->file) < 0)
        return file_error(error, segment->name);
    segment->last = segment->offset;
    segment->offset += round_to_block(scratch->length);
    segment->end += frame->count;
    segment->position = frame->position;
    return 0;
}

/* A frame read back; owns its arrays. */
struct loaded_frame {
    struct segment_frame frame;
    struct bytes *entries;
    struct merkle_hash *leaves;
    size_t length; /* bytes from its header on */
};

static void free_loaded(struct loaded_frame *loaded)
{
    free(loaded->entries);
    free(loaded->leaves);
    *loaded = (struct loaded_frame){0};
}

static bool load_payload(const struct segment *segment, struct bytes header, struct bytes digest,
                         struct bytes payload, struct loaded_frame *loaded)
{
    size_t count = loaded->frame.count;
    struct cursor cursor = cursor_open(payload);
    loaded->entries = memory_allocate(count, sizeof *loaded->entries);
    loaded->leaves = memory_allocate(count, sizeof *loaded->leaves);
    for (size_t i = 0; i < count; i++) {
        loaded->entries[i] = cursor_take(&cursor, cursor_u16be(&cursor));
        if (cursor.failed)
            return false;
        merkle_hash_leaf(loaded->entries[i], &loaded->leaves[i]);
    }
    struct merkle_hash expected;
    frame_digest(segment, header, loaded->leaves, count, &expected);
    return cursor_at_end(&cursor) && memcmp(expected.bytes, digest.data, digest.length) == 0;
}

/* Loads the frame at an offset; false when there is no whole one. */
static bool load_frame(const struct segment *segment, struct bytes file, size_t offset,
                       struct loaded_frame *loaded)
{
    *loaded = (struct loaded_frame){0};
    struct cursor cursor = cursor_open(file);
    cursor_seek(&cursor, offset);
    if (cursor_u32be(&cursor) != FRAME_MAGIC)
        return false;
    loaded->frame.count = cursor_u32be(&cursor);
    loaded->frame.first = cursor_u64be(&cursor);
    loaded->frame.position = cursor_u64be(&cursor);
    uint64_t length = cursor_u64be(&cursor);
    struct bytes digest = cursor_take(&cursor, sizeof(struct merkle_hash));
    struct bytes payload = cursor_take(&cursor, length);
    if (cursor.failed || loaded->frame.count == 0 || loaded->frame.count > payload.length / 2)
        return false;
    if (!load_payload(segment, bytes_slice(file, offset, FRAME_SIGNED), digest, payload, loaded)) {
        free_loaded(loaded);
        return false;
    }
    loaded->frame.entries = loaded->entries;
    loaded->frame.leaves = loaded->leaves;
    loaded->length = cursor.position - offset;
    return true;
}

static int damaged(const struct segment *segment, struct error *error)
{
    char where[SEGMENT_NAME_BYTES + 8];
    snprintf(where, sizeof where, "wal/%s", segment->name);
    return error_set(error, "journal_log_damaged", where, "%" PRIu64, segment->end);
}

static int read_header(struct bytes file, const struct merkle_hash *origin, struct segment *segment,
                       struct error *error)
{
    struct cursor cursor = cursor_open(file);
    struct merkle_hash expected;
    bool right = bytes_equal_string(cursor_take(&cursor, strlen(SEGMENT_MAGIC)), SEGMENT_MAGIC);
    right = cursor_u64be(&cursor) == segment->base && right;
    segment->position = cursor_u64be(&cursor);
    struct bytes salt = cursor_take(&cursor, sizeof segment->salt);
    struct bytes log = cursor_take(&cursor, sizeof origin->bytes);
    struct bytes digest = cursor_take(&cursor, sizeof expected.bytes);
    if (!right || cursor.failed || file.length != SEGMENT_BYTES)
        return damaged(segment, error);
    merkle_hash_data(bytes_slice(file, 0, SEGMENT_SIGNED), &expected);
    if (memcmp(expected.bytes, digest.data, digest.length) != 0 ||
        memcmp(origin->bytes, log.data, log.length) != 0)
        return damaged(segment, error);
    memcpy(segment->salt, salt.data, salt.length);
    return 0;
}

/* True when a whole frame of later entries stands anywhere behind the current offset. */
static bool frame_follows(const struct segment *segment, struct bytes file)
{
    for (size_t offset = segment->offset; offset < file.length; offset += SEGMENT_BLOCK) {
        struct loaded_frame loaded;
        if (!load_frame(segment, file, offset, &loaded))
            continue;
        bool later = loaded.frame.first >= segment->end;
        free_loaded(&loaded);
        if (later)
            return true;
    }
    return false;
}

static int replay_frames(struct bytes file, segment_visitor visit, void *context,
                         struct segment *segment, struct error *error)
{
    struct loaded_frame loaded;
    while (load_frame(segment, file, segment->offset, &loaded)) {
        if (loaded.frame.first != segment->end) {
            free_loaded(&loaded);
            break;
        }
        segment->last = segment->offset;
        segment->offset += round_to_block(loaded.length);
        segment->end += loaded.frame.count;
        segment->position = loaded.frame.position;
        int result = visit(context, &loaded.frame, error);
        free_loaded(&loaded);
        if (result < 0)
            return -1;
    }
    return frame_follows(segment, file) ? damaged(segment, error) : 0;
}

int segment_replay(int directory, uint64_t base, const struct merkle_hash *origin,
                   segment_visitor visit, void *context, struct segment *segment,
                   struct error *error)
{
    AUTO_BUFFER file = {0};
    *segment = (struct segment){.file = -1, .base = base, .end = base, .offset = SEGMENT_BLOCK};
    segment_name(base, segment->name);
    if (files_read(directory, segment->name, SEGMENT_BYTES, &file, error) < 0 ||
        read_header(buffer_bytes(&file), origin, segment, error) < 0 ||
        replay_frames(buffer_bytes(&file), visit, context, segment, error) < 0)
        return -1;
    segment->file = openat(directory, segment->name, O_RDWR | O_CLOEXEC);
    return segment->file < 0 ? file_error(error, segment->name) : 0;
}

int segment_secure_last(struct segment *segment, struct error *error)
{
    if (segment->last == 0)
        return 0;
    AUTO_BUFFER file = {0};
    size_t length = segment->offset - segment->last;
    if (length > SEGMENT_BYTES - segment->last)
        length = SEGMENT_BYTES - segment->last;
    buffer_reserve(&file, length);
    ssize_t got = pread(segment->file, file.data, length, (off_t)segment->last);
    if (got < 0 || (size_t)got != length)
        return file_error(error, segment->name);
    file.length = length;
    if (files_write_at(segment->file, buffer_bytes(&file), segment->last, segment->name, error) < 0)
        return -1;
    return fdatasync(segment->file) < 0 ? file_error(error, segment->name) : 0;
}
