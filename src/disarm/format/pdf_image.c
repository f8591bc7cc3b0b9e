/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images: samples decoded, checked, encoded anew. */
#include "disarm/format/pdf_image.h"

#include "disarm/format/format.h"
#include "disarm/format/pdf_filter.h"
#include "disarm/format/pdf_picture.h"
#include "disarm/format/pdf_stream.h"
#include "disarm/format/pdf_token.h"
#include "disarm/format/picture_raster.h"

enum {
    SIDE_LIMIT = 1 << 20,
    COMPONENTS_LIMIT = 32,
    PREDICTOR_SAMPLE = 32768, /* bytes */
    PHOTO_PIXELS = 100 * 100,
    PHOTO_QUALITY = 92,
};

static const struct pdf_value *get(const struct pdf_value *dictionary, const char *key,
                                   const char *short_key)
{
    const struct pdf_value *value = pdf_value_get(dictionary, key);
    return value ? value : pdf_value_get(dictionary, short_key);
}

/* Components of a colour space; 0 when it cannot be told. */
static unsigned count_components(struct pdf_copy *copy, const struct pdf_value *space,
                                 bool *indexed)
{
    static const struct {
        const char *name;
        unsigned components;
    } table[] = {
        {"DeviceGray", 1}, {"G", 1},       {"CalGray", 1},    {"Indexed", 1}, {"I", 1},
        {"Separation", 1}, {"RGB", 3},     {"DeviceRGB", 3},  {"CalRGB", 3},  {"Lab", 3},
        {"CMYK", 4},       {"CalCMYK", 4}, {"DeviceCMYK", 4},
    };
    struct pdf_value value = pdf_copy_resolve(copy, space).value;
    const struct pdf_value *items = value.type == PDF_ARRAY ? value.items : NULL;
    struct pdf_value family = value;
    if (items && value.count)
        family = pdf_copy_resolve(copy, &items[0]).value;
    if (family.type != PDF_NAME)
        return 0;
    *indexed = bytes_equal_string(family.text, "Indexed") || bytes_equal_string(family.text, "I");
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (bytes_equal_string(family.text, table[i].name))
            return table[i].components;
    }
    if (!items || value.count < 2)
        return 0;
    struct pdf_value second = pdf_copy_resolve(copy, &items[1]).value;
    if (bytes_equal_string(family.text, "ICCBased")) {
        struct pdf_value n = pdf_copy_resolve(copy, pdf_value_get(&second, "N")).value;
        int64_t count = pdf_value_integer(&n, 0);
        return count == 1 || count == 3 || count == 4 ? (unsigned)count : 0;
    }
    if (bytes_equal_string(family.text, "DeviceN") && second.type == PDF_ARRAY)
        return second.count <= COMPONENTS_LIMIT ? second.count : 0;
    return 0;
}

/* Reads what a dictionary says of its image; false when there is no sense in it. */
static bool describe(struct pdf_copy *copy, const struct pdf_value *dictionary,
                     struct pdf_image *image)
{
    struct pdf_value width = pdf_copy_resolve(copy, get(dictionary, "Width", "W")).value;
    struct pdf_value height = pdf_copy_resolve(copy, get(dictionary, "Height", "H")).value;
    struct pdf_value mask = pdf_copy_resolve(copy, get(dictionary, "ImageMask", "IM")).value;
    struct pdf_value bits =
        pdf_copy_resolve(copy, get(dictionary, "BitsPerComponent", "BPC")).value;
    int64_t w = pdf_value_integer(&width, 0), h = pdf_value_integer(&height, 0);
    if (w < 1 || h < 1 || w > SIDE_LIMIT || h > SIDE_LIMIT)
        return false;
    *image = (struct pdf_image){
        .width = (uint32_t)w,
        .height = (uint32_t)h,
        .mask = mask.type == PDF_BOOLEAN && mask.boolean,
        .bits = (unsigned)pdf_value_integer(&bits, 8),
        .space = get(dictionary, "ColorSpace", "CS"),
        .decode = get(dictionary, "Decode", "D"),
    };
    image->components = image->mask ? 1 : count_components(copy, image->space, &image->indexed);
    if (image->mask)
        image->bits = 1;
    bool known = image->bits == 1 || image->bits == 2 || image->bits == 4 || image->bits == 16;
    image->bits = known ? image->bits : 8;
    return true;
}

static size_t row_bytes(const struct pdf_image *image)
{
    return (size_t)(((uint64_t)image->width * image->components * image->bits + 7) / 8);
}

/* Brings samples to exactly the bytes that the image's size asks for. */
static bool fit_samples(struct pdf_copy *copy, const struct pdf_image *image,
                        struct buffer *samples)
{
    size_t wanted = row_bytes(image) * image->height;
    if (!image->components)
        return false;
    if (samples->length < wanted) {
        size_t missing = wanted - samples->length;
        if (!pdf_copy_use_bytes(copy, missing))
            return false;
        buffer_reserve(samples, missing);
        memset(samples->data + samples->length, 0, missing);
    }
    samples->length = wanted;
    return true;
}

static void write_device_space(unsigned components, struct buffer *keys)
{
    buffer_append_string(keys, components == 1   ? "/DeviceGray"
                               : components == 3 ? "/DeviceRGB"
                                                 : "/DeviceCMYK");
}

/* Appends the colour space, or a device space of as many components when it is refused. */
static bool write_space(struct pdf_copy *copy, const struct pdf_image *image, struct buffer *keys)
{
    const struct pdf_alternative as = {PDF_FORM_KIND, (uint16_t)pdf_kind_find("ImageColors"), NULL};
    if (image->space && pdf_copy_as(copy, image->space, as, keys, 0))
        return true;
    if (image->components != 1 && image->components != 3 && image->components != 4)
        return false;
    write_device_space(image->components, keys);
    return true;
}

static void write_decode(struct pdf_copy *copy, const struct pdf_image *image, const char *key,
                         struct buffer *keys)
{
    struct pdf_value decode = pdf_copy_resolve(copy, image->decode).value;
    if (decode.type != PDF_ARRAY || decode.count > 2 * COMPONENTS_LIMIT ||
        (image->components && decode.count < 2 * image->components))
        return;
    buffer_append_string(keys, key);
    buffer_append_byte(keys, '[');
    for (uint32_t i = 0; i < decode.count; i++) {
        struct pdf_value number = pdf_copy_resolve(copy, &decode.items[i]).value;
        if (pdf_value_is_number(&number))
            pdf_write_scalar(keys, &number);
        else
            pdf_write_integer(keys, 0);
    }
    buffer_append_byte(keys, ']');
}

/* True when PNG predictors make the samples smaller, judged by a part in the middle. */
static bool predictor_pays(const struct pdf_image *image, struct bytes samples)
{
    size_t row = row_bytes(image);
    if (image->bits != 8 || image->mask || row < 8 || samples.length < 256)
        return false;
    size_t rows = PREDICTOR_SAMPLE / row + 1;
    rows = rows < image->height ? rows : image->height;
    struct bytes part = bytes_slice(samples, (image->height - rows) / 2 * row, rows * row);
    AUTO_BUFFER plain = {0}, predicted = {0}, packed = {0};
    pdf_filter_deflate(part, &plain);
    pdf_filter_predict(part, row, image->components, &predicted);
    pdf_filter_deflate(buffer_bytes(&predicted), &packed);
    return packed.length < plain.length;
}

/* Samples as they are, in Flate form. */
static bool write_samples(const struct pdf_image *image, struct buffer *samples,
                          struct buffer *keys, struct buffer *data)
{
    if (predictor_pays(image, buffer_bytes(samples))) {
        buffer_append_format(keys,
                             "/DecodeParms<</Predictor 15/Colors %u/BitsPerComponent %u"
                             "/Columns %u>>",
                             image->components, image->bits, image->width);
        pdf_filter_predict(buffer_bytes(samples), row_bytes(image), image->components, data);
    } else {
        struct buffer empty = *data;
        *data = *samples;
        *samples = empty;
    }
    return true;
}

static void write_blank(bool mask, struct buffer *keys, struct buffer *data)
{
    buffer_append_string(keys, "/Width 1/Height 1/BitsPerComponent 1");
    buffer_append_string(keys, mask ? "/ImageMask true" : "/ColorSpace/DeviceGray");
    buffer_append_byte(data, 0xFF);
}

/* Width, Height, and for what is not encoded as a picture the rest. */
static bool write_description(struct pdf_copy *copy, const struct pdf_image *image,
                              struct buffer *keys)
{
    buffer_append_format(keys, "/Width %u/Height %u", image->width, image->height);
    buffer_append_format(keys, "/BitsPerComponent %u", image->bits);
    if (image->mask) {
        buffer_append_string(keys, "/ImageMask true");
    } else {
        buffer_append_string(keys, "/ColorSpace");
        if (!write_space(copy, image, keys))
            return false;
    }
    write_decode(copy, image, "/Decode", keys);
    return true;
}

/* A JPEG stays one: rebuilt by the picture module. */
static bool write_jpeg(struct pdf_copy *copy, const struct pdf_decoded *decoded,
                       struct buffer *keys, struct buffer *data)
{
    const struct format *made = NULL;
    struct error ignored = {0};
    struct bytes coded = buffer_bytes(&decoded->data);
    while (coded.length && pdf_is_space(coded.data[0]))
        coded = bytes_slice(coded, 1, coded.length); /* line ends before the data */
    if (job_disarm_picture(copy->job, "image", coded, data, &made, &ignored) != 0) {
        if (ignored.code && !strncmp(ignored.code, "limit_", 6)) {
            *copy->error = ignored;
            copy->failed = true;
        }
        return false;
    }
    if (strcmp(made->name, "jpeg") != 0)
        return false;
    const struct pdf_value *transform = pdf_value_get(decoded->values, "ColorTransform");
    if (transform && transform->type == PDF_INTEGER)
        buffer_append_format(keys, "/DecodeParms<</ColorTransform %d>>",
                             transform->integer ? 1 : 0);
    buffer_append_string(keys, "/Filter/DCTDecode");
    return true;
}

static bool is_jpeg(struct bytes filter)
{
    return bytes_equal_string(filter, "DCTDecode") || bytes_equal_string(filter, "DCT");
}

/* JPEG 2000 in three colours: without loss it would grow many times. */
static bool is_photo(const struct pdf_image *image, struct bytes filter)
{
    return bytes_equal_string(filter, "JPXDecode") && image->components == 3 && !image->mask &&
           (uint64_t)image->width * image->height >= PHOTO_PIXELS;
}

/* Codes samples as JPEG, which then takes the way of every JPEG. */
static bool write_photo(struct pdf_copy *copy, const struct pdf_image *image, struct bytes samples,
                        struct buffer *keys, struct buffer *data)
{
    AUTO_RASTER raster = {0};
    struct error ignored = {0};
    struct pdf_decoded photo = {0};
    if (raster_open(&raster, copy->job, image->width, image->height, copy->error) != 0) {
        copy->failed = true;
        return false;
    }
    for (size_t i = 0; i < samples.length / 3; i++) {
        memcpy(raster.rgba + 4 * i, samples.data + 3 * i, 3);
        raster.rgba[4 * i + 3] = 0xFF;
    }
    bool written = raster_encode_jpeg(&raster, PHOTO_QUALITY, &photo.data, &ignored) == 0 &&
                   write_jpeg(copy, &photo, keys, data);
    buffer_free(&photo.data);
    return written;
}

static bool rewrite(struct pdf_copy *copy, struct pdf_image *image, struct pdf_decoded *decoded,
                    struct buffer *keys, struct buffer *data, bool *deflate)
{
    if (is_jpeg(decoded->picture_filter)) {
        *deflate = false;
        return write_description(copy, image, keys) && write_jpeg(copy, decoded, keys, data);
    }
    if (job_use_pixels(copy->job, image->width, image->height, copy->error) != 0) {
        copy->failed = true;
        return false;
    }
    if (decoded->picture_filter.length) {
        AUTO_BUFFER samples = {0};
        bool bilevel = false;
        if (!pdf_picture_decode(copy, image, decoded, &samples, &bilevel) ||
            !fit_samples(copy, image, &samples) || !write_description(copy, image, keys))
            return false;
        if (is_photo(image, decoded->picture_filter) &&
            write_photo(copy, image, buffer_bytes(&samples), keys, data)) {
            *deflate = false;
            return true;
        }
        if (bilevel && pdf_picture_encode_fax(image, buffer_bytes(&samples), keys, data)) {
            *deflate = false;
            return true;
        }
        return write_samples(image, &samples, keys, data);
    }
    return fit_samples(copy, image, &decoded->data) && write_description(copy, image, keys) &&
           write_samples(image, &decoded->data, keys, data);
}

bool pdf_image_rewrite(struct pdf_copy *copy, const struct pdf_value *dictionary,
                       struct pdf_decoded *decoded, struct buffer *keys, struct buffer *data,
                       bool *deflate)
{
    struct pdf_image image = {0};
    size_t keys_before = keys->length;
    if (describe(copy, dictionary, &image) && decoded &&
        rewrite(copy, &image, decoded, keys, data, deflate))
        return true;
    if (copy->failed)
        return false;
    keys->length = keys_before;
    buffer_clear(data);
    *deflate = true;
    pdf_copy_drop(copy, "Image", NULL, "pdf_image", "pdf_unreadable");
    write_blank(image.mask, keys, data);
    return true;
}

size_t pdf_image_inline_length(struct pdf_copy *copy, const struct pdf_value *dictionary)
{
    struct pdf_image image;
    const struct pdf_value *filter = get(dictionary, "Filter", "F");
    bool filtered = filter && !(filter->type == PDF_ARRAY && !filter->count);
    if (filtered || !describe(copy, dictionary, &image) || !image.components)
        return 0;
    return row_bytes(&image) * image.height;
}

/* All general filters of an inline image; what remains is named in decoded. */
static bool decode_inline(struct pdf_copy *copy, const struct pdf_value *dictionary,
                          struct bytes data, struct pdf_decoded *decoded)
{
    struct pdf_filter filters[PDF_FILTERS];
    int count = pdf_stream_filters(copy, dictionary, filters);
    buffer_append_bytes(&decoded->data, data);
    for (int i = 0; i < count; i++) {
        if (!pdf_filter_is_general(filters[i].name)) {
            decoded->picture_filter = filters[i].name;
            decoded->values = filters[i].values;
            return i == count - 1;
        }
        AUTO_BUFFER next = {0};
        if (pdf_filter_decode(&filters[i], buffer_bytes(&decoded->data), pdf_copy_bytes_left(copy),
                              &next) != 0 ||
            !pdf_copy_use_bytes(copy, next.length))
            return false;
        struct buffer old = decoded->data;
        decoded->data = next;
        next = old;
    }
    return count >= 0;
}

static void append_hexadecimal(struct bytes data, struct buffer *out)
{
    static const char digits[] = "0123456789ABCDEF";
    buffer_reserve(out, 2 * data.length);
    uint8_t *to = out->data + out->length;
    for (size_t i = 0; i < data.length; i++) {
        *to++ = (uint8_t)digits[data.data[i] >> 4];
        *to++ = (uint8_t)digits[data.data[i] & 15];
    }
    out->length += 2 * data.length;
}

static bool inline_samples(struct pdf_copy *copy, struct pdf_image *image,
                           struct pdf_decoded *decoded, struct buffer *samples, bool *jpeg)
{
    AUTO_BUFFER keys = {0};
    bool bilevel = false;
    *jpeg = is_jpeg(decoded->picture_filter);
    if (*jpeg)
        return write_jpeg(copy, decoded, &keys, samples);
    if (job_use_pixels(copy->job, image->width, image->height, copy->error) != 0) {
        copy->failed = true;
        return false;
    }
    if (decoded->picture_filter.length) {
        if (!pdf_picture_decode(copy, image, decoded, samples, &bilevel))
            return false;
    } else {
        buffer_append_bytes(samples, buffer_bytes(&decoded->data));
    }
    return !image->components || fit_samples(copy, image, samples);
}

bool pdf_image_rewrite_inline(struct pdf_copy *copy, const struct pdf_value *dictionary,
                              struct bytes data, struct buffer *out)
{
    struct pdf_image image;
    struct pdf_decoded decoded = {0};
    AUTO_BUFFER samples = {0};
    bool jpeg = false;
    bool kept = describe(copy, dictionary, &image) &&
                decode_inline(copy, dictionary, data, &decoded) &&
                inline_samples(copy, &image, &decoded, &samples, &jpeg);
    if (kept) {
        buffer_append_format(out, "BI/W %u/H %u/BPC %u", image.width, image.height, image.bits);
        buffer_append_string(out, image.mask ? "/IM true" : "/CS");
        kept = image.mask || write_space(copy, &image, out);
        write_decode(copy, &image, "/D", out);
        const struct pdf_value *smooth = get(dictionary, "Interpolate", "I");
        if (smooth && smooth->type == PDF_BOOLEAN && smooth->boolean)
            buffer_append_string(out, "/I true");
        buffer_append_string(out, jpeg ? "/F[/AHx/DCT]ID " : "/F/AHx ID ");
        append_hexadecimal(buffer_bytes(&samples), out);
        buffer_append_string(out, ">\nEI\n");
    }
    buffer_free(&decoded.data);
    return kept;
}
