/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Codes one WebP picture anew (RFC 9649 §3 for the lossless form, §2.7.1.2 for alpha). */
#include <webp/decode.h>
#include <webp/encode.h>

#include "base/memory.h"
#include "disarm/format/webp_parts.h"
#include "disarm/format/webp_vp8.h"

/* libwebp's levels 0 … 9 of lossless effort: its usual one, and a quicker one for large pictures.
 */
#define EFFORT_USUAL 6
#define EFFORT_LARGE 3
#define LARGE_PIXELS 2000000

#define RIFF_HEADER    12
#define CHUNK_HEADER   8
#define VP8L_HEADER    5 /* signature, size, alpha flag, version */
#define ALPHA_LOSSLESS 1 /* ALPH: no filter, no preprocessing, lossless coding */

void webp_chunk_append(struct buffer *out, const char *name, struct bytes body)
{
    buffer_append_string(out, name);
    buffer_append_u32le(out, (uint32_t)body.length);
    buffer_append_bytes(out, body);
    if (body.length % 2)
        buffer_append_byte(out, 0);
}

/* A small file around one frame, for libwebp's decoder. */
static void append_file(const struct webp_frame *frame, struct buffer *out)
{
    AUTO_BUFFER chunks = {0};
    if (frame->alpha.length && frame->lossy.length) {
        uint32_t right = frame->width - 1, bottom = frame->height - 1;
        uint8_t extended[10] = {0x10, 0, 0, 0};
        for (int i = 0; i < 3; i++) {
            extended[4 + i] = (uint8_t)(right >> 8 * i);
            extended[7 + i] = (uint8_t)(bottom >> 8 * i);
        }
        webp_chunk_append(&chunks, "VP8X", (struct bytes){extended, sizeof extended});
        webp_chunk_append(&chunks, "ALPH", frame->alpha);
    }
    if (frame->lossy.length)
        webp_chunk_append(&chunks, "VP8 ", frame->lossy);
    else
        webp_chunk_append(&chunks, "VP8L", frame->lossless);
    buffer_append_string(out, "RIFF");
    buffer_append_u32le(out, (uint32_t)(4 + chunks.length));
    buffer_append_string(out, "WEBP");
    buffer_append_bytes(out, buffer_bytes(&chunks));
}

int webp_decode_frame(const struct webp_frame *frame, uint8_t *rgba, const char *where,
                      struct error *error)
{
    AUTO_BUFFER file = {0};
    append_file(frame, &file);
    size_t size = (size_t)frame->width * frame->height * 4;
    if (!WebPDecodeRGBAInto(file.data, file.length, rgba, size, (int)frame->width * 4))
        return error_set(error, "bad_picture", where, "WebP");
    return 0;
}

static int write_memory(const uint8_t *data, size_t length, const WebPPicture *picture)
{
    buffer_append(picture->custom_ptr, data, length);
    return 1;
}

/* Appends the VP8L stream of width × height pixels. */
static int encode_lossless(uint32_t *argb, uint32_t width, uint32_t height, struct buffer *out,
                           const char *where, struct error *error)
{
    WebPConfig config;
    WebPPicture picture;
    AUTO_BUFFER file = {0};
    bool large = (uint64_t)width * height > LARGE_PIXELS;
    if (!WebPConfigInit(&config) ||
        !WebPConfigLosslessPreset(&config, large ? EFFORT_LARGE : EFFORT_USUAL) ||
        !WebPPictureInit(&picture))
        return error_set(error, "bad_picture", where, "libwebp");
    config.exact = 1;
    picture.use_argb = 1;
    picture.width = (int)width;
    picture.height = (int)height;
    picture.argb = argb;
    picture.argb_stride = (int)width;
    picture.writer = write_memory;
    picture.custom_ptr = &file;
    int done = WebPEncode(&config, &picture);
    int failure = picture.error_code;
    picture.argb = NULL;
    WebPPictureFree(&picture);
    struct bytes chunk = bytes_slice(buffer_bytes(&file), RIFF_HEADER, SIZE_MAX);
    if (!done || !bytes_start_with(chunk, "VP8L"))
        return error_set(error, "bad_picture", where, "libwebp %d", failure);
    buffer_append_bytes(out, bytes_slice(chunk, CHUNK_HEADER, SIZE_MAX));
    return 0;
}

static int code_lossless(const struct webp_frame *frame, struct webp_coded *coded,
                         const char *where, struct error *error)
{
    size_t count = (size_t)frame->width * frame->height;
    AUTO_FREE uint8_t *rgba = memory_allocate(count, 4);
    AUTO_FREE uint32_t *argb = memory_allocate(count, 4);
    if (webp_decode_frame(frame, rgba, where, error))
        return -1;
    for (size_t i = 0; i < count; i++) {
        const uint8_t *pixel = rgba + i * 4;
        argb[i] = (uint32_t)pixel[3] << 24 | (uint32_t)pixel[0] << 16 | (uint32_t)pixel[1] << 8 |
                  pixel[2];
        coded->has_alpha |= pixel[3] != 0xFF;
    }
    return encode_lossless(argb, frame->width, frame->height, &coded->lossless, where, error);
}

/* The alpha of a lossy frame, decoded. */
static int decode_alpha(const struct webp_frame *frame, uint32_t *argb, const char *where,
                        struct error *error)
{
    AUTO_BUFFER file = {0};
    WebPDecoderConfig config;
    append_file(frame, &file);
    if (!WebPInitDecoderConfig(&config))
        return error_set(error, "bad_picture", where, "libwebp");
    config.output.colorspace = MODE_YUVA;
    VP8StatusCode status = WebPDecode(file.data, file.length, &config);
    const WebPYUVABuffer *planes = &config.output.u.YUVA;
    for (uint32_t y = 0; status == VP8_STATUS_OK && y < frame->height; y++) {
        const uint8_t *row = planes->a + (size_t)y * (size_t)planes->a_stride;
        for (uint32_t x = 0; x < frame->width; x++)
            argb[(size_t)y * frame->width + x] = 0xFF000000 | (uint32_t)row[x] << 8;
    }
    WebPFreeDecBuffer(&config.output);
    return status == VP8_STATUS_OK ? 0 : error_set(error, "bad_picture", where, "ALPH");
}

/* ALPH holds a lossless stream without its header, alpha in the green channel. */
static int code_alpha(const struct webp_frame *frame, struct webp_coded *coded, const char *where,
                      struct error *error)
{
    AUTO_BUFFER stream = {0};
    AUTO_FREE uint32_t *argb = memory_allocate((size_t)frame->width * frame->height, 4);
    if (decode_alpha(frame, argb, where, error) ||
        encode_lossless(argb, frame->width, frame->height, &stream, where, error))
        return -1;
    buffer_append_byte(&coded->alpha, ALPHA_LOSSLESS);
    buffer_append_bytes(&coded->alpha, bytes_slice(buffer_bytes(&stream), VP8L_HEADER, SIZE_MAX));
    coded->has_alpha = true;
    return 0;
}

int webp_code_frame(const struct webp_frame *frame, struct webp_coded *coded, const char *where,
                    struct error *error)
{
    if (frame->lossless.length)
        return code_lossless(frame, coded, where, error);
    if (frame->alpha.length && code_alpha(frame, coded, where, error))
        return -1;
    return vp8_transcode(frame->lossy, &coded->lossy, where, error);
}

void webp_coded_free(struct webp_coded *coded)
{
    buffer_free(&coded->alpha);
    buffer_free(&coded->lossy);
    buffer_free(&coded->lossless);
}
