/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UTF-8 (RFC 3629), decoded strictly: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/buffer.h"

#define UTF8_REPLACEMENT 0xFFFDu

/*
 * Length in bytes of the well-formed character at the start of text, with its code point in *point;
 * 0 when the first byte does not start one (text must not be empty).
 */
size_t utf8_decode(struct bytes text, uint32_t *point);

/*
 * The character at offset *at, which must be inside text, and moves *at behind it. A byte that is
 * not part of a well-formed character is U+FFFD by itself.
 */
uint32_t utf8_take(struct bytes text, size_t *at);

/* Appends one code point; a surrogate or a value above U+10FFFF becomes U+FFFD. */
void utf8_append(struct buffer *out, uint32_t point);

/* True when the whole view is well formed. */
bool utf8_valid(struct bytes text);

/* True for NULL, and for a string of nothing but blanks, tabs and line ends. */
bool utf8_is_blank(const char *text);

/* Appends text with every byte that is not part of a well-formed character replaced by U+FFFD. */
void utf8_append_clean(struct buffer *out, struct bytes text);

/* Copies a string into size bytes, cut at a character when it is too long; always ends in NUL. */
void utf8_copy(char *into, size_t size, const char *text);

#endif
