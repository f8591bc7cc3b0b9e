/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture codings that only PDF has as filters: parameters read, decoders called. */
#include "disarm/format/pdf_picture.h"

#include "disarm/format/pdf_picture_codecs.h"
#include "disarm/format/pdf_stream.h"

enum { COLUMNS_LIMIT = 1 << 16 };

static bool truth(const struct pdf_value *values, const char *key)
{
    const struct pdf_value *value = pdf_value_get(values, key);
    return value && value->type == PDF_BOOLEAN && value->boolean;
}

/* Copies rows of bits into rows of another width. */
static void fit_rows(struct bytes bits, size_t from_bytes, size_t to_bytes, struct buffer *samples)
{
    for (size_t at = 0; at + from_bytes <= bits.length; at += from_bytes) {
        struct bytes row = bytes_slice(bits, at, from_bytes < to_bytes ? from_bytes : to_bytes);
        buffer_append_bytes(samples, row);
        for (size_t i = row.length; i < to_bytes; i++)
            buffer_append_byte(samples, 0xFF);
    }
}

static bool decode_fax(struct pdf_copy *copy, const struct pdf_image *image,
                       const struct pdf_decoded *decoded, struct buffer *samples)
{
    int64_t columns = pdf_value_integer(pdf_value_get(decoded->values, "Columns"), 1728);
    if (columns < 1 || columns > COLUMNS_LIMIT)
        return false;
    struct fax fax = {.columns = (uint32_t)columns,
                      .rows = image->height,
                      .k = pdf_value_integer(pdf_value_get(decoded->values, "K"), 0),
                      .byte_aligned = truth(decoded->values, "EncodedByteAlign"),
                      .black_is_1 = truth(decoded->values, "BlackIs1")};
    AUTO_BUFFER bits = {0};
    size_t from_bytes = (fax.columns + 7) / 8;
    if (!pdf_copy_use_bytes(copy, from_bytes * fax.rows) ||
        !pdf_fax_decode(&fax, buffer_bytes(&decoded->data), &bits))
        return false;
    fit_rows(buffer_bytes(&bits), from_bytes, (image->width + 7) / 8, samples);
    return true;
}

static bool decode_jbig2(struct pdf_copy *copy, const struct pdf_image *image,
                         const struct pdf_decoded *decoded, struct buffer *samples)
{
    struct pdf_decoded globals = {0};
    const struct pdf_value *shared = pdf_value_get(decoded->values, "JBIG2Globals");
    if (shared && shared->type == PDF_REFERENCE) {
        struct pdf_object object = pdf_copy_resolve(copy, shared);
        if (object.is_stream)
            pdf_stream_decode(copy, shared->reference, &object.value, &globals);
    }
    bool read = pdf_copy_use_bytes(copy, (size_t)image->width * image->height * 7) &&
                pdf_jbig2_decode(image->width, image->height, buffer_bytes(&globals.data),
                                 buffer_bytes(&decoded->data), samples);
    buffer_free(&globals.data);
    return read;
}

bool pdf_picture_decode(struct pdf_copy *copy, struct pdf_image *image,
                        const struct pdf_decoded *decoded, struct buffer *samples, bool *bilevel)
{
    struct bytes filter = decoded->picture_filter;
    bool fax = bytes_equal_string(filter, "CCITTFaxDecode") || bytes_equal_string(filter, "CCF");
    if (fax || bytes_equal_string(filter, "JBIG2Decode")) {
        image->bits = 1;
        *bilevel = image->components == 1;
        return fax ? decode_fax(copy, image, decoded, samples)
                   : decode_jbig2(copy, image, decoded, samples);
    }
    return bytes_equal_string(filter, "JPXDecode") &&
           pdf_jpx_decode(copy, buffer_bytes(&decoded->data), image, samples);
}

bool pdf_picture_encode_fax(const struct pdf_image *image, struct bytes samples,
                            struct buffer *keys, struct buffer *data)
{
    if (!pdf_fax_encode(image->width, image->height, samples, data))
        return false;
    buffer_append_format(keys, "/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns %u/Rows %u>>",
                         image->width, image->height);
    return true;
}
