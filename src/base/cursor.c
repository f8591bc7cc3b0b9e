/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading bytes from outside, with a sticky error. */
#include "base/cursor.h"

struct bytes cursor_take(struct cursor *cursor, size_t length)
{
    if (cursor->failed || length > cursor->bytes.length - cursor->position) {
        cursor->failed = true;
        return (struct bytes){NULL, 0};
    }
    struct bytes taken = {cursor->bytes.data + cursor->position, length};
    cursor->position += length;
    return taken;
}

struct bytes cursor_take_rest(struct cursor *cursor)
{
    return cursor_take(cursor, cursor_remaining(cursor));
}

void cursor_skip(struct cursor *cursor, size_t length)
{
    cursor_take(cursor, length);
}

void cursor_seek(struct cursor *cursor, size_t position)
{
    if (cursor->failed || position > cursor->bytes.length)
        cursor->failed = true;
    else
        cursor->position = position;
}

static uint64_t take_little_endian(struct cursor *cursor, unsigned width)
{
    struct bytes taken = cursor_take(cursor, width);
    uint64_t value = 0;
    for (size_t i = taken.length; i-- > 0;)
        value = value << 8 | taken.data[i];
    return value;
}

static uint64_t take_big_endian(struct cursor *cursor, unsigned width)
{
    struct bytes taken = cursor_take(cursor, width);
    uint64_t value = 0;
    for (size_t i = 0; i < taken.length; i++)
        value = value << 8 | taken.data[i];
    return value;
}

uint8_t cursor_u8(struct cursor *cursor)
{
    return (uint8_t)take_big_endian(cursor, 1);
}

uint16_t cursor_u16le(struct cursor *cursor)
{
    return (uint16_t)take_little_endian(cursor, 2);
}

uint32_t cursor_u32le(struct cursor *cursor)
{
    return (uint32_t)take_little_endian(cursor, 4);
}

uint64_t cursor_u64le(struct cursor *cursor)
{
    return take_little_endian(cursor, 8);
}

uint16_t cursor_u16be(struct cursor *cursor)
{
    return (uint16_t)take_big_endian(cursor, 2);
}

uint32_t cursor_u32be(struct cursor *cursor)
{
    return (uint32_t)take_big_endian(cursor, 4);
}

uint64_t cursor_u64be(struct cursor *cursor)
{
    return take_big_endian(cursor, 8);
}

struct bytes cursor_line(struct cursor *cursor)
{
    size_t left = cursor_remaining(cursor);
    if (!left)
        return (struct bytes){NULL, 0};
    const uint8_t *start = cursor->bytes.data + cursor->position;
    const uint8_t *end = memchr(start, '\n', left);
    struct bytes line = cursor_take(cursor, end ? (size_t)(end - start) + 1 : left);
    if (end)
        line.length--;
    if (end && line.length && line.data[line.length - 1] == '\r')
        line.length--;
    return line;
}
