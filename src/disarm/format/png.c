/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PNG and APNG (W3C PNG, third edition): header, palette, transparency, colour space, printing
 * resolution, orientation and the rows of every frame are written anew, in one fixed order.
 */
#include "base/memory.h"
#include "disarm/format/picture.h"
#include "disarm/format/picture_exif.h"
#include "disarm/format/picture_record.h"
#include "disarm/format/png_chunk.h"

#include <zlib.h>

#define PROFILE_NAME "icc"

/* The new zlib streams: of the picture, and of each frame that is not the picture. */
struct streams {
    struct buffer picture;
    struct buffer *frames;
    size_t frame_count; /* frames that go over; the first may be the picture itself */
    struct png_rows_account account;
};

static void streams_free(struct streams *streams, size_t frame_count)
{
    for (size_t i = 0; streams->frames && i < frame_count; i++)
        buffer_free(&streams->frames[i]);
    free(streams->frames);
    buffer_free(&streams->picture);
}

/* Rebuilds the frames up to the first that is broken. */
static int rebuild_frames(struct job *job, struct png_file *file, struct streams *streams,
                          struct error *error)
{
    streams->frames = memory_allocate(file->frame_count + 1, sizeof *streams->frames);
    for (size_t i = 0; i < file->frame_count; i++) {
        struct png_frame *frame = &file->frames[i];
        if (frame->broken)
            break;
        if (!frame->is_picture) {
            if (job_use_pixels(job, frame->width, frame->height, error))
                return -1;
            if (png_rows_rebuild(&file->header, frame->width, frame->height,
                                 buffer_bytes(&frame->data), &streams->account, &streams->frames[i],
                                 job->path, NULL))
                break;
        }
        buffer_free(&frame->data);
        streams->frame_count++;
    }
    return 0;
}

static void append_optional(struct buffer *out, uint32_t type, struct bytes body)
{
    if (body.length)
        png_chunk_append(out, type, body);
}

static void append_profile(struct buffer *out, struct bytes profile)
{
    AUTO_BUFFER body = {0};
    buffer_append(&body, PROFILE_NAME "\0", sizeof PROFILE_NAME + 1);
    png_rows_deflate(profile, &body);
    png_chunk_append(out, PNG_TYPE('i', 'C', 'C', 'P'), buffer_bytes(&body));
}

/* Makes the palette as long as the largest index asks, so that no reader looks behind it. */
static void append_palette(struct buffer *out, const struct png_file *file, unsigned index_above)
{
    AUTO_BUFFER palette = {0};
    buffer_append_bytes(&palette, file->palette);
    while (palette.length < (size_t)3 * index_above)
        buffer_append_byte(&palette, 0);
    append_optional(out, PNG_TYPE('P', 'L', 'T', 'E'), buffer_bytes(&palette));
}

/* The transparent colour, with the bits above the sample depth cleared (§11.3.1.1). */
static void append_transparency(struct buffer *out, const struct png_file *file)
{
    AUTO_BUFFER body = {0};
    buffer_append_bytes(&body, file->transparency);
    if (file->header.color != PNG_COLOR_PALETTE && file->header.depth < 16) {
        for (size_t i = 0; i < body.length; i += 2) {
            body.data[i] = 0;
            body.data[i + 1] &= (uint8_t)((1u << file->header.depth) - 1);
        }
    }
    append_optional(out, PNG_TYPE('t', 'R', 'N', 'S'), buffer_bytes(&body));
}

static void append_description(struct buffer *out, const struct png_file *file,
                               unsigned index_above)
{
    png_header_append(out, &file->header);
    append_optional(out, PNG_TYPE('c', 'I', 'C', 'P'), file->cicp);
    if (file->profile.length)
        append_profile(out, buffer_bytes(&file->profile));
    else
        append_optional(out, PNG_TYPE('s', 'R', 'G', 'B'), file->srgb);
    append_optional(out, PNG_TYPE('g', 'A', 'M', 'A'), file->gamma);
    append_optional(out, PNG_TYPE('c', 'H', 'R', 'M'), file->chromaticities);
    append_palette(out, file, index_above);
    append_transparency(out, file);
    append_optional(out, PNG_TYPE('p', 'H', 'Y', 's'), file->density);
    if (file->orientation != 1) {
        AUTO_BUFFER exif = {0};
        picture_exif_append(&exif, file->orientation);
        png_chunk_append(out, PNG_TYPE('e', 'X', 'I', 'f'), buffer_bytes(&exif));
    }
}

static void append_frame_control(struct buffer *out, const struct png_frame *frame,
                                 uint32_t sequence)
{
    AUTO_BUFFER body = {0};
    buffer_append_u32be(&body, sequence);
    buffer_append_u32be(&body, frame->width);
    buffer_append_u32be(&body, frame->height);
    buffer_append_u32be(&body, frame->x);
    buffer_append_u32be(&body, frame->y);
    buffer_append_u16be(&body, frame->delay);
    buffer_append_u16be(&body, frame->delay_unit);
    buffer_append_byte(&body, frame->dispose);
    buffer_append_byte(&body, frame->blend);
    png_chunk_append(out, PNG_TYPE('f', 'c', 'T', 'L'), buffer_bytes(&body));
}

static void append_animation_control(struct buffer *out, size_t frames, uint32_t plays)
{
    AUTO_BUFFER body = {0};
    buffer_append_u32be(&body, (uint32_t)frames);
    buffer_append_u32be(&body, plays);
    png_chunk_append(out, PNG_TYPE('a', 'c', 'T', 'L'), buffer_bytes(&body));
}

static void append_pixels(struct buffer *out, const struct png_file *file,
                          const struct streams *streams)
{
    uint32_t sequence = 0;
    size_t next = 0;
    if (streams->frame_count) {
        append_animation_control(out, streams->frame_count, file->plays);
        if (file->frames[0].is_picture)
            append_frame_control(out, &file->frames[next++], sequence++);
    }
    png_chunk_append(out, PNG_TYPE('I', 'D', 'A', 'T'), buffer_bytes(&streams->picture));
    for (; next < streams->frame_count; next++) {
        AUTO_BUFFER body = {0};
        append_frame_control(out, &file->frames[next], sequence++);
        buffer_append_u32be(&body, sequence++);
        buffer_append_bytes(&body, buffer_bytes(&streams->frames[next]));
        png_chunk_append(out, PNG_TYPE('f', 'd', 'A', 'T'), buffer_bytes(&body));
    }
    png_chunk_append(out, PNG_TYPE('I', 'E', 'N', 'D'), (struct bytes){0});
}

static void record_rows(struct job *job, const struct png_file *file, const struct streams *streams,
                        size_t bytes_in, size_t bytes_out)
{
    bool repaired = file->damaged || streams->account.repaired;
    job_record(job, NULL, "picture", RECEIPT_REWRITTEN, repaired ? "picture_repaired" : "",
               file->used, bytes_out);
    for (size_t i = 0; i < file->frame_count; i++)
        job_record(job, NULL, "picture_frame",
                   i < streams->frame_count ? RECEIPT_REWRITTEN : RECEIPT_DROPPED,
                   i < streams->frame_count ? "" : "picture_damaged", 0,
                   i < streams->frame_count ? streams->frames[i].length : 0);
    if (file->orientation != 1)
        job_record(job, NULL, "picture_orientation", RECEIPT_KEPT, "", 0, 0);
    if (file->profile.length)
        job_record(job, NULL, "picture_profile", RECEIPT_REWRITTEN, "", file->profile.length,
                   file->profile.length);
    struct picture_dropped dropped = {.metadata = file->metadata,
                                      .unknown = file->unknown,
                                      .profile = file->profile_dropped,
                                      .tail = bytes_in - file->used};
    picture_record_dropped(job, &dropped);
}

static int rebuild(struct job *job, struct png_file *file, struct streams *streams,
                   struct buffer *out, struct error *error)
{
    const struct png_header *header = &file->header;
    if (png_rows_rebuild(header, header->width, header->height, buffer_bytes(&file->data),
                         &streams->account, &streams->picture, job->path, error))
        return -1;
    buffer_free(&file->data);
    if (rebuild_frames(job, file, streams, error))
        return -1;
    append_description(out, file, streams->account.index_above);
    append_pixels(out, file, streams);
    return 0;
}

int picture_rebuild_png(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    AUTO_PNG_FILE file = {0};
    struct streams streams = {0};
    size_t before = out->length;
    if (png_file_read(job, in, &file, error))
        return -1;
    int result = rebuild(job, &file, &streams, out, error);
    if (result == 0)
        record_rows(job, &file, &streams, in.length, out->length - before);
    streams_free(&streams, file.frame_count);
    return result;
}
