/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture codings that only PDF has as filters. */
#include "disarm/format/pdf_picture.h"

bool pdf_picture_decode(struct pdf_copy *copy, struct pdf_image *image,
                        const struct pdf_decoded *decoded, struct buffer *samples, bool *bilevel)
{
    (void)copy, (void)image, (void)decoded, (void)samples, (void)bilevel;
    return false;
}

bool pdf_picture_encode_fax(const struct pdf_image *image, struct bytes samples,
                            struct buffer *keys, struct buffer *data)
{
    (void)image, (void)samples, (void)keys, (void)data;
    return false;
}
