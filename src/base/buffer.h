/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes that grow. A buffer of all zeroes is empty and ready. Appending cannot fail: out of memory
 * ends the process (memory.h). The bytes belong to the buffer until buffer_free.
 */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include "base/bytes.h"

struct buffer {
    uint8_t *data;
    size_t length;   /* bytes in use */
    size_t capacity; /* bytes allocated */
};

/* Makes room for extra more bytes, so that data[length … length + extra) may be written. */
void buffer_reserve(struct buffer *buffer, size_t extra);

/* Appends length bytes, one byte, a C string, or a view. */
void buffer_append(struct buffer *buffer, const void *data, size_t length);
void buffer_append_byte(struct buffer *buffer, uint8_t byte);
void buffer_append_string(struct buffer *buffer, const char *string);
void buffer_append_bytes(struct buffer *buffer, struct bytes bytes);

/* Appends a decimal number, with zeros in front up to so many digits; a fifth of the time of a
 * format. */
void buffer_append_decimal(struct buffer *buffer, int64_t number, unsigned digits);

/* Appends text made by a printf format. */
void buffer_append_format(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Appends an unsigned integer in the named width and byte order. */
void buffer_append_u16le(struct buffer *buffer, uint16_t value);
void buffer_append_u32le(struct buffer *buffer, uint32_t value);
void buffer_append_u64le(struct buffer *buffer, uint64_t value);
void buffer_append_u16be(struct buffer *buffer, uint16_t value);
void buffer_append_u32be(struct buffer *buffer, uint32_t value);
void buffer_append_u64be(struct buffer *buffer, uint64_t value);

/* Puts a NUL behind the bytes (not counted in length) and returns them as a C string. */
const char *buffer_string(struct buffer *buffer);

/* A view of the bytes, valid until the buffer next changes. Its data is never NULL. */
static inline struct bytes buffer_bytes(const struct buffer *buffer)
{
    return (struct bytes){buffer->data ? buffer->data : (const uint8_t *)"", buffer->length};
}

/* Forgets the bytes but keeps the memory. */
static inline void buffer_clear(struct buffer *buffer)
{
    buffer->length = 0;
}

/* Gives the memory back and leaves an empty buffer; a second call does nothing. */
void buffer_free(struct buffer *buffer);

#define AUTO_BUFFER __attribute__((cleanup(buffer_free))) struct buffer

#endif
