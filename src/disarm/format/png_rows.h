/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of a PNG picture or of one frame of an animation (W3C PNG §7, §8, §9).
 *
 * The filtered rows of the input go over as they are: with the header they determine the pixels
 * exactly, and the filters that the author's program chose keep the new stream as small as the old
 * one. Inflating and deflating again leaves nothing else of the old stream.
 */
#ifndef DISARM_FORMAT_PNG_ROWS_H
#define DISARM_FORMAT_PNG_ROWS_H

#include "disarm/format/job.h"

struct png_header {
    uint32_t width, height; /* pixels, 1 … 2^31 - 1 */
    uint8_t depth;          /* bits per sample */
    uint8_t color;          /* PNG_COLOR_* below */
    uint8_t interlace;      /* 0, or 1 for Adam7 */
};

enum {
    PNG_COLOR_GRAY = 0,
    PNG_COLOR_RGB = 2,
    PNG_COLOR_PALETTE = 3,
    PNG_COLOR_GRAY_ALPHA = 4,
    PNG_COLOR_RGBA = 6,
};

/* Bits of one pixel. */
unsigned png_pixel_bits(const struct png_header *header);

struct png_rows_account {
    bool repaired;        /* rows were missing or damaged and are now zero */
    unsigned index_above; /* palette pictures: one more than the largest index, else 0 */
};

/*
 * Inflates packed (the IDAT or fdAT bytes of one picture of width × height), checks the rows and
 * appends a new zlib stream. Missing rows become zero; a stream without one whole row is refused.
 * Charges nothing: the caller has charged the pixels.
 */
int png_rows_rebuild(const struct png_header *header, uint32_t width, uint32_t height,
                     struct bytes packed, struct png_rows_account *account, struct buffer *out,
                     const char *where, struct error *error);

/* Appends filtered rows as one zlib stream of the form that png_rows_rebuild makes. */
void png_rows_deflate(struct bytes rows, struct buffer *out);

#endif
