/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A TIFF page as libtiff shows it, for colour models that do not go over and for flattening. */
#include "base/memory.h"
#include "disarm/format/tiff_page.h"

#define STRIP_BYTES ((size_t)1 << 18)

/* Tightens pixels of four samples to three, in place. */
static void drop_alpha(uint8_t *pixels, size_t count)
{
    for (size_t i = 0; i < count; i++)
        memmove(pixels + i * 3, pixels + i * 4, 3);
}

static int write_rows(TIFF *out, const struct tiff_page *page, uint8_t *pixels, size_t row,
                      const char *where, struct error *error)
{
    uint32_t rows = (uint32_t)(STRIP_BYTES / row ? STRIP_BYTES / row : 1);
    rows = rows < page->height ? rows : page->height;
    TIFFSetField(out, TIFFTAG_ROWSPERSTRIP, rows);
    for (uint32_t y = 0, strip = 0; y < page->height; y += rows, strip++) {
        size_t here = page->height - y < rows ? page->height - y : rows;
        if (TIFFWriteEncodedStrip(out, strip, pixels + y * row, (tmsize_t)(here * row)) < 0)
            return tiff_page_error(out, where, error);
    }
    return 0;
}

/* Decodes the page with its rows as they are stored. */
static int read_shown(TIFF *in, struct tiff_page *page, struct raster *raster, uint16_t orientation,
                      const char *where, struct error *error)
{
    *raster = (struct raster){page->width, page->height,
                              memory_allocate((size_t)page->width * page->height, 4)};
    uint32_t *pixels = (uint32_t *)(void *)raster->rgba;
    if (!TIFFReadRGBAImageOriented(in, page->width, page->height, pixels, orientation, 0))
        return tiff_page_error(in, where, error);
    return 0;
}

int tiff_page_copy_shown(TIFF *in, TIFF *out, struct tiff_page *page, bool turned,
                         const char *where, struct error *error)
{
    uint16_t alpha = EXTRASAMPLE_ASSOCALPHA, orientation = ORIENTATION_TOPLEFT;
    AUTO_RASTER raster = {0};
    TIFFGetFieldDefaulted(in, TIFFTAG_ORIENTATION, &orientation);
    if (read_shown(in, page, &raster, orientation, where, error))
        return -1;
    if (turned) {
        raster_orient(&raster, orientation);
        page->width = raster.width;
        page->height = raster.height;
        TIFFSetField(out, TIFFTAG_IMAGEWIDTH, page->width);
        TIFFSetField(out, TIFFTAG_IMAGELENGTH, page->height);
    } else {
        tiff_page_describe(in, out, page);
    }
    uint16_t samples = raster_opaque(&raster) ? 3 : 4;
    TIFFSetField(out, TIFFTAG_BITSPERSAMPLE, 8);
    TIFFSetField(out, TIFFTAG_SAMPLESPERPIXEL, samples);
    TIFFSetField(out, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
    TIFFSetField(out, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
    TIFFSetField(out, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
    TIFFSetField(out, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    if (samples == 4)
        TIFFSetField(out, TIFFTAG_EXTRASAMPLES, 1, &alpha);
    else
        drop_alpha(raster.rgba, (size_t)page->width * page->height);
    return write_rows(out, page, raster.rgba, (size_t)page->width * samples, where, error);
}
