/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain pixels: their memory, and turning them the right way up. */
#include "disarm/format/picture_raster.h"

#include "base/memory.h"

int raster_open(struct raster *raster, struct job *job, uint32_t width, uint32_t height,
                struct error *error)
{
    if (width == 0 || height == 0)
        return error_set(error, "bad_picture", job->path, "%u × %u", width, height);
    if (job_use_pixels(job, width, height, error))
        return -1;
    raster->width = width;
    raster->height = height;
    raster->rgba = memory_allocate((size_t)width * height, 4);
    return 0;
}

void raster_free(struct raster *raster)
{
    free(raster->rgba);
    *raster = (struct raster){0};
}

bool raster_opaque(const struct raster *raster)
{
    size_t count = (size_t)raster->width * raster->height;
    for (size_t i = 0; i < count; i++) {
        if (raster->rgba[i * 4 + 3] != 0xFF)
            return false;
    }
    return true;
}

/* Where the pixel that is shown at (x, y) stands in the unturned picture (EXIF 2.3, table 6). */
static size_t source_index(const struct raster *raster, unsigned orientation, uint32_t x,
                           uint32_t y)
{
    uint32_t right = raster->width - 1, bottom = raster->height - 1;
    bool swapped = orientation >= 5;
    uint32_t column = swapped ? y : x, row = swapped ? x : y;
    if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8)
        column = right - column;
    if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7)
        row = bottom - row;
    return (size_t)row * raster->width + column;
}

void raster_orient(struct raster *raster, unsigned orientation)
{
    if (orientation < 2 || orientation > 8)
        return;
    bool swapped = orientation >= 5;
    uint32_t width = swapped ? raster->height : raster->width;
    uint32_t height = swapped ? raster->width : raster->height;
    uint8_t *turned = memory_allocate((size_t)width * height, 4);
    for (uint32_t y = 0; y < height; y++) {
        for (uint32_t x = 0; x < width; x++)
            memcpy(turned + ((size_t)y * width + x) * 4,
                   raster->rgba + source_index(raster, orientation, x, y) * 4, 4);
    }
    free(raster->rgba);
    *raster = (struct raster){width, height, turned};
}
