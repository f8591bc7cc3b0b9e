/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * WebP (RFC 9649): canvas, colour profile, orientation, and every frame coded anew without loss
 * (doc/decisions/0310-webp-without-loss.md).
 */
#include "disarm/format/picture.h"
#include "disarm/format/picture_exif.h"
#include "disarm/format/picture_record.h"
#include "disarm/format/webp_parts.h"

#define FLAG_PROFILE   0x20
#define FLAG_ALPHA     0x10
#define FLAG_EXIF      0x08
#define FLAG_ANIMATION 0x02

static void append_u24(struct buffer *out, uint32_t value)
{
    buffer_append_u16le(out, (uint16_t)value);
    buffer_append_byte(out, (uint8_t)(value >> 16));
}

static void append_coded(struct buffer *out, const struct webp_coded *coded)
{
    if (coded->alpha.length)
        webp_chunk_append(out, "ALPH", buffer_bytes(&coded->alpha));
    if (coded->lossy.length)
        webp_chunk_append(out, "VP8 ", buffer_bytes(&coded->lossy));
    else
        webp_chunk_append(out, "VP8L", buffer_bytes(&coded->lossless));
}

static void append_frame(struct buffer *out, const struct webp_frame *frame,
                         const struct webp_coded *coded)
{
    AUTO_BUFFER body = {0};
    append_u24(&body, frame->x / 2);
    append_u24(&body, frame->y / 2);
    append_u24(&body, frame->width - 1);
    append_u24(&body, frame->height - 1);
    append_u24(&body, frame->duration);
    buffer_append_byte(&body, frame->flags);
    append_coded(&body, coded);
    webp_chunk_append(out, "ANMF", buffer_bytes(&body));
}

static void append_animation(struct buffer *out, const struct webp *webp)
{
    AUTO_BUFFER body = {0};
    buffer_append_u32le(&body, webp->background);
    buffer_append_u16le(&body, webp->plays);
    webp_chunk_append(out, "ANIM", buffer_bytes(&body));
}

/* VP8X and what stands between it and the frames. */
static void append_extended(struct buffer *out, const struct webp *webp, bool alpha)
{
    AUTO_BUFFER body = {0};
    buffer_append_byte(&body, (uint8_t)((webp->profile.length ? FLAG_PROFILE : 0) |
                                        (alpha ? FLAG_ALPHA : 0) |
                                        (webp->orientation != 1 ? FLAG_EXIF : 0) |
                                        (webp->animated ? FLAG_ANIMATION : 0)));
    append_u24(&body, 0);
    append_u24(&body, webp->width - 1);
    append_u24(&body, webp->height - 1);
    webp_chunk_append(out, "VP8X", buffer_bytes(&body));
    if (webp->profile.length)
        webp_chunk_append(out, "ICCP", webp->profile);
    if (webp->animated)
        append_animation(out, webp);
}

/* Codes all frames into chunks. *extended: the simple file form cannot hold them. */
static int append_frames(struct job *job, struct webp *webp, struct buffer *chunks, bool *alpha,
                         bool *extended, struct error *error)
{
    for (size_t i = 0; i < webp->frame_count; i++) {
        struct webp_coded coded = {0};
        struct error own = {0}; /* of a frame that is dropped */
        int result = webp_code_frame(&webp->frames[i], &coded, job->path, &own);
        if (result == 0 && webp->animated)
            append_frame(chunks, &webp->frames[i], &coded);
        else if (result == 0)
            append_coded(chunks, &coded);
        *alpha |= coded.has_alpha;
        *extended |= coded.alpha.length > 0;
        webp_coded_free(&coded);
        if (result && i == 0)
            return error_set(error, own.code, own.where, "%s", own.detail);
        if (result) {
            webp->frames_dropped += webp->frame_count - i;
            webp->frame_count = i;
        }
    }
    return 0;
}

static void record_rows(struct job *job, const struct webp *webp, size_t bytes_in, size_t bytes_out)
{
    job_record(job, NULL, "picture", RECEIPT_REWRITTEN, "", webp->used, bytes_out);
    for (size_t i = 0; webp->animated && i < webp->frame_count; i++)
        job_record(job, NULL, "picture_frame", RECEIPT_REWRITTEN, "", 0, 0);
    for (size_t i = 0; i < webp->frames_dropped; i++)
        job_record(job, NULL, "picture_frame", RECEIPT_DROPPED, "picture_damaged", 0, 0);
    if (webp->orientation != 1)
        job_record(job, NULL, "picture_orientation", RECEIPT_KEPT, "", 0, 0);
    if (webp->profile.length)
        job_record(job, NULL, "picture_profile", RECEIPT_KEPT, "", webp->profile.length,
                   webp->profile.length);
    struct picture_dropped dropped = {.metadata = webp->metadata,
                                      .unknown = webp->unknown,
                                      .profile = webp->profile_dropped,
                                      .tail = bytes_in - webp->used};
    picture_record_dropped(job, &dropped);
}

int picture_rebuild_webp(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    AUTO_WEBP webp = {0};
    AUTO_BUFFER frames = {0}, chunks = {0};
    bool alpha = false, extended = false;
    if (webp_read(job, in, &webp, error) ||
        append_frames(job, &webp, &frames, &alpha, &extended, error))
        return -1;
    if (extended || webp.animated || webp.profile.length || webp.orientation != 1)
        append_extended(&chunks, &webp, alpha);
    buffer_append_bytes(&chunks, buffer_bytes(&frames));
    if (webp.orientation != 1) {
        AUTO_BUFFER exif = {0};
        picture_exif_append(&exif, webp.orientation);
        webp_chunk_append(&chunks, "EXIF", buffer_bytes(&exif));
    }
    buffer_append_string(out, "RIFF");
    buffer_append_u32le(out, (uint32_t)(4 + chunks.length));
    buffer_append_string(out, "WEBP");
    buffer_append_bytes(out, buffer_bytes(&chunks));
    record_rows(job, &webp, in.length, 12 + chunks.length);
    return 0;
}

int picture_flatten_webp(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    AUTO_WEBP webp = {0};
    AUTO_RASTER picture = {0}, raster = {0};
    size_t before = out->length;
    if (webp_read(job, in, &webp, error))
        return -1;
    const struct webp_frame *frame = &webp.frames[0];
    if (raster_open(&picture, job, frame->width, frame->height, error) ||
        raster_open(&raster, job, webp.width, webp.height, error) ||
        webp_decode_frame(frame, picture.rgba, job->path, error))
        return -1;
    for (uint32_t y = 0; y < frame->height; y++)
        memcpy(raster.rgba + ((size_t)(frame->y + y) * raster.width + frame->x) * 4,
               picture.rgba + (size_t)y * picture.width * 4, (size_t)picture.width * 4);
    raster_orient(&raster, webp.orientation);
    if (!frame->lossy.length || !raster_opaque(&raster)) {
        raster_encode_png(&raster, out);
        job->output_format = format_find("png");
    } else {
        if (raster_encode_jpeg(&raster, RASTER_JPEG_QUALITY, out, error))
            return -1;
        job->output_format = format_find("jpeg");
    }
    job_record(job, NULL, "picture", RECEIPT_REWRITTEN, "picture_flattened", in.length,
               out->length - before);
    return 0;
}
