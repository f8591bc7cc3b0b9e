/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The second reader of archives. It walks the file from its first byte and compares what the
 * directory says with what stood there; sizes come from inflating with zlib, not from headers.
 */
#include "disarm/verify/zip.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/buffer.h"
#include "base/cursor.h"
#include "base/fold.h"
#include "base/memory.h"
#include "disarm/verify/name.h"
#include "disarm/verify/verify.h"

enum {
    LOCAL = 0x04034b50,
    CENTRAL = 0x02014b50,
    END = 0x06054b50,
    END64 = 0x06064b50,
    LOCATOR64 = 0x07064b50,
    METHOD_AES = 99,
    AES_OVERHEAD = 16 + 2 + 10,
    AES_EXTRA_LENGTH = 11,
    CHUNK = 1 << 16,
};

/* What both headers say about a member, in the order of the file. */
struct header {
    uint16_t version, flags, method, time, date;
    uint32_t crc;
    uint64_t packed, unpacked;
    struct bytes name, extra;
};

static int bad(struct error *error, const struct header *header, const char *what)
{
    char name[200] = "";
    if (header && header->name.length)
        memcpy(name, header->name.data,
               header->name.length < sizeof name ? header->name.length : sizeof name - 1);
    return error_set(error, "verify_zip", name, "%s", what);
}

static void read_header(struct cursor *cursor, struct header *header, uint16_t *name_length,
                        uint16_t *extra_length)
{
    header->version = cursor_u16le(cursor);
    header->flags = cursor_u16le(cursor);
    header->method = cursor_u16le(cursor);
    header->time = cursor_u16le(cursor);
    header->date = cursor_u16le(cursor);
    header->crc = cursor_u32le(cursor);
    header->packed = cursor_u32le(cursor);
    header->unpacked = cursor_u32le(cursor);
    *name_length = cursor_u16le(cursor);
    *extra_length = cursor_u16le(cursor);
}

/* Takes ZIP64 sizes (and the offset, when *offset asks for one) off the extra field. */
static bool take_sizes64(struct header *header, uint64_t *offset)
{
    bool sizes = header->packed == UINT32_MAX && header->unpacked == UINT32_MAX;
    bool place = offset && *offset == UINT32_MAX;
    if (!sizes && !place)
        return header->packed != UINT32_MAX && header->unpacked != UINT32_MAX;
    struct cursor extra = cursor_open(header->extra);
    uint16_t id = cursor_u16le(&extra), length = cursor_u16le(&extra);
    if (sizes) {
        header->unpacked = cursor_u64le(&extra);
        header->packed = cursor_u64le(&extra);
    }
    if (place)
        *offset = cursor_u64le(&extra);
    header->extra = cursor_take_rest(&extra);
    return !extra.failed && id == 1 && length == (sizes ? 16u : 0u) + (place ? 8u : 0u);
}

/* Inflates with zlib; everything must be used up and the size must be the one declared. */
static int inflate_member(struct verify_job *job, const struct header *header, struct bytes packed,
                          struct buffer *out, struct error *error)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)packed.data, .avail_in = (uInt)packed.length};
    if (packed.length > UINT32_MAX || inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return bad(error, header, "packed bytes");
    int result = Z_OK;
    while (result == Z_OK && out->length <= header->unpacked) {
        buffer_reserve(out, CHUNK);
        stream.next_out = out->data + out->length;
        stream.avail_out = CHUNK;
        result = inflate(&stream, Z_NO_FLUSH);
        out->length += CHUNK - stream.avail_out;
        if (job->unpacked_bytes + out->length > job->limits->unpacked_bytes)
            break;
    }
    bool whole = result == Z_STREAM_END && stream.avail_in == 0;
    inflateEnd(&stream);
    return whole ? 0 : bad(error, header, "packed bytes");
}

/* AE-2 with 256 bits, the only encryption that our writer makes. */
static int open_aes(struct verify_job *job, const struct header *header, struct bytes sealed,
                    uint16_t *method, struct buffer *out, struct error *error)
{
    struct cursor extra = cursor_open(header->extra);
    bool form = cursor_u16le(&extra) == 0x9901 && cursor_u16le(&extra) == 7 &&
                cursor_u16le(&extra) == 2 && cursor_u16le(&extra) == 0x4541 &&
                cursor_u8(&extra) == 3;
    *method = cursor_u16le(&extra);
    if (!form || !cursor_at_end(&extra) || sealed.length < AES_OVERHEAD || !job->password ||
        header->crc)
        return bad(error, header, "encryption");
    uint8_t keys[66], code[EVP_MAX_MD_SIZE];
    struct bytes cipher = bytes_slice(sealed, 18, sealed.length - AES_OVERHEAD);
    if (!PKCS5_PBKDF2_HMAC_SHA1(job->password, (int)strlen(job->password), sealed.data, 16, 1000,
                                sizeof keys, keys) ||
        !HMAC(EVP_sha1(), keys + 32, 32, cipher.data, cipher.length, code, NULL) ||
        memcmp(keys + 64, sealed.data + 16, 2) ||
        memcmp(code, sealed.data + sealed.length - 10, 10))
        return bad(error, header, "encryption");
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    if (!context || !EVP_EncryptInit_ex(context, EVP_aes_256_ecb(), NULL, keys, NULL))
        memory_exhausted();
    uint8_t counter[16] = {0}, stream[32];
    int made;
    for (size_t i = 0; i < cipher.length; i++) {
        if (i % 16 == 0) {
            for (int digit = 0; digit < 16 && ++counter[digit] == 0; digit++)
                continue;
            EVP_EncryptUpdate(context, stream, &made, counter, 16);
        }
        buffer_append_byte(out, cipher.data[i] ^ stream[i % 16]);
    }
    EVP_CIPHER_CTX_free(context);
    return 0;
}

static int check_data(struct verify_job *job, const struct header *header, struct bytes packed,
                      struct error *error)
{
    AUTO_BUFFER opened = {0}, inflated = {0};
    uint16_t method = header->method;
    bool sealed = method == METHOD_AES;
    if (sealed) {
        if (open_aes(job, header, packed, &method, &opened, error))
            return -1;
        packed = buffer_bytes(&opened);
    }
    if (method == Z_DEFLATED) {
        if (inflate_member(job, header, packed, &inflated, error))
            return -1;
        packed = buffer_bytes(&inflated);
    } else if (method != 0) {
        return bad(error, header, "method");
    }
    if (packed.length != header->unpacked)
        return bad(error, header, "size");
    if (!sealed && crc32_z(0, packed.data, packed.length) != header->crc)
        return bad(error, header, "checksum");
    job->unpacked_bytes += packed.length;
    if (header->name.data[header->name.length - 1] == '/')
        return packed.length ? bad(error, header, "a folder with bytes") : 0;
    const struct format *format = verify_claimed_format(header->name);
    if (!format)
        return bad(error, header, "extension");
    return verify_nested(job, format->name, packed, error);
}

static bool is_ascii(struct bytes text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] >= 0x80)
            return false;
    }
    return true;
}

static int check_header(const struct header *header, struct error *error)
{
    uint16_t flags = (is_ascii(header->name) ? 0 : 1 << 11) | (header->method == METHOD_AES);
    if (header->flags != flags)
        return bad(error, header, "flags");
    if (header->method != METHOD_AES && header->extra.length)
        return bad(error, header, "extra field");
    return verify_path(header->name, error);
}

static int read_member(struct verify_job *job, struct cursor *cursor, struct header *header,
                       struct error *error)
{
    uint16_t name_length, extra_length;
    cursor_skip(cursor, 4);
    read_header(cursor, header, &name_length, &extra_length);
    header->name = cursor_take(cursor, name_length);
    header->extra = cursor_take(cursor, extra_length);
    if (cursor->failed || !take_sizes64(header, NULL))
        return bad(error, NULL, "local header");
    if (header->packed > cursor_remaining(cursor))
        return bad(error, NULL, "cut off");
    struct bytes packed = cursor_take(cursor, (size_t)header->packed);
    if (check_header(header, error))
        return -1;
    return check_data(job, header, packed, error);
}

static bool same_header(const struct header *a, const struct header *b)
{
    return a->version == b->version && a->flags == b->flags && a->method == b->method &&
           a->time == b->time && a->date == b->date && a->crc == b->crc && a->packed == b->packed &&
           a->unpacked == b->unpacked && bytes_equal(a->name, b->name) &&
           bytes_equal(a->extra, b->extra);
}

/* One entry of the directory, against the member that stood at `expected`. */
static int check_entry(struct cursor *cursor, const struct header *member, uint64_t expected,
                       struct error *error)
{
    struct header header = {0};
    uint16_t name_length, extra_length;
    uint32_t signature = cursor_u32le(cursor);
    uint16_t made_by = cursor_u16le(cursor);
    read_header(cursor, &header, &name_length, &extra_length);
    uint16_t comment = cursor_u16le(cursor), disk = cursor_u16le(cursor);
    uint16_t internal = cursor_u16le(cursor);
    uint32_t external = cursor_u32le(cursor);
    uint64_t offset = cursor_u32le(cursor);
    header.name = cursor_take(cursor, name_length);
    header.extra = cursor_take(cursor, extra_length);
    bool plain = signature == CENTRAL && made_by == header.version && !comment && !disk &&
                 !internal && !external;
    if (cursor->failed || !plain || !take_sizes64(&header, &offset) || offset != expected ||
        !same_header(&header, member))
        return bad(error, member, "directory");
    return 0;
}

static int check_end(struct cursor *cursor, uint64_t count, uint64_t start, uint64_t length,
                     struct error *error)
{
    bool wide = count >= UINT16_MAX || start >= UINT32_MAX || length >= UINT32_MAX;
    uint64_t record = start + length;
    bool good = true;
    if (wide) {
        good &= cursor_u32le(cursor) == END64 && cursor_u64le(cursor) == 44;
        cursor_skip(cursor, 4); /* versions */
        good &= cursor_u64le(cursor) == 0 && cursor_u64le(cursor) == count &&
                cursor_u64le(cursor) == count && cursor_u64le(cursor) == length &&
                cursor_u64le(cursor) == start;
        good &= cursor_u32le(cursor) == LOCATOR64 && cursor_u32le(cursor) == 0 &&
                cursor_u64le(cursor) == record && cursor_u32le(cursor) == 1;
    }
    uint64_t short_count = wide ? UINT16_MAX : count;
    good &= cursor_u32le(cursor) == END && cursor_u32le(cursor) == 0 &&
            cursor_u16le(cursor) == short_count && cursor_u16le(cursor) == short_count &&
            cursor_u32le(cursor) == (wide ? UINT32_MAX : length) &&
            cursor_u32le(cursor) == (wide ? UINT32_MAX : start) && cursor_u16le(cursor) == 0;
    return good && cursor_at_end(cursor) ? 0 : bad(error, NULL, "end record");
}

static int compare_names(const void *a, const void *b)
{
    const struct buffer *left = a, *right = b;
    size_t length = left->length < right->length ? left->length : right->length;
    int order = length ? memcmp(left->data, right->data, length) : 0;
    return order ? order : (left->length > right->length) - (left->length < right->length);
}

/* No two names are the same, letters in either case and a '/' at the end left out of account. */
static int check_names_single(const struct header *headers, size_t count, struct error *error)
{
    AUTO_FREE struct buffer *names = memory_allocate(count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++) {
        struct bytes name = headers[i].name;
        fold_append(bytes_slice(name, 0, name.length - (name.data[name.length - 1] == '/')),
                    &names[i]);
    }
    qsort(names, count, sizeof *names, compare_names);
    bool twice = false;
    for (size_t i = 1; i < count; i++)
        twice |= !compare_names(&names[i - 1], &names[i]);
    for (size_t i = 0; i < count; i++)
        buffer_free(&names[i]);
    return twice ? bad(error, NULL, "a name stands twice") : 0;
}

struct members {
    struct header *headers;
    uint64_t *offsets;
    size_t count;
};

static int read_members(struct verify_job *job, struct cursor *cursor, struct members *members,
                        struct error *error)
{
    size_t room = 0;
    struct cursor peek = *cursor;
    while (cursor_u32le(&peek) == LOCAL) {
        if (members->count >= job->limits->members)
            return error_set(error, "limit_members", NULL, "%" PRIu64, job->limits->members);
        if (members->count == room) {
            room = room ? room * 2 : 16;
            members->headers = memory_resize(members->headers, room, sizeof *members->headers);
            members->offsets = memory_resize(members->offsets, room, sizeof *members->offsets);
        }
        members->offsets[members->count] = cursor->position;
        struct header *header = &members->headers[members->count];
        *header = (struct header){0};
        if (read_member(job, cursor, header, error))
            return -1;
        members->count++;
        peek = *cursor;
    }
    return 0;
}

static int check_archive(struct verify_job *job, struct bytes file, struct members *members,
                         struct error *error)
{
    struct cursor cursor = cursor_open(file);
    if (read_members(job, &cursor, members, error))
        return -1;
    uint64_t start = cursor.position;
    for (size_t i = 0; i < members->count; i++) {
        if (check_entry(&cursor, &members->headers[i], members->offsets[i], error))
            return -1;
    }
    if (check_names_single(members->headers, members->count, error))
        return -1;
    return check_end(&cursor, members->count, start, cursor.position - start, error);
}

int verify_zip(struct verify_job *job, struct bytes file, struct error *error)
{
    struct members members = {0};
    int failed = check_archive(job, file, &members, error);
    free(members.headers);
    free(members.offsets);
    return failed;
}
