/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The check of a bitmap header and the number of its pixel bytes, without a BMP file around it. */
#include "disarm/verify/metafile.h"

#include "base/cursor.h"

struct header {
    uint32_t size, width, height, bits, compression, pixels, colors;
};

static bool read_header(struct bytes info, struct header *header)
{
    struct cursor cursor = cursor_open(info);
    header->size = cursor_u32le(&cursor);
    header->width = cursor_u32le(&cursor);
    header->height = cursor_u32le(&cursor);
    bool sound = cursor_u16le(&cursor) == 1;
    header->bits = cursor_u16le(&cursor);
    header->compression = cursor_u32le(&cursor);
    header->pixels = cursor_u32le(&cursor);
    cursor_skip(&cursor, 8);
    header->colors = cursor_u32le(&cursor);
    sound = cursor_u32le(&cursor) == 0 && sound;
    bool indexed = header->bits == 1 || header->bits == 4 || header->bits == 8;
    bool direct = header->bits == 16 || header->bits == 24 || header->bits == 32;
    return sound && !cursor.failed && (header->size == 40 || header->size == 108) &&
           header->width && header->height && header->width <= INT32_MAX &&
           header->height <= INT32_MAX && (indexed ? header->colors > 0 : direct) &&
           header->colors <= (indexed ? 1u << header->bits : 0);
}

static size_t info_length(const struct header *header)
{
    bool masks = header->size == 40 && header->compression == 3;
    return header->size + (masks ? 12 : 0) + (size_t)header->colors * 4;
}

size_t verify_bitmap_info_length(struct bytes packed)
{
    struct header header;
    return read_header(packed, &header) ? info_length(&header) : 0;
}

bool verify_bitmap(struct bytes info, struct bytes bits, uint64_t pixels_limit)
{
    struct header header;
    if (!read_header(info, &header) || info.length != info_length(&header) ||
        bits.length != header.pixels || header.width > pixels_limit / header.height)
        return false;
    if (header.compression == 1)
        return header.bits == 8 && bits.length >= 2 && bits.data[bits.length - 1] == 1 &&
               bits.data[bits.length - 2] == 0;
    if (header.compression == 3 ? header.bits != 16 && header.bits != 32 : header.compression != 0)
        return false;
    return ((uint64_t)header.width * header.bits + 31) / 32 * 4 * header.height == bits.length;
}
