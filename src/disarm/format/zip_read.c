/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The central directory, its agreement with the local headers, and inflating by libdeflate. */
#include "disarm/format/zip_read.h"

#include <inttypes.h>
#include <libdeflate.h>
#include <stdlib.h>

#include "base/cursor.h"
#include "base/memory.h"

/* Signatures and fixed lengths, APPNOTE 4.3. */
enum {
    LOCAL_SIGNATURE = 0x04034b50,
    CENTRAL_SIGNATURE = 0x02014b50,
    END_SIGNATURE = 0x06054b50,
    END64_SIGNATURE = 0x06064b50,
    LOCATOR64_SIGNATURE = 0x07064b50,
    LOCAL_LENGTH = 30,
    CENTRAL_LENGTH = 46,
    END_LENGTH = 22,
    LOCATOR64_LENGTH = 20,
    COMMENT_MAXIMUM = 0xFFFF,
    EXTRA_ZIP64 = 0x0001,
};

enum {
    FLAG_ENCRYPTED = 1 << 0,
    FLAG_UTF8 = 1 << 11,
};

/* DEFLATE cannot pack better than this (a run of 258 bytes takes two bits at least). */
enum { DEFLATE_RATIO_MAXIMUM = 1032 };

struct directory {
    uint64_t offset;
    uint64_t length;
    uint64_t count;
};

static int damaged(struct error *error, const char *what)
{
    return error_set(error, "zip_damaged", NULL, "%s", what);
}

/* Finds the end record: the last one whose comment lies inside the file. */
static size_t find_end(struct bytes file)
{
    if (file.length < END_LENGTH)
        return SIZE_MAX;
    size_t lowest =
        file.length > END_LENGTH + COMMENT_MAXIMUM ? file.length - END_LENGTH - COMMENT_MAXIMUM : 0;
    for (size_t at = file.length - END_LENGTH + 1; at-- > lowest;) {
        struct cursor cursor = cursor_open(bytes_slice(file, at, END_LENGTH));
        if (cursor_u32le(&cursor) != END_SIGNATURE)
            continue;
        cursor_skip(&cursor, 16);
        if (cursor_u16le(&cursor) <= file.length - at - END_LENGTH)
            return at;
    }
    return SIZE_MAX;
}

/* Reads the ZIP64 end record when the locator stands before the end record (APPNOTE 4.3.14). */
static int read_end64(struct bytes file, size_t end, struct directory *directory,
                      struct error *error)
{
    if (end < LOCATOR64_LENGTH)
        return 0;
    struct cursor cursor = cursor_open(file);
    cursor_seek(&cursor, end - LOCATOR64_LENGTH);
    if (cursor_u32le(&cursor) != LOCATOR64_SIGNATURE)
        return 0;
    cursor_skip(&cursor, 4);
    uint64_t record = cursor_u64le(&cursor);
    if (record > file.length)
        return damaged(error, "zip64 end record");
    cursor_seek(&cursor, (size_t)record);
    if (cursor_u32le(&cursor) != END64_SIGNATURE)
        return damaged(error, "zip64 end record");
    cursor_skip(&cursor, 8 + 2 + 2 + 4 + 4 + 8);
    directory->count = cursor_u64le(&cursor);
    directory->length = cursor_u64le(&cursor);
    directory->offset = cursor_u64le(&cursor);
    return cursor.failed ? damaged(error, "zip64 end record") : 0;
}

static int read_end(struct bytes file, struct directory *directory, struct error *error)
{
    size_t end = find_end(file);
    if (end == SIZE_MAX)
        return damaged(error, "end record");
    struct cursor cursor = cursor_open(bytes_slice(file, end, END_LENGTH));
    cursor_skip(&cursor, 4);
    uint16_t disk = cursor_u16le(&cursor);
    cursor_skip(&cursor, 4);
    directory->count = cursor_u16le(&cursor);
    directory->length = cursor_u32le(&cursor);
    directory->offset = cursor_u32le(&cursor);
    if (read_end64(file, end, directory, error))
        return -1;
    if (disk != 0 && disk != 0xFFFF)
        return damaged(error, "parts on several disks");
    if (directory->offset > end || directory->length > end - directory->offset)
        return damaged(error, "central directory");
    return 0;
}

/* Replaces the values that are all ones by those of the ZIP64 extra field (APPNOTE 4.5.3). */
static int read_extra64(struct zip_member *member, uint64_t *packed_length, struct error *error)
{
    struct cursor extra = cursor_open(member->extra);
    while (cursor_remaining(&extra) >= 4) {
        uint16_t id = cursor_u16le(&extra);
        struct cursor field = cursor_open(cursor_take(&extra, cursor_u16le(&extra)));
        if (id != EXTRA_ZIP64 || extra.failed)
            continue;
        if (member->declared == UINT32_MAX)
            member->declared = cursor_u64le(&field);
        if (*packed_length == UINT32_MAX)
            *packed_length = cursor_u64le(&field);
        if (member->local_offset == UINT32_MAX)
            member->local_offset = cursor_u64le(&field);
        return field.failed ? damaged(error, "zip64 sizes") : 0;
    }
    return 0;
}

/* Finds the packed bytes behind the local header, which must agree with the directory. */
static int read_local(struct bytes file, struct zip_member *member, uint64_t packed_length,
                      struct error *error)
{
    if (member->local_offset > file.length)
        return damaged(error, "local header");
    struct cursor cursor = cursor_open(file);
    cursor_seek(&cursor, (size_t)member->local_offset);
    uint32_t signature = cursor_u32le(&cursor);
    cursor_skip(&cursor, 2);
    uint16_t flags = cursor_u16le(&cursor);
    uint16_t method = cursor_u16le(&cursor);
    cursor_skip(&cursor, 4 + 12);
    uint16_t name_length = cursor_u16le(&cursor);
    uint16_t extra_length = cursor_u16le(&cursor);
    struct bytes name = cursor_take(&cursor, name_length);
    cursor_skip(&cursor, extra_length);
    if (packed_length > cursor_remaining(&cursor))
        return damaged(error, "a member is cut off");
    member->packed = cursor_take(&cursor, (size_t)packed_length);
    if (cursor.failed || signature != LOCAL_SIGNATURE)
        return damaged(error, "local header");
    if (!bytes_equal(name, member->name) || method != member->method ||
        (flags & FLAG_ENCRYPTED) != (member->flags & FLAG_ENCRYPTED))
        return damaged(error, "local header and central directory disagree");
    return 0;
}

static int read_member(struct bytes file, struct cursor *directory, struct zip_member *member,
                       struct error *error)
{
    if (cursor_u32le(directory) != CENTRAL_SIGNATURE)
        return damaged(error, "central directory");
    member->made_by = cursor_u16le(directory);
    cursor_skip(directory, 2);
    member->flags = cursor_u16le(directory);
    member->method = cursor_u16le(directory);
    member->time = cursor_u16le(directory);
    member->date = cursor_u16le(directory);
    member->crc32 = cursor_u32le(directory);
    uint64_t packed_length = cursor_u32le(directory);
    member->declared = cursor_u32le(directory);
    uint16_t name_length = cursor_u16le(directory);
    uint16_t extra_length = cursor_u16le(directory);
    uint16_t comment_length = cursor_u16le(directory);
    cursor_skip(directory, 4);
    member->attributes = cursor_u32le(directory);
    member->local_offset = cursor_u32le(directory);
    member->name = cursor_take(directory, name_length);
    member->extra = cursor_take(directory, extra_length);
    cursor_skip(directory, comment_length);
    if (directory->failed)
        return damaged(error, "central directory");
    member->encrypted = member->flags & FLAG_ENCRYPTED;
    member->utf8_name = member->flags & FLAG_UTF8;
    if (read_extra64(member, &packed_length, error))
        return -1;
    return read_local(file, member, packed_length, error);
}

static int compare_offsets(const void *a, const void *b)
{
    const struct zip_member *const *left = a, *const *right = b;
    if ((*left)->local_offset != (*right)->local_offset)
        return (*left)->local_offset < (*right)->local_offset ? -1 : 1;
    return 0;
}

/* Members that share bytes make a small file unpack to anything: refused. */
static int check_overlaps(const struct zip_archive *archive, struct bytes file,
                          uint64_t directory_offset, struct error *error)
{
    AUTO_FREE struct zip_member **sorted = memory_allocate(archive->count + 1, sizeof *sorted);
    for (size_t i = 0; i < archive->count; i++)
        sorted[i] = &archive->members[i];
    qsort(sorted, archive->count, sizeof *sorted, compare_offsets);
    for (size_t i = 0; i < archive->count; i++) {
        uint64_t end = (uint64_t)(sorted[i]->packed.data - file.data) + sorted[i]->packed.length;
        uint64_t next = i + 1 < archive->count ? sorted[i + 1]->local_offset : directory_offset;
        if (end > next)
            return error_set(error, "zip_overlap", NULL, "%.*s", (int)sorted[i]->name.length,
                             (const char *)sorted[i]->name.data);
    }
    return 0;
}

int zip_open(struct zip_archive *archive, struct bytes file, uint64_t member_limit,
             struct error *error)
{
    *archive = (struct zip_archive){0};
    struct directory where = {0};
    if (read_end(file, &where, error))
        return -1;
    if (where.count > member_limit)
        return error_set(error, "limit_members", NULL, "%" PRIu64, member_limit);
    if (where.count > where.length / CENTRAL_LENGTH)
        return damaged(error, "central directory");
    archive->members = memory_allocate((size_t)where.count + 1, sizeof *archive->members);
    struct cursor directory =
        cursor_open(bytes_slice(file, (size_t)where.offset, (size_t)where.length));
    for (; archive->count < where.count; archive->count++) {
        if (read_member(file, &directory, &archive->members[archive->count], error))
            return -1;
    }
    if (cursor_remaining(&directory))
        return damaged(error, "bytes between the central directory and the end record");
    return check_overlaps(archive, file, where.offset, error);
}

void zip_close(struct zip_archive *archive)
{
    free(archive->members);
    *archive = (struct zip_archive){0};
}

/* Inflates into out, whose room grows until everything fits or the limit is passed. */
static int inflate_into(struct libdeflate_decompressor *inflater, struct bytes packed,
                        uint64_t room, uint64_t limit, struct buffer *out, struct error *error)
{
    for (;;) {
        buffer_reserve(out, (size_t)room + 1);
        size_t taken = 0, made = 0;
        enum libdeflate_result result =
            libdeflate_deflate_decompress_ex(inflater, packed.data, packed.length,
                                             out->data + out->length, (size_t)room, &taken, &made);
        if (result == LIBDEFLATE_SUCCESS) {
            out->length += made;
            return 0;
        }
        if (result != LIBDEFLATE_INSUFFICIENT_SPACE)
            return damaged(error, "deflate");
        if (room >= limit)
            return error_set(error, "limit_unpacked", NULL, "%" PRIu64, limit);
        room = room > limit / 2 ? limit : room * 2;
    }
}

int zip_inflate(struct bytes packed, uint64_t expected, uint64_t limit, struct buffer *out,
                struct error *error)
{
    uint64_t possible = packed.length > UINT64_MAX / DEFLATE_RATIO_MAXIMUM
                            ? UINT64_MAX
                            : (uint64_t)packed.length * DEFLATE_RATIO_MAXIMUM;
    if (limit > SIZE_MAX / 4)
        limit = SIZE_MAX / 4;
    uint64_t room = expected < possible ? expected : possible;
    room = room < 64 ? 64 : room;
    room = room < limit ? room : limit;
    struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
    if (!inflater)
        memory_exhausted();
    int failed = inflate_into(inflater, packed, room, limit, out, error);
    libdeflate_free_decompressor(inflater);
    return failed;
}

int zip_unpack(const struct zip_member *member, uint64_t limit, struct buffer *out,
               struct error *error)
{
    size_t start = out->length;
    if (member->method == ZIP_STORED) {
        if (member->packed.length > limit)
            return error_set(error, "limit_unpacked", NULL, "%" PRIu64, limit);
        buffer_append_bytes(out, member->packed);
    } else if (member->method == ZIP_DEFLATED) {
        if (zip_inflate(member->packed, member->declared, limit, out, error))
            return -1;
    } else {
        return error_set(error, "zip_method", NULL, "%u", member->method);
    }
    struct bytes made = {out->data + start, out->length - start};
    if (made.length != member->declared || zip_crc32(made) != member->crc32) {
        out->length = start;
        return damaged(error, "size or CRC");
    }
    return 0;
}

uint32_t zip_crc32(struct bytes bytes)
{
    return libdeflate_crc32(0, bytes.data ? (const void *)bytes.data : "", bytes.length);
}
