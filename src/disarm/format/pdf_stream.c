/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Streams: decoded, rewritten by what they are, encoded anew. */
#include "disarm/format/pdf_stream.h"

#include "disarm/format/pdf_content.h"
#include "disarm/format/pdf_filter.h"
#include "disarm/format/pdf_image.h"
#include "disarm/format/pdf_program.h"
#include "disarm/format/picture_icc.h"

/* A dictionary whose direct values are all resolved, one level deep, in the arena. */
static const struct pdf_value *resolved_dictionary(struct pdf_copy *copy,
                                                   const struct pdf_value *value)
{
    struct pdf_value *dictionary = pdf_arena_take(&copy->arena, sizeof *dictionary);
    *dictionary = pdf_copy_resolve(copy, value).value;
    if (dictionary->type != PDF_DICTIONARY)
        return NULL;
    for (uint32_t i = 0; i < dictionary->count; i++) {
        struct pdf_entry *entry = &dictionary->entries[i];
        if (entry->value.type == PDF_REFERENCE && !bytes_equal_string(entry->key, "JBIG2Globals"))
            entry->value = pdf_copy_resolve(copy, &entry->value).value;
    }
    return dictionary;
}

static struct pdf_value either(struct pdf_copy *copy, const struct pdf_value *dictionary,
                               const char *key, const char *short_key)
{
    const struct pdf_value *value = pdf_value_get(dictionary, key);
    return pdf_copy_resolve(copy, value ? value : pdf_value_get(dictionary, short_key)).value;
}

int pdf_stream_filters(struct pdf_copy *copy, const struct pdf_value *dictionary,
                       struct pdf_filter *filters)
{
    struct pdf_value names = either(copy, dictionary, "Filter", "F");
    struct pdf_value values = either(copy, dictionary, "DecodeParms", "DP");
    if (names.type == PDF_NAME) {
        if (values.type == PDF_ARRAY && values.count)
            values = values.items[0];
        filters[0] = (struct pdf_filter){names.text, resolved_dictionary(copy, &values)};
        return 1;
    }
    if (names.type == PDF_NULL)
        return 0;
    if (names.type != PDF_ARRAY || names.count > PDF_FILTERS)
        return -1;
    for (uint32_t i = 0; i < names.count; i++) {
        struct pdf_value name = pdf_copy_resolve(copy, &names.items[i]).value;
        const struct pdf_value *value = NULL;
        if (values.type == PDF_ARRAY && i < values.count)
            value = &values.items[i];
        else if (values.type == PDF_DICTIONARY && names.count == 1)
            value = &values;
        if (name.type != PDF_NAME)
            return -1;
        filters[i] =
            (struct pdf_filter){name.text, value ? resolved_dictionary(copy, value) : NULL};
    }
    return (int)names.count;
}

bool pdf_stream_decode(struct pdf_copy *copy, struct pdf_reference reference,
                       const struct pdf_value *dictionary, struct pdf_decoded *decoded)
{
    struct pdf_filter filters[PDF_FILTERS];
    const struct pdf_value *file = pdf_value_get(dictionary, "F");
    if (file && file->type != PDF_NAME && file->type != PDF_NULL) {
        pdf_copy_drop(copy, "Stream", "F", "pdf_external", "pdf_not_on_list");
        return false;
    }
    int count = pdf_stream_filters(copy, dictionary, filters);
    if (count < 0 || pdf_source_stream(copy->source, reference, &decoded->data) != 0)
        return false;
    for (int i = 0; i < count; i++) {
        if (!pdf_filter_is_general(filters[i].name)) {
            decoded->picture_filter = filters[i].name;
            decoded->values = filters[i].values;
            return i == count - 1;
        }
        AUTO_BUFFER next = {0};
        uint64_t left = pdf_copy_bytes_left(copy);
        int over = pdf_filter_decode(&filters[i], buffer_bytes(&decoded->data), left, &next);
        if (!pdf_copy_use_bytes(copy, over ? (size_t)left + 1 : next.length))
            return false;
        struct buffer old = decoded->data;
        decoded->data = next;
        next = old;
    }
    return true;
}

static const char *row_of(enum pdf_stream_treatment treatment)
{
    static const char *const rows[] = {
        [PDF_STREAM_CONTENT] = "pdf_content",
        [PDF_STREAM_IMAGE] = "pdf_image",
        [PDF_STREAM_RAW] = "pdf_data",
        [PDF_STREAM_FONT] = "pdf_font",
        [PDF_STREAM_CMAP] = "pdf_cmap",
        [PDF_STREAM_ICC] = "pdf_icc",
        [PDF_STREAM_CALCULATOR] = "pdf_function",
    };
    return rows[treatment];
}

/* A colour profile of as many components as the dictionary says. */
static bool rewrite_profile(struct pdf_copy *copy, const struct pdf_value *dictionary,
                            struct bytes data, struct buffer *out)
{
    struct pdf_value count = pdf_copy_resolve(copy, pdf_value_get(dictionary, "N")).value;
    int64_t components = pdf_value_integer(&count, 0);
    if (components < 1 || components > 4)
        return false;
    buffer_append_bytes(out, picture_icc_sane(data, (unsigned)components));
    return out->length != 0;
}

/* Rewrites data that are no picture. */
static bool rewrite(struct pdf_copy *copy, const struct pdf_kind *kind,
                    const struct pdf_value *dictionary, struct bytes data, struct buffer *keys,
                    struct buffer *out)
{
    switch (kind->stream) {
    case PDF_STREAM_CONTENT:
        pdf_content_rewrite(copy, data, out);
        return true;
    case PDF_STREAM_FONT:
        return pdf_font_rewrite(data, out, keys);
    case PDF_STREAM_CMAP:
        return pdf_cmap_rewrite(data, out);
    case PDF_STREAM_CALCULATOR:
        return pdf_calculator_rewrite(data, out);
    case PDF_STREAM_ICC:
        return rewrite_profile(copy, dictionary, data, out);
    default: /* samples and numbers that only a size can be told of */
        buffer_append_bytes(out, data);
        return true;
    }
}

uint32_t pdf_stream_copy(struct pdf_copy *copy, const struct pdf_kind *kind,
                         struct pdf_reference reference, const struct pdf_value *dictionary)
{
    AUTO_BUFFER keys = {0}, data = {0};
    struct pdf_decoded decoded = {0};
    bool deflate = true, kept = pdf_stream_decode(copy, reference, dictionary, &decoded);
    size_t bytes_in = decoded.data.length;
    if (!copy->failed && kind->stream == PDF_STREAM_IMAGE) {
        kept = pdf_image_rewrite(copy, dictionary, kept ? &decoded : NULL, &keys, &data, &deflate);
    } else if (kept && !copy->failed) {
        kept = !decoded.picture_filter.length &&
               rewrite(copy, kind, dictionary, buffer_bytes(&decoded.data), &keys, &data);
    }
    kept = kept && !copy->failed && pdf_copy_entries(copy, kind, dictionary, &keys, 0);
    buffer_free(&decoded.data);
    job_record(copy->job, NULL, row_of(kind->stream), kept ? RECEIPT_REWRITTEN : RECEIPT_DROPPED,
               kept ? NULL : "pdf_unreadable", bytes_in, data.length);
    if (!kept || copy->failed)
        return 0;
    uint32_t number = pdf_writer_reserve(&copy->writer);
    pdf_writer_put_stream(&copy->writer, number, buffer_bytes(&keys), buffer_bytes(&data), deflate);
    return number;
}
