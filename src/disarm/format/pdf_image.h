/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Images (ISO 32000-2, 8.9): samples decoded, checked against the size that the image claims, and
 * encoded anew. An image that cannot be read becomes one blank pixel.
 */
#ifndef DISARM_FORMAT_PDF_IMAGE_H
#define DISARM_FORMAT_PDF_IMAGE_H

#include "disarm/format/pdf_copy.h"

struct pdf_decoded;

/*
 * Appends the keys of an image XObject that describe its samples, and its data. decoded is NULL
 * when its data could not be read. *deflate: whether the
 * data still have to be compressed. False only when a limit was reached.
 */
bool pdf_image_rewrite(struct pdf_copy *copy, const struct pdf_value *dictionary,
                       struct pdf_decoded *decoded, struct buffer *keys, struct buffer *data,
                       bool *deflate);

/* Appends a whole inline image, BI to EI. False when it cannot be read. */
bool pdf_image_rewrite_inline(struct pdf_copy *copy, const struct pdf_value *dictionary,
                              struct bytes data, struct buffer *out);

/* Bytes of an inline image's data when that is certain (no filter, known colours), else 0. */
size_t pdf_image_inline_length(struct pdf_copy *copy, const struct pdf_value *dictionary);

#endif
