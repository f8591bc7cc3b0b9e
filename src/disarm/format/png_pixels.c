/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PNG to plain pixels by libpng, and plain pixels to PNG, for flattening. */
#include <png.h>

#include "base/memory.h"
#include "disarm/format/picture.h"
#include "disarm/format/picture_raster.h"
#include "disarm/format/png_chunk.h"

#define FILTERS 5

static int decode(struct job *job, png_image *image, struct bytes in, struct raster *raster,
                  struct error *error)
{
    if (!png_image_begin_read_from_memory(image, in.data, in.length))
        return error_set(error, "bad_picture", job->path, "%s", image->message);
    image->format = PNG_FORMAT_RGBA;
    if (raster_open(raster, job, image->width, image->height, error))
        return -1;
    if (!png_image_finish_read(image, NULL, raster->rgba, (png_int_32)(image->width * 4), NULL))
        return error_set(error, "bad_picture", job->path, "%s", image->message);
    return 0;
}

/* Filters row (pixels of `size` bytes) in one of the five ways (W3C PNG §9.2); returns the sum of
 * absolute differences, by which the way is chosen (§12.7). */
static uint64_t filter_row(unsigned filter, const uint8_t *row, const uint8_t *above, uint8_t *made,
                           size_t length, size_t size)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < length; i++) {
        int left = i >= size ? row[i - size] : 0;
        int corner = i >= size ? above[i - size] : 0;
        int up = above[i], guess = 0;
        if (filter == 1)
            guess = left;
        else if (filter == 2)
            guess = up;
        else if (filter == 3)
            guess = (left + up) / 2;
        else if (filter == 4) {
            int a = abs(up - corner), b = abs(left - corner), c = abs(left + up - 2 * corner);
            guess = a <= b && a <= c ? left : b <= c ? up : corner;
        }
        made[i] = (uint8_t)(row[i] - guess);
        sum += made[i] < 128 ? made[i] : 256u - made[i];
    }
    return sum;
}

/* Copies the samples that the new picture has: three or four of each four. */
static void pick_samples(uint8_t *row, const uint8_t *rgba, uint32_t width, size_t size)
{
    for (uint32_t x = 0; x < width; x++)
        memcpy(row + x * size, rgba + (size_t)x * 4, size);
}

static void filter_rows(const struct raster *raster, size_t size, uint8_t *rows)
{
    size_t length = raster->width * size;
    AUTO_FREE uint8_t *above = memory_allocate(length, 1);
    AUTO_FREE uint8_t *row = memory_allocate(length, 1);
    AUTO_FREE uint8_t *made = memory_allocate(length, 1);
    for (uint32_t y = 0; y < raster->height; y++, rows += length + 1) {
        uint64_t best = UINT64_MAX;
        pick_samples(row, raster->rgba + (size_t)y * raster->width * 4, raster->width, size);
        for (unsigned filter = 0; filter < FILTERS; filter++) {
            uint64_t sum = filter_row(filter, row, above, made, length, size);
            if (sum >= best)
                continue;
            best = sum;
            rows[0] = (uint8_t)filter;
            memcpy(rows + 1, made, length);
        }
        uint8_t *swap = above;
        above = row;
        row = swap;
    }
}

void raster_encode_png(const struct raster *raster, struct buffer *out)
{
    size_t size = raster_opaque(raster) ? 3 : 4;
    struct png_header header = {raster->width, raster->height, 8,
                                size == 3 ? PNG_COLOR_RGB : PNG_COLOR_RGBA, 0};
    size_t length = raster->height * (raster->width * size + 1);
    AUTO_FREE uint8_t *rows = memory_allocate(length, 1);
    AUTO_BUFFER stream = {0};
    filter_rows(raster, size, rows);
    png_rows_deflate((struct bytes){rows, length}, &stream);
    png_header_append(out, &header);
    png_chunk_append(out, PNG_TYPE('I', 'D', 'A', 'T'), buffer_bytes(&stream));
    png_chunk_append(out, PNG_TYPE('I', 'E', 'N', 'D'), (struct bytes){0});
}

int picture_flatten_png(struct job *job, struct bytes in, struct buffer *out, struct error *error)
{
    AUTO_RASTER raster = {0};
    AUTO_BUFFER sound = {0};
    AUTO_PNG_FILE file = {0};
    size_t before = out->length;
    /* libpng is stricter than the readers of our rebuild, so it gets the rebuilt file. */
    if (png_file_read(job, in, &file, error) || picture_rebuild_png(job, in, &sound, error))
        return -1;
    png_image image = {.version = PNG_IMAGE_VERSION};
    int result = decode(job, &image, buffer_bytes(&sound), &raster, error);
    png_image_free(&image);
    if (result)
        return -1;
    raster_orient(&raster, file.orientation);
    raster_encode_png(&raster, out);
    job_record(job, NULL, "picture", RECEIPT_REWRITTEN, "picture_flattened", in.length,
               out->length - before);
    return 0;
}
