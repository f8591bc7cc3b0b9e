/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes that grow by doubling. */
#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

enum {
    FIRST_CAPACITY = 256,
    FORMATTED = 64,   /* bytes that most formatted texts fit into */
    MOST_DIGITS = 20, /* of 64 bits */
};

void buffer_reserve(struct buffer *buffer, size_t extra)
{
    if (extra <= buffer->capacity - buffer->length)
        return;
    if (extra > SIZE_MAX / 2 - buffer->length)
        memory_exhausted();
    size_t capacity = buffer->capacity ? buffer->capacity : FIRST_CAPACITY;
    while (capacity < buffer->length + extra)
        capacity *= 2;
    buffer->data = memory_resize(buffer->data, capacity, 1);
    buffer->capacity = capacity;
}

void buffer_append(struct buffer *buffer, const void *data, size_t length)
{
    if (!length)
        return;
    buffer_reserve(buffer, length);
    memcpy(buffer->data + buffer->length, data, length);
    buffer->length += length;
}

void buffer_append_byte(struct buffer *buffer, uint8_t byte)
{
    buffer_reserve(buffer, 1);
    buffer->data[buffer->length++] = byte;
}

void buffer_append_string(struct buffer *buffer, const char *string)
{
    buffer_append(buffer, string, strlen(string));
}

void buffer_append_bytes(struct buffer *buffer, struct bytes bytes)
{
    buffer_append(buffer, bytes.data, bytes.length);
}

void buffer_append_decimal(struct buffer *buffer, int64_t number, unsigned digits)
{
    char text[MOST_DIGITS];
    size_t at = sizeof text;
    uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do {
        text[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (number < 0)
        buffer_append_byte(buffer, '-');
    for (size_t written = sizeof text - at; written < digits; written++)
        buffer_append_byte(buffer, '0');
    buffer_append(buffer, text + at, sizeof text - at);
}

void buffer_append_format(struct buffer *buffer, const char *format, ...)
{
    va_list arguments, again;
    buffer_reserve(buffer, FORMATTED);
    size_t room = buffer->capacity - buffer->length;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf((char *)buffer->data + buffer->length, room, format, arguments);
    va_end(arguments);
    if (length < 0)
        memory_exhausted();
    if ((size_t)length >= room) {
        buffer_reserve(buffer, (size_t)length + 1);
        vsnprintf((char *)buffer->data + buffer->length, (size_t)length + 1, format, again);
    }
    va_end(again);
    buffer->length += (size_t)length;
}

static void append_little_endian(struct buffer *buffer, uint64_t value, unsigned width)
{
    for (unsigned i = 0; i < width; i++)
        buffer_append_byte(buffer, (uint8_t)(value >> (8 * i)));
}

static void append_big_endian(struct buffer *buffer, uint64_t value, unsigned width)
{
    for (unsigned i = width; i-- > 0;)
        buffer_append_byte(buffer, (uint8_t)(value >> (8 * i)));
}

void buffer_append_u16le(struct buffer *buffer, uint16_t value)
{
    append_little_endian(buffer, value, 2);
}

void buffer_append_u32le(struct buffer *buffer, uint32_t value)
{
    append_little_endian(buffer, value, 4);
}

void buffer_append_u64le(struct buffer *buffer, uint64_t value)
{
    append_little_endian(buffer, value, 8);
}

void buffer_append_u16be(struct buffer *buffer, uint16_t value)
{
    append_big_endian(buffer, value, 2);
}

void buffer_append_u32be(struct buffer *buffer, uint32_t value)
{
    append_big_endian(buffer, value, 4);
}

void buffer_append_u64be(struct buffer *buffer, uint64_t value)
{
    append_big_endian(buffer, value, 8);
}

const char *buffer_string(struct buffer *buffer)
{
    buffer_reserve(buffer, 1);
    buffer->data[buffer->length] = '\0';
    return (const char *)buffer->data;
}

void buffer_free(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}
