/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JPEG to plain pixels and back, for flattening and for streams that cannot be transcoded. */
#include "disarm/format/jpeg_codec.h"

#include "base/memory.h"
#include "disarm/format/jpeg_session.h"

/* One row of 4-component samples; Adobe writes them inverted (Technical Note 5116, §18). */
static void row_from_cmyk(uint8_t *row, uint32_t width, bool inverted)
{
    for (uint32_t x = 0; x < width; x++, row += 4) {
        uint8_t flip = inverted ? 0 : 0xFF;
        unsigned key = row[3] ^ flip;
        for (int i = 0; i < 3; i++)
            row[i] = (uint8_t)((row[i] ^ flip) * key / 255);
        row[3] = 0xFF;
    }
}

static void decode_rows(struct jpeg_session *session, struct raster *raster)
{
    struct jpeg_decompress_struct *source = &session->source;
    while (source->output_scanline < source->output_height) {
        uint8_t *row = raster->rgba + (size_t)source->output_scanline * raster->width * 4;
        jpeg_read_scanlines(source, &row, 1);
        if (source->out_color_space == JCS_CMYK)
            row_from_cmyk(row, raster->width, source->saw_Adobe_marker);
    }
}

static int decode(struct jpeg_session *session, struct job *job, struct bytes in,
                  struct raster *raster, struct error *error)
{
    if (setjmp(session->escape))
        return jpeg_session_error(session, job->path, error);
    jpeg_session_open(session);
    jpeg_mem_src(&session->source, in.data, in.length);
    jpeg_read_header(&session->source, TRUE);
    if (raster_open(raster, job, session->source.image_width, session->source.image_height, error))
        return -1;
    J_COLOR_SPACE space = session->source.jpeg_color_space;
    session->source.out_color_space =
        space == JCS_CMYK || space == JCS_YCCK ? JCS_CMYK : JCS_EXT_RGBA;
    jpeg_start_decompress(&session->source);
    decode_rows(session, raster);
    return 0;
}

int jpeg_codec_decode(struct job *job, struct bytes in, struct raster *raster, struct error *error)
{
    struct jpeg_session *session = memory_allocate(1, sizeof *session);
    int result = decode(session, job, in, raster, error);
    jpeg_session_close(session);
    free(session);
    if (result)
        raster_free(raster);
    return result;
}

/* One row laid over white. */
static void row_over_white(uint8_t *rgb, const uint8_t *rgba, uint32_t width)
{
    for (uint32_t x = 0; x < width; x++) {
        unsigned alpha = rgba[x * 4 + 3];
        for (uint32_t i = 0; i < 3; i++)
            rgb[x * 3 + i] = (uint8_t)((rgba[x * 4 + i] * alpha + 255 * (255 - alpha)) / 255);
    }
}

static int encode(struct jpeg_session *session, const struct raster *raster, int quality,
                  uint8_t *row, struct error *error)
{
    if (setjmp(session->escape))
        return jpeg_session_error(session, NULL, error);
    jpeg_session_open(session);
    struct jpeg_compress_struct *target = &session->target;
    target->image_width = raster->width;
    target->image_height = raster->height;
    target->input_components = 3;
    target->in_color_space = JCS_RGB;
    jpeg_set_defaults(target);
    jpeg_set_quality(target, quality, TRUE);
    target->optimize_coding = TRUE;
    jpeg_start_compress(target, TRUE);
    while (target->next_scanline < target->image_height) {
        row_over_white(row, raster->rgba + (size_t)target->next_scanline * raster->width * 4,
                       raster->width);
        jpeg_write_scanlines(target, &row, 1);
    }
    jpeg_finish_compress(target);
    return 0;
}

int raster_encode_jpeg(const struct raster *raster, int quality, struct buffer *out,
                       struct error *error)
{
    struct jpeg_session *session = memory_allocate(1, sizeof *session);
    AUTO_FREE uint8_t *row = memory_allocate(raster->width, 3);
    int result = encode(session, raster, quality, row, error);
    if (result == 0)
        buffer_append_bytes(out, buffer_bytes(&session->made));
    jpeg_session_close(session);
    free(session);
    return result;
}
