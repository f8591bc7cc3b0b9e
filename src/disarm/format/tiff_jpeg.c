/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A TIFF page whose strips or tiles are JPEG streams: each is transcoded to a whole stream. */
#include "base/memory.h"
#include "disarm/format/jpeg_codec.h"
#include "disarm/format/tiff_page.h"

static void describe_jpeg(TIFF *in, TIFF *out, const struct tiff_page *page)
{
    uint16_t horizontal = 0, vertical = 0;
    TIFFSetField(out, TIFFTAG_BITSPERSAMPLE, page->bits);
    TIFFSetField(out, TIFFTAG_SAMPLESPERPIXEL, page->samples);
    TIFFSetField(out, TIFFTAG_COMPRESSION, page->compression);
    TIFFSetField(out, TIFFTAG_PHOTOMETRIC, page->photometric);
    TIFFSetField(out, TIFFTAG_PLANARCONFIG, page->planar);
    TIFFSetField(out, TIFFTAG_JPEGTABLESMODE, 0);
    if (page->photometric == PHOTOMETRIC_YCBCR) {
        TIFFGetFieldDefaulted(in, TIFFTAG_YCBCRSUBSAMPLING, &horizontal, &vertical);
        TIFFSetField(out, TIFFTAG_YCBCRSUBSAMPLING, horizontal, vertical);
    }
}

/* The same division into strips or tiles, since each is coded for itself. */
static void describe_pieces(TIFF *in, TIFF *out, const struct tiff_page *page)
{
    uint32_t width = 0, height = page->height;
    if (page->tiled) {
        TIFFGetField(in, TIFFTAG_TILEWIDTH, &width);
        TIFFGetField(in, TIFFTAG_TILELENGTH, &height);
        TIFFSetField(out, TIFFTAG_TILEWIDTH, width);
        TIFFSetField(out, TIFFTAG_TILELENGTH, height);
    } else {
        TIFFGetFieldDefaulted(in, TIFFTAG_ROWSPERSTRIP, &height);
        TIFFSetField(out, TIFFTAG_ROWSPERSTRIP, height < page->height ? height : page->height);
    }
}

static int copy_piece(TIFF *in, TIFF *out, const struct tiff_page *page, uint32_t piece,
                      struct bytes tables, const char *where, struct error *error)
{
    AUTO_BUFFER coded = {0}, made = {0};
    uint64_t size = TIFFGetStrileByteCount(in, piece);
    if (size == 0 || size > ((const struct tiff_memory *)TIFFClientdata(in))->in.length)
        return tiff_page_error(in, where, error);
    buffer_reserve(&coded, size);
    tmsize_t got = page->tiled ? TIFFReadRawTile(in, piece, coded.data, (tmsize_t)size)
                               : TIFFReadRawStrip(in, piece, coded.data, (tmsize_t)size);
    if (got <= 0)
        return tiff_page_error(in, where, error);
    coded.length = (size_t)got;
    if (jpeg_codec_transcode_strip(tables, buffer_bytes(&coded), where, &made, error))
        return -1;
    tmsize_t length = (tmsize_t)made.length;
    tmsize_t put = page->tiled ? TIFFWriteRawTile(out, piece, made.data, length)
                               : TIFFWriteRawStrip(out, piece, made.data, length);
    return put == length ? 0 : tiff_page_error(out, where, error);
}

int tiff_page_copy_jpeg(TIFF *in, TIFF *out, struct tiff_page *page, const char *where,
                        struct error *error)
{
    uint32_t length = 0;
    const uint8_t *data = NULL;
    struct bytes tables = {0};
    tiff_page_describe(in, out, page);
    describe_jpeg(in, out, page);
    describe_pieces(in, out, page);
    if (TIFFGetField(in, TIFFTAG_JPEGTABLES, &length, &data) && length > 4)
        tables = (struct bytes){data, length};
    uint32_t pieces = page->tiled ? TIFFNumberOfTiles(in) : TIFFNumberOfStrips(in);
    for (uint32_t i = 0; i < pieces; i++) {
        if (copy_piece(in, out, page, i, tables, where, error))
            return -1;
    }
    return pieces ? 0 : tiff_page_error(in, where, error);
}
