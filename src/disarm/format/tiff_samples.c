/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A TIFF page by its samples: strips or tiles are decoded to rows, the rows are coded again. The
 * kind of coding stays (CCITT, LZW, else Deflate), so that readers of the old file read the new
 * one.
 */
#include "base/memory.h"
#include "disarm/format/tiff_page.h"

/* Bytes of rows that one strip codes. */
#define STRIP_BYTES ((size_t)1 << 18)

/* The rows of one plane. */
struct plane {
    uint8_t *rows;
    size_t row_bytes;
    size_t length;
};

static bool coded_by_ccitt(uint16_t compression)
{
    return compression == COMPRESSION_CCITTRLE || compression == COMPRESSION_CCITTRLEW ||
           compression == COMPRESSION_CCITTFAX3 || compression == COMPRESSION_CCITTFAX4;
}

static uint16_t choose_compression(const struct tiff_page *page)
{
    if (coded_by_ccitt(page->compression))
        return COMPRESSION_CCITTFAX4;
    return page->compression == COMPRESSION_LZW ? COMPRESSION_LZW : COMPRESSION_ADOBE_DEFLATE;
}

static uint16_t choose_predictor(TIFF *in, const struct tiff_page *page)
{
    uint16_t format = SAMPLEFORMAT_UINT;
    TIFFGetFieldDefaulted(in, TIFFTAG_SAMPLEFORMAT, &format);
    bool kept = page->compression == COMPRESSION_LZW ||
                page->compression == COMPRESSION_ADOBE_DEFLATE ||
                page->compression == COMPRESSION_DEFLATE;
    if (kept)
        return page->predictor;
    bool wide = page->bits == 8 || page->bits == 16;
    bool smooth = page->photometric != PHOTOMETRIC_PALETTE && format == SAMPLEFORMAT_UINT;
    return wide && smooth ? PREDICTOR_HORIZONTAL : PREDICTOR_NONE;
}

/* Tags that say what the samples mean. */
static void describe_samples(TIFF *in, TIFF *out, const struct tiff_page *page)
{
    uint16_t value, count, *extra;
    uint16_t *red, *green, *blue;
    uint16_t compression = choose_compression(page);
    TIFFSetField(out, TIFFTAG_BITSPERSAMPLE, page->bits);
    TIFFSetField(out, TIFFTAG_SAMPLESPERPIXEL, page->samples);
    TIFFSetField(out, TIFFTAG_COMPRESSION, compression);
    TIFFSetField(out, TIFFTAG_PHOTOMETRIC, page->photometric);
    TIFFSetField(out, TIFFTAG_PLANARCONFIG, page->planar);
    if (TIFFGetField(in, TIFFTAG_SAMPLEFORMAT, &value))
        TIFFSetField(out, TIFFTAG_SAMPLEFORMAT, value);
    if (TIFFGetField(in, TIFFTAG_EXTRASAMPLES, &count, &extra) && count)
        TIFFSetField(out, TIFFTAG_EXTRASAMPLES, count, extra);
    if (page->photometric == PHOTOMETRIC_PALETTE &&
        TIFFGetField(in, TIFFTAG_COLORMAP, &red, &green, &blue))
        TIFFSetField(out, TIFFTAG_COLORMAP, red, green, blue);
    if (compression != COMPRESSION_CCITTFAX4)
        TIFFSetField(out, TIFFTAG_PREDICTOR, choose_predictor(in, page));
}

/* Decodes the strips of one plane; returns how many were whole. */
static uint32_t read_strips(TIFF *in, const struct tiff_page *page, uint16_t number,
                            struct plane *plane)
{
    uint32_t rows = page->height, good = 0;
    TIFFGetFieldDefaulted(in, TIFFTAG_ROWSPERSTRIP, &rows);
    if (rows == 0 || rows > page->height)
        rows = page->height;
    for (uint32_t y = 0; y < page->height; y += rows) {
        uint32_t here = page->height - y < rows ? page->height - y : rows;
        tmsize_t size = (tmsize_t)(here * plane->row_bytes);
        uint32_t strip = TIFFComputeStrip(in, y, number);
        uint8_t *data = plane->rows + y * plane->row_bytes;
        good += TIFFReadEncodedStrip(in, strip, data, size) == size;
    }
    return good;
}

/* Decodes the tiles of one plane into its rows; returns how many were whole. */
static uint32_t read_tiles(TIFF *in, const struct tiff_page *page, uint16_t number,
                           struct plane *plane)
{
    uint32_t width = 0, height = 0, good = 0;
    TIFFGetField(in, TIFFTAG_TILEWIDTH, &width);
    TIFFGetField(in, TIFFTAG_TILELENGTH, &height);
    tmsize_t size = TIFFTileSize(in);
    size_t tile_row = (size_t)TIFFTileRowSize(in);
    if (!width || !height || size <= 0 || (size_t)size != tile_row * height)
        return 0;
    unsigned bits = page->bits * (page->planar == PLANARCONFIG_CONTIG ? page->samples : 1u);
    AUTO_FREE uint8_t *tile = memory_allocate((size_t)size, 1);
    for (uint32_t y = 0; y < page->height; y += height) {
        for (uint32_t x = 0; x < page->width; x += width) {
            if (TIFFReadTile(in, tile, x, y, 0, number) < 0)
                continue;
            good++;
            size_t start = (size_t)x * bits / 8;
            size_t length =
                plane->row_bytes - start < tile_row ? plane->row_bytes - start : tile_row;
            for (uint32_t i = 0; i < height && y + i < page->height; i++)
                memcpy(plane->rows + (y + i) * plane->row_bytes + start, tile + i * tile_row,
                       length);
        }
    }
    return good;
}

/* Writes the rows of one plane as strips of a fixed height. */
static bool write_strips(TIFF *out, const struct tiff_page *page, uint32_t rows, uint16_t number,
                         const struct plane *plane)
{
    for (uint32_t y = 0; y < page->height; y += rows) {
        uint32_t here = page->height - y < rows ? page->height - y : rows;
        uint8_t *data = plane->rows + y * plane->row_bytes;
        if (TIFFWriteEncodedStrip(out, TIFFComputeStrip(out, y, number), data,
                                  (tmsize_t)(here * plane->row_bytes)) < 0)
            return false;
    }
    return true;
}

static uint32_t rows_in_strip(const struct tiff_page *page, size_t row_bytes)
{
    if (coded_by_ccitt(page->compression))
        return page->height;
    size_t rows = STRIP_BYTES / row_bytes;
    return rows == 0 ? 1 : rows < page->height ? (uint32_t)rows : page->height;
}

int tiff_page_copy_samples(TIFF *in, TIFF *out, struct tiff_page *page, const char *where,
                           struct error *error)
{
    tmsize_t row_bytes = TIFFScanlineSize(in);
    unsigned bits = page->bits * (page->planar == PLANARCONFIG_CONTIG ? page->samples : 1u);
    if (row_bytes <= 0 || (uint64_t)row_bytes != ((uint64_t)page->width * bits + 7) / 8)
        return tiff_page_error(in, where, error);
    struct plane plane = {.row_bytes = (size_t)row_bytes};
    uint32_t strip_rows = rows_in_strip(page, plane.row_bytes), good = 0;
    tiff_page_describe(in, out, page);
    describe_samples(in, out, page);
    TIFFSetField(out, TIFFTAG_ROWSPERSTRIP, strip_rows);
    uint16_t planes = page->planar == PLANARCONFIG_SEPARATE ? page->samples : 1;
    uint32_t pieces = page->tiled ? TIFFNumberOfTiles(in) : TIFFNumberOfStrips(in);
    AUTO_FREE uint8_t *rows = plane.rows = memory_allocate(page->height, plane.row_bytes);
    for (uint16_t i = 0; i < planes; i++) {
        if (i)
            memset(rows, 0, page->height * plane.row_bytes);
        good += page->tiled ? read_tiles(in, page, i, &plane) : read_strips(in, page, i, &plane);
        if (!write_strips(out, page, strip_rows, i, &plane))
            return tiff_page_error(out, where, error);
    }
    page->repaired = good < pieces;
    return good ? 0 : tiff_page_error(in, where, error);
}
