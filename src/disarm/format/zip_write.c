/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Local headers, the central directory and its end record; packing by libdeflate. */
#include "disarm/format/zip_write.h"

#include <libdeflate.h>

#include "base/memory.h"
#include "disarm/format/zip_read.h"

enum {
    FLAG_UTF8 = 1 << 11,
    VERSION_DEFLATE = 20,
    VERSION_ZIP64 = 45,
    VERSION_AES = 51,
};

void zip_writer_open(struct zip_writer *writer, struct buffer *out, int level)
{
    *writer = (struct zip_writer){.out = out, .start = out->length};
    if (level > 0 && !(writer->deflater = libdeflate_alloc_compressor(level)))
        memory_exhausted();
}

bool zip_writer_deflate(struct zip_writer *writer, struct bytes data, struct buffer *packed)
{
    if (!writer->deflater || data.length < 8)
        return false;
    buffer_reserve(packed, data.length);
    size_t made = libdeflate_deflate_compress(writer->deflater, data.data, data.length,
                                              packed->data + packed->length, data.length - 1);
    packed->length += made;
    return made != 0;
}

static bool is_ascii(struct bytes name)
{
    for (size_t i = 0; i < name.length; i++) {
        if (name.data[i] >= 0x80)
            return false;
    }
    return true;
}

/* The fields that the local header and the directory have in common, APPNOTE 4.3.7 and 4.3.12. */
static void append_common(struct buffer *out, const struct zip_packed *member, uint16_t version,
                          bool sizes64, size_t extra_length)
{
    buffer_append_u16le(out, version);
    buffer_append_u16le(out, (uint16_t)(member->flags | (is_ascii(member->name) ? 0 : FLAG_UTF8)));
    buffer_append_u16le(out, member->method);
    buffer_append_u16le(out, member->time);
    buffer_append_u16le(out, member->date);
    buffer_append_u32le(out, member->crc32);
    buffer_append_u32le(out, sizes64 ? UINT32_MAX : (uint32_t)member->data.length);
    buffer_append_u32le(out, sizes64 ? UINT32_MAX : (uint32_t)member->unpacked_length);
    buffer_append_u16le(out, (uint16_t)member->name.length);
    buffer_append_u16le(out, (uint16_t)extra_length);
}

static void append_extra(struct buffer *out, const struct zip_packed *member, bool sizes64,
                         bool offset64, uint64_t offset)
{
    if (sizes64 || offset64) {
        buffer_append_u16le(out, 0x0001);
        buffer_append_u16le(out, (uint16_t)((sizes64 ? 16 : 0) + (offset64 ? 8 : 0)));
    }
    if (sizes64) {
        buffer_append_u64le(out, member->unpacked_length);
        buffer_append_u64le(out, member->data.length);
    }
    if (offset64)
        buffer_append_u64le(out, offset);
    buffer_append_bytes(out, member->extra);
}

void zip_writer_add_packed(struct zip_writer *writer, const struct zip_packed *member)
{
    struct buffer *out = writer->out, *central = &writer->central;
    uint64_t offset = out->length - writer->start;
    bool sizes64 = member->data.length >= UINT32_MAX || member->unpacked_length >= UINT32_MAX;
    bool offset64 = offset >= UINT32_MAX;
    uint16_t version = member->method == ZIP_AES ? VERSION_AES
                       : sizes64 || offset64     ? VERSION_ZIP64
                                                 : VERSION_DEFLATE;
    size_t local_extra = member->extra.length + (sizes64 ? 20 : 0);
    size_t central_extra =
        member->extra.length +
        (sizes64 || offset64 ? 4u + (sizes64 ? 16u : 0) + (offset64 ? 8u : 0) : 0);

    buffer_append_u32le(out, 0x04034b50);
    append_common(out, member, version, sizes64, local_extra);
    buffer_append_bytes(out, member->name);
    append_extra(out, member, sizes64, false, 0);
    buffer_append_bytes(out, member->data);

    buffer_append_u32le(central, 0x02014b50);
    buffer_append_u16le(central, version);
    append_common(central, member, version, sizes64, central_extra);
    buffer_append_u16le(central, 0); /* comment length */
    buffer_append_u16le(central, 0); /* disk */
    buffer_append_u16le(central, 0); /* internal attributes */
    buffer_append_u32le(central, 0); /* external attributes */
    buffer_append_u32le(central, offset64 ? UINT32_MAX : (uint32_t)offset);
    buffer_append_bytes(central, member->name);
    append_extra(central, member, sizes64, offset64, offset);
    writer->count++;
}

void zip_writer_add(struct zip_writer *writer, struct bytes name, struct bytes data, uint16_t time,
                    uint16_t date)
{
    AUTO_BUFFER packed = {0};
    bool smaller = zip_writer_deflate(writer, data, &packed);
    struct zip_packed member = {
        .name = name,
        .data = smaller ? buffer_bytes(&packed) : data,
        .unpacked_length = data.length,
        .crc32 = zip_crc32(data),
        .method = smaller ? ZIP_DEFLATED : ZIP_STORED,
        .time = time,
        .date = date,
    };
    zip_writer_add_packed(writer, &member);
}

/* The ZIP64 end record and its locator, APPNOTE 4.3.14 and 4.3.15. */
static void append_end64(struct zip_writer *writer, uint64_t offset, uint64_t length)
{
    struct buffer *out = writer->out;
    uint64_t record = out->length - writer->start;
    buffer_append_u32le(out, 0x06064b50);
    buffer_append_u64le(out, 44);
    buffer_append_u16le(out, VERSION_ZIP64);
    buffer_append_u16le(out, VERSION_ZIP64);
    buffer_append_u32le(out, 0);
    buffer_append_u32le(out, 0);
    buffer_append_u64le(out, writer->count);
    buffer_append_u64le(out, writer->count);
    buffer_append_u64le(out, length);
    buffer_append_u64le(out, offset);
    buffer_append_u32le(out, 0x07064b50);
    buffer_append_u32le(out, 0);
    buffer_append_u64le(out, record);
    buffer_append_u32le(out, 1);
}

void zip_writer_finish(struct zip_writer *writer)
{
    struct buffer *out = writer->out;
    uint64_t offset = out->length - writer->start, length = writer->central.length;
    buffer_append_bytes(out, buffer_bytes(&writer->central));
    bool zip64 = writer->count >= UINT16_MAX || offset >= UINT32_MAX || length >= UINT32_MAX;
    if (zip64)
        append_end64(writer, offset, length);
    buffer_append_u32le(out, 0x06054b50);
    buffer_append_u16le(out, 0);
    buffer_append_u16le(out, 0);
    buffer_append_u16le(out, zip64 ? UINT16_MAX : (uint16_t)writer->count);
    buffer_append_u16le(out, zip64 ? UINT16_MAX : (uint16_t)writer->count);
    buffer_append_u32le(out, zip64 ? UINT32_MAX : (uint32_t)length);
    buffer_append_u32le(out, zip64 ? UINT32_MAX : (uint32_t)offset);
    buffer_append_u16le(out, 0);
    zip_writer_free(writer);
}

void zip_writer_free(struct zip_writer *writer)
{
    libdeflate_free_compressor(writer->deflater);
    buffer_free(&writer->central);
    *writer = (struct zip_writer){0};
}
