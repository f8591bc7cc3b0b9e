/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CCITT fax (ITU-T T.4 and T.6) by libtiff: the coded rows are dressed as a TIFF file in memory,
 * and a picture is coded by having such a file written.
 */
#include "disarm/format/pdf_picture_codecs.h"
#include "disarm/format/tiff_memory.h"

static void append_tag(struct buffer *file, uint16_t tag, uint32_t value)
{
    buffer_append_u16le(file, tag);
    buffer_append_u16le(file, TIFF_LONG);
    buffer_append_u32le(file, 1);
    buffer_append_u32le(file, value);
}

/* A TIFF file of one strip around coded rows. */
static void dress(struct buffer *file, const struct fax *fax, unsigned compression,
                  struct bytes coded)
{
    enum { TAGS = 11, DATA = 8 + 2 + 12 * TAGS + 4 };
    buffer_append(file, "II*\0\x08\0\0\0", 8);
    buffer_append_u16le(file, TAGS);
    append_tag(file, TIFFTAG_IMAGEWIDTH, fax->columns);
    append_tag(file, TIFFTAG_IMAGELENGTH, fax->rows);
    append_tag(file, TIFFTAG_BITSPERSAMPLE, 1);
    append_tag(file, TIFFTAG_COMPRESSION, compression);
    append_tag(file, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
    append_tag(file, TIFFTAG_FILLORDER, FILLORDER_MSB2LSB);
    append_tag(file, TIFFTAG_STRIPOFFSETS, DATA);
    append_tag(file, TIFFTAG_SAMPLESPERPIXEL, 1);
    append_tag(file, TIFFTAG_ROWSPERSTRIP, fax->rows);
    append_tag(file, TIFFTAG_STRIPBYTECOUNTS, (uint32_t)coded.length);
    append_tag(file, compression == COMPRESSION_CCITTFAX4 ? TIFFTAG_T6OPTIONS : TIFFTAG_T4OPTIONS,
               fax->k > 0 ? GROUP3OPT_2DENCODING : 0);
    buffer_append_u32le(file, 0);
    buffer_append_bytes(file, coded);
}

/* True when a one-dimensional coding begins with an end-of-line code (T.4, 2.2). */
static bool begins_with_eol(struct bytes coded)
{
    unsigned zeroes = 0;
    for (size_t i = 0; i < coded.length && i < 64; i++) {
        for (int bit = 7; bit >= 0; bit--) {
            if (coded.data[i] >> bit & 1)
                return zeroes >= 11;
            zeroes++;
        }
    }
    return false;
}

bool pdf_fax_decode(const struct fax *fax, struct bytes coded, struct buffer *samples)
{
    unsigned compression = fax->k < 0 ? COMPRESSION_CCITTFAX4 : COMPRESSION_CCITTFAX3;
    bool bare = fax->k == 0 && !begins_with_eol(coded);
    if (bare)
        compression = COMPRESSION_CCITTRLE;
    AUTO_BUFFER file = {0};
    struct tiff_memory memory = {0};
    dress(&file, fax, compression, coded);
    AUTO_TIFF TIFF *tiff = tiff_memory_read(&memory, buffer_bytes(&file));
    size_t row_bytes = (fax->columns + 7) / 8;
    bool opened = tiff && (size_t)TIFFScanlineSize(tiff) == row_bytes;
    if (opened && bare)
        TIFFSetField(tiff, TIFFTAG_FAXMODE,
                     FAXMODE_NORTC | FAXMODE_NOEOL | (fax->byte_aligned ? FAXMODE_BYTEALIGN : 0));
    for (uint32_t row = 0; opened && row < fax->rows; row++) {
        buffer_reserve(samples, row_bytes);
        uint8_t *to = samples->data + samples->length;
        memset(to, 0, row_bytes);
        if (TIFFReadScanline(tiff, to, row, 0) < 0)
            memset(to, 0, row_bytes);
        for (size_t i = 0; i < row_bytes && !fax->black_is_1; i++)
            to[i] = (uint8_t)~to[i];
        samples->length += row_bytes;
    }
    return opened;
}

bool pdf_fax_encode(uint32_t columns, uint32_t rows, struct bytes samples, struct buffer *coded)
{
    AUTO_BUFFER file = {0};
    struct tiff_memory memory = {0};
    AUTO_TIFF TIFF *tiff = tiff_memory_write(&memory, &file);
    if (!tiff)
        return false;
    size_t row_bytes = (columns + 7) / 8;
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, columns);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, rows);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 1);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_CCITTFAX4);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
    TIFFSetField(tiff, TIFFTAG_FILLORDER, FILLORDER_MSB2LSB);
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, rows);
    AUTO_BUFFER black = {0};
    buffer_append_bytes(&black, samples);
    for (size_t i = 0; i < black.length; i++)
        black.data[i] = (uint8_t)~black.data[i];
    bool written = black.length == row_bytes * rows &&
                   TIFFWriteEncodedStrip(tiff, 0, black.data, (tmsize_t)black.length) >= 0 &&
                   TIFFFlushData(tiff);
    uint64_t *offsets = NULL, *counts = NULL;
    written = written && TIFFGetField(tiff, TIFFTAG_STRIPOFFSETS, &offsets) &&
              TIFFGetField(tiff, TIFFTAG_STRIPBYTECOUNTS, &counts);
    if (written)
        buffer_append_bytes(
            coded, bytes_slice(buffer_bytes(&file), (size_t)offsets[0], (size_t)counts[0]));
    return written;
}
