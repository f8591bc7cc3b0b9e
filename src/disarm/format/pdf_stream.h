/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Streams (ISO 32000-2, 7.3.8): decoded, rewritten by what they are, encoded anew. */
#ifndef DISARM_FORMAT_PDF_STREAM_H
#define DISARM_FORMAT_PDF_STREAM_H

#include "disarm/format/pdf_copy.h"

/* The data of a stream after all general filters. */
struct pdf_decoded {
    struct buffer data;
    struct bytes picture_filter;    /* the last filter when it decodes pictures, else empty */
    const struct pdf_value *values; /* its parameters, or NULL */
};

/*
 * Decodes a stream's data; false when there are none, they lie in another file, or a filter is
 * unknown. The dictionary is the stream's. Free decoded->data in any case.
 */
bool pdf_stream_decode(struct pdf_copy *copy, struct pdf_reference reference,
                       const struct pdf_value *dictionary, struct pdf_decoded *decoded);

/* Writes the stream as its kind into the output. Its number, or 0 when it is refused. */
uint32_t pdf_stream_copy(struct pdf_copy *copy, const struct pdf_kind *kind,
                         struct pdf_reference reference, const struct pdf_value *dictionary);

/* Reads Filter and DecodeParms (or their short names) of a dictionary; their number, or -1. */
struct pdf_filter;
int pdf_stream_filters(struct pdf_copy *copy, const struct pdf_value *dictionary,
                       struct pdf_filter *filters);

#endif
