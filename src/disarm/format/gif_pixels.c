/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first frame of a GIF as plain pixels, for flattening. */
#include "base/memory.h"
#include "disarm/format/gif_parts.h"
#include "disarm/format/picture.h"
#include "disarm/format/picture_raster.h"

#define PALETTE_LIMIT 256

/* The row of the picture that the n-th coded row is (§appendix E). */
static uint32_t shown_row(const struct gif_frame *frame, uint32_t row)
{
    static const struct {
        uint8_t first, step;
    } groups[4] = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};
    for (int i = 0; frame->interlaced && i < 4; i++) {
        uint32_t rows = frame->height > groups[i].first
                            ? (frame->height - groups[i].first - 1u) / groups[i].step + 1u
                            : 0;
        if (row < rows)
            return groups[i].first + row * groups[i].step;
        row -= rows;
    }
    return row;
}

/* Paints one frame on the screen; what lies outside is cut. */
static void paint_frame(struct raster *raster, const struct gif *gif, const struct gif_frame *frame,
                        const uint8_t *indices)
{
    AUTO_BUFFER palette = {0};
    gif_append_palette(&palette, frame->palette.length ? frame->palette : gif->palette,
                       PALETTE_LIMIT);
    for (uint32_t row = 0; row < frame->height; row++) {
        uint32_t y = frame->y + shown_row(frame, row);
        for (uint32_t x = 0; y < raster->height && x < frame->width; x++) {
            uint8_t index = indices[(size_t)row * frame->width + x];
            bool clear = frame->control.transparent && index == frame->control.transparent_index;
            if (clear || frame->x + x >= raster->width)
                continue;
            uint8_t *pixel = raster->rgba + ((size_t)y * raster->width + frame->x + x) * 4;
            memcpy(pixel, palette.data + (size_t)index * 3, 3);
            pixel[3] = 0xFF;
        }
    }
}

int picture_flatten_gif(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    AUTO_GIF gif = {0};
    AUTO_RASTER raster = {0};
    size_t first = 0, before = out->length;
    if (gif_read(job, in, &gif, error))
        return -1;
    while (gif.frames[first].dropped)
        first++;
    const struct gif_frame *frame = &gif.frames[first];
    if (raster_open(&raster, job, gif.width ? gif.width : frame->width,
                    gif.height ? gif.height : frame->height, error))
        return -1;
    AUTO_FREE uint8_t *indices = gif_decode_frame(frame, &gif.damaged);
    paint_frame(&raster, &gif, frame, indices);
    raster_encode_png(&raster, out);
    job->output_format = format_find("png");
    job_record(job, NULL, "picture", RECEIPT_REWRITTEN, "picture_flattened", in.length,
               out->length - before);
    return 0;
}
