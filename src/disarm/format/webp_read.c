/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the chunks of a WebP file (RFC 9649 §2). */
#include <webp/decode.h>

#include "base/cursor.h"
#include "base/memory.h"
#include "disarm/format/picture_exif.h"
#include "disarm/format/picture_icc.h"
#include "disarm/format/webp_parts.h"
#include "disarm/format/webp_vp8.h"

struct chunk {
    struct bytes name, body;
};

static uint32_t read_u24(struct cursor *cursor)
{
    uint32_t low = cursor_u16le(cursor);
    return low | (uint32_t)cursor_u8(cursor) << 16;
}

static bool is(const struct chunk *chunk, const char *name)
{
    return bytes_equal_string(chunk->name, name);
}

/* The next chunk; a last one that is cut short is given as far as it goes. */
static bool next_chunk(struct cursor *cursor, struct chunk *chunk)
{
    if (cursor_remaining(cursor) < 8)
        return false;
    chunk->name = cursor_take(cursor, 4);
    size_t length = cursor_u32le(cursor);
    size_t left = cursor_remaining(cursor);
    chunk->body = cursor_take(cursor, length < left ? length : left);
    if (length % 2 && cursor_remaining(cursor))
        cursor_skip(cursor, 1);
    return true;
}

/* Takes a chunk that codes pixels; false when it is another one. */
static bool read_pixels(const struct chunk *chunk, struct webp_frame *frame)
{
    bool coded = frame->lossy.length || frame->lossless.length;
    if (is(chunk, "ALPH") && !coded)
        frame->alpha = chunk->body;
    else if (is(chunk, "VP8 ") && !coded)
        frame->lossy = chunk->body;
    else if (is(chunk, "VP8L") && !coded)
        frame->lossless = chunk->body;
    else
        return false;
    return true;
}

/* The size that the coded picture itself says. */
static bool measure(struct webp_frame *frame)
{
    if (frame->lossy.length)
        return vp8_read_size(frame->lossy, &frame->width, &frame->height);
    struct cursor cursor = cursor_open(frame->lossless);
    uint8_t signature = cursor_u8(&cursor);
    uint32_t sizes = cursor_u32le(&cursor);
    frame->width = (sizes & 0x3FFF) + 1;
    frame->height = (sizes >> 14 & 0x3FFF) + 1;
    return !cursor.failed && signature == 0x2F && sizes >> 29 == 0;
}

static int add_frame(struct job *job, struct webp *webp, const struct webp_frame *frame,
                     struct error *error)
{
    if (job_use_pixels(job, frame->width, frame->height, error) ||
        (webp->frame_count && job_use_pages(job, 1, error)))
        return -1;
    webp->frames = memory_resize(webp->frames, webp->frame_count + 1, sizeof *webp->frames);
    webp->frames[webp->frame_count++] = *frame;
    return 0;
}

/* ANMF (§2.7.1.1). A frame that does not fit the canvas is dropped. */
static int read_frame(struct job *job, struct webp *webp, struct bytes body, struct error *error)
{
    struct webp_frame frame = {0};
    struct cursor cursor = cursor_open(body);
    struct chunk chunk;
    frame.x = read_u24(&cursor) * 2;
    frame.y = read_u24(&cursor) * 2;
    cursor_skip(&cursor, 6);
    frame.duration = read_u24(&cursor);
    frame.flags = cursor_u8(&cursor) & 3;
    while (next_chunk(&cursor, &chunk)) {
        if (!read_pixels(&chunk, &frame))
            webp->unknown += chunk.body.length + 8;
    }
    if (!measure(&frame) || frame.x + frame.width > webp->width ||
        frame.y + frame.height > webp->height) {
        webp->frames_dropped++;
        return 0;
    }
    return add_frame(job, webp, &frame, error);
}

static void read_extended(struct webp *webp, struct bytes body)
{
    struct cursor cursor = cursor_open(body);
    uint8_t flags = cursor_u8(&cursor);
    cursor_skip(&cursor, 3);
    webp->animated = flags & 2;
    webp->width = read_u24(&cursor) + 1;
    webp->height = read_u24(&cursor) + 1;
}

static void read_animation(struct webp *webp, struct bytes body)
{
    struct cursor cursor = cursor_open(body);
    webp->background = cursor_u32le(&cursor);
    webp->plays = cursor_u16le(&cursor);
}

static void read_profile(struct webp *webp, struct bytes body)
{
    struct bytes profile = picture_icc_sane(body, 3);
    if (profile.length && !webp->profile.length)
        webp->profile = profile;
    else
        webp->profile_dropped += body.length;
}

static int read_chunk(struct job *job, struct webp *webp, const struct chunk *chunk,
                      struct webp_frame *still, struct error *error)
{
    if (is(chunk, "VP8X") && !webp->width)
        read_extended(webp, chunk->body);
    else if (is(chunk, "ANIM"))
        read_animation(webp, chunk->body);
    else if (is(chunk, "ICCP"))
        read_profile(webp, chunk->body);
    else if (is(chunk, "ANMF") && webp->animated)
        return read_frame(job, webp, chunk->body, error);
    else if (is(chunk, "EXIF"))
        webp->orientation = picture_exif_orientation(chunk->body);
    if (is(chunk, "EXIF") || is(chunk, "XMP "))
        webp->metadata += chunk->body.length + 8;
    else if (!read_pixels(chunk, still) && !is(chunk, "VP8X") && !is(chunk, "ANIM") &&
             !is(chunk, "ICCP"))
        webp->unknown += chunk->body.length + 8;
    return 0;
}

int webp_read(struct job *job, struct bytes in, struct webp *webp, struct error *error)
{
    struct webp_frame still = {0};
    struct chunk chunk;
    *webp = (struct webp){.orientation = 1};
    struct cursor cursor = cursor_open(in);
    bool riff = bytes_equal_string(cursor_take(&cursor, 4), "RIFF");
    size_t length = cursor_u32le(&cursor);
    if (!riff || !bytes_equal_string(cursor_take(&cursor, 4), "WEBP"))
        return error_set(error, "bad_picture", job->path, "RIFF");
    webp->used = length < in.length - 8 ? length + 8 : in.length;
    cursor.bytes.length = webp->used > cursor.position ? webp->used : cursor.position;
    while (next_chunk(&cursor, &chunk)) {
        if (read_chunk(job, webp, &chunk, &still, error))
            return -1;
    }
    if (!webp->animated) {
        if (!measure(&still))
            return error_set(error, "bad_picture", job->path, "VP8");
        webp->width = still.width;
        webp->height = still.height;
        return add_frame(job, webp, &still, error);
    }
    return webp->frame_count ? 0 : error_set(error, "bad_picture", job->path, "ANMF");
}

void webp_free(struct webp *webp)
{
    free(webp->frames);
    *webp = (struct webp){0};
}
