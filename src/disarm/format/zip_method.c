/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One step function per library, one loop that counts what really comes out. */
#include "disarm/format/zip_method.h"

#include <bzlib.h>
#include <inttypes.h>
#include <lzma.h>
#include <zstd.h>

#include "base/cursor.h"
#include "base/memory.h"

enum {
    METHOD_BZIP2 = 12,
    METHOD_LZMA = 14,
    METHOD_ZSTD = 93,
    METHOD_XZ = 95,
    CHUNK = 1 << 16,
    LZMA_HEADER_LENGTH = 13,
};

/* Most that a decoder may ask for its dictionary. */
#define DECODER_MEMORY (UINT64_C(128) << 20)

enum step { STEP_MORE, STEP_END, STEP_BROKEN };

/* Unpacks into room bytes at `into`; *made is what came out. */
typedef enum step unpack_step(void *state, uint8_t *into, size_t room, size_t *made);

static enum step bzip2_step(void *state, uint8_t *into, size_t room, size_t *made)
{
    bz_stream *stream = state;
    stream->next_out = (char *)into;
    stream->avail_out = (unsigned)room;
    int result = BZ2_bzDecompress(stream);
    *made = room - stream->avail_out;
    if (result == BZ_STREAM_END)
        return STEP_END;
    return result == BZ_OK && (*made || stream->avail_in) ? STEP_MORE : STEP_BROKEN;
}

static enum step lzma_step(void *state, uint8_t *into, size_t room, size_t *made)
{
    lzma_stream *stream = state;
    stream->next_out = into;
    stream->avail_out = room;
    lzma_ret result = lzma_code(stream, LZMA_FINISH);
    *made = room - stream->avail_out;
    if (result == LZMA_STREAM_END)
        return STEP_END;
    return result == LZMA_OK && *made ? STEP_MORE : STEP_BROKEN;
}

struct zstd_state {
    ZSTD_DStream *stream;
    ZSTD_inBuffer in;
};

static enum step zstd_step(void *state, uint8_t *into, size_t room, size_t *made)
{
    struct zstd_state *zstd = state;
    ZSTD_outBuffer out = {into, room, 0};
    size_t result = ZSTD_decompressStream(zstd->stream, &out, &zstd->in);
    *made = out.pos;
    if (ZSTD_isError(result))
        return STEP_BROKEN;
    if (result == 0 && zstd->in.pos == zstd->in.size)
        return STEP_END;
    return *made || result == 0 ? STEP_MORE : STEP_BROKEN;
}

static int run(unpack_step *step, void *state, uint64_t limit, struct buffer *out,
               struct error *error)
{
    size_t start = out->length;
    for (;;) {
        size_t made = 0;
        buffer_reserve(out, CHUNK);
        enum step result = step(state, out->data + out->length, CHUNK, &made);
        out->length += made;
        if (out->length - start > limit)
            return error_set(error, "limit_unpacked", NULL, "%" PRIu64, limit);
        if (result == STEP_BROKEN)
            return error_set(error, "zip_damaged", NULL, "packed bytes");
        if (result == STEP_END)
            return 0;
    }
}

/* Libraries take their input without const but do not write to it. */
static uint8_t *input_of(struct bytes packed)
{
    return (uint8_t *)(uintptr_t)packed.data;
}

static int unpack_bzip2(struct bytes packed, uint64_t limit, struct buffer *out,
                        struct error *error)
{
    bz_stream stream = {.next_in = (char *)input_of(packed),
                        .avail_in =
                            (unsigned)(packed.length > UINT32_MAX ? UINT32_MAX : packed.length)};
    if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK)
        memory_exhausted();
    int failed = run(bzip2_step, &stream, limit, out, error);
    BZ2_bzDecompressEnd(&stream);
    return failed;
}

static int run_lzma(lzma_stream *stream, lzma_ret opened, struct bytes packed, uint64_t limit,
                    struct buffer *out, struct error *error)
{
    if (opened != LZMA_OK)
        memory_exhausted();
    stream->next_in = packed.data;
    stream->avail_in = packed.length;
    int failed = run(lzma_step, stream, limit, out, error);
    lzma_end(stream);
    return failed;
}

/* APPNOTE 5.8.8: version and length of the properties, the properties, the stream. Rewritten to
 * the header of a .lzma file, which liblzma reads. */
static int unpack_lzma(const struct zip_member *member, struct bytes packed, uint64_t limit,
                       struct buffer *out, struct error *error)
{
    struct cursor cursor = cursor_open(packed);
    cursor_skip(&cursor, 2);
    struct bytes properties = cursor_take(&cursor, cursor_u16le(&cursor));
    if (cursor.failed || properties.length != 5)
        return error_set(error, "zip_damaged", NULL, "LZMA properties");
    AUTO_BUFFER alone = {0};
    buffer_append_bytes(&alone, properties);
    bool ends_itself = member->flags & 1 << 1;
    buffer_append_u64le(&alone, ends_itself ? UINT64_MAX : member->declared);
    buffer_append_bytes(&alone, cursor_take_rest(&cursor));
    lzma_stream stream = LZMA_STREAM_INIT;
    return run_lzma(&stream, lzma_alone_decoder(&stream, DECODER_MEMORY), buffer_bytes(&alone),
                    limit, out, error);
}

static int unpack_xz(struct bytes packed, uint64_t limit, struct buffer *out, struct error *error)
{
    lzma_stream stream = LZMA_STREAM_INIT;
    return run_lzma(&stream, lzma_stream_decoder(&stream, DECODER_MEMORY, 0), packed, limit, out,
                    error);
}

static int unpack_zstd(struct bytes packed, uint64_t limit, struct buffer *out, struct error *error)
{
    struct zstd_state state = {ZSTD_createDStream(), {packed.data, packed.length, 0}};
    if (!state.stream)
        memory_exhausted();
    ZSTD_DCtx_setParameter(state.stream, ZSTD_d_windowLogMax, 27);
    int failed = run(zstd_step, &state, limit, out, error);
    ZSTD_freeDStream(state.stream);
    return failed;
}

static int unpack(const struct zip_member *member, uint64_t limit, struct buffer *out,
                  struct error *error)
{
    switch (member->method) {
    case ZIP_STORED:
        if (member->packed.length > limit)
            return error_set(error, "limit_unpacked", NULL, "%" PRIu64, limit);
        buffer_append_bytes(out, member->packed);
        return 0;
    case ZIP_DEFLATED:
        return zip_inflate(member->packed, member->declared, limit, out, error);
    case METHOD_BZIP2:
        return unpack_bzip2(member->packed, limit, out, error);
    case METHOD_LZMA:
        return unpack_lzma(member, member->packed, limit, out, error);
    case METHOD_XZ:
        return unpack_xz(member->packed, limit, out, error);
    case METHOD_ZSTD:
        return unpack_zstd(member->packed, limit, out, error);
    default:
        return error_set(error, "zip_method", NULL, "%u", member->method);
    }
}

int zip_method_unpack(const struct zip_member *member, bool sealed, uint64_t limit,
                      struct buffer *out, struct error *error)
{
    size_t start = out->length;
    if (unpack(member, limit, out, error))
        return -1;
    struct bytes made = bytes_slice(buffer_bytes(out), start, SIZE_MAX);
    if (made.length != member->declared || (!sealed && zip_crc32(made) != member->crc32))
        return error_set(error, "zip_damaged", NULL, "checksum");
    return 0;
}
