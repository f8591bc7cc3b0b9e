/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BMP files: a file header of 14 bytes in front of a device-independent bitmap. */
#include "base/cursor.h"
#include "disarm/format/dib.h"
#include "disarm/format/picture.h"

#define FILE_HEADER 14

/*
 * Where the pixels start: at the declared offset. A palette that reaches over it is cut; an offset
 * in front of the whole palette is a slip of old programs and means the palette's end.
 */
static size_t pixels_start(struct bytes in, size_t offset, size_t palette_end, struct dib *dib)
{
    if (offset <= FILE_HEADER || offset >= in.length)
        return palette_end;
    if (offset >= palette_end || dib->bits > 8)
        return offset;
    size_t over = (palette_end - offset + dib->palette_entry - 1) / dib->palette_entry;
    if (over >= dib->colors)
        return palette_end;
    dib->colors -= (unsigned)over;
    return offset;
}

static int read_bmp(struct job *job, struct bytes in, struct dib *dib, size_t *used,
                    struct error *error)
{
    struct cursor cursor = cursor_open(in);
    size_t length;
    cursor_skip(&cursor, 10);
    uint32_t offset = cursor_u32le(&cursor);
    if (cursor.failed || !bytes_start_with(in, "BM"))
        return error_set(error, "bad_picture", job->path, "BMP");
    struct bytes info = bytes_slice(in, FILE_HEADER, in.length);
    if (dib_read_info(info, DIB_FOURTH_UNUSED, dib, &length, job->path, error))
        return -1;
    size_t start = pixels_start(in, offset, FILE_HEADER + length, dib);
    struct bytes bits = bytes_slice(in, start, in.length);
    size_t needed = ((size_t)dib->width * dib->bits + 31) / 32 * 4 * dib->height;
    bool coded = dib->compression == DIB_RLE8 || dib->compression == DIB_RLE4;
    *used = coded || needed > bits.length ? in.length : start + needed;
    return dib_read_pixels(job, bits, dib, error);
}

int picture_rebuild_bmp(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    AUTO_DIB dib = {0};
    AUTO_BUFFER pixels = {0};
    size_t used, before = out->length;
    if (read_bmp(job, in, &dib, &used, error))
        return -1;
    bool run_length = dib_append_pixels(&dib, &pixels);
    size_t offset = FILE_HEADER + dib_info_length(&dib, run_length);
    size_t length = offset + pixels.length + dib.profile.length;
    if (length > UINT32_MAX)
        return error_set(error, "limit_pixels", job->path, "%zu", length);
    buffer_append_string(out, "BM");
    buffer_append_u32le(out, (uint32_t)length);
    buffer_append_u32le(out, 0);
    buffer_append_u32le(out, (uint32_t)offset);
    dib_append_info(&dib, run_length, pixels.length, out);
    buffer_append_bytes(out, buffer_bytes(&pixels));
    buffer_append_bytes(out, dib.profile);
    job_record(job, NULL, "picture", RECEIPT_REWRITTEN, dib.repaired ? "picture_repaired" : "",
               used, out->length - before);
    if (dib.profile.length)
        job_record(job, NULL, "picture_profile", RECEIPT_KEPT, "", dib.profile.length,
                   dib.profile.length);
    if (used + dib.profile.length < in.length)
        job_record(job, NULL, "picture_tail", RECEIPT_DROPPED, "picture_behind_end",
                   in.length - used - dib.profile.length, 0);
    return 0;
}

int picture_flatten_bmp(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    AUTO_DIB dib = {0};
    AUTO_RASTER raster = {0};
    size_t used, before = out->length;
    if (read_bmp(job, in, &dib, &used, error) ||
        raster_open(&raster, job, dib.width, dib.height, error))
        return -1;
    dib_paint(&dib, &raster);
    raster_encode_png(&raster, out);
    job->output_format = format_find("png");
    job_record(job, NULL, "picture", RECEIPT_REWRITTEN, "picture_flattened", in.length,
               out->length - before);
    return 0;
}
