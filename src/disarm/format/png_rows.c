/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inflates, checks and deflates again the filtered rows of PNG. */
#include "disarm/format/png_rows.h"

#include <libdeflate.h>
#include <zlib.h>

#include "base/memory.h"

#define FILTER_LAST 4

/* Of libdeflate's 12: above it, twice the time saves one or two bytes in a hundred. */
#define LEVEL 6

/* Rows of one pass: all of a plain picture, or one of the seven of Adam7 (§8.1). */
struct pass {
    size_t rows;
    size_t row_bytes; /* without the filter byte */
};

#define ADAM7_PASSES 7

unsigned png_pixel_bits(const struct png_header *header)
{
    static const uint8_t samples[] = {
        [PNG_COLOR_GRAY] = 1,       [PNG_COLOR_RGB] = 3,  [PNG_COLOR_PALETTE] = 1,
        [PNG_COLOR_GRAY_ALPHA] = 2, [PNG_COLOR_RGBA] = 4,
    };
    return (unsigned)samples[header->color] * header->depth;
}

static size_t row_bytes(unsigned bits, size_t width)
{
    return (width * bits + 7) / 8;
}

/* Lays out the passes and returns how many have pixels. */
static unsigned lay_out(const struct png_header *header, uint32_t width, uint32_t height,
                        struct pass passes[ADAM7_PASSES])
{
    static const struct {
        uint8_t x, y, dx, dy;
    } adam7[ADAM7_PASSES] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                             {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
    unsigned bits = png_pixel_bits(header);
    if (!header->interlace) {
        passes[0] = (struct pass){height, row_bytes(bits, width)};
        return 1;
    }
    unsigned count = 0;
    for (unsigned i = 0; i < ADAM7_PASSES; i++) {
        size_t columns = ((size_t)width + adam7[i].dx - 1 - adam7[i].x) / adam7[i].dx;
        size_t rows = ((size_t)height + adam7[i].dy - 1 - adam7[i].y) / adam7[i].dy;
        if (columns && rows)
            passes[count++] = (struct pass){rows, row_bytes(bits, columns)};
    }
    return count;
}

/* Inflates into rows, length bytes at most; returns how many bytes came out. */
static size_t inflate_rows(struct bytes packed, uint8_t *rows, size_t length, bool *whole)
{
    z_stream stream = {0};
    if (inflateInit(&stream) != Z_OK)
        memory_exhausted();
    size_t done = 0, taken = 0;
    int state = Z_OK;
    while (state == Z_OK && done < length) {
        uInt room = (uInt)(length - done < (1u << 30) ? length - done : 1u << 30);
        uInt give = (uInt)(packed.length - taken < (1u << 30) ? packed.length - taken : 1u << 30);
        stream.next_in = (z_const Bytef *)(uintptr_t)(packed.data + taken);
        stream.avail_in = give;
        stream.next_out = rows + done;
        stream.avail_out = room;
        state = inflate(&stream, Z_NO_FLUSH);
        taken += give - stream.avail_in;
        done += room - stream.avail_out;
    }
    inflateEnd(&stream);
    *whole = done == length;
    return done;
}

static uint8_t paeth(uint8_t left, uint8_t above, uint8_t corner)
{
    int estimate = left + above - corner;
    int a = abs(estimate - left), b = abs(estimate - above), c = abs(estimate - corner);
    if (a <= b && a <= c)
        return left;
    return b <= c ? above : corner;
}

/* Undoes the filter of one row of one-byte pixels (§9.2); above is the row before it, unfiltered.
 */
static void unfilter(uint8_t filter, uint8_t *row, const uint8_t *above, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        uint8_t left = i ? row[i - 1] : 0;
        uint8_t corner = i ? above[i - 1] : 0;
        switch (filter) {
        case 1:
            row[i] = (uint8_t)(row[i] + left);
            break;
        case 2:
            row[i] = (uint8_t)(row[i] + above[i]);
            break;
        case 3:
            row[i] = (uint8_t)(row[i] + (left + above[i]) / 2);
            break;
        case 4:
            row[i] = (uint8_t)(row[i] + paeth(left, above[i], corner));
            break;
        default:
            return;
        }
    }
}

/* The largest index in one row of packed indices. */
static unsigned row_largest(const uint8_t *row, size_t length, unsigned depth)
{
    unsigned largest = 0, mask = (1u << depth) - 1;
    for (size_t i = 0; i < length; i++) {
        for (unsigned shift = 0; shift < 8; shift += depth) {
            unsigned index = row[i] >> shift & mask;
            largest = index > largest ? index : largest;
        }
    }
    return largest;
}

/* The largest palette index of a whole picture. */
static unsigned find_largest(const struct pass *passes, unsigned count, const uint8_t *rows,
                             unsigned depth)
{
    unsigned largest = 0;
    for (unsigned i = 0; i < count; i++) {
        size_t length = passes[i].row_bytes;
        AUTO_FREE uint8_t *above = memory_allocate(length, 1);
        AUTO_FREE uint8_t *row = memory_allocate(length, 1);
        for (size_t y = 0; y < passes[i].rows; y++, rows += length + 1) {
            memcpy(row, rows + 1, length);
            unfilter(rows[0], row, above, length);
            unsigned found = row_largest(row, length, depth);
            largest = found > largest ? found : largest;
            uint8_t *swap = above;
            above = row;
            row = swap;
        }
    }
    return largest;
}

/* Offset of the first row that is not whole within got bytes or has no known filter. */
static size_t find_damage(const struct pass *passes, unsigned count, const uint8_t *rows,
                          size_t got)
{
    size_t at = 0;
    for (unsigned i = 0; i < count; i++) {
        for (size_t y = 0; y < passes[i].rows; y++, at += passes[i].row_bytes + 1) {
            if (got - at < passes[i].row_bytes + 1 || rows[at] > FILTER_LAST)
                return at;
        }
    }
    return at;
}

void png_rows_deflate(struct bytes rows, struct buffer *out)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(LEVEL);
    if (!compressor)
        memory_exhausted();
    size_t bound = libdeflate_zlib_compress_bound(compressor, rows.length);
    buffer_reserve(out, bound);
    out->length += libdeflate_zlib_compress(compressor, rows.data, rows.length,
                                            out->data + out->length, bound);
    libdeflate_free_compressor(compressor);
}

int png_rows_rebuild(const struct png_header *header, uint32_t width, uint32_t height,
                     struct bytes packed, struct png_rows_account *account, struct buffer *out,
                     const char *where, struct error *error)
{
    struct pass passes[ADAM7_PASSES];
    unsigned count = lay_out(header, width, height, passes);
    size_t length = 0;
    for (unsigned i = 0; i < count; i++)
        length += passes[i].rows * (passes[i].row_bytes + 1);
    AUTO_FREE uint8_t *rows = memory_allocate(length, 1);
    bool whole;
    size_t got = inflate_rows(packed, rows, length, &whole);
    size_t good = find_damage(passes, count, rows, got);
    if (good == 0)
        return error_set(error, "bad_picture", where, "IDAT");
    if (good < length) {
        memset(rows + good, 0, length - good);
        account->repaired = true;
    }
    if (header->color == PNG_COLOR_PALETTE) {
        unsigned above = find_largest(passes, count, rows, header->depth) + 1;
        account->index_above = above > account->index_above ? above : account->index_above;
    }
    png_rows_deflate((struct bytes){rows, length}, out);
    return 0;
}
