/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The general filters of streams, decoding; and Flate, encoding. */
#include "disarm/format/pdf_filter.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/cursor.h"
#include "base/memory.h"
#include "disarm/format/pdf_token.h"

enum { DEFLATE_LEVEL = 6 };

/* Where decoded bytes go, with the limit on them. */
struct sink {
    struct buffer *out;
    size_t end; /* length that out may reach */
};

static bool put(struct sink *sink, uint8_t byte)
{
    if (sink->out->length >= sink->end)
        return false;
    buffer_append_byte(sink->out, byte);
    return true;
}

static int decode_hexadecimal(struct bytes data, struct sink *sink)
{
    int high = -1;
    for (size_t i = 0; i < data.length && data.data[i] != '>'; i++) {
        int digit = pdf_hexadecimal(data.data[i]);
        if (digit < 0)
            continue;
        if (high < 0) {
            high = digit;
        } else {
            if (!put(sink, (uint8_t)(high * 16 + digit)))
                return -1;
            high = -1;
        }
    }
    return high < 0 || put(sink, (uint8_t)(high * 16)) ? 0 : -1;
}

static int decode_ascii85(struct bytes data, struct sink *sink)
{
    uint32_t group = 0;
    int count = 0;
    for (size_t i = 0; i < data.length && data.data[i] != '~'; i++) {
        uint8_t c = data.data[i];
        if (c == 'z' && !count) {
            for (int k = 0; k < 4; k++) {
                if (!put(sink, 0))
                    return -1;
            }
        }
        if (c < '!' || c > 'u')
            continue;
        group = group * 85 + (c - '!');
        if (++count < 5)
            continue;
        for (int k = 24; k >= 0; k -= 8) {
            if (!put(sink, (uint8_t)(group >> k)))
                return -1;
        }
        group = 0;
        count = 0;
    }
    for (int k = count; k > 0 && k < 5; k++)
        group = group * 85 + 84;
    for (int k = 1; k < count; k++) {
        if (!put(sink, (uint8_t)(group >> (32 - 8 * k))))
            return -1;
    }
    return 0;
}

static int decode_run_length(struct bytes data, struct sink *sink)
{
    struct cursor cursor = cursor_open(data);
    for (;;) {
        uint8_t length = cursor_u8(&cursor);
        if (cursor.failed || length == 128)
            return 0;
        if (length < 128) {
            size_t left = cursor_remaining(&cursor);
            struct bytes run = cursor_take(&cursor, length + 1u < left ? length + 1u : left);
            for (size_t i = 0; i < run.length; i++) {
                if (!put(sink, run.data[i]))
                    return -1;
            }
            continue;
        }
        uint8_t byte = cursor_u8(&cursor);
        for (int i = 0; i < 257 - length && !cursor.failed; i++) {
            if (!put(sink, byte))
                return -1;
        }
    }
}

enum { LZW_CODES = 4096, LZW_CLEAR = 256, LZW_END = 257 };

struct lzw {
    uint16_t previous[LZW_CODES];
    uint8_t last[LZW_CODES];
    uint16_t length[LZW_CODES];
    unsigned next;
};

/* Writes the bytes of a code; returns its first byte, or -1 above the limit. */
static int put_code(const struct lzw *lzw, unsigned code, struct sink *sink)
{
    size_t length = lzw->length[code];
    if (sink->end - sink->out->length < length)
        return -1;
    buffer_reserve(sink->out, length);
    uint8_t *to = sink->out->data + sink->out->length;
    for (size_t i = length; i-- > 0; code = lzw->previous[code])
        to[i] = lzw->last[code];
    sink->out->length += length;
    return to[0];
}

static int decode_lzw(struct bytes data, bool early, struct sink *sink)
{
    struct lzw *lzw = memory_allocate(1, sizeof *lzw);
    for (unsigned i = 0; i < 256; i++) {
        lzw->last[i] = (uint8_t)i;
        lzw->length[i] = 1;
    }
    lzw->next = 258;
    uint32_t bits = 0;
    int have = 0, width = 9, previous = -1, result = 0;
    for (size_t at = 0; at < data.length;) {
        for (; have < width && at < data.length; have += 8)
            bits = bits << 8 | data.data[at++];
        if (have < width)
            break;
        unsigned code = bits >> (have - width) & ((1u << width) - 1);
        have -= width;
        if (code == LZW_END)
            break;
        if (code == LZW_CLEAR) {
            lzw->next = 258;
            width = 9;
            previous = -1;
            continue;
        }
        if (code > lzw->next || (code == lzw->next && (previous < 0 || code >= LZW_CODES)))
            break;
        if (previous >= 0 && lzw->next < LZW_CODES) {
            unsigned entry = lzw->next++;
            lzw->previous[entry] = (uint16_t)previous;
            lzw->length[entry] = (uint16_t)(lzw->length[previous] + 1);
            unsigned walk = code == entry ? (unsigned)previous : code;
            while (lzw->length[walk] > 1)
                walk = lzw->previous[walk];
            lzw->last[entry] = lzw->last[walk];
        } else if (code >= lzw->next) {
            break;
        }
        if (put_code(lzw, code, sink) < 0) {
            result = -1;
            break;
        }
        previous = (int)code;
        unsigned size = lzw->next + (early ? 1 : 0);
        width = size >= 2048 ? 12 : size >= 1024 ? 11 : size >= 512 ? 10 : 9;
    }
    free(lzw);
    return result;
}

/* Inflates with the given window bits; 0 done or damaged, -1 above the limit. */
static int inflate_into(struct bytes data, int window, struct sink *sink)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)data.data, .avail_in = (uInt)data.length};
    if (data.length > UINT32_MAX || inflateInit2(&stream, window) != Z_OK)
        return 0;
    int status = Z_OK, result = 0;
    while (status == Z_OK) {
        size_t room = sink->end - sink->out->length;
        if (!room) {
            result = -1;
            break;
        }
        size_t chunk = sink->out->length < 65536 ? 65536 : sink->out->length;
        chunk = chunk < 1 << 24 ? chunk : 1 << 24;
        buffer_reserve(sink->out, chunk);
        stream.next_out = sink->out->data + sink->out->length;
        stream.avail_out = (uInt)(chunk < room ? chunk : room);
        uInt before = stream.avail_out;
        status = inflate(&stream, Z_NO_FLUSH);
        sink->out->length += before - stream.avail_out;
        if (status == Z_BUF_ERROR || (before == stream.avail_out && !stream.avail_in))
            break;
    }
    inflateEnd(&stream);
    return result;
}

static int decode_flate(struct bytes data, struct sink *sink)
{
    while (data.length && pdf_is_space(data.data[0]) && data.data[0])
        data = bytes_slice(data, 1, data.length); /* line ends before the data */
    size_t start = sink->out->length;
    if (inflate_into(data, MAX_WBITS, sink))
        return -1;
    if (sink->out->length > start || data.length < 3)
        return 0;
    return inflate_into(bytes_slice(data, 2, data.length), -MAX_WBITS, sink); /* a bad header */
}

static uint8_t paeth(uint8_t left, uint8_t up, uint8_t corner)
{
    int estimate = left + up - corner;
    int a = abs(estimate - left), b = abs(estimate - up), c = abs(estimate - corner);
    return a <= b && a <= c ? left : b <= c ? up : corner;
}

/* PNG predictors (PNG, 9.2), rows in place: the decoded rows move to the front. */
static size_t undo_png(uint8_t *data, size_t length, size_t row_bytes, size_t pixel_bytes)
{
    uint8_t *previous = NULL, *to = data;
    for (size_t at = 0; at < length; at += row_bytes + 1) {
        uint8_t filter = data[at];
        size_t count = length - at - 1 < row_bytes ? length - at - 1 : row_bytes;
        memmove(to, data + at + 1, count);
        for (size_t i = 0; i < count; i++) {
            uint8_t left = i >= pixel_bytes ? to[i - pixel_bytes] : 0;
            uint8_t up = previous ? previous[i] : 0;
            uint8_t corner = previous && i >= pixel_bytes ? previous[i - pixel_bytes] : 0;
            uint8_t add = filter == 1   ? left
                          : filter == 2 ? up
                          : filter == 3 ? (uint8_t)((left + up) / 2)
                          : filter == 4 ? paeth(left, up, corner)
                                        : 0;
            to[i] = (uint8_t)(to[i] + add);
        }
        previous = to;
        to += count;
    }
    return (size_t)(to - data);
}

/* TIFF predictor 2: horizontal differences of components of any of the widths that PDF has. */
static void undo_tiff(uint8_t *data, size_t length, size_t row_bytes, unsigned colors,
                      unsigned bits)
{
    for (size_t at = 0; at + row_bytes <= length; at += row_bytes) {
        uint8_t *row = data + at;
        if (bits == 8) {
            for (size_t i = colors; i < row_bytes; i++)
                row[i] = (uint8_t)(row[i] + row[i - colors]);
        } else if (bits == 16) {
            for (size_t i = 2 * colors; i + 1 < row_bytes; i += 2) {
                unsigned sum = (row[i] << 8 | row[i + 1]) +
                               (row[i - 2 * colors] << 8 | row[i - 2 * colors + 1]);
                row[i] = (uint8_t)(sum >> 8);
                row[i + 1] = (uint8_t)sum;
            }
        } else {
            unsigned mask = (1u << bits) - 1;
            size_t samples = row_bytes * 8 / bits;
            for (size_t i = colors; i < samples; i++) {
                size_t bit = i * bits, from = (i - colors) * bits;
                unsigned old = row[from / 8] >> (8 - bits - from % 8) & mask;
                unsigned shift = (unsigned)(8 - bits - bit % 8);
                unsigned sum = ((row[bit / 8] >> shift) + old) & mask;
                row[bit / 8] = (uint8_t)((row[bit / 8] & ~(mask << shift)) | sum << shift);
            }
        }
    }
}

static void undo_predictor(const struct pdf_value *values, struct buffer *out, size_t start)
{
    int64_t predictor = pdf_value_integer(pdf_value_get(values, "Predictor"), 1);
    int64_t colors = pdf_value_integer(pdf_value_get(values, "Colors"), 1);
    int64_t bits = pdf_value_integer(pdf_value_get(values, "BitsPerComponent"), 8);
    int64_t columns = pdf_value_integer(pdf_value_get(values, "Columns"), 1);
    bool sane = colors >= 1 && colors <= 64 && columns >= 1 && columns <= 1 << 24 &&
                (bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16);
    if (predictor < 2 || !sane)
        return;
    size_t row_bytes = (size_t)((colors * bits * columns + 7) / 8);
    size_t pixel_bytes = (size_t)((colors * bits + 7) / 8);
    if (predictor == 2)
        undo_tiff(out->data + start, out->length - start, row_bytes, (unsigned)colors,
                  (unsigned)bits);
    else if (predictor >= 10)
        out->length =
            start + undo_png(out->data + start, out->length - start, row_bytes, pixel_bytes);
}

enum filter_kind { NOT_GENERAL, HEXADECIMAL, ASCII85, LZW, FLATE, RUN_LENGTH, CRYPT };

static enum filter_kind kind_of(struct bytes name)
{
    static const struct {
        const char *name;
        enum filter_kind kind;
    } table[] = {
        {"FlateDecode", FLATE},
        {"Fl", FLATE},
        {"ASCII85Decode", ASCII85},
        {"A85", ASCII85},
        {"ASCIIHexDecode", HEXADECIMAL},
        {"AHx", HEXADECIMAL},
        {"LZWDecode", LZW},
        {"LZW", LZW},
        {"RunLengthDecode", RUN_LENGTH},
        {"RL", RUN_LENGTH},
        {"Crypt", CRYPT},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (bytes_equal_string(name, table[i].name))
            return table[i].kind;
    }
    return NOT_GENERAL;
}

bool pdf_filter_is_general(struct bytes name)
{
    return kind_of(name) != NOT_GENERAL;
}

int pdf_filter_decode(const struct pdf_filter *filter, struct bytes data, uint64_t limit,
                      struct buffer *out)
{
    size_t start = out->length;
    struct sink sink = {out, limit < SIZE_MAX - start ? start + (size_t)limit : SIZE_MAX};
    enum filter_kind kind = kind_of(filter->name);
    int result = 0;
    switch (kind) {
    case HEXADECIMAL:
        result = decode_hexadecimal(data, &sink);
        break;
    case ASCII85:
        result = decode_ascii85(data, &sink);
        break;
    case RUN_LENGTH:
        result = decode_run_length(data, &sink);
        break;
    case LZW:
        result = decode_lzw(
            data, pdf_value_integer(pdf_value_get(filter->values, "EarlyChange"), 1) != 0, &sink);
        break;
    case FLATE:
        result = decode_flate(data, &sink);
        break;
    default: /* Crypt: qpdf has decrypted */
        buffer_append_bytes(out, data);
    }
    if (!result && (kind == LZW || kind == FLATE))
        undo_predictor(filter->values, out, start);
    return result;
}

void pdf_filter_deflate(struct bytes data, struct buffer *out)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(DEFLATE_LEVEL);
    if (!compressor)
        memory_exhausted();
    size_t bound = libdeflate_zlib_compress_bound(compressor, data.length);
    buffer_reserve(out, bound);
    out->length += libdeflate_zlib_compress(compressor, data.data ? (const void *)data.data : "",
                                            data.length, out->data + out->length, bound);
    libdeflate_free_compressor(compressor);
}

void pdf_filter_predict(struct bytes data, size_t row_bytes, size_t pixel_bytes, struct buffer *out)
{
    for (size_t at = 0; at + row_bytes <= data.length; at += row_bytes) {
        const uint8_t *row = data.data + at, *up = at ? row - row_bytes : NULL;
        uint64_t cost_left = 0, cost_up = 0;
        for (size_t i = 0; i < row_bytes; i++) {
            uint8_t left = i >= pixel_bytes ? row[i - pixel_bytes] : 0;
            cost_left += (uint64_t)abs((int8_t)(row[i] - left));
            cost_up += (uint64_t)abs((int8_t)(row[i] - (up ? up[i] : 0)));
        }
        bool use_up = cost_up <= cost_left;
        buffer_append_byte(out, use_up ? 2 : 1);
        buffer_reserve(out, row_bytes);
        uint8_t *to = out->data + out->length;
        for (size_t i = 0; i < row_bytes; i++) {
            uint8_t left = i >= pixel_bytes ? row[i - pixel_bytes] : 0;
            to[i] = (uint8_t)(row[i] - (use_up ? (up ? up[i] : 0) : left));
        }
        out->length += row_bytes;
    }
}
