/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A read position over bytes from outside, with a sticky error.
 *
 * A parser reads straight down and looks at `failed` once at the end: after the first read past the
 * end every further read gives 0 or an empty view and changes nothing.
 */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include "base/bytes.h"

struct cursor {
    struct bytes bytes; /* borrowed */
    size_t position;    /* bytes read so far, never above bytes.length */
    bool failed;        /* a read went past the end, or the parser called cursor_fail */
};

/* A cursor at the start of bytes, which must outlive it. */
static inline struct cursor cursor_open(struct bytes bytes)
{
    return (struct cursor){bytes, 0, false};
}

/* Bytes not yet read; 0 once failed. */
static inline size_t cursor_remaining(const struct cursor *cursor)
{
    return cursor->failed ? 0 : cursor->bytes.length - cursor->position;
}

/* True when everything was read and nothing failed: trailing bytes are an error for the caller. */
static inline bool cursor_at_end(const struct cursor *cursor)
{
    return !cursor->failed && cursor->position == cursor->bytes.length;
}

/* Marks the cursor failed, for a value that the parser refuses. */
static inline void cursor_fail(struct cursor *cursor)
{
    cursor->failed = true;
}

/* The next length bytes as a view, or an empty view and failure. */
struct bytes cursor_take(struct cursor *cursor, size_t length);

/* Everything that is left, as a view. */
struct bytes cursor_take_rest(struct cursor *cursor);

/* Moves on by length bytes. */
void cursor_skip(struct cursor *cursor, size_t length);

/* Moves to an absolute position, which may be behind; failure when it is past the end. */
void cursor_seek(struct cursor *cursor, size_t position);

/* The next unsigned integer of the named width and byte order, or 0 and failure. */
uint8_t cursor_u8(struct cursor *cursor);
uint16_t cursor_u16le(struct cursor *cursor);
uint32_t cursor_u32le(struct cursor *cursor);
uint64_t cursor_u64le(struct cursor *cursor);
uint16_t cursor_u16be(struct cursor *cursor);
uint32_t cursor_u32be(struct cursor *cursor);
uint64_t cursor_u64be(struct cursor *cursor);

/* The line up to the next LF (taken, not returned; a CR before it is not returned either), or the
 * rest. */
struct bytes cursor_line(struct cursor *cursor);

#endif
