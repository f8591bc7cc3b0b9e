/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A view of bytes that somebody else owns, and the C strings that tables are made of. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
    const uint8_t *data; /* may be NULL when length is 0 */
    size_t length;       /* bytes */
};

/* The bytes of a C string, without its final NUL. */
static inline struct bytes bytes_of_string(const char *string)
{
    return (struct bytes){(const uint8_t *)string, strlen(string)};
}

/* True when both views hold the same bytes. */
static inline bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

/* True when the view holds exactly the characters of string. */
static inline bool bytes_equal_string(struct bytes a, const char *string)
{
    return bytes_equal(a, bytes_of_string(string));
}

/* True when the view begins with the characters of prefix. */
static inline bool bytes_start_with(struct bytes a, const char *prefix)
{
    size_t length = strlen(prefix);
    return a.length >= length && memcmp(a.data, prefix, length) == 0;
}

/* The part of a view from offset on, length bytes at most; empty when offset is past the end. */
static inline struct bytes bytes_slice(struct bytes a, size_t offset, size_t length)
{
    if (offset >= a.length)
        return (struct bytes){NULL, 0};
    if (length > a.length - offset)
        length = a.length - offset;
    return (struct bytes){a.data + offset, length};
}

/* Offset of the first occurrence of needle at or after start, or SIZE_MAX. */
static inline size_t bytes_find(struct bytes a, size_t start, const char *needle)
{
    if (start >= a.length)
        return SIZE_MAX;
    const uint8_t *at = memmem(a.data + start, a.length - start, needle, strlen(needle));
    return at ? (size_t)(at - a.data) : SIZE_MAX;
}

#endif
