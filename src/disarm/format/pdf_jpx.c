/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JPEG 2000 (ITU-T T.800) by OpenJPEG. */
#include <openjpeg.h>

#include "base/cursor.h"
#include "disarm/format/pdf_picture_codecs.h"

enum { STREAM_CHUNK = 65536 };

static OPJ_SIZE_T read_memory(void *to, OPJ_SIZE_T size, void *data)
{
    struct cursor *cursor = data;
    size_t left = cursor_remaining(cursor);
    if (!left)
        return (OPJ_SIZE_T)-1;
    struct bytes part = cursor_take(cursor, size < left ? size : left);
    memcpy(to, part.data, part.length);
    return part.length;
}

static OPJ_OFF_T skip_memory(OPJ_OFF_T size, void *data)
{
    struct cursor *cursor = data;
    size_t left = cursor_remaining(cursor);
    if (size < 0 || !left)
        return -1;
    size_t count = (uint64_t)size < left ? (size_t)size : left;
    cursor_skip(cursor, count);
    return (OPJ_OFF_T)count;
}

static OPJ_BOOL seek_memory(OPJ_OFF_T position, void *data)
{
    struct cursor *cursor = data;
    if (position < 0 || (uint64_t)position > cursor->bytes.length)
        return OPJ_FALSE;
    cursor_seek(cursor, (size_t)position);
    return OPJ_TRUE;
}

static void ignore_message(const char *message, void *data)
{
    (void)message, (void)data;
}

/* Decodes; the caller destroys the image. NULL when it cannot be read or is too large. */
static opj_image_t *decode(struct pdf_copy *copy, struct bytes coded, bool raw)
{
    struct cursor cursor = cursor_open(coded);
    bool boxed = bytes_start_with(bytes_slice(coded, 4, 4), "jP");
    opj_codec_t *codec = opj_create_decompress(boxed ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K);
    opj_stream_t *stream = opj_stream_create(STREAM_CHUNK, OPJ_TRUE);
    opj_dparameters_t parameters;
    opj_image_t *image = NULL;
    opj_set_default_decoder_parameters(&parameters);
    if (raw) /* the palette of the PDF counts, not that of the picture */
        parameters.flags |= OPJ_DPARAMETERS_IGNORE_PCLR_CMAP_CDEF_FLAG;
    opj_set_info_handler(codec, ignore_message, NULL);
    opj_set_warning_handler(codec, ignore_message, NULL);
    opj_set_error_handler(codec, ignore_message, NULL);
    opj_stream_set_read_function(stream, read_memory);
    opj_stream_set_skip_function(stream, skip_memory);
    opj_stream_set_seek_function(stream, seek_memory);
    opj_stream_set_user_data(stream, &cursor, NULL);
    opj_stream_set_user_data_length(stream, coded.length);
    bool read = opj_setup_decoder(codec, &parameters) && opj_read_header(stream, codec, &image);
    if (read &&
        job_use_pixels(copy->job, image->x1 - image->x0, image->y1 - image->y0, copy->error) != 0) {
        copy->failed = true;
        read = false;
    }
    opj_decoder_set_strict_mode(codec, OPJ_FALSE);
    if (read)
        read = opj_decode(codec, stream, image);
    opj_stream_destroy(stream);
    opj_destroy_codec(codec);
    if (!read && image) {
        opj_image_destroy(image);
        image = NULL;
    }
    return image;
}

/* One sample as 8 bits. raw: keep the number (an index into a palette), only cut. */
static int sample_at(const opj_image_comp_t *component, uint32_t x, uint32_t y, bool raw)
{
    uint32_t column = x / component->dx, row = y / component->dy;
    column = column < component->w ? column : component->w - 1;
    row = row < component->h ? row : component->h - 1;
    int64_t value = component->data[(size_t)row * component->w + column];
    int64_t top = (INT64_C(1) << component->prec) - 1;
    if (component->sgnd)
        value += INT64_C(1) << (component->prec - 1);
    value = value < 0 ? 0 : value > top ? top : value;
    if (raw || component->prec == 8)
        return (int)(value > 255 ? 255 : value);
    return component->prec > 8 ? (int)(value >> (component->prec - 8)) : (int)(value * 255 / top);
}

static uint8_t clamp(double value)
{
    return value < 0 ? 0 : value > 255 ? 255 : (uint8_t)(value + 0.5);
}

/* sYCC to RGB (IEC 61966-2-1 amendment 1), in place. */
static void convert_sycc(uint8_t *pixel)
{
    double y = pixel[0], cb = pixel[1] - 128.0, cr = pixel[2] - 128.0;
    pixel[0] = clamp(y + 1.402 * cr);
    pixel[1] = clamp(y - 0.344136 * cb - 0.714136 * cr);
    pixel[2] = clamp(y + 1.772 * cb);
}

static bool components_usable(const opj_image_t *image)
{
    for (uint32_t i = 0; i < image->numcomps; i++) {
        const opj_image_comp_t *component = &image->comps[i];
        if (!component->data || !component->w || !component->h || !component->dx ||
            !component->dy || component->prec < 1 || component->prec > 31)
            return false;
    }
    return image->numcomps > 0 && image->x1 > image->x0 && image->y1 > image->y0;
}

static unsigned colors_of(const opj_image_t *picture)
{
    unsigned colors = picture->numcomps;
    if (colors == 2 ||
        (colors == 4 && picture->color_space != OPJ_CLRSPC_CMYK && picture->comps[3].alpha))
        colors--;
    return colors == 1 || colors == 3 || colors == 4 ? colors : colors > 3 ? 3 : 1;
}

bool pdf_jpx_decode(struct pdf_copy *copy, struct bytes coded, struct pdf_image *image,
                    struct buffer *samples)
{
    bool raw = image->indexed;
    opj_image_t *picture = decode(copy, coded, raw);
    if (!picture)
        return false;
    bool usable = components_usable(picture);
    unsigned colors = image->components;
    if (usable && !colors)
        colors = colors_of(picture);
    usable = usable && colors <= picture->numcomps;
    if (usable) {
        image->width = picture->x1 - picture->x0;
        image->height = picture->y1 - picture->y0;
        image->components = colors;
        image->bits = 8;
        size_t length = (size_t)image->width * image->height * colors;
        usable = pdf_copy_use_bytes(copy, length);
        buffer_reserve(samples, usable ? length : 0);
        uint8_t *to = samples->data + samples->length;
        bool sycc = picture->color_space == OPJ_CLRSPC_SYCC && colors == 3;
        for (uint32_t y = 0; usable && y < image->height; y++) {
            for (uint32_t x = 0; x < image->width; x++, to += colors) {
                for (unsigned i = 0; i < colors; i++)
                    to[i] = (uint8_t)sample_at(&picture->comps[i], x, y, raw);
                if (sycc)
                    convert_sycc(to);
            }
        }
        samples->length += usable ? length : 0;
    }
    opj_image_destroy(picture);
    return usable;
}
