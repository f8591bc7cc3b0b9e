/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small questions about Japanese text that several steps of the compiler ask. */
#ifndef POLICY_JAPANESE_H
#define POLICY_JAPANESE_H

#include "base/buffer.h"

/* Blanks of either width and tabs. */
bool japanese_is_blank(uint32_t point);

/* The text without blanks at its ends. */
struct bytes japanese_trim(struct bytes text);

/* Appends text without any blanks, with full-width letters, digits and signs in ASCII, and with
 * half-width kana in full width. */
void japanese_append_squeezed(struct buffer *out, struct bytes text);

/* Columns: 1 for ASCII and half-width kana, 2 for the rest. */
unsigned japanese_width(struct bytes text);

/* The last code point of text, 0 when it is empty. */
uint32_t japanese_last(struct bytes text);

/*
 * Reads a date such as 令和8年4月1日, 平成 16 年 3 月, 2026年4月 anywhere at or after start, digits
 * of either width, 元年 too. Appends "2026-04-01", or "2026-04" without a day, to iso. Offset
 * behind it, or SIZE_MAX.
 */
size_t japanese_read_date(struct bytes text, size_t start, struct buffer *iso);

/* Joins two pieces of a broken line: a blank between them only when both sides are ASCII words. */
bool japanese_needs_blank(uint32_t before, uint32_t after);

#endif
