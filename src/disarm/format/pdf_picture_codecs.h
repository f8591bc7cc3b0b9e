/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The decoders behind pdf_picture.h, each over its library. */
#ifndef DISARM_FORMAT_PDF_PICTURE_CODECS_H
#define DISARM_FORMAT_PDF_PICTURE_CODECS_H

#include "disarm/format/pdf_picture.h"

/* Parameters of the CCITTFaxDecode filter (ISO 32000-2, table 11). */
struct fax {
    uint32_t columns, rows;
    int64_t k;
    bool byte_aligned, black_is_1;
};

/* Appends rows × columns bits, rows in whole bytes; damaged rows are white. */
bool pdf_fax_decode(const struct fax *fax, struct bytes coded, struct buffer *samples);

/* Appends samples (0 black) as group 4. */
bool pdf_fax_encode(uint32_t columns, uint32_t rows, struct bytes samples, struct buffer *coded);

/* Appends the bits of an embedded JBIG2 picture (0 black). */
bool pdf_jbig2_decode(uint32_t width, uint32_t height, struct bytes globals, struct bytes coded,
                      struct buffer *samples);

/*
 * Appends the samples of a JPEG 2000 picture, 8 bits each, interleaved; image->components of them,
 * or as many as the picture has colours when that is 0. Sets the size that it really has.
 */
bool pdf_jpx_decode(struct pdf_copy *copy, struct bytes coded, struct pdf_image *image,
                    struct buffer *samples);

#endif
