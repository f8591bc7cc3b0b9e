/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the pixels of a device-independent bitmap: plain rows of every depth, and both run-length
 * codings. */
#include "base/cursor.h"
#include "base/memory.h"
#include "disarm/format/dib.h"

/* Bytes of one row in the input: whole groups of four ([MS-WMF] 2.2.2.9). */
static size_t stride(const struct dib *dib)
{
    return ((size_t)dib->width * dib->bits + 31) / 32 * 4;
}

static uint8_t *sample_row(const struct dib *dib, uint32_t row)
{
    return dib->samples + (size_t)row * dib->width * dib_sample_size(dib->layout);
}

/* One channel of a pixel, spread over 0 … 255. */
static uint8_t channel(uint32_t pixel, uint32_t mask)
{
    if (mask == 0)
        return 0;
    uint32_t most = mask >> __builtin_ctz(mask);
    return (uint8_t)((uint64_t)((pixel & mask) >> __builtin_ctz(mask)) * 255 / most);
}

static void read_indices(const struct dib *dib, const uint8_t *row, uint8_t *samples)
{
    unsigned in_byte = 8 / dib->bits, mask = (1u << dib->bits) - 1;
    for (uint32_t x = 0; x < dib->width; x++) {
        unsigned shift = 8 - dib->bits * (x % in_byte + 1);
        samples[x] = (uint8_t)(row[x / in_byte] >> shift & mask);
    }
}

/* Pixels of 16 or 32 bits through the masks. */
static void read_masked(const struct dib *dib, const uint8_t *row, uint8_t *samples)
{
    size_t size = dib_sample_size(dib->layout);
    for (uint32_t x = 0; x < dib->width; x++, samples += size) {
        uint32_t pixel = dib->bits == 16
                             ? row[x * 2] | (uint32_t)row[x * 2 + 1] << 8
                             : row[x * 4] | (uint32_t)row[x * 4 + 1] << 8 |
                                   (uint32_t)row[x * 4 + 2] << 16 | (uint32_t)row[x * 4 + 3] << 24;
        samples[0] = channel(pixel, dib->masks[2]);
        samples[1] = channel(pixel, dib->masks[1]);
        samples[2] = channel(pixel, dib->masks[0]);
        if (size == 4)
            samples[3] = dib->masks[3] ? channel(pixel, dib->masks[3]) : (uint8_t)(pixel >> 24);
    }
}

static void read_row(const struct dib *dib, const uint8_t *row, uint8_t *samples)
{
    if (dib->layout == DIB_INDEXED)
        read_indices(dib, row, samples);
    else if (dib->bits == 24 || dib->layout == DIB_RGB16)
        memcpy(samples, row, (size_t)dib->width * dib_sample_size(dib->layout));
    else
        read_masked(dib, row, samples);
}

/* Rows as they stand; the last may be cut short. Returns how many were there. */
static uint32_t read_rows(struct dib *dib, struct bytes bits)
{
    size_t length = stride(dib);
    size_t needed = ((size_t)dib->width * dib->bits + 7) / 8;
    AUTO_FREE uint8_t *row = memory_allocate(length, 1);
    for (uint32_t i = 0; i < dib->height; i++) {
        struct bytes given = bytes_slice(bits, i * length, length);
        uint32_t y = dib->top_down ? i : dib->height - 1 - i;
        if (given.length < needed) {
            dib->repaired = true;
            if (!given.length)
                return i;
        }
        memset(row, 0, length);
        if (given.length)
            memcpy(row, given.data, given.length);
        read_row(dib, row, sample_row(dib, y));
    }
    return dib->height;
}

/* Where the next run-length coded pixel goes: x from the left, y from the bottom. */
struct pen {
    const struct dib *dib;
    uint64_t x, y;
};

static void put_index(struct pen *pen, uint8_t index)
{
    if (pen->x < pen->dib->width && pen->y < pen->dib->height)
        sample_row(pen->dib, pen->dib->height - 1 - (uint32_t)pen->y)[pen->x] = index;
    pen->x++;
}

/* count pixels from one byte (a run) or from many (absolute). */
static void put_indices(struct pen *pen, struct bytes values, unsigned count, bool run)
{
    bool nibbles = pen->dib->bits == 4;
    for (unsigned i = 0; i < count; i++) {
        uint8_t value = values.data[run ? 0 : nibbles ? i / 2 : i];
        put_index(pen, !nibbles ? value : i % 2 ? value & 15 : value >> 4);
    }
}

/* [MS-WMF] 3.1.6.4. Returns how many codes were there. */
static size_t read_run_lengths(struct dib *dib, struct bytes bits)
{
    struct cursor cursor = cursor_open(bits);
    struct pen pen = {dib, 0, 0};
    size_t codes = 0;
    for (; cursor_remaining(&cursor) >= 2 && pen.y < dib->height; codes++) {
        unsigned count = cursor_u8(&cursor);
        struct bytes value = cursor_take(&cursor, 1);
        unsigned escape = value.data[0];
        if (count) {
            put_indices(&pen, value, count, true);
        } else if (escape == 0) {
            pen.x = 0;
            pen.y++;
        } else if (escape == 1) {
            return codes + 1;
        } else if (escape == 2) {
            pen.x += cursor_u8(&cursor);
            pen.y += cursor_u8(&cursor);
        } else {
            size_t length = dib->bits == 4 ? (escape + 1) / 2 : escape;
            struct bytes values = cursor_take(&cursor, length);
            if (cursor.failed)
                break;
            put_indices(&pen, values, escape, false);
            if (length % 2 && cursor_remaining(&cursor))
                cursor_skip(&cursor, 1);
        }
    }
    dib->repaired |= pen.y + 1 < dib->height;
    return codes;
}

/* A palette must have an entry for every index that is used. */
static void extend_palette(struct dib *dib)
{
    size_t count = (size_t)dib->width * dib->height;
    uint8_t largest = 0;
    for (size_t i = 0; i < count; i++)
        largest = dib->samples[i] > largest ? dib->samples[i] : largest;
    if (dib->colors <= largest)
        dib->colors = largest + 1u;
}

int dib_read_pixels(struct job *job, struct bytes bits, struct dib *dib, struct error *error)
{
    if (job_use_pixels(job, dib->width, dib->height, error))
        return -1;
    bool run_length = dib->compression == DIB_RLE8 || dib->compression == DIB_RLE4;
    dib->samples = memory_allocate((size_t)dib->width * dib->height, dib_sample_size(dib->layout));
    size_t got = run_length ? read_run_lengths(dib, bits) : read_rows(dib, bits);
    if (got == 0)
        return error_set(error, "bad_picture", job->path, "DIB");
    if (dib->layout == DIB_INDEXED)
        extend_palette(dib);
    return 0;
}

void dib_free(struct dib *dib)
{
    free(dib->samples);
    *dib = (struct dib){0};
}

void dib_paint(const struct dib *dib, struct raster *raster)
{
    size_t count = (size_t)dib->width * dib->height, size = dib_sample_size(dib->layout);
    const uint8_t *sample = dib->samples;
    uint8_t *pixel = raster->rgba;
    for (size_t i = 0; i < count; i++, sample += size, pixel += 4) {
        const uint8_t *color = sample;
        uint8_t wide[3];
        if (dib->layout == DIB_INDEXED) {
            color = dib->palette + *sample * 3;
        } else if (dib->layout == DIB_RGB16) {
            uint32_t value = sample[0] | (uint32_t)sample[1] << 8;
            for (int k = 0; k < 3; k++)
                wide[k] = channel(value, dib->masks[2 - k]);
            color = wide;
        }
        pixel[0] = color[2];
        pixel[1] = color[1];
        pixel[2] = color[0];
        pixel[3] = dib->has_alpha ? sample[3] : 0xFF;
    }
}
