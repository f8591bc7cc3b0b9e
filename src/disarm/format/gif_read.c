/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a GIF (87a, 89a): each block has a reader, and extensions that do not matter are counted.
 */
#include "base/cursor.h"
#include "base/memory.h"
#include "disarm/format/gif_lzw.h"
#include "disarm/format/gif_parts.h"

#define LABEL_CONTROL     0xF9
#define LABEL_COMMENT     0xFE
#define LABEL_APPLICATION 0xFF

void gif_free(struct gif *gif)
{
    for (size_t i = 0; i < gif->frame_count; i++)
        buffer_free(&gif->frames[i].codes);
    free(gif->frames);
}

/* Takes a color table when flags announce one (§19). */
static struct bytes read_palette(struct cursor *cursor, uint8_t flags)
{
    if (!(flags & GIF_TABLE_FLAG))
        return (struct bytes){0};
    return cursor_take(cursor, (size_t)3 << ((flags & 7) + 1));
}

/* Appends the data of sub-blocks up to the empty one (§15); false when the file ends before. */
static bool read_subblocks(struct cursor *cursor, struct buffer *data)
{
    for (;;) {
        size_t length = cursor_u8(cursor);
        if (cursor->failed || length == 0)
            return !cursor->failed;
        if (cursor_remaining(cursor) < length) {
            buffer_append_bytes(data, cursor_take_rest(cursor));
            return false;
        }
        buffer_append_bytes(data, cursor_take(cursor, length));
    }
}

static void read_control(struct bytes body, struct gif_control *control)
{
    struct cursor cursor = cursor_open(body);
    uint8_t flags = cursor_u8(&cursor);
    *control = (struct gif_control){.present = true, .delay = cursor_u16le(&cursor)};
    control->transparent_index = cursor_u8(&cursor);
    control->transparent = flags & 1;
    control->disposal = flags >> 2 & 7;
    if (control->disposal > 3)
        control->disposal = 0;
    if (cursor.failed)
        *control = (struct gif_control){0};
}

/* A loop count as Netscape and others write it; anything else is only counted. */
static void read_application(struct gif *gif, struct bytes body)
{
    bool loop = body.length >= 14 &&
                (bytes_start_with(body, "NETSCAPE2.0") || bytes_start_with(body, "ANIMEXTS1.0")) &&
                body.data[11] == 1;
    if (!loop) {
        gif->unknown += body.length;
        return;
    }
    if (!gif->loops)
        gif->plays = (uint16_t)(body.data[12] | body.data[13] << 8);
    gif->loops = true;
    gif->unknown += body.length - 14;
}

static bool read_extension(struct gif *gif, struct cursor *cursor, struct gif_control *control)
{
    AUTO_BUFFER data = {0};
    uint8_t label = cursor_u8(cursor);
    bool whole = read_subblocks(cursor, &data);
    struct bytes body = buffer_bytes(&data);
    if (label == LABEL_CONTROL)
        read_control(body, control);
    else if (label == LABEL_APPLICATION)
        read_application(gif, body);
    else if (label == LABEL_COMMENT)
        gif->metadata += body.length;
    else
        gif->unknown += body.length;
    return whole;
}

/* Reads one image descriptor and its codes (§20). False when the file ends inside. */
static bool read_image(struct gif *gif, struct cursor *cursor, struct gif_control *control)
{
    struct gif_frame frame = {.control = *control};
    *control = (struct gif_control){0};
    frame.x = cursor_u16le(cursor);
    frame.y = cursor_u16le(cursor);
    frame.width = cursor_u16le(cursor);
    frame.height = cursor_u16le(cursor);
    uint8_t flags = cursor_u8(cursor);
    frame.interlaced = flags & GIF_INTERLACE_FLAG;
    frame.palette = read_palette(cursor, flags);
    frame.code_size = cursor_u8(cursor);
    if (cursor->failed)
        return false;
    bool whole = read_subblocks(cursor, &frame.codes);
    frame.dropped = !frame.width || !frame.height || frame.code_size < 1 ||
                    frame.code_size > GIF_CODE_SIZE_LIMIT;
    gif->frames = memory_resize(gif->frames, gif->frame_count + 1, sizeof *gif->frames);
    gif->frames[gif->frame_count++] = frame;
    return whole;
}

static int read_blocks(struct job *job, struct bytes in, struct gif *gif, struct error *error)
{
    struct cursor cursor = cursor_open(in);
    if (!bytes_start_with(in, "GIF8"))
        return error_set(error, "bad_picture", job->path, "GIF");
    cursor_skip(&cursor, 6);
    gif->width = cursor_u16le(&cursor);
    gif->height = cursor_u16le(&cursor);
    uint8_t flags = cursor_u8(&cursor);
    gif->background = cursor_u8(&cursor);
    cursor_skip(&cursor, 1);
    gif->palette = read_palette(&cursor, flags);
    struct gif_control control = {0};
    bool ended = false;
    while (!ended && !cursor.failed) {
        size_t frames = gif->frame_count;
        uint8_t block = cursor_u8(&cursor);
        if (block == GIF_EXTENSION)
            gif->damaged |= !read_extension(gif, &cursor, &control);
        else if (block == GIF_IMAGE)
            gif->damaged |= !read_image(gif, &cursor, &control);
        ended = block == GIF_TRAILER;
        if (frames && gif->frame_count > frames && job_use_pages(job, 1, error))
            return -1;
    }
    gif->used = cursor.position;
    return 0;
}

uint8_t *gif_decode_frame(const struct gif_frame *frame, bool *repaired)
{
    size_t count = (size_t)frame->width * frame->height;
    uint8_t *indices = memory_allocate(count, 1);
    size_t got = gif_lzw_decode(buffer_bytes(&frame->codes), frame->code_size, indices, count);
    *repaired |= got < count;
    if (got == 0) {
        free(indices);
        return NULL;
    }
    memset(indices + got, 0, count - got);
    return indices;
}

static unsigned find_index_above(const uint8_t *indices, size_t count)
{
    uint8_t largest = 0;
    for (size_t i = 0; i < count; i++)
        largest = indices[i] > largest ? indices[i] : largest;
    return largest + 1u;
}

/* Decodes every frame once to learn its largest index; the frames stay coded in between. */
static int measure_frames(struct job *job, struct gif *gif, struct error *error)
{
    bool any = false;
    for (size_t i = 0; i < gif->frame_count; i++) {
        struct gif_frame *frame = &gif->frames[i];
        if (frame->dropped)
            continue;
        if (job_use_pixels(job, frame->width, frame->height, error))
            return -1;
        AUTO_FREE uint8_t *indices = gif_decode_frame(frame, &gif->damaged);
        frame->dropped = !indices;
        if (indices)
            frame->index_above = find_index_above(indices, (size_t)frame->width * frame->height);
        any |= !frame->dropped;
    }
    return any ? 0 : error_set(error, "bad_picture", job->path, "GIF");
}

int gif_read(struct job *job, struct bytes in, struct gif *gif, struct error *error)
{
    if (read_blocks(job, in, gif, error))
        return -1;
    return measure_frames(job, gif, error);
}
