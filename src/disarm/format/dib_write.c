/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes a device-independent bitmap: the smallest header that says what has to be said. */
#include "disarm/format/dib.h"

#include "base/memory.h"

#define INFO_HEADER      40
#define ALPHA_HEADER     108
#define PROFILE_HEADER   124
#define PROFILE_EMBEDDED 0x4D424544
#define SPACE_SRGB       0x73524742
#define RUN_LIMIT        255

/* Bits of a pixel in the output. */
static unsigned written_bits(const struct dib *dib, bool run_length)
{
    switch (dib->layout) {
    case DIB_INDEXED:
        return run_length ? 8 : dib->bits == 2 ? 4 : dib->bits;
    case DIB_RGB16:
        return 16;
    case DIB_BGR24:
        return 24;
    default:
        return 32;
    }
}

static uint32_t header_length(const struct dib *dib)
{
    if (dib->profile.length)
        return PROFILE_HEADER;
    return dib->has_alpha ? ALPHA_HEADER : INFO_HEADER;
}

/* 5-6-5 and alpha need their masks told; where the fourth byte is kept, some readers take told
 * masks as a sign that it is alpha. */
static bool tells_masks(const struct dib *dib)
{
    return dib->has_alpha || (dib->layout == DIB_RGB16 && dib->masks[1] == 0x07E0) ||
           (dib->layout == DIB_BGRA32 && dib->compression == DIB_BITFIELDS);
}

size_t dib_info_length(const struct dib *dib, bool run_length)
{
    (void)run_length;
    size_t masks = tells_masks(dib) && header_length(dib) == INFO_HEADER ? 12 : 0;
    return header_length(dib) + masks + (size_t)4 * dib->colors;
}

static void append_masks(const struct dib *dib, size_t count, struct buffer *out)
{
    static const uint32_t plain[4] = {0xFF0000, 0xFF00, 0xFF, 0xFF000000};
    for (size_t i = 0; i < count; i++)
        buffer_append_u32le(out, !tells_masks(dib) ? 0 : dib->has_alpha ? plain[i] : dib->masks[i]);
}

static void append_zeroes(struct buffer *out, size_t count)
{
    while (count--)
        buffer_append_byte(out, 0);
}

/* Versions 4 and 5: masks, color space, and the place of the profile behind the pixels. */
static void append_extension(const struct dib *dib, size_t profile_offset, struct buffer *out)
{
    size_t start = out->length;
    append_masks(dib, 4, out);
    buffer_append_u32le(out, dib->profile.length ? PROFILE_EMBEDDED : SPACE_SRGB);
    append_zeroes(out, ALPHA_HEADER - INFO_HEADER - (out->length - start));
    if (header_length(dib) == PROFILE_HEADER) {
        buffer_append_u32le(out, 4); /* intent: images */
        buffer_append_u32le(out, (uint32_t)profile_offset);
        buffer_append_u32le(out, (uint32_t)dib->profile.length);
        buffer_append_u32le(out, 0);
    }
}

void dib_append_info(const struct dib *dib, bool run_length, size_t pixels_length,
                     struct buffer *out)
{
    uint32_t header = header_length(dib);
    uint32_t compression = run_length ? DIB_RLE8 : tells_masks(dib) ? DIB_BITFIELDS : DIB_RGB;
    buffer_append_u32le(out, header);
    buffer_append_u32le(out, dib->width);
    buffer_append_u32le(out, dib->height);
    buffer_append_u16le(out, 1);
    buffer_append_u16le(out, (uint16_t)written_bits(dib, run_length));
    buffer_append_u32le(out, compression);
    buffer_append_u32le(out, (uint32_t)pixels_length);
    buffer_append_u32le(out, (uint32_t)dib->density_x);
    buffer_append_u32le(out, (uint32_t)dib->density_y);
    buffer_append_u32le(out, dib->colors);
    buffer_append_u32le(out, 0);
    if (header > INFO_HEADER)
        append_extension(dib, dib_info_length(dib, run_length) + pixels_length, out);
    else if (tells_masks(dib))
        append_masks(dib, 3, out);
    for (unsigned i = 0; i < dib->colors; i++) {
        buffer_append(out, dib->palette + (size_t)i * 3, 3);
        buffer_append_byte(out, 0);
    }
}

static const uint8_t *sample_row(const struct dib *dib, uint32_t row)
{
    return dib->samples + (size_t)row * dib->width * dib_sample_size(dib->layout);
}

static void append_row(const struct dib *dib, const uint8_t *samples, struct buffer *out)
{
    unsigned bits = written_bits(dib, false);
    size_t length = ((size_t)dib->width * bits + 31) / 32 * 4;
    buffer_reserve(out, length);
    uint8_t *row = out->data + out->length;
    memset(row, 0, length);
    out->length += length;
    if (bits >= 8) {
        memcpy(row, samples, (size_t)dib->width * (bits / 8));
        return;
    }
    unsigned in_byte = 8 / bits;
    for (uint32_t x = 0; x < dib->width; x++)
        row[x / in_byte] |= (uint8_t)(samples[x] << (8 - bits * (x % in_byte + 1)));
}

static uint32_t run_at(const uint8_t *row, uint32_t x, uint32_t width)
{
    uint32_t length = 1;
    while (x + length < width && length < RUN_LIMIT && row[x + length] == row[x])
        length++;
    return length;
}

/* Pixels from x on that are in no run worth coding as one. */
static uint32_t literal_at(const uint8_t *row, uint32_t x, uint32_t width)
{
    uint32_t length = 0;
    while (x + length < width && length < RUN_LIMIT) {
        uint32_t run = run_at(row, x + length, width);
        if (run >= 3)
            break;
        length = length + run < RUN_LIMIT ? length + run : RUN_LIMIT;
    }
    return length;
}

/* One row in RLE8 without its end code. */
static void append_run_lengths(const uint8_t *row, uint32_t width, struct buffer *out)
{
    for (uint32_t x = 0; x < width;) {
        uint32_t literal = literal_at(row, x, width);
        if (literal >= 3) {
            buffer_append_byte(out, 0);
            buffer_append_byte(out, (uint8_t)literal);
            buffer_append(out, row + x, literal);
            if (literal % 2)
                buffer_append_byte(out, 0);
            x += literal;
            continue;
        }
        uint32_t run = run_at(row, x, width);
        buffer_append_byte(out, (uint8_t)run);
        buffer_append_byte(out, row[x]);
        x += run;
    }
}

bool dib_append_pixels(const struct dib *dib, struct buffer *out)
{
    size_t start = out->length;
    if (dib->compression == DIB_RLE8 || dib->compression == DIB_RLE4) {
        for (uint32_t row = dib->height; row-- > 0;) {
            append_run_lengths(sample_row(dib, row), dib->width, out);
            buffer_append_byte(out, 0);
            buffer_append_byte(out, row == 0); /* end of line, or of the picture */
        }
        size_t plain = ((size_t)dib->width * written_bits(dib, false) + 31) / 32 * 4 * dib->height;
        if (out->length - start < plain)
            return true;
        out->length = start;
    }
    for (uint32_t row = dib->height; row-- > 0;)
        append_row(dib, sample_row(dib, row), out);
    return false;
}
