/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walking the ZIP file from its first byte to its last. */
#include "disarm/verify/package.h"

#include <inttypes.h>
#include <stdlib.h>
#include <strings.h>
#include <zlib.h>

#include "base/cursor.h"
#include "base/memory.h"

enum { FIXED_DATE = 0x21, VERSION = 20, NAME_LONGEST = 255, INFLATE_STEP = 1 << 16 };

/* The fields that both headers repeat: version to extra length, 26 bytes. */
enum { COMMON_LENGTH = 26 };

struct walk {
    struct package *package;
    struct verify_job *job;
    struct bytes file;
    struct cursor cursor;
    size_t *offsets; /* of the local headers */
    struct error *error;
};

static int refuse(struct walk *walk, struct bytes name, const char *what)
{
    char where[NAME_LONGEST + 1] = "";
    memcpy(where, name.data ? (const void *)name.data : "",
           name.length < sizeof where ? name.length : sizeof where - 1);
    return error_set(walk->error, "verify_package", where, "%s", what);
}

/* Letters, digits, '_', '-', '.' in segments that neither begin nor end with a dot. */
static bool plain_name(struct bytes name)
{
    if (bytes_equal_string(name, "[Content_Types].xml"))
        return true;
    bool fresh = true;
    for (size_t i = 0; i < name.length; i++) {
        uint8_t c = name.data[i];
        bool letter = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
                      c == '_' || c == '-';
        bool relationships =
            c == '.' && i >= 6 && !memcmp(name.data + i - 6, "_rels/", 6) && name.length - i == 5;
        bool mark = (c == '.' || c == '/') && (!fresh || relationships);
        if (!letter && !mark)
            return false;
        if (c == '/' && name.data[i - 1] == '.')
            return false;
        fresh = c == '/';
    }
    return name.length && name.length <= NAME_LONGEST && !fresh;
}

static int inflate_all(struct walk *walk, struct bytes name, struct bytes packed, uint32_t size,
                       struct buffer *out)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)packed.data, .avail_in = (uInt)packed.length};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        memory_exhausted();
    int result = Z_OK;
    while (result == Z_OK && out->length <= size) {
        buffer_reserve(out, INFLATE_STEP);
        stream.next_out = out->data + out->length;
        stream.avail_out = INFLATE_STEP;
        result = inflate(&stream, Z_NO_FLUSH);
        out->length += INFLATE_STEP - stream.avail_out;
    }
    bool whole = result == Z_STREAM_END && stream.avail_in == 0 && out->length == size;
    inflateEnd(&stream);
    return whole ? 0 : refuse(walk, name, "deflate");
}

static int take_data(struct walk *walk, struct package_member *member, uint16_t method,
                     struct bytes packed, uint32_t size, uint32_t crc)
{
    uint64_t limit = walk->job->limits->unpacked_bytes;
    if (size > limit || walk->job->unpacked_bytes > limit - size)
        return error_set(walk->error, "limit_unpacked", NULL, "%" PRIu64, limit);
    walk->job->unpacked_bytes += size;
    if (method == 0 && packed.length == size)
        buffer_append_bytes(&member->data, packed);
    else if (method != Z_DEFLATED || inflate_all(walk, member->name, packed, size, &member->data))
        return method == Z_DEFLATED ? -1 : refuse(walk, member->name, "method");
    if (crc32_z(0, member->data.data, member->data.length) != crc)
        return refuse(walk, member->name, "checksum");
    return 0;
}

static int take_local(struct walk *walk, struct package_member *member)
{
    struct cursor *cursor = &walk->cursor;
    cursor_skip(cursor, 4);
    uint16_t version = cursor_u16le(cursor), flags = cursor_u16le(cursor);
    uint16_t method = cursor_u16le(cursor), time = cursor_u16le(cursor);
    uint16_t date = cursor_u16le(cursor);
    uint32_t crc = cursor_u32le(cursor), packed = cursor_u32le(cursor), size = cursor_u32le(cursor);
    uint16_t name = cursor_u16le(cursor), extra = cursor_u16le(cursor);
    member->name = cursor_take(cursor, name);
    struct bytes data = cursor_take(cursor, packed);
    if (cursor->failed || !plain_name(member->name))
        return refuse(walk, member->name, "name");
    if (version != VERSION || flags || time || date != FIXED_DATE || extra)
        return refuse(walk, member->name, "header");
    return take_data(walk, member, method, data, size, crc);
}

static int take_locals(struct walk *walk)
{
    struct package *package = walk->package;
    size_t room = 0;
    while (bytes_start_with(bytes_slice(walk->file, walk->cursor.position, 4), "PK\3\4")) {
        if (package->count >= walk->job->limits->members)
            return error_set(walk->error, "limit_members", NULL, "%" PRIu64,
                             walk->job->limits->members);
        if (package->count == room) {
            room = room ? 2 * room : 32;
            package->members = memory_resize(package->members, room, sizeof *package->members);
            walk->offsets = memory_resize(walk->offsets, room, sizeof *walk->offsets);
        }
        walk->offsets[package->count] = walk->cursor.position;
        struct package_member *member = &package->members[package->count++];
        *member = (struct package_member){0};
        if (take_local(walk, member))
            return -1;
    }
    return 0;
}

/* A row of the directory repeats its local header byte for byte. */
static int take_row(struct walk *walk, size_t index)
{
    struct cursor *cursor = &walk->cursor;
    const struct package_member *member = &walk->package->members[index];
    struct bytes local = bytes_slice(walk->file, walk->offsets[index] + 4, COMMON_LENGTH);
    bool good = cursor_u32le(cursor) == 0x02014b50;
    good &= cursor_u16le(cursor) == VERSION;
    good &= bytes_equal(cursor_take(cursor, COMMON_LENGTH), local);
    good &= cursor_u64le(cursor) == 0 && cursor_u16le(cursor) == 0; /* comment … attributes */
    good &= cursor_u32le(cursor) == walk->offsets[index];
    good &= bytes_equal(cursor_take(cursor, member->name.length), member->name);
    return good && !cursor->failed ? 0 : refuse(walk, member->name, "directory");
}

static int take_directory(struct walk *walk)
{
    struct cursor *cursor = &walk->cursor;
    size_t count = walk->package->count, start = cursor->position;
    for (size_t i = 0; i < count; i++) {
        if (take_row(walk, i))
            return -1;
    }
    size_t length = cursor->position - start;
    bool good = cursor_u32le(cursor) == 0x06054b50 && cursor_u32le(cursor) == 0;
    good &= cursor_u16le(cursor) == count && cursor_u16le(cursor) == count;
    good &= cursor_u32le(cursor) == length && cursor_u32le(cursor) == start;
    good &= cursor_u16le(cursor) == 0 && cursor_at_end(cursor);
    return good ? 0 : refuse(walk, (struct bytes){0}, "end record");
}

static int compare_names(struct bytes a, struct bytes b)
{
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = strncasecmp((const char *)a.data, (const char *)b.data, shorter);
    return order ? order : (a.length > b.length) - (a.length < b.length);
}

static int compare_members(const void *a, const void *b, void *data)
{
    const struct package *package = data;
    return compare_names(package->members[*(const size_t *)a].name,
                         package->members[*(const size_t *)b].name);
}

static int sort_names(struct walk *walk)
{
    struct package *package = walk->package;
    package->sorted = memory_allocate(package->count + 1, sizeof *package->sorted);
    for (size_t i = 0; i < package->count; i++)
        package->sorted[i] = i;
    qsort_r(package->sorted, package->count, sizeof *package->sorted, compare_members, package);
    for (size_t i = 1; i < package->count; i++) {
        struct bytes name = package->members[package->sorted[i]].name;
        if (!compare_names(package->members[package->sorted[i - 1]].name, name))
            return refuse(walk, name, "a name stands twice");
    }
    return 0;
}

int package_read(struct package *package, struct verify_job *job, struct bytes file,
                 struct error *error)
{
    *package = (struct package){0};
    struct walk walk = {
        .package = package, .job = job, .file = file, .cursor = cursor_open(file), .error = error};
    int failed = take_locals(&walk) || take_directory(&walk) || sort_names(&walk);
    free(walk.offsets);
    return failed ? -1 : 0;
}

void package_free(struct package *package)
{
    for (size_t i = 0; i < package->count; i++)
        buffer_free(&package->members[i].data);
    free(package->members);
    free(package->sorted);
    *package = (struct package){0};
}

const struct package_member *package_find(const struct package *package, struct bytes name)
{
    size_t low = 0, high = package->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct package_member *member = &package->members[package->sorted[middle]];
        int order = compare_names(name, member->name);
        if (order == 0)
            return member;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
