/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The LZW coding of GIF (GIF89a appendix F), both ways, without the sub-blocks around it. */
#ifndef DISARM_FORMAT_GIF_LZW_H
#define DISARM_FORMAT_GIF_LZW_H

#include "base/buffer.h"

#define GIF_CODE_SIZE_LIMIT 8

/*
 * Decodes codes into at most count indices; returns how many came out. A code that cannot be ends
 * the decoding. code_size: 1 … GIF_CODE_SIZE_LIMIT bits of an index.
 */
size_t gif_lzw_decode(struct bytes codes, unsigned code_size, uint8_t *indices, size_t count);

/* Appends the codes of count indices, each below 2^code_size, code_size 2 … 8. */
void gif_lzw_encode(const uint8_t *indices, size_t count, unsigned code_size, struct buffer *out);

#endif
