/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The general filters of streams (ISO 32000-2, 7.4): ASCIIHex, ASCII85, LZW, Flate, RunLength and
 * their predictors. Damaged data give what could be read, as in ordinary readers.
 */
#ifndef DISARM_FORMAT_PDF_FILTER_H
#define DISARM_FORMAT_PDF_FILTER_H

#include "disarm/format/pdf_value.h"

/* One filter and its parameters (direct values; references in them are resolved by the caller). */
struct pdf_filter {
    struct bytes name;              /* long or short name */
    const struct pdf_value *values; /* DecodeParms dictionary or NULL */
};

enum { PDF_FILTERS = 8 }; /* in a row */

/* True for the filters that pdf_filter_decode knows. */
bool pdf_filter_is_general(struct bytes name);

/*
 * Appends the decoded data; at most limit bytes, and -1 when there would be more. Anything else
 * that is wrong with the data only ends them.
 */
int pdf_filter_decode(const struct pdf_filter *filter, struct bytes data, uint64_t limit,
                      struct buffer *out);

/* Appends data in Flate form: the same bytes for the same data. */
void pdf_filter_deflate(struct bytes data, struct buffer *out);

/* Appends rows with PNG predictors, each row the better of two by a fixed rule. */
void pdf_filter_predict(struct bytes data, size_t row_bytes, size_t pixel_bytes,
                        struct buffer *out);

#endif
