/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text as it is compared: without blanks, in one width, and with one spelling where Japanese has
 * several (サーバー and サーバ, 持出し and 持ち出し) or several names for one thing. */
#ifndef POLICY_PLAIN_H
#define POLICY_PLAIN_H

#include "base/buffer.h"

/* Appends text squeezed and with the variants of data/policy/words.tsv replaced, the longest first.
 */
void plain_append(struct buffer *out, struct bytes text);

/* The first three bytes of text as one number; tables of words are looked up by it. */
uint32_t plain_start(const uint8_t *text);

/* Index of the first of `count` sorted numbers that is not below start. */
size_t plain_first(const uint32_t *starts, size_t count, uint32_t start);

#endif
