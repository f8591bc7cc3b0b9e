/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The second reader of TIFF 6.0: little-endian, every directory with nothing but listed tags in
 * order, and every byte of the file part of exactly one header, directory, value or strip.
 */
#include <zlib.h>

#include "base/buffer.h"
#include "base/cursor.h"
#include "base/memory.h"
#include "disarm/verify/picture.h"

#define PAGES_LIMIT 100000

enum {
    TAG_WIDTH = 256,
    TAG_LENGTH = 257,
    TAG_BITS = 258,
    TAG_COMPRESSION = 259,
    TAG_PHOTOMETRIC = 262,
    TAG_STRIP_OFFSETS = 273,
    TAG_SAMPLES = 277,
    TAG_ROWS = 278,
    TAG_STRIP_COUNTS = 279,
    TAG_PLANAR = 284,
    TAG_TILE_OFFSETS = 324,
    TAG_TILE_COUNTS = 325,
    TAG_PROFILE = 34675,
};

enum { SHORT = 3, LONG = 4, RATIONAL = 5, UNDEFINED = 7 };

/* What may stand in a directory: tag, types, most values. Sorted by tag. */
static const struct rule {
    uint16_t tag;
    uint8_t type, other_type;
    uint32_t most;
} rules[] = {
    {TAG_WIDTH, SHORT, LONG, 1},
    {TAG_LENGTH, SHORT, LONG, 1},
    {TAG_BITS, SHORT, SHORT, 8},
    {TAG_COMPRESSION, SHORT, SHORT, 1},
    {TAG_PHOTOMETRIC, SHORT, SHORT, 1},
    {TAG_STRIP_OFFSETS, SHORT, LONG, UINT32_MAX},
    {274, SHORT, SHORT, 1}, /* Orientation */
    {TAG_SAMPLES, SHORT, SHORT, 1},
    {TAG_ROWS, SHORT, LONG, 1},
    {TAG_STRIP_COUNTS, SHORT, LONG, UINT32_MAX},
    {282, RATIONAL, RATIONAL, 1}, /* XResolution */
    {283, RATIONAL, RATIONAL, 1}, /* YResolution */
    {TAG_PLANAR, SHORT, SHORT, 1},
    {296, SHORT, SHORT, 1},      /* ResolutionUnit */
    {317, SHORT, SHORT, 1},      /* Predictor */
    {320, SHORT, SHORT, 196608}, /* ColorMap */
    {322, SHORT, LONG, 1},       /* TileWidth */
    {323, SHORT, LONG, 1},       /* TileLength */
    {TAG_TILE_OFFSETS, SHORT, LONG, UINT32_MAX},
    {TAG_TILE_COUNTS, SHORT, LONG, UINT32_MAX},
    {338, SHORT, SHORT, 8}, /* ExtraSamples */
    {339, SHORT, SHORT, 8}, /* SampleFormat */
    {530, SHORT, SHORT, 2}, /* YCbCrSubSampling */
    {TAG_PROFILE, UNDEFINED, UNDEFINED, UINT32_MAX},
};

struct span {
    size_t start, length;
};

/* A tag's values, wherever they stand. */
struct values {
    struct bytes bytes;
    unsigned type;
    uint32_t count;
};

struct page {
    struct values offsets, counts;
    uint32_t width, length, bits, compression, samples, rows, planar;
    bool tiled;
};

struct reader {
    struct bytes file;
    struct span *spans;
    size_t span_count, span_capacity;
};

static void add_span(struct reader *reader, size_t start, size_t length)
{
    if (reader->span_count == reader->span_capacity) {
        reader->span_capacity = reader->span_capacity ? reader->span_capacity * 2 : 64;
        reader->spans = memory_resize(reader->spans, reader->span_capacity, sizeof *reader->spans);
    }
    reader->spans[reader->span_count++] = (struct span){start, length};
}

static uint32_t value_at(const struct values *values, uint32_t index)
{
    struct cursor cursor = cursor_open(values->bytes);
    cursor_seek(&cursor, (size_t)index * (values->type == SHORT ? 2 : 4));
    return values->type == SHORT ? cursor_u16le(&cursor) : cursor_u32le(&cursor);
}

static const struct rule *find_rule(uint16_t tag)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (rules[i].tag == tag)
            return &rules[i];
    }
    return NULL;
}

/* Keeps what the strips are checked with. */
static void note_value(struct page *page, uint16_t tag, const struct values *values)
{
    switch (tag) {
    case TAG_WIDTH:
        page->width = value_at(values, 0);
        break;
    case TAG_LENGTH:
        page->length = value_at(values, 0);
        break;
    case TAG_BITS:
        page->bits = value_at(values, 0);
        break;
    case TAG_COMPRESSION:
        page->compression = value_at(values, 0);
        break;
    case TAG_SAMPLES:
        page->samples = value_at(values, 0);
        break;
    case TAG_ROWS:
        page->rows = value_at(values, 0);
        break;
    case TAG_PLANAR:
        page->planar = value_at(values, 0);
        break;
    case TAG_TILE_OFFSETS:
        page->tiled = true;
        page->offsets = *values;
        break;
    case TAG_STRIP_OFFSETS:
        page->offsets = *values;
        break;
    case TAG_TILE_COUNTS:
    case TAG_STRIP_COUNTS:
        page->counts = *values;
        break;
    default:
        break;
    }
}

/* One entry of 12 bytes; its values may stand elsewhere and then make a span. */
static bool entry_sound(struct reader *reader, struct cursor *entry, uint16_t *last,
                        struct page *page)
{
    static const uint8_t sizes[] = {[SHORT] = 2, [LONG] = 4, [RATIONAL] = 8, [UNDEFINED] = 1};
    uint16_t tag = cursor_u16le(entry), type = cursor_u16le(entry);
    struct values values = {.type = type, .count = cursor_u32le(entry)};
    const struct rule *rule = find_rule(tag);
    if (!rule || tag <= *last || (type != rule->type && type != rule->other_type) ||
        !values.count || values.count > rule->most)
        return false;
    *last = tag;
    size_t length = (size_t)values.count * sizes[type];
    if (length <= 4) {
        values.bytes = cursor_take(entry, 4);
    } else {
        size_t offset = cursor_u32le(entry);
        values.bytes = bytes_slice(reader->file, offset, length);
        if (values.bytes.length != length)
            return false;
        add_span(reader, offset, length);
    }
    note_value(page, tag, &values);
    return !entry->failed && (tag != TAG_PROFILE || verify_profile(values.bytes));
}

/* Exactly one zlib stream of the given length. */
static bool deflate_exact(struct bytes packed, size_t length)
{
    AUTO_BUFFER rows = {0};
    buffer_reserve(&rows, length + 1);
    uLongf made = length + 1;
    uLong taken = packed.length;
    return uncompress2(rows.data, &made, packed.data, &taken) == Z_OK && made == length &&
           taken == packed.length;
}

/* LZW of TIFF 6.0 §13: follows the codes and counts the bytes that they give. */
static bool lzw_exact(struct bytes codes, size_t length)
{
    enum { CLEAR = 256, END = 257, FIRST = 258, TABLE = 4096 };
    AUTO_FREE uint32_t *lengths = memory_allocate(TABLE, sizeof *lengths);
    uint32_t next = FIRST, before = 0;
    unsigned width = 9;
    uint64_t bit = 0, seen = 0;
    for (;;) {
        if (bit + width > (uint64_t)codes.length * 8)
            return false;
        uint32_t code = 0;
        for (unsigned i = 0; i < width; i++, bit++)
            code = code << 1 | (codes.data[bit / 8] >> (7 - bit % 8) & 1);
        if (code == END)
            return seen == length && (bit + 7) / 8 == codes.length;
        if (code == CLEAR) {
            next = FIRST;
            width = 9;
            before = 0;
            continue;
        }
        if (before && next < TABLE)
            lengths[next++] = before + 1;
        if (code >= FIRST && code >= next)
            return false;
        before = code < CLEAR ? 1 : lengths[code];
        seen += before;
        if (seen > length)
            return false;
        if (next + 1 >= 1u << width && width < 12)
            width++;
    }
}

/* Bytes that strip number `index` decodes to. */
static size_t strip_length(const struct page *page, uint32_t index)
{
    uint32_t each = (page->length + page->rows - 1) / page->rows;
    uint64_t bits = (uint64_t)page->bits * (page->planar == 2 ? 1 : page->samples);
    uint32_t start = index % each * page->rows;
    uint64_t rows = page->length - start < page->rows ? page->length - start : page->rows;
    return (page->width * bits + 7) / 8 * rows;
}

static bool piece_sound(struct verify_job *job, const struct page *page, uint32_t index,
                        struct bytes piece)
{
    switch (page->compression) {
    case 4: /* CCITT T.6: ends with EOFB, which libtiff wrote */
        return true;
    case 5:
        return lzw_exact(piece, strip_length(page, index));
    case 7:
        return verify_jpeg(job, piece, NULL) == 0;
    case 8:
        return deflate_exact(piece, strip_length(page, index));
    default:
        return false;
    }
}

static bool pieces_sound(struct reader *reader, struct verify_job *job, const struct page *page)
{
    if (!page->width || !page->length || !page->bits || page->bits > 64 ||
        page->width > job->limits->pixels / page->length || !page->offsets.count ||
        page->offsets.count != page->counts.count || (page->tiled && page->compression != 7))
        return false;
    uint32_t planes = page->planar == 2 ? page->samples : 1;
    if (!page->tiled &&
        (!page->rows || page->rows > page->length ||
         (page->length + page->rows - 1) / page->rows * planes != page->offsets.count))
        return false;
    for (uint32_t i = 0; i < page->offsets.count; i++) {
        size_t offset = value_at(&page->offsets, i), length = value_at(&page->counts, i);
        struct bytes piece = bytes_slice(reader->file, offset, length);
        if (!length || piece.length != length || !piece_sound(job, page, i, piece))
            return false;
        add_span(reader, offset, length);
    }
    return true;
}

/* One directory; *next comes back with the place of the one behind it. */
static bool page_sound(struct reader *reader, struct verify_job *job, uint32_t *next)
{
    struct page page = {.bits = 1, .samples = 1, .planar = 1};
    struct cursor cursor = cursor_open(reader->file);
    size_t start = *next;
    uint16_t last = 0;
    cursor_seek(&cursor, start);
    for (unsigned count = cursor_u16le(&cursor); count; count--) {
        struct cursor entry = cursor_open(cursor_take(&cursor, 12));
        if (!entry_sound(reader, &entry, &last, &page))
            return false;
    }
    *next = cursor_u32le(&cursor);
    add_span(reader, start, cursor.position - start);
    return !cursor.failed && pieces_sound(reader, job, &page);
}

static int by_start(const void *left, const void *right)
{
    const struct span *a = left, *b = right;
    return a->start < b->start ? -1 : a->start > b->start;
}

/* The spans cover the file: no overlap, and no gap but one zero byte for alignment. */
static bool spans_cover(const struct reader *reader)
{
    size_t end = 0;
    qsort(reader->spans, reader->span_count, sizeof *reader->spans, by_start);
    for (size_t i = 0; i < reader->span_count; i++) {
        size_t start = reader->spans[i].start;
        if (start == end + 1 && reader->file.data[end] == 0)
            end++;
        if (start != end)
            return false;
        end += reader->spans[i].length;
    }
    return end == reader->file.length;
}

static bool file_sound(struct reader *reader, struct verify_job *job)
{
    struct cursor cursor = cursor_open(reader->file);
    if (cursor_u32le(&cursor) != 0x002A4949)
        return false;
    uint32_t next = cursor_u32le(&cursor);
    add_span(reader, 0, 8);
    if (cursor.failed || !next)
        return false;
    for (unsigned pages = 0; next; pages++) {
        if (pages == PAGES_LIMIT || !page_sound(reader, job, &next))
            return false;
    }
    return spans_cover(reader);
}

int verify_tiff(struct verify_job *job, struct bytes out, struct error *error)
{
    struct reader reader = {.file = out};
    bool sound = file_sound(&reader, job);
    free(reader.spans);
    return sound ? 0 : error_set(error, "verify_picture", "tiff", "(%zu)", reader.span_count);
}
