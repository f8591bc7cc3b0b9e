/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The picture codings that only PDF has as filters: CCITT fax, JBIG2 and JPEG 2000. Each is decoded
 * to samples here; none goes over as it came, because their decoders in readers have been the way
 * in of real attacks.
 */
#ifndef DISARM_FORMAT_PDF_PICTURE_H
#define DISARM_FORMAT_PDF_PICTURE_H

#include "disarm/format/pdf_copy.h"

/* What the dictionary of an image says of its samples. */
struct pdf_image {
    uint32_t width, height; /* pixels */
    unsigned bits;          /* per component: 1, 2, 4, 8 or 16 */
    unsigned components;    /* 0: unknown */
    bool mask;              /* one bit, painted in the current colour */
    bool indexed;           /* samples are places in a palette */
    const struct pdf_value *space, *decode;
};

struct pdf_decoded;

/*
 * Appends the samples of a picture, rows in whole bytes. Corrects in image what the picture knows
 * better (size, bits, components). *bilevel: it is best written as fax again.
 */
bool pdf_picture_decode(struct pdf_copy *copy, struct pdf_image *image,
                        const struct pdf_decoded *decoded, struct buffer *samples, bool *bilevel);

/* Appends one-bit samples as CCITT group 4, and the keys that say so. */
bool pdf_picture_encode_fax(const struct pdf_image *image, struct bytes samples,
                            struct buffer *keys, struct buffer *data);

#endif
