/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GIF (87a, 89a): screen, palettes, and of each frame its place, timing and indices, coded anew;
 * the loop count in an extension of our own. Comments, text and other extensions do not go over.
 */
#include "base/cursor.h"
#include "base/memory.h"
#include "disarm/format/gif_lzw.h"
#include "disarm/format/gif_parts.h"
#include "disarm/format/picture.h"
#include "disarm/format/picture_record.h"

#define COLOR_RESOLUTION 0x70
#define SUBBLOCK_LIMIT   255

/* Bits of an index into a palette of so many entries, at least 1. */
static unsigned palette_bits(size_t entries)
{
    unsigned bits = 1;
    while (((size_t)1 << bits) < entries)
        bits++;
    return bits;
}

/* The entries that the palette of a frame has once it is written. */
static size_t written_entries(const struct gif *gif, const struct gif_frame *frame)
{
    size_t entries = frame->palette.length / 3;
    if (!entries)
        return gif->global_entries;
    return (size_t)1 << palette_bits(frame->index_above > entries ? frame->index_above : entries);
}

void gif_append_palette(struct buffer *out, struct bytes palette, size_t entries)
{
    if (!palette.length) {
        for (size_t i = 0; i < entries; i++) {
            uint8_t gray[3] = {(uint8_t)i, (uint8_t)i, (uint8_t)i};
            buffer_append(out, gray, sizeof gray);
        }
        return;
    }
    buffer_append_bytes(out, palette);
    for (size_t i = palette.length; i < entries * 3; i++)
        buffer_append_byte(out, 0);
}

/* The entries of the global palette: enough for the frames without their own; 0 when unused. */
static size_t global_entries(const struct gif *gif)
{
    size_t entries = gif->palette.length / 3;
    for (size_t i = 0; i < gif->frame_count; i++) {
        const struct gif_frame *frame = &gif->frames[i];
        if (!frame->dropped && !frame->palette.length && frame->index_above > entries)
            entries = frame->index_above;
    }
    return entries ? (size_t)1 << palette_bits(entries) : 0;
}

static void append_header(struct buffer *out, const struct gif *gif)
{
    uint32_t width = gif->width, height = gif->height;
    for (size_t i = 0; i < gif->frame_count; i++) {
        const struct gif_frame *frame = &gif->frames[i];
        if (frame->dropped)
            continue;
        width = width ? width : (uint32_t)frame->x + frame->width;
        height = height ? height : (uint32_t)frame->y + frame->height;
    }
    size_t entries = gif->global_entries;
    buffer_append_string(out, "GIF89a");
    buffer_append_u16le(out, (uint16_t)(width < UINT16_MAX ? width : UINT16_MAX));
    buffer_append_u16le(out, (uint16_t)(height < UINT16_MAX ? height : UINT16_MAX));
    buffer_append_byte(
        out,
        (uint8_t)(COLOR_RESOLUTION | (entries ? GIF_TABLE_FLAG | (palette_bits(entries) - 1) : 0)));
    buffer_append_byte(out, gif->background < entries ? gif->background : 0);
    buffer_append_byte(out, 0);
    if (entries)
        gif_append_palette(out, gif->palette, entries);
    if (gif->loops) {
        buffer_append(out, "\x21\xFF\x0BNETSCAPE2.0\x03\x01", 16);
        buffer_append_u16le(out, gif->plays);
        buffer_append_byte(out, 0);
    }
}

static void append_control(struct buffer *out, const struct gif_control *control, size_t entries)
{
    bool transparent = control->transparent && control->transparent_index < entries;
    buffer_append(out, "\x21\xF9\x04", 3);
    buffer_append_byte(out, (uint8_t)(control->disposal << 2 | transparent));
    buffer_append_u16le(out, control->delay);
    buffer_append_byte(out, transparent ? control->transparent_index : 0);
    buffer_append_byte(out, 0);
}

static void append_frame(struct buffer *out, const struct gif *gif, const struct gif_frame *frame)
{
    size_t entries = written_entries(gif, frame);
    bool local = frame->palette.length > 0;
    if (frame->control.present)
        append_control(out, &frame->control, entries);
    buffer_append_byte(out, GIF_IMAGE);
    buffer_append_u16le(out, frame->x);
    buffer_append_u16le(out, frame->y);
    buffer_append_u16le(out, frame->width);
    buffer_append_u16le(out, frame->height);
    buffer_append_byte(out, (uint8_t)((frame->interlaced ? GIF_INTERLACE_FLAG : 0) |
                                      (local ? GIF_TABLE_FLAG | (palette_bits(entries) - 1) : 0)));
    if (local)
        gif_append_palette(out, frame->palette, entries);
    unsigned bits = palette_bits(entries);
    buffer_append_byte(out, (uint8_t)(bits < 2 ? 2 : bits));
    struct cursor cursor = cursor_open(buffer_bytes(&frame->codes));
    while (cursor_remaining(&cursor)) {
        size_t left = cursor_remaining(&cursor);
        struct bytes block = cursor_take(&cursor, left < SUBBLOCK_LIMIT ? left : SUBBLOCK_LIMIT);
        buffer_append_byte(out, (uint8_t)block.length);
        buffer_append_bytes(out, block);
    }
    buffer_append_byte(out, 0);
}

static void recode_frame(const struct gif *gif, struct gif_frame *frame)
{
    unsigned bits = palette_bits(written_entries(gif, frame));
    bool ignored = false;
    AUTO_FREE uint8_t *indices = gif_decode_frame(frame, &ignored);
    buffer_clear(&frame->codes);
    gif_lzw_encode(indices, (size_t)frame->width * frame->height, bits < 2 ? 2 : bits,
                   &frame->codes);
}

static void record_rows(struct job *job, const struct gif *gif, size_t bytes_in, size_t bytes_out)
{
    job_record(job, NULL, "picture", RECEIPT_REWRITTEN, gif->damaged ? "picture_repaired" : "",
               gif->used, bytes_out);
    for (size_t i = 0; gif->frame_count > 1 && i < gif->frame_count; i++) {
        const struct gif_frame *frame = &gif->frames[i];
        job_record(job, NULL, "picture_frame", frame->dropped ? RECEIPT_DROPPED : RECEIPT_REWRITTEN,
                   frame->dropped ? "picture_damaged" : "", 0,
                   frame->dropped ? 0 : frame->codes.length);
    }
    struct picture_dropped dropped = {
        .metadata = gif->metadata, .unknown = gif->unknown, .tail = bytes_in - gif->used};
    picture_record_dropped(job, &dropped);
}

int picture_rebuild_gif(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    AUTO_GIF gif = {0};
    size_t before = out->length;
    if (gif_read(job, in, &gif, error))
        return -1;
    gif.global_entries = global_entries(&gif);
    append_header(out, &gif);
    for (size_t i = 0; i < gif.frame_count; i++) {
        if (gif.frames[i].dropped)
            continue;
        recode_frame(&gif, &gif.frames[i]);
        append_frame(out, &gif, &gif.frames[i]);
    }
    buffer_append_byte(out, GIF_TRAILER);
    record_rows(job, &gif, in.length, out->length - before);
    return 0;
}
